/**
 * Keeps what a real API server answers to every write that it refuses, for tests that have none to ask.
 *
 * Usage: `node test/cluster/merge/record.ts <url> <token> <ca.pem>`; writes `test/sandbox/schema/refusals.json`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { at, textOf } from '../../../src/core/json/value.ts';
import { pathOf, prepare, send } from './differential.ts';
import { realServer } from './real.ts';
import { refusals } from './refusals/refusals.ts';

const [url = '', token = '', caFile = ''] = process.argv.slice(2);
const real = realServer({ url, token, ca: readFileSync(caFile, 'utf8') });
await prepare(real);
const lines: string[] = [];
for (const { name, place, writes } of refusals) {
  const object = textOf(at(writes[0], 'body', 'metadata', 'name')) ?? '';
  const answers: unknown[] = [];
  for (const write of writes) {
    const body = 'body' in write ? write.body : null;
    const { code, body: answer, warnings } = await send(real, place, object, write, body);
    const fields = warnings.filter((warning) => /^(?:unknown|duplicate) field /.test(warning));
    const { reason, message, details } = answer;
    const causes = at(details, 'causes') ?? [];
    answers.push(
      code < 300 ? { code, warnings: fields } : { code, reason, message: tooLong(message), causes: tooLong(causes) },
    );
  }
  if (object !== '') await real.send('DELETE', pathOf(place, place.apiVersion, object));
  lines.push(JSON.stringify([`${name} (${place.kind})`, answers]));
}
real.close();

// A text that was refused for its size is kept by its beginning.
function tooLong(value: unknown): unknown {
  const text = JSON.stringify(value);
  return text !== undefined && text.length > 4_000 ? null : value;
}

const about = 'What kube-apiserver v1.36.3 answers to the writes of test/cluster/merge/refusals. Not edited by hand.';
const path = join(import.meta.dirname, '../../sandbox/schema/refusals.json');
writeFileSync(path, `{"about":${JSON.stringify(about)},\n"rows":[\n${lines.join(',\n')}\n]}\n`);
