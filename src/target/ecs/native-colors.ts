import type { Service, ServiceDeployment, ServiceRevisionSummary } from '@aws-sdk/client-ecs';
import type { EcsNativeSettings } from '../../config/environment.ts';
import { type Color, otherColor, type PerColor, type Weights } from '../../release/color.ts';
import type { ColorState, Release, Situation } from '../../release/situation.ts';
import { releaseId } from './arn.ts';
import type { Aws } from './aws.ts';
import { liveColor } from './live-color.ts';
import { colorOf, containerIn, type Wiring, wiringOf } from './native-service.ts';
import { formerOf, liveSinceIn, standingIn } from './native-standings.ts';
import { asRelease } from './releases.ts';
import { groupsOf, idOf, type ServiceDeployments } from './service-deployments.ts';
import { readJournal } from './service-journal.ts';
import type { TaskDefinitions } from './task-definitions.ts';
import { Traffic } from './traffic.ts';

export interface NativeColorsOptions {
  readonly aws: Aws;
  readonly settings: EcsNativeSettings;
  readonly deployments: ServiceDeployments;
  readonly definitions: TaskDefinitions;
}

const NOTHING: ColorState = { standing: 'unknown', desired: 0, running: 0 };

/** What each of the two target groups stands for, told from ECS's service deployments and their revisions. */
export class NativeColors {
  readonly #aws: Aws;
  readonly #settings: EcsNativeSettings;
  readonly #deployments: ServiceDeployments;
  readonly #definitions: TaskDefinitions;

  constructor({ aws, settings, deployments, definitions }: NativeColorsOptions) {
    this.#aws = aws;
    this.#settings = settings;
    this.#deployments = deployments;
    this.#definitions = definitions;
  }

  async situation(service: Service): Promise<Situation> {
    const wiring = wiringOf(service);
    const journal = readJournal([service]);
    const weights = await this.weights(wiring);
    const list = await this.#deployments.list();
    const newest = list[0]?.serviceDeploymentArn;
    const deployment = newest === undefined ? undefined : await this.#deployments.get(idOf(newest));
    const isUnderWay = deployment !== undefined && !isOver(deployment);
    const from = isUnderWay
      ? ((await this.colorOf(wiring, deployment.sourceServiceRevisions?.[0]?.arn)) ?? journal?.from)
      : journal?.from;
    const live = liveColor(weights, from);
    const colors = isUnderWay
      ? await this.#underWay(service, wiring, deployment, live)
      : await this.#settled(service, wiring, deployment, live);
    return { live, weights, colors, journal };
  }

  weights({ production, groups }: Wiring): Promise<Weights> {
    return new Traffic(this.#aws, [production.arn]).weights(groups);
  }

  async live(wiring: Wiring): Promise<Color> {
    return liveColor(await this.weights(wiring), undefined);
  }

  /** While ECS is at work, both colors hold a revision of its deployment. */
  async #underWay(
    service: Service,
    wiring: Wiring,
    deployment: ServiceDeployment,
    live: Color,
  ): Promise<PerColor<ColorState>> {
    const { targetServiceRevision: target, sourceServiceRevisions: sources = [] } = deployment;
    const targetColor =
      (await this.colorOf(wiring, target?.arn)) ??
      otherColor((await this.colorOf(wiring, sources[0]?.arn)) ?? live);
    const state = async (summary: ServiceRevisionSummary | undefined) => {
      const [revision] = await this.#deployments.revisions(summary?.arn === undefined ? [] : [summary.arn]);
      if (revision === undefined) return NOTHING;
      const release = await this.release(wiring, revision.taskDefinition);
      return {
        release,
        standing: standingIn(service, release.id),
        desired: summary?.requestedTaskCount ?? 0,
        running: summary?.runningTaskCount ?? 0,
      };
    };
    const byRole = { target: await state(target), source: await state(sources[0]) };
    const of = (color: Color) => (color === targetColor ? byRole.target : byRole.source);
    return { blue: of('blue'), green: of('green') };
  }

