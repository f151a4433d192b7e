/** What a reviewer reads: the same plan is always written the same, nothing in a name is obeyed, and it fits the forge. */
import { doesNotMatch, equal, match, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { appIdOf, cellId, clusterId, repositoryId } from '../../../src/core/model/id.ts';
import { commentsOf, markOf, unusedComment } from '../../../src/core/preview/comment.ts';
import type { FieldChange, PlannedAction, PlannedCell } from '../../../src/core/preview/planned.ts';
import type { Outcome, Preview } from '../../../src/core/preview/preview.ts';
import { headlineOf, statusOfPreview } from '../../../src/core/preview/tally.ts';
import { sha } from '../../builder/model.ts';

const owner = { installation: 'default', repository: 'fleet' };

const image = (from: string, to: string): FieldChange => ({
  path: '.spec.template.spec.containers[name="web"].image',
  before: { kind: 'value', value: from },
  after: { kind: 'value', value: to },
});

function action(verb: PlannedAction['verb'], name: string, parts: Partial<PlannedAction> = {}): PlannedAction {
  const object = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name };
  return { verb, object, reason: undefined, isVerified: true, changes: [], seal: '', ...parts };
}

function cell(app: string, cluster: string, actions: readonly PlannedAction[], isRemoval = false): PlannedCell {
  const [appId, at] = [appIdOf(app), clusterId(cluster)];
  return { cell: cellId(appId, at), app: appId, cluster: at, stage: '', wait: undefined, isRemoval, actions };
}

const updates = (app: string, clusters: readonly string[], change = image('web:1', 'web:2')): readonly PlannedCell[] =>
  clusters.map((cluster) => cell(app, cluster, [action('update', 'web', { changes: [change] })]));

const previewOf = (cells: readonly PlannedCell[], fields: Partial<Preview> = {}): Preview => ({
  head: sha(7),
  branch: 'main',
  digest: 'sha256:00',
  cells,
  turns: [],
  gates: [],
  moves: [],
  held: [],
  unread: new Map(),
  leaving: [],
  diagnostics: [],
  ...fields,
});

const planned = (preview: Preview): Outcome => ({ kind: 'planned', preview });
const comment = (preview: Preview): string =>
  commentsOf(planned(preview), owner, { bodyMax: 65_536, markup: 'html' }).join('\n=====\n');

const many = Array.from({ length: 37 }, (_, index) => `c-${String(index).padStart(2, '0')}`);
const origin = { repository: repositoryId('fleet'), path: 'apps/web.yaml', line: 3, column: 5 };

const headlines: readonly {
  readonly name: string;
  readonly preview: Preview;
  readonly text: string;
  readonly state: string;
}[] = [
  {
    name: 'one object of many clusters is one',
    preview: previewOf(updates('shop/web', many)),
    state: 'success',
    text: '1 to change on 37 clusters, 0 deletions',
  },
  { name: 'nothing', preview: previewOf([]), state: 'success', text: 'nothing changes' },
  {
    name: 'deletions alone',
    preview: previewOf([cell('shop/web', 'eu-1', [action('delete', 'web')], true)]),
    state: 'success',
    text: '1 deletion on 1 cluster',
  },
  {
    name: 'what an API server refuses fails',
    preview: previewOf([
      cell('shop/web', 'eu-1', [action('refuse', 'web', { reason: 'spec.replicas: is no number' })]),
    ]),
    state: 'failure',
    text: 'nothing changes; 1 refused; eu-1: Deployment shop/web: spec.replicas: is no number',
  },
  {
    name: 'new errors fail',
    preview: previewOf([], { diagnostics: [{ code: 'A1001', severity: 'error', origin, message: 'no map' }] }),
    state: 'failure',
    text: '1 error; apps/web.yaml:3: no map',
  },
  {
    name: 'a cluster that cannot be read is said',
    preview: previewOf(updates('shop/web', ['eu-1', 'eu-2']), { unread: new Map([[clusterId('eu-2'), 'silent']]) }),
    state: 'success',
    text: '1 to change on 1 cluster, 0 deletions; not whole: eu-2 cannot be read',
  },
  {
    name: 'no cluster can be read',
    preview: previewOf(updates('shop/web', ['eu-2']), { unread: new Map([[clusterId('eu-2'), 'silent']]) }),
    state: 'error',
    text: 'nothing is known to change; not whole: eu-2 cannot be read',
  },
];
for (const { name, preview, state, text } of headlines)
  test(`statusOfPreview: ${name}`, () => {
    const status = statusOfPreview(planned(preview), 140);
    equal(`${status.state} ${status.text}`, `${state} ${text}`);
  });

