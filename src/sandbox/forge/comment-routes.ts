/** Comments on pull requests of a sandbox forge, over its API. */
import { at, textOf } from '../../core/json/value.ts';
import type { ApiAnswer } from '../api/exchange.ts';
import { answer, done, notFound, refusal } from './answers.ts';
import type { Call, ForgeRoute } from './route.ts';

/** Source: Gitea's `routers/api/v1/repo/issue_comment.go`, as its swagger describes it. It lists all at once. */
export const commentRoutes: readonly ForgeRoute[] = [
  { method: 'GET', path: /^issues\/(\d+)\/comments$/, act: list },
  { method: 'POST', path: /^issues\/(\d+)\/comments$/, act: create },
  { method: 'GET', path: /^issues\/comments\/(\d+)$/, act: get },
  { method: 'PATCH', path: /^issues\/comments\/(\d+)$/, act: edit },
];

function list({ project, parts: [number], render }: Call): ApiAnswer {
  const pull = project.pull(Number(number));
  if (pull === undefined) return notFound;
  return answer(
    200,
    project.commentsOn(pull.number).map((comment) => render.comment(project.name, comment)),
  );
}

function create({ project, parts: [number], body, user, render }: Call): ApiAnswer {
  const pull = project.pull(Number(number));
  if (pull === undefined) return notFound;
  const text = textOf(at(body, 'body')) ?? '';
  if (text === '') return refusal(422, '[Body]: Required');
  return answer(201, render.comment(project.name, project.addComment(pull, text, user)));
}

function get({ project, parts: [id], render }: Call): ApiAnswer {
  const comment = project.comment(Number(id));
  return comment === undefined ? notFound : answer(200, render.comment(project.name, comment));
}

function edit({ project, parts: [id], body, user, render }: Call): ApiAnswer {
  const comment = project.comment(Number(id));
  if (comment === undefined) return notFound;
  if (comment.author !== user) return done(403);
  const text = textOf(at(body, 'body')) ?? '';
  if (text === '') return refusal(422, '[Body]: Required');
  return answer(200, render.comment(project.name, project.editComment(comment, text)));
}
