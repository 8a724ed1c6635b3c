/**
 * The built page in a real browser against a real server under the strict policy: what is approved
 * is what was shown, and the browser reports nothing. Skipped where there is no Chromium or build.
 */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { type Browser, chromium, type Page } from 'playwright-core'
import { type Preview, startPreview } from '../../packages/web/test/preview-server.ts'
import { HANGS_AFTER_MS } from '../harness/machine.ts'

const CHROMIUM = '/usr/bin/chromium'
const BUILT = new URL('../../packages/web/dist/index.html', import.meta.url)
const missing = existsSync(CHROMIUM)
  ? existsSync(BUILT)
    ? false
    : 'the page is not built: npm run build'
  : 'no chromium at /usr/bin/chromium'

describe('the page in a browser', { skip: missing, timeout: HANGS_AFTER_MS }, () => {
  let preview: Preview
  let browser: Browser
  const complaints: string[] = []

  before(async () => {
    preview = await startPreview()
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    })
  })
  after(async () => {
    await browser?.close()
    await preview?.story.close()
  })

  async function signIn(name: string, path: string): Promise<Page> {
    const context = await browser.newContext({ reducedMotion: 'reduce' })
    const page = await context.newPage()
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(`${preview.story.url}/sign-in?next=${encodeURIComponent(path)}`)
    await page.getByRole('button', { name }).click()
    await page.waitForURL(`**${path}`)
    return page
  }

  it('says of a superseded change how the new plan differs from it', async () => {
    const page = await signIn('Ines Duarte', `/c/${preview.ids['superseded']}`)

    const group = (name: string) => page.getByRole('region', { name, exact: true })
    await group('New in the new plan').waitFor()

    const groups = ['New in the new plan', 'Different now', 'No longer in it']
    const items = await Promise.all(groups.map((name) => group(name).locator('li').count()))
    assert.deepEqual(items, [1, 1, 1])
    assert.ok(await group('New in the new plan').getByText('aws_db_instance.audit').isVisible())
    assert.ok(await page.getByText(/^The other 3 changes are identical/).isVisible())
    await page.context().close()
  })

  it('counts what is on the screen through every drawing of the page', async () => {
    const page = await signIn('Tomás Silva', `/c/${preview.ids['main']}`)
    const shown = page.getByText('1 of 2 destroyed were on screen', { exact: true })
    await page.getByText('0 of 2 destroyed were on screen', { exact: true }).waitFor()

    // Each tab draws the page anew, well within the second that a row has to stay in view.
    const until = Date.now() + 10_000
    while (Date.now() < until && !(await shown.isVisible())) {
      await page.keyboard.press(']')
      await page.waitForTimeout(100)
    }

    assert.equal(await shown.isVisible(), true)
  })

  it('lets a person approve only after what is destroyed was shown', async () => {
    const page = await signIn('Ines Duarte', `/c/${preview.ids['main']}`)
    const approve = page.getByRole('button', { name: 'Approve: delete 1, replace 1, update 3' })
    await page.getByText(/^Fingerprint of what is shown here/).waitFor()
    assert.equal(await approve.getAttribute('aria-disabled'), 'true')

    await page.getByText('1 of 2 destroyed were on screen', { exact: true }).waitFor()
    await page.keyboard.press('d')
    await page
      .getByText('1 of 2 destroyed were on screen', { exact: true })
      .waitFor({ state: 'detached' })
    await approve.click()
    const sheet = page.getByRole('dialog')
    await sheet.getByText('You approve that these are deleted and replaced').waitFor()
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Back')
    await sheet
      .getByRole('button', { name: 'Approve as Ines Duarte (development, unsigned)' })
      .click()

    await page.waitForFunction(() => document.title.startsWith('Released'))
    const answer = await preview.story
      .as('ines')
      .call('change', { params: { change: preview.ids['main'] as never } })
    assert.equal(answer.ok ? answer.value.status : null, 'released')
  })

  it('draws what needs what as buttons, with each of them in the list', async () => {
    const page = await signIn('Tomás Silva', `/c/${preview.ids['main']}`)
    await page.getByRole('tab', { name: 'Graph' }).click()
    const boxes = page.getByRole('region', { name: 'What needs what' }).getByRole('button')
    const list = page.getByRole('list', { name: 'What needs what, as a list' })
    await list.waitFor()

    const drawn = await boxes.count()
    assert.ok(drawn >= 6, `${drawn} boxes are drawn`)
    assert.equal(await list.getByRole('listitem').count(), drawn)
    await boxes.first().focus()
    for (let at = 1; at < drawn; at += 1) await page.keyboard.press('Tab')
    assert.equal(
      await boxes.last().evaluate((box) => box === box.ownerDocument.activeElement),
      true,
    )
    await page.locator('.graph-label', { hasText: 'task_definition' }).waitFor()
    await page.keyboard.press('Enter')
    const chosen = page.getByRole('region', { name: 'The box you chose' })
    await chosen.getByText('Reads from something destroyed.').waitFor()
    await chosen.getByRole('button', { name: 'Show its values' }).click()
    await page.waitForURL(/\?q=module\.ledger\.aws_ecs_service\.app$/)
  })

  it('asks for a sentence before it rejects', async () => {
    const page = await signIn('Tomás Silva', `/c/${preview.ids['hostile']}`)
    await page.getByRole('button', { name: 'Reject with a reason…' }).click()
    const sheet = page.getByRole('dialog')
    const send = sheet.getByRole('button', { name: 'Reject', exact: true })
    assert.equal(await send.getAttribute('aria-disabled'), 'true')

    await sheet.getByLabel('What has to change').fill('This runs a script from the internet.')
    await send.click()

    await page.waitForFunction(() => document.title.startsWith('Rejected by Tomás Silva'))
  })

  it('draws ten thousand resources as groups and says what is alike', async () => {
    const page = await signIn('Tomás Silva', `/c/${preview.ids['large']}`)
    await page.getByText(/^Fingerprint of what is shown here/).waitFor()

    const rows = await page.getByRole('list', { name: 'Resource changes' }).locator('> li').count()
    assert.ok(rows <= 301, `${rows} rows are drawn`)
    await page.getByLabel('Filter by address').fill('host-00700')
    await page.getByText('1 of 10').waitFor()
  })

  it('locks the panel when what it shows is not what the server says', async () => {
    const page = await signIn('Ines Duarte', '/')
    await page.route('**/plan', async (route) => {
      const response = await route.fetch()
      const body = (await response.text()).replace('"ttl":60', '"ttl":61')
      await route.fulfill({ response, body })
    })
    await page.goto(`${preview.story.url}/c/${preview.ids['large']}`)

    const panel = page.getByRole('complementary', { name: 'Decision' })
    await panel.getByText('This page and the server disagree on what this change is.').waitFor()
    assert.equal(await panel.getByRole('button').count(), 0)
  })

  it('verifies an entry’s proof in the browser', async () => {
    const page = await signIn('Ines Duarte', '/log')
    await page.getByText(/lead to the signed root|removed or rewritten/).waitFor()

    await page.getByRole('button', { name: 'Entry 3, open its proof' }).click()
    await page.getByText(/from this entry to the root of \d+ entries/).waitFor()
  })

  it('turns deciding off while there is no connection', async () => {
    const page = await signIn('Tomás Silva', `/c/${preview.ids['large']}`)
    const approve = page.getByRole('button', { name: /^Approve: update/ })
    await page.getByText(/^Fingerprint of what is shown here/).waitFor()
    await page.context().setOffline(true)
    await page.getByText(/^No connection since/).waitFor()
    assert.equal(await approve.getAttribute('aria-disabled'), 'true')

    await page.context().setOffline(false)
    await page.getByText(/^No connection since/).waitFor({ state: 'detached' })
  })

  it('runs under the strict policy without one report', () => {
    const reports = complaints.filter((text) => !/ERR_INTERNET_DISCONNECTED/.test(text))
    assert.deepEqual(reports, [])
  })
})
