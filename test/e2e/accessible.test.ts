/**
 * Every page under axe-core, in light, in dark and on a phone: no violation, and on a phone nothing
 * that scrolls sideways. Skipped where there is no Chromium or build.
 */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { type Preview, startPreview } from '../../packages/web/test/preview-server.ts'
import { openBrowser } from '../harness/browser.ts'
import { find } from '../harness/machine.ts'
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
  /** Opens what the page shows only then. */
  readonly open?: (page: Page) => Promise<void>
}

const press = (name: string | RegExp) => async (page: Page) => {
  await page.getByRole('button', { name }).click()
}

const visits = (ids: Preview['ids']): readonly Visit[] => [
  { path: '/' },
  { path: '/history' },
  { path: '/history?q=nothing-is-called-this' },
  { path: '/workspaces' },
  { path: '/w/payments/prod' },
  { path: '/w/payments/prod', open: press('Change labels') },
  { path: '/log?entry=3' },
  { path: '/insights' },
  { path: '/people', open: press(/Ada Lund/) },
  { path: '/people', open: press('Add somebody…') },
  { path: '/settings' },
  { path: '/you' },
  { path: `/c/${ids['main']}` },
  { path: `/c/${ids['main']}?tab=graph` },
  { path: `/c/${ids['main']}?tab=rules` },
  { path: `/c/${ids['main']}?tab=timeline` },
  { path: `/c/${ids['denied']}` },
  { path: `/c/${ids['hostile']}` },
  { path: '/nowhere' },
]

describe('every page is accessible', { skip: missing, timeout: 280_000 }, () => {
  let preview: Preview
  let browser: Browser

  before(async () => {
    preview = await startPreview()
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
      const person = { data: { person: 'sofia' } }
      assert.ok((await context.request.post(`${url}/api/v1/development/sign-in`, person)).ok())
      const page = await context.newPage()
      const found: string[] = []
      for (const { path, open } of visits(preview.ids)) {
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
