import * as z from 'zod/mini';
import { isMap } from '../merge.ts';
import { about, always, duration, list, oneOf, perColor, percent, section, text, whole } from './fields.ts';
import { repository } from './image.ts';

const nameFix = (what: string) => `write the name of the ${what}, which has letters, digits, \`-\` and \`_\``;
const name = (what: string) => text(/^[A-Za-z0-9_-]{1,255}$/, nameFix(what));
const SERVICE_FIX = nameFix('service');

export const REGION = /^[a-z]{2,4}(?:-[a-z]+){1,3}-\d{1,2}$/;

const ARN = 'arn:aws[a-z-]*:elasticloadbalancing:(?<region>[a-z0-9-]+):\\d{12}:';
const BALANCER = '(?:app|net|gwy)/[A-Za-z0-9-]+';
const LISTENER = new RegExp(
  `^${ARN}(?:listener/${BALANCER}(?:/[A-Za-z0-9]+){2}|listener-rule/${BALANCER}(?:/[A-Za-z0-9]+){3})$`,
);
const ROLE = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/;
const TOPIC = /^arn:aws[a-z-]*:sns:(?<region>[a-z0-9-]+):\d{12}:[\w-]{1,256}$/;
const TARGET_GROUP = new RegExp(`^${ARN}targetgroup/[A-Za-z0-9-]+/[A-Za-z0-9]+$`);

const listener = text(
  LISTENER,
  'write the ARN of a listener (`arn:aws:elasticloadbalancing:…:listener/app/…`) or of a listener rule',
).check(
  z.refine((arn) => !arn.includes(':listener/gwy/'), {
    error:
      'gateway load balancers share out no requests; use a listener of an application or network load balancer',
  }),
  z.refine((arn) => !/:listener-rule\/(?:net|gwy)\//.test(arn), {
    error: 'only application load balancers have rules; write the ARN of the listener',
  }),
);
const targetGroup = text(
  TARGET_GROUP,
  'write the ARN of a target group (`arn:aws:elasticloadbalancing:…:targetgroup/…`)',
);

const alarms = section({
  'error-rate': z.prefault(
    percent('write a share, as in `5%`').check(
      about({ is: 'Share of 5xx among the answers of a color’s targets, above which `…-5xx` goes off' }),
    ),
    '5%',
  ),
  'response-time': z.prefault(
    duration(1).check(
      about({
        is: 'Time to answer, 95th percentile of a color’s targets, above which `…-response-time` goes off',
      }),
    ),
    '1s',
  ),
  'sns-topic': z.optional(
    text(TOPIC, 'write the ARN of a topic (`arn:aws:sns:us-east-1:123456789012:…`)').check(
      about({ is: 'SNS topic that the alarms tell', words: 'ARN', absent: 'none' }),
    ),
  ),
});

/** One service for each color, or a single one whose deployment strategy moves the traffic by itself. */
const services = section({
  blue: z.optional(name('service')),
  green: z.optional(name('service')),
  native: z.optional(
    name('service').check(
      about({ is: 'Name of a single service whose deployment strategy moves the traffic by itself' }),
    ),
  ),
}).check(
  z.check(({ value, issues }) => {
    if (!isMap(value)) return;
    const { blue, green, native } = value;
    const at = (path: string, input: unknown, message: string) =>
      issues.push({ code: 'custom', input, path: [path], message });
    if (native !== undefined) {
      if (blue !== undefined || green !== undefined)
        at('native', native, 'write `native` alone, or `blue` and `green`');
      return;
    }
    if (blue === undefined) at('blue', blue, SERVICE_FIX);
    if (green === undefined) at('green', green, SERVICE_FIX);
    else if (blue === green) at('green', green, 'each color needs its own service');
  }, always),
);

