/** What is not in the repository: may it be fetched, and charts that were. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { ToolRun } from '../../core/model/tool.ts';
import type { GitChart, RemoteChart } from './command.ts';
import type { RenderToolSettings } from './settings.ts';

/** Shape: why it may not; undefined when it may. */
export function refuseFetch(
  run: ToolRun,
  { hosts, mayFetch }: Pick<RenderToolSettings, 'hosts' | 'mayFetch'>,
): { readonly message: string; readonly hint: string } | undefined {
  const places = placesOf(run);
  const [first] = places;
  if (first === undefined) return undefined;
  if (!mayFetch(run.repository))
    return {
      message: `${first} is not in this repository, and a tenant's repository fetches nothing from elsewhere`,
      hint: 'commit it here, or let the operator’s repository have the component',
    };
  const refused = places.find((place) => !hosts.includes(hostOf(place)));
  if (refused === undefined) return undefined;
  return {
    message: `${refused} is not in this repository, and the settings let nothing be fetched from ${hostOf(refused) || 'there'}`,
    hint: 'commit it here, or name its host in the settings under `tools.hosts`, with `tools.network: true`',
  };
}

function placesOf(run: ToolRun): readonly string[] {
  if (run.kind === 'kustomize') return run.remotes;
  const { chart } = run;
  return chart.kind === 'remote' ? [chart.repository] : chart.kind === 'git' ? [chart.url] : [];
}

/** Of https and oci URLs, and of `host/path`, which Kustomize fetches by https; anything else has none that is granted. */
export function hostOf(place: string): string {
  const found = /^(?:https:\/\/|oci:\/\/|(?=[a-z0-9-]+\.))([a-z0-9.-]+(?::[0-9]+)?)(?:\/|$)/i.exec(
    place.replace(/^[^=/:]+=(?=https:)/, ''),
  );
  return found?.[1]?.toLowerCase() ?? '';
}

const partsOf = (chart: RemoteChart | GitChart): readonly string[] =>
  chart.kind === 'remote'
    ? [chart.repository, chart.name, chart.version]
    : [chart.kind, chart.url, chart.revision, chart.folder];

/** Fetches a chart at most once at a time, and at one version only once. */
export class ChartStore {
  readonly #folder: string;
  readonly #underWay = new Map<string, Promise<string | undefined>>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Shape: the archive; undefined when `pull`, which puts it into a folder, did not. Errors: those of `pull`. */
  async get(chart: RemoteChart | GitChart, pull: (into: string) => Promise<boolean>): Promise<string | undefined> {
    const name = createHash('sha256')
      .update(JSON.stringify(partsOf(chart)))
      .digest('hex');
    const path = join(this.#folder, `${name}.tgz`);
    if (existsSync(path)) return path;
    const getting = this.#underWay.get(name) ?? this.#pull(path, pull).finally(() => this.#underWay.delete(name));
    this.#underWay.set(name, getting);
    return getting;
  }

  async #pull(path: string, pull: (into: string) => Promise<boolean>): Promise<string | undefined> {
    const into = `${path}.new`;
    await mkdir(into, { recursive: true });
    if (!(await pull(into))) return undefined;
    const [archive] = (await readdir(into)).filter((file) => file.endsWith('.tgz'));
    if (archive === undefined) return undefined;
    // Whole, or not there.
    await rename(join(into, archive), path);
    return path;
  }
}
