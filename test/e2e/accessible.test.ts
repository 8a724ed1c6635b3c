/**
 * Every page under axe-core, in light, in dark and on a phone: no violation, and on a phone nothing
 * that scrolls sideways. Skipped where there is no Chromium or build.
 */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { type Preview, startPreview } from '../../packages/web/test/preview-server.ts'
import { openBrowser } from '../harness/browser.ts'
import { find, HANGS_AFTER_MS } from '../harness/machine.ts'
import { problemsOf } from './page-problems.ts'

const BUILT = new URL('../../packages/web/dist/index.html', import.meta.url)
const missing =
  find('chromium') === null
    ? 'Chromium is not on this machine'
    : existsSync(BUILT)
      ? false
      : 'the page is not built: npm run build'

const LOOKS = {
  light: { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  dark: { colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
  phone: { colorScheme: 'light', viewport: { width: 390, height: 844 } },
} as const

interface Visit {
  readonly path: string
  /** Who looks; sofia, who administers, where nobody is named. */
  readonly as?: string
  /** Opens what the page shows only then. */
  readonly open?: (page: Page) => Promise<void>
}

const press = (name: string | RegExp) => async (page: Page) => {
  await page.getByRole('button', { name }).click()
}

/** Folded on a phone alone. */
async function unfoldFilters(page: Page): Promise<void> {
  const more = page.getByRole('button', { name: 'More filters' })
  if (await more.isVisible()) await more.click()
  await page.getByLabel('What became of it').waitFor()
}

/** It takes half an hour and a rule to be reminded; the page is shown the answer of then. */
async function remindedRow(page: Page): Promise<void> {
  await page.route('**/api/v1/inbox', async (route) => {
    const response = await route.fetch()
    const now = `"remindedAt":${Date.now()}`
    await route.fulfill({
      response,
      body: (await response.text()).replace('"remindedAt":null', now),
    })
  })
  await page.reload()
  await page.getByText(/^reminded \d\d:\d\d$/).waitFor()
}

async function terminalRow(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /^Disconnect / })
    .first()
    .waitFor()
}

const visits = (ids: Preview['ids']): readonly Visit[] => [
  { path: '/' },
  { path: '/history' },
  { path: '/history?status=open&glass=owed&workspace=payments%2Fprod', open: unfoldFilters },
  { path: '/history?q=nothing-is-called-this' },
  { path: '/', as: 'ines', open: remindedRow },
  { path: '/grants' },
  { path: '/workspaces' },
  { path: '/w/payments/prod' },
  { path: '/w/payments/prod', open: press('Change labels') },
  { path: '/log?entry=3' },
  { path: '/insights' },
  { path: '/people', open: press(/Ada Lund/) },
  { path: '/people', open: press('Add somebody…') },
  { path: '/settings' },
  { path: '/you', open: terminalRow },
  { path: `/c/${ids['main']}` },
  { path: `/c/${ids['main']}?tab=graph` },
  { path: `/c/${ids['main']}?tab=rules` },
  { path: `/c/${ids['main']}?tab=timeline` },
  { path: `/c/${ids['denied']}` },
  { path: `/c/${ids['hostile']}` },
  { path: '/nowhere' },
]

describe('every page is accessible', { skip: missing, timeout: HANGS_AFTER_MS }, () => {
  let preview: Preview
  let browser: Browser

  before(async () => {
    preview = await startPreview()
    await connectTerminal(preview.story)
    browser = await openBrowser()
  })
  after(async () => {
    await browser?.close()
    await preview?.story.close()
  })

  for (const [name, look] of Object.entries(LOOKS))
    it(`${name}: axe finds nothing`, async () => {
      const { url } = preview.story
      const context = await browser.newContext({ ...look, reducedMotion: 'reduce' })
      const page = await context.newPage()
      const found: string[] = []
      let who = ''
      for (const { path, open, as = 'sofia' } of visits(preview.ids)) {
        if (as !== who) await signIn(context, url, as)
        who = as
        await page.goto(`${url}${path}`)
        await page.getByRole('heading', { level: 1 }).first().waitFor()
        await page.waitForLoadState('networkidle')
        await open?.(page)
        found.push(...(await problemsOf(page, path)))
      }
      await context.close()

      assert.deepEqual(found, [])
    })
})

async function signIn(context: BrowserContext, url: string, person: string): Promise<void> {
  const options = { data: { person }, headers: { origin: url } }
  const answer = await context.request.post(`${url}/api/v1/development/sign-in`, options)
  assert.equal(answer.ok(), true, person)
}

/** A terminal of sofia's, so that her page has one to show. */
async function connectTerminal(story: Preview['story']): Promise<void> {
  const post = async (path: string, fields: { readonly [name: string]: string }) => {
    const body = new URLSearchParams({ client_id: 'holdpoint-cli', ...fields })
    const response = await fetch(`${story.url}${path}`, { method: 'POST', body })
    return (await response.json()) as { readonly [name: string]: string }
  }
  const begun = await post('/oauth/device_authorization', {
    device_name: 'a-laptop-with-a-long-name',
  })
  const answered = await story.as('sofia').call('answerTerminal', {
    body: { userCode: begun['user_code'] ?? '', allow: true },
  })
  assert.equal(answered.ok, true, JSON.stringify(answered))
  const grant = 'urn:ietf:params:oauth:grant-type:device_code'
  await post('/oauth/token', { grant_type: grant, device_code: begun['device_code'] ?? '' })
}
