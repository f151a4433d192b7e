/** Components that copy objects which exist. */
import type { Diagnostic, Findings } from '../../../model/diagnostic.ts';
import { clusterId } from '../../../model/id.ts';
import type { CopyRef } from '../../../model/intent.ts';
import { groupOf } from '../../../model/object.ts';
import type { Written } from '../../native/read.ts';
import { readWritten } from '../../native/read.ts';
import { equalTo } from '../clusters.ts';
import { problem } from '../problem.ts';
import { References } from '../schema/workload.ts';

/** What the hub is called in a reference. */
const hub = 'hub';

/** Shape: with an error when it is not clear which objects are meant. `name` is the component's, which is the default. */
export function copiesOf(given: Written, name: string): Findings<readonly CopyRef[]> {
  const { value, diagnostics } = readWritten(References, given);
  if (value === undefined) return { value: [], diagnostics };
  const problems: Diagnostic[] = [];
  if (value.urls !== undefined && value.urls !== null && value.urls.length > 0) {
    const hint = 'commit the manifests: a `k8s-objects` component, or a path of an App';
    problems.push(problem('A1527', given.originAt(['urls']), 'objects of a URL cannot be followed', hint));
  }
  const objects = value.objects ?? [];
  if (objects.length === 0 && problems.length === 0)
    problems.push(problem('A1527', given.originAt(['objects']), 'there is nothing to refer to', 'list `objects`'));
  const copies = objects.flatMap((object, index): readonly CopyRef[] => {
    const origin = given.originAt(['objects', index]);
    const refuse = (message: string, hint?: string): readonly CopyRef[] => {
      problems.push(problem('A1527', origin, message, hint));
      return [];
    };
    const labels = object.labelSelector ?? object.selector;
    if (labels !== undefined && object.name !== undefined && object.name !== '')
      return refuse('invalid object selector for ref-objects, name and labelSelector cannot be both set');
    const resource = object.resource || object.kind;
    if (!resource)
      return refuse(
        'neither resource or apiVersion/kind is set for referring objects',
        'such as `resource: deployment`',
      );
    const group = object.resource ? object.group : groupOf(object.apiVersion ?? '');
    const { cluster, namespace } = object;
    return [
      {
        origin,
        cluster: clusterId(!cluster || cluster === 'local' ? hub : cluster),
        resource: resource.toLowerCase(),
        group: group === '' && object.resource ? undefined : group,
        namespace: namespace === '' ? undefined : namespace,
        which:
          labels === undefined
            ? { kind: 'name', name: object.name || name }
            : { kind: 'selector', selector: equalTo(labels) },
      },
    ];
  });
  return { value: copies, diagnostics: problems };
}
