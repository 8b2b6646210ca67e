import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import type { Rule } from '@aws-sdk/client-elastic-load-balancing-v2';
import { createTargetGroup, forwardWeighted, registerTaskDefinition } from './blue-green-setup.ts';
import type { ServiceDeploymentRecord, ServiceRecord } from './ecs/model.ts';
import { shareOf } from './ecs/native-strategy.ts';
import { liveTasks } from './ecs/service-tasks.ts';
import type { Task } from './ecs/task.ts';
import type { Sandbox } from './sandbox.ts';

/** How the single service is to stand there; everything has a default. */
export interface NativeAppOptions {
  readonly versions?: readonly string[];
  readonly count?: number;
  /** Beyond `strategy: BLUE_GREEN` and no bake time. */
  readonly deployment?: DeploymentConfiguration;
  /** `port`: a listener of its own; `header`: a rule of the production listener; `none`: no test traffic. */
  readonly test?: 'port' | 'header' | 'none';
}

/** A service which ECS itself deploys blue/green, and short ways to ask how it is. */
export interface NativeApp {
  readonly app: string;
  readonly cluster: string;
  readonly service: string;
  readonly repository: string;
  readonly targetGroups: { readonly blue: string; readonly green: string };
  readonly listener: string;
  readonly urls: readonly string[];
  image(tag: string): string;
  record(): ServiceRecord;
  /** The newest service deployment. */
  rollout(): ServiceDeploymentRecord;
  weights(): { blue: number; green: number };
  /** Tasks that are meant to run, by the tag of their image. */
  tasks(tag: string): Task[];
  /** Rules of the production listener besides the default one and the test rule: the lock, while somebody holds it. */
  locks(): Promise<Rule[]>;
}

/** Longer than the slowest request of the tests' load: ECS clears up by itself, and nothing but this protects them. */
const DRAIN_SECONDS = 60;

/** The header that leads to the new release where there is no test listener of its own. */
export const TEST_HEADER = { name: 'x-test-traffic', value: 'green' };

/** Sets up a cluster, a load balancer with both target groups, and a service that alternates between them. */
export async function nativeApp(sandbox: Sandbox, options: NativeAppOptions = {}): Promise<NativeApp> {
  const { versions = ['v1', 'v2', 'v3'], count = 2, test = 'port' } = options;
  const [app, cluster] = ['shop', 'production'];
  const repository = `${sandbox.account}.dkr.ecr.${sandbox.region}.amazonaws.com/${app}`;
  const image = (tag: string) => `${repository}:${tag}`;
  for (const tag of versions) if (!sandbox.images.has(image(tag))) sandbox.addImage(image(tag));

  await sandbox.call('CreateCluster', { clusterName: cluster });
  const taskDefinition = await registerTaskDefinition(sandbox, app, image(versions[0]!));
  const targetGroups = {
    blue: await createTargetGroup(sandbox, `${app}-blue`, { drainSeconds: DRAIN_SECONDS }),
    green: await createTargetGroup(sandbox, `${app}-green`, { drainSeconds: DRAIN_SECONDS }),
  };
  const loadBalancer = sandbox.elb.createLoadBalancer({
    Name: app,
    Subnets: ['subnet-0a1b2c3d4e5f60718', 'subnet-0a1b2c3d4e5f60719'],
  }).LoadBalancerArn!;
  const listen = () =>
    sandbox.elb.createListener({
      LoadBalancerArn: loadBalancer,
      Protocol: 'HTTP',
      Port: undefined,
      DefaultActions: forwardWeighted(targetGroups, 'blue'),
    });
  const listener = (await listen()).ListenerArn!;
  const defaultRule = async (arn: string) => {
    const { Rules } = await sandbox.call<{ Rules: Rule[] }>('DescribeRules', { ListenerArn: arn });
    return Rules.find(({ IsDefault }) => IsDefault)!.RuleArn!;
  };
  const testRule =
    test === 'none'
      ? undefined
      : test === 'port'
        ? await defaultRule((await listen()).ListenerArn!)
        : sandbox.elb.createRule({
            ListenerArn: listener,
            Priority: 100,
            Conditions: [
              {
                Field: 'http-header',
                HttpHeaderConfig: { HttpHeaderName: TEST_HEADER.name, Values: [TEST_HEADER.value] },
              },
            ],
            Actions: forwardWeighted(targetGroups, 'blue'),
          }).RuleArn!;
  const answer = await sandbox.call<{ service: { serviceArn: string } }>('CreateService', {
    cluster,
    serviceName: app,
    taskDefinition,
    desiredCount: count,
    launchType: 'FARGATE',
    loadBalancers: [
      {
        targetGroupArn: targetGroups.blue,
        containerName: 'app',
        containerPort: 8080,
        advancedConfiguration: {
          alternateTargetGroupArn: targetGroups.green,
          productionListenerRule: await defaultRule(listener),
          ...(testRule === undefined ? {} : { testListenerRule: testRule }),
          roleArn: `arn:aws:iam::${sandbox.account}:role/ecsInfrastructureRole`,
        },
      },
    ],
    healthCheckGracePeriodSeconds: 30,
    networkConfiguration: {
      awsvpcConfiguration: { subnets: ['subnet-0a1b2c3d4e5f60718'], assignPublicIp: 'DISABLED' },
    },
    deploymentConfiguration: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 0, ...options.deployment },
  });
  const record = () => sandbox.ecs.world.services.get(answer.service.serviceArn)!;
  while (record().serviceDeployments[0]!.finishedAt === undefined || !record().steady)
    await new Promise((done) => setTimeout(done, 10));
  await sandbox.elb.settled();
  const { port, addresses } = sandbox.elb.endpoint(listener);

  return {
    app,
    cluster,
    service: app,
    repository,
    targetGroups,
    listener,
    urls: addresses.map((address) => `http://${address}:${port}`),
    image,
    record,
    rollout: () => record().serviceDeployments[0]!,
    weights: () => ({
      blue: shareOf(sandbox.ecs.world, record(), targetGroups.blue),
      green: shareOf(sandbox.ecs.world, record(), targetGroups.green),
    }),
    tasks: (tag) =>
      liveTasks(sandbox.ecs.world, record()).filter(
        ({ wanted, start }) => wanted && start.definition.json.containerDefinitions[0]!.image === image(tag),
      ),
    async locks() {
      const { Rules } = await sandbox.call<{ Rules: Rule[] }>('DescribeRules', { ListenerArn: listener });
      return Rules.filter(({ IsDefault, RuleArn }) => !IsDefault && RuleArn !== testRule);
    },
  };
}
