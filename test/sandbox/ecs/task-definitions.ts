import type {
  DeregisterTaskDefinitionRequest,
  DescribeTaskDefinitionRequest,
  DescribeTaskDefinitionResponse,
  ListTaskDefinitionsRequest,
  ListTaskDefinitionsResponse,
  RegisterTaskDefinitionRequest,
  RegisterTaskDefinitionResponse,
  TaskDefinition,
} from '@aws-sdk/client-ecs';
import { ApiError } from '../contract.ts';
import type { TaskDefinitionRecord, World } from './model.ts';
import { ecsArn, lastPart } from './names.ts';
import { checkTags } from './tags.ts';
import { checkTaskDefinition, withDefaults } from './task-definition-checks.ts';

/** Register, Describe, List and DeregisterTaskDefinition. */
export function taskDefinitionOperations(world: World) {
  return {
    RegisterTaskDefinition(input: RegisterTaskDefinitionRequest): RegisterTaskDefinitionResponse {
      checkTaskDefinition(input);
      checkTags(input.tags ?? []);
      const { tags, ...given } = structuredClone(input);
      const family = given.family!;
      const revision = 1 + Math.max(0, ...ofFamily(world, family).map((record) => record.revision));
      const arn = ecsArn(world, `task-definition/${family}:${revision}`);
      const json = {
        ...withDefaults(given),
        taskDefinitionArn: arn,
        revision,
        status: 'ACTIVE' as const,
        registeredAt: new Date(),
        registeredBy: `arn:aws:sts::${world.account}:assumed-role/deploy/session`,
      };
      world.taskDefinitions.set(arn, { arn, family, revision, json, tags: tags ?? [] });
      return { taskDefinition: json, ...(tags && { tags }) };
    },

    DescribeTaskDefinition(input: DescribeTaskDefinitionRequest): DescribeTaskDefinitionResponse {
      const record = find(world, input.taskDefinition);
      if (!record) throw new ApiError('ClientException', 'Unable to describe task definition.');
      // Tags stand beside the task definition, and only when asked for.
      return { taskDefinition: record.json, tags: input.include?.includes('TAGS') ? record.tags : [] };
    },

    ListTaskDefinitions(input: ListTaskDefinitionsRequest): ListTaskDefinitionsResponse {
      const status = input.status ?? 'ACTIVE';
      const records = [...world.taskDefinitions.values()]
        .filter((record) => record.json.status === status)
        // A prefix is a whole family name here: "specify the full family name", says AWS's own reference.
        .filter((record) => input.familyPrefix === undefined || record.family === input.familyPrefix)
        .sort((a, b) => a.family.localeCompare(b.family) || a.revision - b.revision);
      if (input.sort === 'DESC') records.reverse();
      const from = Number(input.nextToken ?? 0);
      const size = input.maxResults ?? 100;
      return {
        taskDefinitionArns: records.slice(from, from + size).map(({ arn }) => arn),
        ...(from + size < records.length && { nextToken: String(from + size) }),
      };
    },

    DeregisterTaskDefinition(input: DeregisterTaskDefinitionRequest): { taskDefinition: TaskDefinition } {
      const record = find(world, input.taskDefinition);
      if (!record || !input.taskDefinition?.includes(':'))
        throw new ApiError('ClientException', 'Unable to deregister: specify family:revision or an ARN.');
      record.json.status = 'INACTIVE';
      record.json.deregisteredAt = new Date();
      return { taskDefinition: record.json };
    },
  };
}

/**
 * The revision that a service is to run. An INACTIVE one can't be given to a service any more; `current` is the ARN
 * that may be INACTIVE, because the service runs it already.
 */
export function findTaskDefinition(
  world: World,
  given: string | undefined,
  current: string | 'ACTIVE',
): TaskDefinitionRecord {
  if (!given) throw new ApiError('InvalidParameterException', 'TaskDefinition can not be blank.');
  const record = find(world, given);
  if (!record) throw new ApiError('ClientException', 'TaskDefinition not found.');
  if (record.json.status !== 'ACTIVE' && record.arn !== current)
    throw new ApiError('ClientException', 'TaskDefinition is inactive');
  return record;
}

/** By ARN, `family:revision`, or `family`, which means its newest ACTIVE revision. */
function find(world: World, given: string | undefined): TaskDefinitionRecord | undefined {
  if (!given) return undefined;
  if (given.startsWith('arn:')) return world.taskDefinitions.get(given);
  if (given.includes(':'))
    return world.taskDefinitions.get(ecsArn(world, `task-definition/${lastPart(given)}`));
  return ofFamily(world, given)
    .filter((record) => record.json.status === 'ACTIVE')
    .at(-1);
}

function ofFamily(world: World, family: string): TaskDefinitionRecord[] {
  return [...world.taskDefinitions.values()].filter((record) => record.family === family);
}
