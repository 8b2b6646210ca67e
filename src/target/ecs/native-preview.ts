import type { EcsNativeSettings } from '../../config/environment.ts';
import { otherColor } from '../../release/color.ts';
import { hasCome } from '../driven.ts';
import type { Lease, LockOwner, LockState, LockStore, Preview } from '../target.ts';
import type { Aws } from './aws.ts';
import { baseUrl } from './base-url.ts';
import type { NativeColors } from './native-colors.ts';
import type { NativeRollouts } from './native-rollouts.ts';
import { type NativeService, wiringOf } from './native-service.ts';
import { PreviewRule } from './preview-rule.ts';
import { testWay } from './test-way.ts';

export interface NativePreviewOptions {
  readonly aws: Aws;
  readonly app: string;
  readonly environment: string;
  readonly url: string | undefined;
  readonly settings: EcsNativeSettings;
  readonly service: NativeService;
  readonly colors: NativeColors;
  readonly rollouts: NativeRollouts;
}

/** The preview rule, which is the lock, on a listener that only the service knows; and the service's test listener. */
export class NativePreview implements LockStore {
  readonly #options: NativePreviewOptions;
  #known: PreviewRule | undefined;

  constructor(options: NativePreviewOptions) {
    this.#options = options;
  }

  async read(): Promise<LockState | undefined> {
    return (await this.#rule()).read();
  }

  async acquire(owner: LockOwner, ttlMs: number): Promise<Lease | undefined> {
    return (await this.#rule()).acquire(owner, ttlMs);
  }

  async resume(handle: string, ttlMs: number): Promise<Lease | undefined> {
    return (await this.#rule()).resume(handle, ttlMs);
  }

  async break(state: LockState): Promise<void> {
    await (await this.#rule()).break(state);
  }

  /** Through the service's test listener once ECS has led it to the new release, else through the rule of the lock. */
  async way(): Promise<Preview | undefined> {
    const { aws, url, service, colors, rollouts } = this.#options;
    const wiring = wiringOf(await service.known());
    const newest = rollouts.seen?.rollout ?? (await rollouts.newest());
    const isTested = newest?.state === 'under-way' && hasCome(newest, 'testable');
    if (wiring.test !== undefined && isTested)
      return { ...(await testWay(aws, wiring.test, url)), since: rollouts.testableSince ?? Date.now() };
    const idle = newest?.state === 'under-way' ? newest.color : otherColor(await colors.live(wiring));
    const way = await (await this.#rule()).way(wiring.groups[idle]);
    if (way === undefined) return undefined;
    return { url: await baseUrl(aws, wiring.production.listenerArn, url), ...way };
  }

  async #rule(): Promise<PreviewRule> {
    if (this.#known !== undefined) return this.#known;
    const { aws, app, environment, settings, service, colors } = this.#options;
    const wiring = wiringOf(await service.known());
    this.#known = new PreviewRule(aws, {
      app,
      environment,
      listenerArn: wiring.production.listenerArn,
      priority: settings['preview-priority'],
      idleGroup: async () => wiring.groups[otherColor(await colors.live(wiring))],
    });
    return this.#known;
  }
}
