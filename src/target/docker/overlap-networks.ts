import { otherColor } from '../../release/color.ts';
import type { Problem } from '../target.ts';
import { type ComposeNetwork, isExternal } from './compose-config.ts';
import { COMPOSE_NETWORK } from './compose-facts.ts';
import { type Overlap, problem } from './overlap-subject.ts';

/** Networks that are not there, or that the second color could not have. */
export const networkProblems = (overlap: Overlap): readonly Problem[] => [
  ...sharedProblems(overlap),
  ...declaredProblems(overlap),
  ...addressProblems(overlap),
];

/** The network that the containers share with the proxy. */
function sharedProblems({ settings: { network: name }, facts }: Overlap): readonly Problem[] {
  const network = facts.networks.get(name);
  if (network === undefined)
    return [
      problem(
        `The Docker network ${name} (docker.network) does not exist.`,
        `Create it with \`docker network create ${name}\`, and put your proxy on it (operation: setup does both).`,
      ),
    ];
  if (network.scope === 'swarm' && !network.attachable)
    return [
      problem(
        `The Docker network ${name} (docker.network) is for Swarm services only.`,
        `Create it anew with \`docker network create --driver overlay --attachable ${name}\`.`,
      ),
    ];
  return [];
}

function declaredProblems({ settings, file, configs, color, facts }: Overlap): readonly Problem[] {
  const networks = configs[color].networks ?? {};
  const others = configs[otherColor(color)].networks ?? {};
  return Object.entries(networks).flatMap(([key, network]) => {
    // The proxy's: declared as it must be by us, and looked at above.
    if (network.name === settings.network) return [];
    const at = file.at(['networks', key]);
    const there = facts.networks.get(network.name);
    if (isExternal(network))
      return there !== undefined
        ? []
        : [
            problem(
              `The external network ${network.name} (${at}) does not exist.`,
              `Create it with \`docker network create ${network.name}\`.`,
            ),
          ];
    if (others[key]?.name === network.name)
      // One network for both: fine, unless it is somebody else's, which Compose refuses.
      return there === undefined || there.labels[COMPOSE_NETWORK] === key
        ? []
        : [
            problem(
              `The network ${network.name} (${at}) exists already, and was not made by Compose.`,
              `Add \`external: true\` to it in ${file.name}.`,
            ),
          ];
    const subnet = subnetsOf(network).find((one) => subnetsOf(others[key]).includes(one));
    return subnet === undefined
      ? []
      : [
          problem(
            `The network ${key} (${at}) wants the subnet ${subnet} for each color, and an engine has it only once.`,
            'Remove `ipam:` from it, or make it one network of both colors: `external: true` with a `name:`.',
          ),
        ];
  });
}

/** A fixed address on a network of both colors. */
function addressProblems({ file, configs, color, replicas, settings }: Overlap): readonly Problem[] {
  const { services, networks = {} } = configs[color];
  const other = configs[otherColor(color)];
  return Object.entries(services).flatMap(([name, service]) =>
    Object.entries(service.networks ?? {}).flatMap(([key, attachment]) => {
      const address = attachment?.ipv4_address ?? attachment?.ipv6_address;
      if (address === undefined) return [];
      const theirs = other.services[name]?.networks?.[key];
      const isShared =
        networks[key]?.name === other.networks?.[key]?.name &&
        (theirs?.ipv4_address ?? theirs?.ipv6_address) === address;
      if (!isShared && !(name === settings.service && replicas > 1)) return [];
      return [
        problem(
          `Service ${name} (${file.at(['services', name, 'networks', key])}) wants the address ${address}, which only one container can have.`,
          `Remove it: other containers find the service by its name, ${name}.`,
        ),
      ];
    }),
  );
}

const subnetsOf = (network: ComposeNetwork | undefined): readonly string[] =>
  (network?.ipam?.config ?? []).flatMap(({ subnet }) => (subnet === undefined ? [] : [subnet]));
