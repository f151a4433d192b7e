/** The gates of a native stage. */
import type { z } from 'zod';
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import { excerpt } from '../../model/excerpt.ts';
import type { Gate, GateCheck } from '../../model/gate.ts';
import { clusterId } from '../../model/id.ts';
import type { Path } from '../../model/locate.ts';
import type { KubeObject } from '../../model/object.ts';
import { declaredObject } from '../declared-object.ts';
import { type Files, problemsOf } from '../files.ts';
import { originAt, type Placed } from '../placed.ts';
import type { Gate as Schema } from './schema/gate.ts';

type Written = z.output<typeof Schema>;

/** `path`: of the gate in its document. */
export function readGate(written: Written, path: Path, placed: Placed, files: Files): Findings<Gate> {
  const { value: check, diagnostics } = readCheck(written, path, placed, files);
  return { value: { name: written.name, origin: originAt(placed, path), check }, diagnostics };
}

function readCheck(written: Written, path: Path, placed: Placed, files: Files): Findings<GateCheck> {
  const { window, status, prometheus, http, job, approval } = written;
  if (window !== undefined) {
    const { schedule, duration, timeZone } = window;
    return plain({ kind: 'window', window: { schedule, durationMs: duration, timeZone } });
  }
  if (status !== undefined) return plain({ kind: 'status', context: status.context });
  if (prometheus !== undefined) {
    const { url, query, min, max, for: forMs } = prometheus;
    return plain({ kind: 'prometheus', url, query, min, max, forMs });
  }
  if (http !== undefined) return plain({ kind: 'http', ...http });
  if (job === undefined) return plain({ kind: 'approval', notByAuthor: approval?.notByAuthor === true });
  const { value: manifest, diagnostics } = readJob(job.path, [...path, 'job', 'path'], placed, files);
  const cluster = clusterId(job.cluster);
  return { value: { kind: 'job', cluster, path: job.path, manifest, timeoutMs: job.timeout }, diagnostics };
}

const plain = (value: GateCheck): Findings<GateCheck> => ({ value, diagnostics: [] });

function readJob(path: string, at: Path, placed: Placed, files: Files): Findings<KubeObject | undefined> {
  const origin = originAt(placed, at);
  const refused = files.refuse(path, origin);
  if (refused !== undefined) return { value: undefined, diagnostics: [refused] };
  const found = files.under(path);
  const problems = found.flatMap((file) => problemsOf(file, placed.origin.repository));
  const read = found
    .flatMap((file) => files.objectsOf(file))
    .map((object) => declaredObject(object.document.value, object.origin, (inside) => originAt(object, inside)));
  const objects = read.flatMap(({ value }) => (value === undefined ? [] : [value.object]));
  const diagnostics = [...problems, ...read.flatMap((each) => each.diagnostics)];
  const [job, ...others] = objects;
  if (diagnostics.length > 0) return { value: undefined, diagnostics };
  if (job !== undefined && others.length === 0 && job.kind === 'Job' && job.apiVersion === 'batch/v1')
    return { value: job, diagnostics: [] };
  return { value: undefined, diagnostics: [noJob(path, objects, origin)] };
}

function noJob(path: string, objects: readonly KubeObject[], origin: Diagnostic['origin']): Diagnostic {
  const kinds = objects.map(({ kind }) => kind);
  const found = kinds.length === 0 ? 'nothing' : kinds.slice(0, 3).join(', ');
  const message = `there must be one Job of batch/v1 under ${excerpt(path)}, and nothing else: there is ${found}`;
  return { code: 'A1227', severity: 'error', origin, message };
}
