/** The credential beside the diff, in a real browser: what it becomes, that it is whole, and why. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { it } from 'node:test'
import { type CredentialScope, parseConnectionId, scopeText } from '@holdpoint/core'
import { finished, startClouds, started } from '../cloud/trust/given.ts'
import { openBrowser } from '../harness/browser.ts'
import { find } from '../harness/machine.ts'
import { problemsOf } from './page-problems.ts'

const BUILT = new URL('../../packages/web/dist/index.html', import.meta.url)
const isMissing = find('chromium') === null || !existsSync(BUILT)
const SIZES = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
] as const
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
  for (const viewport of SIZES) {
    const tab = await browser.newContext({ reducedMotion: 'reduce', viewport })
    await tab.request.post(`${story.url}/api/v1/development/sign-in`, { data: { person: 'jonas' } })
    const page = await tab.newPage()
    await page.goto(`${story.url}/c/${run.change}`)

    const section = page.getByRole('region', { name: 'Credential', exact: true })
    await section.getByText('as payments-apply').first().waitFor()

    assert.equal(await section.getByText('the whole role, because').count(), 1)
    assert.equal(await section.getByText(/^Stopped by/).count(), 1)
    assert.deepEqual(await problemsOf(page, `${viewport.width}`), [])
    if (process.env['PICTURES'] !== undefined)
      await page.screenshot({
        path: `${process.env['PICTURES']}/${viewport.width}.png`,
        fullPage: true,
      })
  }
  await finished(story, run)
})

const ARN = 'arn:aws:dynamodb:eu-central-1:402177351180:table/payments-ledger-entries-2026'
const STATEMENT = {
  actions: ['dynamodb:CreateTable', 'dynamodb:DescribeContinuousBackups', 'dynamodb:TagResource'],
  resources: [ARN, `${ARN}/index/by-account-and-day`],
}
const SCOPE: CredentialScope = {
  v: 1,
  connections: [
    {
      connection: parseConnectionId('con_0000000000000001') ?? assert.fail('no id'),
      kind: 'aws',
      account: '402177351180',
      identity: 'arn:aws:iam::402177351180:role/payments-prod-apply',
      audience: 'sts.amazonaws.com',
      settings: {},
      seconds: 900,
      narrowed: true,
      because: [],
      policy: JSON.stringify({ Version: '2012-10-17', Statement: [STATEMENT] }),
      state: null,
      statements: [STATEMENT],
    },
  ],
}

it('unfolds what a narrowed one may do, and the policy itself', { skip }, async (context) => {
  const clouds = await startClouds()
  context.after(() => clouds.close())
  const { story } = clouds
  const run = await started(story, 'narrowed')
  const browser = await openBrowser()
  context.after(() => browser.close())
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const)
    for (const viewport of SIZES) {
      const tab = await browser.newContext({ reducedMotion: 'reduce', viewport, colorScheme })
      const data = { person: 'jonas' }
      await tab.request.post(`${story.url}/api/v1/development/sign-in`, { data })
      const page = await tab.newPage()
      // No cloud here is narrowed to a plan: the page is shown what AWS would be.
      await page.route(`**/api/v1/changes/${run.change}`, async (route) => {
        const response = await route.fetch()
        const view = JSON.parse(await response.text())
        const evaluation = { ...view.evaluation, scope: scopeText(SCOPE) }
        await route.fulfill({ response, body: JSON.stringify({ ...view, evaluation }) })
      })
      await page.goto(`${story.url}/c/${run.change}`)
      await page.getByText('What it may do').click()
      await page.getByText('The policy, byte for byte').click()
      await page.getByText('"2012-10-17"').waitFor()
      const name = `narrowed-${viewport.width}-${colorScheme}`
      found.push(...(await problemsOf(page, name)))
      if (process.env['PICTURES'] !== undefined)
        await page.screenshot({ path: `${process.env['PICTURES']}/${name}.png`, fullPage: true })
      await tab.close()
    }
  await finished(story, run)

  assert.deepEqual(found, [])
})
