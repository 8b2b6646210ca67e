/** The errors of the load-balancing API, with the codes and the wording that AWS uses where that is known. */
import { ApiError } from '../contract.ts';

export const validationError = (message: string) => new ApiError('ValidationError', message);

export const invalidAction = (message: string) => new ApiError('InvalidLoadBalancerAction', message);

export const loadBalancerNotFound = (arn?: string) =>
  new ApiError(
    'LoadBalancerNotFound',
    arn ? `Load balancer '${arn}' not found` : 'One or more load balancers not found',
  );

export const listenerNotFound = () => new ApiError('ListenerNotFound', 'One or more listeners not found');

export const ruleNotFound = () => new ApiError('RuleNotFound', 'One or more rules not found');

export const targetGroupNotFound = (arn?: string) =>
  new ApiError(
    'TargetGroupNotFound',
    arn ? `Target groups '${arn}' not found` : 'One or more target groups not found',
  );

export const priorityInUse = (priority: number) =>
  new ApiError('PriorityInUse', `Priority '${priority}' is currently in use`);

export const operationNotPermitted = (message: string) => new ApiError('OperationNotPermitted', message);
