/** What a plan reaches beside its rows: a few calm lines, the rest folded and counted. */
import type { ReachGroup, ReachLine } from '@holdpoint/core'
import { html, type Markup, NONE, phrase, raw } from './text.ts'

export function reachSection(title: string, groups: readonly ReachGroup[]): Markup {
  if (groups.length === 0) return NONE
  return html`<section><h2>${title}</h2><p class="quiet small">As far as the plan says it.</p><dl class="card reach">${groups.map(group)}</dl></section>`
}

function group({ label, open, lines }: ReachGroup): Markup {
  const rest = lines.slice(open)
  const folded =
    rest.length === 0
      ? NONE
      : html`<details><summary class="quiet small">${rest.length} more</summary>${list(rest)}</details>`
  return html`<div><dt>${label}</dt><dd>${list(lines.slice(0, open))}${folded}</dd></div>
`
}

function list(lines: readonly ReachLine[]): Markup {
  return html`<ul>${lines.map(item)}</ul>`
}

function item({ address, says }: ReachLine): Markup {
  return html`<li>${address === null ? NONE : html`${raw(address)} `}${phrase(says)}</li>`
}
