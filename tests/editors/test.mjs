// `node test.mjs FOLDER EIC`: FOLDER holds node_modules (run.sh puts them there), EIC is the program. The grammar of
// editors/vscode against the compiler's own tokens, on every .eic text of the project; the rest of the extension against
// what it has to fit.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

import * as source from '../../editors/vscode/grammar.mjs';
import { cases } from './cases.mjs';
import { compilerTokens, eicTexts } from './compiler.mjs';
import { testExtension } from './extension.mjs';
import { keywordsAsNames, softKeywords, unitModels, units, wrongUnits } from './made.mjs';
import { loadGrammar } from './tokens.mjs';

const [folder, eic] = process.argv.slice(2);
const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const read = (...parts) => fs.readFileSync(path.join(root, ...parts), 'utf8');
const { texts, bad } = eicTexts(root);
const scopesOf = await loadGrammar(createRequire(path.join(path.resolve(folder), 'package.json')), source.grammarFile);

// ---- the grammar against the compiler

const innermost = (scopes) => scopes?.at(-1) ?? 'nothing';
const EXPECTED = {
  keyword: /^(storage\.type|keyword\.control|keyword\.operator\.logical|constant\.language\.boolean)\./,
  name: /^(variable|entity\.name|support|constant\.other)\./,
  number: /^constant\.numeric\./,
  unit: /^keyword\.other\.unit\./,
  symbol: /^(keyword\.operator|punctuation)\./,
};

// Where the scopes of a text and the compiler's tokens disagree.
function complaints(text, scopes, tokens) {
  const found = [];
  const complain = (at, length, said) => found.push({ at, said: `\`${text.slice(at, at + length)}\` ${said}` });
  let covered = 0;
  const rest = (upto) => {
    for (let i = covered; i < upto; i++)
      if (!/\s/.test(text[i]) && !scopes[i][0]?.startsWith('comment.'))
        complain(i, 1, `is no comment, but ${innermost(scopes[i])}`);
  };
  for (const token of tokens) {
    rest(token.at);
    covered = token.at + token.text.length;
    assert.equal(text.slice(token.at, covered), token.text, 'the compiler counts characters otherwise than this test');
    const wrong = (scopes) => {
      if (token.role === 'string') return !scopes.some((scope) => scope.startsWith('string.'));
      return !EXPECTED[token.role].test(innermost(scopes));
    };
    for (let i = token.at; i < covered; i++) {
      if ((/\s/.test(text[i]) && token.role !== 'string') || !wrong(scopes[i])) continue;
      complain(token.at, token.text.length, `is a ${token.role}, not ${innermost(scopes[i])}`);
      break;
    }
  }
  rest(text.length);
  return found;
}

// One process for all texts: each is scoped alone, but what parses alone parses behind another, too.
async function compare(texts) {
  const whole = texts.map(({ text }) => text).join('\n');
  const tokens = await compilerTokens(eic, whole);
  if (!tokens) {
    const unreadable = [];
    for (const { name, text } of texts) if (!await compilerTokens(eic, text)) unreadable.push(name);
    assert.fail(`the compiler cannot read ${unreadable.join(', ')}`);
  }
  const scopes = texts.flatMap(({ text }) => [...scopesOf(text), null]);
  const found = complaints(whole, scopes, tokens).map(({ at, said }) => {
    let start = 0;
    const { name, text } = texts.find(({ text }) => (start += text.length + 1) > at);
    return `${name}:${text.slice(0, at - (start - text.length - 1)).split('\n').length}: ${said}`;
  });
  assert.equal(found.length, 0, `${found.length} places:\n${found.slice(0, 40).join('\n')}`);
}

test('every text of the project is scoped as the compiler reads it', async () => {
  const needed = ['models/cobahh.eic', 'models/std/channels/Leak.eic', 'tests/reference/hh.eic',
    'tests/parse/golden/surface.eic'];
  for (const name of needed)
    assert.ok(texts.some((text) => text.name === name), `${name} was not looked at`);
  const blocks = texts.filter((text) => text.name.startsWith('docs/language.md'));
  assert.ok(blocks.length > 3, 'the blocks of docs/language.md were not looked at');
  await compare(texts);
});

