import type { Color } from '../color.ts';
import { diagnosis, healthTeller, isProven, unhealthy } from '../health.ts';
import type { Sensor, Watching } from './sensor.ts';

/** How many looks in a row may find too few healthy instances: a target may miss one health check. */
const UNHEALTHY_LOOKS = 2;

/**
 * The instances of the release: healthy, not stopped, not crashing.
 * @param since for who comes later: from when on what ended counts too, ms since the epoch
 */
export function instances(session: Watching, color: Color, since?: number): Sensor {
  const say = healthTeller(session, color);
  let unhealthyLooks = 0;
  let seen = '';
  return {
    async look() {
      const health = await session.target.health(color, since);
      say(health);
      seen = health.detail;
      if (health.failure !== undefined) throw unhealthy(color, health.failure);
      unhealthyLooks = isProven(health) ? 0 : unhealthyLooks + 1;
      if (unhealthyLooks >= UNHEALTHY_LOOKS)
        throw unhealthy(color, (await diagnosis(session, color)) ?? { reason: health.detail, details: [] });
    },
    isDoubtful: () => unhealthyLooks > 0,
    // While a deployment runs, its log says so already.
    detail: () => (since === undefined ? '' : seen),
  };
}
