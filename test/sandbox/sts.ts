import type {
  AssumeRoleWithWebIdentityRequest,
  AssumeRoleWithWebIdentityResponse,
  GetCallerIdentityResponse,
} from '@aws-sdk/client-sts';
import { ApiError, type Operations } from './contract.ts';

/** The credentials that STS has given away, and how it is to give more. */
export class Sessions {
  /** How long they hold, in real ms, whatever was asked for; as asked for when absent. */
  lifetimeMs: number | undefined;
  /** What AssumeRoleWithWebIdentity answers in place of credentials. */
  refusal: ApiError | undefined;
  /** All requests for a role, the newest last. */
  readonly assumed: AssumeRoleWithWebIdentityRequest[] = [];
  readonly #until = new Map<string, number>();

  /** An access key and when it ends. */
  begin(seconds: number): { key: string; until: Date } {
    const key = `ASIAROLE${String(this.#until.size + 1).padStart(12, '0')}`;
    const until = Date.now() + (this.lifetimeMs ?? seconds * 1_000);
    this.#until.set(key, until);
    return { key, until: new Date(until) };
  }

  /** Ends what was given away so far, before its time. */
  revoke(): void {
    for (const key of this.#until.keys()) this.#until.set(key, 0);
  }

  /** Keys from elsewhere never end. */
  isOver(key: string): boolean {
    return Date.now() >= (this.#until.get(key) ?? Number.POSITIVE_INFINITY);
  }
}

/** STS: who the caller is, and the credentials that GitHub's OIDC token buys. */
export function createSts(account: string, identity: string, sessions: Sessions): Operations {
  return {
    GetCallerIdentity(): GetCallerIdentityResponse {
      return {
        Account: account,
        Arn: identity,
        UserId: `AROASANDBOX0000000000:${identity.split('/').at(-1)}`,
      };
    },

    AssumeRoleWithWebIdentity(input: AssumeRoleWithWebIdentityRequest): AssumeRoleWithWebIdentityResponse {
      sessions.assumed.push(input);
      if (sessions.refusal) throw sessions.refusal;
      const role = /^arn:aws:iam::\d{12}:role\/(.+)$/.exec(input.RoleArn ?? '');
      if (!role) throw new ApiError('ValidationError', `${input.RoleArn} is invalid`);
      // A JSON Web Token has three parts; what they say is not looked at.
      if (input.WebIdentityToken?.split('.').length !== 3)
        throw new ApiError(
          'InvalidIdentityToken',
          'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
        );
      const seconds = input.DurationSeconds ?? 3600;
      if (seconds < 900 || seconds > 43_200)
        throw new ApiError(
          'ValidationError',
          'The requested DurationSeconds exceeds the limits of 900 to 43200',
        );
      const session = input.RoleSessionName ?? '';
      if (!/^[\w+=,.@-]{2,64}$/.test(session))
        throw new ApiError('ValidationError', `${session} is no RoleSessionName`);
      const { key, until } = sessions.begin(seconds);
      return {
        Credentials: {
          AccessKeyId: key,
          SecretAccessKey: 'sandbox-secret',
          SessionToken: 'sandbox-session-token',
          Expiration: until,
        },
        AssumedRoleUser: {
          AssumedRoleId: `AROASANDBOX0000000000:${session}`,
          Arn: `arn:aws:sts::${account}:assumed-role/${role[1]!.split('/').at(-1)}/${session}`,
        },
        SubjectFromWebIdentityToken: 'repo:acme/shop:environment:production',
        Audience: 'sts.amazonaws.com',
        Provider: `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com`,
      };
    },
  };
}
