import type { Service, ServiceEvent } from '@aws-sdk/client-ecs';

/** What a failure is told by: the rest is the ordinary coming and going of tasks. */
const TROUBLE = /unable|unhealthy|fail|error|rolling back|throttl|missing|alarm|not (be|been|found|have)/i;
const NO_ROOM = /unable to (place|run) /i;
const STARTED = /has started \d+ tasks/i;
/** The most events in the evidence. */
const MOST_EVENTS = 4;

/**
 * The events of one deployment's time. ECS shows the newest hundred of a service, documents no order, and repeats some
 * (facts/ecs.md 4b): known are those whose id was seen, wherever they stand in the list.
 */
export class Events {
  readonly #known = new Set<string>();
  /** Those of our time, the oldest first. */
  readonly #messages: string[] = [];
  readonly #fresh: boolean;
  #isFirst = true;

  /** @param fresh whether the deployment was started by this run; else all that is there at first is old */
  constructor(fresh: boolean) {
    this.#fresh = fresh;
  }

  /**
   * Takes note of a service's events, and returns the new ones, the oldest first.
   * @param since when the deployment was created, by AWS's clock: the runner's may be another
   */
  note({ events = [] }: Service, since: Date | undefined): string[] {
    const unknown = events.filter(({ id = '' }) => !this.#known.has(id));
    for (const { id = '' } of unknown) this.#known.add(id);
    const ofOurTime = this.#fresh
      ? unknown.filter((event) => timeOf(event) >= (since?.getTime() ?? 0))
      : unknown.slice(this.#isFirst ? unknown.length : 0);
    this.#isFirst = false;
    const news = ofOurTime.sort((a, b) => timeOf(a) - timeOf(b)).map(textOf);
    this.#messages.push(...news);
    return news;
  }

  /** All of our time, one line each. */
  get text(): string {
    return this.#messages.join('\n');
  }

  /** The newest that says why no task starts. */
  get placement(): string | undefined {
    return this.#messages.findLast((message) => /unable to/i.test(message));
  }

  /** Why ECS can't place a task, where that is its last word about starting any. */
  get noRoom(): string | undefined {
    const last = this.#messages.findLast((message) => NO_ROOM.test(message) || STARTED.test(message));
    return last !== undefined && NO_ROOM.test(last) ? last : undefined;
  }

  /** What a health check of the load balancer found last, where ECS told. */
  get healthReason(): string | undefined {
    const told = /unhealthy in .* due to \(reason (.+?)\)\.?$/;
    return told.exec(this.#messages.findLast((message) => told.test(message)) ?? '')?.[1];
  }

  /** What speaks of trouble, each message once, the newest last. */
  get trouble(): string[] {
    const newestFirst = this.#messages.filter((message) => TROUBLE.test(message)).reverse();
    return [...new Set(newestFirst)].slice(0, MOST_EVENTS).reverse();
  }
}

const timeOf = ({ createdAt }: ServiceEvent) => createdAt?.getTime() ?? 0;

/** Without the service's name, which the reader knows: `(service shop-green) was unable to ...`. */
const textOf = ({ message = '' }: ServiceEvent) =>
  message
    .replace(/^\(service [^)]*\)\s*/, '')
    .replace(/\s+/g, ' ')
    .trim();
