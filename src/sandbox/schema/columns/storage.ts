/** The rows of what pods store on. */
import { at, type Json, type JsonObject, textOf } from '../../../core/json/value.ts';
import { ageOf, type Cells, listAt, nameOf, none, textAt, textsAt, unset } from './cell-text.ts';

const modeNames: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

function modesText(modes: readonly string[]): string {
  return Object.entries(modeNames)
    .flatMap(([mode, name]) => (modes.includes(mode) ? name : []))
    .join(',');
}

const legacyClass = 'volume.beta.kubernetes.io/storage-class';
const classOf = (object: JsonObject): string =>
  textOf(at(object, 'metadata', 'annotations', legacyClass)) ?? textAt(object, 'spec', 'storageClassName');
const phaseOf = (object: JsonObject): string =>
  at(object, 'metadata', 'deletionTimestamp') === undefined ? textAt(object, 'status', 'phase') : 'Terminating';
const specOrUnset = (object: JsonObject, field: string): string => textOf(at(object, 'spec', field)) ?? unset;

const claim: Cells = (object, nowMs) => {
  const volume = textAt(object, 'spec', 'volumeName');
  return [
    nameOf(object),
    phaseOf(object),
    volume,
    volume === '' ? '' : textOf(at(object, 'status', 'capacity', 'storage')) || '0',
    volume === '' ? '' : modesText(textsAt(object, 'status', 'accessModes')),
    classOf(object),
    specOrUnset(object, 'volumeAttributesClassName'),
    ageOf(object, nowMs),
    specOrUnset(object, 'volumeMode'),
  ];
};

const volume: Cells = (object, nowMs) => {
  const reference = at(object, 'spec', 'claimRef');
  const claimed = `${textAt(reference, 'namespace')}/${textAt(reference, 'name')}`;
  return [
    nameOf(object),
    textOf(at(object, 'spec', 'capacity', 'storage')) ?? '0',
    modesText(textsAt(object, 'spec', 'accessModes')),
    textAt(object, 'spec', 'persistentVolumeReclaimPolicy'),
    phaseOf(object),
    reference === undefined ? '' : claimed,
    classOf(object),
    specOrUnset(object, 'volumeAttributesClassName'),
    textAt(object, 'status', 'reason'),
    ageOf(object, nowMs),
    specOrUnset(object, 'volumeMode'),
  ];
};

const defaultMarks = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
];

const storageClass: Cells = (object, nowMs) => {
  const isDefault = defaultMarks.some((mark) => textAt(object, 'metadata', 'annotations', mark) === 'true');
  return [
    `${nameOf(object)}${isDefault ? ' (default)' : ''}`,
    textAt(object, 'provisioner'),
    textOf(object.reclaimPolicy) ?? 'Delete',
    textOf(object.volumeBindingMode) ?? 'Immediate',
    object.allowVolumeExpansion === true,
    ageOf(object, nowMs),
  ];
};

const attributesClass: Cells = (object, nowMs) => [nameOf(object), textAt(object, 'driverName'), ageOf(object, nowMs)];

const attachment: Cells = (object, nowMs) => [
  nameOf(object),
  textAt(object, 'spec', 'attacher'),
  textAt(object, 'spec', 'source', 'persistentVolumeName'),
  textAt(object, 'spec', 'nodeName'),
  at(object, 'status', 'attached') === true,
  ageOf(object, nowMs),
];

const driver: Cells = (object, nowMs) => {
  const flag = (field: string, absent: boolean): Json => at(object, 'spec', field) ?? absent;
  const requests = listAt(object, 'spec', 'tokenRequests').map((request) => textAt(request, 'audience'));
  return [
    nameOf(object),
    flag('attachRequired', true),
    flag('podInfoOnMount', false),
    flag('storageCapacity', false),
    at(object, 'spec', 'tokenRequests') === undefined ? unset : requests.join(','),
    flag('requiresRepublish', false),
    textsAt(object, 'spec', 'volumeLifecycleModes').join(',') || none,
    ageOf(object, nowMs),
  ];
};

const node: Cells = (object, nowMs) => [nameOf(object), listAt(object, 'spec', 'drivers').length, ageOf(object, nowMs)];

export const storageCells: Readonly<Record<string, Cells>> = {
  '/PersistentVolumeClaim': claim,
  '/PersistentVolume': volume,
  'storage.k8s.io/StorageClass': storageClass,
  'storage.k8s.io/VolumeAttributesClass': attributesClass,
  'storage.k8s.io/VolumeAttachment': attachment,
  'storage.k8s.io/CSIDriver': driver,
  'storage.k8s.io/CSINode': node,
};
