import type {
  ContainerDefinition,
  RegisterTaskDefinitionRequest,
  RegisterTaskDefinitionResponse,
} from '@aws-sdk/client-ecs';
import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Sandbox } from './sandbox.ts';

export type Color = 'blue' | 'green';

/** How the app is to stand there; everything has a default. */
export interface BlueGreenAppOptions {
  readonly app?: string;
  readonly cluster?: string;
  /** The tags that the registry gets; behavior beyond that with `sandbox.addImage`. */
  readonly versions?: readonly string[];
  /** What runs; `null` for a first deployment ever: both services exist, and nothing runs. */
  readonly live?: { readonly version?: string; readonly color?: Color; readonly count?: number } | null;
  /** How many tasks the other color runs; 0 by default. */
  readonly idleCount?: number;
  /** `single`: the listener forwards to the live color's group only, as most do before they meet blue/green. */
  readonly forward?: 'weighted' | 'single';
  readonly circuitBreaker?: { readonly enable: boolean; readonly rollback: boolean };
  readonly healthCheck?: {
    readonly intervalSeconds?: number;
    readonly timeoutSeconds?: number;
    readonly healthy?: number;
    readonly unhealthy?: number;
  };
  /** `EC2`: machines that tasks share, with their networks unless the task definition says otherwise. */
  readonly launchType?: 'FARGATE' | 'EC2';
  readonly graceSeconds?: number;
  /** `application` by default. */
  readonly loadBalancer?: 'application' | 'network';
  /** Deregistration delay of both target groups, in AWS seconds. */
  readonly drainSeconds?: number;
  /** Members of the container `app` beyond the usual ones. */
  readonly container?: Partial<ContainerDefinition>;
  /** Members of the first task definition beyond the usual ones; containers are added after `app`. */
  readonly taskDefinition?: Partial<RegisterTaskDefinitionRequest>;
}

/** Registers the app's first revision: the container `app` on port 8080, and what the options add. */
export async function registerTaskDefinition(
  sandbox: Sandbox,
  family: string,
  image: string,
  additions: Partial<RegisterTaskDefinitionRequest> = {},
  container: Partial<ContainerDefinition> = {},
): Promise<string> {
  const { containerDefinitions = [], ...others } = additions;
  const app = { name: 'app', image, essential: true, portMappings: [{ containerPort: 8080 }], ...container };
  const answer = await sandbox.call<RegisterTaskDefinitionResponse>('RegisterTaskDefinition', {
    family,
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    ...others,
    containerDefinitions: [app, ...containerDefinitions],
  });
  return answer.taskDefinition!.taskDefinitionArn!;
}

/** Creates a target group whose health checks are as quick as AWS lets them be, unless the options say otherwise. */
export async function createTargetGroup(
  sandbox: Sandbox,
  name: string,
  options: BlueGreenAppOptions,
): Promise<string> {
  const { intervalSeconds = 5, timeoutSeconds = 2, healthy = 2, unhealthy = 2 } = options.healthCheck ?? {};
  const arn = sandbox.elb.createTargetGroup({
    Name: name,
    Protocol: options.loadBalancer === 'network' ? 'TCP' : 'HTTP',
    HealthCheckProtocol: 'HTTP',
    Port: 8080,
    VpcId: 'vpc-0a1b2c3d4e5f60718',
    TargetType: options.launchType === 'EC2' ? 'instance' : 'ip',
    HealthCheckPath: '/health',
    HealthCheckIntervalSeconds: intervalSeconds,
    HealthCheckTimeoutSeconds: timeoutSeconds,
    HealthyThresholdCount: healthy,
    UnhealthyThresholdCount: unhealthy,
  }).TargetGroupArn!;
  const delay = { Key: 'deregistration_delay.timeout_seconds', Value: String(options.drainSeconds ?? 10) };
  await sandbox.call('ModifyTargetGroupAttributes', { TargetGroupArn: arn, Attributes: [delay] });
  return arn;
}

/** Creates the service of one color. */
export async function createService(
  sandbox: Sandbox,
  options: BlueGreenAppOptions,
  own: {
    cluster: string;
    serviceName: string;
    taskDefinition: string;
    targetGroupArn: string;
    desiredCount: number;
  },
): Promise<string> {
  const { targetGroupArn, ...input } = own;
  const answer = await sandbox.call<{ service: { serviceArn: string } }>('CreateService', {
    ...input,
    launchType: options.launchType ?? 'FARGATE',
    loadBalancers: [{ targetGroupArn, containerName: 'app', containerPort: 8080 }],
    healthCheckGracePeriodSeconds: options.graceSeconds ?? 30,
    ...(options.launchType !== 'EC2' && {
      networkConfiguration: {
        awsvpcConfiguration: { subnets: ['subnet-0a1b2c3d4e5f60718'], assignPublicIp: 'DISABLED' },
      },
    }),
    ...(options.circuitBreaker && {
      deploymentConfiguration: {
        deploymentCircuitBreaker: options.circuitBreaker,
        maximumPercent: 200,
        minimumHealthyPercent: 100,
      },
    }),
  });
  return answer.service.serviceArn;
}

/** All the traffic to one color, with the other one attached at weight 0. */
export function forwardWeighted(groups: Record<Color, string>, live: Color): Action[] {
  const weight = (color: Color) => ({ TargetGroupArn: groups[color], Weight: color === live ? 100 : 0 });
  return [{ Type: 'forward', Order: 1, ForwardConfig: { TargetGroups: [weight('blue'), weight('green')] } }];
}
