import { DeployError } from '../errors.ts';
import { formatWeights, type Weights } from './color.ts';

// Weights that no run of ours has made, or left half-way, are somebody else's doing, and not ours to overrule.

const foreign = (message: string, hint: string): DeployError =>
  new DeployError(message, { code: 'foreign-weights', hint });

export const movedByHand = (weights: Weights): DeployError =>
  foreign(
    `Somebody moved the traffic during this run: ${formatWeights(weights)} now.`,
    'Find out who, and set the weights to 100/0 for the color that users should have; then run again.',
  );

export const splitByHand = ({ blue, green }: Weights): DeployError =>
  foreign(
    `Traffic is split, blue ${blue} % and green ${green} %, and not by a run of this action.`,
    'Set the weights to 100/0 for the color that users should have, then run again.',
  );

/** There are several places, and each may lead to another color. */
export const notAlike = (): DeployError =>
  foreign(
    'Not everything that carries the traffic leads to the same color.',
    'Set the weights to 100/0 everywhere for the color that users should have, then run again.',
  );
