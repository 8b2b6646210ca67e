import type { EcsSettings } from '../../config/environment.ts';
import { type Color, otherColor, type Weights } from '../../release/color.ts';
import { notAlike } from '../../release/foreign-weights.ts';
import type { Aws } from './aws.ts';
import { liveColor } from './live-color.ts';
import type { ServicePair, Services } from './services.ts';
import { Stickiness } from './stickiness.ts';
import type { TargetGroups, Traffic } from './traffic.ts';
import { groupsOf } from './wiring.ts';

export interface ColorTrafficOptions {
  readonly aws: Aws;
  readonly settings: EcsSettings;
  readonly services: ServicePair;
  readonly listeners: Traffic;
}

/** The traffic of the two colors: what the rules give each, and what holds clients to one. */
export class ColorTraffic {
  readonly #settings: EcsSettings;
  readonly #services: ServicePair;
  readonly #listeners: Traffic;
  readonly #stickiness: Stickiness;

  constructor({ aws, settings, services, listeners }: ColorTrafficOptions) {
    this.#settings = settings;
    this.#services = services;
    this.#listeners = listeners;
    this.#stickiness = new Stickiness(aws, services, listeners);
  }

  /** In percent. */
  weights(services: Services): Promise<Weights> {
    return this.#listeners.weights(groupsOf(this.#settings, services));
  }

  async carries(color: Color): Promise<boolean> {
    return (await this.weights(await this.#services.describe()))[color] > 0;
  }

  async groups(): Promise<TargetGroups> {
    return groupsOf(this.#settings, await this.#services.known());
  }

  async idleGroup(): Promise<string> {
    const groups = await this.groups();
    return groups[otherColor(liveColor(await this.#listeners.weights(groups), undefined))];
  }

  /** Gives each rule both target groups; tells what was done, if anything was to do. */
  async attach(): Promise<string | undefined> {
    const groups = await this.groups();
    const detached = await this.#listeners.detached(groups);
    if (detached.length === 0) return undefined;
    const weights = await this.#listeners.weights(groups);
    // Each rule would get the most that any of them gives.
    if (weights.blue > 0 && weights.green > 0) throw notAlike();
    const held = await this.#stickiness.forSecondGroup(groups);
    await this.#listeners.set(groups, weights, held.hold);
    const names = detached.map(({ arn }) => arn).join(', ');
    return `Both target groups are attached now, at blue ${weights.blue} and green ${weights.green}, so that the idle one is health-checked${held.said}: ${names}`;
  }

  /** @param keepAttached leads another rule to a target group that the rules must leave out */
  async shift(weights: Weights, keepAttached: (group: string) => Promise<unknown>): Promise<void> {
    const services = await this.#services.describe();
    const groups = groupsOf(this.#settings, services);
    const hold = await this.#stickiness.forShift(services, groups, weights);
    // Attached to nothing, a group is not health-checked, and the way back would lead to targets in `unused`.
    if (hold.without !== undefined) {
      // On the way back, only the other rule leads to the group that is to get the traffic: led away from there before the
      // rules name it, its targets would be in `unused`.
      if ((await this.#listeners.detached(groups)).length > 0)
        await this.#listeners.set(groups, weights, (await this.#stickiness.forSecondGroup(groups)).hold);
      await keepAttached(hold.without);
    }
    await this.#listeners.set(groups, weights, hold);
  }

  /** How long clients may be held to the color that lost the traffic. */
  async lingerMs(): Promise<number> {
    return 1000 * (await this.#stickiness.seconds(await this.#services.describe()));
  }

  /** Once no client can be led to a color that is about to be stopped. */
  async putStickinessBack(): Promise<void> {
    const services = await this.#services.describe();
    await this.#stickiness.putBack(services, groupsOf(this.#settings, services));
  }
}
