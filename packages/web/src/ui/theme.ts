/** Dark and light: the system's wish unless the reader chose, which this browser remembers. */
import { recall, remember } from '../platform.ts'

export type Theme = 'light' | 'dark'

export function isTheme(text: string | null): text is Theme {
  return text === 'light' || text === 'dark'
}

export function systemTheme(): Theme {
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
}

export function applyTheme(): Theme {
  const chosen = recall('theme')
  const theme = isTheme(chosen) ? chosen : null
  if (theme === null) delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
  return theme ?? systemTheme()
}

/** Choosing what the system wishes anyway forgets the choice. */
export function chooseTheme(theme: Theme): Theme {
  remember('theme', theme === systemTheme() ? null : theme)
  return applyTheme()
}
