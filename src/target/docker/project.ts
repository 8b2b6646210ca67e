import type { Color } from '../../release/color.ts';
import type { Release } from '../../release/situation.ts';

/** The user's Compose file, as one color's project. Implemented by compose.ts; what containers.ts brings up. */
export interface Projects {
  /**
   * `docker compose up` of exactly this release on the color: all containers anew, none of another release left, with
   * the restart policy `no` (the real one is in the label; it is set when the color gets the traffic, so that a reboot
   * brings back only what is live, and a crash while it is tested is an exit and not a loop).
   * Pulls nothing. May be called again.
   */
  up(color: Color, release: Release, replicas: number): Promise<void>;
}
