/** Protects: what was decided about one revision lets no other pass, not even for a moment. */
import { equal } from 'node:assert/strict';
import { test } from 'node:test';
import { type Compiled, compile } from '../../src/core/compile/compile.ts';
import { appIdOf, cellId, clusterId } from '../../src/core/model/id.ts';
import { nothingKnown } from '../../src/engine/gates/gate-view.ts';
import { Ledger } from '../../src/engine/ledger.ts';
import type { Members, MemberView } from '../../src/engine/members.ts';
import { Steering } from '../../src/engine/steering.ts';
import { handClock } from '../builder/clock.ts';
import { clusterManifests } from '../builder/fleet.ts';
import { app, configMap, pin, placement } from '../builder/manifest.ts';
import { clusterOf, sha } from '../builder/model.ts';
import { sourceOf, worldOf } from '../builder/world.ts';

const stage = '{name: all, clusterNames: [a], revision: Pinned, gates: [{name: go, approval: {}}]}';
const approved = `, approvals: [{gate: go, revision: "${sha(1)}"}]`;

const compiledAt = (commit: number): Compiled => {
  const files = {
    ...clusterManifests(['a']),
    'web.yaml': `${app('web')}---\n${placement('web', [stage])}`,
    'pin.yaml': pin('web', 'all', sha(commit), approved),
    'apps/web/web.yaml': configMap('web', `${commit}`),
  };
  return compile(worldOf([sourceOf(files, { commit })]));
};

const member = {
  id: clusterId('a'),
  cluster: clusterOf('a'),
  isReady: true,
  isRead: true,
  lostSinceMs: undefined,
  records: { all: [], of: () => undefined },
  session: { seal: (plain) => plain } as MemberView['session'],
} as unknown as MemberView;
const members: Members = new Map([[member.id, member]]);

test('Steering: a decision about one revision is none about the next', () => {
  const [one, two] = [compiledAt(1), compiledAt(2)];
  let compiled = one;
  const steering = new Steering({
    compiled: () => compiled,
    members,
    ledger: new Ledger(),
    gates: { ...nothingKnown, want: () => {} },
    clock: handClock(),
    onDecision: () => {},
    onRound: () => {},
  });
  const cell = cellId(appIdOf('shop/web'), clusterId('a'));
  steering.decideAll(one);
  equal(steering.decisionOf(cell)?.kind, 'go');
  compiled = two;
  equal(steering.decisionOf(cell)?.kind, 'wait', 'nobody has approved of this one');
});
