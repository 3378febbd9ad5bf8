// In: a text. Out: its tokens as the compiler reads them (`eic dump --after=tokens`): the oracle of the grammar's test.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

// [{ at, text, role }], `at` counting characters; null where the text has a syntax error.
export function compilerTokens(eic, text) {
  return new Promise((done, failed) => {
    const child = execFile(eic, ['dump', '--after=tokens', '-'], { maxBuffer: 1 << 26 }, (error, out, err) => {
      const wrongModel = error?.code === 1 || error?.code === 4;
      if (error && !wrongModel) failed(new Error(`eic dump ended with ${error.code ?? error.signal}: ${err}`));
      else done(error ? null : place(text, out));
    });
    child.stdin.on('error', () => {});
    child.stdin.end(text);
  });
}

function place(text, out) {
  const starts = [0];
  for (let i = 0; i < text.length; i++) if (text[i] === '\n') starts.push(i + 1);
  return out.split('\n').filter(Boolean).map((line) => {
    const [, row, column, role, token] = /^(\d+):(\d+) (\w+) (.*)$/.exec(line);
    return { at: starts[row - 1] + Number(column) - 1, text: token, role };
  });
}

// The project's texts, [{ name, text }] each: those that parse, and the bad models of tests/errors and docs/errors, of
// which many do not.
export function eicTexts(root) {
  const texts = [], bad = [];
  for (const folder of ['models', 'tests']) {
    for (const entry of fs.readdirSync(path.join(root, folder), { recursive: true }).sort()) {
      const file = path.join(root, folder, entry);
      if (!entry.endsWith('.eic') || !fs.statSync(file).isFile()) continue;
      const to = folder === 'tests' && entry.startsWith('errors') ? bad : texts;
      to.push({ name: path.join(folder, entry), text: withoutMark(fs.readFileSync(file, 'utf8')) });
    }
  }
  for (const page of fs.readdirSync(path.join(root, 'docs'), { recursive: true }).sort()) {
    if (!page.endsWith('.md')) continue;
    const text = fs.readFileSync(path.join(root, 'docs', page), 'utf8');
    for (const block of text.matchAll(/^```eic\n([^]*?)^```$/gm)) {
      const line = text.slice(0, block.index).split('\n').length;
      (page.startsWith('errors') ? bad : texts).push({ name: `docs/${page}:${line}`, text: block[1] });
    }
  }
  return { texts, bad };
}

const withoutMark = (text) => text.replace(/^\uFEFF/, '');
