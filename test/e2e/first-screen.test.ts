/**
 * Thirty seconds on a phone at night: for a change that destroys a database, every answer of the
 * first screen and both buttons lie inside the viewport before anything is scrolled.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Locator, Page } from 'playwright-core'
import { type Preview, startPreview } from '../../packages/web/test/preview-server.ts'
import { openBrowser, visitAs } from '../harness/browser.ts'
import { HANGS_AFTER_MS, needs } from '../harness/machine.ts'

const { skip } = needs('chromium')
const SIZES = [
  { name: 'a desk', size: { width: 1280, height: 800 } },
  { name: 'a phone', size: { width: 390, height: 844 } },
] as const

describe('the first screen of a change that destroys a database', {
  skip,
  timeout: HANGS_AFTER_MS,
}, () => {
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

  for (const { name, size } of SIZES)
    it(`answers everything on ${name} without scrolling`, async () => {
      const site = { url: preview.story.url, handle: 'ines', name: 'Ines Duarte' }
      const { page, context } = await visitAs(browser, site, { size })
      await page.goto(`${preview.story.url}/c/${preview.ids['main']}`)
      await page.getByText('0 of 2 destroyed were on screen', { exact: true }).waitFor()

      const dock = await dockTop(page, size)
      for (const [what, place] of answers(page)) await isInside(place, { what, size, bottom: dock })
      for (const [what, place] of buttons(page))
        await isInside(place, { what, size, bottom: size.height })
      assert.equal(await page.evaluate(() => globalThis.scrollY), 0)
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      assert.equal(overflow, 0, 'it scrolls sideways')
      await context.close()
    })
})

function answers(page: Page): readonly (readonly [string, Locator])[] {
  const main = page.getByRole('main')
  const section = (label: string) => main.getByRole('region', { name: label, exact: true })
  return [
    ['status and until when', main.getByText('Held').filter({ visible: true }).first()],
    ['headline', main.getByRole('heading', { level: 1 })],
    ['workspace', main.getByText('payments/prod').filter({ visible: true }).first()],
    ['what is at stake', section('What is at stake')],
    ['why it is held', section('Why it is held')],
    ['who is needed', section('Who is needed')],
    ['what you cannot see', section('What you cannot see')],
    ['credential', section('Credential on release')],
  ]
}

function buttons(page: Page): readonly (readonly [string, Locator])[] {
  const main = page.getByRole('main')
  return [
    ['approve', main.getByRole('button', { name: /^Approve:/ })],
    ['reject', main.getByRole('button', { name: /^Reject/ })],
  ]
}

/** On a phone the decision lies over the page: what is under it is not seen. */
async function dockTop(page: Page, size: Size): Promise<number> {
  const act = page.locator('.act')
  const isDock = await act.evaluate((element) => getComputedStyle(element).position === 'fixed')
  return isDock ? ((await act.boundingBox())?.y ?? 0) : size.height
}

interface Size {
  readonly width: number
  readonly height: number
}

async function isInside(
  place: Locator,
  { what, size, bottom: limit }: { what: string; size: Size; bottom: number },
): Promise<void> {
  const box = await place.boundingBox()
  assert.ok(box !== null, `${what} is not drawn`)
  const right = box.x + box.width
  const bottom = box.y + box.height
  assert.ok(box.x >= 0 && right <= size.width, `${what} ends at ${right} of ${size.width}`)
  assert.ok(box.y >= 0 && bottom <= limit, `${what} ends at ${bottom} of ${limit}`)
}
