/** The shortcuts of a change page. `A` opens the sheet; it never approves. */
import { useNavigate } from 'react-router'
import { currentTab, neighbourTab } from '../../model/tabs.ts'
import type { ChangeView } from '../../model/wire.ts'
import { useAnnounce } from '../../ui/announce.tsx'
import { moveFocus, openFocused, useKeys } from '../../ui/use-keys.ts'
import { useSettings } from '../../ui/use-settings.ts'

export function useChangeKeys(page: {
  readonly change: ChangeView
  readonly approve: (() => void) | null
  readonly reject: (() => void) | null
  readonly showNext: () => void
}): void {
  const go = useNavigate()
  const announce = useAnnounce()
  const { query, set } = useSettings()
  const turn = (step: 1 | -1) => (): void => {
    const tab = neighbourTab(currentTab(query.get('tab')), step)
    set({ tab: tab === 'changes' ? null : tab })
  }
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(page.change.id)
    announce('Copied the change’s id.')
  }
  useKeys({
    next: () => moveFocus(1),
    previous: () => moveFocus(-1),
    open: openFocused,
    up: () => void go('/'),
    next_destroyed: page.showNext,
    ...(page.approve === null ? {} : { approve_sheet: page.approve }),
    ...(page.reject === null ? {} : { reject: page.reject }),
    copy_id: () => void copy(),
    previous_tab: turn(-1),
    next_tab: turn(1),
    filter: () => document.getElementById('plan-filter')?.focus(),
  })
}
