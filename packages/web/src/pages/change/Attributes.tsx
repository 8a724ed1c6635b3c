/** The attributes of one resource, old and new by position and sign, never by colour alone. */
import {
  type AttributeRow,
  type AttributeView,
  attributesOf,
  attributeTitle,
  type DiffLine,
  labelWithin,
  lookOf,
  noteText,
  type ResourceChange,
  type Side,
  unknownFieldsWords,
} from '@holdpoint/core'
import { type ReactElement, useState } from 'react'
import { count } from '../../model/words.ts'
import { ActionButton, HiddenChip, PhraseText, Raw, UnknownChip } from '../../ui/pieces.tsx'

const FIRST = 40

export function Attributes(props: { readonly change: ResourceChange }): ReactElement {
  const { change } = props
  const { attributes, folded, unchanged } = attributesOf(change)
  const [all, setAll] = useState(false)
  const drawn = all ? attributes : attributes.slice(0, FIRST)
  return (
    <div className="attributes">
      <table>
        <tbody>
          {drawn.map((attribute) => (
            <Attribute key={attribute.name} attribute={attribute} />
          ))}
          {folded.length === 0 ? null : <Folded labels={folded} />}
        </tbody>
      </table>
      {drawn.length < attributes.length ? (
        <div className="plan-more">
          <span className="text-2">{attributes.length - drawn.length} more attributes</span>
          <ActionButton size="small" onPress={() => setAll(true)}>
            Show all
          </ActionButton>
        </div>
      ) : null}
      <Foot unchanged={unchanged} change={change} />
    </div>
  )
}

function Foot(props: {
  readonly unchanged: number
  readonly change: ResourceChange
}): ReactElement | null {
  const { unchanged, change } = props
  const previous = change.previousAddress
  const strange = unknownFieldsWords(change)
  if (unchanged === 0 && previous === null && strange.length === 0) return null
  return (
    <p className="attributes-foot tiny text-3 num">
      {unchanged === 0 ? '' : `${count(unchanged, 'value')} unchanged. `}
      {previous === null ? null : (
        <>
          Was <Raw text={previous} />.{' '}
        </>
      )}
      {strange.length === 0 ? null : (
        <span className="attributes-strange">
          <PhraseText phrase={strange} />.
        </span>
      )}
    </p>
  )
}

function Attribute(props: { readonly attribute: AttributeView }): ReactElement {
  const { attribute } = props
  return (
    <tr>
      <th scope="row" className="attribute-name">
        <Raw text={attributeTitle(attribute.name)} />
        {attribute.tags.map((tag) => (
          <span key={tag} className="tag">
            {tag}
          </span>
        ))}
        {attribute.forces ? <span className="tag tag-forces">forces the replacement</span> : null}
      </th>
      <td>
        {attribute.rows.map((row) => (
          <Value key={`${row.path} ${row.note ?? ''}`} row={row} name={attribute.name} />
        ))}
        {attribute.same === 0 ? null : (
          <div className="line line-fold">
            <span className="sign">⋯</span>
            <span>{count(attribute.same, 'value')} unchanged</span>
          </div>
        )}
      </td>
    </tr>
  )
}

function Folded(props: { readonly labels: readonly string[] }): ReactElement {
  return (
    <tr>
      <th scope="row" className="attribute-name">
        <span className="text-3">{count(props.labels.length, 'attribute')}</span>
      </th>
      <td>
        <div className="value">
          <UnknownChip />{' '}
          <span className="text-3">
            <Raw text={props.labels.join(', ')} />
          </span>
        </div>
      </td>
    </tr>
  )
}

function Value(props: { readonly row: AttributeRow; readonly name: string }): ReactElement {
  const { row, name } = props
  const note = noteText(row)
  const part = labelWithin(row, name)
  return (
    <div className="value">
      {part === null ? null : (
        <span className="value-label">
          <Raw text={part} />
        </span>
      )}
      {note === null ? null : <span className="value-note tiny">{note}</span>}
      {row.note === 'order' ? null : <Shown row={row} />}
    </div>
  )
}

function Shown(props: { readonly row: AttributeRow }): ReactElement {
  const look = lookOf(props.row)
  switch (look.kind) {
    case 'inline':
      return (
        <span className="value-inline">
          <del>
            <Raw text={look.old} />
          </del>
          <span className="arrow" role="img" aria-label="becomes">
            →
          </span>
          <ins>
            <Raw text={look.now} />
          </ins>
        </span>
      )
    case 'two_lines':
      return (
        <div className="lines">
          <Line sign="-" side={look.old} />
          <Line sign="+" side={look.now} />
        </div>
      )
    case 'one':
      return <One sign={look.sign} text={look.text} />
    case 'hidden':
      return <HiddenChip by={look.by}>{look.text}</HiddenChip>
    case 'unknown':
      return (
        <span className="value-inline">
          {look.old === null ? null : (
            <>
              <del>
                <Raw text={look.old} />
              </del>
              <span className="arrow" role="img" aria-label="becomes">
                →
              </span>
            </>
          )}
          <UnknownChip />
        </span>
      )
    case 'lines':
      return <Lines lines={look.lines} />
  }
}

const SIGN_WORDS = { '+': 'added', '-': 'removed', '=': 'unchanged' } as const
const SIGN_CLASS = { '+': 'line line-added', '-': 'line line-removed', '=': 'line' } as const
const SIGN_TEXT = { '+': '+', '-': '−', '=': ' ' } as const

function One(props: { readonly sign: '+' | '-' | '='; readonly text: string }): ReactElement {
  const { sign, text } = props
  if (!text.includes('\n'))
    return (
      <span className={`value-one value-one-${SIGN_WORDS[sign]}`}>
        <span className="sign" role="img" aria-label={SIGN_WORDS[sign]}>
          {SIGN_TEXT[sign]}
        </span>
        <Raw text={text} />
      </span>
    )
  let at = 0
  return (
    <div className="lines">
      {text.split('\n').map((each) => {
        at += 1
        return <Line key={at} sign={sign} side={{ before: each, part: '', after: '' }} />
      })}
    </div>
  )
}

function Line(props: { readonly sign: '+' | '-' | '='; readonly side: Side }): ReactElement {
  const { sign, side } = props
  return (
    <div className={SIGN_CLASS[sign]}>
      <span className="sign" role="img" aria-label={SIGN_WORDS[sign]}>
        {SIGN_TEXT[sign]}
      </span>
      <span>
        <Raw text={side.before} />
        {side.part === '' ? null : (
          <b>
            <Raw text={side.part} />
          </b>
        )}
        <Raw text={side.after} />
      </span>
    </div>
  )
}

function Lines(props: { readonly lines: readonly DiffLine[] }): ReactElement {
  let at = 0
  return (
    <div className="lines">
      {props.lines.map((line) => {
        at += 1
        if (line.kind === 'fold')
          return (
            <div key={at} className="line line-fold">
              <span className="sign">⋯</span>
              <span>{count(line.count, 'line')} unchanged</span>
            </div>
          )
        const sign = line.kind === 'added' ? '+' : line.kind === 'removed' ? '-' : '='
        return <Line key={at} sign={sign} side={{ before: line.text, part: '', after: '' }} />
      })}
    </div>
  )
}
