import { type LoadBalancer, type Service, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import type { EcsNativeSettings } from '../../config/environment.ts';
import { DeployError } from '../../errors.ts';
import { COLORS, type Color } from '../../release/color.ts';
import { type TrafficRule, trafficRule } from './arn.ts';
import { type Aws, modify } from './aws.ts';
import { describeServices, tagService, untagService } from './service-calls.ts';
import type { TargetGroups } from './traffic.ts';

/** How old a look may be that several steps share, in ms: about as long as ECS's own reads may lag behind it. */
const RECENT_MS = 2_000;

/** How the service is connected: what does not change while it exists, or only by its owner's hand. */
export interface Wiring {
  readonly strategy: string;
  /** The colors are the service's two target groups: ECS puts each new revision into the one without traffic. */
  readonly groups: TargetGroups;
  readonly production: TrafficRule;
  /** Absent where the service has no test traffic. */
  readonly test?: TrafficRule;
  /** The container that the load balancer points at. */
  readonly container: string;
}

/** The single ECS service whose deployment strategy moves the traffic by itself. */
export class NativeService {
  readonly #aws: Aws;
  readonly #settings: EcsNativeSettings;
  #last: { readonly service: Service; readonly at: number } | undefined;

  constructor(aws: Aws, settings: EcsNativeSettings) {
    this.#aws = aws;
    this.#settings = settings;
  }

  async known(): Promise<Service> {
    return this.#last?.service ?? this.describe();
  }

  /** The last look, when it was a moment ago and we updated nothing since (tags aside); else a new one. */
  async recent(): Promise<Service> {
    if (this.#last === undefined || Date.now() - this.#last.at > RECENT_MS) return this.describe();
    return this.#last.service;
  }

  /** With its tags. @throws DeployError `cluster-not-found`, `service-not-found` */
  async describe(): Promise<Service> {
    const at = Date.now();
    const { native: name } = this.#settings.services;
    const services = await describeServices(this.#aws, this.#settings, [name]);
    const service = services.find(({ status }) => status !== 'INACTIVE');
    if (service === undefined)
      throw new DeployError(`There is no ECS service ${name} in cluster ${this.#settings.cluster}.`, {
        code: 'service-not-found',
        hint: 'Create it, or correct ecs.services.native.',
      });
    this.#last = { service, at };
    return service;
  }

  /** Asks ECS for a deployment of the revision, also where the service runs it already. */
  async deploy(taskDefinition: string): Promise<void> {
    const { cluster, services } = this.#settings;
    if (this.#last !== undefined) this.#last = { ...this.#last, at: Number.NEGATIVE_INFINITY };
    await modify('ecs:UpdateService', () =>
      this.#aws.ecs.send(
        new UpdateServiceCommand({
          cluster,
          service: services.native,
          taskDefinition,
          forceNewDeployment: true,
        }),
      ),
    );
  }

  async tag(tags: Readonly<Record<string, string>>): Promise<void> {
    await tagService(this.#aws, await this.known(), tags);
  }

  async untag(tagKeys: string[]): Promise<void> {
    await untagService(this.#aws, await this.known(), tagKeys);
  }
}

/** @throws DeployError `not-native` where ECS does not move the service's traffic, or not in a way that we can follow */
export function wiringOf(service: Service): Wiring {
  const name = service.serviceName ?? '';
  const controller = service.deploymentController?.type ?? 'ECS';
  const strategy = service.deploymentConfiguration?.strategy ?? 'ROLLING';
  if (controller !== 'ECS')
    throw notNative(
      `Service ${name} has the deployment controller ${controller}.`,
      'Recreate it with the controller ECS.',
    );
  if (strategy === 'ROLLING')
    throw notNative(
      `Service ${name} has the deployment strategy ROLLING, which keeps no former release.`,
      'Set its strategy to BLUE_GREEN, LINEAR or CANARY, or give ecs.services a service for blue and one for green.',
    );
  const balancers = (service.loadBalancers ?? []).filter(isAlternating);
  const [balancer, another] = balancers;
  if (balancer === undefined || another !== undefined)
    throw notNative(
      `Service ${name} has ${another === undefined ? 'no load balancer' : `${balancers.length} load balancers`} with an alternate target group and a production listener rule.`,
      'Give its load balancer an advancedConfiguration, one of them (docs/ecs.md).',
    );
  const {
    advancedConfiguration: { alternateTargetGroupArn, productionListenerRule, testListenerRule },
  } = balancer;
  const production = trafficRule(productionListenerRule);
  if (/:listener\/net\//.test(production.listenerArn))
    throw notNative(
      `Service ${name} is behind a network load balancer, which has no rules: there would be no lock.`,
      'Use a service behind an application load balancer.',
    );
  return {
    strategy,
    groups: { blue: balancer.targetGroupArn, green: alternateTargetGroupArn },
    production,
    ...(testListenerRule === undefined ? {} : { test: trafficRule(testListenerRule) }),
    container: balancer.containerName ?? '',
  };
}

/** The container that takes the image: the configured one, else the one that the load balancer points at. */
export const containerIn = (
  settings: Pick<EcsNativeSettings, 'container'>,
  { container }: Pick<Wiring, 'container'>,
): string => settings.container ?? container;

/** A load balancer between whose two target groups ECS alternates. */
type Alternating = LoadBalancer & {
  readonly targetGroupArn: string;
  readonly advancedConfiguration: {
    readonly alternateTargetGroupArn: string;
    readonly productionListenerRule: string;
    readonly testListenerRule?: string;
  };
};

const isAlternating = (balancer: LoadBalancer): balancer is Alternating =>
  balancer.targetGroupArn !== undefined &&
  balancer.advancedConfiguration?.alternateTargetGroupArn !== undefined &&
  balancer.advancedConfiguration.productionListenerRule !== undefined;

export const colorOf = (groups: TargetGroups, targetGroup: string | undefined): Color | undefined =>
  COLORS.find((color) => groups[color] === targetGroup);

const notNative = (message: string, hint: string) => new DeployError(message, { code: 'not-native', hint });
