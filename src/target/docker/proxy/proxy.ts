import type { Color, PerColor, Weights } from '../../../release/color.ts';
import type { Answers } from '../../signals.ts';
import type { Problem } from '../../target.ts';

/**
 * What shares out the traffic on a Docker host: the port behind which each kind of proxy is one file. As in Target,
 * each method is one look or one change; reads throw TransientError when the proxy could not be asked.
 */
export interface Proxy {
  /** For people: `HAProxy in edge`. */
  readonly description: string;
  /** How long a switch may take to reach every request where the proxy can't tell, in ms. 0 where it is at once. */
  readonly propagationMs: number;

  /** What would make the next switch fail, found before anything is changed. */
  preflight(): Promise<readonly Problem[]>;

  /** Who gets the traffic, by the proxy's own word: 100/0, or 50/50 where a switch stopped half-way. */
  weights(): Promise<Weights>;

  /**
   * Which of the instances the proxy itself would send requests to, proven by checks it made after they started.
   * `detail` says what is still missing, in one line; empty when nothing is.
   */
  ready(
    color: Color,
    instances: readonly Instance[],
  ): Promise<{ readonly ready: number; readonly detail: string }>;

  /**
   * Gives the color all the traffic, at once and for whenever the proxy starts again, and reads it back. May be called
   * again as it is.
   * @param instances those of both colors which run now
   * @param before what must have been done when the first user, or a restart of the proxy, is led to the color
   */
  shift(to: Color, instances: PerColor<readonly Instance[]>, before?: () => Promise<void>): Promise<void>;

  /** How the proxy gives each color a share of the traffic; absent where it can't. */
  readonly shares?: Shares;

  /** What the proxy counts of users' answers; absent where it does not tell the colors apart. */
  readonly answers?: Answers;

  /**
   * How many requests each color has been given since the proxy started, those under way with them; absent where the
   * proxy does not count them.
   */
  readonly arrivals?: () => Promise<PerColor<number>>;

  /**
   * Puts right what an earlier switch left on stopped containers that would keep them from starting, or from being found
   * by the proxy; called before they are started again. Absent where switches leave nothing on containers.
   */
  beforeStart?(color: Color, ids: readonly string[]): Promise<void>;

  /** Requests that the color still works on, where the proxy counts them. */
  inFlight(color: Color): Promise<number | 'unknown'>;
}

/** A proxy that can split the traffic between the colors. */
export interface Shares {
  /** What would make it fail, found before anything is changed. */
  problems(): Promise<readonly Problem[]>;
  /** Gives each color its share, and reads it back. A restart of the proxy leads back to the color that had all. */
  set(weights: Weights): Promise<void>;
}

/** A running container of the service that takes the traffic. */
export interface Instance {
  /** The container's full id. */
  readonly id: string;
  readonly name: string;
  /** Its address on the network that it shares with the proxy; empty where it is off it, as a switch that died can leave it. */
  readonly address: string;
  readonly port: number;
  /** When it started last, ms since the epoch. */
  readonly startedAt: number;
}
