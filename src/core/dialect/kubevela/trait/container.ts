/** Traits that change containers of the workload. */
import type { Change, Edit, Step } from '../../../json/edit.ts';
import { type Json, type JsonObject, withFields } from '../../../json/value.ts';
import { asObject, probeOf } from '../component/pod.ts';
import { change, containers, containerTrait, pod, type Trait, trait } from '../effect.ts';
import * as schema from '../schema/trait.ts';

const set = (value: Json): Change => ({ do: 'set', value });

export const image = containerTrait(schema.Image, (given, at) => [
  change([...at, 'image'], set(given.image)),
  ...(given.imagePullPolicy === '' ? [] : [change([...at, 'imagePullPolicy'], set(given.imagePullPolicy))]),
]);

/** A variable that is given anew stands at its old place. */
export const env = containerTrait(schema.EnvTrait, ({ replace, env: given, unset }, at) => {
  const items = Object.entries(given).map(([name, value]): JsonObject => ({ name, value }));
  const place = [...at, 'env'];
  if (replace) return [change(place, set(items))];
  return [
    ...(unset.length === 0 ? [] : [change(place, { do: 'drop', field: 'name', values: unset })]),
    change(place, { do: 'upsert', keys: ['name'], items, meeting: 'replace' }),
  ];
});

export const command = containerTrait(schema.Command, ({ command: given, args, addArgs, delArgs }, at) => {
  const edits: Edit[] = [];
  if (given !== undefined && given !== null) edits.push(change([...at, 'command'], set(given)));
  if (args !== undefined && args !== null) edits.push(change([...at, 'args'], set(args)));
  if (addArgs || delArgs)
    edits.push(change([...at, 'args'], { do: 'relist', without: delArgs ?? [], plus: addArgs ?? [] }));
  // One of a container that is not there must be told, whatever else is asked of it.
  return edits.length > 0 ? edits : [change(at, { do: 'merge', value: {} })];
});

const first: Step = { which: 'first' };

/** Of the first container, whatever its name. */
export const resource = trait(schema.Resource, ({ cpu, memory, requests, limits }) => {
  const both = cpu !== undefined && memory !== undefined && requests === undefined && limits === undefined;
  const whole = both ? { cpu, memory } : undefined;
  const at = [...containers, first, 'resources'];
  const edits = (
    [
      ['requests', requests ?? whole],
      ['limits', limits ?? whole],
    ] as const
  ).flatMap(([field, value]) => (value === undefined ? [] : [change([...at, field], set(value))]));
  const forJobs = edits.map((edit) => ({ ...edit, where: jobPod, at: inJob(edit) }));
  return { edits: [...edits.map((edit) => ({ ...edit, where: pod })), ...forJobs] };
});

const jobPod = ['spec', 'jobTemplate', 'spec', 'template', 'spec'];
const inJob = (edit: Edit): readonly Step[] => (edit.kind === 'change' ? ['spec', 'jobTemplate', ...edit.at] : []);

export const sidecar = trait(schema.Sidecar, (given) => {
  const container = withFields(
    { name: given.name, image: given.image },
    {
      command: given.cmd,
      args: given.args,
      env: asObject(given.env),
      volumeMounts: given.volumes?.map(({ name, path }) => ({ name, mountPath: path })),
      livenessProbe: probeOf(given.livenessProbe),
      readinessProbe: probeOf(given.readinessProbe),
    },
  );
  return { edits: [change(containers, { do: 'upsert', keys: ['name'], items: [container], meeting: 'unify' })] };
});

export const initContainer = trait(schema.InitContainer, (given, { name }) => {
  const volume = given.mountName;
  const container = withFields(
    { name: given.name, image: given.image, imagePullPolicy: given.imagePullPolicy },
    {
      command: given.cmd,
      args: given.args,
      env: asObject(given.env),
      volumeMounts: [{ name: volume, mountPath: given.initMountPath }, ...given.extraVolumeMounts],
    },
  );
  const add = (at: readonly Step[], item: JsonObject): Edit =>
    change(at, { do: 'upsert', keys: ['name'], items: [item], meeting: 'unify' });
  return {
    edits: [
      add([...containers, { field: 'name', is: name }, 'volumeMounts'], {
        name: volume,
        mountPath: given.appMountPath,
      }),
      add([...pod, 'initContainers'], container),
      add([...pod, 'volumes'], { name: volume, emptyDir: {} }),
    ],
  };
});

/** Ports of the container that are there keep their names. */
export const ports = containerTrait(schema.ContainerPorts, ({ ports: given }, at) => [
  change([...at, 'ports'], {
    do: 'upsert',
    keys: ['containerPort', 'protocol'],
    items: given.map(({ containerPort, protocol, hostPort, hostIP }) =>
      withFields({ containerPort, protocol }, { hostPort, hostIP }),
    ),
    meeting: 'unify',
  }),
]);

export const lifecycle: Trait = trait(schema.Lifecycle, ({ postStart, preStop }) => ({
  edits: [
    change([...containers, { which: 'each' }, 'lifecycle'], {
      do: 'unify',
      value: withFields({}, { postStart, preStop }),
    }),
  ],
}));

export const startupProbe = containerTrait(
  schema.StartupProbe,
  ({ containerName: _container, name: _name, ...probe }, at) => [
    change([...at, 'startupProbe'], { do: 'unify', value: probeOf(probe) ?? {} }),
  ],
  'probes',
);

export const securityContext = containerTrait(schema.SecurityContext, (given, at) => {
  const { addCapabilities: add, dropCapabilities: drop, runAsUser, runAsGroup } = given;
  const value = withFields(
    {
      allowPrivilegeEscalation: given.allowPrivilegeEscalation,
      readOnlyRootFilesystem: given.readOnlyRootFilesystem,
      privileged: given.privileged,
      runAsNonRoot: given.runAsNonRoot,
    },
    {
      capabilities: add === undefined && drop === undefined ? undefined : withFields({}, { add, drop }),
      runAsUser,
      runAsGroup,
    },
  );
  return [change([...at, 'securityContext'], { do: 'unify', value })];
});

/** Variables from Secrets, in the component's own container; the key is the variable's name when none is given. */
export const serviceBinding = trait(schema.ServiceBinding, ({ envMappings }, { name }) => {
  const items = Object.entries(envMappings).map(([variable, { secret, key }]) => ({
    name: variable,
    valueFrom: { secretKeyRef: { name: secret, key: key ?? variable } },
  }));
  const at = [...containers, { field: 'name', is: name }, 'env'];
  return { edits: [change(at, { do: 'upsert', keys: ['name'], items, meeting: 'replace' })] };
});
