/** Lays the change out: head, danger, panel and sections, with its shortcuts and sheets. */
import { type ReactElement, useState } from 'react'
import { causesText } from '../../model/causes.ts'
import { dangerOf } from '../../model/danger.ts'
import { controlsOf, whyNotApprove, whyNotReject } from '../../model/deciding.ts'
import { shownOf } from '../../model/shown.ts'
import { statusOf } from '../../model/status.ts'
import type { ChangeView, Whoami } from '../../model/wire.ts'
import { useConnection } from '../../ui/live.tsx'
import { Hints } from '../../ui/pieces.tsx'
import { useMoment } from '../../ui/use-now.ts'
import { useSettings } from '../../ui/use-settings.ts'
import { useTitle } from '../../ui/use-title.ts'
import { Act, Disagreement } from './Act.tsx'
import { PhoneBar, TopBar } from './Bars.tsx'
import { DangerBlock } from './DangerBlock.tsx'
import { Deciding, type OpenSheet } from './Deciding.tsx'
import { GlassCard } from './GlassCard.tsx'
import { Head, TheirWords } from './Head.tsx'
import { Facts } from './Panel.tsx'
import { Sections } from './Sections.tsx'
import { StateCard } from './StateCard.tsx'
import { showNext } from './show-next.ts'
import { useChangeKeys } from './use-change-keys.ts'
import { useDecide } from './use-decide.ts'
import type { Evidence } from './use-evidence.ts'
import { useLooked } from './use-looked.ts'
import { ShownContext, useShown, useShownWatch } from './use-shown.ts'

export interface ScreenProps {
  readonly change: ChangeView
  readonly me: Whoami
  readonly evidence: Evidence
  readonly news: string | null
}

export function ChangeScreen(props: ScreenProps): ReactElement {
  const { change, evidence } = props
  const watch = useShownWatch(change.id)
  const [sheet, setSheet] = useState<OpenSheet>(null)
  const when = useMoment(change.dueAt)
  const status = statusOf(change, when)
  const danger = dangerOf(change, evidence.plan)
  const { set } = useSettings()
  useTitle(`${status.title}: ${change.workspace.name}`)
  return (
    <ShownContext value={watch}>
      <TopBar change={change} />
      <PhoneBar change={change} status={status} />
      <div className="page change-grid">
        <Head change={change} status={status} headline={evidence.headline} news={props.news} />
        <TheirWords words={change.words} agent={change.agent} />
        <div className="change-danger">
          {danger === null ? null : (
            <DangerBlock danger={danger} showAll={() => set({ action: 'delete' })} />
          )}
          <GlassCard change={change} me={props.me} when={when} />
          <StateCard
            change={change}
            plan={evidence.plan}
            when={when}
            resolve={(resolution) => setSheet({ resolution })}
          />
        </div>
        <Aside {...props} setSheet={setSheet} sheet={sheet} />
        <Sections change={change} evidence={evidence} when={when} />
      </div>
      <Hints hints={HINTS} />
    </ShownContext>
  )
}

const HINTS = [
  { keys: ['J', 'K'], does: 'next, previous' },
  { keys: ['O'], does: 'open' },
  { keys: ['D'], does: 'next destroyed' },
  { keys: ['A'], does: 'approve' },
  { keys: ['R'], does: 'reject' },
  { keys: ['?'], does: 'all keys' },
] as const

function Aside(
  props: ScreenProps & {
    readonly sheet: OpenSheet
    readonly setSheet: (sheet: OpenSheet) => void
  },
): ReactElement {
  const { change, me, evidence, sheet, setSheet } = props
  const shown = shownOf(evidence.rows, useShown().seen)
  const looked = useLooked(change.id)
  const connection = useConnection()
  const decide = useDecide()
  const when = useMoment(change.dueAt)
  const { fingerprint } = evidence
  const page = { offline: connection.lostAt !== null, fingerprint, shown }
  const approveReason = whyNotApprove(change, page)
  const rejectReason = whyNotReject(change, page)
  const controls = controlsOf(change, me.actor.id)
  const causes = controls.approve ? causesText(change) : ''
  const open = (wanted: 'approve' | 'reject' | 'stop'): void => setSheet(wanted)
  useChangeKeys({
    change,
    approve: controls.approve && approveReason === null ? () => open('approve') : null,
    reject: controls.reject && rejectReason === null ? () => open('reject') : null,
    showNext: () => showNext(shown.next),
  })
  if (fingerprint.state === 'differs')
    return (
      <aside className="panel card" aria-label="Decision">
        <Disagreement computed={fingerprint.digest} said={change.binding.fingerprint} />
      </aside>
    )
  return (
    <aside className="panel card" aria-label="Decision">
      <Facts change={change} opaque={evidence.opaque} when={when} />
      <Act
        programs={evidence.programs}
        {...{ change, controls, causes, approveReason, rejectReason, shown, fingerprint, open }}
        takeBack={decide.takeBack(change)}
        withdraw={decide.withdraw(change)}
        problem={sheet === null ? decide.problem : null}
        showNext={() => showNext(shown.next)}
        isOffline={page.offline}
      />
      <Deciding
        {...{ change, me, evidence, sheet, causes, decide, when }}
        shown={{ count: shown.shown, of: shown.needed.length }}
        looked={looked}
        close={() => {
          decide.clear()
          setSheet(null)
        }}
      />
    </aside>
  )
}
