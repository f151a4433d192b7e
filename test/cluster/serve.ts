/** Starts real API servers for a person or a benchmark: `node test/cluster/serve.ts [count] [--bare]`, until Ctrl-C. */
import { findOrBuildAssets } from './assets.ts';
import { startControlPlanes } from './control-plane.ts';
import { skipLine } from './skip-line.ts';

const report = (line: string): void => console.error(`# ${line}`);
const [first] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
// Without controllers and audit log: less memory, and nothing that writes by itself.
const isBare = process.argv.includes('--bare');

const search = await findOrBuildAssets(report);
if (search.kind === 'missing') {
  report(skipLine(search.reason));
  process.exitCode = 1;
} else {
  const count = first === undefined ? 1 : Number(first);
  const planes = await startControlPlanes(search.assets, {
    count,
    withControllers: !isBare,
    isAudited: !isBare,
    report,
  });
  const clusters = planes.servers.map((server) => ({
    name: server.name,
    server: server.origin,
    kubeconfig: server.kubeconfig(),
    pid: server.pid(),
  }));
  console.log(JSON.stringify({ ready: true, folder: planes.folder, clusters }));
  // Ctrl-C ends this process, and with it all that it started.
  setInterval(() => undefined, 1_000_000);
}
