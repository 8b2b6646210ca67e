import * as z from 'zod/mini';
import { about, always, duration, list, oneOf, percent, section } from './fields.ts';

const STEPS_FIX = 'write rising shares below `100%`, as in `[5%, 25%, 50%]`; all of it comes last by itself';

const gradual = section({
  steps: z.optional(
    list(percent(STEPS_FIX), 1).check(
      z.refine((steps) => steps.every((step, index) => step > (steps[index - 1] ?? 0) && step < 100), {
        error: STEPS_FIX,
      }),
      z.refine((steps) => steps.every(Number.isInteger), {
        error: 'write whole percents: load balancers know no finer ones',
      }),
      about({
        is: 'Shares of the traffic that a release gets before it gets all; whole, rising',
        absent: 'one of `steps` and `linear`',
        examples: [['5%', '25%', '50%']],
      }),
    ),
  ),
  linear: z.optional(
    percent('write a share, as in `10%`').check(
      z.refine((step) => Number.isInteger(step) && step >= 1 && step <= 50, {
        error: 'write a whole share from `1%` to `50%`',
      }),
      about({ is: 'By how much its share rises each time', absent: 'one of the two', examples: ['10%'] }),
    ),
  ),
  every: duration(1000).check(about({ is: 'How long it keeps each share, watched as in `stabilize`' })),
}).check(
  z.check(({ value, issues }) => {
    if ((value.steps === undefined) === (value.linear === undefined))
      issues.push({
        code: 'custom',
        input: value,
        params: {
          says: `has ${value.steps === undefined ? 'neither `steps` nor `linear`' : 'both `steps` and `linear`'}: write one of them`,
        },
      });
  }, always),
);

/** Becomes the shares in percent that come before all of the traffic; none where it moves at once. */
export const shift = z.pipe(
  z
    .union([oneOf(['all-at-once']), gradual], {
      error: 'write `all-at-once`, or steps as in `{ steps: [5%, 25%, 50%], every: 2m }`',
    })
    .check(
      about({
        is: 'How the traffic moves: at once, or in steps',
        words: '`all-at-once`, or a map with `steps` or `linear`, and `every`',
        examples: [
          { steps: ['5%', '25%', '50%'], every: '2m' },
          { linear: '10%', every: '1m' },
        ],
      }),
    ),
  z.transform((written) => {
    if (written === 'all-at-once') return { steps: [], every: 0 };
    const { steps, linear = 100, every } = written;
    const risen = Array.from({ length: Math.ceil(100 / linear) - 1 }, (_, index) => (index + 1) * linear);
    return { steps: steps ?? risen, every };
  }),
);