const ANYTHING = section({
  region: z
    .string({ error: 'write it, or set `AWS_REGION`' })
    .check(
      z.regex(REGION, { error: 'write an AWS region, as in `us-east-1`' }),
      about({ is: 'AWS region', absent: '`AWS_REGION`', examples: ['us-east-1'] }),
    ),
  cluster: name('cluster').check(about({ is: 'Name of the ECS cluster' })),
  image: repository.check(
    about({
      is: 'Repository of the image, without a tag',
      examples: ['123456789012.dkr.ecr.us-east-1.amazonaws.com/shop'],
    }),
  ),
  services: services.check(
    about({
      is: 'Names of the two services; or of one that ECS itself deploys blue/green (`native`)',
      words: 'text for `blue` and for `green`, or for `native`',
      examples: [{ blue: 'shop-blue', green: 'shop-green' }, { native: 'shop' }],
    }),
  ),
  listeners: z.optional(
    list(listener, 1).check(
      about({
        is: 'ARNs of the listeners or listener rules that carry the traffic; all move together',
        words: 'list of ARNs',
        absent: 'required with `blue` and `green`',
      }),
    ),
  ),
  'target-groups': z.optional(
    perColor(targetGroup, 'target group').check(
      about({
        is: 'ARNs of the two target groups',
        words: 'ARN for `blue` and for `green`',
        absent: 'read from the services',
      }),
    ),
  ),
  container: z.optional(
    name('container').check(
      about({ is: 'Container that gets the image', absent: 'the one that the load balancer points at' }),
    ),
  ),
  images: z.prefault(
    z
      .record(name('container'), repository, { error: 'write a map of container names and repositories' })
      .check(
        about({
          is: 'Further containers that get the same tag, and their repositories',
          words: 'map of repositories',
          absent: 'none',
          examples: [{ sidecar: 'registry.example.com/sidecar' }],
        }),
      ),
    {},
  ),
  workers: z.prefault(
    list(
      perColor(
        name('service').check(about({ is: 'Name of the service of that color', examples: ['shop-jobs'] })),
        'service',
      ),
    ).check(
      about({
        is: 'Services without traffic (queue workers) that get the same tag and move along: proven before the shift, stopped when their color is retired',
        words: 'list of names for `blue` and for `green`',
        absent: 'none',
        examples: [[{ blue: 'jobs-blue', green: 'jobs-green' }]],
      }),
    ),
    [],
  ),
  role: z.optional(
    text(ROLE, 'write the ARN of a role (`arn:aws:iam::123456789012:role/…`)').check(
      about({
        is: 'Role that the action assumes by itself with the job’s OIDC token (`id-token: write`), and whose credentials it renews: for runs longer than an hour',
        words: 'ARN',
        absent: 'the credentials of the environment',
      }),
    ),
  ),
  'desired-count': z.optional(
    whole(1, 5000).check(
      about({ is: 'Tasks of a new release', absent: 'what the live color runs; `1` where nothing runs' }),
    ),
  ),
  'preview-priority': z.prefault(
    whole(1, 50_000).check(about({ is: 'Priority of the temporary listener rule (lock and preview)' })),
    1,
  ),
  autoscaling: z.prefault(
    oneOf(['hand-over', 'ignore']).check(
      about({
        is: 'Application Auto Scaling: bounds and suspended processes go over to the new color, and the parked one is kept asleep; or it is left alone',
      }),
    ),
    'hand-over',
  ),
  alarms: z.optional(
    alarms.check(
      about({
        is: 'CloudWatch alarms that `operation: setup` makes for each color, named `<app>-<environment>-<color>-5xx` and `…-response-time`: for `stabilize.alarms`',
        absent: 'none',
      }),
    ),
  ),
  propagation: z.optional(
    duration().check(
      about({
        is: 'How long a change of the load balancer may take to reach all of its nodes, where `identity` can’t prove it',
        absent: '`20s`; `10m` with a network load balancer',
      }),
    ),
  ),
});

export const ecs = ANYTHING.check(
  z.check(({ value, issues }) => {
    const { region, listeners, container, images, services, workers } = value;
    const at = (path: (string | number)[], input: unknown, message: string) =>
      issues.push({ code: 'custom', input, path, message });

    const arns = (Array.isArray(listeners) ? listeners : []).map(
      (arn, i) => [['listeners', i], arn] as [(string | number)[], string],
    );
    if (listeners === undefined && isMap(value.services) && value.services['native'] === undefined)
      at(['listeners'], listeners, 'write a list');
    const seen = new Set<string>();
    for (const [path, arn] of arns) {
      if (seen.has(arn)) at(path, arn, 'it is in the list already; remove it');
      seen.add(arn);
    }
    const groups = (['blue', 'green'] as const).map(
      (color) => [['target-groups', color], value['target-groups']?.[color]] as const,
    );
    const topic = [['alarms', 'sns-topic'], value.alarms?.['sns-topic']] as const;
    for (const [path, arn] of [...arns, ...groups, topic]) {
      const other =
        typeof arn === 'string'
          ? (LISTENER.exec(arn) ?? TARGET_GROUP.exec(arn) ?? TOPIC.exec(arn))?.groups?.['region']
          : '';
      if (other && typeof region === 'string' && other !== region)
        at([...path], arn, `it is in ${other}, but \`region\` is ${region}; all must be in one region`);
    }
    const taken = new Set<unknown>([services?.blue, services?.green]);
    for (const [i, worker] of (Array.isArray(workers) ? workers : []).entries())
      for (const color of ['blue', 'green'] as const) {
        const service: unknown = worker?.[color];
        if (
          typeof service === 'string' &&
          taken.has(service) &&
          !(color === 'green' && worker?.blue === service)
        )
          at(['workers', i, color], service, 'it moves already; each service is named once');
        taken.add(service);
      }
    if (typeof container === 'string' && images && Object.hasOwn(images, container))
      at(['images', container], images[container], '`container` gets `image` already; remove it');
  }, always),
);
