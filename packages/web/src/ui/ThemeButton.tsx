/** Switches between dark and light; the choice is this browser's. */
import { type ReactElement, useState } from 'react'
import { Icon } from './Icon.tsx'
import { ActionButton } from './pieces.tsx'
import { applyTheme, chooseTheme } from './theme.ts'

export function ThemeButton(): ReactElement {
  const [theme, setTheme] = useState(applyTheme)
  const other = theme === 'dark' ? 'light' : 'dark'
  return (
    <ActionButton
      kind="ghost"
      size="small"
      label={`Use ${other} colours`}
      onPress={() => setTheme(chooseTheme(other))}
    >
      <Icon name={other === 'dark' ? 'moon' : 'sun'} />
    </ActionButton>
  )
}
