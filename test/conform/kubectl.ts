/** Unmodified kubectl against a server: its output and exit codes, on a real one and on the sandbox. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { type Exemption, reasonsOf } from './exemption.ts';
import { kubectlApplies } from './kubectl-apply.ts';
import { said } from './kubectl-case.ts';
import { kubectlChanges } from './kubectl-changes.ts';
import { kubectlReads } from './kubectl-reads.ts';
import { kubectlSets } from './kubectl-sets.ts';
import { type KubectlProgram, kubectlFor } from './run-kubectl.ts';

const casesAtOnce = 3;

/** Every case with every kubectl. `kubeconfig` is a path. */
export function conformToKubectl(
  name: string,
  kubeconfig: string,
  programs: readonly KubectlProgram[],
  exemptions: readonly Exemption[] = [],
): void {
  const cases = [...kubectlReads, ...kubectlApplies, ...kubectlChanges, ...kubectlSets];
  const reasons = reasonsOf(exemptions, new Set(cases.map((each) => each.name)));
  for (const program of programs) {
    describe(`kubectl ${program.version} on ${name}`, { concurrency: casesAtOnce }, () => {
      const folder = mkdtempSync(join(tmpdir(), 'landfall-kubectl-'));
      // On an interrupted run too.
      process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
      const run = randomBytes(3).toString('hex');
      for (const [index, each] of cases.entries()) {
        it(each.name, { skip: reasons.get(each.name) ?? false, timeout: 120_000 }, async () => {
          const kubectl = kubectlFor(program.path, kubeconfig, folder);
          const namespace = `kubectl-${run}-${index}`;
          said(await kubectl(['create', 'namespace', namespace]), `namespace/${namespace} created\n`);
          await each.run({
            kubectl: (args, options) => kubectl(['-n', namespace, ...args], options),
            namespace,
            version: program.version,
          });
        });
      }
    });
  }
}
