import assert from 'node:assert/strict'
import { createServer, type IncomingMessage } from 'node:http'
import { type TestContext, test } from 'node:test'
import { nodePrimitives } from '@holdpoint/api/node'
import { canonicalText, digestPlan, encodePlan, fingerprintOf, type Plan } from '@holdpoint/core'
import {
  CHANGE,
  type ChangeView,
  givenPlan,
  givenResource,
  givenView,
} from '../../../../test/fixtures/change-given.ts'
import { plainInk, type Screen } from '../render.ts'
import { decide } from './decide.ts'
import { Ended } from './ended.ts'
import { commandRows } from './table.ts'

const PLAN = givenPlan([givenResource({ address: 'a.gone', action: 'delete', after: null })])

/** A view whose fingerprint is that of the plan beside it. */
function bound(plan: Plan, given: Partial<ChangeView> = {}): ChangeView {
  const view = givenView(given)
  const parts = { ...view, ...view.binding, workspace: view.workspace.id }
  const digest = digestPlan(plan, nodePrimitives).plan
  const fingerprint = fingerprintOf({ ...parts, plan: digest }, nodePrimitives)
  return { ...view, binding: { ...view.binding, fingerprint } }
}

interface Heard {
  readonly path: string
  readonly body: unknown
}

/** A server that answers with one change and its plan, and remembers what was decided. */
async function serve(context: TestContext, view: ChangeView, plan: Plan) {
  const heard: Heard[] = []
  const server = createServer(async (request, response) => {
    const path = request.url ?? ''
    if (request.method === 'POST') {
      heard.push({ path, body: JSON.parse(await textOf(request)) })
      response.end('{"status":"released"}')
    } else if (path.endsWith('/plan')) response.end(canonicalText(encodePlan(plan)))
    else response.end(JSON.stringify(view))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  context.after(() => server.close())
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { url: `http://127.0.0.1:${port}`, heard }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}

interface Given {
  readonly url: string
  readonly flags?: { readonly [name: string]: string }
  readonly answers?: readonly string[]
  readonly json?: boolean
}

function run(route: 'approve' | 'reject', given: Given) {
  const printed: string[] = []
  const asked: string[] = []
  const answers = [...(given.answers ?? [])]
  const screen: Screen = {
    json: given.json ?? false,
    asks: given.answers !== undefined,
    ink: plainInk,
    columns: 80,
    progressColumns: 80,
    lines: (lines) => printed.push(...lines),
    always: () => {},
    document: () => {},
    pieces: () => {},
    progress: () => {},
    note: () => {},
    fail: () => {},
    tool: () => {},
    settle: () => {},
    ask: async (question) => {
      asked.push(question)
      return answers.shift() ?? null
    },
  }
  const flags = given.flags ?? {}
  const row = commandRows.find(({ path }) => path[0] === route)
  assert.ok(row)
  const call = {
    row,
    words: [CHANGE],
    rest: [],
    flags: {
      has: (name: string) => Object.hasOwn(flags, name),
      find: (name: string) => flags[name] ?? null,
      list: () => [],
    },
    settings: {
      server: given.url,
      workspace: null,
      workspaceNamed: null,
      identify: () => ({}),
      secret: () => null,
    },
    screen,
  }
  return { printed, asked, ended: decide(call, { route, done: 'Done' }) }
}

test('before an approval everything is shown, without being asked for', async (context) => {
  const plan = givenPlan([givenResource({ address: 'a.new', after: { open: true } })], {
    provisioners: [
      {
        resource: 'a.new',
        type: 'local-exec',
        reads: [],
        when: 'create',
        config: { command: 'rm -r x' },
      },
    ],
  })
  const { url } = await serve(context, bound(plan), plan)

  const approving = run('approve', { url, answers: ['y'] })
  const rejecting = run('reject', { url, answers: ['no', 'y'] })

  assert.equal(await approving.ended, 0)
  assert.equal(await rejecting.ended, 0)
  assert.ok(approving.printed.includes('    open = true'))
  assert.ok(approving.printed.includes('      command = rm -r x'))
  assert.ok(!rejecting.printed.includes('    open = true'))
})

test('the question names the verb and what is destroyed, and only yes sends', async (context) => {
  const view = bound(PLAN)
  const { url, heard } = await serve(context, view, PLAN)

  const { asked, printed, ended } = run('approve', { url, answers: ['y'] })

  assert.equal(await ended, 0)
  assert.deepEqual(asked, ['Approve delete 1 in payments/prod? [y/N] '])
  assert.ok(printed.includes('- a.gone  is deleted'))
  assert.ok(printed.some((line) => line.startsWith('Fingerprint of what is shown here')))
  assert.deepEqual(heard, [
    {
      path: `/api/v1/changes/${CHANGE}/approve`,
      body: { fingerprint: view.binding.fingerprint, reason: null, signed: null },
    },
  ])
})

test('silence, no and the end of input send nothing', async (context) => {
  const { url, heard } = await serve(context, bound(PLAN), PLAN)

  for (const answers of [[''], ['n'], ['yes please'], []]) {
    await assert.rejects(run('approve', { url, answers }).ended, { name: 'Ended', exitCode: 1 })
  }

  assert.deepEqual(heard, [])
})

test('a plan that does not give the fingerprint is never decided, not even with --yes', async (context) => {
  const shown = givenPlan([givenResource({ address: 'a.harmless' })])
  const { url, heard } = await serve(context, bound(PLAN), shown)

  await assert.rejects(run('approve', { url, flags: { yes: '' } }).ended, (error: unknown) => {
    assert.ok(error instanceof Ended)
    assert.deepEqual(
      [error.exitCode, error.explained.code, error.explained.title],
      [1, 'other_fingerprint', 'This terminal and the server disagree on what this change is'],
    )
    return true
  })
  assert.deepEqual(heard, [])
})

test('the server’s own word for the fingerprint is not believed for other targets either', async (context) => {
  const honest = bound(PLAN)
  const target = { ...honest.target, toolWorkspace: 'other' }
  const { url, heard } = await serve(context, { ...honest, target }, PLAN)

  await assert.rejects(run('approve', { url, flags: { yes: '' } }).ended, { exitCode: 1 })
  assert.deepEqual(heard, [])
})

test('who may not decide is told why, and is not asked', async (context) => {
  const why = {
    title: 'You cannot approve this one',
    detail: 'You opened it.',
    remedy: 'Ask Ines.',
  }
  const { url, heard } = await serve(
    context,
    bound(PLAN, {
      you: {
        approve: why,
        reject: why,
        breakGlass: why,
        reviewGlass: why,
        resolve: why,
        revoke: why,
      },
    }),
    PLAN,
  )

  const { asked, ended } = run('approve', { url, answers: ['y'] })

  await assert.rejects(ended, { exitCode: 1, message: 'You cannot approve this one' })
  assert.deepEqual([asked, heard], [[], []])
})

test('without a terminal, and where nothing is shown, --yes has to be said', async (context) => {
  const { url, heard } = await serve(context, bound(PLAN), PLAN)

  await assert.rejects(run('approve', { url }).ended, { exitCode: 2 })
  await assert.rejects(run('approve', { url, json: true, answers: ['y'] }).ended, { exitCode: 2 })
  assert.deepEqual(heard, [])
})

test('a rejection needs its reason, by flag or by answer', async (context) => {
  const { url, heard } = await serve(context, bound(PLAN), PLAN)

  await assert.rejects(run('reject', { url, flags: { yes: '' } }).ended, { exitCode: 2 })
  await assert.rejects(run('reject', { url, answers: [''] }).ended, { exitCode: 2 })
  assert.equal(await run('reject', { url, answers: ['Snapshot first', 'y'] }).ended, 0)

  assert.deepEqual(
    heard.map(({ body }) => Reflect.get(Object(body), 'reason')),
    ['Snapshot first'],
  )
})
