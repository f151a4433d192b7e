/** What takes over: a repository with manifests, and Landfall with the host as its hub. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseJson } from '../../../src/core/json/text.ts';
import { at, isArray, type Json } from '../../../src/core/json/value.ts';
import type { ApiServer } from '../api-server.ts';
import { findRenderTools } from '../render-tools.ts';
import { type Controller, controller } from '../story/controller.ts';
import { cloneOf, type WorkingCopy } from '../story/working-copy.ts';

export type Estate = Pick<WorkingCopy, 'push' | 'note'> & {
  /** The clone. */
  readonly folder: string;
  readonly controller: Controller;
  /** What `landfall build` prints for a cluster. */
  readonly built: (cluster: string) => Promise<readonly Json[]>;
  /** What `landfall plan` shows: `cluster app verb [paths] reason`. */
  readonly planned: () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
};

/** Nothing is committed, and the controller is not started. `url`: of an empty repository, where others read it too. */
export async function estateOn(name: string, hub: ApiServer, url?: string): Promise<Estate> {
  const folder = mkdtempSync(join(tmpdir(), `landfall-handover-${name}-`));
  const origin = url ?? bareRepository(join(folder, 'origin.git'));
  const clone = join(folder, 'clone');
  const copy = await cloneOf(origin, clone);
  const settings = join(folder, 'landfall.yaml');
  const tools = findRenderTools();
  writeFileSync(
    settings,
    JSON.stringify({
      stateDir: 'state',
      repositories: [{ name, url: origin, pollInterval: '1s' }],
      hub: { file: hub.kubeconfig(), namespace: 'default' },
      limits: { leaseDuration: '6s' },
      ...(tools === undefined ? {} : { tools: { helm: tools.helm, kustomize: tools.kustomize } }),
    }),
  );
  const landfall = await controller(settings, folder);
  const ask = async (...args: readonly string[]): Promise<Json> =>
    parseJson(await landfall.command(...args, '-o', 'json'));
  return {
    ...copy,
    folder: clone,
    controller: landfall,
    built: async (cluster) =>
      listOf(at(await ask('build', clone, '--at', 'HEAD', '--cluster', cluster), 'clusters', cluster)),
    planned: async () => listOf(at(await ask('plan'), 'cells')).flatMap(linesOf),
    close: async () => {
      try {
        await landfall.stop();
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

function bareRepository(path: string): string {
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', path]);
  return path;
}

function linesOf(cell: Json): readonly string[] {
  return listOf(at(cell, 'actions')).map((action) => {
    const reason = String(at(action, 'reason') ?? '').replace(/^waits for App [^;]*; /, '');
    return `${at(cell, 'cluster')} ${at(cell, 'app')} ${at(action, 'verb')} [${listOf(at(action, 'paths'))}] ${reason}`;
  });
}

const listOf = (value: Json | undefined): readonly Json[] => (isArray(value) ? value : []);
