import type { Service, Task } from '@aws-sdk/client-ecs';
import type { EcsNativeSettings } from '../../config/environment.ts';
import type { Color } from '../../release/color.ts';
import type { Rollout } from '../driven.ts';
import type { Failure, Health } from '../target.ts';
import { Anchor } from './anchor.ts';
import { releaseId } from './arn.ts';
import type { Aws } from './aws.ts';
import { explain, look } from './health.ts';
import type { LogTail } from './log-tail.ts';
import type { NativeColors } from './native-colors.ts';
import type { NativeRollouts } from './native-rollouts.ts';
import { containerIn, type NativeService, wiringOf } from './native-service.ts';
import type { Places } from './places.ts';
import type { ServiceDeployments } from './service-deployments.ts';
import type { Tasks } from './tasks.ts';

export interface NativeHealthOptions {
  readonly aws: Aws;
  readonly settings: EcsNativeSettings;
  readonly service: NativeService;
  readonly deployments: ServiceDeployments;
  readonly colors: NativeColors;
  readonly rollouts: NativeRollouts;
  readonly tasks: Tasks;
  readonly places: Places;
  readonly logs: LogTail;
}

/** The health of the tasks that the rollout started, beside those of the former release in the same service. */
export class NativeHealth {
  readonly #options: NativeHealthOptions;
  #anchor: { readonly rollout: string; readonly anchor: Anchor } | undefined;

  constructor(options: NativeHealthOptions) {
    this.#options = options;
  }

  /** @param since for who comes later: ends count from then on, ms since the epoch */
  async look(color: Color, since?: number): Promise<Health> {
    const { colors, rollouts } = this.#options;
    const service = await this.#options.service.describe();
    if (since !== undefined) {
      const wanted = service.desiredCount ?? 0;
      // What users have, which after a deployment that went back is not what the service was asked for last.
      this.#anchor ??= {
        rollout: '',
        anchor: Anchor.ofLive(
          (await colors.situation(service)).colors[color].release?.id ?? '',
          wanted,
          since,
        ),
      };
      return this.#lookAt(service, { color, wanted, anchor: this.#anchor.anchor, hasUsers: true });
    }
    const { seen } = rollouts;
    if (seen === undefined || seen.rollout.color !== color)
      return { ready: 0, wanted: 1, detail: 'ECS does not show the deployment yet' };
    const { rollout, summary } = seen;
    const wanted = summary?.requestedTaskCount || (service.desiredCount ?? 0);
    if (this.#anchor?.rollout !== rollout.id)
      this.#anchor = { rollout: rollout.id, anchor: await this.#newAnchor(rollout, wanted) };
    const hasUsers = rollout.weights[color] > 0;
    return this.#lookAt(service, { color, wanted, anchor: this.#anchor.anchor, hasUsers });
  }

  /** Nothing where nobody has looked yet. */
  async explain(): Promise<Failure | undefined> {
    const anchor = this.#anchor?.anchor;
    if (anchor?.last === undefined) return undefined;
    const { settings, logs } = this.#options;
    return explain(anchor, logs, containerIn(settings, wiringOf(anchor.last.service)));
  }

  #lookAt(
    service: Service,
    { color, ...sight }: { color: Color; wanted: number; anchor: Anchor; hasUsers: boolean },
  ): Promise<Health> {
    const { settings, aws, tasks, places, logs } = this.#options;
    const wiring = wiringOf(service);
    const container = containerIn(settings, wiring);
    return look({
      aws,
      tasks,
      places,
      logs,
      images: [container, ...Object.keys(settings.images)],
      service,
      ...sight,
      targetGroup: wiring.groups[color],
      container,
    });
  }

  async #newAnchor({ id, release }: Rollout, wanted: number): Promise<Anchor> {
    const { createdAt } = await this.#options.deployments.get(id);
    const ours = ({ taskDefinitionArn = '', createdAt: born }: Task) =>
      releaseId(taskDefinitionArn) === release.id && (born?.getTime() ?? 0) >= (createdAt?.getTime() ?? 0);
    return new Anchor({ id, createdAt }, wanted, 'fresh', ours);
  }
}
