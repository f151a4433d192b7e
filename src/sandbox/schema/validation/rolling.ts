/** Checks of how workloads replace their pods. */
import { at, type Json, numberOf, textOf } from '../../../core/json/value.ts';
import type { Findings } from './findings.ts';
import { percentProblems } from './names.ts';

const amountOf = (value: Json | undefined): number =>
  typeof value === 'string' ? Number(value.replace(/%$/, '')) : (numberOf(value) ?? 0);

function checkAmount(value: Json | undefined, path: string, findings: Findings): void {
  findings.nonNegative(path, value);
  if (typeof value === 'string') findings.eachInvalid(path, value, percentProblems(value));
}

export function checkStrategy(strategy: Json | undefined, findings: Findings): void {
  const rolling = at(strategy, 'rollingUpdate');
  switch (at(strategy, 'type')) {
    case 'Recreate':
      if (rolling !== undefined) {
        findings.forbidden('spec.strategy.rollingUpdate', "may not be specified when strategy `type` is 'Recreate'");
      }
      return;
    case 'RollingUpdate': {
      const missing = at(rolling, 'maxUnavailable');
      checkAmount(missing, 'spec.strategy.rollingUpdate.maxUnavailable', findings);
      checkAmount(at(rolling, 'maxSurge'), 'spec.strategy.rollingUpdate.maxSurge', findings);
      if (amountOf(missing) === 0 && amountOf(at(rolling, 'maxSurge')) === 0) {
        findings.invalid('spec.strategy.rollingUpdate.maxUnavailable', missing, 'may not be 0 when `maxSurge` is 0');
      }
      return;
    }
    default:
      findings.unsupported('spec.strategy', strategy, ['Recreate', 'RollingUpdate']);
  }
}

export function checkDaemonStrategy(strategy: Json | undefined, findings: Findings): void {
  const path = 'spec.updateStrategy.rollingUpdate';
  const type = textOf(at(strategy, 'type')) ?? '';
  if (type !== 'RollingUpdate') {
    if (type !== 'OnDelete') findings.unsupported('spec.updateStrategy', strategy, ['RollingUpdate', 'OnDelete']);
    return;
  }
  const [missing, surge] = [at(strategy, 'rollingUpdate', 'maxUnavailable'), at(strategy, 'rollingUpdate', 'maxSurge')];
  checkAmount(missing, `${path}.maxUnavailable`, findings);
  checkAmount(surge, `${path}.maxSurge`, findings);
  const [hasMissing, hasSurge] = [amountOf(missing) !== 0, amountOf(surge) !== 0];
  if (hasMissing && hasSurge)
    findings.invalid(`${path}.maxSurge`, surge, 'may not be set when maxUnavailable is non-zero');
  if (!hasMissing && !hasSurge) findings.required(`${path}.maxUnavailable`, 'cannot be 0 when maxSurge is 0');
}
