import type { Environment } from './config/environment.ts';
import type { Request } from './inputs.ts';

export interface Forgotten {
  /** One line, with the YAML to add. */
  readonly line: string;
  /** Whether the config shows that it is wanted. Otherwise it may be missing on purpose. */
  readonly isWanted: boolean;
}

/** A called workflow sees none of its caller's secrets unless it is handed them (actions/runner#4453). */
const INHERIT =
  'In a called workflow the secrets of its `environment:` are empty until the job that calls it says `secrets: inherit`';

/**
 * Secrets that the workflow hands over and that arrived empty, which GitHub does without a word. Said before anything is
 * asked, as what follows from it is much harder to read.
 */
export function emptySecrets(
  { empty, slackWebhookUrl, sshKey }: Pick<Request, 'slackWebhookUrl' | 'sshKey' | 'empty'>,
  { slack, target }: Pick<Environment, 'slack' | 'target'>,
): readonly Forgotten[] {
  const found: Forgotten[] = [];
  // Whoever says whom to mention wants to be told.
  const isWanted = slack.mention !== undefined;
  if (slackWebhookUrl === '' && (empty.includes('slack-webhook-url') || isWanted))
    found.push({
      line: `Slack is not told: slack-webhook-url is empty. Add \`slack-webhook-url: \${{ secrets.SLACK_WEBHOOK_URL }}\` to this step, and that secret to the repository. ${INHERIT}.`,
      isWanted,
    });
  if (target.kind !== 'docker' || sshKey !== '' || !empty.includes('ssh-key')) return found;
  const { host, 'identity-file': file } = target.docker;
  if (host?.startsWith('ssh://') && file === undefined)
    found.push({
      line: `ssh-key is empty, so ${host} is offered this runner’s own keys. Add \`ssh-key: \${{ secrets.SSH_KEY }}\` to this step, and that secret to the repository. ${INHERIT}.`,
      isWanted: true,
    });
  return found;
}
