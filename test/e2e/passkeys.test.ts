/**
 * Production as people meet it: the link of the first start, an identity provider, passkeys, and a
 * held Terraform change that three of them release with signatures anybody can check afterwards.
 */
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Locator } from 'playwright-core'
import { addAuthenticator, openBrowser, type Visitor, visit } from '../harness/browser.ts'
import { type Running, run, start } from '../harness/command.ts'
import { needs } from '../harness/machine.ts'
import { installProduction, type Production } from '../harness/production.ts'
import { givenProject, type Project, resources } from '../harness/project.ts'

const skip = needs('chromium').skip || needs('terraform').skip
const READY = 'button:has-text("Approve: delete 1"):not([aria-disabled=true])'
const POLICY = `version: 1
default: { hold: { approvals: [{ from: [team:platform] }] } }
rules:
  - name: additive
    when: summary.only(["create", "read", "noop"])
    allow: true
  - name: destroys-something
    match: resource.action in ["delete", "replace"]
    hold:
      approvals:
        - { from: [team:dba] }
        - { from: [team:platform] }
      assurance: passkey
    message: Destroys something that exists
`

let site: Production
let project: Project
let browser: Browser
const running: Running[] = []
const people = new Map<string, Visitor>()

before(async () => {
  if (skip !== false) return
  site = await installProduction(POLICY)
  project = await givenProject({ 'main.tf': resources('ledger', 'orders') })
  const applied = await run(site.installation, ['apply'], {
    folder: project.folder,
    token: site.token,
  })
  assert.equal(applied.code, 0, applied.out + applied.err)
  browser = await openBrowser()
})

after(async () => {
  for (const each of running) each.child.kill('SIGKILL')
  await browser?.close()
  await project?.remove()
  await site?.close()
})

async function person(handle: string): Promise<Visitor> {
  const known = people.get(handle)
  if (known !== undefined) return known
  const visitor = await visit(browser)
  await addAuthenticator(visitor)
  people.set(handle, visitor)
  return visitor
}

async function signInByProvider(handle: string, name: string): Promise<Visitor> {
  const visitor = await person(handle)
  site.provider.signInAs({ subject: `sub-${handle}`, claims: { name, preferred_username: handle } })
  await visitor.page.goto(`${site.origin}/sign-in?next=/you`)
  await visitor.page.getByRole('link', { name: 'Sign in with Example ID' }).click()
  await visitor.page.getByRole('heading', { name: 'Your passkeys' }).waitFor()
  return visitor
}

test('the link of the first start makes the first person, who signs in again with the passkey', {
  skip,
}, async () => {
  const { page, complaints } = await person('ada')
  const link = (await readFile(join(site.installation.dataDir, 'first-link'), 'utf8')).trim()

  await page.goto(link)
  await page.getByLabel('Your name').fill('Ada Lund')
  await page.getByLabel('Handle').fill('ada')
  await page.getByRole('button', { name: 'Make my passkey' }).click()
  await page.getByText('On this server’s word.').waitFor()
  await page.getByRole('button', { name: 'Sign out', exact: true }).first().click()
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.getByRole('heading', { level: 1, name: 'Inbox' }).waitFor()

  assert.deepEqual(complaints, [])
  const again = await visit(browser)
  await again.page.goto(link)
  await again.page.getByLabel('Your name').fill('Mallory')
  await again.page.getByLabel('Handle').fill('mallory')
  await again.page.getByRole('button', { name: 'Make my passkey' }).click()
  await again.page.getByText('This link is good for nothing any more').waitFor()
  await again.context.close()
})

test('the first person invites another, whose first passkey leads back to theirs', {
  skip,
}, async () => {
  const { page } = await person('ada')
  await page.goto(`${site.origin}/people`)
  await page.getByRole('button', { name: 'Invite somebody…' }).click()
  await page.getByLabel('Name', { exact: true }).fill('Tomás Silva')
  await page.getByLabel('Handle').fill('tomas')
  await page.getByRole('button', { name: 'Invite Tomás Silva with passkey' }).click()
  const link = await page.getByLabel('Send it to Tomás Silva and nobody else').inputValue()
  await page.getByRole('button', { name: 'I have sent the link' }).click()

  const visitor = await person('tomas')
  await visitor.page.goto(link)
  await visitor.page.getByText('You come in as').waitFor()
  await visitor.page.getByRole('button', { name: 'Make my passkey' }).click()
  await visitor.page.getByText('Signed for by Ada Lund.').waitFor()

  const again = await visit(browser)
  await addAuthenticator(again)
  await again.page.goto(link)
  await again.page.getByText('This invitation is not open').waitFor()
  await again.context.close()
  assert.deepEqual(visitor.complaints, [])
})

