/** The Secrets by which Argo CD knows clusters. */
import type { KubeObject } from '../model/object.ts';
import { textMapOf } from '../model/object.ts';
import { type ArgoCluster, hostServer } from './argocd-placed.ts';
import { nativeName } from './manifest.ts';
import { text } from './surroundings.ts';

/** Of their values only name and address are read. */
export function clustersOf(found: readonly KubeObject[], host: string): readonly ArgoCluster[] {
  const secrets = found.filter(
    (object) => object.kind === 'Secret' && textMapOf(object, 'labels')['argocd.argoproj.io/secret-type'] === 'cluster',
  );
  const clusters = secrets.map((secret): ArgoCluster => {
    const labels = Object.entries(textMapOf(secret, 'labels')).filter(
      ([label]) => !label.startsWith('argocd.argoproj.io/'),
    );
    const server = valueIn(secret, 'server');
    const title = valueIn(secret, 'name') || server;
    const name = server === hostServer ? host : nativeName(title.replace(/^https?:\/\//, ''));
    return { name, title, server, labels: Object.fromEntries(labels), annotations: textMapOf(secret, 'annotations') };
  });
  const hasHost = clusters.some(({ server }) => server === hostServer);
  const unlisted = {
    name: host,
    title: 'in-cluster',
    server: hostServer,
    labels: {},
    annotations: {},
    isUnlisted: true,
  } as const;
  return hasHost ? clusters : [...clusters, unlisted];
}

const valueIn = (secret: KubeObject, key: string): string =>
  text(secret, 'stringData', key) || Buffer.from(text(secret, 'data', key), 'base64').toString('utf8');
