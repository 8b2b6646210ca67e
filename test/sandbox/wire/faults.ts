/** What can happen to a call on its way. */
export type FaultKind =
  /** Answered with the service's AccessDenied; the operation does not run. */
  | 'refuse'
  /** Answered with the service's throttling error; the operation does not run. */
  | 'throttle'
  /** Answered with a 500 in the form of the protocol; the operation does not run. */
  | 'error'
  /** Answered with a 500 as HTML, as a proxy on the way would; the operation does not run. */
  | 'html'
  /** Answered with the service's expired-token error; the operation does not run. */
  | 'expired'
  /** Runs `milliseconds` later. */
  | 'delay'
  /** Never answered; the operation does not run. */
  | 'hang'
  /** The connection is reset before the operation ran. */
  | 'reset'
  /** The operation runs, and the connection is reset before the answer. */
  | 'lost';

/** One planned fault. */
export interface Fault {
  /** The operation's name (`UpdateService`), or `*` for whichever. */
  readonly operation: string;
  /** Which calls of it since `add`: the k-th (from 1), every one, or `times` from the k-th on. */
  readonly call: number | 'every' | { readonly from: number; readonly times: number };
  readonly kind: FaultKind;
  /** For `delay`. */
  readonly milliseconds?: number;
  /** Called when the fault strikes, before anything else is done, for example to kill the client. */
  readonly before?: () => void | Promise<void>;
}

/** The faults that tests have planned, and how often each was counted. */
export class Faults {
  #planned: { fault: Fault; seen: number }[] = [];
  /** How often any fault struck. */
  struck = 0;

  /** Plans a fault. Calls are counted from now on, each attempt of an SDK's retry as one. */
  add(fault: Fault): void {
    this.#planned.push({ fault, seen: 0 });
  }

  /** Drops all planned faults. */
  clear(): void {
    this.#planned = [];
  }

  /** Counts a call, and gives the fault that strikes it. */
  next(operation: string): Fault | undefined {
    let hit: Fault | undefined;
    for (const plan of this.#planned) {
      if (plan.fault.operation !== '*' && plan.fault.operation !== operation) continue;
      plan.seen += 1;
      if (!hit && strikes(plan.fault.call, plan.seen)) hit = plan.fault;
    }
    if (hit) this.struck += 1;
    return hit;
  }
}

function strikes(call: Fault['call'], seen: number): boolean {
  if (call === 'every') return true;
  if (typeof call === 'number') return call === seen;
  return seen >= call.from && seen < call.from + call.times;
}
