/** Ingress specs as `extensions/v1beta1` and `networking.k8s.io/v1beta1` had them, in the form of `networking.k8s.io/v1`. */
import { fieldOf, isArray, isObject, type Json, type JsonObject, withFields } from '../../json/value.ts';

export const ingressVersion = 'networking.k8s.io/v1';

/** Shape: what has the new form already stays as it is; what has neither is left for the API server to refuse. */
export function modernIngressSpec(spec: JsonObject): JsonObject {
  const { backend, rules } = spec;
  return withFields(spec, {
    backend: undefined,
    defaultBackend: modernBackend(spec.defaultBackend ?? backend),
    rules: isArray(rules) ? rules.map((rule) => inPaths(rule, modernPath)) : rules,
  });
}

/** The spec with other backends in its paths; the default backend is no path. */
export function withPathBackends(spec: JsonObject, change: (backend: JsonObject) => JsonObject): JsonObject {
  const { rules } = spec;
  if (!isArray(rules)) return spec;
  const changed = (path: JsonObject): JsonObject =>
    isObject(path.backend) ? withFields(path, { backend: change(path.backend) }) : path;
  return withFields(spec, { rules: rules.map((rule) => inPaths(rule, changed)) });
}

/** Every backend of a modern spec; the default one, too. */
export function withBackends(spec: JsonObject, change: (backend: JsonObject) => JsonObject): JsonObject {
  const { defaultBackend } = spec;
  const changed = isObject(defaultBackend) ? withFields(spec, { defaultBackend: change(defaultBackend) }) : spec;
  return withPathBackends(changed, change);
}

/** A modern backend with another Service in place of the one of that name. */
export function withService(backend: JsonObject, from: string, to: string): JsonObject {
  const { service } = backend;
  if (!isObject(service) || service.name !== from) return backend;
  return withFields(backend, { service: withFields(service, { name: to }) });
}

function inPaths(rule: Json, change: (path: JsonObject) => JsonObject): Json {
  const http = fieldOf(rule, 'http');
  if (!isObject(rule) || !isObject(http) || !isArray(http.paths)) return rule;
  const paths = http.paths.map((path) => (isObject(path) ? change(path) : path));
  return withFields(rule, { http: withFields(http, { paths }) });
}

/** What the API server stored for a path without a type before it had to have one. */
const defaultPathType = 'ImplementationSpecific';

const modernPath = (path: JsonObject): JsonObject =>
  withFields(path, { pathType: path.pathType ?? defaultPathType, backend: modernBackend(path.backend) });

function modernBackend(backend: Json | undefined): Json | undefined {
  if (!isObject(backend) || backend.serviceName === undefined) return backend;
  const service: JsonObject = { name: backend.serviceName, ...modernPort(backend.servicePort) };
  return withFields(backend, { serviceName: undefined, servicePort: undefined, service });
}

function modernPort(port: Json | undefined): JsonObject {
  if (port === undefined) return {};
  if (typeof port !== 'string') return { port: { number: port } };
  return { port: /^[0-9]+$/.test(port) ? { number: Number(port) } : { name: port } };
}
