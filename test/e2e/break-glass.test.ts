/**
 * Breaking the glass as people meet it: a pipeline waits, the one person who is listed goes round
 * everybody with a passkey, it is applied at once, and somebody else says whether it was justified.
 */
import assert from 'node:assert/strict'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { addAuthenticator, openBrowser, type Visitor, visit } from '../harness/browser.ts'
import { type Running, run, start } from '../harness/command.ts'
import { WORKSPACE } from '../harness/installation.ts'
import { needs } from '../harness/machine.ts'
import { installProduction, type Production } from '../harness/production.ts'
import { givenProject, type Project, resources } from '../harness/project.ts'

const skip = needs('chromium').skip || needs('terraform').skip
const POLICY = 'version: 1\ndefault: { hold: { approvals: [{ from: [team:platform] }] } }\n'
const REASON = 'the ledger is down and platform does not answer'

let site: Production
let project: Project
let browser: Browser
let ada: Visitor
let jonas: Visitor
const running: Running[] = []

before(async () => {
  if (skip !== false) return
  site = await installProduction(POLICY)
  project = await givenProject({ 'main.tf': resources('ledger') })
  browser = await openBrowser()
  ada = await first('Ada Lund', 'ada')
  jonas = await byProvider('Jonas Weber', 'jonas')
  await site.installation.change({ type: 'add_member', team: 'platform', person: 'jonas' })
})

after(async () => {
  for (const each of running) each.child.kill('SIGKILL')
  await browser?.close()
  await project?.remove()
  await site?.close()
})

async function first(name: string, handle: string): Promise<Visitor> {
  const visitor = await visit(browser)
  await addAuthenticator(visitor)
  const { page } = visitor
  await page.goto((await readFile(join(site.installation.dataDir, 'first-link'), 'utf8')).trim())
  await page.getByLabel('Your name').fill(name)
  await page.getByLabel('Handle').fill(handle)
  await page.getByRole('button', { name: 'Make my passkey' }).click()
  await page.getByText('On this server’s word.').waitFor()
  return visitor
}

async function byProvider(name: string, handle: string): Promise<Visitor> {
  const visitor = await visit(browser)
  await addAuthenticator(visitor)
  const { page } = visitor
  site.provider.signInAs({ subject: `sub-${handle}`, claims: { name, preferred_username: handle } })
  await page.goto(`${site.origin}/sign-in?next=/you`)
  await page.getByRole('link', { name: 'Sign in with Example ID' }).click()
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByText('On this server’s word.').waitFor()
  return visitor
}

const IDS = /\/c\/(chg_[0-9a-z]{16})/

async function held() {
  const applying = start(site.installation, ['apply'], {
    folder: project.folder,
    token: site.token,
  })
  running.push(applying)
  return { applying, id: IDS.exec(await applying.says(IDS))?.[1] ?? '' }
}

async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  const found = await page.evaluate(async () => (await window.axe.run(document)).violations)
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}

declare global {
  interface Window {
    readonly axe: typeof axe
  }
}

test('one listed person goes round everybody, with a reason, a name and a passkey', {
  skip,
}, async () => {
  const { applying, id } = await held()
  const { page, complaints } = ada
  await page.goto(`${site.origin}/c/${id}/break-glass`)
  await page.getByText('You may not break the glass here.').waitFor()
  await site.installation.change({ type: 'grant_break_glass', person: 'ada' })

  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(`${site.origin}/c/${id}`)
  await page.getByRole('link', { name: 'break the glass' }).click()
  await page.getByText('A rule that denies', { exact: true }).waitFor()
  await page.getByRole('listitem').getByText('Jonas Weber').waitFor()
  const button = page.getByRole('button', { name: 'Tell platform, and apply now' })
  await page.getByLabel('Why can nobody be waited for?').fill('urgent')
  await page.getByText('Say why: 14 more characters.').waitFor()
  assert.deepEqual(await violations(page), [])
  await page.getByLabel('Why can nobody be waited for?').fill(REASON)
  await page.getByLabel('Type the workspace’s name').fill(WORKSPACE)
  await button.click()
  await page.waitForURL(`${site.origin}/c/${id}`)
  const ended = await applying.ended

  assert.equal(ended.code, 0, ended.out + ended.err)
  assert.equal(project.terraform('state', 'list').trim(), 'terraform_data.ledger')
  await page.getByText('break-glass', { exact: true }).first().waitFor()
  assert.deepEqual(complaints, [])
})

test('who was passed by finds it in the inbox, reviews it, and the bundle tells both', {
  skip,
}, async () => {
  const { page, complaints } = jonas
  await page.goto(`${site.origin}/`)
  await page.getByText('Break-glass by Ada Lund').click()
  await page.getByText(REASON).first().waitFor()
  await page
    .getByText(/A review is owed until .*, by (you|Ada Lund or you|you or Ada Lund)/)
    .waitFor()
  await page.getByLabel('How do you judge it?').fill('it was down for all customers')

  await page.getByRole('button', { name: 'It was justified' }).click()
  await page.getByText(/Jonas Weber found it justified/).waitFor()

  assert.deepEqual(complaints, [])
  const bundle = join(project.folder, 'bundle.json')
  await run(site.installation, ['audit', 'export', '--output', bundle], {
    folder: project.folder,
    token: site.token,
  })
  const verified = await run(site.installation, ['--json', 'audit', 'verify', bundle], {
    folder: project.folder,
  })
  await rm(bundle)
  const { report } = JSON.parse(verified.out)
  assert.deepEqual([report.glassBroken, report.glassReviewed, report.glassOverdue], [1, 1, 0])
  assert.deepEqual([report.decisionsByPasskey, report.decisionsByServersWord], [2, 0])
})
