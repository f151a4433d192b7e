/** Fields that a request cannot own, since the registry puts them back: the status here, the spec there. */
import type { Schema } from '../schema/schema.ts';
import { emptySet, type FieldSet, setOfPaths } from './fieldset.ts';

const status = setOfPaths(['status']);
const spec = setOfPaths(['spec']);
const specAndMetadata = setOfPaths(['metadata'], ['spec']);

// Status requests of these kinds put back more, or less, than the spec.
const statusResets: Readonly<Record<string, FieldSet>> = {
  'apps/Deployment': setOfPaths(['spec'], ['metadata', 'labels']),
  '/Pod': setOfPaths(['spec'], ['metadata', 'deletionTimestamp'], ['metadata', 'ownerReferences']),
  'networking.k8s.io/ServiceCIDR': specAndMetadata,
  'resource.k8s.io/ResourceClaim': specAndMetadata,
  'storage.k8s.io/VolumeAttachment': specAndMetadata,
  'flowcontrol.apiserver.k8s.io/FlowSchema': specAndMetadata,
  'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration': specAndMetadata,
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy': specAndMetadata,
  'apiregistration.k8s.io/APIService': specAndMetadata,
  'certificates.k8s.io/CertificateSigningRequest': setOfPaths(['spec'], ['status', 'conditions']),
};

/** What an owner's set never holds, for a request to an object or to one of its subresources. */
export function resetFields(schema: Schema, subresource: string): FieldSet {
  const hasStatus = schema.resource.subresources.some(({ name }) => name === 'status');
  switch (subresource) {
    case 'status':
      if (schema.custom !== undefined) return specAndMetadata;
      return statusResets[`${schema.group}/${schema.kind}`] ?? spec;
    case 'approval':
      return setOfPaths(['spec'], ['status', 'certificate']);
    default:
      if (schema.kind === 'CertificateSigningRequest' && schema.custom === undefined)
        return setOfPaths(['spec'], ['status']);
      return hasStatus && (subresource === '' || subresource === 'finalize') ? status : emptySet;
  }
}
