/** Names of steps as names of stages and gates: a Pin is named <placement>.<stage>. */
export const slug = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-') || 'step';
