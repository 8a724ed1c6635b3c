/** Small pieces every page shares: tiles, pills, raw text, addresses, chips, buttons. */

import type { Phrase } from '@holdpoint/core'
import { type Action, safeText } from '@holdpoint/core'
import type { ReactElement, ReactNode } from 'react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { LOOKS } from '../model/actions.ts'
import type { Tone } from '../model/status.ts'
import { Icon, type IconName } from './Icon.tsx'

export function Tile(props: { readonly action: Action; readonly small?: boolean }): ReactElement {
  const { action, small = false } = props
  const look = LOOKS[action]
  return (
    <span
      className={`tile tile-${look.fill} hues-${action}${small ? ' tile-small' : ''}`}
      role="img"
      aria-label={look.word}
    >
      <Icon name={look.glyph} size={small ? 10 : 13} />
    </span>
  )
}

/** Text from a plan, a commit or a person: escaped, in a text node, never anything to click. */
export function Raw(props: { readonly text: string; readonly plain?: boolean }): ReactElement {
  const safe = safeText(props.text)
  const mono = props.plain === true ? '' : 'mono'
  if (!safe.escaped) return <span className={mono}>{safe.text}</span>
  return (
    <span className={`${mono} odd-text`} title="Contains characters that do not show">
      {safe.text}
    </span>
  )
}

export function PhraseText(props: { readonly phrase: Phrase }): ReactElement {
  let at = 0
  return (
    <>
      {props.phrase.map((part) => {
        at += 1
        if (part.kind === 'text') return <span key={at}>{part.text}</span>
        return <Raw key={at} text={part.text} />
      })}
    </>
  )
}

/** Module grey and cut first; the end of an address is never cut. */
export function Address(props: { readonly module: string; readonly name: string }): ReactElement {
  const { module, name } = props
  const safe = safeText(`${module}${name}`)
  const odd = safe.escaped ? ' odd-text' : ''
  return (
    <span className={`address mono${odd}`}>
      {module === '' ? null : <span className="address-module">{safeText(module).text}</span>}
      <span className="address-name">{safeText(name).text}</span>
    </span>
  )
}

const TONE_ICONS: { readonly [T in Tone]: IconName } = {
  held: 'hold',
  good: 'check',
  quiet: 'next',
  running: 'clock',
  bad: 'minus',
  unknown: 'question',
}

export function Pill(props: { readonly tone: Tone; readonly children: ReactNode }): ReactElement {
  return (
    <span className={`pill pill-${props.tone}`}>
      <Icon name={TONE_ICONS[props.tone]} />
      {props.children}
    </span>
  )
}

export function HiddenChip(props: {
  readonly children: ReactNode
  readonly by?: 'tool' | 'detection'
}): ReactElement {
  const who = props.by === 'detection' ? 'Hidden by Holdpoint' : 'Hidden by the tool'
  return (
    <span className="chip chip-hidden" {...(props.by === undefined ? {} : { title: who })}>
      <Icon name="lock" size={12} />
      {props.children}
    </span>
  )
}

export function UnknownChip(props: { readonly children?: ReactNode }): ReactElement {
  return (
    <span className="chip chip-unknown">
      <Icon name="clock" size={12} />
      {props.children ?? 'decided at apply'}
    </span>
  )
}

export function RuleChip(props: { readonly rule: string }): ReactElement {
  return <span className="rule-chip">{safeText(props.rule).text}</span>
}

export interface ActionButtonProps {
  readonly children: ReactNode
  readonly onPress: () => void
  readonly kind?: 'ink' | 'plain' | 'ghost'
  readonly size?: 'small' | 'normal' | 'wide'
  readonly disabled?: boolean
  readonly describedBy?: string | undefined
  readonly label?: string
  readonly initial?: boolean
}

/**
 * A disabled control stays reachable, so that its reason can be read by everyone: it is marked as
 * disabled and does nothing.
 */
export function ActionButton(props: ActionButtonProps): ReactElement {
  const { kind = 'plain', size = 'normal', disabled = false } = props
  return (
    <AriaButton
      className={`button button-${kind} button-${size}${disabled ? ' button-off' : ''}`}
      onPress={disabled ? () => undefined : props.onPress}
      {...(disabled ? { 'aria-disabled': true } : {})}
      {...(props.describedBy === undefined ? {} : { 'aria-describedby': props.describedBy })}
      {...(props.label === undefined ? {} : { 'aria-label': props.label })}
      {...(props.initial === true ? { 'data-initial': 'true' } : {})}
    >
      {props.children}
    </AriaButton>
  )
}

export function Keys(props: { readonly keys: readonly string[] }): ReactElement {
  return (
    <>
      {props.keys.map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </>
  )
}

export function Hints(props: {
  readonly hints: readonly { readonly keys: readonly string[]; readonly does: string }[]
}): ReactElement {
  return (
    <div className="hints" aria-hidden="true">
      {props.hints.map((hint) => (
        <span key={hint.does} className="hint">
          <Keys keys={hint.keys} />
          {hint.does}
        </span>
      ))}
    </div>
  )
}
