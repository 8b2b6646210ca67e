import * as autoscaling from '@aws-sdk/client-application-auto-scaling';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as ecr from '@aws-sdk/client-ecr';
import * as ecs from '@aws-sdk/client-ecs';
import * as elb from '@aws-sdk/client-elastic-load-balancing-v2';
import * as secretsManager from '@aws-sdk/client-secrets-manager';
import * as ssm from '@aws-sdk/client-ssm';
import * as sts from '@aws-sdk/client-sts';
import { NormalizedSchema } from '@smithy/core/schema';

/** What differs between the services that share the one endpoint. */
export interface ServiceDescription {
  /** The prefix of its IAM actions, which is how the sandbox names it everywhere. */
  readonly name: ServiceName;
  readonly protocol: 'json' | 'query';
  /** Before the dot of `X-Amz-Target` (JSON), or the value of `Version` (Query). */
  readonly key: string;
  readonly jsonVersion?: '1.0' | '1.1';
  /** The module of the SDK client: its exported schemas (`UpdateService$`) are the wire format. */
  readonly module: Readonly<Record<string, unknown>>;
  /** Which resource the XML of the service is bound to. */
  readonly xmlNamespace?: string;
  /** How this service spells the errors that no model lists; they differ (facts/ecs.md, section 9). */
  readonly errors: { throttle: string; denied: string; server: string; expired: string; unknown: string };
}

export type ServiceName =
  | 'ecs'
  | 'elasticloadbalancing'
  | 'application-autoscaling'
  | 'cloudwatch'
  | 'logs'
  | 'ecr'
  | 'secretsmanager'
  | 'ssm'
  | 'sts';

const jsonErrors = {
  throttle: 'ThrottlingException',
  denied: 'AccessDeniedException',
  server: 'ServerException',
  expired: 'ExpiredTokenException',
  unknown: 'UnknownOperationException',
};
const queryErrors = {
  throttle: 'Throttling',
  denied: 'AccessDenied',
  server: 'InternalFailure',
  expired: 'ExpiredToken',
  unknown: 'InvalidAction',
};

const services: readonly ServiceDescription[] = [
  {
    name: 'ecs',
    protocol: 'json',
    jsonVersion: '1.1',
    key: 'AmazonEC2ContainerServiceV20141113',
    module: ecs,
    errors: jsonErrors,
  },
  {
    name: 'application-autoscaling',
    protocol: 'json',
    jsonVersion: '1.1',
    key: 'AnyScaleFrontendService',
    module: autoscaling,
    errors: { ...jsonErrors, server: 'InternalServiceException' },
  },
  {
    name: 'cloudwatch',
    protocol: 'json',
    jsonVersion: '1.0',
    key: 'GraniteServiceVersion20100801',
    module: cloudwatch,
    errors: { ...queryErrors, server: 'InternalServiceError', unknown: 'UnknownOperationException' },
  },
  {
    name: 'logs',
    protocol: 'json',
    jsonVersion: '1.1',
    key: 'Logs_20140328',
    module: logs,
    errors: { ...jsonErrors, server: 'ServiceUnavailableException' },
  },
  {
    name: 'ecr',
    protocol: 'json',
    jsonVersion: '1.1',
    key: 'AmazonEC2ContainerRegistry_V20150921',
    module: ecr,
    errors: jsonErrors,
  },
  {
    name: 'secretsmanager',
    protocol: 'json',
    jsonVersion: '1.1',
    key: 'secretsmanager',
    module: secretsManager,
    errors: { ...jsonErrors, server: 'InternalServiceError' },
  },
  {
    name: 'ssm',
    protocol: 'json',
    jsonVersion: '1.1',
    key: 'AmazonSSM',
    module: ssm,
    errors: { ...jsonErrors, server: 'InternalServerError' },
  },
  {
    name: 'elasticloadbalancing',
    protocol: 'query',
    key: '2015-12-01',
    module: elb,
    xmlNamespace: 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/',
    errors: queryErrors,
  },
  {
    name: 'sts',
    protocol: 'query',
    key: '2011-06-15',
    module: sts,
    xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    errors: queryErrors,
  },
];

/** The service of an `X-Amz-Target` prefix or of a Query `Version`. */
export function serviceByKey(key: string): ServiceDescription | undefined {
  return services.find((service) => service.key === key);
}

/** The service by the name of its IAM actions. */
export function serviceByName(name: ServiceName): ServiceDescription {
  return services.find((service) => service.name === name)!;
}

/** Input and output schema of an operation as the SDK exports them; undefined when the service has no such operation. */
export function schemasOf(
  service: ServiceDescription,
  operation: string,
): { input: NormalizedSchema; output: NormalizedSchema } | undefined {
  const schema = service.module[`${operation}$`];
  // A static operation schema is [9, namespace, name, traits, input, output]; 9 is the SDK's mark for operations.
  if (!Array.isArray(schema) || schema[0] !== 9) return undefined;
  return { input: NormalizedSchema.of(schema[4]), output: NormalizedSchema.of(schema[5]) };
}
