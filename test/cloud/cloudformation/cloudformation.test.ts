/**
 * The runner against a CloudFormation that does what the service does and a mock of the whole cloud
 * does not. Nothing here sleeps: the cloud moves on whenever it is asked.
 */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import {
  StandInServer as Server,
  type StandInServer,
  type StoredChange,
} from '../../../packages/cli/src/testing/stand-in-server.ts'
import {
  CANARY,
  deployment,
  EXECUTE,
  executedBy,
  givenStack,
  named,
  only,
  PLAN,
  permit,
  start,
  templateOf,
  thing,
} from './given.ts'
import { CloudFormation } from './service.ts'

let cloud: CloudFormation
const server: StandInServer = new Server()
const release = (change: StoredChange) => server.move(change, 'released')

before(async () => await server.start())
after(async () => await server.stop())

beforeEach(async (context) => {
  cloud = new CloudFormation()
  await cloud.start()
  permit(cloud)
  server.onOpened = release
  if ('after' in context) context.after(async () => await cloud.stop())
})

const clouds = () => ({ cloud, server })
const planOf = (events: Parameters<typeof only>[0]) => {
  const [planned] = only(events, 'planned')
  if (planned === undefined) throw new Error('nothing was planned')
  return planned.plan
}
const words = (plan: ReturnType<typeof planOf>) =>
  plan.resources.map(({ address, action }) => `${address} ${action}`)

test('one key plans, the other executes with the grant as its token', async () => {
  const run = start(clouds(), deployment(templateOf({ One: thing(), Two: thing() })))

  const result = await run.ended

  assert.equal(result.exitCode, 0, JSON.stringify(result))
  const by = new Map(cloud.done.map(({ action, key }) => [action, key]))
  assert.deepEqual(
    ['CreateChangeSet', 'DescribeChangeSet', 'GetTemplate', 'ExecuteChangeSet'].map((each) =>
      by.get(each),
    ),
    [PLAN, PLAN, PLAN, EXECUTE],
  )
  const [set] = cloud.sets.values()
  assert.equal(set?.token, 'grn-0000000000000001')
  const { lineage, ...outcome } = server.theChange().outcome ?? { lineage: null }
  assert.deepEqual(outcome, {
    ...{ result: 'applied', exitCode: 0, appliedCount: 2, totalCount: 2, sourceChanged: false },
  })
  assert.equal(lineage, set?.stack.id.split('/').at(-1))
})

test('every page is read: a change set is never smaller than it is', async () => {
  cloud.changesPerPage = 2
  const ids = ['A', 'B', 'C', 'D', 'E']
  const run = start(
    clouds(),
    deployment(templateOf(Object.fromEntries(ids.map((id) => [id, thing()])))),
  )

  await run.ended

  assert.deepEqual(
    words(planOf(run.events)),
    ids.map((id) => `${id} create`),
  )
})

test('a resource that the description with values leaves out is in the plan', async () => {
  const template = templateOf({ Shown: thing(), Left: thing({ LeftOutWithValues: true }) })
  const run = start(clouds(), deployment(template))

  await run.ended

  assert.deepEqual(words(planOf(run.events)).toSorted(), ['Left create', 'Shown create'])
})

test('what may be replaced is shown as replaced, what is kept as left behind', async () => {
  const old = { Kept: thing({}, { DeletionPolicy: 'Retain' }), Gone: thing() }
  await givenStack(
    clouds(),
    templateOf({ ...old, Maybe: thing({ Mode: 'a' }), Sure: thing({ Name: 'a' }), Plain: thing() }),
  )
  const next = { Maybe: thing({ Mode: 'b' }), Sure: thing({ Name: 'b' }), Plain: thing({ A: 'b' }) }
  const run = start(clouds(), deployment(templateOf(next)))

  await run.ended

  assert.deepEqual(words(planOf(run.events)).toSorted(), [
    ...['Gone delete', 'Kept forget', 'Maybe replace', 'Plain update', 'Sure replace'],
  ])
})

test('nested stacks are read through, and their sets and templates are bound', async () => {
  cloud.templates.set('https://templates/inner', templateOf({ Deep: thing(), Deeper: thing() }))
  const inner = {
    Type: 'AWS::CloudFormation::Stack',
    Properties: { TemplateURL: 'https://templates/inner' },
  }
  const run = start(clouds(), deployment(templateOf({ Inner: inner, Own: thing() })))

  await run.ended

  assert.deepEqual(words(planOf(run.events)).toSorted(), [
    ...['Inner create', 'Inner/Deep create', 'Inner/Deeper create', 'Own create'],
  ])
  const opened = server.theChange().opened
  assert.equal(opened?.flags.filter((flag) => flag.startsWith('--change-set=')).length, 2)
  const source = server.evidence.get(opened?.sourceEvidence ?? '')?.toString() ?? ''
  assert.match(source, /"Inner\/template \(original\)"/)
})

