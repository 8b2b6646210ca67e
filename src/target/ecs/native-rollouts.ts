import type { ServiceRevisionSummary } from '@aws-sdk/client-ecs';
import { otherColor } from '../../release/color.ts';
import type { Release } from '../../release/situation.ts';
import { hasCome, type Rollout } from '../driven.ts';
import { releaseId } from './arn.ts';
import { liveColor } from './live-color.ts';
import type { NativeColors } from './native-colors.ts';
import { type NativeService, wiringOf } from './native-service.ts';
import { rolloutOf } from './rollout.ts';
import { idOf, type ServiceDeployments } from './service-deployments.ts';

export interface NativeRolloutsOptions {
  readonly service: NativeService;
  readonly deployments: ServiceDeployments;
  readonly colors: NativeColors;
}

/** ECS's service deployments as rollouts: begun, and looked at. */
export class NativeRollouts {
  readonly #service: NativeService;
  readonly #deployments: ServiceDeployments;
  readonly #colors: NativeColors;
  /** Those that there were before `begin`: what comes after it is ours, if it is of our release. */
  #before: { readonly release: string; readonly ids: ReadonlySet<string> } | undefined;
  #seen: { readonly rollout: Rollout; readonly summary: ServiceRevisionSummary | undefined } | undefined;
  #testableSince: number | undefined;

  constructor({ service, deployments, colors }: NativeRolloutsOptions) {
    this.#service = service;
    this.#deployments = deployments;
    this.#colors = colors;
  }

  /** What was observed last. */
  get seen() {
    return this.#seen;
  }

  /** Since when test traffic leads to what was observed. */
  get testableSince(): number | undefined {
    return this.#testableSince;
  }

  async begin(release: Release): Promise<void> {
    const list = await this.#deployments.list();
    if (this.#before?.release !== release.id)
      this.#before = {
        release: release.id,
        ids: new Set(list.map(({ serviceDeploymentArn = '' }) => idOf(serviceDeploymentArn))),
      };
    // The answer to the first call may have been lost: a second deployment would take the place of the first.
    if ((await this.begun(release)) !== undefined) return;
    await this.#service.deploy(release.id);
  }

  async begun(release: Release): Promise<string | undefined> {
    const before = this.#before?.release === release.id ? this.#before.ids : new Set<string>();
    const added = (await this.#deployments.list()).filter(
      ({ serviceDeploymentArn = '' }) => !before.has(idOf(serviceDeploymentArn)),
    );
    const targets = await this.#deployments.revisions(
      added.map(({ targetServiceRevisionArn = '' }) => targetServiceRevisionArn),
    );
    const own = added.find((_, index) => releaseId(targets[index]?.taskDefinition ?? '') === release.id);
    return own?.serviceDeploymentArn === undefined ? undefined : idOf(own.serviceDeploymentArn);
  }

  async newest(): Promise<Rollout | undefined> {
    const [newest] = await this.#deployments.list();
    return newest?.serviceDeploymentArn === undefined
      ? undefined
      : this.observe(idOf(newest.serviceDeploymentArn));
  }

  async observe(id: string): Promise<Rollout> {
    const wiring = wiringOf(await this.#service.known());
    const deployment = await this.#deployments.get(id);
    const weights = await this.#colors.weights(wiring);
    const target = deployment.targetServiceRevision;
    const source = deployment.sourceServiceRevisions?.[0]?.arn;
    const [revision] = await this.#deployments.revisions(target?.arn === undefined ? [] : [target.arn]);
    const from = await this.#colors.colorOf(wiring, source);
    // Before ECS has chosen the target group, it is the one that has no traffic.
    const color =
      (await this.#colors.colorOf(wiring, target?.arn)) ?? otherColor(from ?? liveColor(weights, undefined));
    const release = await this.#colors.release(wiring, revision?.taskDefinition);
    const successor = deployment.status === 'STOPPED' ? await this.#colors.successor(id) : undefined;
    const rollout = rolloutOf({ deployment, release, color, weights, successor });
    this.#seen = { rollout, summary: target };
    if (hasCome(rollout, 'testable')) this.#testableSince ??= Date.now();
    return rollout;
  }
}
