/** Protects: what may be promoted, what goes back, and what a person has said stays said. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { digest } from '../../../src/core/model/id.ts';
import { aimOf, type Request } from '../../../src/core/promotion/aim.ts';
import { type Candidate, decidePromotion, type StageFacts, type Wish } from '../../../src/core/promotion/decide.ts';
import type { Trailer } from '../../../src/core/promotion/trailer.ts';
import { sha } from '../../builder/model.ts';

const revision = (number: number) => ({ commit: sha(number), content: digest(`content ${number}`) });
const candidate = (number: number, fields: Partial<Candidate> = {}): Candidate => ({
  ...revision(number),
  unproved: undefined,
  heldBack: 'no',
  ...fields,
});
const facts = (fields: Partial<StageFacts> = {}): StageFacts => ({
  moves: 'pin',
  policy: 'Newest',
  pin: revision(1),
  candidates: [candidate(2)],
  noCandidate: 'the stage before has no pin',
  quarantined: new Set(),
  failure: undefined,
  good: undefined,
  ...fields,
});
const told = (wish: Wish): string => {
  switch (wish.kind) {
    case 'promote':
      return `promote ${Number(`0x${wish.to.commit}`)}`;
    case 'revert':
      return `revert ${Number(`0x${wish.to.commit}`)}`;
    default:
      return wish.kind;
  }
};

const unproved = 'canary soaks';
const decisions: readonly (readonly [string, Partial<StageFacts>, string])[] = [
  ['what the stage before has proved', {}, 'promote 2'],
  ['nothing that is not proved', { candidates: [candidate(2, { unproved })] }, 'wait'],
  ['the first pin of all', { pin: undefined }, 'promote 2'],
  ['nothing when the pin names it', { pin: revision(2) }, 'rest'],
  [
    'nothing when the Apps are the same by another commit',
    { pin: { commit: sha(9), content: digest('content 2') } },
    'rest',
  ],
  ['away from a pin that cannot be read', { pin: { commit: sha(9), content: undefined } }, 'promote 2'],
  ['newest: the newest that is proved', { candidates: [candidate(2), candidate(3)] }, 'promote 3'],
  [
    'newest: not held up by what is on its way behind it',
    { candidates: [candidate(2), candidate(3, { unproved })] },
    'promote 2',
  ],
  ['queue: the oldest that is proved', { policy: 'Queue', candidates: [candidate(2), candidate(3)] }, 'promote 2'],
  [
    'queue: past what was never proved',
    { policy: 'Queue', candidates: [candidate(2, { unproved }), candidate(3)] },
    'promote 3',
  ],
  ['pinned: nothing', { policy: 'Pinned' }, 'rest'],
  ['nothing quarantined, by commit', { quarantined: new Set([sha(2)]) }, 'wait'],
  ['nothing quarantined, by content', { quarantined: new Set([digest('content 2')]) }, 'wait'],
  [
    'what came before the quarantined one',
    { candidates: [candidate(2), candidate(3)], quarantined: new Set([sha(3)]) },
    'promote 2',
  ],
  ['nothing that a person moved away from', { candidates: [candidate(2, { heldBack: 'yes' })] }, 'wait'],
  ['nothing of which nobody knows that', { candidates: [candidate(2, { heldBack: 'perhaps' })] }, 'wait'],
  ['nothing when nothing is there', { candidates: [] }, 'rest'],
  ['back to what was good', { failure: 'degraded', good: revision(0) }, 'revert 0'],
  [
    'back also when only a person moves the pin',
    { policy: 'Pinned', failure: 'degraded', good: revision(0) },
    'revert 0',
  ],
  ['not back to what is quarantined', { failure: 'x', good: revision(0), quarantined: new Set([sha(0)]) }, 'rest'],
  ['not forward from a failure', { failure: 'degraded' }, 'rest'],
];
for (const [name, fields, expected] of decisions)
  test(`decidePromotion: ${name}`, () => equal(told(decidePromotion(facts(fields))), expected));

const trailer = (number: number, fields: Partial<Trailer> = {}): Trailer => ({
  kind: 'promote',
  from: sha(1),
  to: sha(number),
  content: digest(`content ${number}`),
  plan: 'sha256:1',
  replaced: [],
  isChosen: false,
  isWithdrawn: false,
  ...fields,
});
const request = (state: Request['state'], shown: Trailer | undefined, isMergeSeen = false): Request => ({
  number: 7,
  state,
  title: '',
  body: '',
  head: sha(50),
  trailer: shown,
  isMergeSeen,
});

const aims: readonly (readonly [string, Request | undefined, Partial<StageFacts>, string])[] = [
  ['what is wished for', undefined, {}, 'promote 2'],
  [
    'the same commit as before while the content is the same',
    request('open', trailer(9, { content: digest('content 2') })),
    {},
    'promote 9',
  ],
  ['what is newer instead', request('open', trailer(2)), { candidates: [candidate(2), candidate(3)] }, 'promote 3'],
  ['over what a person has written', request('open', undefined), {}, 'promote 2'],
  [
    'what is open, with what is missing now',
    request('open', trailer(2)),
    { candidates: [candidate(2, { unproved })] },
    `promote 2 ${unproved}`,
  ],
  [
    'nothing that is gone from the branch',
    request('open', trailer(5)),
    { candidates: [candidate(2, { unproved })] },
    'nothing',
  ],
  [
    'nothing that was quarantined meanwhile',
    request('open', trailer(2)),
    { quarantined: new Set([sha(2)]) },
    'nothing',
  ],
  ['nothing when the pin is there', request('open', trailer(2)), { pin: revision(2) }, 'nothing'],
  ['nothing that a person closed', request('closed', trailer(2)), {}, 'nothing'],
  ['what we closed ourselves', request('closed', trailer(2, { isWithdrawn: true })), {}, 'promote 2'],
  ['something newer than a person closed', request('closed', trailer(2)), { candidates: [candidate(3)] }, 'promote 3'],
  ['nothing that is merged, before the branch is read', request('merged', trailer(2)), {}, 'nothing'],
  ['again what was merged before, and went back since', request('merged', trailer(2), true), {}, 'promote 2'],
  ['after another pin was merged', request('merged', trailer(2, { from: sha(0) })), {}, 'promote 2'],
  [
    'a choice of a person',
    request('open', trailer(2, { isChosen: true })),
    { candidates: [candidate(2), candidate(3)] },
    'promote 2',
  ],
  [
    'a choice that no stage vouches for, and says so',
    request('open', trailer(8, { isChosen: true })),
    {},
    'promote 8 no stage before it runs this revision',
  ],
  [
    'no choice that is quarantined',
    request('open', trailer(8, { isChosen: true })),
    { quarantined: new Set([sha(8)]) },
    'promote 2',
  ],
  [
    'a way back before any choice',
    request('open', trailer(8, { isChosen: true })),
    { failure: 'degraded', good: revision(0) },
    'revert 0',
  ],
];
for (const [name, shown, fields, expected] of aims)
  test(`aimOf: shows ${name}`, () => {
    const all = facts(fields);
    const aim = aimOf(decidePromotion(all), shown, all);
    const text =
      aim.kind === 'nothing'
        ? 'nothing'
        : [aim.route.kind, Number(`0x${aim.route.to}`), ...(aim.unproved === undefined ? [] : [aim.unproved])].join(
            ' ',
          );
    deepEqual(text, expected);
  });
