import { ECSClient } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { DeployError } from '../../errors.ts';
import { TransientError } from '../target.ts';
import type { RoleCredentials } from './role-credentials.ts';

/** The two services of AWS that a deployment talks to, and one way to call them. */
export interface Aws {
  readonly ecs: ECSClient;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly region: string;
  /** A client of another service, which signs with the same credentials. */
  open<C extends Client>(Client: ClientType<C>, own?: { region?: string; maxAttempts?: number }): C;
}

/** Of the SDK's clients, what is used here. */
interface Client {
  middlewareStack: { add(middleware: unknown, options: object): void };
}
// biome-ignore lint/suspicious/noExplicitAny: each service has a type of its own for its options
type ClientType<C> = new (options: any) => C;

/** How every client of an AWS service is set up. */
export const clientOptions = (region: string) => ({
  region,
  // Throttles count as attempts (facts/ecs.md 9): three, the default, are gone in about two seconds.
  maxAttempts: 5,
  // The SDK waits for ever by default; `requestTimeout` alone would only log a warning.
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 15_000, throwOnRequestTimeout: true },
  customUserAgent: 'blue-green-deploy',
});

export interface Connection {
  /** Absent: those of the environment, as the SDK finds them. */
  readonly credentials?: RoleCredentials;
  /** Aborted when the run is cancelled. */
  readonly signal?: AbortSignal;
}

export function connect(region: string, { credentials, signal }: Connection = {}): Aws {
  const open: Aws['open'] = (Client, { region: at = region, ...own } = {}) => {
    const client = new Client({
      ...clientOptions(at),
      ...own,
      ...(credentials && { credentials: credentials.provider }),
    });
    // Around everything else: the SDK chooses the credentials once per call, before its own attempts.
    if (credentials)
      client.middlewareStack.add(renewing(credentials), { step: 'initialize', name: 'renewExpired' });
    if (signal)
      client.middlewareStack.add(leaving(signal), {
        step: 'initialize',
        priority: 'high',
        name: 'leaveReads',
      });
    return client;
  };
  return { ecs: open(ECSClient), elb: open(ElasticLoadBalancingV2Client), region, open };
}

/** A call that AWS refuses since its credentials have ended did nothing: it is made once more, with new ones. */
const renewing =
  (credentials: RoleCredentials) => (next: (args: unknown) => Promise<unknown>) => async (args: unknown) => {
    try {
      return await next(args);
    } catch (error) {
      if (!isExpired(error)) throw error;
      credentials.drop();
      return next(args);
    }
  };

/**
 * A cancelled run has seconds left to give traffic back (cancel.ts), and a call that AWS does not answer hangs for more
 * than a minute: a read that is under way then is left, which tells nothing of AWS. What comes after it, the way back,
 * is read as ever. Changes are waited for: nobody may go on without knowing what they did.
 */
const leaving =
  (signal: AbortSignal) =>
  (next: (args: unknown) => Promise<unknown>, { commandName = '' }: { commandName?: string }) =>
  (args: unknown) =>
    signal.aborted || !/^(Describe|List|Get|BatchGet)/.test(commandName)
      ? next(args)
      : new Promise((done, fail) => {
          const leave = () => fail(new TransientError(`${commandName} was left, as the run was cancelled`));
          signal.addEventListener('abort', leave, { once: true });
          next(args)
            .then(done, fail)
            .finally(() => signal.removeEventListener('abort', leave));
        });

/**
 * A call that changes nothing.
 * @param action the IAM action that it needs, e.g. `ecs:DescribeServices`
 * @throws TransientError when AWS could not be asked; DeployError when it refused for good
 */
export async function read<T>(action: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof TransientError) throw error;
    if (isTransient(error)) throw new TransientError(`${action}: ${text(error)}`, { cause: error });
    throw explain(action, error);
  }
}

/**
 * A call that changes something. One that stays without an answer is an error: what it did is found out by whoever
 * reads the target next. One that was throttled did nothing, and may be made again.
 * @throws TransientError when AWS throttled it to the last attempt
 */
