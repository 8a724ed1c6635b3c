/**
 * How soon the page can be used, in the machine's Chromium with nothing cached: from the navigation
 * to the fingerprint that the page computed itself, which is when a decision becomes possible. With
 * what it shows first, how much it moves, and for how long it blocks (Web Vitals).
 */
import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import type { Browser, BrowserContext } from 'playwright-core'
import { openRun, untilStatus } from '../../packages/server/test/server-story.ts'
import { largePlan } from '../../packages/web/test/preview-plan.ts'
import { type Preview, startPreview } from '../../packages/web/test/preview-server.ts'
import { openBrowser, visitAs } from '../../test/harness/browser.ts'
import { find } from '../../test/harness/machine.ts'
import { atMost, type Measure, type Row, skipped, type Verdict } from './measure.ts'
import { kilobytes, median, milliseconds, row } from './statistics.ts'

const RUNS = 9
const RESOURCES = 1_000
const INTERACTIVE_MS_MAX = 1_500
const SCRIPT_BYTES_MAX = 250 * 1024
const ASSETS = new URL('../../packages/web/dist/assets/', import.meta.url)
const INDEX = new URL('../../packages/web/dist/index.html', import.meta.url)

export const page: Measure = {
  name: 'page',
  run: async () => {
    if (find('chromium') === null) return skipped('page', 'Chromium is not on this machine')
    const preview = await startPreview()
    const browser = await openBrowser()
    try {
      return await measure(browser, preview)
    } finally {
      await browser.close()
      await preview.story.close()
    }
  },
}

async function measure(browser: Browser, preview: Preview) {
  const { story } = preview
  const run = await openRun(story.as('lars'), {
    workspace: 'edge/thousand',
    plan: largePlan(RESOURCES),
  })
  await untilStatus(story.as('ines'), run.change, 'held')
  const site = { url: story.url, handle: 'ines', name: 'Ines Duarte' }
  const { context } = await visitAs(browser, site)
  const state = await context.storageState()
  await context.close()
  const open = (path: string, ready: string) =>
    timed({ browser, state, url: story.url, path, ready })
  const change = await repeat(() => open(`/c/${run.change}`, '.fingerprint'))
  const inbox = await repeat(() => open('/', '.inbox-row'))
  return verdictsOf(change, inbox)
}

function verdictsOf(change: readonly Vitals[], inbox: readonly Vitals[]) {
  const interactive = change.map((each) => each.readyMs)
  const rows: Row[] = [
    row(`${RESOURCES} resources: decision possible`, interactive),
    ...vitals('change page', change),
    row(
      'inbox: rows there',
      inbox.map((each) => each.readyMs),
    ),
    ...vitals('inbox', inbox),
  ]
  const verdicts: Verdict[] = [
    atMost({
      what: `first screen of ${RESOURCES} resources`,
      found: median(interactive),
      bound: INTERACTIVE_MS_MAX,
      text: milliseconds,
    }),
    atMost({
      what: 'initial JavaScript, gzip',
      found: scriptBytes(),
      bound: SCRIPT_BYTES_MAX,
      text: kilobytes,
    }),
  ]
  return { rows, verdicts }
}

function vitals(what: string, all: readonly Vitals[]): readonly Row[] {
  return [
    row(
      `${what}: first contentful paint`,
      all.map((each) => each.firstPaintMs),
    ),
    row(
      `${what}: largest contentful paint`,
      all.map((each) => each.largestPaintMs),
    ),
    row(
      `${what}: blocked beyond 50 ms`,
      all.map((each) => each.blockedMs),
    ),
    row(
      `${what}: layout shift`,
      all.map((each) => each.shift),
      (value) => value.toFixed(4),
    ),
  ]
}

interface Vitals {
  readonly readyMs: number
  readonly firstPaintMs: number
  readonly largestPaintMs: number
  /** What tasks took beyond 50 ms each: Lighthouse's total blocking time. */
  readonly blockedMs: number
  readonly shift: number
}

interface Opening {
  readonly browser: Browser
  readonly state: Awaited<ReturnType<BrowserContext['storageState']>>
  readonly url: string
  readonly path: string
  readonly ready: string
}

/** A new profile each time: signed in, nothing cached. */
async function timed({ browser, state, url, path, ready }: Opening): Promise<Vitals> {
  const context = await browser.newContext({
    storageState: state,
    viewport: { width: 1280, height: 800 },
  })
  const tab = await context.newPage()
  await tab.addInitScript(observe)
  const startedAt = performance.now()
  await tab.goto(`${url}${path}`, { waitUntil: 'commit' })
  await tab.locator(ready).first().waitFor()
  await tab.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)))
  const readyMs = performance.now() - startedAt
  await tab.waitForTimeout(300)
  const seen = await tab.evaluate(() => {
    const [paint] = performance.getEntriesByName('first-contentful-paint')
    const told: unknown = Reflect.get(globalThis, 'vitals')
    return { paint: paint?.startTime ?? 0, told: JSON.stringify(told) }
  })
  await context.close()
  const told: { largest: number; blocked: number; shift: number } = JSON.parse(seen.told)
  return {
    readyMs,
    firstPaintMs: seen.paint,
    largestPaintMs: told.largest,
    blockedMs: told.blocked,
    shift: told.shift,
  }
}

/** Runs in the page, before anything of it does. */
function observe(): void {
  const vitals = { largest: 0, blocked: 0, shift: 0 }
  Reflect.set(globalThis, 'vitals', vitals)
  const watch = (type: string, note: (entry: PerformanceEntry) => void): void => {
    const observer = new PerformanceObserver((list) => list.getEntries().forEach(note))
    observer.observe({ type, buffered: true })
  }
  watch('largest-contentful-paint', (entry) => {
    vitals.largest = entry.startTime
  })
  watch('longtask', (entry) => {
    vitals.blocked += Math.max(0, entry.duration - 50)
  })
  watch('layout-shift', (entry) => {
    vitals.shift += Number(Reflect.get(entry, 'value'))
  })
}

async function repeat(once: () => Promise<Vitals>): Promise<readonly Vitals[]> {
  await once()
  const all: Vitals[] = []
  for (let run = 0; run < RUNS; run += 1) all.push(await once())
  return all
}

/** What the document itself asks for; pages that are loaded later are not in it. */
function scriptBytes(): number {
  const document = readFileSync(INDEX, 'utf8')
  return readdirSync(ASSETS)
    .filter((name) => name.endsWith('.js') && document.includes(name))
    .reduce((sum, name) => sum + gzipSync(readFileSync(new URL(name, ASSETS))).length, 0)
}
