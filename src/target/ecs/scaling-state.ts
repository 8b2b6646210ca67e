import { DeployError } from '../../errors.ts';

/** What of a service's scaling is switched off: by policies inwards and outwards, by schedule. */
export interface Suspended {
  readonly in: boolean;
  readonly out: boolean;
  readonly scheduled: boolean;
}

/** How Application Auto Scaling treats one service. */
export interface ScalingState {
  readonly min: number;
  readonly max: number;
  readonly suspended: Suspended;
  /** What was suspended before this action suspended all, to let the color sleep. Nothing where it did not. */
  readonly before?: Suspended;
}

export const ALL_SUSPENDED: Suspended = { in: true, out: true, scheduled: true };

export const sameSuspended = (a: Suspended, b: Suspended): boolean =>
  a.in === b.in && a.out === b.out && a.scheduled === b.scheduled;

export const isAsleep = ({ suspended }: ScalingState): boolean => sameSuspended(suspended, ALL_SUSPENDED);

/** AWS pulls a count that is not into the bounds, whenever it is told anything about them. */
export const isWithin = ({ min, max }: ScalingState, count: number): boolean => count >= min && count <= max;

/** The color goes on growing, and does not shrink. */
export const withoutScalingIn = (state: ScalingState): ScalingState => ({
  ...state,
  suspended: { ...state.suspended, in: true },
});

/**
 * How a color that slept scales while its users come, all but scaling in: as the `old` one did. With a single scalable
 * target there is nothing to take over: it wakes up as it fell asleep.
 */
export function wakened(own: ScalingState, old: ScalingState | undefined): ScalingState {
  const { min, max } = old ?? own;
  return withoutScalingIn({ min, max, suspended: wantedSuspended(old ?? own) });
}

/** What the user wants suspended: where all is, and by us, that says nothing. */
export const wantedSuspended = ({ suspended, before }: ScalingState): Suspended =>
  before !== undefined && sameSuspended(suspended, ALL_SUSPENDED) ? before : suspended;

/** `in+scheduled`, in characters that tags take; `none` where nothing is. */
export const encodeSuspended = (suspended: Suspended): string =>
  (['in', 'out', 'scheduled'] as const).filter((process) => suspended[process]).join('+') || 'none';

/** Nothing for a text that `encodeSuspended` did not write. */
export function decodeSuspended(text: string): Suspended | undefined {
  const named = text.split('+');
  const state = {
    in: named.includes('in'),
    out: named.includes('out'),
    scheduled: named.includes('scheduled'),
  };
  return encodeSuspended(state) === text ? state : undefined;
}

/** `min=2 max=10 suspended=none before=in`, for the journal; empty for a service without a scalable target. */
export const encodeScaling = (state: ScalingState | undefined): string =>
  state === undefined
    ? ''
    : [
        `min=${state.min}`,
        `max=${state.max}`,
        `suspended=${encodeSuspended(state.suspended)}`,
        ...(state.before === undefined ? [] : [`before=${encodeSuspended(state.before)}`]),
      ].join(' ');

/** @throws DeployError `journal-unreadable` for a text that `encodeScaling` did not write: nothing is guessed */
export function decodeScaling(text: string): ScalingState | undefined {
  if (text === '') return undefined;
  const { min, max, suspended, before } =
    /^min=(?<min>\d+) max=(?<max>\d+) suspended=(?<suspended>[a-z+]+)(?: before=(?<before>[a-z+]+))?$/.exec(
      text,
    )?.groups ?? {};
  const state = {
    min: Number(min),
    max: Number(max),
    suspended: decodeSuspended(suspended ?? '')!,
    before: before === undefined ? undefined : decodeSuspended(before),
  };
  if (state.suspended !== undefined && encodeScaling(state) === text) return state;
  throw new DeployError(
    `The record of an unfinished run can't be read: its scaling is ${JSON.stringify(text)}.`,
    {
      code: 'journal-unreadable',
      hint: 'It was written by another version of this action, or by hand. Restore or remove its entries (docs/ecs.md), then run again.',
    },
  );
}
