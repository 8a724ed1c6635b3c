/** The sections below the first screen; which one is open is in the address. */
import type { ReactElement } from 'react'
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components/Tabs'
import { currentTab, TABS } from '../../model/tabs.ts'
import type { Moment } from '../../model/time.ts'
import type { ChangeView } from '../../model/wire.ts'
import { grouped } from '../../model/words.ts'
import { Skeleton } from '../../ui/states.tsx'
import { useSettings } from '../../ui/use-settings.ts'
import { ChangesTab } from './ChangesTab.tsx'
import { FingerprintOf } from './FingerprintOf.tsx'
import { GraphTab } from './GraphTab.tsx'
import { RulesTab } from './RulesTab.tsx'
import { TimelineTab } from './TimelineTab.tsx'
import type { Evidence } from './use-evidence.ts'

export function Sections(props: {
  readonly change: ChangeView
  readonly evidence: Evidence
  readonly when: Moment
}): ReactElement {
  const { change, evidence, when } = props
  const { query, set } = useSettings()
  const tab = currentTab(query.get('tab'))
  const counts = {
    changes: evidence.plan === null ? '' : grouped(evidence.rows.length),
    graph: '',
    rules: String(change.findings.length),
    timeline: String(change.timeline.length),
  }
  return (
    <Tabs
      className="sections"
      selectedKey={tab}
      onSelectionChange={(key) => set({ tab: key === 'changes' ? null : String(key) })}
    >
      <TabList className="tabs" aria-label="Sections">
        {TABS.map((each) => (
          <Tab key={each.id} id={each.id} className="tab">
            {each.title} <span className="tab-count num">{counts[each.id]}</span>
          </Tab>
        ))}
      </TabList>
      <TabPanel id="changes" className="tab-panel">
        <Plan change={change} evidence={evidence} />
      </TabPanel>
      <TabPanel id="graph" className="tab-panel">
        {evidence.plan === null ? <Skeleton rows={4} /> : <GraphTab plan={evidence.plan} />}
      </TabPanel>
      <TabPanel id="rules" className="tab-panel">
        <RulesTab change={change} />
      </TabPanel>
      <TabPanel id="timeline" className="tab-panel">
        <TimelineTab change={change} when={when} />
      </TabPanel>
    </Tabs>
  )
}

function Plan(props: { readonly change: ChangeView; readonly evidence: Evidence }): ReactElement {
  const { change, evidence } = props
  if (evidence.problem !== null)
    return (
      <p className="card plan-empty" role="alert">
        The plan could not be read here: {evidence.problem}. Nothing can be approved without it.
      </p>
    )
  if (evidence.plan === null) return <Skeleton rows={4} />
  return (
    <>
      <ChangesTab change={change} plan={evidence.plan} rows={evidence.rows} />
      {evidence.manifests === null ? null : (
        <FingerprintOf change={change} manifests={evidence.manifests} />
      )}
    </>
  )
}
