/** What KubeService leaves open, said by annotations of an App or a MicroService. */
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import type { ClusterMatch } from '../../model/fleet.ts';
import { clusterId } from '../../model/id.ts';
import type { Files } from '../files.ts';
import { kindOfDocument, originAt, type Placed } from '../placed.ts';

export type Options = {
  /** Where Deployments go whose microservice names no cluster; undefined: everywhere. */
  readonly otherwise: ClusterMatch | undefined;
  /** Services and Ingresses only where the Deployments are. */
  readonly isSparse: boolean;
  /** The repository knows of more than one cluster. */
  readonly isFleet: boolean;
};

const unnamed = 'kubeservice.landfall.dev/without-cluster-name';
const balanceOn = 'kubeservice.landfall.dev/load-balance-on';

/** Shape: defaults where an annotation is absent, or cannot be understood. */
export function optionsOf(
  placed: Placed,
  annotations: Readonly<Record<string, string>>,
  files: Files,
): Findings<Options> {
  const diagnostics: Diagnostic[] = [];
  const where = annotations[balanceOn] ?? 'all';
  if (where !== 'all' && where !== 'owner') {
    const message = `${balanceOn} must be \`all\` or \`owner\`, not ${JSON.stringify(where)}`;
    diagnostics.push({ code: 'A1609', severity: 'error', origin: placeOf(placed, balanceOn), message });
  }
  const clusters = files.all.flatMap((file) =>
    files.documentsOf(file).flatMap(({ document }) => {
      const { kind, name } = kindOfDocument(document);
      return kind === 'Cluster' ? [name] : [];
    }),
  );
  const value: Options = {
    otherwise: otherwiseOf(annotations[unnamed] ?? 'all'),
    isSparse: where === 'owner',
    isFleet: new Set(clusters).size > 1,
  };
  return { value, diagnostics };
}

const placeOf = (placed: Placed, annotation: string) => originAt(placed, ['metadata', 'annotations', annotation]);

/** `all`, `none`, or a cluster's name. */
function otherwiseOf(text: string): ClusterMatch | undefined {
  if (text === 'all' || text === '') return undefined;
  return text === 'none' ? { kind: 'some', of: [] } : needed(text);
}

export const needed = (cluster: string): ClusterMatch => ({
  kind: 'needed',
  of: { kind: 'names', names: [clusterId(cluster)] },
});
