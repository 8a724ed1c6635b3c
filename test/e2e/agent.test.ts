/**
 * What an agent gives as its reason, on the page in a real browser, in the terminal, as JSON and as
 * another agent reads it: quoted, visible, and never more than its own words.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { openRun } from '../../packages/server/test/server-story.ts'
import { HOSTILE_WORDS, UNSHOWN } from '../fixtures/hostile-words.ts'
import { type Agent, givenAgent } from '../harness/agent.ts'
import { openBrowser, visitAs } from '../harness/browser.ts'
import { run } from '../harness/command.ts'
import { type Installation, install } from '../harness/installation.ts'
import { HANGS_AFTER_MS, needs } from '../harness/machine.ts'
import { untilStatus } from '../harness/story.ts'

const skip = needs('chromium').skip
const ines = { handle: 'ines', name: 'Ines Duarte' }

let installation: Installation
let browser: Browser
let agent: Agent

before(async () => {
  if (skip !== false) return
  installation = await install()
  browser = await openBrowser()
  agent = await givenAgent(installation, { folder: import.meta.dirname, as: 'ines' })
})
after(async () => {
  await agent?.close()
  await browser?.close()
  await installation?.close()
})

/** As an agent of Mira sends it, past every check of its own side. */
async function opened(name: string, words: string) {
  const bend = (body: object) => ({ ...body, agent: true, agentName: 'deploy-bot' })
  const workspace = `agents/${name}`
  const { change } = await openRun(installation.as('mira'), { workspace, words, bend })
  return await untilStatus(installation, change, 'held')
}

test('a hostile reason is quoted text on every surface', {
  skip,
  timeout: HANGS_AFTER_MS,
}, async () => {
  const { url } = installation
  const { page, context, complaints } = await visitAs(browser, { url, ...ines })
  const dialogs: string[] = []
  const asked: string[] = []
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message())
    dialog.dismiss().catch(() => undefined)
  })
  page.on('request', (request) => asked.push(request.url()))
  for (const [name, words] of Object.entries(HOSTILE_WORDS)) {
    const { id } = await opened(name, words)
    await page.goto(`${url}/c/${id}`)
    await page.locator('.their-words').waitFor()

    const shown = await page.locator('.their-words').evaluate((element) => ({
      tags: [...element.querySelectorAll('*')].map((each) => each.localName),
      quoted: element.querySelector('q')?.textContent ?? '',
      after: element.lastElementChild?.localName ?? '',
    }))
    const by = await page.locator('.head-by').evaluate((element) => ({
      text: element.textContent,
      robot: element.querySelector('svg') !== null,
    }))

    assert.deepEqual([...new Set(shown.tags)].toSorted(), ['q', 'span'], name)
    assert.equal(shown.after, 'q', name)
    assert.doesNotMatch(shown.quoted, UNSHOWN, name)
    assert.ok(shown.quoted.length >= words.trim().length, name)
    assert.match(by.text, /^opened by an agent \(deploy-bot\) for Mira Kovač /, name)
    assert.equal(by.robot, true, name)
    await elsewhere(id, words, name)
  }
  assert.deepEqual([complaints, dialogs], [[], []])
  assert.deepEqual(
    asked.filter((each) => !each.startsWith(url)),
    [],
  )
  await context.close()
})

async function elsewhere(id: string, words: string, name: string): Promise<void> {
  const folder = import.meta.dirname
  const shown = await run(installation, ['show', id], { folder, as: 'ines' })
  const lines = shown.out.split('\n')
  const document = await run(installation, ['show', id, '--json'], { folder, as: 'ines' })
  const read = await agent.ask('read_change', { change: id })

  for (const line of lines) assert.doesNotMatch(line, UNSHOWN, name)
  assert.equal(lines.filter((line) => /^ {2}the agent’s reason: ".*"$/.test(line)).length, 1, name)
  assert.equal(
    lines.some((line) => /^(Approved|Released)/.test(line)),
    false,
    name,
  )
  for (const line of document.out.split('\n')) assert.doesNotMatch(line, UNSHOWN, name)
  assert.equal(JSON.parse(document.out).words, words, name)
  assert.doesNotMatch(JSON.stringify(read), UNSHOWN, name)
  assert.deepEqual([read['status'], read['decisions'], read['agent']], ['held', [], true], name)
}
