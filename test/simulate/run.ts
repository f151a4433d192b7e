/** `npm run sim -- [--seeds N] [--from S] [--seed S]`: random lives of the whole of Landfall; one that goes wrong says how to see it again. */
import { parseArgs } from 'node:util';
import { live } from './life.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    acts: { type: 'string', default: '24' },
  },
});
const acts = Number(values.acts);
const first = Number(values.seed ?? values.from);
const count = values.seed === undefined ? Number(values.seeds) : 1;
if (![acts, first, count].every((each) => Number.isSafeInteger(each) && each >= 0)) {
  console.error('usage: npm run sim -- [--seeds N] [--from S] [--seed S] [--acts N]');
  process.exit(2);
}

let wrong = 0;
for (let seed = first; seed < first + count; seed += 1) {
  const lived = await live(seed, { acts });
  if (lived.problems.length === 0) {
    if (values.seed !== undefined) console.log(lived.trace.join('\n'));
    console.log(`seed ${seed}: all well, ${lived.trace.length} events`);
    continue;
  }
  wrong += 1;
  const shortest = await shortened(seed, acts);
  if (values.seed !== undefined) console.log(lived.trace.join('\n'));
  console.log(`seed ${seed}: ${lived.problems.length} problems`);
  for (const problem of lived.problems) console.log(`  ${problem.replaceAll('\n', '\n    ')}`);
  console.log(`  again, with all that happened: npm run sim -- --seed ${seed} --acts ${shortest}`);
}
console.log(wrong === 0 ? `${count} lives, all well` : `${count} lives, ${wrong} of them went wrong`);
process.exitCode = wrong === 0 ? 0 : 1;

/** The fewest first acts after which it still goes wrong, as far as halving finds them. */
async function shortened(seed: number, longest: number): Promise<number> {
  let [good, bad] = [-1, longest];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if ((await live(seed, { acts: middle })).problems.length > 0) bad = middle;
    else good = middle;
  }
  return bad;
}
