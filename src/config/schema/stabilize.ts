import * as z from 'zod/mini';
import { about, always, duration, line, list, oneOf, percent, section, whole } from './fields.ts';
import { expectation, path } from './http.ts';

export const probe = section({
  path: path.check(
    about({ is: 'Path that is asked through `url` while the release is watched; needs `url`' }),
  ),
  ...expectation,
  post: z.optional(
    line('write what is posted').check(
      about({
        is: 'Body of a POST to `path` that is sent too while the traffic moves; say its type in `headers`',
        absent: 'only GET is sent',
        examples: ['{"ping":true}'],
      }),
    ),
  ),
  timeout: z.prefault(duration(100).check(about({ is: 'How long one attempt may take' })), '5s'),
  retries: z.prefault(
    whole(0, 100).check(about({ is: 'Further attempts before a probe counts as failed' })),
    0,
  ),
});

export const stabilize = section({
  for: z.prefault(
    duration().check(about({ is: 'How long the new release is watched; `0s` for not at all' })),
    '30s',
  ),
  interval: z.optional(
    duration(100).check(
      about({ is: 'Pause between two looks', absent: '`5s`, or `for` where that is shorter' }),
    ),
  ),
  alarms: z.prefault(
    list(line('write the name of an alarm')).check(
      about({
        is: 'With `ecs`: CloudWatch alarms that must stay quiet; `{color}` is that of the new release',
        absent: 'none',
        examples: [['shop-5xx', 'shop-{color}-latency']],
      }),
    ),
    [],
  ),
  'insufficient-data': z.prefault(
    oneOf(['ignore', 'fail']).check(
      about({ is: 'What an alarm means that still has no data at the end of the watch' }),
    ),
    'ignore',
  ),
  'max-error-rate': z.optional(
    percent('write a share, as in `1%`').check(
      about({
        is: 'Share of errors in what the load balancer or HAProxy counts for the new color, above which the release is taken back; unless the old color has as many',
        absent: 'errors are not counted',
        examples: ['1%'],
      }),
    ),
  ),
  'max-latency': z.optional(
    duration(1).check(
      about({
        is: 'Longest time to answer on the new color (95th percentile; with HAProxy the mean of its last 1024 requests); unless the old color is as slow',
        absent: 'not measured',
        examples: ['800ms'],
      }),
    ),
  ),
  'min-requests': z.prefault(
    whole(1, 1_000_000).check(
      about({ is: 'Answers that there must be before `max-error-rate` and `max-latency` say anything' }),
    ),
    50,
  ),
  probe: z.optional(
    probe.check(
      about({
        is: 'A request as users make it, through `url`',
        absent: 'none, unless `max-failed-probes` is set',
      }),
    ),
  ),
  'max-failed-probes': z.optional(
    whole(0, 1000).check(
      about({
        is: 'With more failed probes than this, the release is taken back; requests that the action sends by itself while the traffic moves count as probes. Without `probe` they ask what the first smoke test with a `path` asks, for its status, else `/` for 200; needs `url`',
        absent: '`1` where there is a `probe`',
      }),
    ),
  ),
}).check(
  z.refine(({ for: total, interval }) => !(total > 0 && interval! > total), {
    path: ['interval'],
    error: 'write at most `for`',
    ...always,
  }),
);

export const watch = section({
  window: z.prefault(
    duration(60_000).check(
      about({
        is: 'For `operation: watch`: how long after it went live a release is still taken back by itself',
      }),
    ),
    '1h',
  ),
  for: z.prefault(
    duration().check(about({ is: 'For `operation: watch`: how long it looks; `0s` for once' })),
    '0s',
  ),
});
