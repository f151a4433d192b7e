/** From the steps of a workflow to deployments in order. */
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import type { Gate } from '../../model/gate.ts';
import type { AppId } from '../../model/id.ts';
import { appId } from '../../model/id.ts';
import type { Dependency } from '../../model/intent.ts';
import type { Path } from '../../model/locate.ts';
import type { Origin } from '../../model/source.ts';
import { Duration } from '../native/field.ts';
import { readWritten, type Written } from '../native/read.ts';
import { originAt, type Placed } from '../placed.ts';
import { judge } from './condition.ts';
import { inputsAt } from './loaded.ts';
import { metricsGate } from './metrics-gate.ts';
import { caution, problem } from './problem.ts';
import type { GivenMode, GivenStep } from './schema/application.ts';
import * as schema from './schema/policy.ts';
import { slug } from './slug.ts';
import { mayPass, type Task, taskOf } from './step-task.ts';
import { writtenAt } from './written.ts';

export type ScheduledStep = {
  readonly name: string;
  readonly origin: Origin;
  readonly task: Task;
  /** Steps of one number do not wait for each other; those of a smaller one come first. */
  readonly level: number;
  /** Not before a person agrees. */
  readonly isWaiting: boolean;
  /** Not before what comes first has been well for so long. */
  readonly pauseMs: number;
  readonly timeoutMs: number | undefined;
  readonly gates: readonly Gate[];
};

export type Schedule = { readonly steps: readonly ScheduledStep[]; readonly dependsOn: readonly Dependency[] };

export type Steps = {
  readonly steps: readonly GivenStep[];
  readonly mode: GivenMode;
  readonly placed: Placed;
  /** Of the list of steps in the document. */
  readonly path: Path;
  readonly app: string;
  readonly namespace: string;
  /** Of the components. */
  readonly inputsBeside: readonly { readonly from: string }[];
};

export function scheduleOf(given: Steps): Findings<Schedule> {
  const scheduler = new Scheduler(given);
  scheduler.run();
  return { value: { steps: scheduler.steps, dependsOn: scheduler.dependsOn }, diagnostics: scheduler.problems };
}

/** Where what follows starts, and what it waits for. */
type After = Pick<ScheduledStep, 'gates' | 'isWaiting' | 'level' | 'pauseMs'>;

const start: After = { level: 0, isWaiting: false, pauseMs: 0, gates: [] };

const join = (all: readonly After[]): After => ({
  level: Math.max(0, ...all.map(({ level }) => level)),
  isWaiting: all.some(({ isWaiting }) => isWaiting),
  pauseMs: Math.max(0, ...all.map(({ pauseMs }) => pauseMs)),
  gates: [...new Set(all.flatMap(({ gates }) => gates))],
});

type Step = Omit<GivenStep, 'mode' | 'subSteps'> & Pick<Partial<GivenStep>, 'mode' | 'subSteps'>;

class Scheduler {
  readonly steps: ScheduledStep[] = [];
  readonly dependsOn: Dependency[] = [];
  readonly problems: Diagnostic[] = [];
  readonly #given: Steps;

  constructor(given: Steps) {
    this.#given = given;
  }

  run(): void {
    const { steps, mode, path } = this.#given;
    const { gates } = this.#all(steps, mode.steps ?? 'StepByStep', path, start);
    const used = new Set(this.steps.flatMap((step) => step.gates));
    for (const { name, origin } of gates.filter((gate) => !used.has(gate)))
      this.problems.push(
        caution('A1518', origin, `nothing is deployed after step ${name}, so its check holds up nothing`),
      );
  }

