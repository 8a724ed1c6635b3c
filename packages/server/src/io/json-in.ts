/** `null` for what is no JSON, or is not there: the message of the parser would quote its beginning. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
