/** RegisterTargets, DeregisterTargets, DescribeTargetHealth. */
import { isIP } from 'node:net';
import type {
  DescribeTargetHealthCommandInput,
  RegisterTargetsCommandInput,
  TargetDescription,
  TargetHealth,
  TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Operations, TargetAddress } from '../contract.ts';
import { validationError } from './errors.ts';
import { healthCheckPort } from './health-check.ts';
import type { Store, TargetGroupRecord } from './store.ts';
import type { TargetPool } from './target-pool.ts';

const notRegistered = {
  State: 'unused',
  Reason: 'Target.NotRegistered',
  Description: 'Target is not registered to the target group',
} as const;

/** The operations on the targets of a group. */
export function targetOperations(store: Store, pool: TargetPool): Operations {
  const address = (group: TargetGroupRecord, { Id, Port }: TargetDescription): TargetAddress => {
    if (!Id) throw validationError('A target ID must be specified');
    return { id: Id, port: Port ?? group.settings.Port! };
  };
  const shown = (group: TargetGroupRecord, target: TargetAddress): TargetHealthDescription => ({
    Target: { Id: target.id, Port: target.port, AvailabilityZone: `${group.arn.split(':')[3]}a` },
    HealthCheckPort: String(healthCheckPort(group.settings, target)),
    TargetHealth: (pool.health(group.arn, target) ?? notRegistered) as TargetHealth,
  });
  return {
    RegisterTargets({ TargetGroupArn, Targets = [] }: RegisterTargetsCommandInput) {
      const group = store.targetGroup(TargetGroupArn!);
      if (Targets.length === 0) throw validationError('At least one target must be specified');
      for (const { Id } of Targets) {
        if (group.settings.TargetType === 'ip' && !isIP(Id ?? '')) {
          throw validationError(`The IP address '${Id}' is not a valid IPv4 address`);
        }
        if (group.settings.TargetType === 'instance' && !Id?.startsWith('i-')) {
          throw validationError(`Instance ID '${Id}' is not valid`);
        }
      }
      for (const target of Targets) pool.register(group.arn, address(group, target));
      return {};
    },

    DeregisterTargets({ TargetGroupArn, Targets = [] }: RegisterTargetsCommandInput) {
      const group = store.targetGroup(TargetGroupArn!);
      for (const target of Targets) {
        // Without a port, every registration of the address is meant; one that is not there is no error.
        const meant = pool
          .targets(group.arn)
          .filter(({ id, port }) => id === target.Id && (target.Port ?? port) === port);
        for (const one of meant) void pool.deregister(group.arn, one);
      }
      return {};
    },

    DescribeTargetHealth({ TargetGroupArn, Targets = [] }: DescribeTargetHealthCommandInput) {
      const group = store.targetGroup(TargetGroupArn!);
      const wanted =
        Targets.length > 0 ? Targets.map((target) => address(group, target)) : pool.targets(group.arn);
      return { TargetHealthDescriptions: wanted.map((target) => shown(group, target)) };
    },
  };
}
