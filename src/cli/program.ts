/** The command line: names, options and help. What a command does is loaded when it is asked for. */
import { Command, CommanderError } from 'commander';
import { addCommands } from './commands.ts';
import { reportFailure } from './failure.ts';
import { paintFor } from './output/paint.ts';
import type { ExitCode, Surroundings } from './surroundings.ts';
import { ownVersion } from './version.ts';

/** Runs one command. Shape: `argv` without the program's name. Errors: bugs only; whatever else goes wrong is told. */
export async function runCommand(argv: readonly string[], around: Surroundings): Promise<ExitCode> {
  let code: ExitCode = 0;
  const program = rootCommand(around);
  addCommands(program, around, (ended) => {
    code = ended;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    // Help and version end like this as well, with code 0. Commander has said already what it has to say.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    return reportFailure(error, around);
  }
}

function rootCommand({ stdout, stderr }: Surroundings): Command {
  const { write } = stdout;
  return new Command('landfall')
    .description('Git says what should run on which clusters; Landfall makes it so.')
    .version(ownVersion(), '--version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand(false)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: write,
      writeErr: (text) => stderr.write(text),
      getOutHelpWidth: () => Math.min(stdout.columns(), 100),
      getErrHelpWidth: () => Math.min(stderr.columns(), 100),
      getOutHasColors: () => stdout.hasColour,
      getErrHasColors: () => stderr.hasColour,
      outputError: (text, out) => out(`${text.trimEnd()}\n${hintFor(text)}`),
    })
    .configureHelp({ sortOptions: false, styleTitle: (text) => paintFor(stdout)('bold', text) });
}

const hintFor = (text: string): string =>
  text.includes('unknown command') || text.includes('missing required')
    ? '`landfall --help` shows what there is\n'
    : '';
