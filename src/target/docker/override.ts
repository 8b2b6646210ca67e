import type { DockerSettings } from '../../config/environment.ts';
import type { Color } from '../../release/color.ts';
import type { Release } from '../../release/situation.ts';
import type { ComposeConfig, ComposeNetwork, ComposeService } from './compose-config.ts';
import { encodePaths, injectedPaths } from './injected-files.ts';
import { LABELS } from './names.ts';
import { encodeDigests, serviceDigests } from './service-digests.ts';

export interface OverrideOptions {
  readonly app: string;
  readonly environment: string;
  readonly color: Color;
  readonly release: Release;
  readonly settings: Pick<DockerSettings, 'service' | 'network' | 'aliases'>;
  /** Where the repository is checked out: an absolute path. */
  readonly workspace: string;
}

/**
 * What is laid over the user's file, as the text of a second one: labels and the restart policy of every service, and
 * for the one that takes the traffic the network that it shares with the proxy. Everything else stays the user's.
 * JSON is YAML.
 */
export function overrideFor(config: ComposeConfig, options: OverrideOptions): string {
  const { settings, release } = options;
  const released = config.services[settings.service]?.image;
  const shared = sharedNetwork(config, settings.network);
  const services = Object.entries(config.services).map(([name, service]) => {
    const isTraffic = name === settings.service;
    const over = {
      // By its digest, where the file has only the tag, which may move.
      ...(service.image !== undefined && service.image === released ? { image: release.image } : {}),
      ...parkedRestart(service),
      labels: { ...labelsOf(service, options, isTraffic), ...filesLabel(config, service) },
      ...(isTraffic ? { networks: networksOf(service, shared, settings.aliases[options.color]) } : {}),
    };
    return [name, over];
  });
  const override = {
    services: Object.fromEntries(services),
    networks: { [shared]: { name: settings.network, external: true } },
  };
  // Compose fills in variables here too: `$` is written `$$`.
  return JSON.stringify(override).replaceAll('$', '$$$$');
}

/**
 * The key under which the user's file knows the proxy's network; a free one where it doesn't. A second key for the
 * same network would be a second endpoint in it.
 */
function sharedNetwork(config: ComposeConfig, name: string): string {
  const networks: Readonly<Record<string, ComposeNetwork | null>> = config.networks ?? {};
  const known = Object.entries(networks).find(([, network]) => network?.name === name);
  if (known !== undefined) return known[0];
  return name in networks ? `blue-green-${name}` : name;
}

/**
 * The proxy's network, beside those of the user, which stay by themselves. But Compose gives `default` only to a
 * service without any, so one that we put on a network would lose it, and with it the way to its database.
 */
function networksOf({ networks = {} }: ComposeService, shared: string, alias: string) {
  const keepsDefault = shared !== 'default' && 'default' in networks && networks['default'] === null;
  // Lists are appended when files are merged: the user's aliases on this network stay.
  return { ...(keepsDefault ? { default: null } : {}), [shared]: { aliases: [alias] } };
}

/**
 * No restarts while the release is staged: a crash is an exit then, seen at once, and after a reboot of the host only
 * what is live comes up. `deploy.restart_policy` wins over `restart` in Compose, and is refused with attempts left.
 */
function parkedRestart({ deploy }: ComposeService) {
  return {
    restart: 'no',
    ...(deploy?.restart_policy === undefined
      ? {}
      : { deploy: { restart_policy: { condition: 'none', max_attempts: 0 } } }),
  };
}

function labelsOf(service: ComposeService, options: OverrideOptions, isTraffic: boolean) {
  const { app, environment, color, release, workspace } = options;
  return {
    [LABELS.app]: app,
    [LABELS.environment]: environment,
    [LABELS.color]: color,
    [LABELS.release]: release.id,
    [LABELS.image]: release.image,
    [LABELS.restart]: restartOf(service, isTraffic),
    [LABELS.config]: encodeDigests(serviceDigests(service, workspace)),
  };
}

function filesLabel(config: ComposeConfig, service: ComposeService): Readonly<Record<string, string>> {
  const paths = injectedPaths(config, service);
  return paths.length === 0 ? {} : { [LABELS.files]: encodePaths(paths) };
}

/** The restart policy that a service's containers get with the traffic. */
export const restartOf = (service: ComposeService, isTraffic: boolean): string =>
  liveRestart(service) ?? (isTraffic ? 'unless-stopped' : 'no');

/** The user's restart policy, as `docker update --restart` takes it; nothing where there is none. */
export function liveRestart({ restart, deploy }: ComposeService): string | undefined {
  const policy = deploy?.restart_policy;
  if (policy === undefined) return restart === undefined || restart === '' ? undefined : restart;
  const { condition = 'any', max_attempts: attempts } = policy;
  if (condition === 'none') return 'no';
  if (condition !== 'on-failure') return 'always';
  return attempts === undefined || attempts === 0 ? 'on-failure' : `on-failure:${attempts}`;
}
