/** Webhooks of a sandbox forge, over its API. */
import { answer, done, notFound, refusal } from './answers.ts';
import { type Hook, hookIn, hookJson } from './hooks.ts';
import type { ForgeRoute } from './route.ts';

/** Source: Gitea's `routers/api/v1/repo/hook.go`, as its swagger describes it. */
export const hookRoutes = (hooks: Map<number, Hook>, nextId: () => number): readonly ForgeRoute[] => [
  {
    method: 'GET',
    path: /^hooks$/,
    act: ({ project }) =>
      answer(200, [...hooks.values()].filter((hook) => hook.project === project.name).map(hookJson)),
  },
  {
    method: 'POST',
    path: /^hooks$/,
    act: ({ project, body }) => {
      const hook = hookIn(body, nextId(), project.name);
      if (hook === undefined) return refusal(422, 'Missing config option: url or content_type');
      hooks.set(hook.id, hook);
      return answer(201, hookJson(hook));
    },
  },
  {
    method: 'DELETE',
    path: /^hooks\/(\d+)$/,
    act: ({ project, parts: [id] }) => {
      const hook = hooks.get(Number(id));
      if (hook?.project !== project.name) return notFound;
      hooks.delete(hook.id);
      return done(204);
    },
  },
];
