/** What programs rely on: the JSON of each command, as the contract of the command line says. */
import { z } from 'zod';

export const Diagnostic = z.strictObject({
  code: z.string().regex(/^A1\d{3}$/),
  severity: z.enum(['error', 'warning']),
  path: z.string(),
  line: z.int().min(1),
  column: z.int().min(1),
  message: z.string().min(1),
  hint: z.string().min(1).optional(),
});

const Commit = z.string().regex(/^[0-9a-f]{40}$/);
const Time = z.iso.datetime();
const KubeObject = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
});

export const Cell = z.strictObject({
  app: z.string().regex(/^[^/]+\/[^/]+$/),
  stage: z.string().optional(),
  cluster: z.string(),
  commit: Commit,
  state: z.enum(['Synced', 'OutOfSync', 'Progressing', 'Blocked', 'Contested', 'Failed', 'Unreachable']),
  health: z.enum(['Healthy', 'Progressing', 'Degraded', 'Suspended', 'Missing', 'Unknown']),
  message: z.string().optional(),
  objects: z.strictObject({ desired: z.int(), live: z.int(), failed: z.int() }),
  updatedAt: Time,
});

export const Check = z.strictObject({ diagnostics: z.array(Diagnostic) });

export const Build = z.strictObject({
  clusters: z.record(z.string(), z.array(KubeObject)),
  diagnostics: z.array(Diagnostic),
  placements: z.array(z.strictObject({ app: z.string(), cluster: z.string(), replicas: z.int().optional() })),
});

export const Sandbox = z.strictObject({
  ready: z.literal(true),
  clusters: z.array(z.strictObject({ name: z.string(), server: z.url(), kubeconfig: z.string() })),
});

export const Plan = z.strictObject({
  commit: Commit,
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  cells: z.array(
    z.strictObject({
      app: z.string(),
      cluster: z.string(),
      actions: z.array(
        z.strictObject({
          verb: z.enum(['create', 'update', 'delete', 'release', 'keep', 'refuse']),
          apiVersion: z.string(),
          kind: z.string(),
          namespace: z.string(),
          name: z.string(),
          reason: z.string().optional(),
          paths: z.array(z.string()).optional(),
        }),
      ),
    }),
  ),
});

export const Apply = z.strictObject({ commit: Commit, cells: z.array(Cell) });

export const Status = z.strictObject({
  cells: z.array(Cell),
  stages: z.array(
    z.strictObject({
      app: z.string(),
      stage: z.string(),
      state: z.enum(['complete', 'progressing', 'waiting', 'stopped']),
      reason: z.string().optional(),
      revision: Commit.optional(),
      bypassed: z.string().optional(),
      gates: z.array(
        z.strictObject({
          gate: z.string(),
          result: z.enum(['pass', 'fail', 'pending', 'unknown']),
          text: z.string(),
          bypassed: z.literal(true).optional(),
          at: z.iso.datetime().optional(),
        }),
      ),
    }),
  ),
  clusters: z.array(
    z.strictObject({
      name: z.string(),
      reachable: z.boolean(),
      version: z.string().nullable(),
      lifecycle: z.enum(['Joining', 'Active', 'Cordoned', 'Draining', 'Retired']),
      seenAt: Time.nullable(),
    }),
  ),
});

export const Explain = z.strictObject({
  steps: z.array(
    z.strictObject({ step: z.string(), at: Time.nullable(), result: z.string(), reason: z.string().optional() }),
  ),
});

const SimulatedMoment = z.strictObject({
  clusters: z.array(z.strictObject({ name: z.string(), reachable: z.boolean(), lifecycle: z.string() })),
  cells: z.array(
    z.strictObject({
      app: z.string(),
      cluster: z.string(),
      present: z.boolean(),
      settled: z.boolean(),
      replicas: z.int().optional(),
      ready: z.int().optional(),
      waits: z.string().optional(),
    }),
  ),
});

export const Simulate = z.strictObject({
  before: SimulatedMoment,
  after: SimulatedMoment,
  moves: z.array(
    z.strictObject({
      step: z.int().min(1),
      afterSeconds: z.number(),
      app: z.string(),
      cluster: z.string(),
      kind: z.enum(['arrives', 'changes', 'scales', 'leaves']),
      replicas: z.strictObject({ before: z.int(), after: z.int() }).optional(),
      objects: z.strictObject({ created: z.int(), updated: z.int(), released: z.int(), deleted: z.int() }),
    }),
  ),
  violations: z.array(
    z.strictObject({
      policy: z.string(),
      message: z.string(),
      because: z.string().optional(),
      step: z.int().min(1),
      stepName: z.string().optional(),
      afterSeconds: z.number(),
      path: z.string(),
      line: z.int().min(1),
      column: z.int().min(1),
    }),
  ),
});
