/** Pages and a Prometheus that gates ask: what they say, a test changes. */
import { FaultError } from '../../../src/core/model/fault.ts';
import type { CheckDeps } from '../../../src/engine/gates/checks.ts';
import type { NetResponse } from '../../../src/seam/net.ts';
import { fakeNet } from '../../builder/net.ts';

export type Outside = {
  readonly said: { status: number; values: readonly string[]; isAway: boolean };
  /** Every URL that was asked, oldest first. */
  readonly asked: readonly string[];
  readonly web: Pick<CheckDeps, 'allow' | 'net'>;
};

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
const answer = (status: number, text = ''): NetResponse => ({ status, headers: {}, body: bytes(text) });

export function outside(): Outside {
  const asked: string[] = [];
  const said = { status: 200, values: ['0'] as readonly string[], isAway: false };
  const net = fakeNet(({ path }, { origin, isGuarded }) => {
    asked.push(`${origin}${path}`);
    if (isGuarded !== true) throw new Error('not guarded');
    if (said.isAway) throw new FaultError({ kind: 'unreachable', detail: 'nobody is there' });
    if (!path.startsWith('/api/v1/query')) return answer(said.status);
    const result = said.values.map((value) => ({ metric: {}, value: [1, value] }));
    return answer(200, JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
  });
  return { said, asked, web: { net, allow: ['https://shop.example.com', 'https://prometheus.example.com'] } };
}
