import { DeployError } from '../../errors.ts';
import { excerpt } from '../../text.ts';

export interface PullSubject {
  /** The reference as it was asked for. */
  readonly image: string;
  /** The services that want it. */
  readonly services: readonly string[];
}

interface Kind {
  readonly code: string;
  readonly says: RegExp;
  readonly why: (image: string) => string;
  readonly hint: (image: string) => string;
}

/**
 * What engines say when they can't pull, in the words of 20.10 up to 28, of registries, and of containerd. The order
 * matters: Docker Hub says `denied` and `not found` in one breath of what it does not want to tell apart.
 */
const KINDS: readonly Kind[] = [
  {
    code: 'image-platform',
    says: /no matching manifest for|no match for platform|does not match the specified platform|exec format error/i,
    why: () => 'is not built for the platform of the Docker host',
    hint: () =>
      'Build it for that platform too (`platforms:` of docker/build-push-action), or say `platform:` in the Compose file where the host emulates another one.',
  },
  {
    code: 'no-space',
    says: /no space left on device|disk quota exceeded/i,
    why: () => 'does not fit on the disk of the Docker host',
    hint: () =>
      'Free space there (`docker system df` shows what uses it, `docker image prune` removes untagged images), then run again.',
  },
  {
    code: 'image-denied',
    says: /pull access denied|unauthorized|denied|no basic auth credentials|authentication required|forbidden|insufficient_scope/i,
    why: (image) => `is refused by ${registryOf(image)}, or is not there`,
    hint: (image) =>
      `Log in to ${registryOf(image)} in a step before this one (docker/login-action${loginHint(registryOf(image))}), and check the name of the image.`,
  },
  {
    code: 'pull-limit',
    says: /toomanyrequests|too many requests|rate limit/i,
    why: (image) => `is not given out by ${registryOf(image)} at the moment: too many pulls`,
    hint: (image) =>
      `Log in to ${registryOf(image)} in a step before this one for a higher limit, or run again later.`,
  },
  {
    code: 'image-missing',
    says: /manifest unknown|manifest for .* not found|name unknown|repository .* not found|: not found|404 not found/i,
    why: (image) => `is not in ${registryOf(image)}`,
    hint: () =>
      'Check the tag, and that the step which pushes the image runs before this one and ended well.',
  },
  {
    code: 'registry-unreachable',
    says: /no such host|connection refused|i\/o timeout|tls handshake timeout|x509:|certificate|server gave http response to https client|request canceled|deadline exceeded|network is unreachable|no route to host|connection reset|\beof\b|unexpected http status|service unavailable|bad gateway|internal server error/i,
    why: (image) => `can’t be had: the Docker host does not reach ${registryOf(image)}`,
    hint: (image) =>
      `Check the name ${registryOf(image)}, and the network, DNS and certificates of the Docker host; nothing was changed.`,
  },
];

/** One clear sentence of what the engine said about an image that it could not pull. */
export function pullError({ image, services }: PullSubject, said: string): DeployError {
  const kind = KINDS.find(({ says }) => says.test(said));
  const whose = services.length === 1 ? `service ${services[0]}` : `services ${services.join(', ')}`;
  const details = [excerpt(said, 500)];
  if (kind === undefined)
    return new DeployError(
      `Image ${image} (${whose}) could not be pulled: ${excerpt(said).replace(/\.$/, '')}.`,
      {
        code: 'pull-failed',
        hint: 'Nothing was changed. Mend that, then run again.',
        details,
      },
    );
  return new DeployError(`Image ${image} (${whose}) ${kind.why(image)}.`, {
    code: kind.code,
    hint: kind.hint(image),
    details,
  });
}

/** The image is there, but the host can't run it. */
export const wrongPlatform = ({ image, services }: PullSubject, own: string, host: string): DeployError =>
  new DeployError(
    `Image ${image} (service ${services.join(', ')}) is built for ${own}, and the Docker host is ${host}.`,
    {
      code: 'image-platform',
      hint: `Build it for ${host} (\`platforms:\` of docker/build-push-action), or say \`platform: ${own}\` in the Compose file if the host emulates that.`,
    },
  );

/** `ghcr.io` of `ghcr.io/acme/shop:v1`; names without a host are Docker Hub's. */
export function registryOf(image: string): string {
  const [first = '', ...rest] = image.split('/');
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return isHost ? first.replace(/^(?:index\.)?docker\.io$/, 'Docker Hub') : 'Docker Hub';
}

function loginHint(registry: string): string {
  if (registry === 'ghcr.io') return ', with `registry: ghcr.io` and the permission `packages: read`';
  if (/\.dkr\.ecr\./.test(registry))
    return ' after aws-actions/configure-aws-credentials, or amazon-ecr-login';
  return registry === 'Docker Hub' ? '' : `, with \`registry: ${registry}\``;
}
