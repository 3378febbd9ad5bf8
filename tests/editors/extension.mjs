// The rest of the extension: its package, brackets and indentation, the problem matcher on what `eic check` is known to
// print, and the start of the language server with stand-ins for VS Code and its client.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import Module, { createRequire } from 'node:module';
import path from 'node:path';
import test from 'node:test';

export function testExtension(root, texts) {
  const folder = path.join(root, 'editors', 'vscode');
  const json = (name) => JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'));
  const manifest = json('package.json');
  const { contributes } = manifest;

  test('the package names files that are there, and no lock file a host', () => {
    const [language] = contributes.languages, [grammar] = contributes.grammars;
    assert.deepEqual(language.extensions, ['.eic']);
    assert.equal(grammar.language, language.id);
    assert.equal(grammar.scopeName, json(grammar.path).scopeName);
    for (const file of [language.configuration, grammar.path, manifest.main])
      assert.ok(fs.existsSync(path.join(folder, file)), file);
    for (const lock of [path.join(folder, 'package-lock.json'), path.join(root, 'tests', 'editors', 'package-lock.json')])
      assert.doesNotMatch(fs.readFileSync(lock, 'utf8'), /https?:/, lock);
    assert.deepEqual(json('package-lock.json').packages[''].dependencies, manifest.dependencies);
  });

  test('the problem matcher reads what `eic check` prints', () => {
    const [matcher] = contributes.problemMatchers;
    const pattern = new RegExp(matcher.pattern.regexp);
    const golden = path.join(root, 'tests', 'errors');
    const codes = new Set(fs.readFileSync(path.join(root, 'compiler', 'diagnostics', 'kinds.def'), 'utf8').match(/"[A-Z]\d+"/g));
    let read = 0;
    for (const file of fs.readdirSync(golden).filter((name) => name.endsWith('.txt'))) {
      for (const line of fs.readFileSync(path.join(golden, file), 'utf8').split('\n')) {
        const found = pattern.exec(line);
        // excerpts, notes and helps are indented or have no code; a fault of the call has no place
        assert.equal(found !== null, /^\S.*:\d+:\d+: (?:error|warning)\[/.test(line), `${file}: ${line}`);
        if (!found) continue;
        read++;
        const get = (part) => found[matcher.pattern[part]];
        assert.ok(['error', 'warning'].includes(get('severity')) && codes.has(`"${get('code')}"`), line);
        const place = `${get('file')}:${get('line')}:${get('column')}`;
        assert.equal(`${place}: ${get('severity')}[${get('code')}]: ${get('message')}`, line);
      }
    }
    assert.ok(read > 100, `only ${read} messages`);
    const [, tasks] = /```json\n([^]*?)```/.exec(fs.readFileSync(path.join(folder, 'README.md'), 'utf8'));
    assert.equal(JSON.parse(tasks).tasks[0].problemMatcher, `$${matcher.name}`);
  });

  test('lines are indented by their brackets, and words are the names and numbers of the language', () => {
    const configuration = json(contributes.languages[0].configuration);
    const increase = new RegExp(configuration.indentationRules.increaseIndentPattern);
    const decrease = new RegExp(configuration.indentationRules.decreaseIndentPattern);
    let deeper = 0;
    for (const { name, text } of texts) {
      for (const line of text.split(/\r\n|\r|\n/)) {
        const bare = line.replace(/"[^"]*"/g, '').replace(/#.*/, '');
        if (bare.includes('"')) continue;  // a string without its end
        const opens = /[{([][^{}()[\]]*$/.test(bare);
        assert.equal(increase.test(line), opens, `${name}: ${line}`);
        assert.equal(decrease.test(line), /^\s*[})\]]/.test(line), `${name}: ${line}`);
        deeper += opens;
      }
    }
    assert.ok(deeper > 100, `only ${deeper} lines open a block`);
    const word = new RegExp(configuration.wordPattern, 'g');
    assert.deepEqual("m' = 5e-5 S/cm^2*g_leak + 3.5 µm".match(word), ['m', '5e-5', 'S', 'cm', '2', 'g_leak', '3.5', 'µm']);
  });

  // Loads extension.js with a `vscode` of our own; `client` is the class of the language client, or null for none.
  function load(settings, client) {
    const shown = [], listeners = [];
    const vscode = {
      workspace: {
        workspaceFolders: [{ uri: { fsPath: '/models' } }],
        getConfiguration: () => ({ get: (key) => settings[key] }),
        onDidChangeConfiguration: (listener) => { listeners.push(listener); return {}; },
      },
      window: { showWarningMessage: (text) => shown.push(text), showErrorMessage: (text) => shown.push(text) },
    };
    const require = createRequire(path.join(folder, 'package.json'));
    const original = Module._load;
    Module._load = (name, ...rest) => {
      if (name === 'vscode') return vscode;
      if (name !== 'vscode-languageclient/node') return original(name, ...rest);
      if (client) return { LanguageClient: client };
      throw Object.assign(new Error('not installed'), { code: 'MODULE_NOT_FOUND' });
    };
    delete require.cache[require.resolve('./extension.js')];
    const extension = require('./extension.js');
    const change = (key) => listeners.forEach((listener) => listener({ affectsConfiguration: (asked) => asked === key }));
    return { extension, shown, change, context: { subscriptions: [] }, unload: () => { Module._load = original; } };
  }

  test('the language server is `eic lsp`, started anew with another eic.path', async () => {
    const events = [];
    class Client {
      constructor(id, name, server, options) { Object.assign(this, { server, options }); }
      async start() {
        events.push(`start ${this.server.command} ${this.server.args}`);
        if (this.server.command === 'none') throw new Error('ENOENT');
      }
      async stop() { events.push(`stop ${this.server.command}`); }
    }
    const settings = { path: 'eic', languageServer: true };
    const loaded = load(settings, Client);
    try {
      await loaded.extension.activate(loaded.context);
      settings.path = '${workspaceFolder}/eic';
      loaded.change('editor.fontSize');
      loaded.change('eic.path');
      loaded.change('eic.path');
      await loaded.extension.deactivate();
      const again = ['start /models/eic lsp', 'stop /models/eic'];
      assert.deepEqual(events, ['start eic lsp', 'stop eic', ...again, ...again]);
      assert.deepEqual(loaded.shown, []);
      settings.path = 'none';
      await loaded.extension.activate(loaded.context);
      assert.match(loaded.shown[0], /`none lsp` does not start \(ENOENT\)/);
      settings.languageServer = false;
      events.length = 0;
      await loaded.extension.activate(loaded.context);
      assert.deepEqual(events, []);
    } finally {
      loaded.unload();
    }
  });

  test('without the client library the extension says so and goes on', async () => {
    const loaded = load({ path: 'eic', languageServer: true }, null);
    try {
      await loaded.extension.activate(loaded.context);
      await loaded.extension.deactivate();
      assert.equal(loaded.shown.length, 1);
    } finally {
      loaded.unload();
    }
  });
}
