/** Protects: what the sandbox's forge was made after is what a real Gitea does. */
import { test } from 'node:test';
import { forgeSuite } from '../conform/forge/suite.ts';
import { findOrBuildGitea, giteaSkipLine } from './gitea/build.ts';
import { startGitea } from './gitea/serve.ts';

const report = (line: string): void => console.error(`# ${line}`);
const gitea = await findOrBuildGitea(report);

if (typeof gitea === 'string') {
  report(giteaSkipLine(gitea));
  test('gitea', { skip: gitea });
} else {
  forgeSuite('gitea', async () => {
    const { url, user, addProject, gitURL, stop } = await startGitea(gitea);
    const project = await addProject('team', 'fleet');
    return { url, project, token: user.token, login: user.name, gitURL: gitURL(user, project), close: stop };
  });
}
