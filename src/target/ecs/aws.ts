import { ECSClient } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { DeployError } from '../../errors.ts';
import { TransientError } from '../target.ts';

/** The two services of AWS that a deployment talks to, and one way to call them. */
export interface Aws {
  readonly ecs: ECSClient;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly region: string;
}

/** How every client of an AWS service is set up. */
export const clientOptions = (region: string) => ({
  region,
  // Throttles count as attempts (facts/ecs.md 9): three, the default, are gone in about two seconds.
  maxAttempts: 5,
  // The SDK waits for ever by default; `requestTimeout` alone would only log a warning.
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 15_000, throwOnRequestTimeout: true },
  customUserAgent: 'blue-green-deploy',
});

export function connect(region: string): Aws {
  const options = clientOptions(region);
  return { ecs: new ECSClient(options), elb: new ElasticLoadBalancingV2Client(options), region };
}

/**
 * A call that changes nothing.
 * @param action the IAM action that it needs, e.g. `ecs:DescribeServices`
 * @throws TransientError when AWS could not be asked; DeployError when it refused for good
 */
export async function read<T>(action: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (isTransient(error)) throw new TransientError(`${action}: ${text(error)}`, { cause: error });
    throw explain(action, error);
  }
}

/**
 * A call that changes something. One that stays without an answer is an error: what it did is found out by whoever
 * reads the target next.
 */
export async function modify<T>(action: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!isTransient(error)) throw explain(action, error);
    throw new DeployError(`AWS gave no usable answer to ${action}: ${text(error)}`, {
      code: 'no-answer',
      hint: 'Look at the AWS health dashboard and your account’s API limits, then run the operation again: it goes on from what it finds.',
      cause: error,
    });
  }
}

/** The error's name as the service spells it, without the suffix that only some of them have. */
export const errorName = (error: unknown): string =>
  error instanceof Error ? error.name.replace(/Exception$/, '') : '';

// Both spellings of each service, and what the SDK and Node call a dead or HTML-speaking endpoint (facts/ecs.md 9).
const TRANSIENT =
  /^(Throttling|ThrottledException|Throttled|TooManyRequests|RequestLimitExceeded|RequestThrottled|ServiceUnavailable|Server|InternalFailure|InternalError|InternalServerError|ServiceError|Unknown|SyntaxError|TimeoutError|RequestTimeout)$/;
const TRANSIENT_CODE = /^(ECONN|ETIMEDOUT|EPIPE|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ENOTFOUND|UND_ERR)/;

function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, $metadata } = error as { code?: unknown; $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode ?? 0;
  return (
    TRANSIENT.test(errorName(error)) ||
    (typeof code === 'string' && TRANSIENT_CODE.test(code)) ||
    status >= 500 ||
    status === 429
  );
}

const text = (error: unknown) => {
  const message = error instanceof Error ? error.message || error.name : String(error);
  return message.split('\n')[0]?.slice(0, 300) ?? '';
};

/** What users can do about a call that AWS refused. */
function explain(action: string, error: unknown): unknown {
  if (error instanceof DeployError) return error;
  const name = errorName(error);
  if (/^(AccessDenied|UnauthorizedOperation|AuthorizationError)$/.test(name)) {
    // AWS names the missing permission itself, which need not be the call's own: iam:PassRole, ecs:TagResource.
    const missing = /not authorized to perform: ([\w-]+:\w+)/.exec(text(error))?.[1] ?? action;
    return new DeployError(`AWS denies ${missing}.`, {
      code: 'access-denied',
      hint: `Allow ${missing} in the policy of the role that this workflow assumes.`,
      details: [text(error)],
      cause: error,
    });
  }
  if (
    /^(ExpiredToken|RequestExpired|InvalidClientTokenId|UnrecognizedClient|InvalidSignature|SignatureDoesNotMatch|MissingAuthenticationToken)$/.test(
      name,
    )
  )
    return new DeployError(`AWS does not accept the credentials: ${text(error)}`, {
      code: 'credentials-refused',
      hint: 'They may have expired: set role-duration-seconds of aws-actions/configure-aws-credentials to the length of the job.',
      cause: error,
    });
  if (/^CredentialsProvider/.test(name))
    return new DeployError('There are no AWS credentials.', {
      code: 'no-credentials',
      hint: 'Run aws-actions/configure-aws-credentials in a step before this one, with permissions: id-token: write on the job.',
      cause: error,
    });
  return new DeployError(`${action} was refused: ${name}: ${text(error)}`, {
    code: 'aws-refused',
    cause: error,
  });
}
