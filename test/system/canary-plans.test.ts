/**
 * I9 for plans of every format: a secret in every place of a plan, and everything that reads,
 * prints, opens or keeps it is searched for them. The plans go the way that a real one goes; only
 * the tool that prints them is a stand-in.
 */
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createLog } from '../../packages/server/src/io/log.ts'
import { canaryPlans } from '../fixtures/canary-plans.ts'
import { leaksOf } from '../fixtures/canary-search.ts'
import { run } from '../harness/command.ts'
import { dumpDatabase, readAnswers, readFiles, type Written } from '../harness/everything.ts'
import { type Installation, install } from '../harness/installation.ts'
import { HANGS_AFTER_MS } from '../harness/machine.ts'
import { givenPrintingTool, type PrintingTool } from '../harness/printing-tool.ts'
import { changesOf } from '../harness/story.ts'

const plans = canaryPlans()
const secrets = new Map(
  plans.flatMap(({ name, secrets: own }) =>
    [...own].map(([place, secret]) => [`${name}: ${place}`, secret] as const),
  ),
)
const written: Written = new Map()
const logged: string[] = []

let installation: Installation
let folder: string
let isClosed = false
const tools: PrintingTool[] = []

const POLICY = `version: 1
default: { hold: { approvals: [{ from: [team:platform] }] } }
rules:
  - name: compares-what-is-hidden
    match: resource.after.password == "guess"
    hold: { approvals: [{ from: [team:dba] }] }
    message: Compares what is hidden
`
const FORMS = [
  ['inspect'],
  ['inspect', '--full'],
  ['inspect', '--json'],
  ['inspect', '--markdown'],
  ['inspect', '--html'],
  ['evaluate', '--policy', 'policy.yaml', '--full'],
  ['evaluate', '--policy', 'policy.yaml', '--json'],
] as const

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdpoint-canary-'))
  await writeFile(join(folder, 'policy.yaml'), POLICY)
  const logger = createLog({ level: 'debug', destination: { write: (line) => logged.push(line) } })
  installation = await install({ dataDir: join(folder, 'data'), logger, policy: POLICY })
  for (const plan of plans) {
    const tool = await givenPrintingTool(plan.text)
    tools.push(tool)
    await printAll(plan.name, tool)
    await openChange(plan.name, tool)
  }
  await readAnswers(installation, written)
  await installation.close()
  isClosed = true
  written.set('server log', logged.join('\n'))
  written.set('database', await dumpDatabase(join(folder, 'data', 'db')))
  readFiles(join(folder, 'data'), written)
})

after(async () => {
  if (installation !== undefined && !isClosed) await installation.close()
  for (const tool of tools) await tool.remove()
  if (folder !== undefined) await rm(folder, { recursive: true })
})

async function printAll(name: string, tool: PrintingTool): Promise<void> {
  for (const words of FORMS) {
    const printed = await run(installation, [...words, tool.document], { folder })
    assert.ok(printed.code === 0 || printed.code === 75, printed.out + printed.err)
    written.set(`${words.join(' ')} of ${name}`, printed.out + printed.err)
  }
}

/** What was planned by one tool and says that it is another's is sent, and then refused. */
async function openChange(name: string, tool: PrintingTool): Promise<void> {
  const asked = { folder: tool.folder, environment: tool.environment }
  const opened = await run(installation, ['apply', '--no-wait', '--full'], { ...asked, as: 'mira' })
  written.set(`apply of ${name}`, opened.out + opened.err)
  assert.equal(opened.code, name === 'terraform' ? 75 : 1, opened.out + opened.err)
  if (opened.code !== 75) return
  const [held] = await changesOf(installation)
  assert.ok(held !== undefined)
  for (const form of ['--full', '--json']) {
    const shown = await run(installation, ['show', held.id, form], { ...asked, as: 'ines' })
    assert.equal(shown.code, 0, shown.out + shown.err)
    written.set(`show ${form} of ${name}`, shown.out + shown.err)
  }
}

const options = { timeout: HANGS_AFTER_MS }

test('no secret of any plan is anywhere', options, () => {
  const found = [...written].flatMap(([place, text]) => {
    return leaksOf(text, secrets).map((secret) => `${place}: ${secret}`)
  })

  assert.deepEqual(found, [])
  assert.ok(secrets.size > 120, `only ${secrets.size} secrets were planted`)
})

test('the search finds what is there: the plans themselves', options, () => {
  const places = [...written].filter(([, text]) => text.includes('aws_a.found'))

  const names = new Set(places.map(([place]) => place.split(' ')[0]))
  for (const place of ['inspect', 'evaluate', 'apply', 'show', 'plan', 'bundle,', 'database'])
    assert.ok(names.has(place), `${place} is not among ${[...names].join(', ')}`)
  assert.ok(logged.length > 10, 'the server has logged what it did')
})

test('a secret that nothing hides would be found', options, () => {
  const shown = new Map([['shown', 'written by hand']])
  const found = [...written].filter(([, text]) => leaksOf(text, shown).length > 0)

  assert.ok(found.some(([place]) => place.startsWith('database')))
  assert.ok(found.some(([place]) => place.startsWith('bundle, decoded')))
})
