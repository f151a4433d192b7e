/** `landfall promote`: moves the pin of a stage, by pull request where there is a forge. */
import type { Json } from '../../core/json/value.ts';
import { appIdOf } from '../../core/model/id.ts';
import { type Handed, promoteByHand } from '../../engine/promote/by-hand.ts';
import { openParts } from '../connect/parts.ts';
import { commitNamed } from '../connect/revision.ts';
import { UsageError } from '../failure.ts';
import { type Format, printAnswer } from '../output/answer.ts';
import { paintFor } from '../output/paint.ts';
import { oneLine } from '../output/text.ts';
import { readSettings } from '../settings/read.ts';
import type { ExitCode, Surroundings, Terminal } from '../surroundings.ts';

export type PromoteOptions = {
  readonly to: string;
  readonly revision?: string | undefined;
  readonly merge?: boolean | undefined;
  readonly config?: string | undefined;
  readonly logLevel?: string | undefined;
  readonly refObjectsAvailableScope?: string | undefined;
  readonly output: Format;
};

export async function promote(app: string, options: PromoteOptions, around: Surroundings): Promise<ExitCode> {
  const { folder, environment, signal, stdout } = around;
  if (!/^[^/]+\/[^/]+$/.test(app)) throw new UsageError(`${JSON.stringify(app)} is no App: name it <namespace>/<name>`);
  const settings = await readSettings({ config: options.config, flags: options, folder, environment });
  const revision = options.revision === undefined ? undefined : commitNamed(options.revision, settings).commit;
  const parts = await openParts(settings, { isOneShot: true }, around);
  try {
    const { engineSettings, engineDeps, requestsOf } = parts;
    const ask = { app: appIdOf(app), stage: options.to, revision, isMerging: options.merge === true };
    const handed = await promoteByHand(ask, engineSettings, { ...engineDeps, requestsOf }, signal);
    printAnswer(options.output, answerOf(handed), () => textOf(handed, stdout), stdout);
    return handed.isDone ? 0 : 1;
  } finally {
    await parts.close();
  }
}

function answerOf({ pin, pullRequest, message }: Handed): Json {
  return {
    ...(pullRequest === undefined
      ? {}
      : { pullRequest: { number: pullRequest.number, url: pullRequest.url, state: pullRequest.state } }),
    pin: { path: pin.path, from: pin.from ?? null, revision: pin.to ?? pin.from ?? null },
    message,
  };
}

function textOf({ pin, message, isDone }: Handed, terminal: Terminal): string {
  const paint = paintFor(terminal);
  const mark = isDone ? paint('green', '✓') : paint('yellow', '…');
  const then = isDone ? '' : ', not yet';
  const move = pin.to === undefined ? '' : `${pin.path}: ${shown(pin.from)} → ${shown(pin.to)}${then}\n`;
  return `${move}${mark} ${oneLine(message)}\n`;
}

const shown = (commit: string | undefined): string => commit?.slice(0, 12) ?? 'nothing';
