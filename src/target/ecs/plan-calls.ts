import { COLORS, type Color, type PerColor } from '../../release/color.ts';
import type { Move } from '../plan.ts';
import { releaseId } from './arn.ts';
import type { ScalingCalls } from './plan-scaling.ts';
import type { TrafficCalls } from './plan-traffic.ts';
import type { ScalingPair } from './scalable-targets.ts';
import type { Services } from './services.ts';
import { rolledBack } from './standings.ts';
import type { Definition, TaskDefinition } from './task-definitions.ts';

/** Two services, those with the traffic or a worker's, and what they would run. */
export interface Pair {
  readonly names: PerColor<string>;
  readonly live: { readonly definition: TaskDefinition; readonly count: number };
  readonly counts: PerColor<number>;
  readonly wanted: Definition;
  /** A revision that holds that already. */
  readonly same: TaskDefinition | undefined;
  readonly scaling: ScalingPair;
}

export type Counted = Pair & { readonly count: number; readonly calls: ScalingCalls };

/** All that the calls depend on. */
export interface Facts {
  readonly to: Color;
  readonly from: Color;
  readonly services: Services;
  readonly main: Counted;
  readonly workers: readonly Counted[];
  readonly traffic: TrafficCalls;
  readonly preview: string;
}

/** By which calls `EcsTarget` makes a change: kept in step with it by test/e2e/ecs/plan.test.ts. */
export function callsOf(move: Move, facts: Facts): readonly string[] {
  const { to, from, main, workers, traffic, preview } = facts;
  const all = [main, ...workers];
  switch (move.do) {
    case 'lock':
      return [
        `elasticloadbalancing:CreateRule ${preview}: the lock, kept by elasticloadbalancing:AddTags, and the way to ${to} before users have it`,
      ];
    case 'unlock':
      return [`elasticloadbalancing:DeleteRule ${preview}`];
    case 'check':
      return all.flatMap(({ calls }) => calls.check);
    case 'create-release':
      return all
        .filter(({ same }) => same === undefined)
        .map(({ wanted: { family }, live }) => registration(family, live.definition));
    case 'note':
      return [
        ...workers.flatMap(({ names, scaling }) => [
          ...(move.phase === 'staging' ? [note(names[to], 'what becomes of it')] : []),
          ...(move.phase !== 'retiring' && scaling[from] !== undefined
            ? [note(names[from], 'how it scales')]
            : []),
        ]),
        note(main.names[to], `the run is ${move.phase}`),
      ];
    case 'prepare':
      return traffic.prepare;
    case 'start':
      return all.map(({ names, wanted, same, count }) => {
        const revision = same === undefined ? `the new revision of ${wanted.family}` : releaseId(same.arn);
        const anew = count > 0 ? ', forceNewDeployment' : '';
        return `ecs:UpdateService ${names[to]}: taskDefinition ${revision}, desiredCount ${count}${anew}`;
      });
    case 'hold-scaling':
      return all.flatMap(({ calls }) => calls.hold);
    case 'shift':
      return traffic.shift(move.weights);
    case 'share-scaling':
      return all.flatMap(({ calls }) => calls.share);
    case 'hand-scaling-over':
      return all.flatMap(({ calls }) => (move.scaleIn ? calls.complete : calls.handOver));
    case 'mark':
      return marks(move.color, facts);
    case 'park':
      return [
        ...traffic.putBack,
        ...all.map(({ names }, index) => park(names[move.color], index === 0 ? move.keep : 0)),
      ];
    case 'forget':
      return [
        ...COLORS.map((color) => forget(main.names[color])),
        ...workers.flatMap(({ names, scaling }) =>
          COLORS.filter((color) => color === to || scaling[from] !== undefined).map((color) =>
            forget(names[color]),
          ),
        ),
      ];
    case 'go-on':
      return [];
  }
}

/** The calls that both ways of deploying to ECS make. */
export const registration = (family: string, base: TaskDefinition) =>
  `ecs:RegisterTaskDefinition ${family}: as ${releaseId(base.arn)}, with the new image`;
export const note = (service: string, what: string) => `ecs:TagResource ${service}: notes ${what}`;
const park = (service: string, keep: number) => `ecs:UpdateService ${service}: desiredCount ${keep}`;
export const forget = (service: string) => `ecs:UntagResource ${service}: what was noted`;

/** A release that users were taken from, and have again, is forgiven. */
function marks(color: Color, { to, services, main }: Facts): readonly string[] {
  const definition = color === to ? main.same : main.live.definition;
  const release = definition === undefined ? undefined : releaseId(definition.arn);
  const forgiving = COLORS.filter(
    (one) => release !== undefined && rolledBack(services[one]).includes(release),
  );
  return [color, ...forgiving].map((one) => note(main.names[one], 'that users had this release'));
}
