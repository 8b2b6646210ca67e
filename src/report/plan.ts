import type { Plan } from '../release/events.ts';
import { readable } from '../release/image.ts';
import { fixOf } from '../release/preflight.ts';
import { code, inline, table } from './markdown.ts';

/** More rows than this help nobody. */
const MOST = 60;

/** What would be another afterwards, from what to what: the release's own first. */
const rowsOf = ({ from, to, image, previousImage, count, changes }: Plan) => [
  { what: 'live color', from, to },
  { what: 'image', from: readable(previousImage), to: readable(image) },
  { what: `instances on ${to}`, from: '', to: String(count) },
  ...changes,
];

/** The plan in the log: each part on lines of its own. */
export function planLines(plan: Plan): readonly string[] {
  const { first, calls, notes, problems } = plan;
  return [
    ...first.map((one) => `First: ${one}`),
    ...rowsOf(plan).map(
      ({ what, from, to }) => `Change: ${what}: ${from || 'nothing'} -> ${to || 'nothing'}`,
    ),
    ...calls.map((call, index) => `Call ${index + 1}: ${call}`),
    ...notes.map((note) => `Note: ${note}`),
    ...problems.map((problem) => `PROBLEM: ${problem.message} ${fixOf(problem)}`),
  ];
}

/** The plan in the job summary. */
export function planSection(plan: Plan): string {
  const { first, calls, notes, problems } = plan;
  const cell = (text: string) => code(text, 300) || 'nothing';
  const changes = rowsOf(plan)
    .slice(0, MOST)
    .map(({ what, from, to }) => [inline(what), cell(from), cell(to)]);
  return [
    part(
      'Problems',
      problems.map((problem) => `- **${inline(problem.message)}** ${inline(fixOf(problem))}`),
    ),
    part(
      'Before it',
      first.map((one) => `- ${inline(one)}`),
    ),
    `### Plan\n\n${table(['What', 'Now', 'Then'], changes)}`,
    part(
      'Calls',
      calls.map((call, index) => `${index + 1}. ${code(call)}`),
    ),
    part(
      'Good to know',
      notes.map((note) => `- ${inline(note)}`),
    ),
  ]
    .filter((text) => text !== '')
    .join('\n\n');
}

const part = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : `### ${title}\n\n${lines.slice(0, MOST).join('\n')}`;
