import type { DescribeSecretRequest, DescribeSecretResponse } from '@aws-sdk/client-secrets-manager';
import type { DescribeParametersRequest, DescribeParametersResult } from '@aws-sdk/client-ssm';
import { ApiError, type Operations } from './contract.ts';
import type { World } from './ecs/model.ts';

/** What Secrets Manager tells of a secret, and never its value. */
export const createSecretsManager = (world: Pick<World, 'secrets'>): Operations => ({
  DescribeSecret({ SecretId = '' }: DescribeSecretRequest): DescribeSecretResponse {
    const arn = [...world.secrets].find((one) => one === SecretId || one.endsWith(`:secret:${SecretId}`));
    if (arn === undefined)
      throw new ApiError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    return { ARN: arn, Name: arn.slice(arn.lastIndexOf(':') + 1) };
  },
});

/** The list of the Parameter Store: a name that it does not have is no error, it is not in it. */
export const createParameterStore = (world: Pick<World, 'secrets'>): Operations => ({
  DescribeParameters(input: DescribeParametersRequest): DescribeParametersResult {
    const { ParameterFilters = [], MaxResults = 50, NextToken = '0' } = input;
    const wanted = ParameterFilters.flatMap(({ Key, Values = [] }) => (Key === 'Name' ? Values : []));
    if (wanted.length > 50)
      throw new ApiError('ValidationException', 'Member must have length less than or equal to 50');
    const found = [...world.secrets].filter((one) => !one.startsWith('arn:') && wanted.includes(one));
    const start = Number(NextToken);
    const end = start + MaxResults;
    return {
      Parameters: found.slice(start, end).map((Name) => ({ Name, Type: 'SecureString' as const })),
      ...(end < found.length && { NextToken: String(end) }),
    };
  },
});

/** Whether a task gets what its definition names: the whole secret, a key of its JSON, or a parameter by name or ARN. */
export function hasSecret({ secrets }: Pick<World, 'secrets'>, valueFrom: string): boolean {
  const [whole] = /^arn:[\w-]+:secretsmanager:[\w-]+:\d+:secret:[^:]+/.exec(valueFrom) ?? [];
  const parameter = /^arn:[\w-]+:ssm:[\w-]+:\d+:parameter\/(.+)$/.exec(valueFrom)?.[1];
  return [valueFrom, whole, parameter, `/${parameter}`].some((one) => one !== undefined && secrets.has(one));
}
