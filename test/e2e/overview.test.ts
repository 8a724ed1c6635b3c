/**
 * The pages that look at everything, in a real browser: what narrows the history is in the address,
 * what changes people asks first and names what follows, and keys work. Skipped without a Chromium.
 */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { type Preview, startPreview } from '../../packages/web/test/preview-server.ts'
import { openBrowser } from '../harness/browser.ts'
import { find, HANGS_AFTER_MS } from '../harness/machine.ts'

const BUILT = new URL('../../packages/web/dist/index.html', import.meta.url)
const missing =
  find('chromium') === null
    ? 'Chromium is not on this machine'
    : existsSync(BUILT)
      ? false
      : 'the page is not built: npm run build'

describe('the pages about everything', { skip: missing, timeout: HANGS_AFTER_MS }, () => {
  let preview: Preview
  let browser: Browser
  const complaints: string[] = []

  before(async () => {
    preview = await startPreview()
    browser = await openBrowser()
  })
  after(async () => {
    await browser?.close()
    await preview?.story.close()
  })

  async function visit(person: string, path: string): Promise<Page> {
    const { url } = preview.story
    const context = await browser.newContext({
      reducedMotion: 'reduce',
      viewport: { width: 1280, height: 800 },
    })
    const answer = await context.request.post(`${url}/api/v1/development/sign-in`, {
      data: { person },
    })
    assert.ok(answer.ok())
    const page = await context.newPage()
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(`${url}${path}`)
    return page
  }
  const rows = (page: Page) => page.locator('.inbox-row')
  /** The list is asked for anew with each filter: it has this many once the answer is drawn. */
  const untilRows = async (page: Page, count: number): Promise<void> => {
    if (count > 0)
      await rows(page)
        .nth(count - 1)
        .waitFor()
    await rows(page).nth(count).waitFor({ state: 'detached' })
  }

  it('narrows the history by what the address says, and says it in the address', async () => {
    const page = await visit('ines', '/history?status=refused')
    await rows(page).first().waitFor()
    await untilRows(page, 2)

    await page.getByLabel('Text').fill('payments/test')
    await page.waitForURL(/\?status=refused&q=payments%2Ftest$/)
    // First the list: until it is there anew, more than one row says who asked.
    await untilRows(page, 1)
    await page.getByText('by Ines Duarte').waitFor()
    assert.ok(await page.getByText('Rejected', { exact: true }).isVisible())

    // What was chosen stands at once, before the address has followed.
    const agent = page.getByLabel('Opened by an agent')
    const atOnce = await agent.evaluate((box: HTMLInputElement) => {
      box.click()
      return box.checked
    })
    assert.equal(atOnce, true)
    await page.getByText('No change is like this').waitFor()
    await page.getByRole('button', { name: 'Clear the filter' }).click()
    await rows(page).first().waitFor()
    assert.equal(new URL(page.url()).search, '')
    assert.equal(await page.getByLabel('Text').inputValue(), '')
    await page.context().close()
  })

  it('narrows to broken glass, and to what still owes a review', async () => {
    const page = await visit('ines', '/history?glass=owed')
    const glass = page.getByLabel('Break-glass')
    await page.getByText('No change is like this').waitFor()
    assert.equal(await glass.inputValue(), 'owed')

    await glass.selectOption('Broken glass')
    await page.waitForURL(/\?glass=broken$/)
    await glass.selectOption('With and without')
    await rows(page).first().waitFor()

    assert.equal(new URL(page.url()).search, '')
    await page.context().close()
  })

  it('is reached and walked by keys alone', async () => {
    const page = await visit('ines', '/')
    await page.getByRole('heading', { name: 'Inbox' }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('h')
    await page.getByLabel('Text').waitFor()
    await rows(page).first().waitFor()
    assert.equal(new URL(page.url()).pathname, '/history')

    await page.keyboard.press('/')
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'history-text')
    await page.keyboard.press('Escape')
    await page.evaluate(() => (document.activeElement as HTMLElement).blur())
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    const href = await page.evaluate(() => document.activeElement?.getAttribute('href'))
    await page.keyboard.press('Enter')
    await page.waitForURL(`**${href}`)
    await page.context().close()
  })

  it('asks before it removes somebody, and names what follows', async () => {
    const page = await visit('sofia', '/people')
    await page.getByRole('button', { name: /Jonas Weber/ }).click()
    await page.getByRole('button', { name: 'Remove Jonas Weber…' }).click()
    const sheet = page.getByRole('dialog')
    await sheet.getByText('1 approval of theirs stops counting.').waitFor()
    const focused = await page.evaluate(() => document.activeElement?.textContent)
    assert.equal(focused, 'Keep Jonas Weber')

    await sheet.getByRole('button', { name: 'Keep Jonas Weber' }).click()
    await sheet.waitFor({ state: 'detached' })
    assert.equal(await page.getByRole('button', { name: /Jonas Weber/ }).count(), 2)
    await page.context().close()
  })

  it('adds somebody, gives a role and takes it away again', async () => {
    const page = await visit('sofia', '/people')
    await page.getByRole('button', { name: 'Add somebody…' }).click()
    const form = page.getByRole('dialog')
    await form.getByLabel('Name').fill('Priya Nair')
    await form.getByLabel('Handle').fill('priya')
    await form.getByLabel('dba').check()
    await form.getByRole('button', { name: 'Add Priya Nair' }).click()
    await form.waitFor({ state: 'detached' })

    await page.getByRole('button', { name: /Priya Nair/ }).click()
    await page.getByRole('button', { name: 'Take away the role approver everywhere' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Take the role approver' }).click()
    await page.getByRole('button', { name: /Priya Nair.*no role/ }).waitFor()

    const access = await preview.story.admin.call('access', {})
    const priya = access.ok && access.value.people.find(({ handle }) => handle === 'priya')
    assert.deepEqual(priya && [priya.teams, priya.roles], [['dba'], []])
    await page.context().close()
  })

  it('tells who may not change people who may', async () => {
    const { story } = preview
    const page = await visit('lars', '/people')
    await page.getByText('Sofia Lind can bring people in').waitFor()
    assert.equal(await page.getByRole('button', { name: /Remove|Add somebody/ }).count(), 0)
    const body = { type: 'remove_person', person: 'ada' } as const
    assert.equal((await story.as('lars').call('changeAccess', { body })).ok, false)
    await page.context().close()
  })

  it('opens a workspace from the list and changes its labels', async () => {
    const page = await visit('sofia', '/workspaces')
    await page.getByRole('link', { name: /payments\/prod/ }).click()
    await page.waitForURL('**/w/payments/prod')
    await page.getByText('Jonas Weber or Ada Lund').waitFor()

    await page.getByRole('button', { name: 'Change labels' }).click()
    const sheet = page.getByRole('dialog')
    await sheet.getByLabel('Labels', { exact: true }).fill('env=prod\ncost centre')
    await sheet.getByText('“cost centre” is not key=value.').waitFor()
    await sheet.getByLabel('Labels', { exact: true }).fill('env=prod\ncost=7 b')
    await sheet.getByRole('button', { name: 'Change the labels' }).click()

    await page.getByText('cost=7 b').waitFor()
    await page.context().close()
  })

  it('titles each chart with what it found, and has its figures as a table', async () => {
    const page = await visit('ines', '/insights')
    await page.getByRole('heading', { name: /of 10 changes were|changes were/ }).waitFor()
    await page.getByRole('region', { name: 'Your own decisions' }).waitFor()

    const chart = page.getByRole('region', { name: /changes were/ })
    await chart.getByText('As a table').click()
    assert.equal(await chart.getByRole('table').getByRole('row').count(), 13)
    await page.getByLabel('Weeks').selectOption('4')
    await page.waitForURL('**/insights?weeks=4')
    await page.getByRole('heading', { name: 'Last 4 weeks' }).waitFor()
    await page.context().close()
  })

  it('states with a decision how the change was looked at, and counts that for its decider', async () => {
    const page = await visit('tomas', `/c/${preview.ids['large']}`)
    await page.getByText(/^Fingerprint of what is shown here/).waitFor()
    await page.keyboard.press('a')
    const sign = page.getByRole('button', {
      name: 'Approve as Tomás Silva (development, unsigned)',
    })
    await sign.click()
    await sign.waitFor({ state: 'detached' })

    const figures = await preview.story.as('tomas').call('insights', { query: {} })
    const you = figures.ok ? figures.value.you : null
    assert.deepEqual([you?.decisions, you?.stated, you?.unopened], [1, 1, 1])
    await page.context().close()
  })

  it('turns every shortcut off with one switch', async () => {
    const page = await visit('ines', '/settings')
    await page.getByText('The embedded database answers', { exact: false }).waitFor()
    await page.getByRole('checkbox', { name: 'Keyboard shortcuts' }).uncheck()
    await page.evaluate(() => (document.activeElement as HTMLElement).blur())
    await page.keyboard.press('g')
    await page.keyboard.press('h')
    await page.keyboard.press('?')
    assert.equal(await page.getByRole('dialog').count(), 0)
    assert.equal(new URL(page.url()).pathname, '/settings')

    await page.getByRole('checkbox', { name: 'Keyboard shortcuts' }).check()
    await page.evaluate(() => (document.activeElement as HTMLElement).blur())
    await page.keyboard.press('?')
    await page.getByRole('dialog').waitFor()
    await page.context().close()
  })

  it('runs under the strict policy without one report', () => {
    assert.deepEqual(complaints, [])
  })
})
