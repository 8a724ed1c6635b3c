/** Binds shortcuts to a page. The page says what each command does; model/keys.ts says which key. */
import { useEffect, useRef } from 'react'
import { AT_REST, type Command, pressKey } from '../model/keys.ts'
import { recall } from '../platform.ts'

export type KeyActions = { readonly [C in Command]?: () => void }

export function keysAreOff(): boolean {
  return recall('keys') === 'off'
}

export function useKeys(actions: KeyActions): void {
  const latest = useRef(actions)
  useEffect(() => {
    latest.current = actions
  })
  useEffect(() => {
    let state = AT_REST
    const listen = (event: KeyboardEvent): void => {
      if (keysAreOff() || event.defaultPrevented) return
      const modifier = event.ctrlKey || event.metaKey || event.altKey
      const pressed = pressKey(state, { key: event.key, modifier, typing: isTyping(event) })
      state = pressed.state
      const act = pressed.command === null ? undefined : latest.current[pressed.command]
      if (act === undefined) return
      event.preventDefault()
      act()
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
}

/** Fields take every key; a control takes Enter; an open sheet takes them all. */
function isTyping(event: KeyboardEvent): boolean {
  const { target } = event
  if (!(target instanceof HTMLElement)) return false
  if (target.closest('input, textarea, select, dialog, [contenteditable]') !== null) return true
  return event.key === 'Enter' && target.closest('a, button, summary, [role=tab]') !== null
}

/** Moves focus among the rows of a page; from nowhere, the first step goes to the first row. */
export function moveFocus(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')]
  const active = document.activeElement
  const at = active instanceof HTMLElement ? rows.indexOf(active) : -1
  const to = at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step))
  rows[to]?.focus()
}

export function openFocused(): void {
  const active = document.activeElement
  if (active instanceof HTMLElement && active.dataset['row'] !== undefined) active.click()
}
