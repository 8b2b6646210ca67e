import type { Service } from '@aws-sdk/client-ecs';
import { DescribeTargetGroupsCommand, type TargetGroup } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { EcsSettings } from '../../config/environment.ts';
import { COLORS, type PerColor } from '../../release/color.ts';
import type { Problem } from '../target.ts';
import { type Aws, errorName, read } from './aws.ts';
import type { Services } from './services.ts';
import { containersOf, type TaskDefinition } from './task-definitions.ts';
import type { TargetGroups } from './traffic.ts';

/** What would make a deployment fail, or hurt users, as far as it can be seen beforehand. */
export async function findProblems({
  aws,
  settings,
  services,
  groups,
  definition,
  container,
  imageTag,
  loadBalancer,
  workers,
}: {
  aws: Aws;
  settings: EcsSettings;
  services: Services;
  groups: TargetGroups;
  /** What the live service runs: the new release is made from it. */
  definition: TaskDefinition;
  /** The container that takes the image. */
  container: string;
  /** The tag or digest that is deployed; empty for a rollback. */
  imageTag: string;
  /** The part of the listener's ARN that names its load balancer: `app/prod/50dc6c495c0c9188`. */
  loadBalancer: string;
  /** What the workers' live services run. */
  workers: readonly TaskDefinition[];
}): Promise<readonly Problem[]> {
  return [
    ...COLORS.flatMap((color) => [
      ...controllerProblems(services[color]),
      ...schedulingProblems(services[color]),
    ]),
    ...containerProblems(settings, definition, container, workers),
    ...digestProblems(settings, imageTag),
    ...COLORS.flatMap((color) => registrationProblems(services[color], groups[color])),
    ...(await groupProblems(aws, groups, loadBalancer, definition)),
  ];
}

export function controllerProblems(service: Service): Problem[] {
  const controller = service.deploymentController?.type ?? 'ECS';
  const strategy = service.deploymentConfiguration?.strategy ?? 'ROLLING';
  if (controller !== 'ECS')
    return [
      problem(
        `Service ${service.serviceName} has the deployment controller ${controller}.`,
        'Recreate it with the controller ECS: two plain services take the place of what that controller does.',
      ),
    ];
  if (strategy !== 'ROLLING')
    return [
      problem(
        `Service ${service.serviceName} has the deployment strategy ${strategy}, which moves traffic by itself.`,
        'Set deploymentConfiguration.strategy to ROLLING on both services, or name a single one in ecs.services.native.',
      ),
    ];
  return [];
}

export function schedulingProblems({ serviceName, schedulingStrategy }: Service): Problem[] {
  if (schedulingStrategy !== 'DAEMON') return [];
  return [
    problem(
      `Service ${serviceName} has the scheduling strategy DAEMON: it can not be stopped by its count.`,
      'Recreate it with the scheduling strategy REPLICA.',
    ),
  ];
}

export function containerProblems(
  settings: Pick<EcsSettings, 'images'>,
  definition: TaskDefinition,
  container: string,
  workers: readonly TaskDefinition[] = [],
): Problem[] {
  const namesOf = (one: TaskDefinition) => containersOf(one).map(({ name }) => name ?? '');
  const names = namesOf(definition);
  const elsewhere = workers.flatMap(namesOf);
  return [container, ...Object.keys(settings.images).filter((name) => !elsewhere.includes(name))]
    .filter((name) => !names.includes(name))
    .map((name) =>
      problem(
        `Task definition ${definition.arn} has no container ${name}.`,
        `Its containers are ${names.join(', ')}: correct ecs.container or ecs.images.`,
      ),
    );
}

/** A digest is of one repository: the others have no such image. */
export function digestProblems({ images }: Pick<EcsSettings, 'images'>, imageTag: string): Problem[] {
  if (!imageTag.startsWith('sha256:') || Object.keys(images).length === 0) return [];
  return [
    problem(
      `ecs.images can't take the digest ${imageTag}, which is of one repository only.`,
      'Deploy by a tag that all of the repositories have.',
    ),
  ];
}

