import { otherColor } from '../../release/color.ts';
import { isExternal } from './compose-config.ts';
import { accepted, type Overlap } from './overlap-subject.ts';
import { hasStoreOfItsOwn } from './overlap-volumes.ts';

/**
 * Volumes that are another one for each color, with other data: right for a cache, and a loss for what users save. Only
 * the user knows which it is, so it is said and not refused; where it is a database, overlap-volumes.ts refuses it.
 */
export function ownVolumeNotes(overlap: Omit<Overlap, 'facts'>): readonly string[] {
  const { file, configs, color } = overlap;
  const accepts = accepted(overlap);
  const [own, other] = [configs[color], configs[otherColor(color)]];
  return Object.entries(own.volumes ?? {}).flatMap(([key, volume]) => {
    const theirs = other.volumes?.[key];
    if (theirs === undefined || theirs.name === volume.name || isExternal(volume)) return [];
    if (accepts.has(key) || accepts.has(volume.name)) return [];
    const writers = Object.entries(own.services)
      .filter(([name]) => !accepts.has(name) && !hasStoreOfItsOwn(overlap, name))
      .flatMap(([name, { volumes = [] }]) =>
        volumes
          .filter(({ type, source, read_only }) => type === 'volume' && source === key && read_only !== true)
          .map(({ target }) => `${name} at ${target}`),
      );
    if (writers.length === 0) return [];
    return [
      `The volume ${key} (${file.at(['volumes', key])}), which is written to by ${writers.join(' and ')}, is another one for each color: ${configs.blue.volumes?.[key]?.name} and ${configs.green.volumes?.[key]?.name}. What is saved there before a switch is not there after it, and an older copy comes back with the next one. Data that must stay belongs in a database or a storage outside of this file, or in one volume for both (a fixed \`name:\`, or \`external: true\`), if two releases may write to it at once; then, or if it is only a cache, add \`x-blue-green: { accept: [${key}] }\` to ${file.name}.`,
    ];
  });
}
