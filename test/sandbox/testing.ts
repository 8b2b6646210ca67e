/** What the tests of the sandbox share: the SDK's own clients, and waiting without guessing times. */
import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import {
  type ContainerDefinition,
  type Deployment,
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  type Service,
  type Task,
  UpdateServiceCommand,
  type UpdateServiceCommandInput,
} from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { STSClient } from '@aws-sdk/client-sts';
import type { BlueGreenApp } from './blue-green-app.ts';
import type { Sandbox } from './sandbox.ts';

/** One client per service, with a single attempt, so that a test sees each answer. */
export function clients(sandbox: Sandbox, region = sandbox.region) {
  const configuration = {
    endpoint: sandbox.endpoint,
    region,
    maxAttempts: 1,
    credentials: { accessKeyId: 'ASIASANDBOX000000000', secretAccessKey: 'sandbox-secret' },
  };
  return {
    ecs: new ECSClient(configuration),
    elb: new ElasticLoadBalancingV2Client(configuration),
    autoscaling: new ApplicationAutoScalingClient(configuration),
    cloudwatch: new CloudWatchClient(configuration),
    sts: new STSClient(configuration),
  };
}

/** Resolves with the first value that is not nothing; rejects after 15 real seconds. */
export async function eventually<Value>(
  look: () => Promise<Value | undefined | false> | Value | undefined | false,
  what: string,
): Promise<Value> {
  const end = Date.now() + 15_000;
  for (;;) {
    const value = await look();
    if (value) return value;
    if (Date.now() > end) throw new Error(`It never came to: ${what}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

/** A service as the API shows it. */
export async function describeService(
  ecs: ECSClient,
  name: string,
  cluster = 'production',
): Promise<Service> {
  const answer = await ecs.send(
    new DescribeServicesCommand({ cluster, services: [name], include: ['TAGS'] }),
  );
  return answer.services![0]!;
}

/** The PRIMARY deployment of a service. */
export function primary(service: Service): Deployment {
  return service.deployments!.find(({ status }) => status === 'PRIMARY')!;
}

/** The messages of a service's events, the newest first. */
export function messages(service: Service): string[] {
  return service.events!.map(({ message }) => message!);
}

/** An ECS call without the SDK, which would drop members that it does not know. */
export function rawEcs(sandbox: Sandbox, operation: string, input: object): Promise<Response> {
  return fetch(sandbox.endpoint, {
    method: 'POST',
    headers: {
      'x-amz-target': `AmazonEC2ContainerServiceV20141113.${operation}`,
      authorization: `AWS4-HMAC-SHA256 Credential=KEY/20260101/${sandbox.region}/ecs/aws4_request`,
    },
    body: JSON.stringify(input),
  });
}

/** Somebody who deploys by hand, through the API. */
export interface Operator {
  readonly ecs: ECSClient;
  /** Registers a revision that runs the app's image with that tag; returns its ARN. */
  revision(family: string, tag: string, container?: ContainerDefinition): Promise<string>;
  /** Updates a service; returns the id of what is PRIMARY then. */
  update(service: string, input: Partial<UpdateServiceCommandInput>): Promise<string>;
  service(name: string): Promise<Service>;
  deployment(service: string, id: string): Promise<Deployment | undefined>;
  /** The tasks of a deployment that have stopped. */
  stoppedTasks(service: string, startedBy: string): Promise<Task[]>;
}

export function newOperator(sandbox: Sandbox, app: BlueGreenApp): Operator {
  const { ecs } = clients(sandbox);
  const { cluster } = app;
  const service = (name: string) => describeService(ecs, name, cluster);
  return {
    ecs,
    service,
    async revision(family, tag, container = {}) {
      const portMappings = [{ containerPort: 8080 }];
      const answer = await ecs.send(
        new RegisterTaskDefinitionCommand({
          family,
          networkMode: 'awsvpc',
          containerDefinitions: [
            { name: 'app', image: app.image(tag), memory: 128, portMappings, ...container },
          ],
        }),
      );
      return answer.taskDefinition!.taskDefinitionArn!;
    },
    async update(name, input) {
      const answer = await ecs.send(new UpdateServiceCommand({ cluster, service: name, ...input }));
      return primary(answer.service!).id!;
    },
    async deployment(name, id) {
      return (await service(name)).deployments!.find((deployment) => deployment.id === id);
    },
    async stoppedTasks(serviceName, startedBy) {
      const { taskArns } = await ecs.send(
        new ListTasksCommand({ cluster, serviceName, desiredStatus: 'STOPPED' }),
      );
      if (!taskArns?.length) return [];
      const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
      return tasks!.filter((task) => task.startedBy === startedBy && task.lastStatus === 'STOPPED');
    },
  };
}
