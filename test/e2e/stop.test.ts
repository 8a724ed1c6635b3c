/**
 * The kill switch on the page, in a real browser: what it says before, who may, what is said after,
 * and that a running apply really ends. Clouds that verify stand behind the credentials.
 */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import {
  givenPlan,
  openRun,
  startBody,
  type TestRun,
  untilStatus,
} from '../../packages/server/test/server-story.ts'
import { type Clouds, finished, startClouds, started } from '../cloud/trust/given.ts'
import { openBrowser } from '../harness/browser.ts'
import { start } from '../harness/command.ts'
import { install, must } from '../harness/installation.ts'
import { find, HANGS_AFTER_MS, needs } from '../harness/machine.ts'
import { givenProject } from '../harness/project.ts'
import { approve, until, untilHeld, view } from '../harness/story.ts'
import { problemsOf } from './page-problems.ts'

const BUILT = new URL('../../packages/web/dist/index.html', import.meta.url)
const isMissing = find('chromium') === null || !existsSync(BUILT)
const skip = isMissing ? 'Chromium or the built page is not here' : false
const PICTURES = process.env['PICTURES']

const LOOKS = {
  light: { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  dark: { colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
  phone: { colorScheme: 'light', viewport: { width: 390, height: 844 } },
  'phone-dark': { colorScheme: 'dark', viewport: { width: 390, height: 844 } },
} as const
type Look = keyof typeof LOOKS

let browser: Browser
before(async () => {
  if (skip === false) browser = await openBrowser()
})
after(() => browser?.close())

async function signedIn(url: string, person: string, look: Look = 'light'): Promise<Page> {
  const context = await browser.newContext({ ...LOOKS[look], reducedMotion: 'reduce' })
  const data = { person }
  assert.ok((await context.request.post(`${url}/api/v1/development/sign-in`, { data })).ok())
  return await context.newPage()
}

async function looked(page: Page, name: string): Promise<readonly string[]> {
  await page.waitForLoadState('networkidle')
  if (PICTURES !== undefined) await page.screenshot({ path: `${PICTURES}/${name}.png` })
  return problemsOf(page, name)
}

const stopButton = (page: Page) => page.getByRole('button', { name: 'Stop it…' })

describe('the kill switch', { skip, timeout: HANGS_AFTER_MS }, () => {
  let clouds: Clouds
  let url: string

  before(async () => {
    clouds = await startClouds()
    url = clouds.story.url
  })
  after(() => clouds?.close())

  /** As its runner asks: one credential of each connection. */
  async function given(run: TestRun): Promise<void> {
    let ask = 0
    for (const row of clouds.rows.values()) {
      ask += 1
      const body = run.signed('credentials', { connection: row.id, purpose: 'apply', ask })
      const params = { change: run.change }
      must(await clouds.story.as('mira').call('credentials', { params, body: body as never }))
    }
  }

  it('says before what it does and what a cloud still honours, and after who pulled it', async () => {
    const run = await started(clouds.story, 'switch')
    await given(run)
    const found: string[] = []
    for (const look of ['dark', 'phone', 'phone-dark', 'light'] as const) {
      const page = await signedIn(url, 'jonas', look)
      await page.goto(`${url}/c/${run.change}`)
      await stopButton(page).waitFor()
      found.push(...(await looked(page, `${look}-live`)))
      await stopButton(page).click()
      const sheet = page.getByRole('dialog')
      await sheet.getByText(/the tool is told to stop within one heartbeat/).waitFor()
      await sheet.getByText(/what Google gave for it can live ten minutes more/).waitFor()
      found.push(...(await looked(page, `${look}-sheet`)))
      if (look !== 'light') {
        await page.context().close()
        continue
      }
      const act = sheet.getByRole('button', { name: 'Stop it now' })
      assert.equal(await act.getAttribute('aria-disabled'), 'true')
      await sheet.getByLabel('Why it has to stop').fill('The wrong account.')
      await act.click()
      await page.waitForFunction(() => document.title.startsWith('Told to stop'))
      await page.context().close()
    }
    for (const look of ['light', 'phone-dark'] as const) {
      const page = await signedIn(url, 'theo', look)
      await page.goto(`${url}/c/${run.change}`)
      await page
        .getByText(/jonas Doe stopped it: “The wrong account.”/)
        .first()
        .waitFor()
      await page.getByText(/Nothing is issued but what saves the state/).waitFor()
      assert.equal(await stopButton(page).count(), 0)
      found.push(...(await looked(page, `${look}-stopped`)))
      await page.context().close()
    }
    await finished(clouds.story, run)

    assert.deepEqual(found, [])
  })

  it('is not there for who may not, and the API refuses them', async () => {
    const run = await started(clouds.story, 'not-yours')
    const page = await signedIn(url, 'theo')
    await page.goto(`${url}/c/${run.change}`)
    await page.getByText(/^Fingerprint of what is shown here/).waitFor()
    assert.equal(await stopButton(page).count(), 0)
    await page.goto(`${url}/grants`)
    const list = page.getByRole('list', { name: 'Live' })
    await list.getByText('payments/dev').waitFor()
    assert.equal(await page.getByRole('button', { name: /^Stop/ }).count(), 0)
    const answer = await page.request.post(`${url}/api/v1/changes/${run.change}/revoke-grant`, {
      data: { reason: 'not mine' },
      headers: { origin: url },
    })

    assert.equal(answer.status(), 403)
    await page.context().close()
    await finished(clouds.story, run)
  })

  it('stands for all that is live on one page, and stops all of it after a typed word', async () => {
    const found: string[] = []
    const runs = [await started(clouds.story, 'one')]
    await given(runs[0] ?? assert.fail('nothing runs'))
    const page = await signedIn(url, 'jonas')
    await page.goto(`${url}/grants`)
    const live = page.getByRole('list', { name: 'Live' }).getByRole('listitem')
    await page.getByRole('list', { name: 'Live' }).getByText('payments/dev').waitFor()
    assert.equal(await page.getByRole('button', { name: /^Stop all/ }).count(), 0)
    runs.push(await startedIn('billing/dev'))
    // The server's own events bring it, nobody reloads.
    await page.getByText('billing/dev').waitFor()
    for (const look of Object.keys(LOOKS) as Look[]) {
      const other = await signedIn(url, 'jonas', look)
      await other.goto(`${url}/grants`)
      await other.getByText('billing/dev').waitFor()
      found.push(...(await looked(other, `${look}-grants`)))
      await other.getByRole('button', { name: 'Stop all 2…' }).click()
      found.push(...(await looked(other, `${look}-stop-all`)))
      await other.context().close()
    }

    await page.getByRole('button', { name: 'Stop all 2…' }).click()
    const sheet = page.getByRole('dialog')
    const act = sheet.getByRole('button', { name: 'Stop all 2 now' })
    await sheet.getByLabel('Why they have to stop').fill('A key leaked.')
    assert.equal(await act.getAttribute('aria-disabled'), 'true')
    await sheet.getByLabel(/^Type “stop all”/).fill('stop all')
    await act.click()

    await page.getByText('No grant is live').waitFor()
    await page
      .getByText(/Stopped by jonas Doe at/)
      .first()
      .waitFor()
    found.push(...(await looked(page, 'grants-over')))
    for (const { change } of runs) {
      const seen = must(await clouds.story.as('jonas').call('change', { params: { change } }))
      assert.equal(seen.execution?.revokedBecause, 'A key leaked.')
    }
    assert.equal(await live.count(), 0)
    assert.deepEqual(found, [])
    await page.context().close()
    for (const run of runs) await finished(clouds.story, run)
  })

  async function startedIn(workspace: string): Promise<TestRun> {
    const mira = clouds.story.as('mira')
    const run = await openRun(mira, { plan: givenPlan(workspace), pipeline: workspace, workspace })
    const params = { change: run.change }
    await untilStatus(mira, run.change, 'held')
    const body = { fingerprint: run.binding.fingerprint, reason: null }
    must(await clouds.story.as('jonas').call('approve', { params, body }))
    await untilStatus(mira, run.change, 'released')
    const signed = run.signed('start', startBody(run))
    must(await mira.call('start', { params, body: signed as never }))
    return run
  }
})

const SLOW = `resource "terraform_data" "slow" {
  provisioner "local-exec" {
    command = "touch started; sleep 120"
  }
}
`
const whenTerraform = {
  skip: skip === false ? needs('terraform').skip : skip,
  timeout: HANGS_AFTER_MS,
}

it('ends an apply that runs, long before its tool would have', whenTerraform, async (context) => {
  const installation = await install()
  context.after(() => installation.close())
  const project = await givenProject({ 'main.tf': SLOW })
  context.after(() => project.remove())
  const running = start(installation, ['apply'], { folder: project.folder, as: 'mira' })
  context.after(() => running.child.exitCode ?? running.signalGroup('SIGKILL'))
  const held = await untilHeld(installation)
  must(await approve(installation, 'ines', held))
  await until('the slow program runs', async () =>
    readFile(`${project.folder}/started`).catch(() => null),
  )
  const page = await signedIn(installation.url, 'ines')
  await page.goto(`${installation.url}/c/${held.id}`)

  await stopButton(page).click()
  await page.getByLabel('Why it has to stop').fill('It is the wrong cluster.')
  const from = performance.now()
  await page.getByRole('button', { name: 'Stop it now' }).click()
  const ended = await running.ended

  const seconds = (performance.now() - from) / 1000
  assert.ok(seconds < 40, `it took ${seconds} s`)
  assert.equal(ended.code, 3, ended.out + ended.err)
  await page
    .getByText(/Ines Duarte stopped it: “It is the wrong cluster.”/)
    .first()
    .waitFor()
  const after = await view(installation, held.id)
  assert.equal(after.status, 'failed')
  assert.equal(await stopButton(page).count(), 0)
  await page.context().close()
})
