#!/bin/sh
# run.sh FOLDER EIC: the test of editors/. What it needs from npm is fetched once into FOLDER, which lies in the build
# folder, and again when package-lock.json changes; a test without it fails.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$1
if ! cmp -s "$here/package-lock.json" "$folder/fetched.json"; then
  mkdir -p "$folder"
  cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$folder"
  if ! (cd "$folder" && npm ci --prefer-offline --no-audit --no-fund --fetch-retries=1); then
    echo "editors: npm could not fetch vscode-textmate and vscode-oniguruma (tests/editors/package.json)." >&2
    echo "editors: this test needs them once in $folder; with a network or a filled npm cache, run it again." >&2
    exit 1
  fi
  cp "$folder/package-lock.json" "$folder/fetched.json"
fi
exec node "$here/test.mjs" "$folder" "$2"
