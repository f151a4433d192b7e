/** Turns for clusters: as one for whichever they are, or written out for each that is known. */
import { isObject, type Json, type JsonObject, withFields } from '../../json/value.ts';
import { selects } from '../../model/selector.ts';
import type { ArgoCluster } from '../argocd-placed.ts';
import { selectorIn } from '../argocd-selector.ts';
import { orNone, UnfitError } from '../go-template/syntax.ts';
import { openName, openServer } from '../open-name.ts';
import { fillObject, isOpenTurn, type Making, type Turn } from './turn.ts';

/** Errors: UnfitError. */
export function turnsOfClusters(clusters: JsonObject, template: JsonObject, making: Making): readonly Turn[] {
  const selector = isObject(clusters.selector) ? clusters.selector : {};
  const clusterSelector = withoutTypeLabel(selector);
  if (selectorIn(clusterSelector) === undefined)
    throw new UnfitError('selects clusters by an operator that labels do not have');
  const parameters = { name: openName, nameNormalized: openName, server: openServer };
  const turn: Turn = { parameters, clusters: { clusterSelector }, template };
  if (!isObject(clusters.values)) return [turn];
  const open = orNone(() => withValues(parameters, clusters.values, { ...making, isStrict: true }));
  return [{ ...turn, parameters: open ?? parameters, values: clusters.values }];
}

const withValues = (parameters: JsonObject, values: Json | undefined, making: Making): JsonObject =>
  isObject(values) ? { ...parameters, values: fillObject(values, parameters, making) } : parameters;

/** Every Argo CD cluster has it; a Cluster of the fleet has not. */
function withoutTypeLabel(selector: JsonObject): JsonObject {
  const labels = isObject(selector.matchLabels) ? selector.matchLabels : {};
  const kept = withFields(labels, { 'argocd.argoproj.io/secret-type': undefined });
  return withFields(selector, { matchLabels: Object.keys(kept).length === 0 ? undefined : kept });
}

const wantedIn = ({ clusters }: Turn) =>
  selectorIn(isObject(clusters?.clusterSelector) ? clusters.clusterSelector : {}) ?? [];

/** The clusters that a turn for any of them means today. */
export function clustersOf(turn: Turn, { known }: Making): readonly ArgoCluster[] {
  const wanted = wantedIn(turn);
  return known.filter(
    ({ labels, isUnlisted }) => selects(wanted, labels) && (wanted.length === 0 || isUnlisted !== true),
  );
}

/** Shape: a turn that is for one cluster, or for none by name, is itself. Errors: UnfitError. */
export function spread(turn: Turn, making: Making): readonly Turn[] {
  if (!isOpenTurn(turn)) return [turn];
  return clustersOf(turn, making).map(({ name, title, server, labels, annotations }) => {
    const own = { name: title, nameNormalized: name, server, metadata: { labels, annotations } };
    const parameters = withValues({ ...turn.parameters, ...own }, turn.values, making);
    return { parameters, clusters: { clusterNames: [name] }, template: turn.template };
  });
}
