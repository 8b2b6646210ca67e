import type {
  CreateServiceRequest,
  CreateServiceResponse,
  DeleteServiceRequest,
  DeleteServiceResponse,
  DescribeServicesRequest,
  DescribeServicesResponse,
  ListServicesRequest,
  ListServicesResponse,
  Service,
  UpdateServiceRequest,
  UpdateServiceResponse,
} from '@aws-sdk/client-ecs';
import { ApiError } from '../contract.ts';
import { primaryOf, startDeployment } from './deployments.ts';
import type { ServiceRecord, World } from './model.ts';
import { ecsArn, findCluster, findService, lookUpService } from './names.ts';
import { checkLoadBalancers, checkUpdate } from './service-checks.ts';
import { viewService } from './service-view.ts';
import { checkTags } from './tags.ts';
import { findTaskDefinition } from './task-definitions.ts';

/** CreateService, UpdateService, DescribeServices, ListServices, DeleteService. */
export function serviceOperations(world: World, reconcile: (service: ServiceRecord) => void) {
  return {
    CreateService(input: CreateServiceRequest): CreateServiceResponse {
      const { serviceName, cluster: clusterName, tags, desiredCount, taskDefinition, ...settings } = input;
      const cluster = findCluster(world, clusterName);
      if (!serviceName || !/^[\w-]{1,255}$/.test(serviceName))
        throw new ApiError('InvalidParameterException', 'Invalid service name.');
      const arn = ecsArn(world, `service/${cluster.name}/${serviceName}`);
      if ((world.services.get(arn)?.status ?? 'INACTIVE') !== 'INACTIVE')
        throw new ApiError('InvalidParameterException', 'Creation of service was not idempotent.');
      const definition = findTaskDefinition(world, taskDefinition, 'ACTIVE');
      checkTags(tags ?? []);
      checkLoadBalancers(world, settings, definition);
      const service: ServiceRecord = {
        arn,
        name: serviceName,
        cluster,
        createdAt: new Date(),
        status: 'ACTIVE',
        settings,
        desiredCount: desiredCount ?? 0,
        tags: tags ?? [],
        deployments: [],
        serviceDeployments: [],
        events: [],
        steady: false,
        lastCompleted: undefined,
        stale: undefined,
        describedTimes: 0,
      };
      world.services.set(arn, service);
      startDeployment(world, service, definition.arn);
      reconcile(service);
      return { service: { ...viewService(world, service), tags: service.tags } };
    },

    UpdateService(input: UpdateServiceRequest): UpdateServiceResponse {
      const service = findService(world, input.cluster, input.service);
      const { cluster: _, service: __, desiredCount, taskDefinition, forceNewDeployment, ...changes } = input;
      checkUpdate(input);
      const former = primaryOf(service);
      // "TaskDefinition is inactive" is an error only for a revision that the service does not run already.
      const definition = taskDefinition
        ? findTaskDefinition(world, taskDefinition, former.taskDefinition)
        : findTaskDefinition(world, former.taskDefinition, former.taskDefinition);
      checkLoadBalancers(world, { ...service.settings, ...changes }, definition);
      rememberOldPicture(world, service);
      const { deploymentConfiguration, ...others } = changes;
      const newTasks = restarts.some((name) => changesSetting(service, others, name));
      Object.assign(service.settings, others);
      if (deploymentConfiguration)
        service.settings.deploymentConfiguration = {
          ...service.settings.deploymentConfiguration,
          ...deploymentConfiguration,
        };
      if (desiredCount !== undefined && desiredCount !== service.desiredCount) {
        service.desiredCount = desiredCount;
        service.steady = false;
      }
      // desiredCount and deploymentConfiguration alone start no deployment.
      if (forceNewDeployment || newTasks || definition.arn !== former.taskDefinition)
        startDeployment(world, service, definition.arn);
      const view = viewService(world, service);
      setImmediate(() => reconcile(service));
      return { service: { ...view, tags: service.tags } };
    },

    DescribeServices(input: DescribeServicesRequest): DescribeServicesResponse {
      const cluster = findCluster(world, input.cluster);
      const names = input.services ?? [];
      if (names.length === 0) throw new ApiError('InvalidParameterException', 'Services cannot be empty.');
      if (names.length > 10)
        throw new ApiError('InvalidParameterException', 'Services cannot have more than 10 elements.');
      const services: Service[] = [];
      const failures: { arn: string; reason: string }[] = [];
      for (const name of names) {
        const service = lookUpService(world, cluster, name);
        if (service) services.push(describe(world, service, input.include?.includes('TAGS') ?? false));
        else {
          const arn = name.startsWith('arn:') ? name : ecsArn(world, `service/${cluster.name}/${name}`);
          failures.push({ arn, reason: 'MISSING' });
        }
      }
      return { services, failures };
    },

    ListServices(input: ListServicesRequest): ListServicesResponse {
      const cluster = findCluster(world, input.cluster);
      const services = [...world.services.values()].filter(
        (service) => service.cluster === cluster && service.status !== 'INACTIVE',
      );
      return { serviceArns: services.map(({ arn }) => arn) };
    },

    DeleteService(input: DeleteServiceRequest): DeleteServiceResponse {
      const service = findService(world, input.cluster, input.service);
      if (service.desiredCount > 0 && !input.force)
        throw new ApiError(
          'InvalidParameterException',
          'The service cannot be stopped while it is scaled above 0.',
        );
      service.desiredCount = 0;
      service.status = 'DRAINING';
      service.steady = false;
      reconcile(service);
      return { service: viewService(world, service) };
    },
  };
}

/** Settings whose change replaces the tasks (UpdateService, "triggers a new service deployment"). */
const restarts = [
  'networkConfiguration',
  'platformVersion',
  'loadBalancers',
  'serviceRegistries',
  'capacityProviderStrategy',
  'enableExecuteCommand',
  'enableECSManagedTags',
  'propagateTags',
] as const;

function changesSetting(
  service: ServiceRecord,
  changes: Omit<UpdateServiceRequest, 'service'>,
  name: (typeof restarts)[number],
): boolean {
  if (changes[name] === undefined) return false;
  return JSON.stringify(changes[name]) !== JSON.stringify(service.settings[name]);
}

/** The ECS API is eventually consistent: what was changed just now "might not be immediately visible". */
function rememberOldPicture(world: World, service: ServiceRecord): void {
  const until = Date.now() + world.clock.ms(world.options.staleSeconds);
  service.stale = { until, view: viewService(world, service) };
}

function describe(world: World, service: ServiceRecord, withTags: boolean): Service {
  if (service.stale && Date.now() >= service.stale.until) service.stale = undefined;
  const view = service.stale?.view ?? viewService(world, service);
  return withTags ? { ...view, tags: service.tags } : view;
}
