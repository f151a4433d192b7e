/** The labels and annotations of KubeVela that mean something here. */
export const group = 'core.oam.dev';
export const label = {
  app: 'app.oam.dev/name',
  component: 'app.oam.dev/component',
  revision: 'app.oam.dev/appRevision',
  deployment: 'app.oam.dev/appDeployment',
  workloadType: 'workload.oam.dev/type',
  traitType: 'trait.oam.dev/type',
  traitResource: 'trait.oam.dev/resource',
} as const;

/** With the value `true` an Application makes revisions and nothing else. */
export const revisionOnly = 'app.oam.dev/revision-only';

/** `X` and `3` of `X-v3`; undefined for a name of another form. */
export function partsOfRevision(name: string): { readonly app: string; readonly number: number } | undefined {
  const [, app, number] = /^(.+)-v([1-9][0-9]*)$/.exec(name) ?? [];
  return app === undefined || number === undefined ? undefined : { app, number: Number(number) };
}

/** What workloads of a revision have behind their component's name: the last part of its name, or all of it. */
export const suffixOf = (revision: string): string => revision.slice(revision.lastIndexOf('-') + 1);
