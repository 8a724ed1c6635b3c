/**
 * Secrets in addresses, names and words besides the values: a key of `for_each` may be a token, and
 * the address of a repository may hold a password. Only the secret is hidden, so that an address
 * still says which resource it is; what only looks random is hidden in keys and words alone, because
 * names that programs make look like that too.
 */
import { hideParts, mayHaveMarker, mergeRanges, type TextRange } from './hidden-text.ts'
import { keySecrets, type Redaction } from './redact-value.ts'
import { findSecrets, mayHoldSecret } from './secret-shapes.ts'

/** Also for names that a program may have made: a type, a provider, an output. */
export function redactAddress(address: string, redaction: Redaction): string {
  if (isClear(address, redaction)) return address
  const ranges = [...keySecrets(address, redaction), ...inKeys(address)]
  return hideIn(address, ranges, { address, path: '/$address', redaction })
}

/** Any other text: where a module comes from, a reason. `address` is that of what it is said of. */
export function redactWords(words: string, address: string, redaction: Redaction): string {
  if (isClear(words, redaction)) return words
  const ranges = [...findSecrets(words, ''), ...toldIn(words, redaction)]
  return hideIn(words, ranges, { address, path: '/$source', redaction })
}

function isClear(text: string, { known, patterns }: Redaction): boolean {
  return !mayHoldSecret(text) && known.isEmpty && patterns === null && !mayHaveMarker(text)
}

function toldIn(text: string, { known, patterns }: Redaction): readonly TextRange[] {
  return [...known.find(text), ...(patterns?.find(text) ?? [])]
}

function inKeys(address: string): readonly TextRange[] {
  if (!address.includes('["')) return []
  const found: TextRange[] = []
  for (const match of address.matchAll(/\["((?:[^"\\]|\\.)*)"\]/g)) {
    const from = match.index + 2
    for (const { start, end } of findSecrets(match[1] ?? '', '')) {
      found.push({ start: from + start, end: from + end })
    }
  }
  return found
}

function hideIn(
  text: string,
  ranges: readonly TextRange[],
  at: { readonly address: string; readonly path: string; readonly redaction: Redaction },
): string {
  const { address, path, redaction } = at
  return hideParts(text, mergeRanges(ranges), (value) => {
    return redaction.hide({ address, path, value, by: 'detection' })
  })
}
