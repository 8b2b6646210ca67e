import { ApiError } from '../contract.ts';
import type { ServiceDescription } from './services.ts';

type Input = Readonly<Record<string, unknown>>;

/**
 * Refuses a call whose IAM actions are not all in `allowed`, in AWS's words. AWS asks for more than the operation's
 * own action: tags in a creating call need the tagging action too, and a role in a task definition needs PassRole.
 */
export function authorize(
  service: ServiceDescription,
  operation: string,
  input: Input,
  identity: { arn: string; region: string; account: string },
  allowed: ReadonlySet<string>,
): void {
  // STS: GetCallerIdentity needs no permission, and AssumeRoleWithWebIdentity comes without credentials.
  if (service.name === 'sts') return;
  const missing = requiredActions(service, operation, input).find((action) => !allowed.has(action));
  if (missing === undefined) return;
  const resource = resourceOf(missing, input, identity);
  const message =
    `User: ${identity.arn} is not authorized to perform: ${missing} on resource: ${resource} ` +
    `because no identity-based policy allows the ${missing} action`;
  // PassRole is checked by ECS itself, which reports it as its own ClientException.
  if (missing === 'iam:PassRole') throw new ApiError('ClientException', message);
  throw new ApiError(
    service.errors.denied,
    message,
    service.name === 'elasticloadbalancing' || service.name === 'cloudwatch' ? 403 : 400,
  );
}

/** The error of the `refuse` fault: the operation's own action is not allowed. */
export function refusal(
  service: ServiceDescription,
  operation: string,
  input: Input,
  identity: { arn: string; region: string; account: string },
): ApiError {
  try {
    authorize(service, operation, input, identity, new Set());
  } catch (error) {
    if (error instanceof ApiError) return error;
  }
  return new ApiError(service.errors.denied, 'Access denied', 403);
}

function requiredActions(service: ServiceDescription, operation: string, input: Input): string[] {
  const actions = [`${service.name}:${operation}`];
  const tags = input['tags'] ?? input['Tags'];
  if (Array.isArray(tags) && tags.length > 0) {
    if (service.name === 'ecs' && operation !== 'TagResource') actions.push('ecs:TagResource');
    if (service.name === 'elasticloadbalancing' && operation !== 'AddTags')
      actions.push('elasticloadbalancing:AddTags');
  }
  if (operation === 'RegisterTaskDefinition' && (input['taskRoleArn'] || input['executionRoleArn']))
    actions.push('iam:PassRole');
  return actions;
}

function resourceOf(action: string, input: Input, identity: { region: string; account: string }): string {
  if (action === 'iam:PassRole') return String(input['taskRoleArn'] ?? input['executionRoleArn']);
  if (typeof input['service'] === 'string' || Array.isArray(input['services'])) {
    const service = input['service'] ?? (input['services'] as string[])[0];
    const cluster = String(input['cluster'] ?? 'default')
      .split('/')
      .at(-1);
    if (String(service).startsWith('arn:')) return String(service);
    return `arn:aws:ecs:${identity.region}:${identity.account}:service/${cluster}/${service}`;
  }
  const arn = Object.values(input)
    .flat()
    .find((value) => typeof value === 'string' && value.startsWith('arn:'));
  return typeof arn === 'string' ? arn : '*';
}
