import type { ContainerDefinition, RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import { ApiError } from '../contract.ts';

/** Members of an answer that RegisterTaskDefinition does not take. */
const readOnly = [
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'deregisteredAt',
  'deleteRequestedAt',
  'registeredBy',
];

/** Refuses what ECS refuses. Members that the sandbox does not know are let through, and kept. */
export function checkTaskDefinition(input: RegisterTaskDefinitionRequest): void {
  const forbidden = readOnly.filter((name) => name in input);
  if (forbidden.length > 0) throw invalid(`Unknown parameter in input: ${forbidden.join(', ')}`);
  if (!/^[\w-]{1,255}$/.test(input.family ?? ''))
    throw invalid('Family should not be null or empty, or is invalid.');
  const containers = input.containerDefinitions ?? [];
  if (containers.length === 0) throw invalid('Container list cannot be empty.');
  if (!containers.some(({ essential }) => essential !== false))
    throw invalid('Task definition does not have any essential containers.');
  const names = new Set<string | undefined>();
  for (const container of containers) {
    if (!/^[\w-]{1,255}$/.test(container.name ?? ''))
      throw invalid('Container.name contains invalid characters.');
    if (names.has(container.name)) throw invalid(`Container name '${container.name}' is not unique.`);
    names.add(container.name);
    // Real references have no white space and no shell characters in them.
    if (!container.image) throw invalid('Container.image should not be null or empty.');
    if (!/^[\w./:@-]+$/.test(container.image)) throw invalid('Container.image contains invalid characters.');
    for (const { name, value } of container.environment ?? [])
      if (typeof name !== 'string' || typeof value !== 'string')
        throw invalid('Container.environment: name and value must be strings.');
  }
  if (input.requiresCompatibilities?.includes('FARGATE')) checkFargate(input);
}

function checkFargate(input: RegisterTaskDefinitionRequest): void {
  if (input.networkMode !== 'awsvpc')
    throw invalid('When networkMode is not awsvpc, Fargate is not a supported compatibility.');
  if (!input.cpu || !input.memory)
    throw invalid('Fargate requires that cpu and memory be defined at the task level.');
}

/** What ECS adds on its own: a revision that is described is never quite what was registered. */
export function withDefaults(input: RegisterTaskDefinitionRequest) {
  return {
    ...input,
    containerDefinitions: (input.containerDefinitions ?? []).map((container) =>
      containerWithDefaults(container, input.networkMode ?? 'bridge'),
    ),
    volumes: input.volumes ?? [],
    placementConstraints: input.placementConstraints ?? [],
    compatibilities: ['EC2' as const, 'FARGATE' as const],
    requiresAttributes: [{ name: 'com.amazonaws.ecs.capability.docker-remote-api.1.18' }],
  };
}

function containerWithDefaults(container: ContainerDefinition, networkMode: string): ContainerDefinition {
  return {
    cpu: 0,
    essential: true,
    environment: [],
    mountPoints: [],
    volumesFrom: [],
    systemControls: [],
    ...container,
    portMappings: (container.portMappings ?? []).map((mapping) => ({
      // With bridge, 0 is for a port that Docker chooses.
      hostPort: networkMode === 'bridge' ? 0 : mapping.containerPort,
      protocol: 'tcp' as const,
      ...mapping,
    })),
  };
}

function invalid(message: string): ApiError {
  return new ApiError('ClientException', message);
}
