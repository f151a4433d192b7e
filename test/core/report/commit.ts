/** Compiled commits for tests: cells with a version instead of objects. */
import type { Cell, Rendering } from '../../../src/core/model/cell.ts';
import { appIdOf, cellId, clusterId, digest } from '../../../src/core/model/id.ts';
import { origin, sha } from '../../builder/model.ts';

/** Of no objects; equal for equal texts only. */
export const rendering = (text: string): Rendering => ({
  objects: [],
  needs: new Map(),
  missing: [],
  unplaced: [],
  namespaces: [],
  digest: digest(text),
  replicas: new Map(),
});

export const cellOf = (app: string, cluster: string, fields: Partial<Cell> = {}): Cell => ({
  id: cellId(appIdOf(app), clusterId(cluster)),
  app: appIdOf(app),
  cluster: clusterId(cluster),
  repository: origin.repository,
  placement: app,
  stage: 'all',
  chosenBy: 'names',
  onDelete: 'Delete',
  source: 'test.yaml',
  commit: sha(1),
  revision: sha(1),
  isSuspended: false,
  adopt: [],
  movedFrom: [],
  aim: { kind: 'hold', intent: digest('intent'), rendering: rendering('v1'), warnings: [] },
  ...fields,
});
