/** Names of branches and other refs: what Git allows, and nothing that could lead out of the folder of refs. */
import { FaultError } from '../../../core/model/fault.ts';

/** Source: git-check-ref-format(1). */
export function isRefName(name: string): boolean {
  const parts = name.split('/');
  return (
    name.length <= 1024 &&
    parts.length > 1 &&
    !/[\u0000- ~^:?*[\\\u007f]|\.\.|@\{|\.$/.test(name) &&
    parts.every((part) => part !== '' && !part.startsWith('.') && !part.startsWith('-') && !part.endsWith('.lock'))
  );
}

/** `refs/heads/<branch>`. Errors: `misconfigured`. */
export function branchRef(branch: string): string {
  return checkedRef(`refs/heads/${branch}`);
}

/** Errors: `misconfigured`. */
export function checkedRef(name: string): string {
  if (name.startsWith('refs/') && isRefName(name)) return name;
  throw new FaultError({ kind: 'misconfigured', detail: `${JSON.stringify(name)} is no name for a branch or a ref` });
}
