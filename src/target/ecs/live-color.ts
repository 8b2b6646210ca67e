import type { Color, Weights } from '../../release/color.ts';

/** The color with all the traffic; while it is split, the one that had it before, else the one that has more. */
export function liveColor({ blue, green }: Weights, before: Color | undefined): Color {
  if (blue > 0 && green === 0) return 'blue';
  if (green > 0 && blue === 0) return 'green';
  return before ?? (green > blue ? 'green' : 'blue');
}
