/** Charts that ask the cluster, which nobody answers: what they make is to be the same whatever runs. */
import type { InputFile } from './workspace.ts';

const told = 3;

/** Shape: a warning for each template that calls `lookup`, up to a few. */
export const lookupsIn = (files: readonly InputFile[]): readonly string[] =>
  files
    .filter(
      ({ path, bytes }) =>
        /(?:^|\/)templates\/.*\.(?:ya?ml|tpl|txt)$/.test(path) &&
        /\{\{[^}]*\blookup\s+["'`($.]/.test(Buffer.from(bytes).toString('utf8')),
    )
    .slice(0, told)
    .map(
      ({ path }) =>
        `${path} calls \`lookup\`, which finds nothing here: a chart is rendered from Git alone, the same whatever runs`,
    );
