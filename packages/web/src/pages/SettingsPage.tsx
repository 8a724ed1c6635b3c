/** Settings of this browser, and whether the server is in order. */
import { useQuery } from '@tanstack/react-query'
import { type ReactElement, useState } from 'react'
import { useOutletContext } from 'react-router'
import { everybodyQuery, healthQuery } from '../api.ts'
import { ago } from '../model/time.ts'
import type { HealthView, Whoami } from '../model/wire.ts'
import { count, list } from '../model/words.ts'
import { recall, remember } from '../platform.ts'
import { Icon, type IconName } from '../ui/Icon.tsx'
import { KeySheet } from '../ui/KeySheet.tsx'
import { ActionButton } from '../ui/pieces.tsx'
import { Fault, Skeleton } from '../ui/states.tsx'
import { applyTheme, isTheme } from '../ui/theme.ts'
import { keysAreOff } from '../ui/use-keys.ts'
import { useMoment } from '../ui/use-now.ts'
import { useTitle } from '../ui/use-title.ts'

export function SettingsPage(): ReactElement {
  const me = useOutletContext<Whoami>()
  useTitle('Settings')
  return (
    <>
      <div className="top top-page">
        <h1 className="top-current top-title">Settings</h1>
      </div>
      <div className="page narrow">
        <ThisBrowser />
        <Health />
        <p className="tiny text-3">
          Holdpoint {me.server}, {me.mode} mode
        </p>
      </div>
    </>
  )
}

function ThisBrowser(): ReactElement {
  const [keysOff, setKeysOff] = useState(keysAreOff)
  const [listed, setListed] = useState(false)
  const [theme, setTheme] = useState(() => recall('theme') ?? 'system')
  const choose = (chosen: string): void => {
    remember('theme', isTheme(chosen) ? chosen : null)
    applyTheme()
    setTheme(chosen)
  }
  return (
    <section className="inbox-group" aria-labelledby="this-browser">
      <div className="inbox-head">
        <h2 id="this-browser">This browser</h2>
      </div>
      <div className="card">
        <fieldset className="setting">
          <legend className="setting-name">Colours</legend>
          <div className="setting-choice">
            {['system', 'light', 'dark'].map((each) => (
              <label key={each} className="filter-check">
                <input
                  type="radio"
                  name="theme"
                  checked={theme === each}
                  onChange={() => choose(each)}
                />
                {each === 'system' ? 'as the system' : each}
              </label>
            ))}
          </div>
        </fieldset>
        <div className="setting">
          <div>
            <div className="setting-name" id="keys-name">
              Keyboard shortcuts
            </div>
            <div className="small text-2">Single keys. None of them approves anything.</div>
          </div>
          <div className="setting-choice">
            <label className="filter-check">
              <input
                type="checkbox"
                aria-labelledby="keys-name"
                checked={!keysOff}
                onChange={({ target }) => {
                  remember('keys', target.checked ? null : 'off')
                  setKeysOff(!target.checked)
                }}
              />
              {keysOff ? 'off' : 'on'}
            </label>
            <ActionButton kind="ghost" size="small" onPress={() => setListed(true)}>
              List them
            </ActionButton>
          </div>
        </div>
      </div>
      {listed ? (
        <KeySheet
          onClose={() => {
            setListed(false)
            setKeysOff(keysAreOff())
          }}
        />
      ) : null}
    </section>
  )
}

function Health(): ReactElement {
  const health = useQuery(healthQuery)
  const when = useMoment()
  const known = health.data?.ok === true ? health.data.value : null
  return (
    <section className="inbox-group" aria-labelledby="health">
      <div className="section-head">
        <h2 id="health">Health of the server</h2>
        {known === null ? null : (
          <ActionButton
            size="small"
            disabled={health.isFetching}
            onPress={() => void health.refetch()}
          >
            Check again
          </ActionButton>
        )}
      </div>
      {health.data?.ok === false ? (
        <WhoMayLook />
      ) : health.isError && known === null ? (
        <Fault retry={() => void health.refetch()} />
      ) : known === null ? (
        <Skeleton rows={5} />
      ) : (
        <>
          <Checks checks={known.checks} />
          <p className="small text-2 health-note">
            {summaryText(known.checks)} Checked {ago(known.checkedAt, when)}. The same in a
            terminal: <span className="mono">holdpoint doctor</span>
          </p>
        </>
      )}
    </section>
  )
}

type Checks = HealthView['checks']

function summaryText(checks: Checks): string {
  const bad = checks.filter(({ state }) => state === 'broken').length
  const open = checks.filter(({ state }) => state === 'attention').length
  if (bad > 0) return `${count(bad, 'line')} ${bad === 1 ? 'is' : 'are'} broken.`
  return open === 0 ? 'All is in order.' : `${count(open, 'line')} to look at, nothing broken.`
}

function WhoMayLook(): ReactElement {
  const people = useQuery(everybodyQuery)
  const admins = people.data?.ok === true ? people.data.value.admins : []
  const names = admins.map(({ name }) => name)
  return (
    <p className="card inbox-empty small text-2">
      Auditors and administrators see it.
      {names.length === 0 ? '' : ` Ask ${list(names, 'or')}.`}
    </p>
  )
}

const LOOKS: { readonly [S in Checks[number]['state']]: { icon: IconName; text: string } } = {
  ok: { icon: 'good', text: 'In order' },
  attention: { icon: 'question', text: 'Look at it' },
  broken: { icon: 'minus', text: 'Broken' },
}

function Checks(props: { readonly checks: Checks }): ReactElement {
  return (
    <ul className="card inbox-list" aria-label="Checks">
      {props.checks.map((check) => (
        <li key={check.id} className="health-row">
          <span
            className={`health-state health-${check.state}`}
            role="img"
            aria-label={LOOKS[check.state].text}
          >
            <Icon name={LOOKS[check.state].icon} />
          </span>
          <span className="strong">{check.name}</span>
          <span className="health-says">
            {check.says}
            {check.remedy === null ? null : <span className="health-remedy">{check.remedy}</span>}
          </span>
        </li>
      ))}
    </ul>
  )
}
