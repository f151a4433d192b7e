/** A component as its schema gives it, and what it is called. */
import type { z } from 'zod';
import type { App } from './schema/app.ts';

export type Component = z.output<typeof App>['spec']['components'][number];

/** What `dependsOn` and messages call it. */
export const nameOf = (component: Component, index: number): string => component.name ?? `component-${index + 1}`;
