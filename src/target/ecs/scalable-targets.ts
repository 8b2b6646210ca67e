import { setTimeout as delay } from 'node:timers/promises';
import type { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import type { EcsSettings } from '../../config/environment.ts';
import { COLORS, type Color, type PerColor } from '../../release/color.ts';
import { type Aws, errorName, modify, read } from './aws.ts';
import type { ScalingState, Suspended } from './scaling-state.ts';

/** What is told about a service's scaling; what is left out stays as it is. */
export interface ScalingChange {
  readonly min?: number;
  readonly max?: number;
  readonly suspended: Suspended;
}

const DIMENSION = 'ecs:service:DesiredCount';
const ATTEMPTS = 5;
const PAUSE_MS = 1_000;

/** The scalable targets of the two services, where there are any: none is ever made or removed. */
export class ScalableTargets {
  readonly #settings: EcsSettings;
  readonly #aws: Aws;
  #opened: Promise<{ sdk: Sdk; client: ApplicationAutoScalingClient }> | undefined;
  /** What we have changed ourselves: answers may still be the picture from before it. */
  readonly #changed = new Map<Color, ScalingChange>();
  #none = false;

  constructor(aws: Aws, settings: EcsSettings) {
    this.#settings = settings;
    this.#aws = aws;
  }

  /** Both in one call; no call once it is known that there are none. */
  async describe(): Promise<Readonly<Record<Color, Omit<ScalingState, 'before'> | undefined>>> {
    if (this.#none) return { blue: undefined, green: undefined };
    const { sdk, client } = await this.#open();
    const ids = COLORS.map((color) => this.#resourceId(color));
    const { ScalableTargets: found = [] } = await read(
      'application-autoscaling:DescribeScalableTargets',
      () =>
        client.send(
          new sdk.DescribeScalableTargetsCommand({
            ServiceNamespace: 'ecs',
            ResourceIds: ids,
            ScalableDimension: DIMENSION,
          }),
        ),
    );
    this.#none = found.length === 0;
    const stateOf = (color: Color) => {
      const target = found.find(({ ResourceId }) => ResourceId === this.#resourceId(color));
      if (target === undefined) return undefined;
      const { MinCapacity: min = 0, MaxCapacity: max = 0, SuspendedState: state } = target;
      return {
        min,
        max,
        suspended: {
          in: state?.DynamicScalingInSuspended ?? false,
          out: state?.DynamicScalingOutSuspended ?? false,
          scheduled: state?.ScheduledScalingSuspended ?? false,
        },
        ...this.#changed.get(color),
      };
    };
    return { blue: stateOf('blue'), green: stateOf('green') };
  }

  /**
   * Changes a scalable target that there is. AWS pulls the desired count into the bounds on *every* such call, "even
   * if you don't include the MinCapacity or MaxCapacity request parameters": never call it for a parked color that is
   * below its minimum.
   */
  async register(color: Color, change: ScalingChange): Promise<void> {
    const former = this.#changed.get(color);
    this.#changed.delete(color);
    await this.confirm(color, change);
    this.#changed.set(color, { ...former, ...change });
  }

  /** Like `register`, with what is there already. */
  async confirm(color: Color, { min, max, suspended }: ScalingChange): Promise<void> {
    const { sdk, client } = await this.#open();
    await this.#patiently(() =>
      client.send(
        new sdk.RegisterScalableTargetCommand({
          ServiceNamespace: 'ecs',
          ResourceId: this.#resourceId(color),
          ScalableDimension: DIMENSION,
          MinCapacity: min,
          MaxCapacity: max,
          SuspendedState: {
            DynamicScalingInSuspended: suspended.in,
            DynamicScalingOutSuspended: suspended.out,
            ScheduledScalingSuspended: suspended.scheduled,
          },
        }),
      ),
    );
  }

  async close(): Promise<void> {
    if (this.#opened !== undefined) (await this.#opened).client.destroy();
  }

  /** A target with an update under way, as while a policy strikes, refuses another one; the SDK doesn't try again. */
  #patiently(call: () => Promise<unknown>): Promise<unknown> {
    return modify('application-autoscaling:RegisterScalableTarget', async () => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await call();
        } catch (error) {
          if (errorName(error) !== 'ConcurrentUpdate' || attempt === ATTEMPTS) throw error;
          await delay(attempt * PAUSE_MS);
        }
      }
    });
  }

  #resourceId(color: Color): string {
    return `service/${this.#settings.cluster}/${this.#settings.services[color]}`;
  }

  /** Loaded when it is needed: who leaves scaling alone doesn't pay for its client. */
  #open() {
    this.#opened ??= import('@aws-sdk/client-application-auto-scaling').then((sdk) => ({
      sdk,
      client: this.#aws.open(sdk.ApplicationAutoScalingClient),
    }));
    return this.#opened;
  }
}

type Sdk = typeof import('@aws-sdk/client-application-auto-scaling');

/** What the two colors' scaling looks like. */
export type ScalingPair = PerColor<ScalingState | undefined>;
