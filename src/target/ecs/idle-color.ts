import type { Service } from '@aws-sdk/client-ecs';
import { DeployError } from '../../errors.ts';
import { type Color, otherColor } from '../../release/color.ts';
import type { Release } from '../../release/situation.ts';
import { releaseId } from './arn.ts';
import type { ColorHealth } from './color-health.ts';
import type { ColorTraffic } from './color-traffic.ts';
import { putBack } from './put-back.ts';
import { primaryDeployment, type ServicePair } from './services.ts';
import type { Workers } from './workers.ts';

export interface IdleColorOptions {
  readonly services: ServicePair;
  readonly traffic: ColorTraffic;
  readonly health: ColorHealth;
  readonly workers: Workers;
}

/** What is done to the color that no user can reach, which is made sure of each time. */
export class IdleColor {
  readonly #services: ServicePair;
  readonly #traffic: ColorTraffic;
  readonly #health: ColorHealth;
  readonly #workers: Workers;

  constructor({ services, traffic, health, workers }: IdleColorOptions) {
    this.#services = services;
    this.#traffic = traffic;
    this.#health = health;
    this.#workers = workers;
  }

  async start(
    color: Color,
    release: Release,
    count: number,
    { warm: keepsTasks }: { warm: boolean },
  ): Promise<void> {
    const service = await this.#service(color);
    const primary = primaryDeployment(service);
    const same = releaseId(service.taskDefinition ?? '') === release.id;
    const warm = keepsTasks && same && (service.runningCount ?? 0) > 0 && primary?.rolloutState !== 'FAILED';
    // desiredCount alone starts no deployment, and wakes a parked service without a circuit breaker to guard it; so a
    // cold one is deployed anew, in one call. A warm one keeps its tasks: they are what makes a rollback quick.
    const updated = await this.#services.update(
      color,
      warm
        ? { desiredCount: count }
        : { taskDefinition: release.id, desiredCount: count, forceNewDeployment: true },
    );
    this.#health.started(color, primaryDeployment(updated), count, warm ? 'woken' : 'fresh');
    // Where nothing was ever live there is no count to go by, and one is enough to prove the release.
    const least = (this.#services.seen[otherColor(color)]?.desiredCount ?? 0) === 0 ? 1 : 0;
    await this.#workers.start(color, { warm: keepsTasks, least });
  }

  async park(color: Color, keep: number): Promise<void> {
    await this.#service(color);
    await this.#traffic.putStickinessBack();
    await this.#services.update(color, { desiredCount: keep });
    await this.#workers.park(color);
  }

  async restore(color: Color, release: string, count: number): Promise<void> {
    await this.#service(color);
    await this.#traffic.putStickinessBack();
    this.#health.forget(color);
    await putBack(this.#services, color, release, count);
    await this.#workers.restore(color);
  }

  /** @throws DeployError `color-is-live` */
  async #service(color: Color): Promise<Service> {
    const services = await this.#services.describe();
    const weights = await this.#traffic.weights(services);
    if (weights[color] === 0) return services[color];
    throw new DeployError(`${color} carries ${weights[color]} % of the traffic and is not touched.`, {
      code: 'color-is-live',
      hint: 'Somebody moved the traffic during this run. Run the operation again: it goes on from what it finds.',
    });
  }
}
