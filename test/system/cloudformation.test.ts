/**
 * CloudFormation through the gate, with a real server and the bundled command: a stack is made,
 * changed and left alone, by change sets of our own and of somebody else. The cloud is moto, which
 * carries out change sets; what it does not do, the fake beside test/cloud does.
 */
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { start } from '../harness/command.ts'
import { type Installation, install, must } from '../harness/installation.ts'
import { HANGS_AFTER_MS, needs } from '../harness/machine.ts'
import { type Moto, startMoto } from '../harness/moto.ts'
import { approve, changesOf, untilHeld, view } from '../harness/story.ts'

const whenMoto = { ...needs('moto'), timeout: HANGS_AFTER_MS }
const ACCOUNT = '402177351180'
const ROLE = `arn:aws:iam::${ACCOUNT}:role/cloudformation-deployer`

let installation: Installation
let cloud: Moto
let folder: string
let keys: { readonly [name: string]: string }

before(async () => {
  if (whenMoto.skip !== false) return
  installation = await install()
  cloud = await startMoto()
  keys = await cloud.credentials(ACCOUNT)
  folder = await mkdtemp(join(tmpdir(), 'holdpoint-cfn-'))
})

after(async () => {
  cloud?.close()
  await installation?.close()
  if (folder !== undefined) await rm(folder, { recursive: true, force: true })
})

function template(...topics: readonly string[]): string {
  const resources = topics.map((name) => [
    name,
    { Type: 'AWS::SNS::Topic', Properties: { TopicName: { 'Fn::Sub': `${name}-\${Env}` } } },
  ])
  return JSON.stringify({
    AWSTemplateFormatVersion: '2010-09-09',
    Parameters: { Env: { Type: 'String', Default: 'prod' } },
    Resources: Object.fromEntries(resources),
  })
}

async function deploy(topics: readonly string[], ...args: readonly string[]) {
  await writeFile(join(folder, 'shop.json'), template(...topics))
  const stack = args.includes('--stack-name') ? [] : ['--stack-name', 'shop']
  const words = ['cfn', 'deploy', '--template', 'shop.json', ...stack]
  const options = { folder, as: 'mira', environment: environment() }
  return start(installation, [...words, ...args], options)
}

const environment = () => ({ ...keys, AWS_ENDPOINT_URL: cloud.url, AWS_REGION: 'eu-central-1' })

const execute = (arn: string) =>
  start(installation, ['cfn', 'execute', arn], { folder, as: 'mira', environment: environment() })

const topics = async () => (await cloud.topics(ACCOUNT, 'eu-central-1')).toSorted()

test('a stack is made only after somebody approved its change set', whenMoto, async () => {
  const running = await deploy(['Orders'], '--role-arn', ROLE)
  const held = await untilHeld(installation)
  assert.deepEqual(await topics(), [])

  must(await approve(installation, 'ines', held))
  const ended = await running.ended

  assert.equal(ended.code, 0, ended.out + ended.err)
  assert.match(ended.out, /^Applied {2}1 of 1 in .+ log entry \d+$/m)
  assert.deepEqual(await topics(), ['Orders-prod'])
})

test('an additive change of the stack is allowed at once, and says as whom', whenMoto, async () => {
  const ended = await (await deploy(['Orders', 'Invoices'])).ended

  assert.equal(ended.code, 0, ended.out + ended.err)
  assert.match(ended.out, new RegExp(`^Acts as {2}${ROLE}$`, 'm'))
  assert.match(ended.out, /^Checking {2}1 change set, 2 templates, 1 parameter, target: as appr/m)
  assert.deepEqual(await topics(), ['Invoices-prod', 'Orders-prod'])
})

test('a change set that changes nothing opens nothing', whenMoto, async () => {
  const before = await changesOf(installation)

  const ended = await (await deploy(['Orders', 'Invoices'])).ended

  assert.equal(ended.code, 0, ended.out + ended.err)
  assert.match(ended.out, /^Nothing to apply/m)
  assert.equal((await changesOf(installation)).length, before.length)
})

test('what is held is gone on with by its ARN, and its approvals stand', {
  ...whenMoto,
  timeout: HANGS_AFTER_MS,
}, async () => {
  const left = await (await deploy(['Orders'], '--no-wait')).ended
  assert.equal(left.code, 75, left.out + left.err)
  const held = await untilHeld(installation)
  for (const who of ['jonas', 'ines']) must(await approve(installation, who, held))
  const arn = /go on with: holdpoint cfn execute (\S+)$/m.exec(left.out)?.[1] ?? missing()

  const ended = await execute(arn).ended

  assert.equal(ended.code, 0, ended.out + ended.err)
  assert.match(ended.err, /The same plan as/)
  assert.equal((await view(installation, held.id)).status, 'applied')
  assert.deepEqual(await topics(), ['Orders-prod'])
})

test('the change stands in the log as what it is bound to', whenMoto, async () => {
  const [change] = await changesOf(installation)
  const { target, flags, tool, outcome } = await view(installation, change?.id ?? missing())

  assert.equal(tool, 'cloudformation')
  assert.deepEqual(target.backend, {
    type: 'cloudformation',
    settings: { stack: 'shop', 'acts-as': ROLE },
  })
  assert.deepEqual(target.principals, [{ provider: 'aws', account: ACCOUNT }])
  assert.match(target.lineage ?? '', /^[0-9a-f-]{36}$/)
  assert.equal(outcome?.lineage, target.lineage)
  const set = `arn:aws:cloudformation:eu-central-1:${ACCOUNT}:changeSet/holdpoint-`
  assert.equal(flags[0]?.startsWith(`--change-set=${set}`), true, flags[0])
})

test('whoever looks at the change in a terminal reads as whom it acts', whenMoto, async () => {
  const [change] = await changesOf(installation)
  const words = ['show', change?.id ?? missing()]

  const ended = await start(installation, words, { folder, as: 'ines' }).ended

  assert.match(ended.out, new RegExp(`^ {2}acts as ${ROLE}$`, 'm'))
})

test('another service role than the pinned one is refused', whenMoto, async () => {
  const other = ROLE.replace('deployer', 'administrator')

  const ended = await (await deploy(['Orders', 'New'], '--role-arn', other)).ended

  assert.equal(ended.code, 1, ended.out + ended.err)
  assert.match(ended.err, /acts-as/)
  assert.deepEqual(await topics(), ['Orders-prod'])
})

test('a stack without a service role is refused with what to do', whenMoto, async () => {
  const ended = await (await deploy(['Orders'], '--stack-name', 'roleless')).ended

  assert.equal(ended.code, 2, ended.out + ended.err)
  assert.match(ended.err, /has no service role.*--role-arn.*--without-role/s)
})

test('without credentials nothing is asked of the cloud', whenMoto, async () => {
  const words = ['cfn', 'deploy', '--stack-name', 'shop', '--template', 'shop.json']
  const environment = { AWS_ENDPOINT_URL: cloud.url, AWS_REGION: 'eu-central-1' }
  const ended = await start(installation, words, { folder, as: 'mira', environment }).ended

  assert.equal(ended.code, 2, ended.out + ended.err)
  assert.match(ended.err, /There are no AWS credentials/)
})

function missing(): never {
  throw new Error('it is not there')
}
