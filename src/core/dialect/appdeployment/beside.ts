/** What an AppDeployment needs beside itself: gateways, and Applications that only make revisions. */
import { at, isArray, textOf } from '../../json/value.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Document } from '../../model/source.ts';
import type { Files } from '../files.ts';
import { kindOfDocument, originAt, type Placed } from '../placed.ts';
import { partsOfRevision, revisionOnly } from './labels.ts';
import { applicationId } from './versions.ts';

export const isRevisionOnly = ({ value }: Document): boolean =>
  at(value, 'metadata', 'annotations', revisionOnly) === 'true';

/** Gateways are somebody else's manifests; one that is in Git is most likely on the clusters, too. */
export function gatewayProblems(placed: Placed, files: Files): readonly Diagnostic[] {
  const gateways = at(placed.document.value, 'spec', 'traffic', 'gateways');
  const known = new Set(
    files.all
      .flatMap((file) => files.documentsOf(file).map(({ document }) => kindOfDocument(document)))
      .flatMap(({ kind, name }) => (kind === 'Gateway' ? [name] : [])),
  );
  return (isArray(gateways) ? gateways : []).flatMap((gateway, index): readonly Diagnostic[] => {
    const name = textOf(gateway) ?? '';
    if (name === 'mesh' || known.has(name.slice(name.indexOf('/') + 1))) return [];
    const origin = originAt(placed, ['spec', 'traffic', 'gateways', index]);
    const message = `Gateway ${name} is not in this repository: it must be on every cluster that takes this traffic`;
    return [{ code: 'A1639', severity: 'warning', origin, message }];
  });
}

/** Its own workload cannot be updated once its selector holds the revision. */
export function besideProblems(placed: Placed, deployments: readonly Placed[]): readonly Diagnostic[] {
  if (isRevisionOnly(placed.document) || !holdsRevisionLabel(placed)) return [];
  const id = applicationId(placed);
  const isUsed = deployments.some(({ document }) => {
    const revisions = at(document.value, 'spec', 'appRevisions');
    const namespace = kindOfDocument(document).namespace;
    return (isArray(revisions) ? revisions : []).some((each) => {
      const app = partsOfRevision(textOf(at(each, 'revisionName')) ?? '')?.app;
      return id === `${namespace === '' ? 'default' : namespace}/${app}`;
    });
  });
  if (!isUsed) return [];
  const message = `Application ${id} also runs by itself, and cannot be updated there: its selector names the revision`;
  const hint = `the annotation \`${revisionOnly}: "true"\` makes it only a source of revisions`;
  return [{ code: 'A1640', severity: 'warning', origin: placed.origin, message, hint }];
}

function holdsRevisionLabel({ document }: Placed): boolean {
  const components = at(document.value, 'spec', 'components');
  return (isArray(components) ? components : []).some((each) => at(each, 'properties', 'addRevisionLabel') === true);
}
