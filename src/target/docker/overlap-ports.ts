import { otherColor } from '../../release/color.ts';
import type { Problem } from '../target.ts';
import { type ComposePort, type ComposeService, scaleOf } from './compose-config.ts';
import { anyAddress, type HostPort } from './compose-facts.ts';
import { type Overlap, problem } from './overlap-subject.ts';

/** Ports of the host, of which there is one each. */
export const portProblems = (overlap: Overlap): readonly Problem[] =>
  Object.entries(overlap.configs[overlap.color].services).flatMap(([name, service]) => [
    ...(service.ports ?? []).flatMap((port) => publishProblems(overlap, name, service, port)),
    ...hostModeProblems(overlap, name, service),
  ]);

function publishProblems(
  { settings, file, configs, color, facts }: Overlap,
  name: string,
  service: ComposeService,
  port: ComposePort,
): readonly Problem[] {
  const wanted = hostPort(port);
  // Without the host's side the engine takes any free one.
  if (wanted === undefined) return [];
  const at = file.at(['services', name, 'ports'], String(wanted.first));
  const shown = show(wanted);
  if (name === settings.service)
    return [
      problem(
        `Service ${name} (${at}) publishes port ${shown} on the host, which only one color, and one container, could have.`,
        `Remove it from \`ports:\`: the proxy reaches the containers over the network ${settings.network}. To publish it is the proxy’s part.`,
      ),
    ];
  const project = configs[color].name;
  const fix = `Remove it from \`ports:\` (containers of the file reach it as ${name}:${port.target}), or leave the choice to Docker: \`- "${port.target}"\`.`;
  const other = configs[otherColor(color)].services[name];
  const count = scaleOf(service);
  const theirs = (other?.ports ?? [])
    .map(hostPort)
    .filter((one) => one !== undefined && overlaps(one, wanted));
  const needed = count + (theirs.length > 0 && other !== undefined ? scaleOf(other) : 0);
  const foreign = facts.containers.filter(
    (container) => container.project !== project && container.ports.some((taken) => overlaps(taken, wanted)),
  );
  const size = wanted.last - wanted.first + 1;
  // Of a range each container takes one that is free.
  if (theirs.length > 0 && needed > size)
    return [
      problem(
        `Service ${name} (${at}) publishes port ${shown} on the host, which both colors would need.`,
        fix,
      ),
    ];
  const [holder] = foreign.filter(
    (one) => one.project !== configs[otherColor(color)].name || theirs.length === 0,
  );
  return holder === undefined || size > count
    ? []
    : [
        problem(
          `Service ${name} (${at}) publishes port ${shown} on the host, which ${holder.name} has.`,
          fix,
        ),
      ];
}

/** What listens on the host's own network collides without saying where. */
function hostModeProblems(
  { settings, file, configs, color }: Overlap,
  name: string,
  { network_mode: mode }: ComposeService,
): readonly Problem[] {
  const isShared = configs[otherColor(color)].services[name]?.network_mode === 'host';
  if (mode !== 'host' || !isShared || name === settings.service) return [];
  return [
    problem(
      `Service ${name} (${file.at(['services', name, 'network_mode'])}) uses the host’s network, where both colors would listen on the same ports.`,
      'Remove that line, or run it in a Compose project of its own, which stays while the colors change.',
      true,
    ),
  ];
}

function hostPort({ published, host_ip: ip = '', protocol = 'tcp' }: ComposePort): HostPort | undefined {
  const [first = 0, last = first] = String(published ?? '')
    .split('-')
    .map(Number);
  return first === 0 ? undefined : { ip: anyAddress(ip), first, last, protocol };
}

const overlaps = (a: HostPort, b: HostPort): boolean =>
  a.protocol === b.protocol &&
  a.first <= b.last &&
  b.first <= a.last &&
  (a.ip === '' || b.ip === '' || a.ip === b.ip);

const show = ({ ip, first, last, protocol }: HostPort): string =>
  `${ip === '' ? '' : `${ip}:`}${first === last ? first : `${first}-${last}`}${protocol === 'tcp' ? '' : `/${protocol}`}`;
