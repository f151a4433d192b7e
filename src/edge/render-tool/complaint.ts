/** What a tool says of itself, as a person wants to read it. */
import type { ToolName } from '../../core/model/tool.ts';

const lengthMax = 1_000;
const warningsMax = 5;

/** Why it failed, with paths as the repository has them. `folder`: the run's. */
export function failureIn(complaint: string, folder: string): string {
  const text = cleaned(complaint, folder);
  const start = text.lastIndexOf('Error: ');
  const said = (start < 0 ? text : text.slice(start + 'Error: '.length))
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('Use --debug flag'))
    .join('\n')
    .trim();
  if (said === '') return 'it failed and said nothing';
  return said.length > lengthMax ? `${said.slice(0, lengthMax)}…` : said;
}

/** What it warned of although it succeeded, a line each. */
export function warningsIn(complaint: string, folder: string): readonly string[] {
  const lines = cleaned(complaint, folder)
    .split('\n')
    .map((line) => line.replace(/^(?:#\s*)?(?:warning|warn):\s*/i, '').trim())
    .filter((line) => line !== '');
  return [...new Set(lines)].slice(0, warningsMax);
}

const cleaned = (complaint: string, folder: string): string =>
  complaint.replaceAll(`${folder}/files/`, '').replaceAll(`${folder}/files`, '.').replaceAll(`${folder}/own/`, '');

const homes: Readonly<Record<ToolName, string>> = {
  helm: 'https://helm.sh/docs/intro/install',
  kustomize: 'https://kubectl.docs.kubernetes.io/installation/kustomize',
};

/** How to get it. */
export const installHint = (tool: ToolName): string =>
  `install it where Landfall runs (${homes[tool]}), or name it in the settings as \`tools.${tool}\``;
