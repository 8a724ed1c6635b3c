/**
 * The page of `inspect --html` in a real browser, with hostile text in every place of a plan: nothing
 * of it becomes an element, runs or is fetched. Skipped where there is no Chromium.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import {
  CANARY,
  HOSTILE_TEXTS,
  hostileCloudformation,
  hostilePulumi,
  hostileTerraform,
} from '../fixtures/hostile-plans.ts'
import { HANGS_AFTER_MS } from '../harness/machine.ts'

const CHROMIUM = '/usr/bin/chromium'
const MAIN = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url))
const missing = existsSync(CHROMIUM) ? false : 'no chromium at /usr/bin/chromium'

/** All hostile texts after one another, so that each meets the page that the ones before left. */
const ALL = Object.values(HOSTILE_TEXTS).join(' ')
const PLANS = {
  terraform: hostileTerraform(ALL),
  cloudformation: hostileCloudformation(ALL),
  pulumi: hostilePulumi(ALL),
}

const OURS = (
  'body b circle dd del details div dl dt footer g h1 h2 head header html ins li main marker ' +
  'meta p path rect section span style summary svg symbol table tbody td text th title tr tspan ul use'
).split(' ')

describe('a hostile plan as a page in a browser', {
  skip: missing,
  timeout: HANGS_AFTER_MS,
}, () => {
  let browser: Browser
  const folder = mkdtempSync(join(tmpdir(), 'holdpoint-hostile-'))

  before(async () => {
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    })
  })
  after(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  function inspect(document: string, flag: string): string {
    const plan = join(folder, 'plan.json')
    writeFileSync(plan, document)
    const done = spawnSync(process.execPath, [MAIN, 'inspect', plan, flag], { encoding: 'utf8' })
    assert.equal(done.status, 0, done.stderr)
    return done.stdout
  }

  async function open(name: string, document: string, asked: string[]): Promise<Page> {
    const file = join(folder, `${name}.html`)
    writeFileSync(file, inspect(document, '--html'))
    const page = await browser.newPage()
    page.on('request', (request) => asked.push(request.url()))
    page.on('dialog', (dialog) => {
      asked.push(`dialog ${dialog.message()}`)
      dialog.dismiss().catch(() => undefined)
    })
    await page.goto(`file://${file}`)
    return page
  }

  for (const [name, plan] of Object.entries(PLANS)) {
    it(`makes no element of the text of a ${name} plan, and asks for nothing`, async () => {
      const asked: string[] = []
      const page = await open(name, plan, asked)
      await page.evaluate(() => {
        for (const details of document.querySelectorAll('details')) details.open = true
      })

      const found = await page.evaluate(() => {
        const elements = [...document.querySelectorAll('*')]
        const attributes = elements.flatMap((each) => each.getAttributeNames())
        return {
          tags: [...new Set(elements.map((each) => each.localName))],
          handlers: attributes.filter((each) => each.startsWith('on')),
          links: elements.filter((each) => each.hasAttribute('href') && each.localName !== 'use')
            .length,
          outside: document.body.lastElementChild?.localName,
          text: document.body.textContent,
        }
      })

      assert.deepEqual(
        found.tags.filter((tag) => !OURS.includes(tag)),
        [],
      )
      assert.deepEqual(found.handlers, [])
      assert.equal(found.links, 0)
      assert.equal(found.outside, 'main')
      assert.match(found.text, new RegExp(CANARY))
      assert.deepEqual(
        asked.filter((url) => !url.startsWith('file://')),
        [],
      )
      assert.equal(asked.length, 1)
      await page.close()
    })
  }

  it('would stop whatever came past the escaping', async () => {
    const asked: string[] = []
    const text = inspect(PLANS.pulumi, '--html')
    const injected =
      '<img src="https://evil.example/x" onerror="alert(1)"><script>alert(2)</script>'
    const file = join(folder, 'injected.html')
    writeFileSync(file, text.replace('<main>', `<main>${injected}`))
    const page = await browser.newPage()
    page.on('dialog', (dialog) => {
      asked.push(dialog.message())
      dialog.dismiss().catch(() => undefined)
    })
    page.on('requestfinished', (request) => asked.push(request.url()))
    await page.goto(`file://${file}`)

    assert.deepEqual(
      asked.filter((each) => !each.startsWith('file://')),
      [],
    )
    await page.close()
  })
})
