import type { Environment } from './config/environment.ts';
import type { Request } from './inputs.ts';

/** A called workflow sees none of its caller's secrets unless it is handed them (actions/runner#4453). */
const INHERIT =
  'In a called workflow the secrets of its `environment:` are empty until the job that calls it says `secrets: inherit`';

/**
 * Secrets that arrived empty, which GitHub does without a word. Said before anything is asked, as what follows from it is
 * much harder to read. An input that is not under `with` can't be told from one whose secret is empty.
 */
export function emptySecrets(
  { operation, slackWebhookUrl, sshKey }: Pick<Request, 'operation' | 'slackWebhookUrl' | 'sshKey'>,
  { slack, target }: Pick<Environment, 'slack' | 'target'>,
  env: NodeJS.ProcessEnv,
): readonly string[] {
  const lines: string[] = [];
  // A plan tells Slack nothing, and pull requests of forks have no secrets.
  if (slackWebhookUrl === '' && slack.isWritten && operation !== 'plan')
    lines.push(
      `The config has a section \`slack\`, and nobody is told: slack-webhook-url is empty. Add \`slack-webhook-url: \${{ secrets.SLACK_WEBHOOK_URL }}\` to this step, and that secret to the repository. ${INHERIT}.`,
    );
  if (target.kind !== 'docker' || sshKey !== '') return lines;
  const { host = '', 'identity-file': file } = target.docker;
  // A machine of one's own has keys of its own; GitHub's has none, unless a step before started an agent.
  const hasOwn = env['RUNNER_ENVIRONMENT'] !== 'github-hosted' || env['SSH_AUTH_SOCK'];
  if (host.startsWith('ssh://') && file === undefined && !hasOwn)
    lines.push(
      `There is no key for ${host}: ssh-key is empty. Add \`ssh-key: \${{ secrets.SSH_KEY }}\` to this step, and that secret to the repository. ${INHERIT}.`,
    );
  return lines;
}
