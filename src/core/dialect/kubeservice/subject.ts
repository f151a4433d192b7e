/** One microservice as it is read: what it says, where it says it, and what everything of it is called. */

import type { JsonObject } from '../../json/value.ts';
import type { Diagnostic, Findings, Severity } from '../../model/diagnostic.ts';
import type { DeclaredObject } from '../../model/intent.ts';
import type { Path } from '../../model/locate.ts';
import { declaredObject } from '../declared-object.ts';
import { originAt, type Placed } from '../placed.ts';
import type { MicroServiceSpec, Version } from './schema.ts';

export type Subject = {
  readonly placed: Placed;
  /** Of its spec inside the document. */
  readonly path: Path;
  /** `<app>-<microservice>`, or its own name where it was written by hand. */
  readonly name: string;
  readonly namespace: string;
  /** Its own; every object of it has them. */
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: MicroServiceSpec;
};

export const labelPrefix = 'app.o0w0o.cn';

/** Which version is served: the named one, or the first when there is none of that name. */
export function currentVersion({ spec }: Subject): Version | undefined {
  return spec.versions.find(({ name }) => name === spec.currentVersionName) ?? spec.versions[0];
}

/** What the Service of one version is called. */
export const serviceNameOf = ({ name }: Subject, version: Version): string =>
  version.serviceName === undefined || version.serviceName === '' ? `${name}-${version.name}` : version.serviceName;

/** An object of a microservice; of one version, where that is given. */
export function objectOf(
  subject: Subject,
  path: Path,
  version: string | undefined,
  object: { readonly apiVersion: string; readonly kind: string; readonly name: string; readonly spec: JsonObject } & {
    readonly annotations?: Readonly<Record<string, string>>;
  },
): Findings<DeclaredObject | undefined> {
  const { apiVersion, kind, name, spec, annotations } = object;
  const labels = {
    ...subject.labels,
    [`${labelPrefix}/service`]: subject.name,
    ...(version === undefined ? {} : { [`${labelPrefix}/version`]: version }),
  };
  const metadata = {
    name,
    namespace: subject.namespace,
    labels,
    ...(annotations === undefined ? {} : { annotations }),
  };
  return declaredObject({ apiVersion, kind, metadata, spec }, originIn(subject, path));
}

export const originIn = ({ placed, path }: Subject, inside: Path) => originAt(placed, [...path, ...inside]);

export const problemIn = (
  subject: Subject,
  inside: Path,
  code: Diagnostic['code'],
  severity: Severity,
  message: string,
  hint?: string,
): Diagnostic => ({
  code,
  severity,
  origin: originIn(subject, inside),
  message,
  ...(hint === undefined ? {} : { hint }),
});
