/** The trait that tells Nocalhost how to develop a component in place: annotations, and a Service. */
import { withFields } from '../../../json/value.ts';
import { asObject } from '../component/pod.ts';
import { change, trait } from '../effect.ts';
import { Nocalhost } from '../schema/nocalhost.ts';

const images: Readonly<Record<string, string>> = {
  go: 'golang',
  java: 'java',
  python: 'python',
  node: 'node',
  ruby: 'ruby',
};

const imageOf = (image: string): string =>
  Object.hasOwn(images, image) ? `nocalhost-docker.pkg.coding.net/nocalhost/dev-images/${images[image]}:latest` : image;

export const nocalhost = trait(Nocalhost, (given, { name, app, namespace }) => {
  const { port, serviceType, gitUrl, image, shell, workDir, storageClass, resources, persistentVolumeDirs } = given;
  const { command, debug, hotReload, sync, env, portForward } = given;
  const dev = {
    ...withFields({}, { gitUrl }),
    image: imageOf(image),
    shell,
    workDir,
    ...withFields({}, { storageClass }),
    resources,
    ...withFields({}, { persistentVolumeDirs: asObject(persistentVolumeDirs) }),
    command,
    ...withFields({}, { debug: asObject(debug) }),
    hotReload,
    sync,
    ...withFields({}, { env: asObject(env) }),
    portForward: portForward ?? [`${port}:${port}`],
  };
  const value = {
    'dev.nocalhost/application-name': app,
    'dev.nocalhost/application-namespace': namespace,
    'dev.nocalhost': JSON.stringify({ name, serviceType, containers: [{ name, dev }] }),
  };
  const object = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: { 'app.oam.dev/component': name }, ports: [{ port, targetPort: port }], type: 'ClusterIP' },
  };
  return {
    edits: [change(['metadata', 'annotations'], { do: 'merge', value })],
    objects: [{ key: 'nocalhostService', object }],
  };
});
