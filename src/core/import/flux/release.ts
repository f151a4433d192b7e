/** A HelmRelease of Flux as a component. */
import { at, isArray, isObject, type JsonObject, textOf } from '../../json/value.ts';
import { type ChartPlace, chartComponent } from '../chart.ts';
import { cleanPath, isExactVersion, objects, text, texts } from '../surroundings.ts';
import { nativePatches } from './post-renderer.ts';
import { fieldsIn, notHere, type Reading, type Said, sourceOf } from './reading.ts';
import { valuesOf } from './values.ts';

/** Shape: a text is why it cannot be said. */
export function releaseOf(reading: Reading): Said | string {
  const { object, spec, app, remark } = reading;
  const values = valuesOf(reading);
  if (typeof values === 'string') return values;
  const place = chartOf(reading);
  if (typeof place === 'string') return place;
  const rendered = nativePatches(spec, reading.around);
  if (typeof rendered === 'string') return rendered;
  const prefix = text(spec, 'targetNamespace') === '' ? '' : `${app.namespace}-`;
  const releaseName = text(spec, 'releaseName') || `${prefix}${object.metadata.name}`;
  const files = texts(at(spec, 'chart', 'spec', 'valuesFiles'));
  if (files.length > 0 && place.kind === 'chart')
    return 'has values files inside of a chart from elsewhere: write them into Git';
  tell(spec, remark);
  const component = chartComponent({
    name: 'app',
    place,
    releaseName,
    values,
    valuesFiles: files.map((path) => ({
      path: cleanPath(path) ?? path,
      optional: at(spec, 'chart', 'spec', 'ignoreMissingValuesFiles') === true,
    })),
  });
  if (typeof component === 'string') return component;
  return { component, variants: rendered, variables: {}, ignore: ignoreOf(spec), overlays: [] };
}

function tell(spec: JsonObject, remark: (reason: string) => void): void {
  if (at(spec, 'test', 'enable') === true) remark('runs the tests of its chart; Landfall runs none');
  if (at(spec, 'install', 'crds') === 'Skip' || at(spec, 'upgrade', 'crds') === 'Skip')
    remark('skips the CRDs of its chart; Landfall applies them first');
  if (at(spec, 'install', 'disableHooks') === true) remark('runs no hooks of its chart; to Landfall they are an order');
  const unlike = fieldsIn(spec, ['serviceAccountName', 'storageNamespace']);
  if (unlike !== '') remark(`has ${unlike}: accounts are for a Tenant to say, and there is no storage of releases`);
}

/** What Flux leaves to others. */
const ignoreOf = (spec: JsonObject): readonly JsonObject[] =>
  objects(at(spec, 'driftDetection', 'ignore')).flatMap(({ paths, target }) => {
    const named = Object.entries(isObject(target) ? target : {}).filter(([field]) =>
      ['group', 'version', 'kind', 'namespace', 'name'].includes(field),
    );
    return texts(paths).length === 0 ? [] : [{ target: Object.fromEntries(named), paths: [...texts(paths)] }];
  });

function chartOf(reading: Reading): ChartPlace | string {
  const { spec } = reading;
  if (isObject(spec.chartRef)) {
    const kind = text(spec.chartRef, 'kind');
    const source = sourceOf(reading, spec.chartRef);
    if (source === undefined || !['OCIRepository', 'HelmChart'].includes(kind))
      return `its chart is ${kind} ${text(spec.chartRef, 'name')}, which is not among the objects given`;
    return kind === 'OCIRepository' ? imageOf(reading, source) : templateOf(reading, source);
  }
  return templateOf(reading, isObject(spec.chart) && isObject(spec.chart.spec) ? spec.chart.spec : {});
}

function imageOf(reading: Reading, source: JsonObject): ChartPlace {
  const url = text(source, 'url');
  const slash = url.lastIndexOf('/');
  const written = text(source, 'ref', 'tag') || text(source, 'ref', 'semver');
  return {
    kind: 'chart',
    chart: url.slice(slash + 1),
    repository: url.slice(0, slash),
    version: running(written, reading),
  };
}

function templateOf(reading: Reading, chart: JsonObject): ChartPlace | string {
  const reference = isObject(chart.sourceRef) ? chart.sourceRef : undefined;
  if (text(reference, 'kind') === 'GitRepository')
    return notHere(reading, reference) ?? { kind: 'path', path: text(chart, 'chart') };
  const source = sourceOf(reading, reference);
  if (text(reference, 'kind') !== 'HelmRepository' || source === undefined)
    return `its source ${text(reference, 'kind')} ${text(reference, 'name')} is not among the objects given`;
  return {
    kind: 'chart',
    chart: text(chart, 'chart'),
    repository: text(source, 'url'),
    version: running(text(chart, 'version'), reading),
  };
}

/** A range is what runs now, where Flux has said what that is. */
function running(written: string, { object, remark }: Reading): string {
  const history = at(object.status ?? null, 'history');
  const known =
    textOf(isArray(history) ? at(history[0], 'chartVersion') : undefined) ??
    textOf(at(object.status ?? null, 'lastAppliedRevision'));
  if (isExactVersion(written) || known === undefined || !isExactVersion(known)) return written;
  remark(`follows ${written || 'the newest version'} of its chart; it is written as ${known}, which runs now`);
  return known;
}