test('statusOfPreview: a conflict is said, where it is, and what to do about it', () => {
  const places = [{ here: { from: 3, to: 4 }, there: { from: 5, to: 5 } }];
  const conflicts = [
    { kind: 'lines' as const, path: 'a.yaml', places },
    { kind: 'removedHere' as const, path: 'b`.yaml' },
  ];
  const outcome: Outcome = { kind: 'conflict', head: sha(1), branch: 'main', conflicts };
  equal(statusOfPreview(outcome, 140).text, '2 files cannot be merged into main: rebase it; a.yaml lines 3-4, b`.yaml');
  const [text] = commentsOf(outcome, owner, { bodyMax: 4_000, markup: 'html' });
  match(
    text ?? '',
    /^- `a\.yaml`: lines 3-4 here, line 5 on `main`\n- ``b`\.yaml``: removed here, changed on `main`$/m,
  );
});

test('commentsOf: of five thousand conflicts as many are named as a forge takes, and all are counted', () => {
  const conflicts = Array.from({ length: 5_000 }, (_, index) => ({
    kind: 'added' as const,
    path: `${'folder/'.repeat(30)}${index}.yaml`,
  }));
  const [text = ''] = commentsOf({ kind: 'conflict', head: sha(1), branch: 'main', conflicts }, owner, {
    bodyMax: 4_000,
    markup: 'html',
  });
  ok(text.length <= 4_000, `${text.length} characters`);
  match(text, /5000 files cannot be merged[\s\S]*and 49\d\d more$/);
});

test('commentsOf: equal diffs are told once, and what differs stands out', () => {
  const cells = [...updates('shop/web', many), ...updates('shop/web', ['eu-1'], image('web:0', 'web:2'))];
  const text = comment(previewOf(cells));
  match(text, /\| `shop\/web` \| the same 1-line diff on 37 clusters; `eu-1` differs: 1-line diff \|/);
  equal(text.match(/^- \.spec.*: "web:1"$/gm)?.length, 1);
  ok(
    text.startsWith('<!-- landfall plan default fleet 1 -->\n### Landfall: 1 to change on 38 clusters, 0 deletions\n'),
  );
});

test('commentsOf: of a Secret it is only said that it differs', () => {
  const hidden: FieldChange = { path: '.data.password', before: { kind: 'hidden' }, after: { kind: 'hidden' } };
  const text = comment(previewOf([cell('shop/web', 'eu-1', [action('update', 'db', { changes: [hidden] })])]));
  match(text, /^! \.data\.password: another value \(hidden\)$/m);
});

test('commentsOf: whatever a name holds is shown, and is nothing but a name', () => {
  const evil = 'a`b`` ``` <img src=x onerror=1> @everyone | -->\n/close\n```\n# big\u202e';
  const actions = [
    action('update', evil, { reason: evil, changes: [{ ...image(evil, `${evil}${'x'.repeat(100)}`), path: evil }] }),
  ];
  const diagnostics = [
    {
      code: 'A1001' as const,
      severity: 'error' as const,
      origin: { ...origin, path: evil },
      message: evil,
      hint: evil,
    },
  ];
  const text = comment(
    previewOf([cell('shop/web', 'eu-1', actions)], {
      diagnostics,
      unread: new Map([[clusterId('eu-2'), evil]]),
      held: [
        {
          repository: repositoryId('fleet'),
          deletes: 'sha256:00',
          cells: [{ cell: cellId(appIdOf('shop/web'), clusterId('eu-1')), objects: 1, reason: evil }],
        },
      ],
    }),
  );
  for (const outside of outsideOfCode(text)) {
    ok(!outside.includes('@everyone') && !outside.includes('<img') && !outside.includes('/close'), outside);
  }
  ok(!text.includes('\u202e'));
});

/** Lines and parts of lines that a forge would read as Markdown or HTML. */
function outsideOfCode(text: string): readonly string[] {
  const lines: string[] = [];
  let fence: string | undefined;
  for (const line of text.split('\n')) {
    const mark = /^`{3,}/.exec(line)?.[0];
    if (fence !== undefined) {
      if (line === fence) fence = undefined;
    } else if (mark !== undefined) fence = mark;
    else lines.push(line.replaceAll(/<code>.*?<\/code>/g, '').replaceAll(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, ''));
  }
  equal(fence, undefined, 'every block is closed');
  return lines;
}

test('commentsOf: sixty Apps with long diffs are a summary and pages, each within the limit, none twice', () => {
  const apps = Array.from({ length: 60 }, (_, index) => `shop/app-${String(index).padStart(2, '0')}`);
  const long = (text: string): FieldChange => ({
    path: '.data.text',
    before: { kind: 'absent' },
    after: {
      kind: 'value',
      value: Array.from({ length: 30 }, (_, index) => `${text} ${index} ${'x'.repeat(150)}`).join('\n'),
    },
  });
  const preview = previewOf(apps.flatMap((app) => updates(app, ['eu-1', 'eu-2'], long(app))));
  const pages = commentsOf(planned(preview), owner, { bodyMax: 65_536, markup: 'html' });
  ok(pages.length > 3 && pages.length <= 9, `${pages.length} pages`);
  for (const [index, page] of pages.entries()) {
    ok(page.length <= 65_536, `page ${index} has ${page.length}`);
    ok(page.startsWith(markOf(owner, index + 1, 'html')));
  }
  const whole = pages.slice(1).join('\n');
  for (const app of apps) equal(whole.split(`<summary><code>${app}</code>`).length, 2, app);
  match(pages[0] ?? '', /What changes on each cluster is in the \d comments that follow\./);
  const small = commentsOf(planned(preview), owner, { bodyMax: 4_000, markup: 'html' });
  ok(small.every((page) => page.length <= 4_000));
  match(small.join(''), /more parts would not fit/);
});

test('commentsOf: what is not needed any more says so under its mark', () => {
  ok(unusedComment(owner, 3, 'html').startsWith(markOf(owner, 3, 'html')));
});

test('commentsOf: order, moves, what leaves and what waits for a person', () => {
  const web = appIdOf('shop/web');
  const [eu1, eu2, us1] = [clusterId('eu-1'), clusterId('eu-2'), clusterId('us-1')];
  const stage = { isPinned: false, isAtOnce: false, soakMs: 600_000 };
  const text = comment(
    previewOf(updates('shop/web', ['eu-1', 'eu-2', 'us-1']), {
      turns: [
        {
          app: web,
          stages: [
            { ...stage, stage: 'canary', clusters: [eu1] },
            { ...stage, stage: 'production', clusters: [eu2, us1] },
            { ...stage, stage: 'frozen', clusters: [], isPinned: true },
          ],
        },
      ],
      moves: [{ app: web, from: [{ cluster: eu1, reason: 'unselected' }], to: [us1] }],
      leaving: [eu2],
      held: [
        {
          repository: repositoryId('fleet'),
          deletes: `sha256:${'ab'.repeat(32)}`,
          cells: [{ cell: cellId(web, eu1), objects: 2, reason: 'the cluster is no longer selected' }],
        },
      ],
    }),
  );
  match(
    text,
    /- `shop\/web`: `canary` \(`eu-1`\); then `production` \(`eu-2`, `us-1`\), 10m after that is well; then `frozen` when it is promoted/,
  );
  match(text, /- `shop\/web`: `eu-1` \(no longer selected\) → `us-1`/);
  match(text, /\*\*Clusters that leave the inventory\*\*: `eu-2`/);
  match(text, /\*\*2 deletions would wait for a person\*\*/);
  match(text, new RegExp(`deletes: "sha256:${'ab'.repeat(32)}"`));
});

test('headlineOf: deletions are always counted', () => {
  equal(
    headlineOf(previewOf([cell('shop/web', 'eu-1', [action('create', 'web'), action('delete', 'api')])])),
    '1 to create on 1 cluster, 1 deletion on 1 cluster',
  );
});

test('commentsOf: a forge that shows no HTML is given none', () => {
  const cells = [...updates('shop/web', many), ...updates('shop/web', ['eu-1'], image('web:0', 'web:2'))];
  const [text = ''] = commentsOf(planned(previewOf(cells)), owner, { bodyMax: 65_536, markup: 'plain' });
  match(text, /^\[\/\/\]: # \(landfall plan default fleet 1\)\n\n### Landfall: /);
  match(text, /^\*\*`shop\/web`\*\*: the same 1-line diff on 37 clusters\n\nOn `/m);
  doesNotMatch(text, /<\/?[a-z!]/);
});
