/** What `git` complains about, as faults. Its words in the C locale have been the same for many years. */
import { FaultError, type FaultKind } from '../../../core/model/fault.ts';
import { faultOfStatus, OversizeError } from '../http/faults.ts';
import { DamageError } from '../objects/object.ts';
import { RefusedError, shown } from './remote.ts';

type Rule = { readonly pattern: RegExp; readonly kind: FaultKind; readonly detail: string };

/** The first that matches counts. */
const rules: readonly Rule[] = [
  {
    pattern: /could not read (?:Username|Password)|Authentication failed/i,
    kind: 'unauthenticated',
    detail: 'the server does not accept the credentials',
  },
  {
    pattern: /Permission denied \(|Too many authentication failures/i,
    kind: 'unauthenticated',
    detail: 'the server does not accept the key',
  },
  {
    pattern: /Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED/i,
    kind: 'misconfigured',
    detail: 'the known hosts file does not list the key that the server shows',
  },
  {
    pattern: /SSL certificate problem|server certificate verification failed|SSL: no alternative/i,
    kind: 'misconfigured',
    detail: 'the server shows a certificate that we do not trust',
  },
  {
    pattern: /transport '[^']*' not allowed/i,
    kind: 'misconfigured',
    detail: 'the address is of a kind that is not allowed',
  },
  {
    pattern: /No space left on device|Read-only file system|Disk quota exceeded/i,
    kind: 'misconfigured',
    detail: 'cannot write the local copy',
  },
  {
    pattern: /prlimit: (?:failed to execute|command not found)/i,
    kind: 'misconfigured',
    detail: 'the native transport needs git, and there is none on the path',
  },
  {
    pattern: /Out of memory|out of memory|mmap failed|unable to create thread/i,
    kind: 'misconfigured',
    detail: 'the repository takes more memory than its limit',
  },
  {
    pattern: /repository .* not found|Repository not found|does not appear to be a git repository/i,
    kind: 'missing',
    detail: 'the server has no such repository, or hides it from us',
  },
  {
    pattern:
      /Could not resolve|Failed to connect|Couldn't connect|Connection (?:refused|timed out|reset|closed)|Operation too slow|timed? ?out|early EOF|unexpected disconnect|hung up|RPC failed|Empty reply|No route to host|Network is unreachable|Broken pipe/i,
    kind: 'unreachable',
    detail: 'the server is not reached, or left in the middle',
  },
];
const damage =
  /index-pack failed|inflate|corrupt|bad object|bad pack|bad line length|SHA1 mismatch|did not send all necessary objects|unresolved deltas|protocol error|invalid index-pack|bad band|unable to (?:parse|read)|invalid/i;

/** The fault of a run that failed. `what` names what was asked for. */
export function faultOfGit(whole: string, what: string): FaultError {
  // What the server would have us show to people decides nothing.
  const complaint = whole.replaceAll(/^remote: .*\n?/gm, '');
  if (/couldn't find remote ref|not our ref|unadvertised object/i.test(complaint)) return new RefusedError(what);
  // One that the limit of a file has killed says nothing itself.
  const isKilled = complaint.trim() === 'fatal: fetch-pack: invalid index-pack output';
  if (isKilled || /File size limit exceeded|SIGXFSZ|File too large/i.test(complaint)) {
    return new OversizeError('the server sends more than the limit of a pack');
  }
  const status = /returned error: ([0-9]{3})/.exec(complaint)?.[1];
  if (status !== undefined) {
    if (status.startsWith('3')) {
      return new FaultError({
        kind: 'misconfigured',
        detail: 'the server redirects, which is not followed: fix the URL',
      });
    }
    const fault = faultOfStatus('the server', Number(status), {}, 0);
    if (fault !== undefined) return new FaultError(fault);
  }
  if (/fsck error|object of unexpected type/i.test(complaint)) {
    // `error: object <oid>: <name of the defect>: <the defect>`
    const defect =
      /^(?:error|fatal): (?:object )?[0-9a-f]{40}: (\w+: [^\n]*)/m.exec(complaint)?.[1] ?? 'no honest object';
    return new FaultError({
      kind: 'invalid',
      detail: `the repository holds what no honest Git makes: ${shown(defect)}`,
    });
  }
  const rule = rules.find(({ pattern }) => pattern.test(complaint));
  if (rule !== undefined) return new FaultError({ kind: rule.kind, detail: rule.detail });
  if (damage.test(complaint)) return new DamageError('what the server sent cannot be read');
  return new FaultError({ kind: 'protocol', detail: `git fails: ${shown(lastLine(complaint))}` });
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';
