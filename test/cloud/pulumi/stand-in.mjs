#!/usr/bin/env node
/**
 * An honest stand-in for Pulumi, which is not on the machines that these tests run on. It really keeps a
 * checkpoint in a file, runs its "program" (resources in JSON) anew at preview and at up, writes plans,
 * and refuses an update that deviates from its plan before it changes anything. Like the tool it does
 * not notice that a plan was made from another checkpoint.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const args = process.argv.slice(2)
const flag = (name) => args.find((each) => each.startsWith(`--${name}=`))?.slice(name.length + 3)
const stack = flag('stack') ?? fail('no stack was named')
const backend = process.env['PULUMI_BACKEND_URL'] ?? fail('PULUMI_BACKEND_URL is not set')
const folder = backend.replace(/^file:\/\//, '')
const file = join(folder, `${stack}.json`)

function fail(message) {
  process.stderr.write(`error: ${message}\n`)
  process.exit(255)
}

/** What each call finds of what stands around, for whoever asks whether it was kept from it. */
const STANDING = ['HOME', 'AWS_PROFILE', 'AWS_ACCESS_KEY_ID', 'GOOGLE_CLOUD_KEYFILE_JSON']
mkdirSync(folder, { recursive: true })
const found = STANDING.map((name) => process.env[name] ?? '-').join(' ')
appendFileSync(join(folder, 'calls'), `${args[0]} ${found}\n`)

function checkpoint() {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'))
  return { version: 3, deployment: { manifest: {}, resources: [] } }
}

/** Runs the program, which may say whatever it likes each time. */
function desired() {
  const program = JSON.parse(readFileSync('program.json', 'utf8'))
  return Object.entries(program.resources).map(([name, { type, ...inputs }]) => {
    if (inputs.when === 'each time') inputs.when = String(process.hrtime.bigint())
    return { urn: `urn:pulumi:${stack}::project::${type}::${name}`, type, inputs }
  })
}

function steps() {
  const before = new Map(checkpoint().deployment.resources.map((each) => [each.urn, each]))
  const after = desired()
  const kept = after.map((wanted) => {
    const old = before.get(wanted.urn)
    before.delete(wanted.urn)
    if (old === undefined) return { op: 'create', urn: wanted.urn, newState: wanted }
    const isSame = JSON.stringify(old.inputs) === JSON.stringify(wanted.inputs)
    const op = isSame ? 'same' : 'update'
    return { op, urn: wanted.urn, oldState: old, newState: wanted }
  })
  const gone = [...before.values()].map((old) => ({ op: 'delete', urn: old.urn, oldState: old }))
  return [...kept, ...gone]
}

/** What of the steps a plan binds: what is done, and with which inputs; never from which state. */
function planOf(found) {
  const entries = found.map(({ op, urn, newState }) => [
    urn,
    { steps: [op], goal: newState?.inputs ?? null },
  ])
  return { resourcePlans: Object.fromEntries(entries) }
}

function preview() {
  const found = steps()
  writeFileSync(flag('save-plan') ?? fail('no plan is saved'), JSON.stringify(planOf(found)))
  const changeSummary = {}
  for (const { op } of found) changeSummary[op] = (changeSummary[op] ?? 0) + 1
  process.stdout.write(JSON.stringify({ config: {}, steps: found, duration: 1, changeSummary }))
}

function up() {
  const plan = JSON.parse(readFileSync(flag('plan') ?? fail('no plan is followed'), 'utf8'))
  const found = steps()
  for (const [urn, own] of Object.entries(planOf(found).resourcePlans)) {
    const planned = plan.resourcePlans[urn]
    if (JSON.stringify(planned) !== JSON.stringify(own))
      fail(`resource ${urn} violates plan: ${own.steps} is not as planned`)
  }
  mkdirSync(folder, { recursive: true })
  const from = process.env['AWS_CONTAINER_CREDENTIALS_FULL_URI'] ?? process.env['AWS_ACCESS_KEY_ID']
  appendFileSync(join(folder, 'updates'), `${stack} with ${from ?? 'nothing'}\n`)
  let sequence = 0
  const tell = (event) => {
    sequence += 1
    process.stdout.write(`${JSON.stringify({ sequence, timestamp: 1, ...event })}\n`)
  }
  const resources = []
  for (const { op, urn, newState } of found) {
    tell({ resourcePreEvent: { metadata: { op, urn } } })
    if (newState?.inputs.fails !== undefined) {
      tell({ diagnosticEvent: { severity: 'error', message: newState.inputs.fails, urn } })
      tell({ resOpFailedEvent: { metadata: { op, urn } } })
      save(resources)
      fail('update failed')
    }
    if (newState !== undefined) resources.push(newState)
    tell({ resOutputsEvent: { metadata: { op, urn } } })
  }
  save(resources)
}

function save(resources) {
  writeFileSync(file, JSON.stringify({ version: 3, deployment: { manifest: {}, resources } }))
}

const [command, sub] = args
if (command === 'preview') preview()
else if (command === 'up') up()
else if (command === 'stack' && sub === 'export') process.stdout.write(JSON.stringify(checkpoint()))
else if (command === 'whoami') process.stdout.write(JSON.stringify({ user: 'mira', url: backend }))
else fail(`unknown command ${command}`)
