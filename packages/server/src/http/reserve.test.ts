import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { newSigningKey } from '@holdpoint/api/node'
import { encodeBase64 } from '@holdpoint/core'
import {
  accept,
  addCast,
  openRun,
  startTestServer,
  TARGET,
  type TestServer,
  tryOpenRun,
} from '../../test/server-story.ts'

let story: TestServer
before(async () => {
  story = await startTestServer()
  await addCast(story)
  await accept(story, { type: 'grant_role', person: 'ada', role: 'requester', workspace: null })
})
after(() => story.close())

describe('a reserved change', () => {
  it('is opened only with a signature by the key that it carries', async () => {
    const runnerKey = encodeBase64(newSigningKey().publicKey)
    const { answer, run } = await tryOpenRun(story.as('mira'), { workspace: 'reserve/key' })
    assert.ok(answer.ok)

    const bent = await tryOpenRun(story.as('mira'), {
      workspace: 'reserve/key',
      bend: (body) => ({ ...body, runnerKey }),
    })

    assert.equal(bent.answer.ok ? null : bent.answer.problem.code, 'invalid_input')
    assert.match(bent.answer.ok ? '' : bent.answer.problem.detail, /^signature: /)
    assert.notEqual(bent.run.change, run.change)
  })

  it('is opened once, by who reserved it', async () => {
    const mira = story.as('mira')
    let sent: unknown = null
    const capture = (body: { readonly [name: string]: never }) => {
      sent = body
      return body
    }
    const run = await openRun(mira, { workspace: 'reserve/once', bend: capture as never })

    const signed = run.signed('open', sent as never)
    const params = { change: run.change }
    const again = await mira.call('open', { params, body: signed as never })
    const stolen = await story.as('ada').call('open', { params, body: signed as never })

    assert.deepEqual([again.status, stolen.status], [404, 404])
  })
})

describe('a new workspace', () => {
  it('says which other workspace is bound to the same state, by a name one may see', async () => {
    const target = { ...TARGET, backend: { type: 's3', settings: { bucket: 'state' } } }
    const { backend, toolWorkspace } = target
    await openRun(story.as('mira'), { workspace: 'state/prod', target })
    const pin = { backend, toolWorkspace, accounts: [], regions: [] }
    await accept(story, { type: 'pin_target', workspace: 'state/prod', pin })

    const run = await openRun(story.as('mira'), { workspace: 'state/prdo', target })
    const params = { change: run.change }
    const seen = await story.as('mira').call('change', { params })
    const other = await openRun(story.as('mira'), { workspace: 'state/third' })
    const alone = await story.as('mira').call('change', { params: { change: other.change } })

    const workspaces = ['state/prdo']
    const asked = { name: 'one', verbs: ['open' as const], workspaces, expiresInDays: 1 }
    const { secret } = await accept(story, { type: 'issue_token', ...asked })
    const narrow = await story.withToken(secret ?? '').call('change', { params })

    assert.ok(seen.ok && alone.ok && narrow.ok)
    assert.deepEqual(narrow.value.sameStateAs, [null])
    assert.deepEqual([seen.value.bindsTarget, seen.value.sameStateAs], [true, ['state/prod']])
    assert.deepEqual([alone.value.bindsTarget, alone.value.sameStateAs], [true, []])
  })
})

describe('the key for hidden values', () => {
  it('is another for every change, and the same again for whoever re-plans their own', async () => {
    const mira = story.as('mira')
    const run = await openRun(mira, { workspace: 'reserve/key-again' })
    const reserve = async (client: typeof mira, workspace: string, sameAs: string | null) => {
      const answer = await client.call('reserve', { body: { workspace, sameAs } })
      return answer.ok ? answer.value.hidingKey : answer.status
    }
    const name = 'reserve/key-again'

    const first = await reserve(mira, name, run.change)

    assert.equal(await reserve(mira, name, run.change), first)
    assert.notEqual(await reserve(mira, name, null), first)
    assert.equal(Buffer.from(String(first), 'base64').length, 32)
    assert.equal(await reserve(story.as('ada'), name, run.change), 404)
    assert.equal(await reserve(mira, 'reserve/elsewhere', run.change), 404)
  })

  it('is not given again to a token, behind which stand many', async () => {
    const name = 'reserve/token'
    const issued = await accept(story, {
      type: 'issue_token',
      name: 'ci',
      verbs: ['open', 'execute'],
      workspaces: null,
      expiresInDays: 1,
    })
    const token = story.withToken(issued.secret ?? '')
    const run = await openRun(token, { workspace: name })

    const answer = await token.call('reserve', { body: { workspace: name, sameAs: run.change } })

    assert.equal(answer.status, 404)
  })
})
