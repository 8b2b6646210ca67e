import * as z from 'zod/mini';
import { parseDuration } from '../duration.ts';
import { docker } from './docker.ts';
import { ecs } from './ecs.ts';
import { about, always, duration, line, list, oneOf, section, text } from './fields.ts';
import { headerName, path, url } from './http.ts';
import { shift } from './shift.ts';
import { smoke } from './smoke.ts';
import { stabilize, watch } from './stabilize.ts';

/** All keys of an environment. Their order is that of the documentation. */

/** A look at a Docker host costs nothing, and its containers start in seconds; AWS counts calls, and ECS takes minutes. */
export const HEALTH_DEFAULTS = {
  ecs: { timeout: '10m', interval: '3s' },
  docker: { timeout: '2m', interval: '200ms' },
} as const;

const byTarget = (key: 'timeout' | 'interval') =>
  `\`${HEALTH_DEFAULTS.ecs[key]}\`; with \`docker\` \`${HEALTH_DEFAULTS.docker[key]}\``;

const health = section({
  path: z.optional(
    path.check(
      about({
        is: 'With `docker`: what each container is asked for; any 2xx or 3xx will do',
        absent: 'that it takes a connection is enough',
        examples: ['/health'],
      }),
    ),
  ),
  timeout: z.optional(
    duration(1000).check(
      about({ is: 'How long a new release may take to become healthy', absent: byTarget('timeout') }),
    ),
  ),
  interval: z.optional(
    duration(100).check(about({ is: 'Pause between two looks at its health', absent: byTarget('interval') })),
  ),
  'stable-for': z.prefault(
    duration().check(
      about({ is: 'How long the new tasks or containers must stay healthy before they are trusted' }),
    ),
    '0s',
  ),
});

const identity = section({
  header: headerName.check(
    about({
      is: 'Response header, sent by the release itself, by which an answer proves which release gave it; needs `url`',
      examples: ['x-version'],
    }),
  ),
  value: line('write the value').check(
    z.refine((value) => /\{(image-tag|color)\}/.test(value), {
      error: 'it is the same for every release; use `{image-tag}` or `{color}` in it',
    }),
    about({ is: 'What it says for a release: with `{image-tag}` or `{color}`', examples: ['{image-tag}'] }),
  ),
  path: z.optional(
    path.check(
      about({
        is: 'Path to ask for it',
        absent: 'the first `smoke[].path`, else `stabilize.probe.path`, else `/`',
      }),
    ),
  ),
});

const KEEP = { error: 'write a whole number of tasks or containers, or `all`' };
const retire = section({
  drain: z.prefault(
    duration().check(about({ is: 'How long requests in flight on the old color may take to end' })),
    '30s',
  ),
  keep: z.prefault(
    z.union([z.int().check(z.minimum(0, KEEP), z.maximum(5000, KEEP)), z.literal('all')], KEEP).check(
      about({
        is: 'Tasks or containers of the old color that stay warm for a rollback',
        words: 'whole number or `all`',
      }),
    ),
    0,
  ),
  prune: z.prefault(
    z.boolean({ error: 'write `true` or `false`' }).check(
      about({
        is: 'With `docker`: remove images of the repository that neither color needs, once the release is live',
        words: '`true`, `false`',
      }),
    ),
    false,
  ),
});

const lock = section({
  wait: z.prefault(
    duration().check(about({ is: 'How long to wait for another run to end; `0s` for not at all' })),
    '0s',
  ),
  ttl: z.prefault(
    duration(30_000).check(
      about({ is: 'How long after its death a run still holds the lock; at least `30s`' }),
    ),
    '5m',
  ),
});

const slack = section({
  on: z.prefault(
    list(oneOf(['start', 'success', 'failure', 'rollback'])).check(
      about({
        is: 'What to tell Slack of; `[]` for nothing. A release that is taken back counts as `rollback`',
      }),
    ),
    ['success', 'failure', 'rollback'],
  ),
  mention: z.optional(
    line('write a mention').check(
      z.refine((value) => !value.startsWith('@'), {
        error: 'Slack does not link that; write `<!here>`, `<!channel>`, `<@U…>` or `<!subteam^S…>`',
      }),
      about({
        is: 'Whom to mention when a release failed or was taken back, in Slack’s markup',
        absent: 'nobody',
        examples: ['<!here>', '<@U012AB3CD>'],
      }),
    ),
  ),
});

export const environment = section({
  url: z.optional(
    url.check(
      z.refine((value) => !/\{(color|image-tag)\}/.test(value), {
        error: 'users open one address, whatever the release; write it without `{color}` and `{image-tag}`',
      }),
      about({
        is: 'What users open; `identity` and `stabilize.probe` ask it, Slack and GitHub link to it',
        absent: 'none',
        examples: ['https://shop.example.com'],
      }),
    ),
  ),
  // One of the two is not optional: load.ts says so.
  ecs: z.optional(ecs.check(about({ is: 'Deploy to Amazon ECS' }))),
  docker: z.optional(docker.check(about({ is: 'Deploy to a Docker host' }))),
  health: z.prefault(health.check(about({ is: 'When a new release counts as healthy' })), {}),
  smoke: z.prefault(
    smoke.check(
      about({ is: 'Tests of the idle color, in this order, before any user can reach it', absent: 'none' }),
    ),
    [],
  ),
  shift: z.prefault(shift, 'all-at-once'),
  identity: z.optional(
    identity.check(
      about({ is: 'How an answer proves which release gave it; needs `url`', absent: 'time is trusted' }),
    ),
  ),
  stabilize: z.prefault(
    stabilize.check(about({ is: 'The time after the switch, in which the release is watched' })),
    {},
  ),
  watch: z.prefault(watch.check(about({ is: 'The operation `watch`' })), {}),
  retire: z.prefault(retire.check(about({ is: 'What becomes of the old color' })), {}),
  lock: z.prefault(lock.check(about({ is: 'One run at a time' })), {}),
  slack: z.prefault(slack.check(about({ is: 'What Slack is told, where `slack-webhook-url` is given' })), {}),
}).check(
  z.check(({ value, issues }) => {
    const { timeout, 'stable-for': stable } = value.health ?? {};
    const longest = timeout ?? parseDuration(HEALTH_DEFAULTS[value.docker ? 'docker' : 'ecs'].timeout);
    if (typeof longest === 'number' && stable >= longest)
      issues.push({
        code: 'custom',
        input: stable,
        path: ['health', 'stable-for'],
        message: 'write less than `timeout`',
      });
  }, always),
  z.check(({ value, issues }) => {
    if (value.url !== undefined) return;
    const needsUrl = (path: string[]) =>
      issues.push({
        code: 'custom',
        input: value,
        path,
        params: { says: 'needs `url`, which is missing: write what users open' },
      });
    if (value.identity !== undefined) needsUrl(['identity']);
    if (value.stabilize?.probe !== undefined) needsUrl(['stabilize', 'probe']);
    if (value.stabilize?.['max-failed-probes'] !== undefined) needsUrl(['stabilize', 'max-failed-probes']);
  }, always),
);

/** Names end up in tags, in Slack and in file names. */
export const name = (what: string) =>
  text(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    `write the name of the ${what}: letters, digits, \`.\`, \`-\` and \`_\`, at most 64`,
  );
