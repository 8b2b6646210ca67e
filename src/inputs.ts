import { DeployError } from './errors.ts';
import type { Operation } from './release/policy.ts';
import { readSshKey } from './ssh-key.ts';

/** What the workflow asks for, read once, checked, and the only form in which the rest of the code sees it. */
export interface Request {
  readonly operation: Operation;
  readonly environment: string;
  /** Tag or digest; of `image` where that is given; empty where the operation needs none. */
  readonly imageTag: string;
  /** A full reference, or empty: then it is the config's repository with `imageTag`. */
  readonly image: string;
  readonly config: string;
  readonly reason: string;
  readonly force: boolean;
  readonly slackWebhookUrl: string;
  readonly githubToken: string;
  /** The text of a private key for `ssh://` hosts, as OpenSSH takes it; or empty. */
  readonly sshKey: string;
  /** What proves `ssh://` hosts, instead of the config's `known-hosts`; or empty. */
  readonly knownHosts: string;
}

/** What must never be shown, nor be in the environment of anything that this action starts. */
export const SECRET_INPUTS = ['slack-webhook-url', 'github-token', 'ssh-key'] as const;

const OPERATIONS: readonly Operation[] = [
  'deploy',
  'stage',
  'promote',
  'abort',
  'rollback',
  'plan',
  'status',
  'setup',
  'watch',
];

/** The grammar of image references (github.com/distribution/reference), which has no character that a shell knows. */
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const IMAGE =
  /^(?<name>[A-Za-z0-9][A-Za-z0-9._-]*(?::\d+)?(?:\/[a-z0-9][a-z0-9._-]*)*)(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/;

/**
 * Reads the action's inputs.
 * @throws DeployError `inputs-invalid` with everything that is wrong, before anything else is loaded or asked
 */
export function readInputs(env: NodeJS.ProcessEnv): Request {
  // As @actions/core's getInput, which would cost its HTTP stack: a mistake should be told at once.
  const input = (name: string) => (env[`INPUT_${name.toUpperCase()}`] ?? '').trim();
  const problems: string[] = [];
  const operation = readOperation(input('operation') || 'deploy', problems);
  const environment = input('environment');
  if (environment === '')
    problems.push(
      'environment is missing: name one of the environments in your config, e.g. `environment: production`.',
    );
  const { image, imageTag } = readImage(input('image'), input('image-tag'), operation, problems);
  const request: Request = {
    operation,
    environment,
    image,
    imageTag,
    config: input('config') || '.github/blue-green.yml',
    reason: input('reason'),
    force: readBoolean('force', input('force'), problems),
    slackWebhookUrl: readUrl('slack-webhook-url', input('slack-webhook-url'), problems),
    githubToken: input('github-token'),
    sshKey: readKey(input('ssh-key'), problems),
    knownHosts: readKnownHosts(input('known-hosts'), problems),
  };
  if (problems.length === 0) return request;
  throw new DeployError(problems.join('\n'), { code: 'inputs-invalid' });
}

function readOperation(given: string, problems: string[]): Operation {
  const operation = OPERATIONS.find((one) => one === given);
  if (operation === undefined)
    problems.push(`operation is ${quote(given)}: use one of ${OPERATIONS.join(', ')}.`);
  return operation ?? 'deploy';
}

function readImage(image: string, tag: string, operation: Operation, problems: string[]) {
  if (image !== '' && tag !== '') {
    problems.push(
      'image and image-tag are both set: give the full reference in image, or the tag in image-tag.',
    );
  } else if (image !== '') {
    const match = IMAGE.exec(image);
    if (match === null)
      problems.push(`image is ${quote(image)}: write a reference such as registry.example.com/shop:v1.4.2.`);
    else if (!match.groups?.['tag'] && !match.groups?.['digest'])
      problems.push(`image is ${quote(image)}: add the tag or digest, so that it is known what is deployed.`);
    return { image, imageTag: match?.groups?.['tag'] ?? match?.groups?.['digest'] ?? '' };
  } else if (tag === '' && ['deploy', 'stage', 'plan'].includes(operation)) {
    problems.push(
      `image-tag is empty: operation ${operation} needs the tag to deploy, e.g. \`image-tag: \${{ github.sha }}\`.`,
    );
  } else if (tag !== '' && !TAG.test(tag) && !DIGEST.test(tag)) {
    problems.push(
      `image-tag is ${quote(tag)}: a tag has letters, digits, _ . and -, at most 128; a digest is sha256: and 64 hex digits.`,
    );
  }
  return { image: '', imageTag: tag };
}

function readBoolean(name: string, given: string, problems: string[]): boolean {
  if (/^(true|True|TRUE)$/.test(given)) return true;
  if (!/^(false|False|FALSE|)$/.test(given))
    problems.push(`${name} is ${quote(given)}: write true or false.`);
  return false;
}

/** The value is a secret: it is never quoted. */
function readUrl(name: string, given: string, problems: string[]): string {
  if (given !== '' && !(URL.canParse(given) && /^https?:$/.test(new URL(given).protocol)))
    problems.push(
      `${name} is not a URL: copy it from your Slack app’s Incoming Webhooks page into a secret.`,
    );
  return given;
}

/** Never quoted either, not even the part that is wrong. */
function readKey(given: string, problems: string[]): string {
  if (given === '') return '';
  const read = readSshKey(given);
  if ('key' in read) return read.key;
  problems.push(`ssh-key ${read.problem}.`);
  return '';
}

/** Public, so no secret; but a key in the wrong place is one. What else may be wrong with it, the config's check says. */
function readKnownHosts(given: string, problems: string[]): string {
  if (!/PRIVATE KEY|PuTTY-User-Key/.test(given)) return given;
  problems.push(
    'known-hosts has a private key in it: give that in ssh-key, and here what `ssh-keyscan` shows.',
  );
  return '';
}

/** All that must be masked: a key's lines too, since logs are masked line by line. */
export const secretsOf = ({
  slackWebhookUrl = '',
  githubToken = '',
  sshKey = '',
}: Partial<Pick<Request, 'slackWebhookUrl' | 'githubToken' | 'sshKey'>>): readonly string[] =>
  [slackWebhookUrl, githubToken, sshKey, ...sshKey.split('\n').filter((line) => !line.startsWith('-----'))]
    .map((secret) => secret.trim())
    .filter((secret) => secret !== '');

const quote = (text: string) => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
