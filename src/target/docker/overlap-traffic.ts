import { suggest } from '../../config/suggest.ts';
import type { Problem } from '../target.ts';
import { scaleOf } from './compose-config.ts';
import { type Overlap, PROBE_TAG, problem } from './overlap-subject.ts';
import { isSameRepository } from './pull.ts';

/** What is wrong with the service that takes the traffic, and with images that nobody can pull. */
export function trafficProblems(overlap: Overlap): readonly Problem[] {
  const { settings, configs, color } = overlap;
  const service = configs[color].services[settings.service];
  const images = buildProblems(overlap);
  if (service === undefined) return [missing(overlap), ...images];
  return [...imageProblems(overlap), ...replicaProblems(overlap), ...modeProblems(overlap), ...images];
}

function missing({ settings, file, configs, color }: Overlap): Problem {
  const name = settings.service;
  const at = ['services', name];
  if (file.has([...at, 'profiles']))
    return problem(
      `Service ${name} (${file.at([...at, 'profiles'])}) is in a profile that is not active.`,
      'Remove `profiles:` from it, or set COMPOSE_PROFILES in `env:` of the workflow’s step.',
    );
  const known = Object.keys(configs[color].services);
  const near = suggest(name, known);
  return problem(
    `${file.name} has no service ${name}: docker.service must name the one that takes the traffic.`,
    near === undefined
      ? `Its services are ${known.join(', ')}: write one of them in docker.service.`
      : `Write \`service: ${near}\` in docker.`,
  );
}

/** A service with an image of its own would be the same release for ever, whatever tag is deployed. */
function imageProblems(overlap: Overlap): readonly Problem[] {
  const { settings, file, configs, images, color } = overlap;
  const { image } = configs[color].services[settings.service]!;
  const other = color === 'blue' ? 'green' : 'blue';
  const others = configs[other].services[settings.service]?.image;
  if (image === images[color] && others === images[other]) return [];
  const at = file.at(['services', settings.service, 'image']);
  const fix = `Write \`image: \${IMAGE}\` there; this action sets IMAGE to the full reference.`;
  if (followsTag(overlap)) {
    // By its tag alone, what is pulled may be another one by now.
    if (!images.blue.includes('@')) return [];
    return [
      problem(
        `Service ${settings.service} (${at}) takes its image by IMAGE_TAG, and this deployment names it by its digest, which a tag can’t hold.`,
        `${fix} Or deploy by a tag alone.`,
      ),
    ];
  }
  return [
    problem(
      image === undefined
        ? `Service ${settings.service} (${file.at(['services', settings.service])}) has no \`image:\`.`
        : `Service ${settings.service} (${at}) runs ${image}, and not the image that is deployed: every deployment would be the same.`,
      fix,
    ),
  ];
}

/** `image: repository:${IMAGE_TAG}`, with the repository of what is deployed. */
const followsTag = ({ byTag, images }: Overlap): boolean =>
  byTag?.endsWith(`:${PROBE_TAG}`) === true && isSameRepository(byTag, images.blue);

function replicaProblems({ settings, file, configs, color, replicas }: Overlap): readonly Problem[] {
  const name = settings.service;
  const service = configs[color].services[name]!;
  const written = scaleOf(service);
  const key = service.deploy?.replicas !== undefined && service.scale === undefined;
  const path = [
    'services',
    name,
    ...(file.has(['services', name, 'scale']) || !key ? ['scale'] : ['deploy', 'replicas']),
  ];
  if (service.deploy?.mode === 'global')
    return [
      problem(
        `Service ${name} (${file.at(['services', name, 'deploy', 'mode'])}) has the mode \`global\`, which has no number of containers.`,
        'Remove that line, and write the number in docker.replicas.',
      ),
    ];
  if ((service.scale === undefined && service.deploy?.replicas === undefined) || written === replicas)
    return [];
  return [
    problem(
      `Service ${name} is to run ${written} times by ${file.at(path)}, but ${replicas} times by docker.replicas${settings.replicas === undefined ? ' (left out: as many as the live color runs, at first 1)' : ''}.`,
      `Remove the line from ${file.name}, and write \`replicas: ${written}\` in docker, if that is the number.`,
      true,
    ),
  ];
}

/** Without an address of its own on the proxy's network, no container can be told from another. */
function modeProblems({ settings, file, configs, color }: Overlap): readonly Problem[] {
  const mode = configs[color].services[settings.service]!.network_mode;
  if (mode === undefined || mode === '') return [];
  return [
    problem(
      `Service ${settings.service} (${file.at(['services', settings.service, 'network_mode'])}) has \`network_mode: ${mode}\`, so its containers have no address of their own for the proxy.`,
      `Remove that line: the service is put on the network ${settings.network} for you.`,
    ),
  ];
}

/** Nothing is built during a deployment: what runs must be what was pushed and tested. */
const buildProblems = ({ file, configs, color, settings }: Overlap): readonly Problem[] =>
  Object.entries(configs[color].services)
    .filter(
      ([name, { image, build }]) => image === undefined && build !== undefined && name !== settings.service,
    )
    .map(([name]) =>
      problem(
        `Service ${name} (${file.at(['services', name, 'build'])}) has \`build:\` but no \`image:\`, and nothing is built while it is deployed.`,
        `Push its image in a step before, and name it: \`image: <repository>:\${IMAGE_TAG}\`.`,
      ),
    );
