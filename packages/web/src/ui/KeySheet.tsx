/** The list of shortcuts, and the one switch that turns them all off. */
import { type ReactElement, useState } from 'react'
import { KEY_LIST } from '../model/keys.ts'
import { remember } from '../platform.ts'
import { ActionButton, Keys } from './pieces.tsx'
import { Sheet } from './Sheet.tsx'
import { keysAreOff } from './use-keys.ts'

export function KeySheet(props: { readonly onClose: () => void }): ReactElement {
  const [off, setOff] = useState(keysAreOff)
  const toggle = (): void => {
    remember('keys', off ? null : 'off')
    setOff(!off)
  }
  return (
    <Sheet
      title="Keyboard"
      onClose={props.onClose}
      actions={
        <>
          <ActionButton onPress={props.onClose} initial>
            Back
          </ActionButton>
          <ActionButton kind="ghost" onPress={toggle}>
            {off ? 'Turn shortcuts on' : 'Turn shortcuts off'}
          </ActionButton>
        </>
      }
    >
      <dl className="keys-list">
        {KEY_LIST.map((line) => (
          <div key={line.does} className="keys-line">
            <dt>
              <Keys keys={line.keys} />
            </dt>
            <dd>{line.does}</dd>
          </div>
        ))}
      </dl>
      <p className="small text-2">
        {off ? 'Shortcuts are off in this browser.' : 'Off while you type. None of them approves.'}
      </p>
    </Sheet>
  )
}
