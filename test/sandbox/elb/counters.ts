/** What CloudWatch would count, for each target group and each node. */
export interface Count {
  requests: number;
  /** 5xx that a target answered. */
  target5xx: number;
  /** 5xx that the load balancer itself answered, or answers that it had to break off. */
  elb5xx: number;
  inFlight: number;
}

/** `unconnected`: the target took no connection, so that the load balancer answered by itself. */
export type Outcome = 'fine' | 'target5xx' | 'elb5xx' | 'unconnected';

export interface Stats {
  readonly targetGroups: Readonly<Record<string, Readonly<Count>>>;
  readonly nodes: Readonly<Record<string, Readonly<Count>>>;
}

/** A request of a target group that has ended: what metrics are made of. */
export interface Sample {
  /** When it ended, ms since the epoch. */
  readonly at: number;
  readonly outcome: Outcome;
  /** Until the target began to answer, in ms; absent where it did not. */
  readonly ms: number | undefined;
}

/** Tells that a request is over: what became of it, and after how many ms its target began to answer, if it did. */
export type End = (outcome: Outcome, ms?: number) => void;

export class Counters {
  readonly #targetGroups = new Map<string, Count>();
  readonly #nodes = new Map<string, Count>();
  readonly #samples = new Map<string, Sample[]>();

  /** A request is under way. Call what is returned once with what became of it. */
  begin(node: string, targetGroupArn: string | undefined): End {
    const counts = [
      of(this.#nodes, node),
      ...(targetGroupArn ? [of(this.#targetGroups, targetGroupArn)] : []),
    ];
    for (const count of counts) {
      count.requests += 1;
      count.inFlight += 1;
    }
    return (outcome, ms) => {
      for (const count of counts) {
        count.inFlight -= 1;
        if (outcome === 'target5xx') count.target5xx += 1;
        else if (outcome !== 'fine') count.elb5xx += 1;
      }
      if (targetGroupArn) this.#sample(targetGroupArn, { at: Date.now(), outcome, ms });
    };
  }

  targetGroup(arn: string): Readonly<Count> {
    return { ...of(this.#targetGroups, arn) };
  }

  /** The requests of a target group that have ended, the oldest first; undefined where there was never one. */
  samples(arn: string): readonly Sample[] | undefined {
    return this.#samples.get(arn);
  }

  #sample(arn: string, sample: Sample): void {
    const samples = this.#samples.get(arn) ?? [];
    samples.push(sample);
    this.#samples.set(arn, samples);
  }

  stats(): Stats {
    return structuredClone({
      targetGroups: Object.fromEntries(this.#targetGroups),
      nodes: Object.fromEntries(this.#nodes),
    });
  }
}

function of(counts: Map<string, Count>, name: string): Count {
  const count = counts.get(name) ?? { requests: 0, target5xx: 0, elb5xx: 0, inFlight: 0 };
  counts.set(name, count);
  return count;
}
