import assert from 'node:assert/strict';
import type { ScalableTarget } from '@aws-sdk/client-application-auto-scaling';
import type { Color } from '../sandbox/blue-green-setup.ts';
import { revisionOn, startWorld, type World, type WorldOptions } from './world.ts';

export type Flags = readonly ('in' | 'out' | 'scheduled')[];
export interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly suspended: Flags;
}

export const ALL: Flags = ['in', 'out', 'scheduled'];
export const BLUE: Bounds = { min: 2, max: 6, suspended: ['scheduled'] };
export const GREEN: Bounds = { min: 1, max: 4, suspended: ['in'] };

export const idOf = ({ app }: World, color: Color) => `service/${app.cluster}/${app.services[color]}`;

export async function scale(world: World, color: Color, { min, max, suspended }: Bounds): Promise<void> {
  const { app, sandbox } = world;
  const count = app.service(color).desiredCount;
  await sandbox.call('RegisterScalableTarget', {
    ServiceNamespace: 'ecs',
    ResourceId: idOf(world, color),
    ScalableDimension: 'ecs:service:DesiredCount',
    MinCapacity: min,
    MaxCapacity: max,
    SuspendedState: {
      DynamicScalingInSuspended: suspended.includes('in'),
      DynamicScalingOutSuspended: suspended.includes('out'),
      ScheduledScalingSuspended: suspended.includes('scheduled'),
    },
  });
  // Registering has pulled a parked color up to its minimum; it is parked again, as people do it.
  const at = { cluster: app.cluster, service: app.services[color] };
  await sandbox.call('UpdateService', { ...at, desiredCount: count });
  await app.steady(color);
}

export const scaling = (world: World, color: Color): Bounds | undefined =>
  flagsOf(world.sandbox.autoscaling.targets.get(idOf(world, color)));

/** What a scalable target comes to. */
export function flagsOf(target: ScalableTarget | undefined): Bounds | undefined {
  if (target === undefined) return undefined;
  const { MinCapacity: min = -1, MaxCapacity: max = -1, SuspendedState: state } = target;
  const suspended = ALL.filter(
    (flag) =>
      (flag === 'in' && state?.DynamicScalingInSuspended) ||
      (flag === 'out' && state?.DynamicScalingOutSuspended) ||
      (flag === 'scheduled' && state?.ScheduledScalingSuspended),
  );
  return { min, max, suspended };
}

export const both = (world: World) => ({ blue: scaling(world, 'blue'), green: scaling(world, 'green') });
export const strike = (world: World, color: Color, process: 'in' | 'out' | 'scheduled', count: number) =>
  world.sandbox.autoscaling.strike(idOf(world, color), process, count);
export const calls = ({ sandbox }: World) =>
  sandbox.requests
    .filter(({ service }) => service === 'application-autoscaling')
    .map(({ operation }) => operation);
export const memories = ({ app }: World) =>
  (['blue', 'green'] as const).map(
    (color) => app.service(color).tags.find(({ key }) => key === 'blue-green:suspended-before')?.value,
  );

/** Nothing that strikes moves the count of a parked color. */
export function asleep(world: World, color: Color): void {
  for (const process of ALL) {
    assert.equal(strike(world, color, process, 3), false, `${process} wakes ${color}`);
    assert.equal(world.app.service(color).desiredCount, 0);
  }
}

/** The calls at which green, with the release that it was parked with, was meant to run. */
export function watchParked(world: World): string[] {
  const parked = revisionOn(world, 'green');
  const woken: string[] = [];
  world.sandbox.onCall((operation) => {
    const { desiredCount } = world.app.service('green');
    if (desiredCount > 0 && revisionOn(world, 'green') === parked) woken.push(operation);
  });
  return woken;
}

export async function start(
  options: WorldOptions = {},
  targets: { blue?: Bounds; green?: Bounds } = { blue: BLUE, green: GREEN },
) {
  const world = await startWorld({
    ...options,
    app: { versions: ['v1', 'v2', 'v3'], live: { version: 'v1', count: 2 }, ...options.app },
  });
  for (const color of ['blue', 'green'] as const)
    if (targets[color] !== undefined) await scale(world, color, targets[color]);
  return world;
}

/** What went over in a deployment from blue to green. */
export const HANDED_OVER = { blue: { ...BLUE, suspended: ALL }, green: BLUE };
