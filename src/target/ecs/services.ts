import {
  type Deployment,
  DescribeServicesCommand,
  type Service,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateServiceCommand,
  type UpdateServiceCommandInput,
} from '@aws-sdk/client-ecs';
import type { EcsSettings } from '../../config/environment.ts';
import { DeployError } from '../../errors.ts';
import { COLORS, type Color, type PerColor } from '../../release/color.ts';
import { type Aws, errorName, modify, read } from './aws.ts';

export type Services = PerColor<Service>;

/** How old a look may be that several steps share, in ms: about as long as ECS's own reads may lag behind it. */
const RECENT_MS = 2_000;

/** The two ECS services, one per color. */
export class ServicePair {
  readonly #aws: Aws;
  readonly #settings: EcsSettings;
  #last: { readonly services: Services; readonly at: number } | undefined;

  constructor(aws: Aws, settings: EcsSettings) {
    this.#aws = aws;
    this.#settings = settings;
  }

  /**
   * Whatever look there was, for what does not change while a service exists or only by its owner's hand: ARNs and
   * target groups.
   */
  async known(): Promise<Services> {
    return this.#last?.services ?? this.describe();
  }

  /** The last look, when it was a moment ago and we updated nothing since (tags aside); else a new one. */
  async recent(): Promise<Services> {
    if (this.#last === undefined || Date.now() - this.#last.at > RECENT_MS) return this.describe();
    return this.#last.services;
  }

  /** Both in one call, with their tags. @throws DeployError `cluster-not-found`, `service-not-found` */
  async describe(): Promise<Services> {
    const at = Date.now();
    const { cluster, services: names, region } = this.#settings;
    const answer = await read('ecs:DescribeServices', async () => {
      try {
        return await this.#aws.ecs.send(
          new DescribeServicesCommand({ cluster, services: [names.blue, names.green], include: ['TAGS'] }),
        );
      } catch (error) {
        if (errorName(error) !== 'ClusterNotFound') throw error;
        throw new DeployError(`There is no ECS cluster ${cluster} in ${region}.`, {
          code: 'cluster-not-found',
          hint: 'Check ecs.cluster and ecs.region, and that the credentials belong to the right account.',
        });
      }
    });
    const find = (color: Color) =>
      answer.services?.find(
        ({ serviceName, serviceArn, status }) =>
          (serviceName === names[color] || serviceArn === names[color]) && status !== 'INACTIVE',
      );
    const missing = COLORS.filter((color) => find(color) === undefined);
    if (missing.length > 0)
      throw new DeployError(
        `There is no ECS service ${missing.map((color) => names[color]).join(', nor ')} in cluster ${cluster}.`,
        {
          code: 'service-not-found',
          hint: `Create it, or correct ${missing.map((color) => `ecs.services.${color}`).join(' and ')}.`,
        },
      );
    const services = { blue: find('blue') as Service, green: find('green') as Service };
    this.#last = { services, at };
    return services;
  }

  /** One UpdateService call; returns the service as AWS answers it, with the new deployment's id. */
  async update(
    color: Color,
    change: Omit<UpdateServiceCommandInput, 'service' | 'cluster'>,
  ): Promise<Service> {
    const { cluster, services } = this.#settings;
    // ARNs and target groups stay true; nothing else of it does.
    if (this.#last !== undefined) this.#last = { ...this.#last, at: Number.NEGATIVE_INFINITY };
    const answer = await modify('ecs:UpdateService', () =>
      this.#aws.ecs.send(new UpdateServiceCommand({ cluster, service: services[color], ...change })),
    );
    if (answer.service === undefined)
      throw new DeployError('ECS answered UpdateService without a service.', { code: 'aws-refused' });
    return answer.service;
  }

  async tag(service: Service, tags: Readonly<Record<string, string>>): Promise<void> {
    await modify('ecs:TagResource', () =>
      this.#aws.ecs.send(
        new TagResourceCommand({
          resourceArn: service.serviceArn,
          tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
        }),
      ),
    );
  }

  async untag(service: Service, tagKeys: string[]): Promise<void> {
    if (tagKeys.length === 0) return;
    await modify('ecs:UntagResource', () =>
      this.#aws.ecs.send(new UntagResourceCommand({ resourceArn: service.serviceArn, tagKeys })),
    );
  }
}

/** AWS documents no order of `deployments`: they are found by status or id, never by position. */
export const primaryDeployment = (service: Service): Deployment | undefined =>
  service.deployments?.find(({ status }) => status === 'PRIMARY');

export const deploymentById = (service: Service, id: string): Deployment | undefined =>
  service.deployments?.find((deployment) => deployment.id === id);
