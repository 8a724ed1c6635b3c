/** Which tools there are and what they can reach: no decision is among it, whatever their code does. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { test } from 'node:test'
import { type RouteName, routes } from '@holdpoint/api'
import type { Client } from '@holdpoint/api/client'
import { narrowed } from './agent-client.ts'
import { agentTools } from './tools.ts'

/** A tool that writes, or reaches more, changes this table in review. */
const TOOLS = [
  ['inspect_plan', []],
  ['evaluate_plan', []],
  ['open_change', ['reserve', 'putEvidence', 'open', 'change', 'changeEvents']],
  ['wait_for_change', ['changes', 'change']],
  ['read_change', ['changes', 'change']],
  ['list_changes', ['changes']],
  ['withdraw_change', ['changes', 'change', 'withdraw']],
]

/** All that an agent may ever write: a change of its own, and taking it back. */
const MAY_WRITE: readonly RouteName[] = ['reserve', 'putEvidence', 'open', 'withdraw']

const isRoute = (name: string): name is RouteName => Object.hasOwn(routes, name)
const ALL = Object.keys(routes).filter(isRoute)

test('these are the tools and the routes that they reach', () => {
  assert.deepEqual(
    agentTools.map((tool) => [tool.name, [...tool.routes]]),
    TOOLS,
  )
})

test('no tool reaches a route that decides, executes, resolves, administers or signs in', () => {
  const reached = new Set(agentTools.flatMap((tool) => tool.routes))
  const writes = ALL.filter((name) => routes[name].method !== 'GET')

  assert.deepEqual(
    writes.filter((name) => reached.has(name) && !MAY_WRITE.includes(name)),
    [],
  )
  for (const name of ['approve', 'reject', 'takeBack', 'resolve', 'start', 'adopt'] as const)
    assert.equal(reached.has(name), false, name)
  assert.ok(writes.length > 10)
})

test('no tool is named as if it decided', () => {
  for (const { name } of agentTools)
    assert.doesNotMatch(name, /approve|reject|decide|break|take|resolve|apply|execute|release/)
})

test('a tool that would call another route is stopped before anything is sent', async () => {
  const asked: string[] = []
  const client: Client = {
    call: async (name) => {
      asked.push(name)
      throw new Error('sent')
    },
    raw: async (name) => {
      asked.push(name)
      return new Response()
    },
  }
  for (const tool of agentTools) {
    const bound = narrowed(client, tool.routes)
    const others = ALL.filter((name) => !tool.routes.includes(name))
    for (const name of others) {
      await assert.rejects(bound.raw(name, {}), /is not one of this tool/)
      await assert.rejects(bound.call(name, {} as never), /is not one of this tool/)
    }
    for (const name of tool.routes) await bound.raw(name, {})
  }

  assert.deepEqual(
    asked,
    agentTools.flatMap((tool) => [...tool.routes]),
  )
})

/** Every file of ours that is loaded with one; types are not. */
function loadedWith(file: URL, found = new Map<string, URL>()): ReadonlyMap<string, URL> {
  if (found.has(file.href)) return found
  found.set(file.href, file)
  const text = readFileSync(file, 'utf8')
  for (const [, clause = '', from = ''] of text.matchAll(/^(?:im|ex)port (.*?)from '(\.[^']+)'/gms))
    if (!clause.startsWith('type ')) loadedWith(new URL(from, file), found)
  return found
}

test('what claims and applies a release is not even loaded', () => {
  const loaded = [...loadedWith(new URL('./serve.ts', import.meta.url)).values()]
  const names = new Set(loaded.map((file) => basename(file.pathname)))

  for (const name of ['run.ts', 'claim.ts', 'execute.ts', 'gate.ts', 'approve.ts', 'decide.ts'])
    assert.equal(names.has(name), false, name)
  assert.ok(names.has('propose.ts') && names.has('prepare.ts'))
})
