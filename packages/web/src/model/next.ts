/** Where to go after signing in: a path of this page only, never somebody else's address. */
export function safeNext(wanted: string | null): string {
  if (wanted === null) return '/'
  // `//host` and `/\host` are addresses elsewhere to a browser.
  return /^\/(?![/\\])/.test(wanted) ? wanted : '/'
}
