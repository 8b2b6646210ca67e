import { otherColor } from '../../release/color.ts';
import type { Problem } from '../target.ts';
import { type Overlap, problem } from './overlap-subject.ts';

/** Fixed names of containers: an engine has each once. */
export function nameProblems(overlap: Overlap): readonly Problem[] {
  const { settings, file, configs, color, replicas, facts } = overlap;
  const other = configs[otherColor(color)];
  return Object.entries(configs[color].services).flatMap(([name, { container_name: fixed }]) => {
    if (fixed === undefined || fixed === '') return [];
    const at = file.at(['services', name, 'container_name']);
    const isTraffic = name === settings.service;
    if (Object.values(other.services).some(({ container_name }) => container_name === fixed))
      return [
        problem(
          `Service ${name} (${at}) names its container ${fixed}, and both colors can’t have that name.`,
          isTraffic && replicas > 1
            ? 'Remove that line.'
            : `Remove that line, or write \`container_name: ${fixed}-\${COLOR}\`.`,
        ),
      ];
    if (isTraffic && replicas > 1)
      return [
        problem(
          `Service ${name} (${at}) names its container ${fixed}, but is to run ${replicas} times.`,
          'Remove that line.',
        ),
      ];
    const holder = facts.containers.find((one) => one.name === fixed && one.project !== configs[color].name);
    return holder === undefined
      ? []
      : [
          problem(
            `Service ${name} (${at}) names its container ${fixed}, and there is such a container already, of ${holder.project === '' ? 'no project' : `the project ${holder.project}`}.`,
            'Remove that line, or write a name that is free.',
          ),
        ];
  });
}
