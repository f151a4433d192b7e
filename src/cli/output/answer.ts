/** The answer of a command: for a person, or as JSON or YAML for a program. */
import { formatJson } from '../../core/json/text.ts';
import type { Json } from '../../core/json/value.ts';
import { formatYaml } from '../../core/yaml/format.ts';
import type { Terminal } from '../surroundings.ts';

export const formats = ['human', 'json', 'yaml'] as const;
export type Format = (typeof formats)[number];

/** `human` is asked only when a person is to read it. */
export function printAnswer(format: Format, value: Json, human: () => string, stdout: Terminal): void {
  stdout.write(textOf(format, value, human));
}

function textOf(format: Format, value: Json, human: () => string): string {
  switch (format) {
    case 'human':
      return human();
    case 'json':
      return `${formatJson(value, 2)}\n`;
    case 'yaml':
      return formatYaml(value);
  }
}
