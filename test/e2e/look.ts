/**
 * Opens every page of a development server in Chromium, in light, dark and on a phone, saves
 * pictures for somebody to look at, and fails when the browser reports anything:
 * `npm run look -- [folder]`.
 */
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { startPreview } from '../../packages/web/test/preview-server.ts'
import { openBrowser } from '../harness/browser.ts'

const folder = process.argv[2] ?? join(tmpdir(), 'holdpoint-pictures')
await mkdir(folder, { recursive: true })
const preview = await startPreview()
const { url } = preview.story
const ids: { readonly [name: string]: string } = { ...preview.ids }
const complaints: string[] = []

async function open(
  browser: Browser,
  look: { readonly as: string; readonly dark?: boolean; readonly phone?: boolean },
): Promise<Page> {
  const context = await browser.newContext({
    colorScheme: look.dark === true ? 'dark' : 'light',
    reducedMotion: 'reduce',
    viewport: look.phone === true ? { width: 390, height: 844 } : { width: 1280, height: 860 },
    deviceScaleFactor: 1,
  })
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) =>
      console.error(`CSP ${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
    )
  })
  const page = await context.newPage()
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      complaints.push(`${page.url()} ${message.text()}`)
  })
  page.on('pageerror', (error) => complaints.push(`${page.url()} ${error.message}`))
  await page.goto(`${url}/sign-in`)
  await page.getByRole('button', { name: look.as }).click()
  await page.getByRole('heading', { name: 'Needs you' }).waitFor()
  return page
}

async function shoot(page: Page, name: string, full = false): Promise<void> {
  await page.waitForTimeout(500)
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: full })
}

async function desk(browser: Browser, dark: boolean): Promise<void> {
  const suffix = dark ? '-dark' : ''
  const page = await open(browser, { as: 'Ines Duarte', dark })
  await shoot(page, `inbox${suffix}`)
  await page.goto(`${url}/c/${ids['main']}`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await shoot(page, `change${suffix}`)
  await shoot(page, `change-full${suffix}`, true)
  for (const name of [
    'hostile',
    'large',
    'denied',
    'applied',
    'released',
    'rejected',
    'superseded',
  ]) {
    await page.goto(`${url}/c/${ids[name]}`)
    await page.getByText(/^Fingerprint of what is shown here/).waitFor()
    await shoot(page, `${name}${suffix}`)
  }
  await page.goto(`${url}/c/${ids['main']}?tab=timeline`)
  await shoot(page, `timeline${suffix}`)
  await page.goto(`${url}/c/${ids['main']}?tab=rules`)
  await shoot(page, `rules${suffix}`)
  await page.goto(`${url}/log?entry=20`)
  await page.getByText('checked in this browser', { exact: false }).first().waitFor()
  await shoot(page, `log${suffix}`)
  for (const [name, path] of OVERVIEW) {
    await page.goto(`${url}${path}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await shoot(page, `${name}${suffix}`, true)
  }
  await page.goto(`${url}/nowhere`)
  await shoot(page, `nowhere${suffix}`)
  await page.context().close()
}

const OVERVIEW = [
  ['history', '/history'],
  ['people', '/people'],
  ['workspaces', '/workspaces'],
  ['workspace', '/w/payments/prod'],
  ['insights', '/insights'],
  ['settings', '/settings'],
] as const

async function phone(browser: Browser): Promise<void> {
  const page = await open(browser, { as: 'Ines Duarte', phone: true })
  await shoot(page, 'phone-inbox')
  await page.goto(`${url}/c/${ids['main']}`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await shoot(page, 'phone-change')
  await shoot(page, 'phone-change-full', true)
  await page.goto(`${url}/log`)
  await shoot(page, 'phone-log')
  for (const [name, path] of OVERVIEW) {
    await page.goto(`${url}${path}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await shoot(page, `phone-${name}`, true)
  }
  await page.context().close()
}

const browser = await openBrowser()
try {
  await desk(browser, false)
  await desk(browser, true)
  await phone(browser)
} finally {
  await browser.close()
  await preview.story.close()
}
console.log(complaints.length === 0 ? `no complaint; pictures in ${folder}` : complaints.join('\n'))
process.exitCode = complaints.length === 0 ? 0 : 1
