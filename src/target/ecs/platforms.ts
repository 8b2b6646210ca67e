import type { Service } from '@aws-sdk/client-ecs';
import type { Problem } from '../target.ts';
import { releaseId } from './arn.ts';
import { problem } from './preflight.ts';
import type { TaskDefinition } from './task-definitions.ts';

/** What an image was built for, as registries name it: `linux`, `arm64`. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
}

/**
 * What tasks run on; undefined where that is known to the machines only. Fargate has a default, EC2 and machines of
 * one's own run what they are.
 */
export function platformOf(
  { content }: TaskDefinition,
  { launchType, capacityProviderStrategy = [] }: Service,
): Platform | undefined {
  const { cpuArchitecture, operatingSystemFamily = 'LINUX' } = (content['runtimePlatform'] ?? {}) as {
    cpuArchitecture?: string;
    operatingSystemFamily?: string;
  };
  const isFargate =
    launchType === 'FARGATE' ||
    (capacityProviderStrategy.length > 0 &&
      capacityProviderStrategy.every(({ capacityProvider }) =>
        /^FARGATE(_SPOT)?$/.test(capacityProvider ?? ''),
      ));
  const architecture = ARCHITECTURES[cpuArchitecture ?? (isFargate ? 'X86_64' : '')];
  if (architecture === undefined) return undefined;
  return { os: operatingSystemFamily.startsWith('WINDOWS') ? 'windows' : 'linux', architecture };
}

const ARCHITECTURES: Readonly<Record<string, string>> = { X86_64: 'amd64', ARM64: 'arm64' };

/** containerd takes a processor's 32-bit image where there is no other. */
const TAKEN: Readonly<Record<string, readonly string[]>> = {
  amd64: ['amd64', '386'],
  arm64: ['arm64', 'arm'],
};

/** Nothing in the image would run on what the task definition asks for. */
export function platformProblems(
  image: string,
  built: readonly Platform[],
  definition: TaskDefinition,
  service: Service,
): readonly Problem[] {
  const wanted = platformOf(definition, service);
  if (wanted === undefined || built.some((one) => runsOn(one, wanted))) return [];
  const needed = nameOf(wanted);
  return [
    problem(
      `${image} is built for ${[...new Set(built.map(nameOf))].join(', ')}, and task definition ${releaseId(definition.arn)} runs on ${needed}.`,
      `Build it for that too (docker buildx build --platform ${needed}), or change runtimePlatform in the task definition of the live service.`,
    ),
  ];
}

const runsOn = (one: Platform, wanted: Platform): boolean =>
  one.os === wanted.os && (TAKEN[wanted.architecture] ?? []).includes(one.architecture);

const nameOf = ({ os, architecture }: Platform): string => `${os}/${architecture}`;

/**
 * The platforms that a manifest lists; undefined for that of a single image, which keeps them in a layer, and where
 * one of those listed does not say what it is for.
 */
export function platformsIn(manifest: string): readonly Platform[] | undefined {
  const { manifests } = JSON.parse(manifest) as { manifests?: readonly { platform?: Partial<Platform> }[] };
  if (manifests === undefined) return undefined;
  const all = manifests.map(({ platform: { os, architecture } = {} }) => ({ os, architecture }));
  // What BuildKit attests of an image stands beside it, for the platform unknown/unknown.
  const images = all.filter(({ architecture }) => architecture !== 'unknown');
  const told = images.filter(
    (one): one is Platform => one.os !== undefined && one.architecture !== undefined,
  );
  return told.length === 0 || told.length < images.length ? undefined : told;
}