  #all(steps: readonly Step[], mode: 'StepByStep' | 'DAG', path: Path, before: After): After {
    if (mode === 'StepByStep')
      return steps.reduce((after, step, index) => this.#one(step, [...path, index], after), before);
    const done = new Map<string, After>();
    const pending = new Set<string>();
    const afterOf = (index: number): After => {
      const step = steps[index];
      if (step === undefined) return before;
      const name = nameOf(step, index);
      const finished = done.get(name);
      if (finished !== undefined) return finished;
      if (pending.has(name)) {
        const origin = originAt(this.#given.placed, [...path, index, 'dependsOn']);
        this.problems.push(problem('A1216', origin, `step ${name} waits for itself`));
        return before;
      }
      pending.add(name);
      const needed = (step.dependsOn ?? []).map((other, at) => {
        const found = steps.findIndex((each, place) => nameOf(each, place) === other);
        if (found !== -1) return afterOf(found);
        const origin = originAt(this.#given.placed, [...path, index, 'dependsOn', at]);
        this.problems.push(problem('A1203', origin, `there is no step ${other}`));
        return before;
      });
      const after = this.#one(step, [...path, index], needed.length === 0 ? before : join(needed));
      done.set(name, after);
      return after;
    };
    return join([before, ...steps.map((_, index) => afterOf(index))]);
  }

  #one(step: Step, path: Path, before: After): After {
    const { placed } = this.#given;
    const name = nameOf(step, Number(path.at(-1)));
    const origin = originAt(placed, path);
    for (const field of ['inputs', 'outputs'] as const) {
      if ((step[field] ?? []).length === 0) continue;
      if (mayPass(step.type, field) && (field === 'inputs' || this.#isTaken(step.outputs))) continue;
      if (field === 'outputs' && !this.#isTaken(step.outputs)) {
        const message = `nothing takes the \`outputs\` of step ${name}, so they say nothing`;
        this.problems.push(caution('A1531', originAt(placed, [...path, field]), message));
        continue;
      }
      const message = `step ${name} has \`${field}\`: values that pass from one step to another`;
      this.problems.push(
        problem('A1519', originAt(placed, [...path, field]), message, 'write the value into the manifest'),
      );
    }
    const verdict = judge(step.if);
    if (verdict === 'unknown') {
      const hint = 'only `always` and the outcomes of earlier steps can be decided';
      this.problems.push(
        problem(
          'A1522',
          originAt(placed, [...path, 'if']),
          `whether step ${name} runs depends on a running cluster`,
          hint,
        ),
      );
    }
    if (verdict === 'skipped') {
      const message = `step ${name} runs only when an earlier one does not succeed, where Landfall stops`;
      this.problems.push(caution('A1523', originAt(placed, [...path, 'if']), message));
    }
    return verdict === 'runs' ? this.#act(step, name, origin, path, before) : before;
  }

  #isTaken(outputs: Step['outputs']): boolean {
    const { steps, inputsBeside } = this.#given;
    const all = [...steps, ...steps.flatMap(({ subSteps }) => subSteps ?? [])];
    const taken = new Set([...all.flatMap(({ inputs }) => inputs ?? []), ...inputsBeside].map(({ from }) => from));
    return (outputs ?? []).some(({ name }) => taken.has(name));
  }

  #act(step: Step, name: string, origin: Origin, path: Path, before: After): After {
    const written = writtenAt(this.#given.placed, [...path, 'properties'], `the properties of step ${name}`);
    switch (step.type) {
      case 'step-group': {
        const mode = step.mode ?? this.#given.mode.subSteps ?? 'DAG';
        return this.#all(step.subSteps ?? [], mode, [...path, 'subSteps'], before);
      }
      case 'suspend': {
        const given = this.#read(schema.Suspend, written);
        const pauseMs = this.#duration(given?.duration ?? undefined, written.originAt(['duration']));
        return pauseMs === undefined ? { ...before, isWaiting: true } : join([before, { ...before, pauseMs }]);
      }
      case 'depends-on-app':
        return this.#depend(written, before);
      case 'check-metrics': {
        const { value: gate, diagnostics } = metricsGate(slug(name), origin, written);
        this.problems.push(...diagnostics);
        return gate === undefined ? before : { ...before, gates: [...before.gates, gate] };
      }
      default: {
        const done = this.steps.map((each) => each.task);
        const { app, namespace } = this.#given;
        const inputs = inputsAt(this.#given.placed, path, step.inputs);
        const context = { step: name, app, namespace, inputs, outputs: step.outputs ?? [], done };
        const { value: task, diagnostics } = taskOf(step.type, written, context);
        this.problems.push(...diagnostics);
        if (task === undefined) return before;
        const { level, pauseMs, gates } = before;
        const timeoutMs = this.#duration(step.timeout, originAt(this.#given.placed, [...path, 'timeout']));
        this.steps.push({
          name,
          origin,
          task: task.task,
          level,
          pauseMs,
          gates,
          isWaiting: before.isWaiting || task.isWaiting,
          timeoutMs,
        });
        return { ...start, level: level + 1 };
      }
    }
  }

  #depend(written: Written, before: After): After {
    const given = this.#read(schema.DependsOnApp, written);
    if (given === undefined) return before;
    const app: AppId = appId(given.namespace || this.#given.namespace, given.name);
    this.dependsOn.push({ app, scope: 'AllClusters', origin: written.originAt([]) });
    return before;
  }

  #read<Schema extends Parameters<typeof readWritten>[0]>(
    given: Schema,
    written: Written,
  ): ReturnType<typeof readWritten<Schema>>['value'] {
    const { value, diagnostics } = readWritten(given, written);
    this.problems.push(...diagnostics);
    return value;
  }

  #duration(text: string | undefined, origin: Origin): number | undefined {
    if (text === undefined || text === '') return undefined;
    const read = Duration.safeParse(text);
    if (read.success) return read.data;
    this.problems.push(problem('A1102', origin, 'it must be a duration such as 30s, 10m or 1h30m'));
    return undefined;
  }
}

const nameOf = ({ name }: Step, index: number): string => name || `step-${index + 1}`;
