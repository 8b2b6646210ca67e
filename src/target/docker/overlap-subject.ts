import type { DockerSettings } from '../../config/environment.ts';
import type { Color, PerColor } from '../../release/color.ts';
import type { Problem } from '../target.ts';
import type { ComposeConfig } from './compose-config.ts';
import type { EngineFacts } from './compose-facts.ts';
import type { ComposeFile } from './compose-file.ts';

/** A tag that nobody has: where it comes back, the user's file says `${IMAGE_TAG}`. */
export const PROBE_TAG = 'blue-green-probe';

/** All that the check looks at: it asks nobody. */
export interface Overlap {
  readonly settings: Pick<DockerSettings, 'service' | 'network' | 'replicas'>;
  /** Where the user's file says what it says. */
  readonly file: ComposeFile;
  /** The user's file, as each color's project. */
  readonly configs: PerColor<ComposeConfig>;
  /** What IMAGE was in each of them. They differ, so that it shows where IMAGE is used. */
  readonly images: PerColor<string>;
  /** What the image of the traffic's service is with PROBE_TAG for IMAGE_TAG; looked up where it does not follow IMAGE. */
  readonly byTag?: string;
  /** The color that is about to be deployed; the other one goes on running beside it. */
  readonly color: Color;
  /** How many containers of the service that takes the traffic. */
  readonly replicas: number;
  readonly facts: EngineFacts;
  /** Where the engine is on another machine, which has no workspace: an absolute path. */
  readonly remoteWorkspace?: string;
}

/** The user's word for what both colors may share, or each have their own of: `x-blue-green: { accept: [uploads] }`. */
export function accepted({ configs, color }: Pick<Overlap, 'configs' | 'color'>): ReadonlySet<string> {
  const extension = configs[color]['x-blue-green'];
  const list = isRecord(extension) ? extension['accept'] : undefined;
  return new Set(Array.isArray(list) ? list.filter((one) => typeof one === 'string') : []);
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const problem = (message: string, fix: string, forceable = false): Problem => ({
  message,
  fix,
  forceable,
});
