import type {
  AssumeRoleWithWebIdentityRequest,
  AssumeRoleWithWebIdentityResponse,
  GetCallerIdentityResponse,
} from '@aws-sdk/client-sts';
import { ApiError, type Operations } from './contract.ts';

/** STS: who the caller is, and the credentials that GitHub's OIDC token buys. */
export function createSts(account: string, identity: string): Operations {
  return {
    GetCallerIdentity(): GetCallerIdentityResponse {
      return {
        Account: account,
        Arn: identity,
        UserId: `AROASANDBOX0000000000:${identity.split('/').at(-1)}`,
      };
    },

    AssumeRoleWithWebIdentity(input: AssumeRoleWithWebIdentityRequest): AssumeRoleWithWebIdentityResponse {
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
      return {
        Credentials: {
          AccessKeyId: 'ASIASANDBOX000000000',
          SecretAccessKey: 'sandbox-secret',
          SessionToken: 'sandbox-session-token',
          Expiration: new Date(Date.now() + seconds * 1000),
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
