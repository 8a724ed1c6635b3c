/**
 * `glob(text, pattern)`: `*` stands for any run of characters, `?` for one; the whole text has to
 * match. Takes time proportional to text times pattern at worst, never more.
 */
export function matchesGlob(text: string, pattern: string): boolean {
  let at = 0
  let next = 0
  let star = -1
  let resume = 0
  while (at < text.length) {
    if (pattern[next] === '*') {
      star = next
      resume = at
      next += 1
    } else if (next < pattern.length && (pattern[next] === '?' || pattern[next] === text[at])) {
      at += 1
      next += 1
    } else if (star !== -1) {
      // Let the last star take one character more, and try from behind it again.
      resume += 1
      at = resume
      next = star + 1
    } else return false
  }
  return /^\**$/.test(pattern.slice(next))
}
