/** Components for clusters that are not there: a slip in a name, or a label that nobody has. */
import { nearest } from '../dialect/nearest.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { type ClusterMatch, type Fleet, labelOf, matches, namesIn } from '../model/fleet.ts';
import type { AppId } from '../model/id.ts';
import type { Intent, Part } from '../model/intent.ts';
import { selects } from '../model/selector.ts';
import type { Gathered } from './gather.ts';

/** Shape: parts whose place is needed and not there. Until it is, nothing of their App is taken away anywhere. */
export function unplacedParts({ parts }: Intent, fleet: Fleet): readonly Part[] {
  return parts.filter(({ clusters }) => clusters !== undefined && isMissing(clusters, fleet));
}

function isMissing(match: ClusterMatch, fleet: Fleet): boolean {
  return match.kind === 'needed' && ![...fleet.values()].some((cluster) => matches(match, cluster));
}

/** A cluster that is named and not there may be any of them, misspelt. */
function strangersIn({ name, clusters }: Part, fleet: Fleet): readonly string[] {
  if (clusters === undefined || isMissing(clusters, fleet)) return [];
  const stranger = namesIn(clusters).find((each) => !fleet.has(each));
  return stranger === undefined ? [] : [`component ${name} is for ${stranger}, and there is no such cluster`];
}

/** The same for every cell of an intent: looked for once. */
export function unplacedIn(fleet: Fleet): (intent: Intent) => readonly string[] {
  const known = new Map<Intent, readonly string[]>();
  return (intent) => {
    const found = known.get(intent) ?? [
      ...unplacedParts(intent, fleet).map(({ name }) => `there is no cluster for component ${name}`),
      ...intent.parts.flatMap((part) => strangersIn(part, fleet)),
    ];
    known.set(intent, found);
    return found;
  };
}

/** Shape: none while the inventory of clusters cannot be read whole. */
export function unplacedProblems({ intents, fleet, isFleetComplete }: Gathered): readonly Diagnostic[] {
  if (!isFleetComplete) return [];
  return [...intents.values()].flatMap((intent) =>
    intent.isBroken ? [] : unplacedParts(intent, fleet).map((part) => problemOf(part, intent.id, fleet)),
  );
}

function problemOf({ name, origin, clusters }: Part, app: AppId, fleet: Fleet): Diagnostic {
  const unknown = clusters === undefined ? undefined : namesIn(clusters).find((each) => !fleet.has(each));
  const guess = unknown === undefined ? undefined : nearest(unknown, [...fleet.keys()]);
  const message =
    unknown === undefined
      ? `no cluster is left for component ${name} of App ${app}${lackedLabel(clusters, fleet)}`
      : `there is no cluster ${unknown} for component ${name} of App ${app}`;
  const hint =
    guess === undefined
      ? `the clusters are ${[...fleet.keys()].join(', ')}; what runs stays as it is`
      : `did you mean \`${guess}\`? What runs stays as it is`;
  return { code: 'A1219', severity: 'error', origin, message, hint };
}

/** Where one label decides, it is said which. */
function lackedLabel(match: ClusterMatch | undefined, fleet: Fleet): string {
  if (match?.kind === 'needed') return lackedLabel(match.of, fleet);
  if (match?.kind === 'every') return lackedByName(match.of, fleet);
  const [asked, ...others] = match?.kind === 'selector' ? match.selector : [];
  if (asked?.operator !== 'In' || asked.values.length !== 1 || others.length > 0) return '';
  return `: none has the label ${asked.key}=${asked.values.join()}`;
}

/** A cluster that is named, and has not the labels that are asked for beside. */
function lackedByName(all: readonly ClusterMatch[], fleet: Fleet): string {
  const [name] = all.flatMap((each) => (each.kind === 'names' ? each.names : []));
  const cluster = name === undefined ? undefined : fleet.get(name);
  if (cluster === undefined) return '';
  const asked = all.flatMap((each) => (each.kind === 'selector' ? each.selector : []));
  const lacked = asked.find((requirement) => !selects([requirement], cluster.labels));
  if (lacked?.operator !== 'In') return '';
  const has = labelOf(cluster, lacked.key);
  return `: ${name} has ${has === undefined ? 'no such label as' : `the label ${lacked.key}=${has}, not`} ${lacked.key}=${lacked.values.join()}`;
}
