/**
 * An agent's day, with the real client of the protocol, the bundled command, a real server and real
 * Terraform: it inspects, opens, waits, reads and withdraws, and whatever it does decides nothing.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Agent, givenAgent } from '../harness/agent.ts'
import { run } from '../harness/command.ts'
import { type Installation, install, must, WORKSPACE } from '../harness/installation.ts'
import { HANGS_AFTER_MS, needs } from '../harness/machine.ts'
import { givenProject, type Project, resources } from '../harness/project.ts'
import {
  approve,
  changesOf,
  entriesOf,
  newest,
  until,
  untilStatus,
  view,
} from '../harness/story.ts'

const REASON = 'The ledger needs two more queues before Friday'
const whenTerraform = needs('terraform')

describe('an agent that works for a person', { ...whenTerraform, timeout: HANGS_AFTER_MS }, () => {
  let installation: Installation
  let project: Project
  let agent: Agent

  before(async () => {
    installation = await install()
    project = await givenProject({ 'main.tf': resources('one', 'two') })
    agent = await givenAgent(installation, { folder: project.folder, as: 'mira' })
  })
  after(async () => {
    await agent?.close()
    await project?.remove()
    await installation?.close()
  })

  it('opens by planning the folder, and people see whose it is and why', async () => {
    const told: string[] = []
    const onprogress = ({ message = '' }) => told.push(message)
    const opened = await agent.ask('open_change', { reason: REASON }, { onprogress })

    const { id, openedBy, status, words, page } = opened
    const seen = await newest(installation)
    assert.deepEqual(
      { id, openedBy, status, words, page },
      {
        id: seen.id,
        openedBy: 'an agent (deploy-bot) for Mira Kovač',
        status: 'held',
        words: REASON,
        page: seen.url,
      },
    )
    assert.deepEqual([seen.agent, seen.agentName, seen.words], [true, 'deploy-bot', REASON])
    assert.ok(
      told.some((line) => /^Planning with /.test(line)),
      told.join('\n'),
    )
    const shown = await run(installation, ['show', seen.id], { folder: project.folder, as: 'ines' })
    assert.match(
      shown.out,
      / by an agent \(deploy-bot\) for Mira Kovač, on a self-reported runner /,
    )
    assert.match(shown.out, new RegExp(`^ {2}the agent’s reason: "${REASON}"$`, 'm'))
  })

  it('is told that the same plan is open already, and opens nothing', async () => {
    const before = await changesOf(installation)

    const again = await agent.ask('open_change', { reason: 'The same once more' })

    assert.equal(again['opened'], false)
    assert.equal(again['id'], before[0]?.id)
    assert.equal((await changesOf(installation)).length, before.length)
  })

  it('waits, is told how it goes on, and sees what people decided', async () => {
    const held = await newest(installation)
    const told: string[] = []
    const waiting = agent.ask(
      'wait_for_change',
      { change: held.id, timeout_seconds: 60 },
      { onprogress: ({ message = '' }) => told.push(message) },
    )
    const early = await agent.ask('wait_for_change', { change: held.id, timeout_seconds: 1 })
    assert.deepEqual([early['timedOut'], early['status']], [true, 'held'])
    // Nothing that applies is waiting, and nobody who decides is told so.
    assert.equal((await view(installation, held.id)).runner.waiting, false)

    assert.deepEqual(must(await approve(installation, 'ines', held)), { status: 'released' })

    const seen = await waiting
    assert.deepEqual([seen['timedOut'], seen['status']], [false, 'released'])
    assert.match(String(seen['next']), /^Released {2}may be applied exactly once/)
    assert.match(JSON.stringify(seen['decisions']), /"person":"Ines Duarte","decision":"approve"/)
    assert.ok(
      told.some((line) => line.startsWith('Held  0 of 1 approvals')),
      told.join('\n'),
    )
  })

  it('has executed nothing; the person does, with what was approved', async () => {
    const released = await newest(installation)
    assert.equal((await entriesOf(installation, released.id)).includes('execution_started'), false)

    const applied = await run(installation, ['apply'], { folder: project.folder, as: 'mira' })

    assert.equal(applied.code, 0, applied.out + applied.err)
    const change = await untilStatus(installation, released.id, 'applied')
    assert.deepEqual([change.agent, change.words], [true, REASON])
    const ended = { change: released.id, until: 'ended', timeout_seconds: 1 }
    assert.equal((await agent.ask('wait_for_change', ended))['status'], 'applied')
  })

  it('does not apply what the rules allow, and nobody waits for it', async () => {
    await project.write('main.tf', resources('one', 'two', 'three'))

    const opened = await agent.ask('open_change', { reason: REASON })

    assert.deepEqual([opened['status'], opened['verdict']], ['released', 'allow'])
    const { id } = await newest(installation)
    assert.deepEqual(await entriesOf(installation, id), ['change_opened', 'evaluated', 'released'])
    assert.ok(!(await project.state())?.includes('"three"'))
  })

  it('lists what it opened and withdraws it, and no change that a person opened', async () => {
    await project.write('main.tf', resources('one'))
    const apply = ['apply', '--no-wait', '-m', 'mine']
    const ended = await run(installation, apply, { folder: project.folder, as: 'mira' })
    assert.equal(ended.code, 75, ended.out + ended.err)
    const persons = await newest(installation)
    await project.write('main.tf', resources('two'))
    const opened = await agent.ask('open_change', { reason: REASON })

    const listed = await agent.ask('list_changes', { status: 'held' })
    const refused = await agent.refusal('withdraw_change', { change: persons.id })
    const done = await agent.ask('withdraw_change', { change: opened['id'] })

    assert.equal(listed['found'], 2)
    assert.match(refused, /^Not an agent’s change\nNo agent opened it/)
    assert.deepEqual([done['id'], done['status']], [opened['id'], 'withdrawn'])
    assert.equal((await view(installation, persons.id)).status, 'held')
  })

  it('plans the folder once at a time, and not at all for who has gone', async () => {
    await project.write('main.tf', resources('one', 'two', 'five'))
    const before = (await changesOf(installation)).length
    const gone = AbortSignal.timeout(1)
    await assert.rejects(agent.ask('open_change', { reason: 'Gone' }, { signal: gone }))
    const busy = 'This folder is being planned already; wait for that answer'
    await until('the first is over', async () => {
      const asked = { reason: REASON, tool_arguments: ['-nothing'] }
      return (await agent.refusal('open_change', asked)) !== busy
    })
    assert.equal((await changesOf(installation)).length, before)

    const both = await Promise.allSettled([
      agent.ask('open_change', { reason: REASON }),
      agent.ask('open_change', { reason: REASON }),
    ])

    const [first, second] = both
    assert.equal(first.status, 'fulfilled')
    assert.match(String(second.status === 'rejected' && second.reason), new RegExp(busy))
    assert.equal((await changesOf(installation)).length, before + 1)
  })

  it('says in words what it cannot do, and goes on', async () => {
    assert.match(
      await agent.refusal('read_change', { change: 'zzzz' }),
      /^Not found\nNone of the newest 200 changes that you may see begins with zzzz\./,
    )
    assert.equal(
      await agent.refusal('open_change', { reason: REASON, workspace: 'other/place' }),
      `This server opens changes in ${WORKSPACE} only`,
    )
    const auto = { reason: REASON, tool_arguments: ['-auto-approve'] }
    assert.match(await agent.refusal('open_change', auto), /-auto-approve/)
    await project.write('main.tf', 'resource "terraform_data" {')
    assert.match(await agent.refusal('open_change', { reason: REASON }), /Nothing was opened\.$/)
    assert.equal((await agent.ask('list_changes', {}))['searched'], 'all')
  })
})

describe('an agent with a token', { ...whenTerraform, timeout: HANGS_AFTER_MS }, () => {
  let installation: Installation
  let project: Project

  before(async () => {
    installation = await install()
    project = await givenProject({ 'main.tf': resources('one') })
  })
  after(async () => {
    await project?.remove()
    await installation?.close()
  })

  it('needs one more person, is called by the token’s name, and shows no token', async () => {
    const { secret } = await installation.change({
      ...{ type: 'issue_token', name: 'deploy', verbs: ['open'] },
      ...{ workspaces: null, expiresInDays: 1 },
    })
    const folder = project.folder
    const agent = await givenAgent(installation, { folder, token: secret ?? '', workspace: null })
    try {
      const opened = await agent.ask('open_change', { reason: REASON, workspace: WORKSPACE })

      assert.equal(opened['openedBy'], 'an agent (deploy, as deploy-bot)')
      assert.deepEqual((await newest(installation)).missing, [
        { from: ['team:platform'], count: 2 },
      ])
      assert.ok(!JSON.stringify(opened).includes(secret ?? '?'))
      assert.ok(!agent.said().includes(secret ?? '?'))
    } finally {
      await agent.close()
    }
  })

  it('without any, is told so by each tool that asks the server', async () => {
    const agent = await givenAgent(installation, { folder: project.folder })
    try {
      assert.match(await agent.refusal('list_changes', {}), /^Not signed in\n/)
      assert.match(await agent.refusal('open_change', { reason: REASON }), /^Not signed in\n/)
    } finally {
      await agent.close()
    }
  })
})
