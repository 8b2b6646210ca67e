import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import { hasSecret } from '../secrets.ts';
import type { TaskContainer } from './container.ts';
import type { World } from './model.ts';

/** Why a task ends before it runs, in the words of Fargate's agent (seen in AWS's documentation and in users' reports). */

/** Why its secrets or its log can't be had; Fargate looks for both before it pulls an image. */
export function initializationError(
  world: World,
  definitions: readonly ContainerDefinition[],
): string | undefined {
  const secrets = definitions.flatMap((definition) => definition.secrets ?? []);
  const missing = secrets.find(({ valueFrom = '' }) => !hasSecret(world, valueFrom));
  if (missing)
    return (
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: ' +
      'unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret ' +
      `${missing.valueFrom} from secrets manager: ResourceNotFoundException: Secrets Manager can't find the specified secret.`
    );
  for (const { logConfiguration } of definitions) {
    const { 'awslogs-group': group, 'awslogs-create-group': create } = logConfiguration?.options ?? {};
    if (logConfiguration?.logDriver !== 'awslogs' || group === undefined || world.logGroups.has(group))
      continue;
    if (create === 'true') world.logGroups.add(group);
    else
      return (
        'ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed ' +
        'to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist. : exit status 1'
      );
  }
  return undefined;
}

/** Why its image can't be pulled. @param platform of the task: `linux/amd64` */
export function pullError({ image, imageName }: TaskContainer, platform: string): string | undefined {
  const resolving = `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${imageName}:`;
  if (!image) return `${resolving} ${imageName}: not found`;
  if (image.platforms?.includes(platform) === false) return noManifest(platform);
  switch (image.pull) {
    case 'denied':
      return `${resolving} pulling from host ${hostOf(imageName)} failed with status code [manifests ${tagOf(imageName)}]: 403 Forbidden`;
    case 'other-platform':
      return noManifest(platform);
    case 'unreachable':
      return `CannotPullContainerError: ref pull has been retried 5 time(s): failed to do request: Head "https://${hostOf(imageName)}/v2/": dial tcp 10.0.3.17:443: i/o timeout`;
    default:
      return undefined;
  }
}

/** What a kernel says of a program that was built for another processor; it stands in the log, not in the reason. */
export const execFormatError =
  "console.error('exec /usr/local/bin/node: exec format error'); process.exit(1);";

const noManifest = (platform: string) =>
  `CannotPullContainerError: image Manifest does not contain descriptor matching platform '${platform}'`;
const hostOf = (image: string) => image.slice(0, image.indexOf('/'));
const tagOf = (image: string) => image.slice(image.lastIndexOf(':') + 1);