test('a set that fails is told with the service’s reason, and is not left lying about', async () => {
  const run = start(clouds(), deployment(templateOf({ Bad: thing({ FailsToPlan: true }) })))

  const { ending, exitCode } = await run.ended

  assert.deepEqual(
    [exitCode, ending],
    [
      3,
      {
        type: 'tool_failed',
        title: 'The tool failed to make the change set',
        stderr: 'FAILED: Template error: it is not valid',
      },
    ],
  )
  assert.equal(cloud.sets.size, 0)
})

test('a set without changes is nothing to do, and opens nothing', async () => {
  const template = templateOf({ One: thing() })
  await givenStack(clouds(), template)
  const run = start(clouds(), deployment(template))

  const { ending, exitCode } = await run.ended

  assert.deepEqual([exitCode, ending.type], [0, 'nothing_to_do'])
  assert.deepEqual(
    [...server.changes.values()].map(({ opened }) => opened),
    [null],
  )
  assert.deepEqual(executedBy(cloud), [])
})

test('a set that becomes obsolete while it is held is made again and asked for anew', async () => {
  await givenStack(clouds(), templateOf({ One: thing() }))
  let asked = 0
  server.onOpened = (change) => {
    asked += 1
    if (asked === 1) cloud.updateByHand('shop')
    release(change)
  }
  const run = start(clouds(), deployment(templateOf({ One: thing(), Two: thing() })))

  const { ending } = await run.ended

  assert.equal(ending.type, 'applied')
  const changes = [...server.changes.values()]
  assert.equal(changes.length, 2)
  assert.deepEqual(
    changes.map(({ starts }) => starts),
    [0, 1],
  )
  assert.equal(changes[0]?.refusedStarts.length, 1)
  const [again] = only(run.events, 'made_again')
  assert.deepEqual(again?.differences, [])
  assert.deepEqual(again?.same, [
    ...['changes', 'parameters', 'service role', 'settings', 'tags'],
    ...['template (original)', 'template (processed)'],
  ])
  assert.equal(executedBy(cloud).length, 1)
})

test('made again it says what is different, because the stack is another now', async () => {
  await givenStack(clouds(), templateOf({ One: thing() }))
  server.onOpened = (change) => {
    const [stack] = cloud.stacks.values()
    if (stack?.status === 'CREATE_COMPLETE') {
      stack.template = templateOf({ One: thing({ By: 'hand' }) })
      cloud.updateByHand('shop')
    }
    release(change)
  }
  const run = start(clouds(), deployment(templateOf({ One: thing(), Two: thing() })))

  await run.ended

  const [again] = only(run.events, 'made_again')
  assert.deepEqual(named(again?.differences ?? []), ['changes'])
})

test('somebody else’s set that became obsolete is refused and not made again', async () => {
  await givenStack(clouds(), templateOf({ One: thing() }))
  const first = start(clouds(), deployment(templateOf({ Two: thing() })), {
    onEach: (event, run) => event.type === 'moved' && run.control.interrupt(),
  })
  server.onOpened = (change) => server.move(change, 'held')
  await first.ended
  const changeSet = [...cloud.sets.keys()].at(-1) ?? ''
  server.onOpened = (change) => {
    cloud.updateByHand('shop')
    release(change)
  }

  const { ending, exitCode } = await start(clouds(), { type: 'given', changeSet }).ended

  assert.equal(exitCode, 1)
  assert.ok(ending.type === 'differs')
  assert.deepEqual(ending.differences, [
    { part: 'change set', name: null, approved: 'AVAILABLE', now: 'OBSOLETE' },
  ])
  assert.deepEqual(executedBy(cloud), [])
})

test('an obsolete set is not even opened', async () => {
  await givenStack(clouds(), templateOf({ One: thing() }))
  const changeSet = [...cloud.sets.keys()].at(-1) ?? ''

  const { ending, exitCode } = await start(clouds(), { type: 'given', changeSet }).ended

  assert.equal(exitCode, 2)
  assert.match(ending.type === 'invalid' ? ending.sentence : '', /it is EXECUTE_COMPLETE/)
})

for (const [what, touch, expected] of [
  ['its template', { template: '{"Resources":{}}' }, 'source: template (original)'],
  ['a capability', { settings: { Capabilities: ['CAPABILITY_IAM'] } }, 'flags: --capability'],
  ['a topic that is told', { settings: { NotificationARNs: ['arn:t'] } }, 'flags: --notification'],
  ['a tag', { settings: { Tags: [{ Key: 'a', Value: 'b' }] } }, 'inputs: variable tag a'],
  ['a parameter', { parameters: [{ key: 'A', value: 'b' }] }, 'inputs: variable A'],
  ['a setting that is new', { settings: { DeploymentMode: 'REVERT_DRIFT' } }, 'source: settings'],
  ['what it changes', { changes: [] }, 'plan'],
] as const) {
  test(`nothing starts when the set has another ${what} than was approved`, async () => {
    server.onOpened = (change) => {
      const [set] = cloud.sets.values()
      if (set !== undefined) cloud.sets.set(set.arn, { ...set, ...touch })
      release(change)
    }
    const run = start(clouds(), deployment(templateOf({ One: thing(), Two: thing() })))

    const { ending, exitCode } = await run.ended

    assert.equal(exitCode, 1)
    assert.ok(ending.type === 'differs')
    assert.ok(named(ending.differences).includes(expected), named(ending.differences).join())
    assert.deepEqual(executedBy(cloud), [])
  })
}

