export type Color = 'blue' | 'green';
export const COLORS = ['blue', 'green'] as const satisfies readonly Color[];

export type PerColor<T> = Readonly<Record<Color, T>>;

/** How much of the traffic each color gets, in percent. */
export type Weights = PerColor<number>;

export const otherColor = (color: Color): Color => (color === 'blue' ? 'green' : 'blue');

/** All traffic on one color. */
export const allOn = (color: Color): Weights => share(color, 100);

/** So many percent of the traffic on one color, and the rest on the other. */
export const share = (color: Color, percent: number): Weights => ({
  blue: color === 'blue' ? percent : 100 - percent,
  green: color === 'green' ? percent : 100 - percent,
});

/** Whether all traffic, in all places where it comes in, goes to one color. */
export const isAllOn = (weights: Weights, color: Color): boolean =>
  weights[color] === 100 && weights[otherColor(color)] === 0;

export const formatWeights = (weights: Weights): string => `blue ${weights.blue} %, green ${weights.green} %`;
