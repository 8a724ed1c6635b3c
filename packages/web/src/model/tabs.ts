/** The sections of a change page, in order. */
export const TABS = [
  { id: 'changes', title: 'Changes' },
  { id: 'graph', title: 'Graph' },
  { id: 'rules', title: 'Rules' },
  { id: 'timeline', title: 'Timeline' },
] as const

export type TabId = (typeof TABS)[number]['id']

export function currentTab(wanted: string | null): TabId {
  return TABS.find((tab) => tab.id === wanted)?.id ?? 'changes'
}

/** The neighbour, staying at the ends. */
export function neighbourTab(tab: TabId, step: 1 | -1): TabId {
  const at = TABS.findIndex((each) => each.id === tab)
  const to = Math.min(TABS.length - 1, Math.max(0, at + step))
  return TABS[to]?.id ?? tab
}
