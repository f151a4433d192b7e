/** A kustomization over a folder of the repository, written beside the App that it is for. */
import { type JsonObject, withFields } from '../json/value.ts';
import { cleanPath, texts } from './surroundings.ts';

export type OverlayFile = { readonly path: string; readonly folder: string; readonly document: JsonObject };

/**
 * `prefix`: from the repository's root to the folder that is written to. `components` of `fields` are as seen from the
 * folder.
 *
 * Shape: a text is why it cannot be. `path` is below the folder that is written to, `folder` from the root.
 */
export function overlayFile(
  app: { readonly namespace: string; readonly name: string },
  component: string,
  over: string,
  fields: JsonObject,
  prefix: string,
): OverlayFile | string {
  const place = `apps/${app.namespace}/${app.name}.overlay${component === 'app' ? '' : `/${component}`}`;
  const folder = `${prefix}${place}`;
  if (over === '' || folder.startsWith(`${over}/`))
    return 'its path is above of where a kustomization of its own would be: write what it gives Kustomize into a folder of its own';
  const up = folder
    .split('/')
    .map(() => '..')
    .join('/');
  const components = texts(fields.components).map((each) => `${up}/${cleanPath(`${over}/${each}`) ?? each}`);
  const document = withFields(
    { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources: [`${up}/${over}`] },
    { ...fields, components: components.length === 0 ? undefined : components },
  );
  return { path: `${place}/kustomization.yaml`, folder, document };
}
