import type { Service, ServiceEvent } from '@aws-sdk/client-ecs';

/** What a failure is told by: the rest is the ordinary coming and going of tasks. */
const TROUBLE = /unable|unhealthy|fail|error|rolling back|throttl|missing|alarm|not (be|been|found|have)/i;
/** The most events in the evidence. */
const MOST_EVENTS = 4;

/**
 * The events of one deployment's time. ECS shows the newest hundred of a service, documents no order, and repeats some
 * (facts/ecs.md 4b): known are those whose id was seen, wherever they stand in the list.
 */
export class Events {
  readonly #seen = new Map<string, ServiceEvent>();
  readonly #old = new Set<string>();
  /** At the first look at a deployment that ran already, all that is there is old. */
  #isFirst = true;
  readonly #fresh: boolean;

  /** @param fresh whether the deployment was started by this run */
  constructor(fresh: boolean) {
    this.#fresh = fresh;
  }

  /**
   * Takes note of a service's events, and returns the new ones, the oldest first.
   * @param since when the deployment was created, by AWS's clock: the runner's may be another
   */
  note(service: Service, since: Date | undefined): string[] {
    const fresh = (service.events ?? [])
      .filter(({ id = '' }) => !this.#seen.has(id) && !this.#old.has(id))
      .sort((a, b) => timeOf(a) - timeOf(b));
    const isOld = (event: ServiceEvent) =>
      this.#fresh ? timeOf(event) < (since?.getTime() ?? Number.POSITIVE_INFINITY) : this.#isFirst;
    this.#isFirst = false;
    for (const event of fresh)
      if (isOld(event)) this.#old.add(event.id ?? '');
      else this.#seen.set(event.id ?? '', event);
    return fresh.filter(({ id = '' }) => this.#seen.has(id)).map(textOf);
  }

  /** All that was noted, as one text. */
  get text(): string {
    return [...this.#seen.values()].map(textOf).join('\n');
  }

  /** What a health check of the load balancer found last, where ECS told. */
  get healthReason(): string | undefined {
    return /.*unhealthy in .* due to \(reason (.+?)\)\.?$/m.exec(
      this.text.split('\n').reverse().join('\n'),
    )?.[1];
  }

  /** What speaks of trouble, each message once, the newest last. */
  get trouble(): string[] {
    const messages = [...this.#seen.values()].map(textOf).filter((message) => TROUBLE.test(message));
    return [...new Set(messages.reverse())].slice(0, MOST_EVENTS).reverse();
  }
}

const timeOf = ({ createdAt }: ServiceEvent) => createdAt?.getTime() ?? 0;

/** Without the service's name, which the reader knows: `(service shop-green) was unable to ...`. */
const textOf = ({ message = '' }: ServiceEvent) => message.replace(/^\(service [^)]*\)\s*/, '');
