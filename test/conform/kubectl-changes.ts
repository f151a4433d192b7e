import { configMap, deployment } from './case.ts';
import { documents, failed, type KubectlCase, said } from './kubectl-case.ts';

const serverSide = ['apply', '--server-side', '-f', '-'];

export const kubectlChanges: readonly KubectlCase[] = [
  {
    name: 'create: objects from the command line',
    run: async ({ kubectl }) => {
      said(await kubectl(['create', 'secret', 'generic', 's', '--from-literal=k=v']), 'secret/s created\n');
      said(await kubectl(['get', 'secret', 's', '-o', 'jsonpath={.data.k}']), 'dg==');
      said(
        await kubectl(['create', 'deployment', 'web', '--image=registry.example/web:1', '--replicas=0']),
        'deployment.apps/web created\n',
      );
      said(await kubectl(['expose', 'deployment', 'web', '--port=80']), 'service/web exposed\n');
      said(await kubectl(['create', 'serviceaccount', 'robot']), 'serviceaccount/robot created\n');
      said(
        await kubectl(['create', 'role', 'reader', '--verb=get', '--resource=configmaps']),
        'role.rbac.authorization.k8s.io/reader created\n',
      );
      said(
        await kubectl(['create', 'rolebinding', 'reader', '--role=reader', '--user=bob']),
        'rolebinding.rbac.authorization.k8s.io/reader created\n',
      );
      failed(
        await kubectl(['create', 'serviceaccount', 'robot']),
        1,
        'error: failed to create serviceaccount: serviceaccounts "robot" already exists\n',
      );
    },
  },
  {
    name: 'patch: strategic, merge and JSON',
    run: async ({ kubectl }) => {
      said(await kubectl(serverSide, { input: documents(deployment('web', { replicas: 0 })) }));
      const containers =
        '{"spec":{"template":{"spec":{"containers":[{"name":"main","image":"registry.example/main:2"}]}}}}';
      said(await kubectl(['patch', 'deployment', 'web', '-p', containers]), 'deployment.apps/web patched\n');
      said(
        await kubectl(['patch', 'deployment', 'web', '-p', containers]),
        'deployment.apps/web patched (no change)\n',
      );
      said(
        await kubectl(['patch', 'deployment', 'web', '--type=merge', '-p', '{"spec":{"paused":true}}']),
        'deployment.apps/web patched\n',
      );
      const remove = '[{"op":"remove","path":"/spec/paused"}]';
      said(await kubectl(['patch', 'deployment', 'web', '--type=json', '-p', remove]), 'deployment.apps/web patched\n');
      said(
        await kubectl([
          'patch',
          'deployment',
          'web',
          '--subresource=scale',
          '--type=merge',
          '-p',
          '{"spec":{"replicas":1}}',
        ]),
        /patched\n$/,
      );
      said(await kubectl(['get', 'deployment', 'web', '-o', 'jsonpath={.spec.replicas} {.spec.paused}']), '1 ');
    },
  },
  {
    name: 'label and annotate: set, refuse to overwrite, overwrite, remove',
    run: async ({ kubectl }) => {
      said(await kubectl(['create', 'configmap', 'a']));
      said(await kubectl(['label', 'cm', 'a', 'tier=web']), 'configmap/a labeled\n');
      failed(
        await kubectl(['label', 'cm', 'a', 'tier=db']),
        1,
        `error: 'tier' already has a value (web), and --overwrite is false\n`,
      );
      said(await kubectl(['label', 'cm', 'a', 'tier=db', '--overwrite']), 'configmap/a labeled\n');
      said(await kubectl(['label', 'cm', 'a', 'tier-']), 'configmap/a unlabeled\n');
      said(await kubectl(['annotate', 'cm', 'a', 'example.com/note=1']), 'configmap/a annotated\n');
      said(
        await kubectl(['get', 'cm', 'a', '-o', 'jsonpath={.metadata.labels}{.metadata.annotations}']),
        '{"example.com/note":"1"}',
      );
    },
  },
  {
    name: 'scale, with a condition and without',
    run: async ({ kubectl }) => {
      said(await kubectl(serverSide, { input: documents(deployment('web', { replicas: 0 })) }));
      said(await kubectl(['scale', 'deployment', 'web', '--replicas=2']), 'deployment.apps/web scaled\n');
      failed(
        await kubectl(['scale', 'deployment', 'web', '--replicas=3', '--current-replicas=9']),
        1,
        /Expected replicas to be 9, was 2/,
      );
      said(await kubectl(['get', 'deployment', 'web', '-o', 'jsonpath={.spec.replicas}']), '2');
    },
  },
  {
    name: 'wait and rollout: until it is ready, restarted, undone, gone',
    run: async ({ kubectl }) => {
      said(await kubectl(serverSide, { input: documents(deployment('web', { replicas: 1 })) }));
      said(
        await kubectl(['rollout', 'status', 'deployment/web', '--timeout=60s']),
        /deployment "web" successfully rolled out\n$/,
      );
      said(
        await kubectl(['wait', '--for=condition=Available', 'deployment/web', '--timeout=60s']),
        'deployment.apps/web condition met\n',
      );
      said(
        await kubectl(['wait', '--for=jsonpath={.status.readyReplicas}=1', 'deployment/web', '--timeout=60s']),
        'deployment.apps/web condition met\n',
      );
      said(
        await kubectl(['set', 'image', 'deployment/web', 'main=registry.example/main:2']),
        'deployment.apps/web image updated\n',
      );
      said(await kubectl(['rollout', 'status', 'deployment/web', '--timeout=60s']), /successfully rolled out\n$/);
      said(await kubectl(['rollout', 'undo', 'deployment/web']), 'deployment.apps/web rolled back\n');
      said(
        await kubectl(['get', 'deployment', 'web', '-o', 'jsonpath={.spec.template.spec.containers[0].image}']),
        'registry.example/main:1',
      );
      said(await kubectl(['rollout', 'restart', 'deployment/web']), 'deployment.apps/web restarted\n');
      said(await kubectl(['delete', 'deployment', 'web', '--wait=false']), /^deployment\.apps "web" deleted/);
      said(await kubectl(['wait', '--for=delete', 'deployment/web', '--timeout=60s']));
      failed(
        await kubectl(['wait', '--for=condition=Available', 'deployment/web', '--timeout=1s']),
        1,
        /deployments\.apps "web" not found/,
      );
    },
  },
  {
    name: 'delete: by name, by file, by selector, dry run, absent, waiting',
    run: async ({ kubectl }) => {
      const objects = ['a', 'b', 'c'].map((name) => configMap(name, {}, { labels: { tier: 'web' } }));
      said(await kubectl(['apply', '-f', '-'], { input: documents(...objects) }));
      said(await kubectl(['delete', 'cm', 'a', '--dry-run=server']), /^configmap "a" deleted.*\(server dry run\)\n$/);
      said(await kubectl(['delete', 'cm', 'a']), /^configmap "a" deleted/);
      said(await kubectl(['delete', '-f', '-'], { input: documents(objects[1]!) }), /^configmap "b" deleted/);
      said(await kubectl(['delete', 'cm', '-l', 'tier=web']), /^configmap "c" deleted/);
      failed(await kubectl(['delete', 'cm', 'a']), 1, 'Error from server (NotFound): configmaps "a" not found\n');
      said(await kubectl(['delete', 'cm', 'a', '--ignore-not-found']), '');
    },
  },
  {
    name: 'replace: whole, and by force',
    run: async ({ kubectl }) => {
      said(await kubectl(['create', 'configmap', 'a', '--from-literal=x=1']));
      said(
        await kubectl(['replace', '-f', '-'], { input: documents(configMap('a', { y: '1' })) }),
        'configmap/a replaced\n',
      );
      said(
        await kubectl(['replace', '--force', '-f', '-'], { input: documents(configMap('a', { z: '1' })) }),
        /configmap\/a replaced\n$/,
      );
      said(await kubectl(['get', 'cm', 'a', '-o', 'jsonpath={.data}']), '{"z":"1"}');
    },
  },
];
