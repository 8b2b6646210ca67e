/** How many worlds a file has at a time: most of a scenario is waiting, which leaves the machine to another one. */
export const SIDE_BY_SIDE = 2;

/** Goes through all of them, so many at a time. The first failure is the one that is told. */
export async function sideBySide<Case>(
  cases: readonly Case[],
  scenario: (one: Case) => Promise<void>,
): Promise<void> {
  const queue = cases.values();
  const next = async () => {
    for (const one of queue) await scenario(one);
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, next));
}
