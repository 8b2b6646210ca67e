import { DescribeTargetGroupAttributesCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { COLORS, type Weights } from '../../release/color.ts';
import type { TrafficRule } from './arn.ts';
import { type Aws, read } from './aws.ts';
import type { ServicePair, Services } from './services.ts';
import { TAG_PREFIX, tagMap } from './tags.ts';
import type { Hold, TargetGroups, Traffic } from './traffic.ts';

/** The least that AWS takes: as good as none. */
const SHORTEST_SECONDS = 1;

const PREFIX = `${TAG_PREFIX}stickiness:`;

/** `...:listener/app/<lb>/<id>/<listener id>` and `...:listener-rule/.../<rule id>`: the ids tell rules apart. */
const keyOf = ({ arn }: TrafficRule): string => `${PREFIX}${arn.split('/').slice(3).join('/')}`;

/**
 * Stickiness of target groups (the cookie AWSALBTG) holds a client to the group that it got first. AWS does not say
 * whether weight 0 ends that, nor whether each answer renews the cookie; a color whose users may still come must not be
 * stopped, and a release that is taken back must be taken from everybody. So while traffic is on one color only, rules
 * hold nobody: stickiness is off, or as short as AWS lets it be where a target group has stickiness of its own, which
 * makes it mandatory. It is put back once every cookie from before has run out (the drain waits for that). With both
 * colors in the traffic it is as the user wrote it: nobody is to go to and fro between releases.
 *
 * What it was is kept in tags of the blue service until it is put back.
 */
export class Stickiness {
  readonly #aws: Aws;
  readonly #services: ServicePair;
  readonly #traffic: Traffic;

  constructor(aws: Aws, services: ServicePair, traffic: Traffic) {
    this.#aws = aws;
    this.#services = services;
    this.#traffic = traffic;
  }

  /** How rules must hold clients with these weights. Writes down what it was, before it is changed. */
  async forShift(services: Services, groups: TargetGroups, weights: Weights): Promise<Hold> {
    const recorded = recordOf(services);
    const isSplit = COLORS.every((color) => weights[color] > 0);
    if (isSplit) return former(recorded);
    const held = [...(await this.#traffic.held())].filter(([, seconds]) => seconds > SHORTEST_SECONDS);
    if (held.length === 0) return (_, seconds) => seconds;
    const least = (await this.mandatory(groups)) ? SHORTEST_SECONDS : 0;
    await this.#services.tag(
      services.blue,
      Object.fromEntries(held.map(([rule, seconds]) => [keyOf(rule), String(seconds)])),
    );
    return (_, seconds) => (seconds > SHORTEST_SECONDS ? least : seconds);
  }

  /** How rules hold clients that get a second target group: AWS insists on it where a group holds clients itself. */
  async forSecondGroup(groups: TargetGroups): Promise<Hold> {
    const least = (await this.mandatory(groups)) ? SHORTEST_SECONDS : 0;
    return (_, seconds) => Math.max(seconds, least);
  }

  /** Gives rules back what they had. Only once no cookie can lead to a color that is about to be stopped. */
  async putBack(services: Services, groups: TargetGroups): Promise<void> {
    const recorded = recordOf(services);
    if (recorded.size === 0) return;
    await this.#traffic.hold(groups, former(recorded));
    await this.#services.untag(services.blue, [...recorded.keys()]);
  }

  /** How long cookies may lead to the color that lost the traffic, in seconds. */
  async seconds(services: Services): Promise<number> {
    return Math.max(0, ...recordOf(services).values(), ...(await this.#traffic.held()).values());
  }

  /** Whether one of the target groups holds clients itself, to a task. */
  async mandatory(groups: TargetGroups): Promise<boolean> {
    for (const color of COLORS) {
      const { Attributes = [] } = await read('elasticloadbalancing:DescribeTargetGroupAttributes', () =>
        this.#aws.elb.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: groups[color] })),
      );
      if (Attributes.some(({ Key, Value }) => Key === 'stickiness.enabled' && Value === 'true')) return true;
    }
    return false;
  }
}

/** As the user wrote it: what is on record, but where the rule holds longer than we ever leave it, which is the user's. */
const former =
  (recorded: ReadonlyMap<string, number>): Hold =>
  (rule, seconds) =>
    seconds > SHORTEST_SECONDS ? seconds : (recorded.get(keyOf(rule)) ?? seconds);

/** What is written down, by the tag's key. */
const recordOf = (services: Services): ReadonlyMap<string, number> =>
  new Map(
    [...tagMap(services.blue.tags)]
      .filter(([key, value]) => key.startsWith(PREFIX) && /^\d+$/.test(value))
      .map(([key, value]) => [key, Number(value)]),
  );
