/** The credential beside the diff, in a real browser: what it becomes, that it is whole, and why. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { it } from 'node:test'
import { finished, startClouds, started } from '../cloud/trust/given.ts'
import { openBrowser } from '../harness/browser.ts'
import { find } from '../harness/machine.ts'

const BUILT = new URL('../../packages/web/dist/index.html', import.meta.url)
const isMissing = find('chromium') === null || !existsSync(BUILT)
const skip = isMissing ? 'Chromium or the built page is not here' : false

it('shows what is not narrowed, and since when it is revoked', { skip }, async (context) => {
  const clouds = await startClouds()
  context.after(() => clouds.close())
  const { story } = clouds
  const run = await started(story, 'page')
  const params = { change: run.change }
  await story.as('jonas').call('revokeGrant', { params, body: { reason: null } })
  const browser = await openBrowser()
  context.after(() => browser.close())
  for (const viewport of [
    { width: 1280, height: 800 },
    { width: 390, height: 844 },
  ]) {
    const tab = await browser.newContext({ reducedMotion: 'reduce', viewport })
    await tab.request.post(`${story.url}/api/v1/development/sign-in`, { data: { person: 'jonas' } })
    const page = await tab.newPage()
    await page.goto(`${story.url}/c/${run.change}`)

    const section = page.getByRole('region', { name: 'Credential', exact: true })
    await section.getByText('as payments-apply').first().waitFor()

    assert.equal(await section.getByText('the whole role, because').count(), 1)
    assert.equal(await section.getByText(/^Stopped by/).count(), 1)
    const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
    assert.ok(Number(wide) <= 0, `${viewport.width}: ${wide} too wide`)
    const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
    await page.evaluate((await import('node:fs')).readFileSync(axe, 'utf8'))
    const found = (await page.evaluate('axe.run()')) as { violations: { id: string }[] }
    assert.deepEqual(
      found.violations.map(({ id }) => id),
      [],
    )
    if (process.env['PICTURES'] !== undefined)
      await page.screenshot({
        path: `${process.env['PICTURES']}/${viewport.width}.png`,
        fullPage: true,
      })
  }
  await finished(story, run)
})
