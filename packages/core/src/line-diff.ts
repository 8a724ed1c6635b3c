/**
 * Difference of two texts line by line: longest common subsequence with bounded work, three lines
 * of context, everything further away folded to a count. Beyond the bound it says "all replaced",
 * which is true, instead of taking long.
 */

export type DiffLine =
  | { readonly kind: 'same' | 'removed' | 'added'; readonly text: string }
  | { readonly kind: 'fold'; readonly count: number }

const CONTEXT_LINES = 3
const CELLS_MAX = 1_000_000

export function diffLines(before: string, after: string): readonly DiffLine[] {
  const left = before.split('\n')
  const right = after.split('\n')
  let start = 0
  while (start < left.length && start < right.length && left[start] === right[start]) start += 1
  let tail = 0
  const tailMax = Math.min(left.length, right.length) - start
  while (tail < tailMax && left[left.length - 1 - tail] === right[right.length - 1 - tail])
    tail += 1
  const middle = diffMiddle(
    left.slice(start, left.length - tail),
    right.slice(start, right.length - tail),
  )
  const same = (text: string): DiffLine => ({ kind: 'same', text })
  const head = left.slice(0, start).map(same)
  return fold([...head, ...middle, ...left.slice(left.length - tail).map(same)])
}

function diffMiddle(left: readonly string[], right: readonly string[]): readonly DiffLine[] {
  if (left.length * right.length > CELLS_MAX) {
    return [...left.map(removed), ...right.map(added)]
  }
  const lengths = commonLengths(left, right)
  const width = right.length + 1
  const lines: DiffLine[] = []
  let row = 0
  let column = 0
  while (row < left.length || column < right.length) {
    const one = left[row]
    const two = right[column]
    const down = lengths[(row + 1) * width + column] ?? -1
    const across = lengths[row * width + column + 1] ?? -1
    if (one !== undefined && one === two) {
      lines.push({ kind: 'same', text: one })
      row += 1
      column += 1
    } else if (one !== undefined && (two === undefined || down >= across)) {
      lines.push(removed(one))
      row += 1
    } else {
      lines.push(added(two ?? ''))
      column += 1
    }
  }
  return lines
}

/** `lengths[row * width + column]`: longest common subsequence of the rests from there. */
function commonLengths(left: readonly string[], right: readonly string[]): Uint32Array {
  const width = right.length + 1
  const lengths = new Uint32Array((left.length + 1) * width)
  for (let row = left.length - 1; row >= 0; row -= 1) {
    for (let column = right.length - 1; column >= 0; column -= 1) {
      const at = row * width + column
      const equal = left[row] === right[column]
      const down = lengths[at + width] ?? 0
      const across = lengths[at + 1] ?? 0
      lengths[at] = equal ? (lengths[at + width + 1] ?? 0) + 1 : Math.max(down, across)
    }
  }
  return lengths
}

function removed(text: string): DiffLine {
  return { kind: 'removed', text }
}

function added(text: string): DiffLine {
  return { kind: 'added', text }
}

function fold(lines: readonly DiffLine[]): readonly DiffLine[] {
  const near = new Uint8Array(lines.length)
  for (const [index, line] of lines.entries()) {
    if (line.kind === 'same') continue
    near.fill(1, Math.max(0, index - CONTEXT_LINES), index + CONTEXT_LINES + 1)
  }
  const folded: DiffLine[] = []
  let hidden = 0
  for (const [index, line] of lines.entries()) {
    if (near[index] === 0) hidden += 1
    else {
      if (hidden > 0) folded.push({ kind: 'fold', count: hidden })
      hidden = 0
      folded.push(line)
    }
  }
  if (hidden > 0) folded.push({ kind: 'fold', count: hidden })
  return folded
}
