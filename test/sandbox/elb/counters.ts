/** What CloudWatch would count, for each target group and each node. */
export interface Count {
  requests: number;
  /** 5xx that a target answered. */
  target5xx: number;
  /** 5xx that the load balancer itself answered, or answers that it had to break off. */
  elb5xx: number;
  inFlight: number;
}

export type Outcome = 'fine' | 'target5xx' | 'elb5xx';

export interface Stats {
  readonly targetGroups: Readonly<Record<string, Readonly<Count>>>;
  readonly nodes: Readonly<Record<string, Readonly<Count>>>;
}

export class Counters {
  readonly #targetGroups = new Map<string, Count>();
  readonly #nodes = new Map<string, Count>();

  /** A request is under way. Call what is returned once with what became of it. */
  begin(node: string, targetGroupArn: string | undefined): (outcome: Outcome) => void {
    const counts = [
      of(this.#nodes, node),
      ...(targetGroupArn ? [of(this.#targetGroups, targetGroupArn)] : []),
    ];
    for (const count of counts) {
      count.requests += 1;
      count.inFlight += 1;
    }
    return (outcome) => {
      for (const count of counts) {
        count.inFlight -= 1;
        if (outcome !== 'fine') count[outcome] += 1;
      }
    };
  }

  targetGroup(arn: string): Readonly<Count> {
    return { ...of(this.#targetGroups, arn) };
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
