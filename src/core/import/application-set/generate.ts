/** Generators of an ApplicationSet, also those that are made of others. */

import { mergePatch } from '../../json/merge.ts';
import { formatJson } from '../../json/text.ts';
import { isArray, isObject, type Json, type JsonObject, textOf, withFields } from '../../json/value.ts';
import { selects } from '../../model/selector.ts';
import { selectorIn } from '../argocd-selector.ts';
import { orNone, UnfitError } from '../go-template/syntax.ts';
import { hasOpen } from '../open-name.ts';
import { objects, texts, yamlIn } from '../surroundings.ts';
import { spread, turnsOfClusters } from './clusters.ts';
import { turnsOfGit } from './git.ts';
import { fill, isOpenTurn, type Making, parameterAt, type Turn } from './turn.ts';

/** Errors: UnfitError, for what only Argo CD can find out, while it runs. */
export function turnsOf(generator: JsonObject, making: Making): readonly Turn[] {
  const turns = unselected(generator, making);
  if (!isObject(generator.selector)) return turns;
  const wanted = selectorIn(generator.selector);
  if (wanted === undefined) throw new UnfitError('selects by an operator that labels do not have');
  if (wanted.length === 0) return turns;
  return turns
    .flatMap((turn) => spread(turn, making))
    .filter(({ parameters }) => selects(wanted, labelsOf(parameters)));
}

function unselected(generator: JsonObject, making: Making): readonly Turn[] {
  const own = Object.entries(generator).find(([kind]) => kind !== 'selector');
  const [kind = 'none', spec] = own ?? [];
  const inside = isObject(spec) ? spec : {};
  const template = isObject(inside.template) ? inside.template : {};
  switch (kind) {
    case 'list':
      return elementsOf(inside, making).map((parameters) => ({ parameters, clusters: undefined, template }));
    case 'clusters':
      return turnsOfClusters(inside, template, making);
    case 'git':
      return turnsOfGit(inside, template, making);
    case 'matrix':
      return matrixOf(objects(inside.generators), making).map((turn) => under(template, turn));
    case 'merge':
      return mergeOf(inside, making).map((turn) => under(template, turn));
    default:
      throw new UnfitError(`has a generator of kind ${kind}, which asks the world: write the Apps that it makes`);
  }
}

/** What is said further inside wins. */
const under = (template: JsonObject, turn: Turn): Turn => ({
  ...turn,
  template: objectOf(mergePatch(template, turn.template)),
});

const objectOf = (value: Json): JsonObject => (isObject(value) ? value : {});

function elementsOf({ elements, elementsYaml }: JsonObject, { around }: Making): readonly JsonObject[] {
  const written = textOf(elementsYaml);
  if (written === undefined) return objects(elements);
  const parsed = yamlIn(written, around);
  if (!isArray(parsed)) throw new UnfitError('has `elementsYaml` that is no list');
  return objects(parsed);
}

/** Every turn of the first with every turn of the second, which may speak of the first. */
function matrixOf(generators: readonly JsonObject[], making: Making): readonly Turn[] {
  const [first, ...others] = generators;
  if (first === undefined) return [];
  return others.reduce<readonly Turn[]>(
    (turns, next) => turns.flatMap((turn) => joined(turn, next, making)),
    turnsOf(first, making),
  );
}

function joined(turn: Turn, next: JsonObject, making: Making): readonly Turn[] {
  const filled = isOpenTurn(turn)
    ? orNone(() => filledGenerator(next, turn, { ...making, isStrict: true }))
    : filledGenerator(next, turn, making);
  if (filled === undefined || (isOpenTurn(turn) && hasOpen(formatJson(filled))))
    return spread(turn, making).flatMap((each) => joined(each, next, making));
  return turnsOf(filled, making).flatMap((inner) => {
    // One for any cluster is one for any cluster; two of them are pairs.
    const pairs = isOpenTurn(turn) && isOpenTurn(inner) ? spread(inner, making) : [inner];
    return pairs.map((each) => ({
      parameters: objectOf(mergePatch(turn.parameters, each.parameters)),
      clusters: each.clusters ?? turn.clusters,
      ...valuesOf(each, turn),
      template: objectOf(mergePatch(turn.template, each.template)),
    }));
  });
}

/** Those of one that is open yet. */
function valuesOf(...turns: readonly Turn[]): { readonly values?: JsonObject } {
  const values = turns.find((turn) => turn.values !== undefined)?.values;
  return values === undefined ? {} : { values };
}

/** Its templates are for later: only what chooses is filled in. */
function filledGenerator(generator: JsonObject, { parameters }: Turn, making: Making): JsonObject {
  const filled = Object.entries(generator).map(([kind, spec]): [string, Json] => {
    if (!isObject(spec) || kind === 'selector') return [kind, fill(spec, parameters, making)];
    const kept = withFields({}, { template: spec.template, values: spec.values });
    const chooses = fill(withFields(spec, { template: undefined, values: undefined }), parameters, making);
    return [kind, { ...objectOf(chooses), ...kept }];
  });
  return Object.fromEntries(filled);
}

/** The turns of the first generator, with what those of the others say that have the same keys. */
function mergeOf(merge: JsonObject, making: Making): readonly Turn[] {
  const keys = texts(merge.mergeKeys);
  const keyOf = ({ parameters }: Turn): string => formatJson(keys.map((key) => parameterAt(parameters, key) ?? null));
  const [base = [], ...others] = objects(merge.generators).map((generator) =>
    turnsOf(generator, making).flatMap((turn) => spread(turn, making)),
  );
  return base.map((turn) =>
    others.reduce<Turn>((merged, turns) => {
      const same = turns.find((other) => keyOf(other) === keyOf(turn));
      if (same === undefined) return merged;
      return {
        parameters: objectOf(mergePatch(merged.parameters, same.parameters)),
        clusters: merged.clusters ?? same.clusters,
        template: objectOf(mergePatch(merged.template, same.template)),
      };
    }, turn),
  );
}

/** Parameters as labels: `a.b` for what is further inside. */
function labelsOf(parameters: JsonObject): Readonly<Record<string, string>> {
  const found: [string, string][] = [];
  const walk = (value: Json, name: string): void => {
    if (isObject(value))
      for (const [field, inner] of Object.entries(value)) walk(inner, name === '' ? field : `${name}.${field}`);
    else if (!isArray(value)) found.push([name, String(value)]);
  };
  walk(parameters, '');
  return Object.fromEntries(found);
}
