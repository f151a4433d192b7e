/** Components whose objects a program makes: charts and kustomizations. */
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Origin } from '../../model/source.ts';
import { problem } from './problem.ts';

export const toolComponents: readonly string[] = ['helm', 'helmchart', 'kustomize'];

/** What to do instead: it must never look as if the component had nothing. */
export function toolProblem(type: string, name: string, origin: Origin): Diagnostic {
  const command = type === 'kustomize' ? 'kustomize build' : 'helm template';
  const hint = `commit what \`${command}\` prints as \`k8s-objects\`; what runs is kept until then`;
  return problem('A1520', origin, `component ${name} of type ${type} cannot be made here`, hint);
}
