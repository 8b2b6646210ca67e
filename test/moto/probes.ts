import {
  DescribeScalableTargetsCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import {
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { DescribeImagesCommand } from '@aws-sdk/client-ecr';
import {
  DescribeContainerInstancesCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ListTasksCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import {
  AddTagsCommand,
  CreateRuleCommand,
  DeleteRuleCommand,
  DescribeListenersCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  DescribeTargetHealthCommand,
  ModifyListenerCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { connect } from '../../src/target/ecs/aws.ts';
import { ListenerLease } from '../../src/target/ecs/listener-lease.ts';
import type { Lease, LockOwner } from '../../src/target/target.ts';
import { CLUSTER, REPOSITORY, SERVICES, type Stage } from './stage.ts';

/** What is asked, in this order, of the sandbox and of moto; what comes back, or the name of the error, is compared. */
export type Probe = readonly [name: string, ask: () => Promise<unknown>];

const OWNER: LockOwner = {
  id: 'acme/shop/1/1',
  runUrl: 'https://github.example/acme/shop/actions/runs/1',
  actor: 'ann',
  reason: 'release, 50% quicker',
  operation: 'deploy',
};
const JOURNAL = {
  operation: 'deploy',
  phase: 'staging',
  from: 'blue',
  image: `${REPOSITORY}:v2`,
  'image-tag': 'v2',
  release: 'shop:2',
  'parked-release': 'shop:1',
  'parked-count': '0',
} as const;
const REQUEST = { color: 'green', image: `${REPOSITORY}:v2`, imageTag: 'v2' } as const;

/** Every method of the port: with them, the adapter makes each request that it knows. */
export function adapterProbes(stage: Stage): Probe[] {
  const target = stage.adapter();
  let lease: Lease | undefined;
  const held = () => lease ?? Promise.reject(new Error('there is no lease'));
  return [
    ['inspect', () => target.inspect()],
    ['lock: free', () => target.lock.read()],
    [
      'lock: taken',
      async () => {
        lease = await target.lock.acquire(OWNER, 300_000);
        return lease !== undefined;
      },
    ],
    ['lock: by one only', async () => (await stage.adapter().lock.acquire(OWNER, 300_000)) !== undefined],
    [
      'lock: its holder',
      async () => {
        const { owner, expires } = (await target.lock.read()) ?? {};
        return { owner, lives: (expires ?? 0) > Date.now() };
      },
    ],
    ['lock: renewed', async () => (await held()).renew()],
    ['lock: resumed', async () => (await target.lock.resume((await held()).handle, 60_000)) !== undefined],
    ['preflight', () => target.preflight(REQUEST, { readOnly: false })],
    ['prepare: nothing to do', () => target.prepare()],
    ['createRelease', () => target.createRelease(REQUEST)],
    ['createRelease: the same again', () => target.createRelease(REQUEST)],
    ['findRelease', () => target.findRelease('v2')],
    ['findRelease: unknown', () => target.findRelease('v9')],
    ['journal: written', () => target.journal.write('green', JOURNAL)],
    ['journal: read', async () => (await target.inspect()).journal],
    ['start', () => target.start('green', { id: 'shop:2', image: REQUEST.image }, 1, { warm: false })],
    ['health', async () => (await target.health('green')).wanted],
    ['preview', async () => Object.keys((await target.preview())?.headers ?? {})],
    ['shift', () => target.shift({ blue: 0, green: 100 })],
    ['weights after it', async () => (await target.inspect()).weights],
    [
      'start: a color with traffic',
      () => target.start('green', { id: 'shop:1', image: '' }, 1, { warm: false }),
    ],
    ['mark', () => target.mark('blue', 'was-live')],
    ['mark: read', async () => (await target.inspect()).colors.blue],
    ['shift back', () => target.shift({ blue: 100, green: 0 })],
    ['park', () => target.park('green', 0)],
    ['restore', () => target.restore('green', 'shop:1', 0)],
    [
      'restored',
      async () => {
        const { release, desired } = (await target.inspect()).colors.green;
        return { release, desired };
      },
    ],
    ['journal: cleared', () => target.journal.clear()],
    ['journal: gone', async () => (await target.inspect()).journal],
    ['lock: let go', async () => (await held()).release({ keepPreview: false })],
    ['lock: gone', () => target.lock.read()],
    ['lock: lost', async () => (await held()).renew()],
    [
      'lock: broken twice',
      async () => target.lock.break({ owner: OWNER, expires: 0, handle: (await held()).handle }),
    ],
    [
      'lock of tags, where there are no rules: taken, found, renewed, let go',
      async () => {
        const app = { app: 'shop', environment: 'production', listenerArn: stage.listener };
        const locks = [connect('us-east-1'), connect('us-east-1')].map((aws) => new ListenerLease(aws, app));
        const taken = await locks[0]!.acquire(OWNER, 300_000);
        const found = {
          other: await locks[1]!.acquire(OWNER, 300_000),
          owner: (await locks[1]!.read())?.owner,
        };
        await taken?.renew();
        await taken?.release({ keepPreview: false });
        return { taken: taken !== undefined, found, left: await locks[0]!.read() };
      },
    ],
    [
      'a listener that forwards to one group',
      async () => {
        await stage.elb.send(
          new ModifyListenerCommand({
            ListenerArn: stage.listener,
            DefaultActions: [{ Type: 'forward', TargetGroupArn: stage.groups.blue }],
          }),
        );
        return (await target.inspect()).weights;
      },
    ],
    ['prepare: attaches the other', async () => typeof (await stage.adapter().prepare())],
    [
      'a rule that carries the traffic',
      async () => {
        const { Rules } = await stage.elb.send(
          new CreateRuleCommand({
            ListenerArn: stage.listener,
            Priority: 10,
            Conditions: [{ Field: 'path-pattern', Values: ['/shop/*'] }],
            Actions: [{ Type: 'forward', TargetGroupArn: stage.groups.blue }],
          }),
        );
        const byRule = stage.adapter([Rules![0]!.RuleArn!]);
        await byRule.prepare();
        await byRule.shift({ blue: 0, green: 100 });
        return (await byRule.inspect()).weights;
      },
    ],
  ];
}

/** Answers as they are, and errors: what the adapter reads, and what it must recognize. */
export function wireProbes({ ecs, elb, autoscaling, cloudwatch, ecr, groups, listener }: Stage): Probe[] {
  const resource = { ServiceNamespace: 'ecs', ScalableDimension: 'ecs:service:DesiredCount' } as const;
  const ResourceId = `service/${CLUSTER}/${SERVICES.blue}`;
  const rule = (Priority: number, tag: string) =>
    elb.send(
      new CreateRuleCommand({
        ListenerArn: listener,
        Priority,
        Conditions: [
          {
            Field: 'http-header',
            HttpHeaderConfig: { HttpHeaderName: 'x-blue-green-preview', Values: ['nonce'] },
          },
        ],
        Actions: [{ Type: 'forward', TargetGroupArn: groups.green }],
        Tags: [{ Key: 'blue-green:owner', Value: tag }],
      }),
    );
  const weighted = (Weight: number, other: string = groups.green) =>
    elb.send(
      new ModifyListenerCommand({
        ListenerArn: listener,
        DefaultActions: [
          {
            Type: 'forward',
            ForwardConfig: {
              TargetGroups: [
                { TargetGroupArn: groups.blue, Weight },
                { TargetGroupArn: other, Weight: 0 },
              ],
              TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 60 },
            },
          },
        ],
      }),
    );
  const arn = (kind: string) => `arn:aws:elasticloadbalancing:us-east-1:123456789012:${kind}`;
  const gone = 'app/gone/0123456789abcdef/0123456789abcdef';
  let created = '';
  return [
    [
      'CreateRule',
      async () => {
        const { Rules } = await rule(5, 'one');
        created = Rules![0]!.RuleArn!;
        return Rules;
      },
    ],
    ['CreateRule: priority in use', () => answer(rule(5, 'two'))],
    ['DescribeTags', () => tagsOf(created)],
    [
      'AddTags: replaces',
      async () => {
        await elb.send(
          new AddTagsCommand({
            ResourceArns: [created],
            Tags: [{ Key: 'blue-green:owner', Value: 'three' }],
          }),
        );
        return tagsOf(created);
      },
    ],
    [
      'DescribeRules',
      async () => {
        const { Rules } = await elb.send(new DescribeRulesCommand({ ListenerArn: listener }));
        // The order says nothing: the adapter goes by the priority.
        return Rules?.sort((a, b) => Number(a.Priority) - Number(b.Priority));
      },
    ],
    ['DeleteRule', () => answer(elb.send(new DeleteRuleCommand({ RuleArn: created })))],
    ['DeleteRule: gone', () => answer(elb.send(new DeleteRuleCommand({ RuleArn: created })))],
    [
      'AddTags: gone',
      () =>
        answer(elb.send(new AddTagsCommand({ ResourceArns: [created], Tags: [{ Key: 'a', Value: 'b' }] }))),
    ],
    ['DescribeTags: gone', () => tagsOf(created)],
    [
      'ModifyListener: weights and stickiness',
      async () => (await weighted(100)).Listeners?.[0]?.DefaultActions,
    ],
    ['DescribeListeners', () => actions(listener)],
    ['ModifyListener: weight 1000', async () => (await weighted(1000)).Listeners?.[0]?.DefaultActions],
    ['ModifyListener: unknown group', () => answer(weighted(100, arn('targetgroup/gone/0123456789abcdef')))],
    ['DescribeListeners: gone', () => actions(arn(`listener/${gone}`))],
    [
      'DescribeRules: gone',
      () =>
        answer(
          elb.send(new DescribeRulesCommand({ RuleArns: [arn(`listener-rule/${gone}/0123456789abcdef`)] })),
        ),
    ],
    [
      'DescribeTargetHealth',
      () => answer(elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: groups.blue }))),
    ],
    [
      'DescribeTargetHealth: gone',
      () =>
        answer(
          elb.send(
            new DescribeTargetHealthCommand({ TargetGroupArn: arn('targetgroup/gone/0123456789abcdef') }),
          ),
        ),
    ],
    ['DescribeServices: unknown service', () => services('gone', CLUSTER)],
    ['DescribeServices: unknown cluster', () => services('shop-blue', 'gone')],
    [
      'UpdateService: its answer names the new deployment',
      async () => {
        const change = { taskDefinition: 'shop:1', desiredCount: 0, forceNewDeployment: true };
        const { service } = await ecs.send(
          new UpdateServiceCommand({ cluster: CLUSTER, service: SERVICES.green, ...change }),
        );
        const primary = service?.deployments?.filter(({ status }) => status === 'PRIMARY');
        return {
          primary: primary?.length,
          id: /^ecs-svc\/\d+$/.test(primary?.[0]?.id ?? ''),
          to: service?.taskDefinition,
        };
      },
    ],
    [
      'UpdateService: unknown service',
      () =>
        answer(ecs.send(new UpdateServiceCommand({ cluster: CLUSTER, service: 'gone', desiredCount: 1 }))),
    ],
    [
      'DescribeTaskDefinition: unknown',
      () => answer(ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'gone:1' }))),
    ],
    [
      'ListTasks',
      () =>
        answer(
          ecs.send(
            new ListTasksCommand({ cluster: CLUSTER, serviceName: 'shop-blue', desiredStatus: 'STOPPED' }),
          ),
        ),
    ],
    [
      'DescribeTasks: unknown',
      async () => {
        const tasks = [`arn:aws:ecs:us-east-1:123456789012:task/${CLUSTER}/0123456789abcdef0123456789abcdef`];
        const answer = await ecs.send(new DescribeTasksCommand({ cluster: CLUSTER, tasks }));
        return { tasks: answer.tasks, failures: answer.failures };
      },
    ],
    [
      'DescribeContainerInstances: unknown',
      async () => {
        const one = `arn:aws:ecs:us-east-1:123456789012:container-instance/${CLUSTER}/0123456789abcdef0123456789abcdef`;
        const answer = await ecs.send(
          new DescribeContainerInstancesCommand({ cluster: CLUSTER, containerInstances: [one] }),
        );
        return { containerInstances: answer.containerInstances, failures: answer.failures };
      },
    ],
    ['DescribeImages', () => image('shop', 'v2')],
    ['DescribeImages: unknown tag', () => image('shop', 'v9')],
    ['DescribeImages: unknown repository', () => image('gone', 'v2')],
    ['DescribeAlarms: none', () => alarms()],
    [
      'SetAlarmState',
      async () => {
        await cloudwatch.send(
          new PutMetricAlarmCommand({
            AlarmName: 'shop-5xx',
            MetricName: 'HTTPCode_Target_5XX_Count',
            Namespace: 'AWS/ApplicationELB',
            Statistic: 'Sum',
            Period: 60,
            EvaluationPeriods: 1,
            Threshold: 1,
            ComparisonOperator: 'GreaterThanThreshold',
          }),
        );
        const before = await alarms();
        await cloudwatch.send(
          new SetAlarmStateCommand({ AlarmName: 'shop-5xx', StateValue: 'ALARM', StateReason: 'test' }),
        );
        return { before, after: await alarms() };
      },
    ],
    [
      'RegisterScalableTarget: suspended, and then only the bounds',
      async () => {
        const SuspendedState = { DynamicScalingInSuspended: true, ScheduledScalingSuspended: true };
        const bounds = { MinCapacity: 0, MaxCapacity: 4 };
        await autoscaling.send(
          new RegisterScalableTargetCommand({ ...resource, ResourceId, ...bounds, SuspendedState }),
        );
        await autoscaling.send(
          new RegisterScalableTargetCommand({ ...resource, ResourceId, MaxCapacity: 6 }),
        );
        const answer = await autoscaling.send(
          new DescribeScalableTargetsCommand({ ServiceNamespace: 'ecs', ResourceIds: [ResourceId] }),
        );
        return answer.ScalableTargets?.map(({ CreationTime: _, RoleARN: __, ...rest }) => rest);
      },
    ],
  ];

  function actions(listenerArn: string) {
    return elb
      .send(new DescribeListenersCommand({ ListenerArns: [listenerArn] }))
      .then(({ Listeners }) => Listeners?.[0]?.DefaultActions);
  }
  function tagsOf(resourceArn: string) {
    return elb
      .send(new DescribeTagsCommand({ ResourceArns: [resourceArn] }))
      .then(({ TagDescriptions }) => TagDescriptions?.[0]?.Tags);
  }
  async function services(name: string, cluster: string) {
    const answer = await ecs.send(new DescribeServicesCommand({ cluster, services: [name] }));
    return { services: answer.services, failures: answer.failures };
  }
  async function image(repositoryName: string, imageTag: string) {
    const { imageDetails } = await ecr.send(
      new DescribeImagesCommand({ registryId: '123456789012', repositoryName, imageIds: [{ imageTag }] }),
    );
    return imageDetails?.map(({ imageDigest, imageTags }) => ({ imageDigest, imageTags }));
  }
  async function alarms() {
    const { MetricAlarms } = await cloudwatch.send(
      new DescribeAlarmsCommand({ AlarmNames: ['shop-5xx', 'gone'] }),
    );
    return MetricAlarms?.map(({ AlarmName, StateValue, StateReason }) => ({
      AlarmName,
      StateValue,
      StateReason,
    }));
  }
  async function answer(asked: Promise<{ $metadata: unknown }>) {
    const { $metadata: _, ...rest } = await asked;
    return rest;
  }
}
