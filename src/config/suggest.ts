/**
 * Which of the candidates somebody who wrote `given` most likely meant: the same word in another spelling, a few typos
 * away, or a part of it. Nothing when that would be a guess.
 */
export function suggest(given: string, candidates: readonly string[]): string | undefined {
  // Nobody typed more than this by mistake, and the distance below takes the product of the lengths.
  if (given.length > 60) return undefined;
  const word = kebab(given);
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: distance(word, kebab(candidate)) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  if (best && best.distance <= Math.max(1, Math.floor(word.length / 3))) return best.candidate;
  return candidates.find(
    (one) => one.length > 2 && word.length > 2 && (word.startsWith(one) || one.startsWith(word)),
  );
}

const kebab = (text: string) =>
  text
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase();

/** Edits from one word to the other; two neighbours swapped count as one. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(row[j - 1]! + 1, last[j]! + 1, substitution);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j]!, before[j - 2]! + 1);
    }
    before = last;
    last = row;
  }
  return last[b.length]!;
}
