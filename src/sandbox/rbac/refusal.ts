/** How a 403 is worded. */
import { qualified, RefusedError } from '../api/refusals.ts';
import type { User } from '../registry/user.ts';
import type { Act } from './rules.ts';

export function refuse(user: User, act: Act, why: string): RefusedError {
  const reason = why === '' ? '' : `: ${why}`;
  if (act.kind === 'path') {
    const message = `forbidden: User "${user.name}" cannot ${act.verb} path "${act.path}"${reason}`;
    return new RefusedError({ code: 403, reason: 'Forbidden', message, details: {} });
  }
  const { group, resource, subresource, namespace, name, verb } = act;
  const what = subresource === '' ? resource : `${resource}/${subresource}`;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const subject = `${qualified({ group, resource })}${name === '' ? '' : ` "${name}"`}`;
  return new RefusedError({
    code: 403,
    reason: 'Forbidden',
    message: `${subject} is forbidden: User "${user.name}" cannot ${verb} resource "${what}" in API group "${group}" ${where}${reason}`,
    details: { ...(name === '' ? {} : { name }), ...(group === '' ? {} : { group }), kind: resource },
  });
}
