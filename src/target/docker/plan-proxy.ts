import { basename, dirname } from 'node:path/posix';
import type { ProxySettings } from '../../config/environment.ts';
import { COLORS, type Color, isAllOn, otherColor, type PerColor, type Weights } from '../../release/color.ts';

/**
 * By what each kind of proxy moves the traffic, as its own file does it.
 * @param containers of the service that takes the traffic, by name
 */
export function proxyCalls(
  proxy: ProxySettings,
  weights: Weights,
  { network, containers }: { readonly network: string; readonly containers: PerColor<readonly string[]> },
): readonly string[] {
  const to = COLORS.find((color) => isAllOn(weights, color));
  switch (proxy.kind) {
    case 'haproxy':
      return to === undefined ? shares(proxy, weights) : haproxy(proxy, to);
    case 'caddy':
      return to === undefined
        ? []
        : [`docker cp - ${proxy.container}:${proxy.flags} (the flag ${proxy.flag}.${to})`];
    case 'alias':
      return to === undefined
        ? []
        : [
            ...containers[to].flatMap((name) => realias(network, name, `with the alias ${proxy.name}`)),
            ...containers[otherColor(to)].flatMap((name) =>
              realias(network, name, `without the alias ${proxy.name}, on the same address`),
            ),
          ];
  }
}

type Haproxy = Extract<ProxySettings, { kind: 'haproxy' }>;

const haproxy = ({ container, map, shares: shareMap, key, backends }: Haproxy, to: Color) => [
  `haproxy set map ${map} ${key} ${backends[to]}`,
  `docker cp - ${container}:${dirname(map)} (${basename(map)}: ${key} ${backends[to]}; then its entry in ${shareMap} goes, if it had a share)`,
];

/** In HAProxy's memory only: a restart leads back to the color that had all. */
const shares = ({ shares: map, backends }: Haproxy, weights: Weights) => [
  `haproxy set map ${map} (${COLORS.map((color) => `${backends[color]} ${weights[color]} %`).join(', ')})`,
];

const realias = (network: string, name: string, how: string) => [
  `docker network disconnect ${network} ${name}`,
  `docker network connect ${network} ${name} (${how})`,
];
