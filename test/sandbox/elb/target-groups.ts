/** Target groups: settings, attributes, and which load balancer they hang on. */
import type {
  CreateTargetGroupCommandInput,
  DescribeTargetGroupsCommandInput,
  ModifyTargetGroupAttributesCommandInput,
  ModifyTargetGroupCommandInput,
  TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { ApiError, type Operations } from '../contract.ts';
import { type Place, targetGroupArn } from './arns.ts';
import { defaultAttributes, normalAttribute } from './attributes.ts';
import { targetGroupNotFound, validationError } from './errors.ts';
import { checkName } from './load-balancers.ts';
import { page } from './pages.ts';
import type { Store, TargetGroupRecord } from './store.ts';
import { checkTags } from './tags.ts';

const changeable = [
  'HealthCheckProtocol',
  'HealthCheckPort',
  'HealthCheckPath',
  'HealthCheckEnabled',
  'HealthCheckIntervalSeconds',
  'HealthCheckTimeoutSeconds',
  'HealthyThresholdCount',
  'UnhealthyThresholdCount',
  'Matcher',
] as const;

/** The operations on target groups; `removed` is told of a group that is gone. */
export function targetGroupOperations(
  store: Store,
  place: Place,
  removed: (arn: string) => void,
): Operations {
  const shown = ({ arn, settings }: TargetGroupRecord): TargetGroup => ({
    ...settings,
    LoadBalancerArns: store.loadBalancersOf(arn),
  });
  return {
    CreateTargetGroup(input: CreateTargetGroupCommandInput) {
      checkName(input.Name);
      checkTags(input.Tags ?? []);
      const settings = { ...defaults(input), ...given(input) };
      checkHealthCheck(settings);
      const existing = [...store.targetGroups.values()].find(
        (other) => other.settings.TargetGroupName === input.Name,
      );
      if (existing) {
        // AWS: repeating a call with the same settings succeeds.
        if (
          JSON.stringify({ ...existing.settings, TargetGroupArn: '' }) ===
          JSON.stringify({ ...settings, TargetGroupArn: '' })
        ) {
          return { TargetGroups: [shown(existing)] };
        }
        throw new ApiError(
          'DuplicateTargetGroupName',
          `A target group with the same name '${input.Name}' exists, but with different settings`,
        );
      }
      const arn = targetGroupArn(place, input.Name!);
      const created = {
        arn,
        settings: { ...settings, TargetGroupArn: arn },
        attributes: new Map(defaultAttributes),
      };
      store.targetGroups.set(arn, created);
      store.setTags(arn, input.Tags ?? []);
      return { TargetGroups: [shown(created)] };
    },

    DescribeTargetGroups({
      LoadBalancerArn,
      TargetGroupArns = [],
      Names = [],
      ...paging
    }: DescribeTargetGroupsCommandInput) {
      const all = [...store.targetGroups.values()];
      let wanted = all;
      if (LoadBalancerArn) {
        store.loadBalancer(LoadBalancerArn);
        wanted = all.filter(({ arn }) => store.loadBalancersOf(arn).includes(LoadBalancerArn));
      } else if (TargetGroupArns.length + Names.length > 0) {
        wanted = [
          ...TargetGroupArns.map((arn) => store.targetGroups.get(arn)),
          ...Names.map((name) => all.find((one) => one.settings.TargetGroupName === name)),
        ].map((group) => group ?? fail(targetGroupNotFound()));
      }
      const { items, NextMarker } = page(wanted, paging);
      return { TargetGroups: items.map(shown), NextMarker };
    },

    ModifyTargetGroup(input: ModifyTargetGroupCommandInput) {
      const group = store.targetGroup(input.TargetGroupArn!);
      const settings = { ...group.settings, ...given(input) };
      checkHealthCheck(settings);
      group.settings = settings;
      return { TargetGroups: [shown(group)] };
    },

    DeleteTargetGroup({ TargetGroupArn }: { TargetGroupArn?: string }) {
      if (store.attached().has(TargetGroupArn!)) {
        throw new ApiError(
          'ResourceInUse',
          `Target group '${TargetGroupArn}' is currently in use by a listener or a rule`,
        );
      }
      store.targetGroups.delete(TargetGroupArn!);
      store.tags.delete(TargetGroupArn!);
      removed(TargetGroupArn!);
      return {};
    },

    DescribeTargetGroupAttributes({ TargetGroupArn }: { TargetGroupArn?: string }) {
      return { Attributes: shownAttributes(store.targetGroup(TargetGroupArn!)) };
    },

    ModifyTargetGroupAttributes({
      TargetGroupArn,
      Attributes = [],
    }: ModifyTargetGroupAttributesCommandInput) {
      const group = store.targetGroup(TargetGroupArn!);
      const wanted = Attributes.map((attribute) => normalAttribute(attribute));
      if (wanted.some(([key, value]) => key === 'stickiness.enabled' && value === 'true'))
        insistOnGroupStickiness(store, group.arn);
      for (const [key, value] of wanted) group.attributes.set(key, value);
      return { Attributes: shownAttributes(group) };
    },
  };
}

function defaults(input: CreateTargetGroupCommandInput): TargetGroup {
  const { TargetType = 'instance', Protocol = 'HTTP' } = input;
  if (Protocol !== 'HTTP' && Protocol !== 'HTTPS' && Protocol !== 'TCP')
    throw validationError(`The sandbox has no target groups of protocol '${Protocol}'`);
  if (!Number.isInteger(input.Port)) throw validationError('A port must be specified');
  return {
    TargetGroupArn: '',
    TargetGroupName: input.Name,
    Protocol,
    Port: input.Port,
    VpcId: input.VpcId ?? 'vpc-0a1b2c3d4e5f60718',
    HealthCheckProtocol: 'HTTP',
    HealthCheckPort: 'traffic-port',
    HealthCheckEnabled: true,
    HealthCheckIntervalSeconds: 30,
    HealthCheckTimeoutSeconds: 5,
    HealthyThresholdCount: 5,
    UnhealthyThresholdCount: 2,
    HealthCheckPath: '/',
    Matcher: { HttpCode: '200' },
    TargetType,
    ...(Protocol !== 'TCP' && { ProtocolVersion: input.ProtocolVersion ?? 'HTTP1' }),
    IpAddressType: input.IpAddressType ?? 'ipv4',
  };
}

/** Only what the caller named: everything else keeps its value. */
function given(input: CreateTargetGroupCommandInput | ModifyTargetGroupCommandInput): Partial<TargetGroup> {
  return Object.fromEntries(
    changeable.filter((key) => input[key] !== undefined).map((key) => [key, input[key]]),
  );
}

function checkHealthCheck(settings: TargetGroup): void {
  const within = (
    name:
      | 'HealthCheckIntervalSeconds'
      | 'HealthCheckTimeoutSeconds'
      | 'HealthyThresholdCount'
      | 'UnhealthyThresholdCount',
    low: number,
    high: number,
  ) => {
    const value = settings[name]!;
    if (!Number.isInteger(value) || value < low || value > high) {
      throw validationError(`${name} '${value}' must be between ${low} and ${high}`);
    }
  };
  within('HealthCheckIntervalSeconds', 5, 300);
  within('HealthCheckTimeoutSeconds', 2, 120);
  within('HealthyThresholdCount', 2, 10);
  within('UnhealthyThresholdCount', 2, 10);
  if (settings.HealthCheckTimeoutSeconds! >= settings.HealthCheckIntervalSeconds!) {
    throw validationError(
      `Health check timeout '${settings.HealthCheckTimeoutSeconds}' must be smaller than the interval '${settings.HealthCheckIntervalSeconds}'`,
    );
  }
}

function shownAttributes({ attributes }: TargetGroupRecord) {
  return [...attributes].map(([Key, Value]) => ({ Key, Value }));
}

function insistOnGroupStickiness(store: Store, arn: string): void {
  for (const { ruleArn, actions } of store.actionsFor(arn)) {
    const forward = actions.find((action) => action.ForwardConfig)!.ForwardConfig!;
    if (forward.TargetGroups!.length > 1 && !forward.TargetGroupStickinessConfig?.Enabled) {
      throw new ApiError(
        'InvalidConfigurationRequest',
        `This target group appears behind a rule with group stickiness disabled (${ruleArn}). You must enable group stickiness before enabling target stickiness`,
      );
    }
  }
}

function fail(error: Error): never {
  throw error;
}
