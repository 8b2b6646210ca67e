import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { ECRClient } from '@aws-sdk/client-ecr';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { EcsTarget } from '../../src/target/ecs/ecs.ts';
import type { Color } from '../sandbox/blue-green-setup.ts';

/** An account's network, which the sandbox does not look at and moto does. */
export interface Network {
  readonly vpc: string;
  readonly subnets: readonly string[];
}

/** Two services behind one listener, set up through the API of whichever stand-in answers. */
export interface Stage extends AsyncDisposable {
  readonly ecs: ECSClient;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly autoscaling: ApplicationAutoScalingClient;
  readonly cloudwatch: CloudWatchClient;
  readonly ecr: ECRClient;
  readonly groups: Readonly<Record<Color, string>>;
  readonly listener: string;
  /** Opens the adapter on it; `listeners` are the listener itself by default. Closed together with the stage. */
  adapter(listeners?: readonly string[]): EcsTarget;
}

const REGION = 'us-east-1';
export const CLUSTER = 'production';
export const SERVICES = { blue: 'shop-blue', green: 'shop-green' } as const;
/** Their names in both stores. */
export const SECRET = 'shop/database';
export const PARAMETER = '/shop/key';
export const REPOSITORY = '123456789012.dkr.ecr.us-east-1.amazonaws.com/shop';

export const clientOptions = (endpoint: string) => ({
  endpoint,
  region: REGION,
  maxAttempts: 1,
  credentials: { accessKeyId: 'ASIASANDBOX000000000', secretAccessKey: 'sandbox-secret' },
});

export async function setStage(endpoint: string, { vpc, subnets }: Network): Promise<Stage> {
  const options = clientOptions(endpoint);
  const ecs = new ECSClient(options);
  const elb = new ElasticLoadBalancingV2Client(options);
  const others = {
    autoscaling: new ApplicationAutoScalingClient(options),
    cloudwatch: new CloudWatchClient(options),
    ecr: new ECRClient(options),
  };

  await ecs.send(new CreateClusterCommand({ clusterName: CLUSTER }));
  const group = async (color: Color) => {
    const { TargetGroups } = await elb.send(
      new CreateTargetGroupCommand({
        Name: `shop-${color}`,
        Protocol: 'HTTP',
        Port: 8080,
        VpcId: vpc,
        TargetType: 'ip',
        HealthCheckPath: '/health',
      }),
    );
    return TargetGroups![0]!.TargetGroupArn!;
  };
  const groups = { blue: await group('blue'), green: await group('green') };
  const { LoadBalancers } = await elb.send(
    new CreateLoadBalancerCommand({ Name: 'shop', Subnets: [...subnets] }),
  );
  const { Listeners } = await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: LoadBalancers![0]!.LoadBalancerArn,
      Protocol: 'HTTP',
      Port: 18080,
      DefaultActions: [
        {
          Type: 'forward',
          ForwardConfig: {
            TargetGroups: [
              { TargetGroupArn: groups.blue, Weight: 100 },
              { TargetGroupArn: groups.green, Weight: 0 },
            ],
          },
        },
      ],
    }),
  );
  const listener = Listeners![0]!.ListenerArn!;
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: 'shop',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
      containerDefinitions: [
        { name: 'app', image: `${REPOSITORY}:v1`, essential: true, portMappings: [{ containerPort: 8080 }] },
      ],
      tags: [{ key: 'team', value: 'shop' }],
    }),
  );
  for (const color of ['blue', 'green'] as const)
    await ecs.send(
      new CreateServiceCommand({
        cluster: CLUSTER,
        serviceName: SERVICES[color],
        taskDefinition: taskDefinition!.taskDefinitionArn,
        // No task runs but those that a test starts: moto never starts any.
        desiredCount: 0,
        launchType: 'FARGATE',
        loadBalancers: [{ targetGroupArn: groups[color], containerName: 'app', containerPort: 8080 }],
        // moto fails without a list of security groups.
        networkConfiguration: { awsvpcConfiguration: { subnets: [...subnets], securityGroups: [] } },
      }),
    );

  const adapters: EcsTarget[] = [];
  return {
    ecs,
    elb,
    ...others,
    groups,
    listener,
    adapter(listeners = [listener]) {
      const target = new EcsTarget({
        app: 'shop',
        environment: 'production',
        url: undefined,
        settings: {
          region: REGION,
          cluster: CLUSTER,
          image: REPOSITORY,
          services: SERVICES,
          listeners: [...listeners],
          images: {},
          workers: [],
          autoscaling: 'ignore',
          alarms: { 'error-rate': 5, 'response-time': 1_000 },
          'preview-priority': 1,
          propagation: 1_000,
        },
      });
      adapters.push(target);
      return target;
    },
    async [Symbol.asyncDispose]() {
      for (const adapter of adapters) await adapter.close();
      for (const client of [ecs, elb, ...Object.values(others)]) client.destroy();
    },
  };
}
