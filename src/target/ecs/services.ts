import {
  type Deployment,
  type Service,
  UpdateServiceCommand,
  type UpdateServiceCommandInput,
} from '@aws-sdk/client-ecs';
import type { EcsSettings } from '../../config/environment.ts';
import { DeployError } from '../../errors.ts';
import { COLORS, type Color, type PerColor } from '../../release/color.ts';
import { type Aws, modify } from './aws.ts';
import { describeServices, tagService, untagService } from './service-calls.ts';

export type Services = PerColor<Service>;

/** How old a look may be that several steps share, in ms: about as long as ECS's own reads may lag behind it. */
const RECENT_MS = 2_000;

/** DescribeServices takes at most so many. */
const BATCH = 10;

export interface PairOptions {
  /** Names or ARNs; those with the traffic when absent. */
  readonly names?: PerColor<string>;
  /** Where the config names them. */
  readonly path?: string;
  /** Pairs that are asked for in the same call, and see what it brings. */
  readonly along?: readonly ServicePair[];
}

/** Two ECS services, one per color. */
export class ServicePair {
  readonly names: PerColor<string>;
  readonly #aws: Aws;
  readonly #settings: EcsSettings;
  readonly #path: string;
  readonly #along: readonly ServicePair[];
  #last: { readonly services: Partial<Services>; readonly at: number } | undefined;

  constructor(aws: Aws, settings: EcsSettings, options: PairOptions = {}) {
    this.#aws = aws;
    this.#settings = settings;
    this.names = options.names ?? settings.services;
    this.#path = options.path ?? 'ecs.services';
    this.#along = options.along ?? [];
  }

  /**
   * Whatever look there was, for what does not change while a service exists or only by its owner's hand: ARNs and
   * target groups.
   */
  async known(): Promise<Services> {
    return this.#last === undefined ? this.describe() : this.#complete(this.#last.services);
  }

  /** The last look, whatever was missing in it; asks for nothing. */
  get seen(): Partial<Services> {
    return this.#last?.services ?? {};
  }

  /** The last look, when it was a moment ago and we updated nothing since (tags aside); else a new one. */
  async recent(): Promise<Services> {
    if (this.#last === undefined || Date.now() - this.#last.at > RECENT_MS) return this.describe();
    return this.#complete(this.#last.services);
  }

  /** Both in one call, with their tags. @throws DeployError `cluster-not-found`, `service-not-found` */
  async describe(): Promise<Services> {
    const at = Date.now();
    const pairs = [this, ...this.#along];
    const names = pairs.flatMap((pair) => [pair.names.blue, pair.names.green]);
    const found: Service[] = [];
    for (let start = 0; start < names.length; start += BATCH)
      found.push(...(await describeServices(this.#aws, this.#settings, names.slice(start, start + BATCH))));
    for (const pair of pairs) pair.#note(found, at);
    return this.#complete(this.seen);
  }

  #note(found: readonly Service[], at: number): void {
    const find = (color: Color) =>
      found.find(
        ({ serviceName, serviceArn, status }) =>
          (serviceName === this.names[color] || serviceArn === this.names[color]) && status !== 'INACTIVE',
      );
    this.#last = { services: { blue: find('blue'), green: find('green') }, at };
  }

  /** @throws DeployError `service-not-found` */
  #complete(services: Partial<Services>): Services {
    const missing = COLORS.filter((color) => services[color] === undefined);
    if (missing.length === 0) return services as Services;
    throw new DeployError(
      `There is no ECS service ${missing.map((color) => this.names[color]).join(', nor ')} in cluster ${this.#settings.cluster}.`,
      {
        code: 'service-not-found',
        hint: `Create it, or correct ${missing.map((color) => `${this.#path}.${color}`).join(' and ')}.`,
      },
    );
  }

  /** One UpdateService call; returns the service as AWS answers it, with the new deployment's id. */
  async update(
    color: Color,
    change: Omit<UpdateServiceCommandInput, 'service' | 'cluster'>,
  ): Promise<Service> {
    const { cluster } = this.#settings;
    // ARNs and target groups stay true; nothing else of it does.
    if (this.#last !== undefined) this.#last = { ...this.#last, at: Number.NEGATIVE_INFINITY };
    const answer = await modify('ecs:UpdateService', () =>
      this.#aws.ecs.send(new UpdateServiceCommand({ cluster, service: this.names[color], ...change })),
    );
    if (answer.service === undefined)
      throw new DeployError('ECS answered UpdateService without a service.', { code: 'aws-refused' });
    return answer.service;
  }

  tag(service: Service, tags: Readonly<Record<string, string>>): Promise<void> {
    return tagService(this.#aws, service, tags);
  }

  async untag(service: Service, tagKeys: string[]): Promise<void> {
    if (tagKeys.length > 0) await untagService(this.#aws, service, tagKeys);
  }
}

/** AWS documents no order of `deployments`: they are found by status or id, never by position. */
export const primaryDeployment = (service: Service): Deployment | undefined =>
  service.deployments?.find(({ status }) => status === 'PRIMARY');

export const deploymentById = (service: Service, id: string): Deployment | undefined =>
  service.deployments?.find((deployment) => deployment.id === id);
