/** Reads the settings: the file, then the environment, then the flags. */
import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { readNative } from '../../core/dialect/native/read.ts';
import { digestOfText } from '../../core/json/digest.ts';
import { mergePatch } from '../../core/json/merge.ts';
import { isObject, type JsonObject } from '../../core/json/value.ts';
import { FaultError } from '../../core/model/fault.ts';
import { repositoryId } from '../../core/model/id.ts';
import { locate } from '../../core/model/locate.ts';
import type { Document, SourceFile } from '../../core/model/source.ts';
import { readManifests } from '../../core/yaml/read.ts';
import { placeAround } from '../../edge/git/local/place.ts';
import { documentOf, type Overlay, overlaysOf, type SettingsFlags } from './overlay.ts';
import { SettingsError, type SettingsProblem } from './problem.ts';
import { resolveSettings, userStateFolder } from './resolve.ts';
import { SettingsFile } from './schema.ts';
import { frozen, type Settings } from './settings.ts';

export type SettingsInput = {
  /** `--config`; undefined: the environment, the current folder, or its repository. */
  readonly config: string | undefined;
  readonly flags: SettingsFlags;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
};

const defaultFile = 'landfall.yaml';

/** Errors: SettingsError with all problems; FaultError misconfigured, when there is neither a file nor a repository. */
export async function readSettings(input: SettingsInput): Promise<Settings> {
  const overlays = overlaysOf(input.environment, input.flags);
  const named = input.config ?? (input.environment.LANDFALL_CONFIG || undefined);
  const path = resolve(input.folder, named ?? defaultFile);
  const text = await textOf(path, named === undefined);
  if (text !== undefined) return settingsOf(text, path, overlays);
  return ofRepository(input, overlays);
}

/** Undefined when there need not be a file and there is none. */
async function textOf(path: string, isOptional: boolean): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'failed';
    if (isOptional && code === 'ENOENT') return undefined;
    const why = code === 'ENOENT' ? 'there is no such file' : `cannot be read (${code})`;
    throw new SettingsError([{ source: path, position: undefined, message: why, hint: undefined }]);
  }
}

/** Reads one text as the settings file at `path`, in which relative paths start. Errors: SettingsError. */
export function settingsOf(text: Uint8Array | string, path: string, overlays: readonly Overlay[]): Settings {
  const source = readManifests(path, text);
  const documents = documentsIn(source);
  const read = documents.flatMap((document) => problemsOf(document, path));
  const problems: SettingsProblem[] = [...flawsOf(source), ...read, ...overlays.flatMap(problemsOfOverlay)];
  if (problems.length === 0) problems.push(...withoutRepository(documents[0], path));
  if (problems.length > 0) throw new SettingsError(problems.toSorted(byPosition));
  return resolveSettings(parsed(documents[0]?.value ?? {}, overlays), path, dirname(path));
}

/** In the order of the text; what is not in it comes last. */
function byPosition({ position: a }: SettingsProblem, { position: b }: SettingsProblem): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return a.line - b.line || a.column - b.column;
}

function flawsOf(source: SourceFile): readonly SettingsProblem[] {
  const flaws = source.problems.map(({ line, column, message, hint }) => ({
    source: source.path,
    position: { line, column },
    message,
    hint,
  }));
  const second = source.documents[1];
  if (second === undefined) return flaws;
  const position = { line: second.marks[0] ?? 1, column: second.marks[1] ?? 1 };
  return [...flaws, { source: source.path, position, message: 'a settings file is one document', hint: undefined }];
}

const documentsIn = ({ documents }: SourceFile): readonly Document[] => documents.slice(0, 1);

function problemsOf(document: Document, path: string): readonly SettingsProblem[] {
  const origin = {
    repository: repositoryId('settings'),
    path,
    line: document.marks[0] ?? 1,
    column: document.marks[1] ?? 1,
  };
  return readNative(SettingsFile, { document, origin }).diagnostics.map(({ origin: at, message, hint }) => ({
    source: path,
    position: { line: at.line, column: at.column },
    message,
    hint,
  }));
}

/** Nothing can be done for nobody. The file that shows every setting names none, so this is no part of the schema. */
function withoutRepository(document: Document | undefined, path: string): readonly SettingsProblem[] {
  const named = document?.value.repositories;
  if (Array.isArray(named) && named.length > 0) return [];
  const position = document === undefined ? { line: 1, column: 1 } : locate(document, ['repositories']);
  const hint = 'give `repositories` at least a `name` and a `url`';
  return [{ source: path, position, message: 'no repository is named', hint }];
}

function problemsOfOverlay(overlay: Overlay): readonly SettingsProblem[] {
  const document = { value: documentOf(overlay), marks: [] };
  const origin = { repository: repositoryId('settings'), path: overlay.source, line: 1, column: 1 };
  return readNative(SettingsFile, { document, origin }).diagnostics.map(({ message, hint }) => ({
    source: overlay.source,
    position: undefined,
    message,
    hint,
  }));
}

function parsed(file: JsonObject, overlays: readonly Overlay[]): SettingsFile {
  const whole = overlays.reduce((value, overlay) => {
    const merged = mergePatch(value, documentOf(overlay));
    return isObject(merged) ? merged : value;
  }, file);
  return SettingsFile.parse(whole);
}

/** Without a file: the repository that the current folder is in, read in place, is operator and tenant at once. */
function ofRepository({ folder, environment }: SettingsInput, overlays: readonly Overlay[]): Settings {
  const problems = overlays.flatMap(problemsOfOverlay);
  if (problems.length > 0) throw new SettingsError(problems);
  const root = rootAround(folder);
  const stateDir = `${userStateFolder(environment)}/${basename(root)}-${digestOfText(root).slice(0, 8)}`;
  const repository = { name: nameOf(root), url: root };
  const settings = resolveSettings(parsed({ stateDir, repositories: [repository] }, overlays), undefined, root);
  // Whatever is checked out is what the user looks at.
  return frozen({ ...settings, repositories: settings.repositories.map((each) => ({ ...each, branch: undefined })) });
}

function rootAround(folder: string): string {
  try {
    const { workingTree, commonFolder } = placeAround(folder);
    return workingTree ?? commonFolder;
  } catch (cause) {
    if (!(cause instanceof FaultError)) throw cause;
    const detail = `${cause.fault.detail}, and there is no ${defaultFile} here; name a settings file with --config`;
    throw new FaultError({ kind: 'misconfigured', detail }, { cause });
  }
}

/** A folder's name as a repository may be called. */
const nameOf = (root: string): string =>
  basename(root)
    .toLowerCase()
    .replace(/\.git$/, '')
    .replaceAll(/[^a-z0-9.-]+/g, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '') || 'repository';
