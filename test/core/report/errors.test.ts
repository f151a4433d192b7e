import { equal } from 'node:assert/strict';
import { test } from 'node:test';
import type { Aim, Cell } from '../../../src/core/model/cell.ts';
import type { Diagnostic } from '../../../src/core/model/diagnostic.ts';
import { appIdOf, digest } from '../../../src/core/model/id.ts';
import type { Intent } from '../../../src/core/model/intent.ts';
import type { Origin } from '../../../src/core/model/source.ts';
import { type AppSources, errorsOfApp, textOfErrors } from '../../../src/core/report/errors.ts';
import { placementOf } from '../../builder/model.ts';
import { cellOf, rendering } from './commit.ts';

const at = (path: string, line: number): Origin => ({ repository: placementOf().repository, path, line, column: 1 });
const error = (path: string, line: number, message = 'wrong'): Diagnostic => ({
  code: 'A1001',
  severity: 'error',
  origin: at(path, line),
  message,
});

const intent: Intent = {
  id: appIdOf('shop/web'),
  repository: placementOf().repository,
  origin: at('apps.yaml', 1),
  parts: [
    {
      name: 'main',
      origin: at('apps.yaml', 5),
      namespace: undefined,
      dependsOn: [],
      clusters: undefined,
      source: {
        kind: 'objects',
        objects: [
          {
            object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } },
            origin: at('apps/web/a.yaml', 1),
          },
        ],
      },
    },
  ],
  variants: [],
  variables: {},
  dependsOn: [{ app: appIdOf('shop/db'), scope: 'SameCluster', origin: at('apps.yaml', 9) }],
  ignore: [],
  movedFrom: [],
  adopt: [],
  isSuspended: false,
  isBroken: false,
  digest: digest('d'),
};
const hold: Aim = { kind: 'hold', intent: digest('d'), rendering: rendering('r'), warnings: [] };
const unknown = (diagnostics: readonly Diagnostic[] = []): Aim => ({
  kind: 'unknown',
  reason: 'its manifests have errors',
  diagnostics,
});
const cell = (aim: Aim): Cell => cellOf('shop/web', 'a', { aim, source: 'apps.yaml' });
const whole: AppSources = { intent, placement: placementOf(), cells: [cell(hold)] };
const broken: AppSources = { ...whole, intent: { ...intent, isBroken: true }, cells: [cell(unknown())] };
const hidden: AppSources = { ...whole, intent: undefined, cells: [cell(unknown())] };

const cases: readonly {
  readonly name: string;
  readonly app: AppSources;
  readonly errors: readonly Diagnostic[];
  readonly is: string;
}[] = [
  { name: 'no errors', app: whole, errors: [], is: 'none' },
  { name: 'warnings are none', app: broken, errors: [{ ...error('x.yaml', 1), severity: 'warning' }], is: '1 at ?' },
  { name: 'elsewhere', app: whole, errors: [error('other.yaml', 1)], is: 'none' },
  { name: "in its file, in another's document: not its own", app: whole, errors: [error('apps.yaml', 30)], is: 'none' },
  {
    name: 'at its dependency',
    app: whole,
    errors: [error('apps.yaml', 9), error('apps.yaml', 30)],
    is: '1 at apps.yaml:9',
  },
  { name: 'at one of its objects', app: whole, errors: [error('apps/web/a.yaml', 1)], is: '1 at apps/web/a.yaml:1' },
  {
    name: 'told by a cell',
    app: { ...whole, cells: [cell(unknown([error('x.yaml', 4)]))] },
    errors: [error('x.yaml', 4)],
    is: '1 at x.yaml:4',
  },
  {
    name: 'broken: what is wrong in its file',
    app: broken,
    errors: [error('apps.yaml', 30), error('other.yaml', 1)],
    is: '1 at apps.yaml:30',
  },
  {
    name: 'broken: what is wrong in its folder',
    app: broken,
    errors: [error('apps/web/b.yaml', 3), error('other.yaml', 1)],
    is: '1 at apps/web/b.yaml:3',
  },
  { name: 'broken: nobody knows why', app: broken, errors: [error('other.yaml', 1)], is: '1 at ?' },
  { name: 'not to be read, its file is: that', app: hidden, errors: [error('apps.yaml', 2)], is: '1 at apps.yaml:2' },
  { name: 'not to be read, another file is not either', app: hidden, errors: [error('other.yaml', 2)], is: 'none' },
  {
    name: 'named by a placement only: what is wrong there',
    app: { intent: undefined, placement: placementOf(), cells: [] },
    errors: [error('test.yaml', 1, 'there is no App shop/web')],
    is: '1 at test.yaml:1',
  },
];
for (const { name, app, errors, is } of cases)
  test(`errorsOfApp: ${name}`, () => {
    const found = errorsOfApp(app, errors);
    const place = found?.first === undefined ? '?' : `${found.first.origin.path}:${found.first.origin.line}`;
    equal(found === undefined ? 'none' : `${found.count} at ${place}`, is);
  });

test('textOfErrors: how many, and where the first is', () => {
  equal(textOfErrors({ first: error('a.yaml', 3, 'no\nsuch field'), count: 2 }), '2 errors; a.yaml:3:1: no such field');
});
