/**
 * The journey in a real browser: a held Terraform change is looked at, approved by two people and
 * seen applied. The page must do it under its strict Content-Security-Policy without a complaint.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { openBrowser, visitAs } from '../harness/browser.ts'
import { type Running, start } from '../harness/command.ts'
import { type Installation, install } from '../harness/installation.ts'
import { needs } from '../harness/machine.ts'
import { givenProject, type Project, resources } from '../harness/project.ts'

const skip = needs('chromium').skip || needs('terraform').skip
/** The button says itself whether it can be pressed; it stays reachable either way. */
const READY = 'button:has-text("Approve: delete 1"):not([aria-disabled=true])'
const IDS = /\/c\/(chg_[0-9a-z]{16})/

let installation: Installation
let project: Project
let browser: Browser
const running: Running[] = []

before(async () => {
  if (skip !== false) return
  installation = await install()
  const backend = { type: 'local', settings: {} }
  const pin = { backend, toolWorkspace: 'default', accounts: [], regions: [] }
  await installation.change({ type: 'pin_target', workspace: 'payments/prod', pin })
  project = await givenProject({ 'main.tf': resources('ledger', 'orders') })
  await start(installation, ['apply'], { folder: project.folder, as: 'mira' }).ended
  await project.write('main.tf', resources('orders'))
  browser = await openBrowser()
})

after(async () => {
  for (const each of running) each.child.kill('SIGKILL')
  await browser?.close()
  await project?.remove()
  await installation?.close()
})

async function held(): Promise<{ readonly applying: Running; readonly id: string }> {
  const args = ['apply', '-m', 'The ledger moved']
  const applying = start(installation, args, { folder: project.folder, as: 'mira' })
  running.push(applying)
  const text = await applying.says(IDS)
  return { applying, id: IDS.exec(text)?.[1] ?? '' }
}

async function approve(handle: string, name: string, id: string): Promise<readonly string[]> {
  const { page, context, complaints } = await visitAs(browser, {
    url: installation.url,
    handle,
    name,
  })
  await page.goto(`${installation.url}/c/${id}`)
  await page.getByRole('heading', { level: 1, name: /Deletes/ }).waitFor()
  // What is destroyed has to be shown with its values before Approve is there to be pressed.
  await page.getByText('0 of 1 destroyed were on screen', { exact: true }).waitFor()
  await page.keyboard.press('d')
  await page.locator(READY).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByText('terraform_data.ledger').waitFor()
  await sheet.getByRole('button', { name: /^Approve as/ }).click()
  await page
    .getByText(/approved/i)
    .first()
    .waitFor()
  await context.close()
  return complaints
}

test('a held change is approved by two people in the page and seen applied', { skip }, async () => {
  const { applying, id } = await held()

  const first = await approve('jonas', 'Jonas Weber', id)
  const second = await approve('ines', 'Ines Duarte', id)
  const ended = await applying.ended

  assert.equal(ended.code, 0, ended.out + ended.err)
  assert.deepEqual([...first, ...second], [])
  const { page, context } = await visitAs(browser, {
    url: installation.url,
    handle: 'ines',
    name: 'Ines Duarte',
  })
  await page.goto(`${installation.url}/c/${id}`)
  await page.getByText('Applied').filter({ visible: true }).first().waitFor()
  await context.close()
  assert.equal(project.terraform('state', 'list').trim(), 'terraform_data.orders')
})