test('who comes by the identity provider makes a first passkey, and signs for a second with it', {
  skip,
}, async () => {
  for (const [handle, name] of [
    ['jonas', 'Jonas Weber'],
    ['ines', 'Ines Duarte'],
  ] as const) {
    const { page, complaints } = await signInByProvider(handle, name)
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await page.getByText('On this server’s word.').waitFor()
    assert.deepEqual(complaints, [])
  }
  const jonas = await person('jonas')
  await addAuthenticator(jonas, 'usb')
  await jonas.page.getByRole('button', { name: 'Add a passkey' }).click()
  await jonas.page.getByText('Signed for by an earlier one of yours.').waitFor()

  for (const [team, who] of [
    ['dba', 'jonas'],
    ['platform', 'ines'],
    ['platform', 'ada'],
  ] as const)
    await site.installation.change({ type: 'add_member', team, person: who })
})

const IDS = /\/c\/(chg_[0-9a-z]{16})/

async function held(): Promise<{ readonly applying: Running; readonly id: string }> {
  const applying = start(site.installation, ['apply'], {
    folder: project.folder,
    token: site.token,
  })
  running.push(applying)
  return { applying, id: IDS.exec(await applying.says(IDS))?.[1] ?? '' }
}

async function toSheet(handle: string, id: string): Promise<Visitor> {
  const visitor = await person(handle)
  const { page } = visitor
  await page.goto(`${site.origin}/c/${id}`)
  await page.getByText('0 of 1 destroyed were on screen', { exact: true }).waitFor()
  await page.keyboard.press('d')
  await page.locator(READY).click()
  await page.getByRole('dialog').getByText('terraform_data.ledger').waitFor()
  return visitor
}

