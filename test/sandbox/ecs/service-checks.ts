import type { AdvancedConfiguration, CreateServiceRequest, UpdateServiceRequest } from '@aws-sdk/client-ecs';
import { ApiError } from '../contract.ts';
import type { TaskDefinitionRecord, World } from './model.ts';

/** What CreateService and UpdateService insist on for a service behind a load balancer. */
export function checkLoadBalancers(
  world: World,
  settings: Pick<CreateServiceRequest, 'loadBalancers' | 'networkConfiguration'>,
  definition: TaskDefinitionRecord,
): void {
  if (definition.json.networkMode === 'awsvpc' && !settings.networkConfiguration?.awsvpcConfiguration)
    throw new ApiError(
      'InvalidParameterException',
      "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
    );
  for (const {
    targetGroupArn,
    containerName,
    containerPort,
    advancedConfiguration,
  } of settings.loadBalancers ?? []) {
    if (advancedConfiguration) checkAdvanced(world, advancedConfiguration);
    if (!targetGroupArn)
      throw new ApiError(
        'InvalidParameterException',
        'targetGroupArn and loadBalancerName cannot both be null.',
      );
    if (!world.targets.exists(targetGroupArn))
      throw new ApiError('InvalidParameterException', `Unable to find target group ${targetGroupArn}.`);
    // A group that no listener or rule forwards to has no load balancer.
    if (!world.targets.attached(targetGroupArn))
      throw new ApiError(
        'InvalidParameterException',
        `The target group with targetGroupArn ${targetGroupArn} does not have an associated load balancer.`,
      );
    const container = definition.json.containerDefinitions.find(({ name }) => name === containerName);
    if (!container)
      throw new ApiError(
        'InvalidParameterException',
        `The container ${containerName} does not exist in the task definition.`,
      );
    if (!container.portMappings?.some((mapping) => mapping.containerPort === containerPort))
      throw new ApiError(
        'InvalidParameterException',
        `The container ${containerName} did not have a container port ${containerPort} defined.`,
      );
  }
}

/** Values that UpdateService refuses. */
export function checkUpdate(input: UpdateServiceRequest): void {
  if (input.desiredCount !== undefined && (!Number.isInteger(input.desiredCount) || input.desiredCount < 0))
    throw new ApiError('InvalidParameterException', 'Desired count must be a non-negative integer.');
  const { minimumHealthyPercent = 100, maximumPercent = 200 } = input.deploymentConfiguration ?? {};
  if (minimumHealthyPercent === 100 && maximumPercent === 100)
    throw new ApiError(
      'InvalidParameterException',
      'Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.',
    );
}

/** What ECS insists on where it is to move the traffic itself. */
function checkAdvanced(
  world: World,
  {
    alternateTargetGroupArn: alternate = '',
    productionListenerRule = '',
    testListenerRule,
    roleArn,
  }: AdvancedConfiguration,
): void {
  if (!world.targets.exists(alternate))
    throw new ApiError('InvalidParameterException', `Unable to find target group ${alternate}.`);
  if (!roleArn) throw new ApiError('InvalidParameterException', 'roleArn must be specified.');
  for (const rule of [productionListenerRule, ...(testListenerRule === undefined ? [] : [testListenerRule])])
    if (!world.traffic.exists(rule))
      throw new ApiError('InvalidParameterException', `Unable to find listener rule ${rule}.`);
}
