/** What is wrong with a page as it is drawn now: what axe-core finds, and whether it scrolls sideways. */
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'

const AXE = new URL('../../node_modules/axe-core/axe.min.js', import.meta.url)

export async function problemsOf(page: Page, where: string): Promise<readonly string[]> {
  await page.evaluate(readFileSync(AXE, 'utf8'))
  const violations = await page.evaluate(async () => {
    const axe: unknown = Reflect.get(window, 'axe')
    const { violations: found } = await (axe as { run: () => Promise<Results> }).run()
    return found.map(({ id, nodes }) => ({
      id,
      what: nodes.map(({ target, failureSummary }) => `${target.join(' ')} ${failureSummary}`),
    }))
  })
  const sideways = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  return [
    ...violations.map(({ id, what }) => `${where} ${id}: ${what.slice(0, 3).join(' | ')}`),
    ...(sideways > 0 ? [`${where} scrolls sideways by ${sideways}`] : []),
  ]
}

interface Results {
  readonly violations: readonly {
    readonly id: string
    readonly nodes: readonly {
      readonly target: readonly string[]
      readonly failureSummary: string
    }[]
  }[]
}
