import { COLORS } from '../release/color.ts';
import { readable } from '../release/image.ts';
import type { Situation } from '../release/situation.ts';

/** What one look at the target showed: a line for each color. */
export const describeSituation = ({ live, weights, colors }: Situation): readonly string[] =>
  COLORS.map((color) => {
    const { release, desired, running, standing } = colors[color];
    const role = color === live ? 'live' : 'idle';
    const what =
      release === undefined ? 'nothing was ever deployed here' : `${readable(release.image)} (${release.id})`;
    const past = color !== live && standing === 'rolled-back' ? ', rolled back from' : '';
    const count = desired === 0 && running === 0 ? 'parked' : `${running} of ${desired} running`;
    return `${color}: ${role}, ${weights[color]} % of the traffic, ${what}${release === undefined ? '' : `, ${count}${past}`}`;
  });
