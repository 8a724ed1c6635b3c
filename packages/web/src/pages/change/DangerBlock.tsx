/** The one red block: what is lost, named, with the facts that make it final. */

import { splitAddress } from '@holdpoint/core'
import type { ReactElement } from 'react'
import type { Danger, DangerItem } from '../../model/danger.ts'
import { Icon } from '../../ui/Icon.tsx'
import { ActionButton, Address, Raw, Tile } from '../../ui/pieces.tsx'
import { useShown } from './use-shown.ts'

export function DangerBlock(props: {
  readonly danger: Danger
  readonly showAll: () => void
}): ReactElement {
  const { danger } = props
  return (
    <section className={`danger danger-${danger.kind}`} aria-label="What is at stake">
      <div className="danger-title">
        <Icon name="warn" size={20} />
        <span>
          <Raw text={danger.title} plain />
        </span>
      </div>
      {danger.detail === null ? null : (
        <p className="danger-detail small">
          <Raw text={danger.detail} plain />
        </p>
      )}
      {danger.items.map((item) => (
        <Item key={item.key} item={item} />
      ))}
      {danger.more === null ? null : (
        <div className="danger-more small">
          <Raw text={danger.more} plain />
          <ActionButton size="small" onPress={props.showAll}>
            Show all {danger.total}
          </ActionButton>
        </div>
      )}
    </section>
  )
}

function Item(props: { readonly item: DangerItem }): ReactElement {
  const { item } = props
  const { watch } = useShown()
  const parts = splitAddress(item.key, item.module)
  return (
    <div className="danger-item" ref={watch(item.key)}>
      <div className="danger-name">
        <Tile action={item.action} />
        <Address module={parts.module} name={parts.name} />
      </div>
      <dl className="danger-facts">
        {item.facts.map((fact) => (
          <div key={fact.label}>
            <dt>{fact.label}</dt>
            <dd>
              <Raw text={fact.value} plain />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