  /** With nothing under way, one color holds all tasks; the other one stands for the release before. */
  async #settled(
    service: Service,
    wiring: Wiring,
    newest: ServiceDeployment | undefined,
    live: Color,
  ): Promise<PerColor<ColorState>> {
    const now = await this.release(wiring, await this.#liveDefinition(service, wiring, newest, live));
    const formerId = formerOf(service, now.id) ?? (await this.#sourceOf(now.id));
    const former =
      formerId === undefined || formerId === now.id ? undefined : await this.release(wiring, formerId);
    const standing = former === undefined ? 'unknown' : standingIn(service, former.id);
    const states: PerColor<ColorState> = {
      [live]: {
        release: now,
        standing: standingIn(service, now.id),
        liveSince: liveSinceIn(service, now.id),
        desired: service.desiredCount ?? 0,
        running: service.runningCount ?? 0,
      },
      [otherColor(live)]: {
        ...NOTHING,
        ...(former === undefined ? {} : { release: former }),
        // ECS's own history tells that users had it, where our tags do not.
        standing: former !== undefined && standing === 'unknown' ? 'was-live' : standing,
      },
    } as PerColor<ColorState>;
    return states;
  }

  /** What the live color holds after the newest deployment has ended, one way or the other. */
  async #liveDefinition(
    service: Service,
    wiring: Wiring,
    newest: ServiceDeployment | undefined,
    live: Color,
  ): Promise<string | undefined> {
    const { targetServiceRevision, sourceServiceRevisions = [] } = newest ?? {};
    for (const { arn } of [
      ...(targetServiceRevision ? [targetServiceRevision] : []),
      ...sourceServiceRevisions,
    ]) {
      if (arn === undefined || (await this.colorOf(wiring, arn)) !== live) continue;
      const [revision] = await this.#deployments.revisions([arn]);
      return revision?.taskDefinition;
    }
    return service.taskDefinition;
  }

  /** What the deployment that brought the release took the place of, as ECS remembers it. */
  async #sourceOf(release: string): Promise<string | undefined> {
    const successful = (await this.#deployments.list()).find(({ status }) => status === 'SUCCESSFUL');
    if (successful?.serviceDeploymentArn === undefined) return undefined;
    const { targetServiceRevision, sourceServiceRevisions = [] } = await this.#deployments.get(
      idOf(successful.serviceDeploymentArn),
    );
    const arns = [targetServiceRevision?.arn, sourceServiceRevisions[0]?.arn];
    if (arns.includes(undefined)) return undefined;
    const [target, source] = await this.#deployments.revisions(arns as string[]);
    return releaseId(target?.taskDefinition ?? '') === release
      ? releaseId(source?.taskDefinition ?? '') || undefined
      : undefined;
  }

  async release(wiring: Wiring, taskDefinition: string | undefined): Promise<Release> {
    if (taskDefinition === undefined) return { id: '', image: '' };
    return asRelease(
      await this.#definitions.get(releaseId(taskDefinition)),
      containerIn(this.#settings, wiring),
    );
  }

  async colorOf(wiring: Wiring, revision: string | undefined): Promise<Color | undefined> {
    if (revision === undefined) return undefined;
    const [found] = await this.#deployments.revisions([revision]);
    const groups = found === undefined ? [] : groupsOf(found);
    return groups.map((group) => colorOf(wiring.groups, group)).find((color) => color !== undefined);
  }

  /** Which deployment took the place of one that was stopped. */
  async successor(id: string): Promise<string | undefined> {
    const list = await this.#deployments.list();
    const own = list.findIndex(({ serviceDeploymentArn = '' }) => idOf(serviceDeploymentArn) === id);
    const next = list[own - 1];
    if (next?.serviceDeploymentArn === undefined) return undefined;
    const [revision] = await this.#deployments.revisions([next.targetServiceRevisionArn ?? '']);
    return `${releaseId(revision?.taskDefinition ?? '')} (deployment ${idOf(next.serviceDeploymentArn)})`;
  }
}

const OVER = ['SUCCESSFUL', 'STOPPED', 'ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED'];
const isOver = ({ status }: ServiceDeployment): boolean => OVER.includes(status ?? '');
