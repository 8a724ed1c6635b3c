/** Brings the next destroyed resource that was not shown yet into view, opened. */
export function showNext(key: string | null): void {
  if (key === null) return
  const rows = [...document.querySelectorAll<HTMLElement>('[data-destroyed]')]
  const row = rows.find((each) => each.dataset['destroyed'] === key) ?? closedGroup(rows)
  if (row === undefined) return
  const head = row.querySelector<HTMLElement>('.plan-head')
  if (head?.getAttribute('aria-expanded') === 'false') head.click()
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
  row.scrollIntoView({ block: 'center', behavior: calm ? 'auto' : 'smooth' })
  head?.focus({ preventScroll: true })
}

/** What is inside a group has no element until the group is open. */
function closedGroup(rows: readonly HTMLElement[]): HTMLElement | undefined {
  return rows.find((each) => each.querySelector('.plan-head[aria-expanded="false"]') !== null)
}
