import type { Service } from '@aws-sdk/client-ecs';
import type { EcsNativeSettings } from '../../config/environment.ts';
import type { Problem } from '../target.ts';
import type { Aws } from './aws.ts';
import { listenerProblems } from './listener-problems.ts';
import type { Wiring } from './native-service.ts';
import { containerProblems, digestProblems, groupProblems, problem } from './preflight.ts';
import type { TaskDefinition } from './task-definitions.ts';
import { balancerOf } from './wiring.ts';

/** What would make ECS's own deployment of the service fail, or keep us from following it. */
export async function nativeProblems({
  aws,
  settings,
  service,
  wiring,
  definition,
  container,
  imageTag,
  url,
}: {
  aws: Aws;
  settings: EcsNativeSettings;
  service: Service;
  wiring: Wiring;
  /** What users have: the new release is made from it. */
  definition: TaskDefinition;
  /** The container that takes the image. */
  container: string;
  imageTag: string;
  url: string | undefined;
}): Promise<readonly Problem[]> {
  const { groups, production, test } = wiring;
  const loadBalancer = balancerOf(production.listenerArn);
  return [
    ...emptyProblems(service),
    ...containerProblems(settings, definition, container),
    ...digestProblems(settings, imageTag),
    ...(await groupProblems(aws, groups, loadBalancer, definition)),
    // With a test listener, nothing but the lock stands on the rule.
    ...(test === undefined
      ? await listenerProblems({
          aws,
          rules: [production],
          groups,
          held: new Map(),
          priority: settings['preview-priority'],
          url,
        })
      : []),
  ];
}

function emptyProblems({ serviceName, desiredCount = 0 }: Service): Problem[] {
  if (desiredCount > 0) return [];
  return [
    problem(
      `Service ${serviceName} has a desired count of 0: ECS would call a deployment successful without running a task.`,
      'Set its desired count to what the live release should have.',
    ),
  ];
}