export async function modify<T>(action: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    // There were no credentials to be had: it was never sent.
    if (error instanceof TransientError) throw error;
    if (isThrottle(error)) throw new TransientError(`${action}: ${text(error)}`, { cause: error });
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
const THROTTLE =
  /^(Throttling|ThrottledException|Throttled|TooManyRequests|RequestLimitExceeded|RequestThrottled)$/;
const TRANSIENT =
  /^(ServiceUnavailable|Server|InternalFailure|InternalError|InternalServerError|ServiceError|Unknown|SyntaxError|TimeoutError|RequestTimeout)$/;
const TRANSIENT_CODE = /^(ECONN|ETIMEDOUT|EPIPE|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ENOTFOUND|UND_ERR)/;

/** In both spellings; `RequestExpired` is a signature's, of a clock that is wrong. */
const isExpired = (error: unknown): boolean => errorName(error) === 'ExpiredToken';

const statusOf = (error: unknown): number =>
  (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0;

const isThrottle = (error: unknown): boolean =>
  error instanceof Error &&
  (THROTTLE.test(errorName(error)) || statusOf(error) === 429 || BUSY_FAMILY.test(error.message));

/** A ClientException like a refusal: another run registers a revision of the same family. */
const BUSY_FAMILY = /^Too many concurrent attempts to create a new revision/;

export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  return (
    isThrottle(error) ||
    TRANSIENT.test(errorName(error)) ||
    (typeof code === 'string' && TRANSIENT_CODE.test(code)) ||
    statusOf(error) >= 500
  );
}

/** An error's first line. */
export const text = (error: unknown): string => {
  const message = error instanceof Error ? error.message || error.name : String(error);
  return message.split('\n')[0]?.slice(0, 300) ?? '';
};

/** AWS names the missing permission itself, which need not be the call's own: iam:PassRole, ecs:TagResource. */
function denial(error: unknown): { missing: string; resource: string | undefined } | undefined {
  const [, missing, resource] =
    /not authorized to perform: ([\w-]+:\w+)(?: on resource: (\S+))?/.exec(text(error)) ?? [];
  return missing === undefined ? undefined : { missing, resource };
}

/** What users can do about a call that AWS refused. */
function explain(action: string, error: unknown): unknown {
  if (error instanceof DeployError) return error;
  const name = errorName(error);
  const denied = denial(error);
  // ECS checks iam:PassRole itself, and reports it as its own ClientException (facts/ecs.md 4i).
  if (denied !== undefined || /^(AccessDenied|UnauthorizedOperation|AuthorizationError)$/.test(name)) {
    const { missing = action, resource } = denied ?? {};
    const role = missing === 'iam:PassRole' && resource !== undefined;
    return new DeployError(`AWS denies ${missing}${role ? ` for ${resource}` : ''}.`, {
      code: 'access-denied',
      hint: role
        ? `The task definition names that role: allow iam:PassRole on it in the policy of the role that this workflow assumes.`
        : `Allow ${missing} in the policy of the role that this workflow assumes.`,
      details: [text(error)],
      cause: error,
    });
  }
  if (isExpired(error))
    return new DeployError('The AWS credentials have expired.', {
      code: 'credentials-expired',
      hint: 'This says nothing of the release; what was under way is recorded, and the next run goes on from there. For runs as long as this one set ecs.role, with `permissions: { id-token: write }` on the job: the action then renews its credentials itself.',
      details: [text(error)],
      cause: error,
    });
  if (
    /^(RequestExpired|InvalidClientTokenId|UnrecognizedClient|InvalidSignature|SignatureDoesNotMatch|MissingAuthenticationToken)$/.test(
      name,
    )
  )
    return new DeployError(`AWS does not accept the credentials: ${text(error)}`, {
      code: 'credentials-refused',
      hint: 'Check that they are complete (access key, secret key, session token), of the right account, and that this machine’s clock is right; run aws-actions/configure-aws-credentials in a step right before this one.',
      cause: error,
    });
  if (/^CredentialsProvider/.test(name))
    return new DeployError('There are no AWS credentials.', {
      code: 'no-credentials',
      hint: 'Add `- uses: aws-actions/configure-aws-credentials@v5` with `role-to-assume` and `aws-region` before this step, or `role:` under `ecs:` in the config; both need `permissions: { id-token: write, contents: read }` on the job.',
      cause: error,
    });
  return new DeployError(`${action} was refused: ${name}: ${text(error)}`, {
    code: 'aws-refused',
    cause: error,
  });
}
