import type { EcsSettings } from '../../config/environment.ts';
import { DeployError } from '../../errors.ts';
import type { Color } from '../../release/color.ts';
import type { TargetGroups } from './forward.ts';
import type { Services } from './services.ts';

/** How the two services hang on the load balancer, as the config says or the services themselves. Pure. */

/** @throws DeployError `no-target-group` */
export function groupsOf(
  settings: Pick<EcsSettings, 'target-groups' | 'services'>,
  services: Services,
): TargetGroups {
  const configured = settings['target-groups'];
  if (configured !== undefined) return configured;
  const group = (color: Color) => {
    const own = services[color].loadBalancers?.flatMap(({ targetGroupArn }) => targetGroupArn ?? []) ?? [];
    if (own.length === 1) return own[0]!;
    throw new DeployError(
      `Service ${settings.services[color]} has ${own.length === 0 ? 'no target group' : `${own.length} target groups`}.`,
      {
        code: 'no-target-group',
        hint:
          own.length === 0
            ? 'Give each of the two services a target group of its own.'
            : 'Say which one carries the traffic in ecs.target-groups.',
      },
    );
  };
  const groups = { blue: group('blue'), green: group('green') };
  if (groups.blue !== groups.green) return groups;
  throw new DeployError(`Both services register their tasks in ${groups.blue}.`, {
    code: 'no-target-group',
    hint: 'Give each of the two services a target group of its own: traffic is moved between the groups.',
  });
}

/** The container that takes the image: the configured one, else the one that the load balancer points at. */
export function containerOf(
  settings: Pick<EcsSettings, 'target-groups' | 'services' | 'container'>,
  services: Services,
  color: Color,
): string {
  const group = groupsOf(settings, services)[color];
  const registered = services[color].loadBalancers?.find(({ targetGroupArn }) => targetGroupArn === group);
  return settings.container ?? registered?.containerName ?? '';
}

/** The part of a listener's ARN that names its load balancer: `app/prod/50dc6c495c0c9188`. */
export const balancerOf = (listenerArn: string): string =>
  /listener\/((?:app|net)\/[^/]+\/\w+)/.exec(listenerArn)?.[1] ?? '';
