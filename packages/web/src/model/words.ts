/** Small grammar shared by sentences. Names come from outside: they are rendered as text only. */

export function list(words: readonly string[], last: 'and' | 'or'): string {
  if (words.length <= 1) return words.join('')
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`
}

export function count(amount: number, singular: string, plural = `${singular}s`): string {
  return `${grouped(amount)} ${amount === 1 ? singular : plural}`
}

/** `48 211`: a thin no-break space between thousands. */
export function grouped(amount: number): string {
  return String(amount).replace(/\B(?=(\d{3})+$)/g, '\u202f')
}

/** `dba` for `team:dba`, `payments on call`, and its later tiers; a person's id keeps its form, since names are looked up elsewhere. */
export function approverName(ref: string): string {
  const [, schedule, tier] = /^oncall:([^/]+)(?:\/(\d+))?$/.exec(ref) ?? []
  if (schedule === undefined) return ref.replace(/^(team|person):/, '')
  return tier === undefined || tier === '1'
    ? `${schedule} on call`
    : `${schedule} on call, tier ${tier}`
}

export function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== '')
  const first = words[0] ?? '?'
  const last = words.length > 1 ? (words.at(-1) ?? '') : ''
  return `${[...first][0] ?? '?'}${[...last][0] ?? ''}`.toUpperCase()
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** First and last eight hex digits in groups of four: enough to compare by eye. */
export function shortDigest(digest: string): string {
  const group = (text: string) => text.replace(/(.{4})(?=.)/g, '$1 ')
  return `${group(digest.slice(0, 8))} … ${group(digest.slice(-8))}`
}

/** One group of eight, for tables. */
export function shortLeaf(digest: string): string {
  return `${digest.slice(0, 4)} ${digest.slice(4, 8)}`
}
