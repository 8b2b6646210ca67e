import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CommandError, formatCommand, splitCommand } from '../../../src/config/command.ts';

const SPLIT: [string, string[]][] = [
  ['npm run test:smoke', ['npm', 'run', 'test:smoke']],
  ['  a\t b  ', ['a', 'b']],
  ['a\n', ['a']],
  [`a 'b c' "d e"`, ['a', 'b c', 'd e']],
  [`a'b'"c"d`, ['abcd']],
  [`a '' ""`, ['a', '', '']],
  ['a b\\ c \\"', ['a', 'b c', '"']],
  ['a "b\\"c\\\\d\\$e\\`f\\n"', ['a', 'b"c\\d$e`f\\n']],
  ["a 'b\\c'", ['a', 'b\\c']],
  [`a "'" '"'`, ['a', "'", '"']],
  [`a '|' ">" '&&' ";" '$(x)' '\`y\`' '$HOME'`, ['a', '|', '>', '&&', ';', '$(x)', '`y`', '$HOME']],
  ['a \\| \\$HOME \\; \\`', ['a', '|', '$HOME', ';', '`']],
  ['curl https://{color}.x/{image-tag}?a=$', ['curl', 'https://{color}.x/{image-tag}?a=$']],
  ['a "cost: 5$" ^x$', ['a', 'cost: 5$', '^x$']],
  ['a \\\n  b', ['a', 'b']],
  [`a "x\\\ny"`, ['a', 'xy']],
  ['node -e \'console.log("a b")\'', ['node', '-e', 'console.log("a b")']],
  ['a b=c --d=e *.ts ~ #x !', ['a', 'b=c', '--d=e', '*.ts', '~', '#x', '!']],
  ['ä 日本 "😀 x"', ['ä', '日本', '😀 x']],
];
for (const [text, args] of SPLIT)
  test(`splits ${JSON.stringify(text)}`, () => assert.deepEqual(splitCommand(text), args));

const script = 'put it into a script file and run that, or write the command as a list of arguments';
const REFUSED: [string, string | RegExp][] = [
  ['a | b', `\`|\` needs a shell, and none is used: ${script}`],
  ['a > b', /^`>` needs a shell/],
  ['a < b', /^`<` needs a shell/],
  ['a && b', /^`&` needs a shell/],
  ['a&', /^`&` needs a shell/],
  ['a; b', /^`;` needs a shell/],
  ['(a)', /^`\(` needs a shell/],
  ['a $(b)', /^`\$\(` needs a shell/],
  ['a "$(b)"', /^`\$\(` needs a shell/],
  ['a $HOME', /^`\$HOME` needs a shell/],
  [`a "$\{HOME}"`, /^`\$\{` needs a shell/],
  ['a $1 ', /needs a shell/],
  ['a $?', /needs a shell/],
  ['a `b`', /^a backtick needs a shell/],
  ['a "`b`"', /^a backtick needs a shell/],
  ['a\nb', /^more than one line needs a shell/],
  ['CI=1 npm test', /^setting a variable before the program needs a shell/],
  [`a 'b`, /^a ' is never closed/],
  ['a "b', /^a " is never closed/],
  [`a "b'`, /^a " is never closed/],
  ['a \\', /^it ends with a backslash/],
  ['', 'write the program and its arguments'],
  ['   ', 'write the program and its arguments'],
  [`''`, 'write the program and its arguments'],
];
for (const [text, reason] of REFUSED)
  test(`refuses ${JSON.stringify(text)}`, () =>
    assert.throws(
      () => splitCommand(text),
      (error) => {
        assert.ok(error instanceof CommandError);
        if (typeof reason === 'string') assert.equal(error.message, reason);
        else assert.match(error.message, reason);
        return true;
      },
    ));

test('what formatCommand writes, splitCommand reads', () => {
  const alphabet = [...'abc \'"\\|&;$()`<>*{}=\n\t-_/ä😀'];
  const pick = () => alphabet[Math.floor(Math.random() * alphabet.length)]!;
  for (let i = 0; i < 3000; i++) {
    const args = Array.from({ length: 1 + (i % 4) }, () => Array.from({ length: i % 9 }, pick).join(''));
    const all = ['program', ...args];
    assert.deepEqual(splitCommand(formatCommand(all)), all);
  }
});

test('any text either splits or is refused with a reason, and in no time', () => {
  for (let i = 0; i < 3000; i++) {
    const text = String.fromCodePoint(
      ...Array.from({ length: i % 40 }, () => Math.floor(Math.random() * 128)),
    );
    try {
      assert.ok(splitCommand(text).length > 0);
    } catch (error) {
      assert.ok(error instanceof CommandError, String(error));
    }
  }
  const began = performance.now();
  splitCommand(`a ${'b '.repeat(200_000)}`);
  assert.ok(performance.now() - began < 10_000);
});

test('formatCommand quotes only what needs it', () => {
  assert.equal(
    formatCommand(['npm', 'run', 'a b', "it's", '', '{color}']),
    `npm run 'a b' 'it'\\''s' '' {color}`,
  );
});
