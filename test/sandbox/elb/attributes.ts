/** The attributes of a target group: which exist, what they start as, and which values they take. */
import type { TargetGroupAttribute } from '@aws-sdk/client-elastic-load-balancing-v2';
import { validationError } from './errors.ts';

const seconds = (low: number, high: number) => (value: string) =>
  /^\d+$/.test(value) && Number(value) >= low && Number(value) <= high;
const oneOf =
  (...allowed: readonly string[]) =>
  (value: string) =>
    allowed.includes(value);

const known: Readonly<Record<string, { start: string; allows: (value: string) => boolean }>> = {
  'stickiness.enabled': { start: 'false', allows: oneOf('true', 'false') },
  'deregistration_delay.timeout_seconds': { start: '300', allows: seconds(0, 3600) },
  'stickiness.type': { start: 'lb_cookie', allows: oneOf('lb_cookie', 'app_cookie') },
  'stickiness.app_cookie.cookie_name': { start: '', allows: (value) => !value.startsWith('AWSALB') },
  'stickiness.app_cookie.duration_seconds': { start: '86400', allows: seconds(1, 604_800) },
  'stickiness.lb_cookie.duration_seconds': { start: '86400', allows: seconds(1, 604_800) },
  'slow_start.duration_seconds': { start: '0', allows: (value) => value === '0' || seconds(30, 900)(value) },
  'load_balancing.algorithm.type': {
    start: 'round_robin',
    allows: oneOf('round_robin', 'least_outstanding_requests', 'weighted_random'),
  },
  'load_balancing.algorithm.anomaly_mitigation': { start: 'off', allows: oneOf('on', 'off') },
  'load_balancing.cross_zone.enabled': {
    start: 'use_load_balancer_configuration',
    allows: oneOf('true', 'false', 'use_load_balancer_configuration'),
  },
  'target_group_health.dns_failover.minimum_healthy_targets.count': {
    start: '1',
    allows: (value) => value === 'off' || seconds(1, 1000)(value),
  },
  'target_group_health.dns_failover.minimum_healthy_targets.percentage': {
    start: 'off',
    allows: (value) => value === 'off' || seconds(1, 100)(value),
  },
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': {
    start: '1',
    allows: seconds(1, 1000),
  },
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage': {
    start: 'off',
    allows: (value) => value === 'off' || seconds(1, 100)(value),
  },
};

/** What a new target group has. */
export const defaultAttributes: readonly (readonly [string, string])[] = Object.entries(known).map(
  ([key, { start }]) => [key, start] as const,
);

/** An attribute as key and value, or the error that AWS would give. */
export function normalAttribute({ Key = '', Value = '' }: TargetGroupAttribute): readonly [string, string] {
  const attribute = known[Key];
  if (!attribute) throw validationError(`Target group attribute key '${Key}' is not recognized`);
  if (!attribute.allows(Value))
    throw validationError(`'${Value}' is not a valid value for target group attribute '${Key}'`);
  return [Key, Value];
}
