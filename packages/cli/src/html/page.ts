/**
 * A plan as one page that carries everything it needs: no network, no script, no server. The order
 * and the words are those of the change page. All text of the plan goes through html/text.ts; the
 * policy in the page's head would stop whatever came past it.
 */
import { storesData } from '@holdpoint/api/stored-data'
import {
  ACTION_LOOKS,
  alsoIn,
  DANGER_ORDER,
  headline,
  opaqueInPlan,
  planWarnings,
  reachOf,
  sortByDanger,
} from '@holdpoint/core'
import type { Inspected } from '../render-plan.ts'
import { counted } from '../render-text.ts'
import { hiddenChip, unknownChip } from './attributes.ts'
import { dangerBlock } from './danger.ts'
import { graphSection } from './graph.ts'
import { iconShapes, tile } from './looks.ts'
import { reachSection } from './reach.ts'
import { alsoSection, keepsValues, rowList, VALUES_SHOWN_MAX } from './rows.ts'
import { STYLES } from './styles.ts'
import { html, type Markup, NONE, plainRaw, raw } from './text.ts'

/** Nothing is fetched, nothing runs, nothing is sent; the page's own style is all it may use. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

export function renderHtml(inspected: Inspected): readonly string[] {
  const title = headline(inspected.plan, inspected.summary)
  const reach = reachOf(inspected.plan, storesData)
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title} · Holdpoint</title>
<style>${STYLES}</style>
</head>
<body>
${iconShapes()}
<main>
${head(inspected, title)}
${reachSection('What it reaches', reach.consequences)}
${changes(inspected)}
${reachSection('What it touches', reach.places)}
${alsoIn(inspected.plan).map(alsoSection)}
${graphSection(inspected.plan)}
<footer class="quiet small"><p>Made from the plan alone: nobody has evaluated or approved anything here.</p><p>Digest <span class="mono">${inspected.digest}</span></p></footer>
</main>
</body>
</html>`
  return page.source.split('\n')
}

function head({ plan, summary }: Inspected, title: string): Markup {
  const warnings = planWarnings(plan).map((text) => html`<p class="warning">${plainRaw(text)}</p>`)
  const tool = raw(`${plan.tool} ${plan.toolVersion}`.trim())
  return html`<header><h1>${title}</h1><p class="quiet small">Planned by ${tool}</p>${warnings}</header>
${dangerBlock(plan)}
<p class="counts">${counts(summary)}${marks(plan)}</p>`
}

function counts(summary: Inspected['summary']): readonly Markup[] {
  const done = DANGER_ORDER.filter((action) => action !== 'noop' && summary[action] > 0).map(
    (action) =>
      html`<span class="count-chip hue-${action}">${tile(action)}${summary[action]} ${ACTION_LOOKS[action].word.toLowerCase()}</span>`,
  )
  const outside = [
    [summary.invoke, 'invoked'],
    [summary.deferred, 'put off'],
  ] as const
  const others = outside.flatMap(([amount, word]) =>
    amount === 0 ? [] : [html`<span class="count-chip">${tile('unknown')}${amount} ${word}</span>`],
  )
  return [...done, ...others]
}

function marks(plan: Inspected['plan']): readonly Markup[] {
  const { hidden, unknown } = opaqueInPlan(plan)
  return [
    ...(hidden === 0 ? [] : [hiddenChip(counted(hidden, 'hidden value'))]),
    ...(unknown === 0 ? [] : [unknownChip(`${unknown} decided at apply`)]),
  ]
}

function changes({ plan }: Inspected): Markup {
  const changing = plan.resources.filter((resource) => resource.action !== 'noop')
  const sorted = sortByDanger(changing, storesData)
  const count = html`<span class="count">${sorted.length}</span>`
  if (sorted.length === 0) {
    return html`<section><h2>Changes ${count}</h2><p class="card empty">No resource changes here.</p></section>`
  }
  const bare = sorted.slice(VALUES_SHOWN_MAX).filter(({ action }) => !keepsValues(action)).length
  const cut =
    bare === 0
      ? NONE
      : html`<p class="warning">Every resource is listed. The values of ${bare} are left out, but of nothing that is destroyed.</p>`
  return html`<section><h2>Changes ${count}</h2>${cut}${rowList(sorted)}</section>`
}
