/** Many equal rows as one line with an example; opened, every one of them, in pages. */
import { type ReactElement, useId, useState } from 'react'
import { LOOKS } from '../../model/actions.ts'
import { type Group, PAGE_ROWS } from '../../model/groups.ts'
import type { Row } from '../../model/rows.ts'
import { grouped } from '../../model/words.ts'
import { Icon } from '../../ui/Icon.tsx'
import { ActionButton, Address, PhraseText, Raw, RuleChip, Tile } from '../../ui/pieces.tsx'
import { PlanRow } from './PlanRow.tsx'
import { useShown } from './use-shown.ts'

export function GroupRow(props: { readonly group: Group }): ReactElement {
  const { group } = props
  const { example } = group
  const [open, setOpen] = useState(false)
  const id = useId()
  const lost = LOOKS[example.action].fill === 'solid'
  return (
    <article className="plan-row" data-destroyed={lost && !open ? example.key : undefined}>
      <button
        type="button"
        className="plan-head"
        aria-expanded={open}
        aria-controls={id}
        data-row=""
        onClick={() => setOpen(!open)}
      >
        <Tile action={example.action} />
        <span className="plan-text">
          <span className="plan-group-title">
            <b className="num">{grouped(group.rows.length)} ×</b>{' '}
            <Raw text={`${example.module}${example.change.type}`} />
          </span>
          <span className="plan-effect small">
            All alike: <PhraseText phrase={example.effect} />{' '}
            {example.rules.map((rule) => (
              <RuleChip key={rule} rule={rule} />
            ))}
          </span>
        </span>
        <span className={`plan-verb hues-${example.action}`}>{LOOKS[example.action].word}</span>
        <span className={open ? 'plan-chevron plan-chevron-open' : 'plan-chevron'}>
          <Icon name="next" size={14} />
        </span>
      </button>
      <div id={id} hidden={!open} className="plan-group">
        {open ? <Members group={group} lost={lost} /> : null}
      </div>
    </article>
  )
}

function Members(props: { readonly group: Group; readonly lost: boolean }): ReactElement {
  const { group, lost } = props
  const [pages, setPages] = useState(1)
  const drawn = group.rows.slice(0, pages * PAGE_ROWS)
  const left = group.rows.length - drawn.length
  return (
    <>
      <PlanRow row={group.example} openFirst />
      <ul className="plan-members" aria-label="All of them">
        {drawn.map((row) => (
          <Member key={row.key} row={row} lost={lost} />
        ))}
      </ul>
      {left > 0 ? (
        <div className="plan-more">
          <span className="text-2 num">{grouped(left)} more</span>
          <ActionButton size="small" onPress={() => setPages(pages + 1)}>
            Show more
          </ActionButton>
        </div>
      ) : null}
    </>
  )
}

function Member(props: { readonly row: Row; readonly lost: boolean }): ReactElement {
  const { row, lost } = props
  const { watch } = useShown()
  return (
    <li
      ref={lost ? watch(row.key) : undefined}
      data-destroyed={lost ? row.key : undefined}
      className="plan-member"
    >
      <Address module={row.module} name={row.name} />
      <span className="small text-2">
        <PhraseText phrase={row.effect} />
      </span>
    </li>
  )
}
