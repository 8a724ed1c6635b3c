/** What each rule that holds asks for, and who could fill it here. Which apply is up to a plan. */
import type { ReactElement } from 'react'
import type { WorkspaceView } from '../../model/wire.ts'
import { list } from '../../model/words.ts'
import { slotText } from '../../model/workspace-view.ts'
import { Icon } from '../../ui/Icon.tsx'
import { RuleChip } from '../../ui/pieces.tsx'

type Rule = WorkspaceView['rules'][number]
type AskedSlot = Rule['slots'][number]

export function WhoDecides(props: { readonly workspace: WorkspaceView }): ReactElement {
  const { rules, policyRevision } = props.workspace
  return (
    <section className="inbox-group" aria-labelledby="who-decides">
      <div className="inbox-head">
        <h2 id="who-decides">Who can decide what here</h2>
        <span>revision {policyRevision} of the policy; which rules hold is up to the plan</span>
      </div>
      {rules.length === 0 ? (
        <p className="card inbox-empty small text-2">No rule holds anything for people.</p>
      ) : (
        <ul className="card inbox-list">
          {rules.map((rule) => (
            <li key={rule.rule} className="decides-row">
              <div>
                <div>{rule.message ?? 'Nothing else matched'}</div>
                <RuleChip rule={rule.rule} />
              </div>
              <ul className="decides-slots">
                {rule.slots.map((asked) => (
                  <li key={asked.slot.from.join(' ')}>
                    <SlotLine asked={asked} />
                  </li>
                ))}
              </ul>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function SlotLine(props: { readonly asked: AskedSlot }): ReactElement {
  const { slot, people } = props.asked
  const names = people.map(({ name, you }) => (you ? 'you' : name))
  const short = people.length < slot.count
  return (
    <span className={`decides-slot ${short ? 'decides-short' : ''}`}>
      <Icon name={short ? 'question' : 'person'} size={14} />
      <span>
        <b>{slotText(slot)}</b>{' '}
        <span className="text-2">
          {names.length === 0
            ? 'nobody can fill it here'
            : `${list(names, 'or')}${short ? `, too few for ${slot.count}` : ''}`}
        </span>
      </span>
    </span>
  )
}
