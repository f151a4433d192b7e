/** `landfall demo`: a fleet in this process, a Git repository to push to, and a real Landfall between them. */
import { type Controller, startController } from '../demo/controller.ts';
import { endingAnswer, printEnding } from '../demo/ending.ts';
import { follow } from '../demo/follow.ts';
import { conclude, handOver, introduce } from '../demo/guide.ts';
import { narratorOn } from '../demo/narrate.ts';
import { Scene } from '../demo/scene.ts';
import { type Step, stepsOf } from '../demo/steps.ts';
import { endingOf, playSteps, settling } from '../demo/story.ts';
import { openWorld, quickstartFiles, type World } from '../demo/world.ts';
import { type Format, printAnswer } from '../output/answer.ts';
import type { ExitCode, Surroundings, Terminal } from '../surroundings.ts';

export type DemoOptions = {
  readonly once?: boolean | undefined;
  readonly port: number;
  readonly output: Format;
};

type Stage = {
  readonly world: World;
  readonly controller: Controller;
  readonly steps: readonly Step[];
  /** Where the story is told: standard output is for the answer alone. */
  readonly terminal: Terminal;
};

export async function demo(options: DemoOptions, around: Surroundings): Promise<ExitCode> {
  const files = await quickstartFiles();
  const world = await openWorld({ port: options.port }, around);
  try {
    const controller = await startController(world.settingsFile, around);
    try {
      const terminal = options.output === 'human' ? around.stdout : around.stderr;
      const stage = { world, controller, steps: stepsOf(files), terminal };
      return options.once === true ? await playOnce(stage, options, around) : await keepRunning(stage, options, around);
    } finally {
      await controller.stop();
    }
  } finally {
    await world.close();
  }
}

async function playOnce(stage: Stage, { output }: DemoOptions, around: Surroundings): Promise<ExitCode> {
  const { world, controller, terminal } = stage;
  const { clock, stdout } = around;
  const startMs = clock.nowMs();
  const steps = [...stage.steps, settling];
  const tell = narratorOn(terminal, steps.length);
  const scene = new Scene(world, controller, tell, around);
  try {
    introduce(world, controller, tell);
    const ending = await endingOf(await playSteps(steps, scene), scene);
    printAnswer(output, endingAnswer(world, ending), () => printEnding(ending, stdout), stdout);
    conclude(ending.isHappy, ending.cells.length, clock.nowMs() - startMs, tell);
    return ending.isHappy ? 0 : 1;
  } finally {
    scene.close();
  }
}

/** Plays the first step, and leaves the others to whoever has started it. */
async function keepRunning(stage: Stage, { output }: DemoOptions, around: Surroundings): Promise<ExitCode> {
  const { world, controller, terminal } = stage;
  const tell = narratorOn(terminal, 0);
  const scene = new Scene(world, controller, tell, around);
  try {
    introduce(world, controller, tell);
    const isSeen = await playSteps(stage.steps.slice(0, 1), scene);
    handOver(world, around.folder, tell);
    const unfollow = follow(scene, terminal, around);
    await Promise.race([stopped(around.signal), controller.ended]);
    unfollow();
    if (output !== 'human')
      printAnswer(
        output,
        endingAnswer(world, { isHappy: isSeen, commits: [], cells: scene.cells }),
        () => '',
        around.stdout,
      );
    return 0;
  } finally {
    scene.close();
  }
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
