/** Generators that look into a repository: its folders, or what its files say. */
import { isArray, isObject, type Json, type JsonObject } from '../../json/value.ts';
import { isLike } from '../glob.ts';
import { UnfitError } from '../go-template/syntax.ts';
import { nativeName } from '../manifest.ts';
import { objects, text, yamlIn } from '../surroundings.ts';
import { fillObject, type Making, type Turn } from './turn.ts';

/** Errors: UnfitError. */
export function turnsOfGit(git: JsonObject, template: JsonObject, making: Making): readonly Turn[] {
  const { around } = making;
  const url = text(git, 'repoURL');
  if (!around.isOurs(url)) throw new UnfitError(`looks into ${url}: import it in a clone of that`);
  const found = isArray(git.directories)
    ? foldersOf(objects(git.directories), around.paths).map((path) => pathParameters(path, undefined, git, making))
    : filesOf(objects(git.files), around.paths).flatMap((path) =>
        contentsOf(path, making).map((content) => ({
          ...flat(content, making.isGo),
          ...pathParameters(
            path.slice(0, Math.max(0, path.lastIndexOf('/'))),
            path.slice(path.lastIndexOf('/') + 1),
            git,
            making,
          ),
        })),
      );
  const values = isObject(git.values) ? git.values : undefined;
  return found.map((parameters) => ({
    parameters: values === undefined ? parameters : { ...parameters, values: fillObject(values, parameters, making) },
    clusters: undefined,
    template,
  }));
}

/** Source: Argo CD, `path.Match`: a star stays inside of one part; `exclude` wins. */
function foldersOf(rules: readonly JsonObject[], paths: ReadonlySet<string>): readonly string[] {
  const folders = new Set<string>();
  for (const path of paths) {
    const parts = path.split('/').slice(0, -1);
    // Hidden folders are none of those meant, nor is what is in them.
    const hidden = parts.findIndex((part) => part.startsWith('.'));
    const seen = hidden < 0 ? parts : parts.slice(0, hidden);
    for (let depth = 1; depth <= seen.length; depth += 1) folders.add(seen.slice(0, depth).join('/'));
  }
  return chosen([...folders], rules, false);
}

/** Source: Argo CD, `git ls-files`: a star goes over slashes, too. */
const filesOf = (rules: readonly JsonObject[], paths: ReadonlySet<string>): readonly string[] =>
  chosen([...paths], rules, true);

function chosen(paths: readonly string[], rules: readonly JsonObject[], crosses: boolean): readonly string[] {
  const patterns = rules.map((rule) => ({
    isExcluding: rule.exclude === true,
    pattern: text(rule, 'path')
      .replace(/^\.?\//, '')
      .replace(/\/$/, ''),
  }));
  const isIn = (path: string, wanted: boolean): boolean =>
    patterns.some(({ pattern, isExcluding }) => isExcluding === wanted && isLike(pattern, path, { crosses }));
  return paths.filter((path) => isIn(path, false) && !isIn(path, true)).toSorted();
}

/** Errors: UnfitError, for what cannot be read: half of a set would look like the whole of it. */
function contentsOf(path: string, { around }: Making): readonly JsonObject[] {
  const content = around.read(path);
  const whole = content === undefined ? undefined : yamlIn(content, around);
  if (isArray(whole)) return whole.filter((item) => isObject(item));
  if (isObject(whole)) return [whole];
  throw new UnfitError(`takes parameters from ${path}, which cannot be read`);
}

/** Without Go's templates, parameters are texts with names of one level. */
function flat(value: JsonObject, isGo: boolean): JsonObject {
  if (isGo) return value;
  const found: [string, Json][] = [];
  const walk = (part: Json, name: string): void => {
    if (isArray(part)) for (const [index, item] of part.entries()) walk(item, `${name}.${index}`);
    else if (isObject(part))
      for (const [field, item] of Object.entries(part)) walk(item, name === '' ? field : `${name}.${field}`);
    else found.push([name, part]);
  };
  walk(value, '');
  return Object.fromEntries(found);
}

function pathParameters(path: string, filename: string | undefined, git: JsonObject, { isGo }: Making): JsonObject {
  const parts = path === '' ? [] : path.split('/');
  const basename = parts.at(-1) ?? '';
  const names = {
    basename,
    basenameNormalized: nativeName(basename),
    ...(filename === undefined ? {} : { filename, filenameNormalized: nativeName(filename) }),
  };
  const prefix = text(git, 'pathParamPrefix');
  if (isGo) {
    const about = { path: { path, segments: parts, ...names } };
    return prefix === '' ? about : { [prefix]: about };
  }
  const before = prefix === '' ? '' : `${prefix}.`;
  const indexed = parts.map((part, index) => [`${before}path[${index}]`, part] as const);
  const named = Object.entries(names).map(([name, value]) => [`${before}path.${name}`, value] as const);
  return Object.fromEntries([[`${before}path`, path], ...named, ...indexed]);
}
