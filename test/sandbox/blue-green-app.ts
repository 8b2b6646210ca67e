import type { Listener, Rule } from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  type BlueGreenAppOptions,
  type Color,
  createService,
  createTargetGroup,
  forwardWeighted,
  registerTaskDefinition,
} from './blue-green-setup.ts';
import type { ServiceRecord } from './ecs/model.ts';
import { liveTasks } from './ecs/service-tasks.ts';
import type { Task } from './ecs/task.ts';
import type { Sandbox } from './sandbox.ts';

export type { BlueGreenAppOptions, Color } from './blue-green-setup.ts';

/** The app that stands there, and short ways to ask how it is. */
export interface BlueGreenApp {
  readonly app: string;
  readonly cluster: string;
  readonly services: Readonly<Record<Color, string>>;
  readonly serviceArns: Readonly<Record<Color, string>>;
  readonly targetGroups: Readonly<Record<Color, string>>;
  readonly loadBalancer: string;
  readonly listener: string;
  readonly taskDefinition: string;
  /** The repository, without a tag. */
  readonly repository: string;
  /** What users open: the first node of the load balancer. */
  readonly url: string;
  /** The same on each node. */
  readonly urls: readonly string[];
  image(tag: string): string;
  /** The weights of the listener's default action, as the API shows them; a single target has 100. */
  weights(): Record<Color, number>;
  service(color: Color): ServiceRecord;
  /** Tasks that are meant to run and do. */
  tasks(color: Color): Task[];
  /** The tags of the images that run, each once. */
  versionsRunning(color: Color): string[];
  /** Rules besides the default one: the preview rule, which is the lock, while somebody holds it. */
  rules(): Promise<Rule[]>;
  /** Resolves when the service is where it was to be. */
  steady(color: Color): Promise<void>;
  /** The action's config for this app (JSON is YAML), with additions to the environment `production`. */
  config(additions?: Readonly<Record<string, unknown>>): string;
}

/** Sets up a cluster, a load balancer with both target groups, two services, and waits until they are steady. */
export async function blueGreenApp(
  sandbox: Sandbox,
  options: BlueGreenAppOptions = {},
): Promise<BlueGreenApp> {
  const { app = 'shop', cluster = 'production', versions = ['v1', 'v2'], idleCount = 0 } = options;
  const live = options.live === null ? { count: 0 } : (options.live ?? {});
  const { version = versions[0]!, color: liveColor = 'blue', count = 2 } = live;
  const repository = `${sandbox.account}.dkr.ecr.${sandbox.region}.amazonaws.com/${app}`;
  const image = (tag: string) => `${repository}:${tag}`;
  for (const tag of new Set([...versions, version]))
    if (!sandbox.images.has(image(tag))) sandbox.addImage(image(tag));

  await sandbox.call('CreateCluster', { clusterName: cluster });
  const taskDefinition = await registerTaskDefinition(
    sandbox,
    app,
    image(version),
    options.taskDefinition,
    options.container,
  );
  const targetGroups = {
    blue: await createTargetGroup(sandbox, `${app}-blue`, options),
    green: await createTargetGroup(sandbox, `${app}-green`, options),
  };
  const loadBalancer = sandbox.elb.createLoadBalancer({
    Name: app,
    Type: options.loadBalancer ?? 'application',
    Subnets: ['subnet-0a1b2c3d4e5f60718', 'subnet-0a1b2c3d4e5f60719'],
  }).LoadBalancerArn!;
  const listener = await sandbox.elb.createListener({
    LoadBalancerArn: loadBalancer,
    Protocol: options.loadBalancer === 'network' ? 'TCP' : 'HTTP',
    Port: undefined,
    DefaultActions: forwardWeighted(targetGroups, liveColor),
  });
  const listenerArn = listener.ListenerArn!;
  const create = (color: Color) =>
    createService(sandbox, options, {
      cluster,
      serviceName: `${app}-${color}`,
      taskDefinition,
      targetGroupArn: targetGroups[color],
      desiredCount: color === liveColor ? count : idleCount,
    });
  const serviceArns = { blue: await create('blue'), green: await create('green') };
  const service = (color: Color) => sandbox.ecs.world.services.get(serviceArns[color])!;
  const tasks = (color: Color) => liveTasks(sandbox.ecs.world, service(color)).filter((task) => task.wanted);
  const steady = async (color: Color) => {
    while (!service(color).steady) await new Promise((done) => setTimeout(done, 10));
  };
  const { port, addresses } = sandbox.elb.endpoint(listenerArn);
  const urls = addresses.map((address) => `http://${address}:${port}`);
  await Promise.all([steady('blue'), steady('green')]);
  // ECS refuses a service whose target group has no load balancer: hence single-target only now.
  if (options.forward === 'single')
    await sandbox.call('ModifyListener', {
      ListenerArn: listenerArn,
      DefaultActions: [{ Type: 'forward', TargetGroupArn: targetGroups[liveColor] }],
    });
  await sandbox.elb.settled();

  return {
    app,
    cluster,
    services: { blue: `${app}-blue`, green: `${app}-green` },
    serviceArns,
    targetGroups,
    loadBalancer,
    listener: listenerArn,
    taskDefinition,
    repository,
    url: urls[0]!,
    urls,
    image,
    weights: () => weightsOf(sandbox, listenerArn, targetGroups),
    service,
    tasks,
    versionsRunning(color) {
      const tags = tasks(color).map(({ start }) =>
        versionOf(start.definition.json.containerDefinitions[0]!.image!),
      );
      return [...new Set(tags)].sort();
    },
    async rules() {
      const answer = await sandbox.call<{ Rules: Rule[] }>('DescribeRules', { ListenerArn: listenerArn });
      return answer.Rules.filter(({ IsDefault }) => !IsDefault);
    },
    steady,
    config: (additions = {}) =>
      JSON.stringify({
        app,
        environments: {
          production: {
            url: urls[0],
            ecs: {
              region: sandbox.region,
              cluster,
              image: repository,
              services: { blue: `${app}-blue`, green: `${app}-green` },
              listeners: [listenerArn],
            },
            ...additions,
          },
        },
      }),
  };

  function versionOf(reference: string): string {
    return sandbox.images.get(reference)?.env?.['VERSION'] ?? reference.slice(repository.length + 1);
  }
}

function weightsOf(
  sandbox: Sandbox,
  listenerArn: string,
  groups: Record<Color, string>,
): Record<Color, number> {
  const answer = sandbox.elb.operations['DescribeListeners']!({ ListenerArns: [listenerArn] });
  const action = (answer as { Listeners: Listener[] }).Listeners[0]!.DefaultActions!.find(
    ({ Type }) => Type === 'forward',
  );
  const tuples = action?.ForwardConfig?.TargetGroups ?? [
    { TargetGroupArn: action?.TargetGroupArn, Weight: 100 },
  ];
  const weight = (arn: string) => {
    const tuple = tuples.find(({ TargetGroupArn }) => TargetGroupArn === arn);
    if (!tuple) return 0;
    return tuples.length === 1 ? 100 : (tuple.Weight ?? 0);
  };
  return { blue: weight(groups.blue), green: weight(groups.green) };
}
