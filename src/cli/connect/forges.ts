/** The forges that the settings name, one for each repository that has one. */
import { dialectOf, type OpenForge, openForge } from '../../edge/forge/open.ts';
import { Budget } from '../../engine/publish/budget.ts';
import type { Clock } from '../../seam/clock.ts';
import type { Net } from '../../seam/net.ts';
import type { ForgeChoice, RepositoryChoice, Settings } from '../settings/settings.ts';

export type ForgesDeps = {
  readonly net: Net;
  readonly clock: Clock;
  readonly version: string;
};

export type RepositoryForge = {
  readonly forge: OpenForge;
  /** What its credential may still write; whoever writes spends it. */
  readonly budget: Budget;
};

export type Forges = {
  /** By the repository's name. Dials nothing. */
  readonly of: ReadonlyMap<string, RepositoryForge>;
  readonly close: () => void;
};

export function openForges(settings: Settings, deps: ForgesDeps): Forges {
  const budgets = new Map<string, Budget>();

  /** Whoever has the same credential of the same forge shares what it may write. */
  const budgetOf = (chosen: ForgeChoice): Budget => {
    const key = JSON.stringify([chosen.apiURL, chosen.auth]);
    const budget = budgets.get(key) ?? new Budget(dialectOf(chosen).abilities.rate, deps.clock);
    budgets.set(key, budget);
    return budget;
  };

  const forgeOf = ({ proxyURL }: RepositoryChoice, chosen: ForgeChoice): RepositoryForge => {
    const budget = budgetOf(chosen);
    const access = { ...chosen, proxyURL, version: deps.version };
    return { forge: openForge(access, { ...deps, onSpent: (durationMs) => budget.rest(durationMs) }), budget };
  };

  const of = new Map(
    settings.repositories.flatMap((choice) =>
      choice.forge === undefined ? [] : [[choice.name, forgeOf(choice, choice.forge)] as const],
    ),
  );
  return {
    of,
    close: () => {
      for (const { forge } of of.values()) forge.close();
    },
  };
}
