// In: a text. Out: for each of its characters the scopes that VS Code's own engine gives it, by the extension's grammar.
import fs from 'node:fs';
import path from 'node:path';

export async function loadGrammar(require, grammarFile) {
  const { Registry, INITIAL, parseRawGrammar } = require('vscode-textmate');
  const oniguruma = require('vscode-oniguruma');
  const wasm = path.join(path.dirname(require.resolve('vscode-oniguruma')), 'onig.wasm');
  await oniguruma.loadWASM(fs.readFileSync(wasm).buffer);
  const registry = new Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => parseRawGrammar(fs.readFileSync(grammarFile, 'utf8'), grammarFile),
  });
  const grammar = await registry.loadGrammar('source.eic');

  // One list of scopes a character, the outermost (the root) left out; null for the line ends.
  return function scopesOf(text) {
    const all = [];
    let state = INITIAL;
    for (const [, plain, lineEnd] of text.matchAll(/([^\r\n]*)(\r\n|\r|\n|$)/g)) {
      const result = grammar.tokenizeLine(plain, state);
      if (result.stoppedEarly) throw new Error(`the engine gave up on ${JSON.stringify(plain)}`);
      for (const token of result.tokens) {
        const scopes = token.scopes.slice(1);
        for (let i = token.startIndex; i < Math.min(token.endIndex, plain.length); i++) all.push(scopes);
      }
      for (let i = 0; i < lineEnd.length; i++) all.push(null);
      state = result.ruleStack;
    }
    return all;
  };
}
