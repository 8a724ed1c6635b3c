#!/usr/bin/env node
// `npm run demo`: installs and builds what is missing, then tells the story. Plain JavaScript that
// Node 20 reads, because it runs before `npm ci`.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
process.exitCode = main()

function main() {
  const npm = process.env.npm_execpath ?? null
  if (!existsSync(`${root}/node_modules/.package-lock.json`)) {
    say('Installing (once)')
    const installed = runNpm(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
    if (installed !== 0) return installed
  }
  if (
    !existsSync(`${root}/packages/cli/dist/holdpoint.js`) ||
    !existsSync(`${root}/packages/web/dist/index.html`)
  ) {
    say('Building (once)')
    const built = runNpm(npm, ['run', '--silent', 'build'])
    if (built !== 0) return built
  }
  const args = [`${root}/packages/cli/bin/holdpoint.mjs`, 'demo', ...process.argv.slice(2)]
  return spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 3
}

function runNpm(npm, words) {
  const [file, first] = npm === null ? ['npm', []] : [process.execPath, [npm]]
  return spawnSync(file, [...first, ...words], { cwd: root, stdio: 'inherit' }).status ?? 1
}

function say(text) {
  process.stdout.write(`${text}\n`)
}
