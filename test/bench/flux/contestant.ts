/** What is measured side by side: one program that follows one repository for the same clusters. */
import type { ApiServer } from '../../cluster/api-server.ts';
import type { BenchRepository } from '../repository.ts';

export type Task = {
  /** Nothing of an earlier task has it. */
  readonly namespace: string;
  readonly members: readonly ApiServer[];
  readonly repository: BenchRepository;
  /** Names of the Apps, each a folder below `apps`. */
  readonly apps: readonly string[];
};

export type Contestant = {
  readonly name: string;
  /** Is a request at a member's API server one of its own? */
  readonly isOwn: (userAgent: string) => boolean;
  /** Resolves when everything that the repository says is done, and it waits for news. */
  readonly start: (task: Task) => Promise<Running>;
};

export type Running = {
  readonly pids: readonly number[];
  /** Has it look at the repository now, as a webhook does. */
  readonly tell: () => Promise<void>;
  /** Has it make sure once that every cluster holds what it should; resolves when that is done. */
  readonly round: () => Promise<void>;
  readonly stop: () => Promise<void>;
};
