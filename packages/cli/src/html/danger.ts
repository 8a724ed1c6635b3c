/** The one red block: what stored data is lost, named, with what the plan says of what remains. */
import { storesData } from '@holdpoint/api/stored-data'
import { type DataDangerItem, dataDangerOf, type Plan } from '@holdpoint/core'
import { icon, tile } from './looks.ts'
import { address, factList } from './rows.ts'
import { html, type Markup, NONE, raw } from './text.ts'

export function dangerBlock(plan: Plan): Markup {
  const danger = dataDangerOf(plan, storesData)
  if (danger === null) return NONE
  const { title, items, total, types } = danger
  const counts = types.map(
    ({ type, count }, at) => html`${at === 0 ? '' : ', '}${count} × ${raw(type)}`,
  )
  const more =
    total > items.length
      ? html`<p class="danger-more small">${total} resources that hold data: ${counts}. All of them are listed below.</p>`
      : NONE
  return html`<section class="danger" aria-label="What is at stake"><p class="danger-title">${icon('warn', 20)}${title}</p>${items.map(item)}${more}</section>`
}

function item({ change, facts }: DataDangerItem): Markup {
  return html`<div class="danger-item"><div class="danger-name">${tile(change.action)}${address(change)}</div>${factList(facts)}</div>
`
}
