import type { CaddySettings, DockerSettings, HaproxySettings } from '../../config/environment.ts';
import { DeployError } from '../../errors.ts';
import { COLORS } from '../../release/color.ts';
import { projectName } from './names.ts';

interface Custom {
  readonly app: string;
  readonly environment: string;
  readonly settings: Pick<DockerSettings, 'aliases'>;
}

/**
 * The examples know the default names; what differs is the user's own proxy, which only the user can make.
 * @throws DeployError `setup-custom-proxy`
 */
export function refuseCustom(options: Custom, proxy: HaproxySettings | CaddySettings): void {
  const custom = [
    ...(hasOwnNames(options, options.settings.aliases) ? ['docker.aliases'] : []),
    ...(proxy.kind === 'haproxy' ? ofHaproxy(options, proxy) : ofCaddy(options, proxy)),
  ];
  if (custom.length === 0) return;
  throw new DeployError(
    `The proxy that setup would make has other settings than yours: ${custom.join(', ')}.`,
    {
      code: 'setup-custom-proxy',
      hint: `Take these keys out of the config, or make the proxy yourself after examples/docker-${proxy.kind}.`,
    },
  );
}

function ofHaproxy(options: Custom, { backends, key, map, shares, socket }: HaproxySettings): string[] {
  return [
    ...(hasOwnNames(options, backends) ? ['backends'] : []),
    ...(key === `${options.app}-${options.environment}` ? [] : ['key']),
    ...(map === '/maps/active.map' ? [] : ['map (it is /maps/active.map there)']),
    ...(shares === '/maps/shares.map' ? [] : ['shares (it is /maps/shares.map there)']),
    // Its folder is mounted from the host; a colon would end the path of a mount.
    ...(/^(?:\/[^/:]+)+\/admin\.sock$/.test(socket)
      ? []
      : ['socket (it is a path that ends in /admin.sock there)']),
  ];
}

function ofCaddy(options: Custom, { flag, flags, admin }: CaddySettings): string[] {
  const { protocol, hostname } = new URL(admin ?? 'http://127.0.0.1');
  return [
    ...(flag === `${options.app}-${options.environment}` ? [] : ['flag']),
    ...(flags === '/flags' ? [] : ['flags (they are in /flags there)']),
    ...(protocol === 'http:' && (hostname === '127.0.0.1' || hostname === 'localhost')
      ? []
      : ['admin (it is on http://127.0.0.1 there)']),
  ];
}

const hasOwnNames = (
  { app, environment }: Custom,
  given: Readonly<Record<'blue' | 'green', string>>,
): boolean => COLORS.some((color) => given[color] !== projectName(app, environment, color));