test('another service role than was approved is refused by name', async () => {
  server.onOpened = (change) => {
    for (const stack of cloud.stacks.values()) stack.role = 'arn:aws:iam::1:role/administrator'
    release(change)
  }
  await givenStack(clouds(), templateOf({ One: thing() }))
  const wanted = deployment(templateOf({ Two: thing() }), { roleArn: null })
  for (const stack of cloud.stacks.values()) stack.role = 'arn:aws:iam::1:role/deployer'

  const { ending } = await start(clouds(), wanted).ended

  assert.ok(ending.type === 'differs')
  assert.deepEqual(named(ending.differences), ['target: backend.settings.acts-as'])
})

test('what is rolled back has failed, with its reason and without secrets', async () => {
  const parameters = { Password: { Type: 'String', NoEcho: true } }
  const failing = thing({ FailsToExecute: 'Password {Password} is too short' })
  const template = templateOf({ Fine: thing(), Failing: failing, Never: thing() }, parameters)
  const wanted = deployment(template, { parameters: new Map([['Password', CANARY]]) })
  const run = start(clouds(), wanted)

  const result = await run.ended

  assert.equal(result.exitCode, 3)
  assert.ok(result.ending.type === 'failed')
  const { appliedCount, totalCount, lineage } = result.ending.outcome
  assert.deepEqual([appliedCount, totalCount, lineage], [0, 3, null])
  assert.match(result.ending.stderr, /Failing CREATE_FAILED: Password \(hidden\) is too short/)
  assert.match(result.ending.stderr, /The stack is ROLLBACK_COMPLETE$/)
  const steps = only(run.events, 'progress').map(({ address, state }) => `${address} ${state}`)
  const fine = ['Fine started', 'Fine done']
  assert.deepEqual(steps, [...fine, 'Failing started', 'Failing failed'])
  const told = JSON.stringify([run.events, result, ...[...server.evidence.values()].map(String)])
  assert.equal(told.includes(CANARY), false)
})

test('a lost answer to the start starts nothing twice', async () => {
  cloud.dropAnswersOf.push('ExecuteChangeSet')

  const { ending } = await start(clouds(), deployment(templateOf({ One: thing() }))).ended

  assert.equal(ending.type, 'applied')
  assert.equal([...cloud.stacks.values()][0]?.events.length, 4)
})

test('an execution that the cloud does not permit has failed, and changed nothing', async () => {
  cloud.keys.set(EXECUTE, new Set(['DescribeStackEvents']))

  const { ending, exitCode } = await start(clouds(), deployment(templateOf({ One: thing() }))).ended

  assert.equal(exitCode, 3)
  assert.ok(ending.type === 'failed')
  assert.equal(ending.outcome.appliedCount, 0)
  assert.match(ending.stderr, /AccessDenied: .*is not authorized to perform.*ExecuteChangeSet/)
})

test('a parameter that the template does not declare is refused', async () => {
  const parameters = new Map([['Sise', 'large']])

  const { ending, exitCode } = await start(
    clouds(),
    deployment(templateOf({ One: thing() }), { parameters }),
  ).ended

  assert.deepEqual(
    [exitCode, ending],
    [2, { type: 'invalid', sentence: 'The template declares no parameter Sise' }],
  )
  assert.equal(cloud.sets.size, 0)
})

test('a stack keeps the values of parameters that are not given', async () => {
  const declared = { Size: { Type: 'String' }, Env: { Type: 'String' } }
  const parameters = new Map([
    ['Size', 'small'],
    ['Env', 'prod'],
  ])
  await start(clouds(), deployment(templateOf({ One: thing() }, declared), { parameters })).ended
  const later = deployment(templateOf({ Two: thing() }, declared), {
    parameters: new Map([['Size', 'large']]),
  })

  const { ending } = await start(clouds(), later).ended

  assert.equal(ending.type, 'applied')
  assert.deepEqual([...cloud.stacks.values()][0]?.parameters, [
    { key: 'Size', value: 'large' },
    { key: 'Env', value: 'prod' },
  ])
})

test('without a service role nothing is opened, unless that is accepted', async () => {
  const wanted = deployment(templateOf({ One: thing() }), { roleArn: null })

  const refused = await start(clouds(), wanted).ended
  const accepted = start(clouds(), wanted, { acceptsNoRole: true })
  const { ending } = await accepted.ended

  assert.equal(refused.exitCode, 2)
  assert.equal(ending.type, 'applied')
  assert.deepEqual(only(accepted.events, 'acts_as'), [{ type: 'acts_as', role: null }])
})

test('Ctrl-C while the stack changes is told, and the end is still waited for', async () => {
  const run = start(clouds(), deployment(templateOf({ One: thing() })), {
    onEach: (event, own) => event.type === 'progress' && own.control.interrupt(),
  })

  const { ending } = await run.ended

  assert.equal(ending.type, 'applied')
  assert.match(
    only(run.events, 'warning')
      .map(({ text }) => text)
      .join(),
    /CloudFormation goes on by itself/,
  )
})
