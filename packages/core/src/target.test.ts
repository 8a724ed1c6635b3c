import assert from 'node:assert/strict'
import { test } from 'node:test'
import { givenTarget } from '../test/given.ts'
import {
  accountsOf,
  compareToPin,
  pinnedFrom,
  regionsOf,
  sharesState,
  type Target,
} from './target.ts'

const pin = (about: Partial<ReturnType<typeof pinnedFrom>> & { lineage?: string } = {}) => ({
  ...pinnedFrom(givenTarget()),
  lineage: null,
  ...about,
})
const compare = (target: Target, about: Parameters<typeof pin>[0] = {}) =>
  compareToPin(pin(about), target)
const differs = (part: string, approved: string, now: string) => ({
  part,
  name: null,
  approved,
  now,
})
const setting = (name: string, approved: string, now: string) => ({
  part: 'backend',
  name,
  approved,
  now,
})

test('the target that was pinned passes', () => {
  assert.deepEqual(compare(givenTarget()), [])
})

test('a plan in some of the pinned accounts and regions passes', () => {
  const fewer = givenTarget({ principals: [], providers: givenTarget().providers.slice(0, 1) })

  assert.deepEqual(compare(fewer), [])
})

test('an account that is not pinned differs, and so does one that nobody knows', () => {
  for (const account of ['222222222222', 'unknown'])
    assert.deepEqual(compare(givenTarget({ principals: [{ provider: 'aws', account }] })), [
      differs('account', 'aws:111111111111', `aws:${account}`),
    ])
})

test('an account of another provider is another account', () => {
  const principals = [{ provider: 'google', account: '111111111111' }]

  assert.deepEqual(compare(givenTarget({ principals })), [
    differs('account', 'aws:111111111111', 'google:111111111111'),
  ])
})

test('where no account was pinned, any account differs', () => {
  assert.deepEqual(compare(givenTarget(), { accounts: [] }), [
    differs('account', 'none', 'aws:111111111111'),
  ])
})

test('a region that is not pinned differs', () => {
  assert.deepEqual(compare(givenTarget(), { regions: ['aws:eu-west-1'] }), [
    differs('region', 'aws:eu-west-1', 'aws:eu-central-1'),
  ])
})

test('a provider without regions has none to differ', () => {
  const providers = [{ key: 'random', type: 'random', alias: null, region: null, endpoints: {} }]

  assert.deepEqual(regionsOf(givenTarget({ providers })), [])
})

test('another backend differs by type, else by each setting', () => {
  const settings = { bucket: 'other', region: 'eu-west-1' }
  const backend = { type: 's3', settings }

  assert.deepEqual(compare(givenTarget({ backend: { type: 'local', settings } })), [
    differs('backend', 's3', 'local'),
  ])
  assert.deepEqual(compare(givenTarget({ backend })), [
    setting('bucket', 'state', 'other'),
    setting('key', 'network.tfstate', 'none'),
    setting('region', 'none', 'eu-west-1'),
  ])
})

test('a setting that says none is not an absent one', () => {
  const backend = { type: 's3', settings: { ...givenTarget().backend.settings, prefix: 'none' } }

  assert.deepEqual(compare(givenTarget({ backend })), [setting('prefix', 'none', 'none')])
})

test('a setting named like a method is a setting', () => {
  const settings = { ...givenTarget().backend.settings, constructor: 'x' }

  assert.deepEqual(compare(givenTarget({ backend: { type: 's3', settings } })), [
    setting('constructor', 'none', 'x'),
  ])
})

test('another tool workspace differs', () => {
  assert.deepEqual(compare(givenTarget({ toolWorkspace: 'blue' })), [
    differs('tool workspace', 'default', 'blue'),
  ])
})

test('a lineage is held only once it is pinned', () => {
  assert.deepEqual(compare(givenTarget({ lineage: 'c0ffee' })), [])
  assert.deepEqual(compare(givenTarget({ lineage: 'c0ffee' }), { lineage: 'c0ffee' }), [])
  assert.deepEqual(compare(givenTarget({ lineage: null }), { lineage: 'c0ffee' }), [
    differs('lineage', 'c0ffee', 'none'),
  ])
  assert.deepEqual(compare(givenTarget({ lineage: 'beef' }), { lineage: 'c0ffee' }), [
    differs('lineage', 'c0ffee', 'beef'),
  ])
})

test('accounts and regions are listed once each, in order', () => {
  const twice = givenTarget({
    principals: [
      { provider: 'b', account: '2' },
      { provider: 'a', account: '1' },
      { provider: 'b', account: '2' },
    ],
  })

  assert.deepEqual(accountsOf(twice), ['a:1', 'b:2'])
  assert.deepEqual(regionsOf(twice), ['aws:eu-central-1', 'aws:eu-west-1'])
})

test('two workspaces share a state by backend and tool workspace, whatever the accounts', () => {
  const elsewhere = givenTarget({ principals: [{ provider: 'aws', account: '222222222222' }] })
  const backend = { type: 's3', settings: { bucket: 'another' } }

  assert.equal(sharesState(pin(), elsewhere), true)
  assert.equal(sharesState(pin(), givenTarget({ toolWorkspace: 'another' })), false)
  assert.equal(sharesState(pin(), givenTarget({ backend })), false)
  assert.equal(sharesState(pin({ lineage: 'one' }), givenTarget({ lineage: 'two' })), false)
  assert.equal(sharesState(pin({ lineage: 'one' }), givenTarget({ lineage: null })), true)
})

test('a local state is the same only by its lineage', () => {
  const local = givenTarget({ backend: { type: 'local', settings: {} }, lineage: 'one' })
  const pinned = { ...pinnedFrom(local), lineage: null }

  assert.equal(sharesState(pinned, local), false)
  assert.equal(sharesState({ ...pinned, lineage: 'one' }, local), true)
})
