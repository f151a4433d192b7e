/** A program that stands in for Helm: what it does is written in the values it is given. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { connect } from 'node:net';

const [command = '', ...args] = process.argv.slice(2);

const valuesOf = (): Readonly<Record<string, unknown>> => {
  const path = args.findLast((_, index) => args[index - 1] === '--values') ?? '';
  return JSON.parse(readFileSync(path, 'utf8'));
};

const print = (name: string, data: Readonly<Record<string, string>>): void =>
  void process.stdout.write(
    `---\n${JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data })}\n`,
  );

function template(): void {
  const { does, file } = valuesOf();
  switch (does) {
    case 'arguments':
      return print('arguments', { args: JSON.stringify(args) });
    case 'environment':
      return print('environment', Object.fromEntries(Object.entries(process.env).map(([k, v]) => [k, String(v)])));
    case 'files':
      return print('files', {
        all: readdirSync(args[1] ?? '', { recursive: true, encoding: 'utf8' })
          .toSorted()
          .join(' '),
        around: readdirSync('.').toSorted().join(' '),
      });
    case 'hang': {
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
      writeFileSync(String(file), `${process.pid} ${child.pid}`);
      setInterval(() => {}, 1_000);
      return;
    }
    case 'bloat': {
      const kept: Buffer[] = [];
      for (;;) kept.push(Buffer.alloc(64 * 1024 * 1024, 1));
    }
    case 'flood':
      for (;;) writeSync(1, '# a line without an end '.repeat(1_000));
    case 'connect': {
      const socket = connect(Number(file), '127.0.0.1');
      socket.on('connect', () => process.exit(print('reached', {}) ?? 0));
      socket.on('error', (error) => print('blocked', { why: error.message }));
      return;
    }
    case 'complain':
      process.stderr.write(
        `WARNING: an old habit\nError: ${process.cwd()}/files/chart/templates/a.yaml:3: no such value\n`,
      );
      process.exit(1);
      return;
    case 'warn':
      process.stderr.write('WARNING: an old habit\n');
      return print('warned', {});
    case 'scrawl':
      process.stdout.write('---\n# Source: web/templates/a.yaml\na: [1\n');
      return;
    case 'nameless':
      process.stdout.write('---\n# Source: web/templates/b.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: {}\n');
      return;
    default:
      return print('made', { there: String(existsSync(args[1] ?? '')) });
  }
}

if (command === 'version') process.stdout.write('v9.9.9');
else template();
