import type { Preview } from '../target/target.ts';
import type { CheckSubject } from './check.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/**
 * What a command must not see: this action's inputs (tokens, webhooks) and state, the runner's own credentials for
 * artifacts, cache and OIDC, the job's GitHub token, and the files through which it could set this action's outputs
 * and state. Everything else of the job stays, cloud credentials included: smoke tests may need them.
 */
const WITHHELD = /^(INPUT_|STATE_|ACTIONS_)|^(GITHUB_TOKEN|GH_TOKEN|GITHUB_OUTPUT|GITHUB_STATE)$/i;

/** The environment of a command: the job's, without secrets of this action, with what a test needs to know. */
export function commandEnv(
  env: Env,
  environment: string,
  subject: CheckSubject,
  preview: Preview | undefined,
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env))
    if (value !== undefined && !WITHHELD.test(name)) kept[name] = value;
  // A preview needs one header or none; a command that wants to send it can't do with a list.
  const [header = '', headerValue = ''] = Object.entries(preview?.headers ?? {})[0] ?? [];
  return {
    ...kept,
    BLUE_GREEN_URL: preview?.url ?? '',
    BLUE_GREEN_COLOR: subject.color,
    BLUE_GREEN_IMAGE: subject.image,
    BLUE_GREEN_ENVIRONMENT: environment,
    BLUE_GREEN_HEADER: header,
    BLUE_GREEN_HEADER_VALUE: headerValue,
  };
}
