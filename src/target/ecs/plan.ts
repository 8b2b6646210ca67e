import type { EcsSettings } from '../../config/environment.ts';
import { type Color, otherColor } from '../../release/color.ts';
import type { Change, Course, TargetPlan } from '../plan.ts';
import type { StageRequest } from '../target.ts';
import { releaseId } from './arn.ts';
import type { Aws } from './aws.ts';
import { definitionChanges } from './definition-changes.ts';
import { imageOf, type Pin } from './images.ts';
import { type Counted, callsOf, type Facts, type Pair } from './plan-calls.ts';
import { differentAttributes, differentNetworks, newerRevision, notEmpty } from './plan-notes.ts';
import { scalingCalls } from './plan-scaling.ts';
import { trafficCalls } from './plan-traffic.ts';
import type { Registry } from './registry.ts';
import { asRelease, imagesOf } from './releases.ts';
import type { EcsScaling } from './scaling.ts';
import { decodeScaling } from './scaling-state.ts';
import type { Services } from './services.ts';
import { attributesOf, holdsClients } from './stickiness.ts';
import { type TaskDefinition, type TaskDefinitions, withImages } from './task-definitions.ts';
import type { TargetGroups, Traffic } from './traffic.ts';
import type { Worker } from './worker.ts';
import { workerImages } from './worker-images.ts';

export interface PlanOptions {
  readonly request: StageRequest;
  readonly course: Course;
  readonly aws: Aws;
  readonly settings: EcsSettings;
  readonly services: Services;
  readonly groups: TargetGroups;
  /** The container that takes the image. */
  readonly container: string;
  readonly definitions: TaskDefinitions;
  readonly registry: Registry;
  readonly traffic: Traffic;
  readonly scaling: EcsScaling;
  readonly workers: readonly Worker[];
}

/** Looks up what `EcsTarget` would change in a deployment, and by which calls; makes none of them. */
export async function planDeployment(options: PlanOptions): Promise<TargetPlan> {
  const { request, course, aws, settings, services, groups, container, definitions } = options;
  const from = otherColor(request.color);
  const notes = new Set<string>();
  const main = await pairOf(options, notes, {
    services,
    scaling: options.scaling,
    images: () => imagesOf(settings, container, request),
  });
  const workers: Pair[] = [];
  for (const { pair, scaling } of options.workers)
    workers.push(
      await pairOf(options, notes, {
        services: await pair.recent(),
        scaling,
        images: (base) => workerImages(base, settings, request),
      }),
    );
  for (const { live } of [main, ...workers])
    for (const note of newerRevision(live.definition, await definitions.newest(live.definition.family)))
      notes.add(note);
  const [blue, green] = [await attributesOf(aws, groups.blue), await attributesOf(aws, groups.green)];
  for (const note of [
    ...differentAttributes(blue, green),
    ...differentNetworks(services),
    ...notEmpty(services[request.color]),
  ])
    notes.add(note);
  const differs = workers.some(
    ({ same, live }) => releaseId(same?.arn ?? '') !== releaseId(live.definition.arn) && live.count > 0,
  );
  const release = main.same === undefined ? undefined : { ...asRelease(main.same, container), differs };
  const moves = course(release);
  const preview = `the preview rule at priority ${settings['preview-priority']}`;
  const traffic = await trafficCalls(options.traffic, {
    to: request.color,
    groups,
    isMandatory: [blue, green].some(holdsClients),
    keeper: settings.services.blue,
    preview,
  });
  const counted = moves.find((move) => move.do === 'start');
  const count = counted?.do === 'start' ? counted.count : 0;
  const least = main.live.count === 0 ? 1 : 0;
  const isShared = moves.some((move) => move.do === 'share-scaling');
  const all = [main, ...workers].map((pair, index) =>
    withCalls(pair, {
      to: request.color,
      count: index === 0 ? count : Math.max(pair.live.count, least),
      isShared,
    }),
  );
  const facts: Facts = {
    to: request.color,
    from,
    services,
    main: all[0]!,
    workers: all.slice(1),
    traffic,
    preview,
  };
  return {
    image: imageOf({ ...main.wanted, arn: '' }, container),
    ...(release && { release }),
    changes: [main, ...workers].flatMap(changesOf),
    calls: moves.flatMap((move) => callsOf(move, facts)),
    notes: [...notes],
  };
}

async function pairOf(
  { request: { color }, definitions, registry }: PlanOptions,
  notes: Set<string>,
  {
    services,
    scaling,
    images,
  }: {
    services: Services;
    scaling: EcsScaling;
    images: (base: TaskDefinition) => ReadonlyMap<string, string>;
  },
): Promise<Pair> {
  const pin: Pin = async (wanted) => {
    const pinned = await registry.pin(wanted);
    for (const remark of pinned.remarks) notes.add(remark);
    return pinned;
  };
  const live = services[otherColor(color)];
  const definition = await definitions.get(live.taskDefinition ?? '');
  const parked = await definitions.get(services[color].taskDefinition ?? '');
  const { references, tag } = await pin(images(definition));
  const wanted = withImages(definition, references, tag);
  const candidates = parked.family === definition.family ? [definition, parked] : [definition];
  const { colors, warning } = await scaling.save();
  if (warning !== undefined) notes.add(warning);
  return {
    names: { blue: services.blue.serviceName ?? '', green: services.green.serviceName ?? '' },
    live: { definition, count: live.desiredCount ?? 0 },
    counts: { blue: services.blue.desiredCount ?? 0, green: services.green.desiredCount ?? 0 },
    wanted,
    same: await definitions.same(wanted, candidates),
    scaling: { blue: decodeScaling(colors.blue), green: decodeScaling(colors.green) },
  };
}

const withCalls = (
  pair: Pair,
  { count, ...more }: { to: Color; count: number; isShared: boolean },
): Counted => ({
  ...pair,
  count,
  calls: scalingCalls(pair.scaling, { names: pair.names, counts: pair.counts, count, ...more }),
});

function changesOf({ live, wanted, same }: Pair): readonly Change[] {
  const { arn, family } = live.definition;
  const to = same === undefined ? `a new revision of ${family}` : releaseId(same.arn);
  return [
    ...(same?.arn === arn ? [] : [{ what: `task definition ${family}`, from: releaseId(arn), to }]),
    ...definitionChanges(live.definition, wanted),
  ];
}
