/** ApplicationSets: what their generators make, for clusters by label where that is all the same to them. */
import { mergePatch } from '../../json/merge.ts';
import { formatJson } from '../../json/text.ts';
import { at, isObject, type Json, type JsonObject, textOf, withFields } from '../../json/value.ts';
import type { KubeObject } from '../../model/object.ts';
import type { ArgoCluster, Placed } from '../argocd-placed.ts';
import { orNone, UnfitError } from '../go-template/syntax.ts';
import { nativeName, type Remark } from '../manifest.ts';
import { hasOpen, openServer, shown } from '../open-name.ts';
import { objects, type Surroundings, sourcesIn, subjectOf, text, texts } from '../surroundings.ts';
import { clustersOf, spread } from './clusters.ts';
import { turnsOf } from './generate.ts';
import { fill, fillObject, isOpenTurn, type Making, type Turn } from './turn.ts';

/** Shape: what cannot be expanded becomes a remark, and the rest of its set is brought over. */
export function expandSet(
  set: KubeObject,
  known: readonly ArgoCluster[],
  around: Surroundings,
  remarks: Remark[],
): readonly Placed[] {
  const subject = subjectOf(set);
  const spec = isObject(set.spec) ? set.spec : {};
  const making: Making = {
    known,
    around,
    isGo: spec.goTemplate === true,
    isStrict: texts(spec.goTemplateOptions).includes('missingkey=error'),
    remark: (reason) => void remarks.push({ subject, reason }),
  };
  const template = isObject(spec.template) ? spec.template : {};
  const patch = textOf(spec.templatePatch);
  const setName = nativeName(set.metadata.name);
  const placed = (generator: JsonObject): readonly Placed[] => {
    try {
      return turnsOf(generator, making).flatMap((turn) => {
        const whole = wholeOf(template, turn);
        return (isSame(whole, patch, turn, making) ? [turn] : spread(turn, making)).map((each): Placed => {
          const { name, inner } = applicationOf(whole, patch, each, making);
          return { subject: `${subject} (${shown(name)})`, name, spec: inner, clusters: each.clusters, set: setName };
        });
      });
    } catch (error) {
      if (!(error instanceof UnfitError)) throw error;
      making.remark(error.message);
      return [];
    }
  };
  const told = remarks.length;
  const made = objects(spec.generators).flatMap(placed);
  if (made.length === 0 && remarks.length === told)
    making.remark('makes no Application here: its generators find nothing');
  if (objects(at(spec, 'strategy', 'rollingSync', 'steps')).length > 0 && made.length > 0)
    making.remark('syncs in steps: say them as `stages` of the Placement');
  return made;
}

/** What the generator says in place of the template wins. */
const wholeOf = (template: JsonObject, turn: Turn): JsonObject => {
  const merged = mergePatch(template, turn.template);
  return isObject(merged) ? merged : {};
};

type Made = { readonly name: string; readonly inner: JsonObject };

/** Errors: UnfitError. */
function applicationOf(template: JsonObject, patch: string | undefined, { parameters }: Turn, making: Making): Made {
  const filled = fillObject(template, parameters, making);
  const patched = patch === undefined ? filled : mergePatch(filled, patchOf(patch, parameters, making));
  return {
    name: text(patched, 'metadata', 'name'),
    inner: isObject(patched) && isObject(patched.spec) ? patched.spec : {},
  };
}

function patchOf(patch: string, parameters: JsonObject, making: Making): Json {
  const parsed = making.around.parseYaml(String(fill(patch, parameters, making)));
  if (parsed === undefined) throw new UnfitError('has a `templatePatch` that makes no YAML');
  return parsed;
}

/** Does all but the cluster and its values stay the same whatever the cluster? Then it is one App. */
function isSame(template: JsonObject, patch: string | undefined, turn: Turn, making: Making): boolean {
  if (!isOpenTurn(turn)) return true;
  // Argo CD calls its own cluster by a name of its own.
  if (clustersOf(turn, making).some(({ name, title }) => name !== title)) return false;
  const made = orNone(() => applicationOf(template, patch, turn, { ...making, isStrict: true }));
  if (made === undefined || made.name === '') return false;
  const sources = sourcesIn(made.inner);
  const rest = withFields(made.inner, {
    source: undefined,
    sources: sources.map((source) => withFields(source, { helm: undefined })),
    destination: { namespace: text(made.inner, 'destination', 'namespace') },
  });
  // Only its name can be said of any cluster, and only to Helm.
  return !hasOpen(formatJson(rest)) && !formatJson(sources).includes(openServer);
}
