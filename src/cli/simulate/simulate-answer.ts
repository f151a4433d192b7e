/** A simulation as programs read it. */
import type { Json } from '../../core/json/value.ts';
import type { Violation } from '../../core/simulation/judge-policy.ts';
import type { CellNow, Moment, Move } from '../../core/simulation/moment.ts';
import type { Played } from './play.ts';

export function simulateAnswer(played: Played): Json {
  return {
    before: momentAnswer(played.before),
    after: momentAnswer(played.after),
    moves: played.moves.map((move) => moveAnswer(move, played)),
    violations: played.violations.map((violation) => violationAnswer(violation, played)),
  };
}

function momentAnswer({ cells, fleet }: Moment): Json {
  const lost = new Set(cells.filter(({ isReachable }) => !isReachable).map(({ cluster }) => cluster));
  return {
    clusters: [...fleet.values()].map(({ id, lifecycle }) => ({ name: id, reachable: !lost.has(id), lifecycle })),
    cells: cells.map(cellAnswer),
  };
}

function cellAnswer({ app, cluster, isThere, isSettled, replicas, ready, waits }: CellNow): Json {
  return {
    app,
    cluster,
    present: isThere,
    settled: isSettled,
    ...(replicas === undefined ? {} : { replicas, ready }),
    ...(waits === undefined ? {} : { waits }),
  };
}

/** Shape: `afterSeconds` since the beginning; steps by number, from 1. */
function moveAnswer(move: Move, { startMs }: Played): Json {
  const { app, cluster, kind, created, updated, released, deleted } = move;
  const { before, after } = move.replicas;
  return {
    step: move.step + 1,
    afterSeconds: (move.atMs - startMs) / 1000,
    app,
    cluster,
    kind,
    ...(before === undefined && after === undefined ? {} : { replicas: { before: before ?? 0, after: after ?? 0 } }),
    objects: { created, updated, released, deleted: deleted.length },
  };
}

function violationAnswer({ policy, atMs, step, message }: Violation, { startMs, steps }: Played): Json {
  const { path, line, column } = policy.origin;
  return {
    policy: policy.rule.kind,
    message,
    ...(policy.because === undefined ? {} : { because: policy.because }),
    step: step + 1,
    ...(steps[step] === undefined ? {} : { stepName: steps[step].name }),
    afterSeconds: (atMs - startMs) / 1000,
    path,
    line,
    column,
  };
}
