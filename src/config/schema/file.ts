import * as z from 'zod/mini';
import { environment, name } from './environment.ts';
import { about, section } from './fields.ts';

/** The whole file, as it is once `defaults` have been merged beneath each environment. */
export const file = section({
  app: name('app').check(about({ is: 'What is deployed', examples: ['shop'] })),
  defaults: z.optional(
    z.record(z.string(), z.unknown(), { error: 'write a map of keys' }).check(
      about({
        is: 'Keys of an environment that all environments have; maps are merged, lists and values replaced',
        words: 'map of an environment’s keys',
        absent: 'none',
      }),
    ),
  ),
  environments: z
    .record(name('environment'), environment, {
      error: (issue) => (issue.code === 'invalid_type' ? 'write a map of environments' : undefined),
    })
    .check(
      z.refine((environments) => Object.keys(environments).length > 0, {
        error: 'write at least one environment',
      }),
      about({ is: 'Where it is deployed, by name', words: 'map of environments' }),
    ),
});

export type ParsedEnvironment = z.output<typeof environment>;
