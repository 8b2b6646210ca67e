import { DescribeTargetGroupAttributesCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { COLORS, type Weights } from '../../release/color.ts';
import type { TrafficRule } from './arn.ts';
import { type Aws, read } from './aws.ts';
import type { ServicePair, Services } from './services.ts';
import { TAG_PREFIX, tagMap } from './tags.ts';
import type { Hold, TargetGroups, Traffic } from './traffic.ts';

const PREFIX = `${TAG_PREFIX}stickiness:`;

/** `...:listener/app/<lb>/<id>/<listener id>` and `...:listener-rule/.../<rule id>`: the ids tell rules apart. */
const keyOf = ({ arn }: TrafficRule): string => `${PREFIX}${arn.split('/').slice(3).join('/')}`;

/**
 * Group stickiness (the cookie AWSALBTG) holds a client to the target group that it got first. AWS does not say whether
 * weight 0 ends that, nor whether each answer renews the cookie; but a color must not be stopped while users come, and
 * a release that is taken back must be taken from everybody. So while traffic is on one color only, rules hold nobody:
 * group stickiness is off. Where a target group holds clients itself (to a task, AWSALB), AWS insists on group
 * stickiness with several groups (facts/ecs.md 4d): there the color that lost the traffic is left out of the rules, and
 * stays attached, hence health-checked, through the preview rule. Both are put back once every cookie from before has
 * run out, which the drain waits for. With both colors in the traffic it is as the user wrote it: nobody is to go to
 * and fro between releases.
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
    // There are no cookies; and at weight 0 a network load balancer itself ends what holds clients (facts/ecs.md 4d).
    if (this.#traffic.isNetwork) return AS_IT_IS;
    const recorded = recordOf(services);
    const losing = COLORS.find((color) => weights[color] === 0);
    if (losing === undefined) return former(recorded);
    const held = [...(await this.#traffic.held())].filter(([, seconds]) => seconds > 0);
    if (held.length === 0 && recorded.size === 0) return AS_IT_IS;
    const added = held.filter(([rule]) => !recorded.has(keyOf(rule)));
    if (added.length > 0)
      await this.#services.tag(
        services.blue,
        Object.fromEntries(added.map(([rule, seconds]) => [keyOf(rule), String(seconds)])),
      );
    return { seconds: () => 0, without: (await this.#isMandatory(groups)) ? groups[losing] : undefined };
  }

  /** How rules hold clients that get a second target group: AWS insists on it where a group holds clients itself. */
  async forSecondGroup(groups: TargetGroups): Promise<{ hold: Hold; said: string }> {
    if (this.#traffic.isNetwork || !(await this.#isMandatory(groups))) return { hold: AS_IT_IS, said: '' };
    return {
      // The least that AWS takes: as good as none.
      hold: { seconds: (_, now) => Math.max(now, 1) },
      said: ', with a group stickiness of 1 s at least, which AWS demands as the groups have stickiness of their own',
    };
  }

  /** Gives rules back what they had. Only once no cookie can lead to a color that is about to be stopped. */
  async putBack(services: Services, groups: TargetGroups): Promise<void> {
    const recorded = recordOf(services);
    if (recorded.size === 0) return;
    await this.#traffic.set(groups, await this.#traffic.weights(groups), former(recorded));
    await this.#services.untag(services.blue, [...recorded.keys()]);
  }

  /** How long cookies may lead to the color that lost the traffic, in seconds. */
  async seconds(services: Services): Promise<number> {
    if (this.#traffic.isNetwork) return 0;
    return Math.max(0, ...recordOf(services).values(), ...(await this.#traffic.held()).values());
  }

  /** Whether one of the target groups holds clients itself, to a task. */
  async #isMandatory(groups: TargetGroups): Promise<boolean> {
    for (const color of COLORS) if (holdsClients(await attributesOf(this.#aws, groups[color]))) return true;
    return false;
  }
}

export async function attributesOf(aws: Aws, targetGroup: string): Promise<ReadonlyMap<string, string>> {
  const { Attributes = [] } = await read('elasticloadbalancing:DescribeTargetGroupAttributes', () =>
    aws.elb.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: targetGroup })),
  );
  return new Map(Attributes.map(({ Key = '', Value = '' }) => [Key, Value]));
}

/** To one of its tasks. */
export const holdsClients = (attributes: ReadonlyMap<string, string>): boolean =>
  attributes.get('stickiness.enabled') === 'true';

const AS_IT_IS: Hold = { seconds: (_, now) => now };

/** As the user wrote it. */
const former = (recorded: ReadonlyMap<string, number>): Hold => ({
  seconds: (rule, now) => recorded.get(keyOf(rule)) ?? now,
});

/** What is written down, by the tag's key. */
const recordOf = (services: Services): ReadonlyMap<string, number> =>
  new Map(
    [...tagMap(services.blue.tags)]
      .filter(([key, value]) => key.startsWith(PREFIX) && /^\d+$/.test(value))
      .map(([key, value]) => [key, Number(value)]),
  );
