import { DeployError } from '../../errors.ts';
import { TransientError } from '../target.ts';
import { clientOptions, errorName, isTransient, text } from './aws.ts';

/** What AWS's clients sign with. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  readonly expiration?: Date | undefined;
}

/** What GitHub's token is for; AWS's trust policies ask for it as `aud`. */
const AUDIENCE = 'sts.amazonaws.com';
/** What every role allows unless somebody lowered it; asking for more may be refused. */
const DURATION_SECONDS = 3_600;
/** New credentials are fetched when so much of the time is over, behind the calls that go on with the old ones... */
const RENEW_AT = 0.8;
/** ...and from here on no call is made with the old ones: it might be under way when they end. */
const TOO_LATE_AT = 0.95;

export interface RoleCredentialsOptions {
  /** ARN */
  readonly role: string;
  readonly region: string;
  /** The run's environment. */
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Credentials of a role, for as long as the run lasts: bought with the job's own OIDC token, and renewed before they
 * end. Those that an earlier step put into the environment can't be renewed by anybody (facts/ecs.md 3 row 28, 4i).
 */
export class RoleCredentials {
  readonly #options: RoleCredentialsOptions;
  #current: { readonly credentials: Credentials; readonly since: number; readonly until: number } | undefined;
  #renewal: Promise<Credentials> | undefined;

  /** @throws DeployError `no-id-token` where the job may not ask GitHub for a token */
  constructor(options: RoleCredentialsOptions) {
    this.#options = options;
    const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = options.env;
    if (url && token) return;
    throw new DeployError('ecs.role is set, and this job may not ask GitHub for the token that it takes.', {
      code: 'no-id-token',
      hint: 'Add `permissions: { id-token: write, contents: read }` to the job (and to the job that calls a reusable workflow).',
      details: ['permissions:', '  id-token: write', '  contents: read'],
    });
  }

  /** For the clients of the SDK. They would keep what they get until its last five minutes; this keeps it better. */
  get provider() {
    return Object.assign(() => this.get(), { memoized: true });
  }

  /**
   * Credentials that hold a while yet. Without an answer the old ones are used while they hold.
   * @throws TransientError when GitHub or AWS could not be asked; DeployError `role-refused`
   */
  async get(): Promise<Credentials> {
    const { credentials, since, until } = this.#current ?? { since: 0, until: 0 };
    const share = (Date.now() - since) / Math.max(1, until - since);
    if (credentials === undefined || share >= TOO_LATE_AT) return this.#renew();
    // Whoever asks next hears of what went wrong with it, if it still matters by then.
    if (share >= RENEW_AT) this.#renew().catch(() => {});
    return credentials;
  }

  /** AWS takes them no longer, whatever this machine's clock says: the next call gets others. */
  drop(): void {
    this.#current = undefined;
  }

  #renew(): Promise<Credentials> {
    this.#renewal ??= this.#assume().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  async #assume(): Promise<Credentials> {
    const { role, region, env } = this.#options;
    const token = await idToken();
    const { fromWebToken } = await import('@aws-sdk/credential-provider-web-identity');
    const since = Date.now();
    try {
      const credentials = await fromWebToken({
        roleArn: role,
        webIdentityToken: token,
        roleSessionName: sessionName(env),
        durationSeconds: DURATION_SECONDS,
        clientConfig: clientOptions(region),
      })();
      const until = credentials.expiration?.getTime() ?? since + DURATION_SECONDS * 1_000;
      this.#current = { credentials, since, until };
      return credentials;
    } catch (error) {
      if (isTransient(error) || errorName(error) === 'IDPCommunicationError')
        throw new TransientError(`sts:AssumeRoleWithWebIdentity: ${text(error)}`, { cause: error });
      throw refused(role, token, error);
    }
  }
}

async function idToken(): Promise<string> {
  const { getIDToken } = await import('@actions/core');
  try {
    // Masks it in the log, too.
    return await getIDToken(AUDIENCE);
  } catch (error) {
    throw new TransientError(`GitHub gave no OIDC token: ${text(error)}`, { cause: error });
  }
}

/** What CloudTrail shows; 2 to 64 characters of a few kinds. */
const sessionName = ({ GITHUB_REPOSITORY = '', GITHUB_RUN_ID = '' }: NodeJS.ProcessEnv): string => {
  const run = `-${GITHUB_RUN_ID}`.slice(0, 30);
  const repository = GITHUB_REPOSITORY.replace(/[^\w+=,.@-]/g, '-');
  return `blue-green-${repository.slice(0, 64 - 11 - run.length)}${run}`;
};

function refused(role: string, token: string, error: unknown): DeployError {
  const { sub, iss } = claimsOf(token);
  const noProvider = errorName(error) === 'InvalidIdentityToken';
  return new DeployError(`AWS does not let this job assume ${role}: ${text(error)}`, {
    code: 'role-refused',
    hint: noProvider
      ? `Create an IAM identity provider for ${iss ?? 'https://token.actions.githubusercontent.com'} with the audience ${AUDIENCE} in the account of that role.`
      : `Correct ecs.role, or the role’s trust policy: it must allow sts:AssumeRoleWithWebIdentity to GitHub’s provider with aud ${AUDIENCE} and sub ${sub ?? 'of this job'}.`,
    cause: error,
  });
}

/** What the token says of the job; it is AWS that verifies it. */
function claimsOf(token: string): { readonly sub?: string; readonly iss?: string } {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
  } catch {
    return {};
  }
}
