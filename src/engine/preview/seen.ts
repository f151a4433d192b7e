/** All that was found out about a pull request, before it is put in words. */
import type { Compiled } from '../../core/compile/compile.ts';
import type { FleetPlan } from '../plan/fleet-plan.ts';
import type { Outlook } from '../plan/outlook.ts';
import type { Survey } from '../plan/survey.ts';
import type { Touched } from './touched.ts';

export type Seen = {
  readonly plan: FleetPlan;
  readonly outlook: Outlook;
  readonly survey: Survey;
  /** The branch as it is. */
  readonly before: Compiled;
  readonly touched: Touched;
};