async function sign(handle: string, id: string): Promise<void> {
  const { page } = await toSheet(handle, id)
  await page.getByRole('dialog').getByRole('button', { name: 'Sign with passkey' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
}

/** Never the pointer: the keys of the page, Tab and Enter. */
async function signByKeyboard(handle: string, id: string): Promise<void> {
  const { page } = await person(handle)
  await page.goto(`${site.origin}/c/${id}`)
  await page.getByText('0 of 1 destroyed were on screen', { exact: true }).waitFor()
  await page.keyboard.press('d')
  await page.locator(READY).waitFor()
  await page.keyboard.press('a')
  const button = page.getByRole('dialog').getByRole('button', { name: 'Sign with passkey' })
  await button.waitFor()
  for (let tabs = 0; tabs < 10 && !(await isFocused(button)); tabs += 1)
    await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
}

const isFocused = (place: Locator): Promise<boolean> =>
  place.evaluate((element) => element === document.activeElement)

async function signOnPhone(handle: string, id: string): Promise<void> {
  const { page } = await person(handle)
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(`${site.origin}/c/${id}`)
  await page.getByText('0 of 1 destroyed were on screen', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Show next' }).click()
  const approve = page.locator(READY)
  await approve.waitFor()
  const tapped = await approve.boundingBox()
  await approve.click()
  const signing = page.getByRole('dialog').getByRole('button', { name: 'Sign with passkey' })
  const there = await signing.boundingBox()
  // A double tap on Approve must not sign.
  assert.ok(tapped !== null && there !== null && there.y + there.height < tapped.y)
  await signing.click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
}

test('three people release a change with their passkeys, it is applied, and the proof verifies', {
  skip,
}, async () => {
  await project.write('main.tf', resources('orders'))
  const { applying, id } = await held()

  await sign('jonas', id)
  await signByKeyboard('ines', id)
  await signOnPhone('ada', id)
  const ended = await applying.ended

  assert.equal(ended.code, 0, ended.out + ended.err)
  assert.equal(project.terraform('state', 'list').trim(), 'terraform_data.orders')
  const bundle = join(project.folder, 'bundle.json')
  const exported = await run(site.installation, ['audit', 'export', '--output', bundle], {
    folder: project.folder,
    token: site.token,
  })
  assert.equal(exported.code, 0, exported.out + exported.err)
  const verified = await run(site.installation, ['--json', 'audit', 'verify', bundle], {
    folder: project.folder,
  })
  await rm(bundle)
  const { report } = JSON.parse(verified.out)
  assert.equal(report.decisionsByPasskey, 3)
  assert.equal(report.decisionsByServersWord, 0)
  for (const { complaints } of people.values()) assert.deepEqual(complaints, [])
})

test('an authenticator that does not verify its person decides nothing; a rejection is signed', {
  skip,
}, async () => {
  await project.write('main.tf', resources('orders', 'ledger'))
  await run(site.installation, ['apply'], { folder: project.folder, token: site.token })
  await project.write('main.tf', resources('orders'))
  const visitor = await visit(browser)
  const weak = await addAuthenticator(visitor)
  people.set('lars', visitor)
  const { page } = await signInByProvider('lars', 'Lars Holm')
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByText('On this server’s word.').waitFor()
  await site.installation.change({ type: 'add_member', team: 'dba', person: 'lars' })
  const { applying, id } = await held()

  await weak.verifies(false)
  await toSheet('lars', id)
  await page.getByRole('dialog').getByRole('button', { name: 'Sign with passkey' }).click()
  await page.getByText('No passkey was used').waitFor()
  const ines = await toSheet('ines', id)
  await ines.page.getByRole('dialog').getByRole('button', { name: 'Back' }).click()
  await ines.page.getByRole('button', { name: 'Reject with a reason…' }).click()
  await ines.page.getByLabel('What has to change').fill('Take a snapshot first.')
  await ines.page.getByRole('button', { name: 'Reject with passkey' }).click()
  const ended = await applying.ended

  assert.equal(ended.code, 1, ended.out + ended.err)
  assert.match(ended.out + ended.err, /Take a snapshot first\./)
  await page.getByText('Take a snapshot first.').filter({ visible: true }).first().waitFor()
})

test('a terminal is connected in the page, and what it approves is signed there, word for word', {
  skip,
}, async () => {
  const home = await mkdtemp(join(tmpdir(), 'holdpoint-terminal-'))
  const environment = { XDG_CONFIG_HOME: home, HOME: home }
  const at = { folder: project.folder, environment }
  const { page } = await person('jonas')
  try {
    const connecting = start({ url: site.origin }, ['login'], at)
    running.push(connecting)
    const address = ADDRESS.exec(await connecting.says(ADDRESS))?.[0] ?? ''
    await page.goto(address)
    await page.getByRole('button', { name: 'Look it up' }).click()
    await page.getByRole('button', { name: 'Connect it' }).click()
    await page.getByText('Connected. Go on in the terminal').waitFor()
    const connected = await connecting.ended
    assert.equal(connected.code, 0, connected.out + connected.err)

    const { id } = await held()
    const approving = start({ url: site.origin }, ['approve', id, '--yes'], at)
    running.push(approving)
    const said = await approving.says(WORDS)
    await page.goto(SIGNING.exec(said)?.[0] ?? '')
    await page.getByText(WORDS.exec(said)?.[1] ?? 'no words', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Sign with passkey' }).click()
    await page.getByText('Signed. Your terminal goes on').waitFor()
    const ended = await approving.ended
    assert.equal(ended.code, 0, ended.out + ended.err)

    const shown = await run({ url: site.origin }, ['--json', 'show', id], at)
    const { decisions } = JSON.parse(shown.out)
    assert.deepEqual(
      decisions.map((each: { assurance: string }) => each.assurance),
      ['passkey+cli'],
    )

    await page.goto(`${site.origin}/you`)
    await page.getByRole('heading', { name: 'Your terminals' }).waitFor()
    await page.getByRole('button', { name: /^Disconnect / }).click()
    await page.getByText('None is connected.').waitFor()
    const after = await run({ url: site.origin }, ['whoami'], at)
    assert.notEqual(after.code, 0, after.out)
    assert.match(after.err, /signed in/i)
  } finally {
    await rm(home, { recursive: true, force: true })
  }
})

const ADDRESS = /http:\/\/localhost:\d+\/device\?\S+/
const SIGNING = /http:\/\/localhost:\d+\/sign\/[0-9a-f]{64}/
const WORDS = /The page shows this too {2}(\S+)/
