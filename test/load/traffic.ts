/** The traffic itself: which requests are sent when, over which connections. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from './connection.ts';
import { type Attempt, send } from './request.ts';
import type { Tally } from './tally.ts';
import type { LoadPlan } from './types.ts';
import { WebSocketUser } from './web-socket.ts';

/** How often it is looked whether the next requests are due; where fewer are, as often as they are. */
const tickMs = 5;

export class Traffic {
  readonly #plan: LoadPlan;
  readonly #target: { readonly port: number; readonly host: string };
  readonly #tally: Tally;
  /** One per node. */
  readonly #pools: ReadonlyMap<string, Pool>;
  readonly #webSockets: readonly WebSocketUser[];
  readonly #stopping = new AbortController();
  readonly #running: Promise<unknown>[] = [];
  readonly #open = new Set<Promise<unknown>>();
  #sent = 0;

  constructor(plan: LoadPlan, tally: Tally) {
    const { port, host } = new URL(plan.url);
    this.#plan = plan;
    this.#target = { port: Number(port || 80), host };
    this.#tally = tally;
    this.#pools = new Map(plan.addresses.map((node) => [node, this.#pool(node, plan.kept)]));
    this.#webSockets = Array.from({ length: plan.webSockets.connections }, (_, number) => {
      const node = plan.addresses[number % plan.addresses.length]!;
      return new WebSocketUser({ ...this.#target, node, plan, tally });
    });
  }

  get inFlight(): number {
    return this.#open.size;
  }

  #pool(host: string, least: number): Pool {
    return new Pool({ host, port: this.#target.port }, least);
  }

  start(): void {
    const { slow, idle } = this.#plan;
    this.#running.push(this.#ordinary());
    for (let number = 0; number < slow.inFlight; number += 1) this.#running.push(this.#slow(number));
    for (let number = 0; number < idle.connections; number += 1) this.#running.push(this.#idle(number));
    for (const user of this.#webSockets) this.#running.push(user.run(this.#stopping.signal));
  }

  /** Begins nothing more; resolves when what is in flight has ended. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#running);
    await Promise.all(this.#open);
  }

  /**
   * Sends by the clock and not by the answers: when answers are slow, users do not wait for each other either. Goes
   * through all nodes, methods and kinds of connection in turn.
   */
  async #ordinary(): Promise<void> {
    const start = performance.now();
    let heldBack = 0;
    const { addresses, ratePerSecond, mostInFlight, fresh: share, paths, largestBody } = this.#plan;
    const pauseMs = Math.max(tickMs, Math.min(100, Math.floor(1000 / ratePerSecond)));
    // The same bytes per second for every rate.
    const largeEvery = Math.max(25, Math.ceil(ratePerSecond / 5));
    while (!this.#stopping.signal.aborted) {
      const due = Math.floor(((performance.now() - start) / 1000) * ratePerSecond);
      for (; this.#sent + heldBack < due; this.#sent += 1) {
        if (this.#open.size >= mostInFlight) {
          this.#tally.heldBack(due - this.#sent - heldBack);
          heldBack = due - this.#sent;
          break;
        }
        const turn = Math.floor(this.#sent / addresses.length);
        const node = addresses[this.#sent % addresses.length]!;
        const post = turn % 2 === 1;
        const pair = Math.floor(turn / 2);
        const fresh = Math.floor((pair + 1) * share) > Math.floor(pair * share);
        void this.#send({
          node,
          method: post ? 'POST' : 'GET',
          path: post ? paths.echo : paths.get,
          body: post ? bodyOf(this.#sent, this.#sent % largeEvery === 1 ? largestBody : 200) : undefined,
          connection: fresh ? 'fresh' : 'keep-alive',
          pool: fresh ? undefined : this.#pools.get(node),
        });
      }
      await sleep(pauseMs);
    }
  }

  /** Always one slow request in flight; on each node some on kept connections, and some on new ones. */
  async #slow(number: number): Promise<void> {
    const { addresses, slow, paths } = this.#plan;
    const node = addresses[number % addresses.length]!;
    const fresh = Math.floor(number / addresses.length) % 2 === 1;
    const pool = fresh ? undefined : this.#pools.get(node);
    const ms = Math.round(slow.ms + (((slow.toMs ?? slow.ms) - slow.ms) * number) / slow.inFlight);
    // Spread over the time of one request, so that some are always at their beginning and some at their end.
    await this.#pause((ms * number) / slow.inFlight);
    while (!this.#stopping.signal.aborted) {
      const began = performance.now();
      await this.#send({
        node,
        method: 'GET',
        path: `${paths.slow}?ms=${ms}`,
        body: undefined,
        connection: 'slow',
        pool,
      });
      // After a failure that came at once, not another one right away; else without a gap.
      const early = ms - (performance.now() - began);
      if (early > 0) await this.#pause(Math.min(100, early));
    }
  }

  /** One connection that is kept open, and rests. */
  async #idle(number: number): Promise<void> {
    const { addresses, idle, paths } = this.#plan;
    const node = addresses[number % addresses.length]!;
    const pool = this.#pool(node, 1);
    await this.#pause((idle.seconds * 1000 * number) / idle.connections);
    while (!this.#stopping.signal.aborted) {
      await this.#send({ node, method: 'GET', path: paths.get, body: undefined, connection: 'idle', pool });
      await this.#pause(idle.seconds * 1000);
    }
  }

  async #send(
    what: Pick<Attempt, 'node' | 'method' | 'path' | 'body' | 'connection' | 'pool'>,
  ): Promise<void> {
    const { timeoutMs, slow } = this.#plan;
    const attempt = {
      ...what,
      ...this.#target,
      timeoutMs: timeoutMs + (what.connection === 'slow' ? (slow.toMs ?? slow.ms) : 0),
    };
    const sent = send(attempt);
    this.#open.add(sent);
    const outcome = await sent;
    this.#open.delete(sent);
    this.#tally.add(attempt, outcome);
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stopping.signal }).catch(() => {});
  }
}

/** Different for each request, so that an answer to somebody else is noticed; now and then more than one packet. */
function bodyOf(number: number, length: number): string {
  return `${number}:`.padEnd(length, `body of request ${number} `);
}
