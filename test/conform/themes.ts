/** All themes of the suite, in the order in which they build on each other. */

import { access } from './access.ts';
import { admission } from './admission.ts';
import type { Theme } from './case.ts';
import { custom } from './custom.ts';
import { data } from './data.ts';
import { defaults } from './defaults.ts';
import { customDefinitions } from './definitions.ts';
import { deletion } from './delete.ts';
import { discovery } from './discovery.ts';
import { drift } from './drift.ts';
import { dryRun } from './dry-run.ts';
import { errors } from './errors.ts';
import { forms } from './forms.ts';
import { list } from './list.ts';
import { managedFields } from './managed-fields.ts';
import { namespaces } from './namespaces.ts';
import { objects } from './objects.ts';
import { openapi } from './openapi.ts';
import { owners } from './owners.ts';
import { pages } from './pages.ts';
import { patches } from './patches.ts';
import { podDefaultsOf } from './pod-defaults.ts';
import { scale } from './scale.ts';
import { ssa } from './ssa.ts';
import { ssaConflicts } from './ssa-conflicts.ts';
import { ssaLists } from './ssa-lists.ts';
import { ssaRemoval } from './ssa-removal.ts';
import { ssaSchema } from './ssa-schema.ts';
import { subresourceFields } from './subresource-fields.ts';
import { transport } from './transport.ts';
import { validation } from './validation.ts';
import { watch } from './watch.ts';
import { workloads } from './workloads.ts';

export const themes: readonly Theme[] = [
  discovery,
  openapi,
  errors,
  objects,
  patches,
  ssa,
  ssaConflicts,
  ssaLists,
  ssaRemoval,
  ssaSchema,
  managedFields,
  subresourceFields,
  list,
  pages,
  watch,
  deletion,
  forms,
  dryRun,
  validation,
  owners,
  namespaces,
  access,
  scale,
  customDefinitions,
  custom,
  defaults,
  podDefaultsOf,
  data,
  drift,
  admission,
  workloads,
  transport,
];
