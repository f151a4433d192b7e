/** Tries every write of one cell, within the limits of its cluster. */

import { at, textOf } from '../../core/json/value.ts';
import { groupKind, groupKindOf, type ObjectKey, partsOf } from '../../core/model/id.ts';
import type { Action, Manifest } from '../../core/model/plan.ts';
import type { CellFacts } from '../../core/plan/cell-plan.ts';
import { manifestOf } from '../../core/plan/manifest.ts';
import { formerIdsOf } from '../cell-facts.ts';
import type { Clients } from '../clients.ts';
import { faultOf } from '../fault-text.ts';
import { builtinKinds } from '../member/builtin-kind.ts';
import { forEach } from '../pool.ts';
import type { Draft } from './draft.ts';
import { type DryRunContext, dryRun, type Outcome } from './dry-run.ts';
import type { Try } from './outlook.ts';
import type { SurveyMember } from './survey-member.ts';

type Write = Extract<Action, { kind: 'create' | 'update' }>;

/** `triesMax`: dry runs of one cell at a time. */
export function attemptWith(clients: Clients, triesMax: number): Try {
  const namespaces = new Map<SurveyMember, Map<string, Promise<boolean>>>();
  const hasNamespace = (member: SurveyMember, name: string, signal: AbortSignal): Promise<boolean> => {
    const known = namespaces.get(member) ?? new Map<string, Promise<boolean>>();
    namespaces.set(member, known);
    const asked = known.get(name) ?? isThere(member, name, signal);
    known.set(name, asked);
    return asked;
  };
  return async (draft, member, signal) => {
    const outcomes = new Map<ObjectKey, Outcome>();
    const { task, facts } = draft;
    if (task.kind === 'remove') return outcomes;
    try {
      const client = clients.actAs(member.session.client, task.cell.repository);
      const missing = await missingNamespaces(draft, (name) => hasNamespace(member, name, signal));
      const context: DryRunContext = {
        member,
        client,
        manager: member.manager,
        owner: facts.owner,
        formerIds: formerIdsOf(task),
        adopt: task.cell.adopt,
        isWantedElsewhere: facts.isWantedElsewhere,
        plannedKind: plannedKinds(draft),
        plannedNamespace: ({ desired }) => missing.get(partsOf(desired.key).namespace),
      };
      await forEach(writesOf(draft), triesMax, async (action) => {
        outcomes.set(action.key, await dryRun(action, context, signal));
      });
    } catch (error) {
      signal.throwIfAborted();
      const fault = faultOf(error);
      for (const { key } of writesOf(draft)) if (!outcomes.has(key)) outcomes.set(key, { kind: 'failed', fault });
    }
    return outcomes;
  };
}

async function isThere(member: SurveyMember, name: string, signal: AbortSignal): Promise<boolean> {
  const ref = { kind: builtinKinds.namespace, namespace: undefined, name };
  return (await member.session.client.get(ref, signal, { isMetadataOnly: true })) !== undefined;
}

/** Namespaces that come with this cell: the server tries nothing in one that is not there. Shape: why, by name. */
async function missingNamespaces(
  { rendering, actions }: Draft,
  hasNamespace: (name: string) => Promise<boolean>,
): Promise<ReadonlyMap<string, string>> {
  const reason = (name: string): readonly [string, string] => [name, `not verified: namespace ${name} is made first`];
  const declared = actions.flatMap((action) =>
    action.kind === 'create' && groupKindOf(action.key) === groupKind('', 'Namespace')
      ? [partsOf(action.key).name]
      : [],
  );
  const made = [];
  for (const name of rendering?.namespaces ?? []) if (!(await hasNamespace(name))) made.push(name);
  return new Map([...declared, ...made].map(reason));
}

/** Kinds that definitions of this cell bring. */
function plannedKinds({ rendering }: Draft): (manifest: Manifest) => string | undefined {
  const defined = new Map(
    (rendering?.objects ?? []).flatMap(({ object }) => {
      if (object.kind !== 'CustomResourceDefinition') return [];
      const [group, kind] = [textOf(at(object, 'spec', 'group')), textOf(at(object, 'spec', 'names', 'kind'))];
      return group === undefined || kind === undefined ? [] : [[groupKind(group, kind), object.metadata.name] as const];
    }),
  );
  return ({ desired }) => {
    const name = defined.get(groupKindOf(desired.key));
    return name === undefined ? undefined : `not verified: its definition ${name} is made first`;
  };
}

/** What would be written, now or when what it waits for is there. */
export function writesOf({ actions, facts }: Pick<Draft, 'actions' | 'facts'>): readonly Write[] {
  return actions.flatMap((action): readonly Write[] => {
    if (action.kind === 'create' || action.kind === 'update') return [action];
    return action.kind === 'wait' ? (laterWrite(action.key, facts) ?? []) : [];
  });
}

/** The write behind a wait. Shape: none for an object that is being deleted: nobody can say how that ends. */
function laterWrite(key: ObjectKey, facts: CellFacts): readonly Write[] | undefined {
  const desired = facts.rendering?.objects.find((each) => each.key === key);
  const live = facts.live.get(key);
  if (desired === undefined || live?.isDeleting) return undefined;
  const handOver = [...desired.released, ...facts.autoscaled(key)];
  const manifest = manifestOf(desired, handOver, facts.owner, facts.seal);
  const owned = facts.inventory.get(key);
  if (live === undefined) return [{ kind: 'create', key, manifest, owned }];
  return [{ kind: 'update', key, cause: 'changed', manifest, live, handOver }];
}
