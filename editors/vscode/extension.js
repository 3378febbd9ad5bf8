// Runs `eic lsp` beside the editor. All it knows comes from the program; without the program, or without the library
// vscode-languageclient (`npm install` in this folder), colours, brackets and the problem matcher work all the same.
'use strict';

const vscode = require('vscode');

let client;

function library() {
  try {
    return require('vscode-languageclient/node');
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

function programPath() {
  const written = vscode.workspace.getConfiguration('eic').get('path') || 'eic';
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '.';
  return written.replaceAll('${workspaceFolder}', folder);
}

async function start() {
  if (!vscode.workspace.getConfiguration('eic').get('languageServer')) return;
  const found = library();
  if (!found) {
    vscode.window.showWarningMessage('eic: no language server, since vscode-languageclient is not installed with it.');
    return;
  }
  // No `transport`: the client would add an option of its own to the command line; it talks over stdio anyway.
  const command = programPath();
  client = new found.LanguageClient('eic', 'eic', { command, args: ['lsp'] },
    { documentSelector: [{ language: 'eic', scheme: 'file' }, { language: 'eic', scheme: 'untitled' }] });
  try {
    await client.start();
  } catch (error) {
    client = undefined;
    const hint = 'The setting eic.path says where the program is.';
    vscode.window.showErrorMessage(`eic: \`${command} lsp\` does not start (${error.message}). ${hint}`);
  }
}

async function stop() {
  const running = client;
  client = undefined;
  await running?.stop();
}

// One at a time, so that two changes of a setting in a row leave one server.
let last = Promise.resolve();
const restart = () => (last = last.then(stop).catch(() => {}).then(start));

exports.activate = (context) => {
  context.subscriptions.push(vscode.workspace.onDidChangeConfiguration((change) => {
    if (change.affectsConfiguration('eic.path') || change.affectsConfiguration('eic.languageServer')) restart();
  }));
  return restart();
};
exports.deactivate = () => (last = last.then(stop));