test('bad models come to an end, too', () => {
  assert.ok(bad.length > 100);
  for (const { text } of bad) assert.equal(scopesOf(text).length, text.length);
});

test('every keyword that may be a name is one where it stands for one', async () => {
  const words = softKeywords(read('grammar/Eic.g4'));
  assert.ok(words.length > 40 && words.includes('use') && words.includes('gap'));
  await compare([keywordsAsNames(words)]);
});

test('every unit word with each of its prefixes is a unit', async () => {
  const all = units(read('compiler/units/units.def'));
  assert.ok(all.length > 100 && all.includes('mV') && all.includes('µm') && all.includes('M\u2126') && all.includes('amol'));
  await compare(unitModels(all));
  for (const wrong of wrongUnits(all)) {
    const scopes = scopesOf(`let a = 3 ${wrong}`);
    assert.ok(!innermost(scopes.at(-1) ?? scopes.at(-2)).startsWith('keyword.other.unit'), `${wrong} is no unit`);
  }
});

test('the texts whose scopes are written by hand', () => {
  const found = [];
  for (const [text, ...expected] of cases) {
    const scopes = scopesOf(text);
    let from = 0;
    for (const [piece, scope] of expected) {
      // words and numbers are looked for as wholes
      const alone = /^[A-Za-z]/.test(piece) ? '(?<![A-Za-z_µΩ])' : /^\d/.test(piece) ? '(?<![\\w])' : '';
      const wanted = new RegExp(alone + piece.replace(/\W/g, '\\$&') + (/[A-Za-z]$/.test(piece) ? '(?!\\w)' : ''), 'g');
      wanted.lastIndex = from;
      const at = wanted.exec(text)?.index;
      assert.ok(at !== undefined, `no \`${piece}\` left in \`${text}\``);
      const outer = /^(string|comment)\./.test(scope);
      const given = (i) => outer ? scopes[i].find((one) => one.startsWith(scope)) : innermost(scopes[i]);
      from = at + piece.length;
      for (let i = at; i < from; i++) {
        if (given(i)?.startsWith(scope)) continue;
        found.push(`\`${text}\`: \`${piece}\` at ${at} is ${innermost(scopes[i])}, not ${scope}`);
        break;
      }
    }
  }
  assert.equal(found.length, 0, found.join('\n'));
});

// ---- the grammar's words against the compiler's tables

const quoted = (text) => [...text.matchAll(/"(\w+)"/g)].map((match) => match[1]);
// The first words of the rows of `name[] = { … };`, or all its words, wherever below compiler/sema it stands.
function table(name, rows) {
  const folder = path.join(root, 'compiler', 'sema');
  for (const file of fs.readdirSync(folder).filter((file) => file.endsWith('.cpp'))) {
    const body = new RegExp(`${name}(?:\\[\\])? = \\{([^;]*)\\};`).exec(fs.readFileSync(path.join(folder, file), 'utf8'))?.[1];
    if (body) return rows ? [...body.matchAll(/\{"(\w+)"/g)].map((match) => match[1]) : quoted(body);
  }
  throw new Error(`there is no table ${name} below compiler/sema any more: mend this test`);
}

const firsts = (file, row) => [...read(file).matchAll(row)].map((match) => match[1]);

test('the built-in words are those of the compiler', () => {
  const { math, draws, files, variables, constants, rules, measures, methods } = source.vocabulary;
  const same = (ours, theirs, what) => assert.deepEqual([...ours].sort(), [...theirs].sort(), what);
  same([...math, ...draws, ...files, ...variables, ...constants], table('k_builtin_names'), 'built-in names');
  same(rules, firsts('runtime/contract/rules.def', /^EIC_RULE\(\w+, "(\w+)"/gm), 'connection rules');
  same(methods, firsts('compiler/sema/methods.def', /^EIC_METHOD\((\w+)/gm), 'methods');
  for (const measure of table('k_measures', true))
    assert.ok(measures.includes(measure), `\`${measure}\` is no measure of the grammar`);
});

test('the committed grammar is what grammar.mjs makes', () => {
  assert.equal(fs.readFileSync(source.grammarFile, 'utf8'), source.text(), 'run: node editors/vscode/grammar.mjs');
});

testExtension(root, [...texts, ...bad]);