/** How a load balancer knows tasks: each by an address of its own, or by its machine and a port there. */
function networkProblems({ arn, content }: TaskDefinition, described: readonly TargetGroup[]): Problem[] {
  const mode = String(content['networkMode'] ?? 'bridge');
  if (mode === 'none')
    return [
      problem(
        `Task definition ${arn} has the network mode none: no load balancer can reach its tasks.`,
        'Use awsvpc, bridge or host.',
      ),
    ];
  const fitting = mode === 'awsvpc' ? 'ip' : 'instance';
  return described
    .filter(({ TargetType }) => TargetType !== fitting)
    .map(({ TargetGroupName, TargetType }) =>
      problem(
        `Target group ${TargetGroupName} has the target type ${TargetType}.`,
        `Tasks of network mode ${mode}, as in ${arn}, need target groups of type ${fitting}.`,
      ),
    );
}

function registrationProblems(service: Service, group: string): Problem[] {
  const own = (service.loadBalancers ?? []).map(({ targetGroupArn }) => targetGroupArn ?? '');
  if (own.includes(group)) return [];
  return [
    problem(
      `Service ${service.serviceName} does not register its tasks in ${group}.`,
      own.length === 0
        ? 'Give the service that target group (UpdateService loadBalancers).'
        : `It registers them in ${own.join(', ')}: correct ecs.target-groups, or leave it out.`,
    ),
  ];
}

export async function groupProblems(
  aws: Aws,
  groups: TargetGroups,
  loadBalancer: string,
  definition: TaskDefinition,
): Promise<Problem[]> {
  const described = await read('elasticloadbalancing:DescribeTargetGroups', async () => {
    try {
      const answer = await aws.elb.send(
        new DescribeTargetGroupsCommand({ TargetGroupArns: [groups.blue, groups.green] }),
      );
      return answer.TargetGroups ?? [];
    } catch (error) {
      if (errorName(error) === 'TargetGroupNotFound') return undefined;
      throw error;
    }
  });
  if (described === undefined)
    return [
      problem(
        `Target group ${groups.blue} or ${groups.green} does not exist.`,
        'Correct ecs.target-groups, or leave it out to have them read from the services.',
      ),
    ];
  const pair = Object.fromEntries(
    COLORS.map((color) => [color, described.find(({ TargetGroupArn }) => TargetGroupArn === groups[color])]),
  ) as PerColor<TargetGroup | undefined>;
  return [
    ...described.flatMap((group) => foreignProblems(group, loadBalancer)),
    ...networkProblems(definition, described),
    ...differences(pair),
  ];
}

/** A target group can belong to one load balancer only. */
function foreignProblems({ TargetGroupName, LoadBalancerArns = [] }: TargetGroup, own: string): Problem[] {
  const foreign = LoadBalancerArns.filter((arn) => !arn.endsWith(`loadbalancer/${own}`));
  if (foreign.length === 0) return [];
  return [
    problem(
      `Target group ${TargetGroupName} belongs to another load balancer, ${foreign.join(', ')}.`,
      'Each color needs a target group of its own behind the load balancer of ecs.listeners.',
    ),
  ];
}

/** Two groups that judge health differently make one color's health say nothing of the other's. */
function differences({ blue, green }: PerColor<TargetGroup | undefined>): Problem[] {
  if (blue === undefined || green === undefined) return [];
  const keys = ['Protocol', 'ProtocolVersion', 'VpcId'] as const;
  return keys
    .filter((key) => blue[key] !== green[key])
    .map((key) =>
      problem(
        `The target groups differ in ${key}: blue ${blue[key]}, green ${green[key]}.`,
        'Make them alike: users must not notice which color serves them.',
      ),
    );
}

export const problem = (message: string, fix: string): Problem => ({ message, fix, forceable: false });
