/** The manifests of members that Landfall brings along, in `config/deploy` of its package. */
import { readFileSync } from 'node:fs';
import { forInstallation, kustomized, type Rights, rights } from '../../core/join/member-objects.ts';
import type { Json } from '../../core/json/value.ts';
import { invariant } from '../../core/model/invariant.ts';
import type { KubeObject } from '../../core/model/object.ts';
import { readManifests } from '../../core/yaml/read.ts';

const packageRoot = new URL('../../../', import.meta.url);

/** Of this installation, with these rights. */
export const memberObjects = (given: Rights, installation: string): readonly KubeObject[] =>
  forInstallation(kustomized(`config/deploy/member/${given}`, read), installation);

/** With whatever rights it was joined. */
export const allMemberObjects = (installation: string): readonly KubeObject[] =>
  rights.flatMap((each) => memberObjects(each, installation));

function read(path: string): readonly Json[] {
  const { documents, problems } = readManifests(path, readFileSync(new URL(path, packageRoot)));
  invariant(problems.length === 0, `${path} of the package can be read`);
  return documents.map(({ value }) => value);
}
