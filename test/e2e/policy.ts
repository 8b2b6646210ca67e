import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const DOCS = resolve(import.meta.dirname, '../../docs/ecs.md');

/** The IAM actions that docs/ecs.md tells users to allow. */
export function documentedActions(): Set<string> {
  const policy = /<!-- policy -->\n+```json\n([\s\S]*?)```/.exec(readFileSync(DOCS, 'utf8'))?.[1];
  const { Statement } = JSON.parse(policy ?? '') as { Statement: { Action: string | string[] }[] };
  return new Set(Statement.flatMap(({ Action }) => Action));
}

/** All of them but one. */
export const documentedWithout = (action: string): Set<string> =>
  new Set([...documentedActions()].filter((one) => one !== action));

/** The IAM actions that docs/plan.md tells users to allow for plans. */
export function planActions(): Set<string> {
  const text = readFileSync(resolve(import.meta.dirname, '../../docs/plan.md'), 'utf8');
  const policy = /<!-- plan policy -->\n+```json\n([\s\S]*?)```/.exec(text)?.[1];
  const { Statement } = JSON.parse(policy ?? '') as { Statement: { Action: string[] }[] };
  return new Set(Statement.flatMap(({ Action }) => Action));
}
