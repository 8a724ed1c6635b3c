import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { Fault } from './fault.ts'
import { runToEnd, type SpawnRequest, spawnChild } from './spawn.ts'

function request(script: string, more: Partial<SpawnRequest> = {}): SpawnRequest {
  return {
    program: '/bin/sh',
    args: ['-c', script],
    cwd: '/',
    env: {},
    descriptor: null,
    stdoutBytesMax: 1000,
    stderrBytesMax: 10,
    onLine: null,
    killGroupAtEnd: true,
    signal: null,
    ...more,
  }
}

test('stdout and stderr stay apart, and the end of a long stderr is kept', async () => {
  const ended = await runToEnd(request('echo out; echo a-long-error >&2; exit 3'))

  assert.deepEqual(
    [ended.exitCode, ended.stdout.toString(), ended.stderr.toString()],
    [3, 'out\n', 'ong-error\n'],
  )
})

test('the child has the given environment and nothing else', async () => {
  const ended = await runToEnd(request('env', { env: { ONLY: 'this' } }))

  const names = ended.stdout.toString().match(/^\w+(?==)/gm)
  assert.deepEqual(
    names?.filter((name) => !['PWD', '_', 'SHLVL', 'OLDPWD'].includes(name)),
    ['ONLY'],
  )
})

test('arguments are handed over as they are, never read by a shell', async () => {
  const args = ['-c', 'printf "%s|" "$@"', 'x', '$(id)', '; rm', '*']

  const ended = await runToEnd(request('', { args }))

  assert.equal(ended.stdout.toString(), '$(id)|; rm|*|')
})

test('too much output is a fault and ends the program', async () => {
  const fault = await runToEnd(request('while :; do echo xxxxxxxxxxxxxxxxxxxxx; done')).catch(
    (cause: unknown) => cause,
  )

  assert.ok(fault instanceof Fault)
  assert.equal(fault.code, 'output_too_large')
})

test('a program that is not there is a fault', async () => {
  const fault = await runToEnd(request('', { program: '/nowhere/tool' })).catch(
    (cause: unknown) => cause,
  )

  assert.ok(fault instanceof Fault)
  assert.deepEqual(
    [fault.code, fault.message],
    ['spawn_failed', '/nowhere/tool could not be started'],
  )
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !/^State:\s+Z/m.test(statusOf(pid))
  } catch {
    return false
  }
}

function statusOf(pid: number): string {
  return readFileSync(`/proc/${pid}/status`, 'utf8')
}

test('what a program leaves behind in its group is dead when it has ended', async () => {
  const ended = await runToEnd(request('sleep 60 & echo $!'))

  // Its pipes are closed already; the kernel may still be taking it away.
  const deadline = Date.now() + 5_000
  const pid = Number(ended.stdout.toString())
  while (isAlive(pid) && Date.now() < deadline) await setImmediate()
  assert.equal(isAlive(pid), false)
})

test('what an approved apply started may live on', async () => {
  const killGroupAtEnd = false

  const ended = await runToEnd(request('sleep 60 >/dev/null 2>&1 & echo $!', { killGroupAtEnd }))

  const pid = Number(ended.stdout.toString())
  assert.equal(isAlive(pid), true)
  process.kill(pid, 'SIGKILL')
})

test('a child is interrupted once, however often it is asked', async () => {
  const script =
    'trap "echo got" INT; echo ready; i=0; while [ $i -lt 5 ]; do sleep 0.1; i=$((i+1)); done'
  const lines: string[] = []
  const sent: boolean[] = []
  const child = spawnChild(
    request(script, {
      env: { PATH: '/usr/bin:/bin' },
      onLine: (line) => {
        lines.push(line)
        if (line === 'ready') sent.push(child.interruptOnce(), child.interruptOnce())
      },
    }),
  )

  await child.ended

  assert.deepEqual(
    [lines, sent],
    [
      ['ready', 'got'],
      [true, false],
    ],
  )
  assert.equal(child.interruptOnce(), false)
})

test('aborting kills the whole group', async () => {
  const stop = new AbortController()
  const child = spawnChild(
    request('echo ready; sleep 60', { signal: stop.signal, onLine: () => stop.abort() }),
  )

  const ended = await child.ended

  assert.equal(ended.exitCode, 137)
})

test('lines are handed over whole, the last one without its end too', async () => {
  const lines: string[] = []

  await runToEnd(
    request('printf "one\\ntw"; sleep 0.05; printf "o\\nthree"', {
      env: { PATH: '/usr/bin:/bin' },
      onLine: (line) => lines.push(line),
    }),
  )

  assert.deepEqual(lines, ['one', 'two', 'three'])
})
