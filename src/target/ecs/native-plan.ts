import { otherColor } from '../../release/color.ts';
import type { Course, Move, TargetPlan } from '../plan.ts';
import type { StageRequest } from '../target.ts';
import { releaseId } from './arn.ts';
import { definitionChanges } from './definition-changes.ts';
import { imageOf } from './images.ts';
import { forget, note, registration } from './plan-calls.ts';
import { newerRevision } from './plan-notes.ts';
import type { Registry } from './registry.ts';
import { asRelease } from './releases.ts';
import { type TaskDefinition, type TaskDefinitions, withImages } from './task-definitions.ts';

export interface NativePlanOptions {
  readonly request: StageRequest;
  readonly course: Course;
  /** Name of the service, and what it does about a new revision. */
  readonly service: string;
  readonly strategy: string;
  /** What users have: the new release is made from it. */
  readonly live: TaskDefinition;
  /** The container that counts, and what each that takes an image gets. */
  readonly container: string;
  readonly images: ReadonlyMap<string, string>;
  readonly priority: number;
  readonly definitions: TaskDefinitions;
  readonly registry: Registry;
}

/** Looks up what `NativeTarget` would change in a deployment, and by which calls; makes none of them. */
export async function planNative(options: NativePlanOptions): Promise<TargetPlan> {
  const { course, live, container, images, definitions, registry } = options;
  const { references, tag, remarks } = await registry.pin(images);
  const wanted = withImages(live, references, tag);
  const same = await definitions.same(wanted, [live]);
  const release = same === undefined ? undefined : asRelease(same, container);
  const revision = release?.id ?? `a new revision of ${live.family}`;
  const from = releaseId(live.arn);
  return {
    image: imageOf({ ...wanted, arn: '' }, container),
    ...(release && { release }),
    changes: [
      ...(release?.id === from ? [] : [{ what: `task definition ${live.family}`, from, to: revision }]),
      ...definitionChanges(live, wanted),
    ],
    calls: course(release).flatMap((move) => callsOf(move, options, release?.id)),
    notes: [...remarks, ...newerRevision(live, await definitions.newest(live.family))],
  };
}

/** By which calls `NativeTarget` makes a change: kept in step with it by test/e2e/ecs/native-plan.test.ts. */
function callsOf(
  move: Move,
  { request, service, strategy, live, priority }: NativePlanOptions,
  revision: string | undefined,
): readonly string[] {
  const preview = `the preview rule at priority ${priority}`;
  switch (move.do) {
    case 'lock':
      return [`elasticloadbalancing:CreateRule ${preview}: the lock, kept by elasticloadbalancing:AddTags`];
    case 'unlock':
      return [`elasticloadbalancing:DeleteRule ${preview}`];
    case 'create-release':
      return revision === undefined ? [registration(live.family, live)] : [];
    case 'note':
      return [note(service, `the run is ${move.phase}`)];
    case 'start':
      return [
        `ecs:UpdateService ${service}: taskDefinition ${revision ?? `the new revision of ${live.family}`}, forceNewDeployment; ECS brings it up on ${move.color}, moves the traffic (${strategy}) and takes ${otherColor(request.color)} down`,
      ];
    case 'go-on':
      return [`ecs:ContinueServiceDeployment ${service}: goes on each time it pauses at ${move.at}`];
    case 'mark':
      return [note(service, 'that users had this release')];
    case 'forget':
      return [forget(service)];
    default:
      return [];
  }
}
