import type { DeployError } from '../errors.ts';
import type { Color } from './color.ts';

export type Result =
  | 'deployed'
  | 'staged'
  | 'aborted'
  | 'rolled-back'
  | 'unchanged'
  | 'planned'
  | 'failed'
  /** Of `status`, which does nothing that could have a result, and of a `setup` that made something. */
  | '';

/** How a run ended, and what is true now. */
export interface Outcome {
  readonly result: Result;
  /** Absent only where the target could never be read. */
  readonly liveColor?: Color;
  readonly idleColor?: Color;
  /** What users get now, and what they got (or would get after a rollback) instead. Empty where nothing runs. */
  readonly image: string;
  readonly previousImage: string;
  readonly release: string;
  readonly previousRelease: string;
  readonly previewUrl: string;
  /** Why it did not do what it was asked to; absent on success. */
  readonly error?: DeployError;
  /** One sentence for people. */
  readonly summary: string;
}
