/** What the answers of API servers and of those in between mean. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { faultOfAnswer, isAbsent } from '../../../src/edge/kube/status.ts';

const about = { doing: 'apply ConfigMap shop/web', isSecret: false };
const status = (code: number, reason: string, message = 'why', details: unknown = undefined) => ({
  status: code,
  headers: { 'content-type': 'application/json' },
  text: JSON.stringify({ kind: 'Status', code, reason, message, details }),
});
const page = (code: number, text = '<html>hello</html>', headers: Readonly<Record<string, string>> = {}) => ({
  status: code,
  headers: { 'content-type': 'text/html', ...headers },
  text,
});
const typedPatch =
  'failed to create typed patch object (shop/web; /v1, Kind=Secret): .data.key: expected string, got &value{topsecret}';

const cases = [
  { name: '400', answer: status(400, 'BadRequest'), kind: 'invalid' },
  { name: '401', answer: status(401, 'Unauthorized'), kind: 'unauthenticated' },
  { name: '403', answer: status(403, 'Forbidden'), kind: 'forbidden' },
  {
    name: '403 in a namespace that goes',
    answer: status(403, 'Forbidden', 'x', { causes: [{ reason: 'NamespaceTerminating' }] }),
    kind: 'missing',
  },
  { name: '404', answer: status(404, 'NotFound'), kind: 'missing' },
  { name: '406', answer: status(406, 'NotAcceptable'), kind: 'protocol' },
  { name: '409 exists', answer: status(409, 'AlreadyExists'), kind: 'exists' },
  { name: '409 changed', answer: status(409, 'Conflict'), kind: 'stale' },
  {
    name: '409 managers',
    answer: status(409, 'Conflict', 'x', {
      causes: [
        {
          reason: 'FieldManagerConflict',
          message: 'conflict with "kubectl" with subresource "scale" using v1',
          field: '.spec.replicas',
        },
        { reason: 'FieldManagerConflict', message: 'conflict with "odd \\"name\\"" using v1', field: '.spec.x' },
      ],
    }),
    kind: 'conflict',
  },
  { name: '410', answer: status(410, 'Expired'), kind: 'expired' },
  { name: '422', answer: status(422, 'Invalid'), kind: 'invalid' },
  { name: '429', answer: status(429, 'TooManyRequests'), kind: 'throttled' },
  { name: '500', answer: status(500, 'InternalError'), kind: 'serverError' },
  { name: '500 typed patch', answer: status(500, '', typedPatch), kind: 'invalid' },
  {
    name: '500 quantity',
    answer: status(
      500,
      '',
      'failed to convert new object (a/b; apps/v1, Kind=Deployment) to proper version: quantities must match',
    ),
    kind: 'invalid',
  },
  {
    name: '500 conversion webhook',
    answer: status(500, '', 'failed to convert new object (a/b): conversion webhook for x failed: connection refused'),
    kind: 'serverError',
  },
  { name: '503', answer: status(503, 'ServiceUnavailable'), kind: 'serverError' },
  { name: '503 that says when', answer: { ...status(503, ''), headers: { 'retry-after': '2' } }, kind: 'throttled' },
  { name: '504', answer: status(504, 'Timeout'), kind: 'serverError' },
  { name: 'page 302', answer: page(302), kind: 'protocol' },
  { name: 'page 401', answer: page(401), kind: 'unauthenticated' },
  { name: 'page 403', answer: page(403), kind: 'forbidden' },
  { name: 'page 404', answer: page(404), kind: 'protocol' },
  { name: 'page 409', answer: page(409), kind: 'protocol' },
  { name: 'page 429', answer: page(429), kind: 'throttled' },
  { name: 'page 502', answer: page(502), kind: 'serverError' },
  { name: 'unserved path', answer: page(404, '404 page not found\n'), kind: 'missing' },
] as const;
for (const { name, answer, kind } of cases) {
  test(`faultOfAnswer: ${name}`, () => {
    const fault = faultOfAnswer(answer, about);
    equal(fault.kind, kind, fault.detail);
    equal(fault.status, answer.status);
    ok(fault.detail.startsWith('apply ConfigMap shop/web: '));
    ok(!fault.detail.includes('<html>'));
  });
}

test('faultOfAnswer: the managers and paths of a conflict', () => {
  const conflict = cases.find((one) => one.name === '409 managers');
  ok(conflict);
  deepEqual(faultOfAnswer(conflict.answer, about).conflicts, [
    { manager: 'kubectl', path: '.spec.replicas' },
    { manager: 'odd \\"name\\"', path: '.spec.x' },
  ]);
});

const waits = [
  { name: 'header', answer: { ...status(429, ''), headers: { 'retry-after': '3' } }, ms: 3_000 },
  { name: 'body', answer: status(429, '', 'x', { retryAfterSeconds: 4 }), ms: 4_000 },
  { name: 'at most an hour', answer: { ...status(429, ''), headers: { 'retry-after': '999999' } }, ms: 3_600_000 },
  {
    name: 'a date is none',
    answer: { ...status(429, ''), headers: { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' } },
    ms: undefined,
  },
  { name: 'absent', answer: status(429, ''), ms: undefined },
];
for (const { name, answer, ms } of waits) {
  test(`faultOfAnswer: retry after: ${name}`, () => equal(faultOfAnswer(answer, about).retryAfterMs, ms));
}

test('faultOfAnswer: a Secret is not quoted, its fields are', () => {
  const secret = { doing: 'apply Secret shop/web', isSecret: true };
  const invalid = status(422, 'Invalid', 'data.key: Invalid value: "topsecret"', {
    causes: [{ reason: 'FieldValueInvalid', message: 'Invalid value: "topsecret"', field: 'data.key' }],
  });
  for (const answer of [invalid, status(500, '', typedPatch), status(400, 'BadRequest', 'topsecret')]) {
    const fault = faultOfAnswer(answer, secret);
    ok(!JSON.stringify(fault).includes('topsecret'), JSON.stringify(fault));
  }
  deepEqual(faultOfAnswer(invalid, secret).fields, ['data.key']);
  deepEqual(faultOfAnswer(status(500, '', typedPatch), secret).fields, ['.data.key']);
});

test('faultOfAnswer: long words are cut, and stay on one line', () => {
  const { detail } = faultOfAnswer(status(422, 'Invalid', `a\nb ${'x'.repeat(5_000)}`), about);
  ok(detail.length < 700);
  ok(detail.includes('a b x'));
});

const absences = [
  {
    name: 'the server names it',
    answer: status(404, 'NotFound', '', { name: 'web', kind: 'configmaps' }),
    isGone: true,
  },
  { name: 'another name', answer: status(404, 'NotFound', '', { name: 'shop', kind: 'namespaces' }), isGone: false },
  { name: 'no name: the kind is not served', answer: status(404, 'NotFound', '', {}), isGone: false },
  { name: 'a page', answer: page(404), isGone: false },
  { name: 'unserved path', answer: page(404, '404 page not found\n'), isGone: false },
  { name: 'another failure', answer: status(500, 'NotFound', '', { name: 'web' }), isGone: false },
];
for (const { name, answer, isGone } of absences) {
  test(`isAbsent: ${name}`, () => equal(isAbsent(answer, 'web'), isGone));
}
