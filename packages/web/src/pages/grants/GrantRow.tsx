/** One grant: which change, who asked, what it was given and until when that is worth something. */
import type { ReactElement } from 'react'
import { Link } from 'react-router'
import { actorName } from '../../model/actors.ts'
import { grantState, isLiveNow, issuedText, leftOf, stoppedText } from '../../model/stopping.ts'
import { type Moment, moment } from '../../model/time.ts'
import type { GrantView } from '../../model/wire.ts'
import { ActionButton, Raw } from '../../ui/pieces.tsx'

export interface GrantRowProps {
  readonly grant: GrantView
  readonly when: Moment
  readonly isOffline: boolean
  readonly stop: () => void
}

export function GrantRow(props: GrantRowProps): ReactElement {
  const { grant, when } = props
  const mayStop = isLiveNow(grant, when.now) && grant.you.revoke === null
  return (
    <li className="grant-row">
      <div className="grant-what">
        <Headline grant={grant} />
        <div className="small text-2">
          <b className="strong">{grant.workspace}</b>, by {actorName(grant.requester)}
        </div>
        <div className="small text-2 num">
          Started {moment(grant.startedAt, when)}
          {grant.revokedAt === null ? `, ${grantState(grant, when)}` : ''}
        </div>
        {grant.revokedAt === null ? null : <Stopped grant={grant} when={when} />}
      </div>
      <Given grant={grant} when={when} />
      <div className="grant-stop">
        {mayStop ? (
          <ActionButton
            size="small"
            disabled={props.isOffline}
            label={`Stop what runs in ${grant.workspace}`}
            onPress={props.stop}
          >
            Stop…
          </ActionButton>
        ) : null}
      </div>
    </li>
  )
}

function Stopped(props: { readonly grant: GrantView; readonly when: Moment }): ReactElement {
  const { grant, when } = props
  return (
    <div className="small num">
      <span className="hold-word">{stoppedText(grant, when)}</span>
      {grant.revokedBecause === null ? null : (
        <span className="text-2">
          :{' '}
          <q>
            <Raw text={grant.revokedBecause} plain />
          </q>
        </span>
      )}
    </div>
  )
}

function Headline(props: { readonly grant: GrantView }): ReactElement {
  const { headline, change } = props.grant
  if (headline === null)
    return <div className="small text-2 mono">{change}: you may stop it, and not look into it</div>
  return (
    <Link className="grant-headline" to={`/c/${change}`} data-row="">
      <Raw text={headline} plain />
    </Link>
  )
}

function Given(props: { readonly grant: GrantView; readonly when: Moment }): ReactElement {
  const { credentials, door } = props.grant
  if (credentials.length === 0)
    return (
      <div className="grant-given small text-2">
        {door === 'gate'
          ? 'A pipeline applies it with credentials of its own'
          : 'No credential was issued'}
      </div>
    )
  const left = leftOf(credentials, props.when)
  return (
    <ul className="grant-given small">
      {credentials.map((each, at) => (
        <li key={each.credential}>
          <Raw text={left[at]?.where ?? ''} plain />{' '}
          <span className="text-2 num">
            {issuedText(each)}; {left[at]?.honoured}
          </span>
        </li>
      ))}
    </ul>
  )
}
