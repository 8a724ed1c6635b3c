/** Where to go after signing in: a path of this page only, never somebody else's address. */
export function safeNext(wanted: string | null): string {
  if (wanted === null || !wanted.startsWith('/') || !URL.canParse(wanted, HERE)) return '/'
  // Read as a browser reads it: `//host`, `/\host` and `/<tab>/host` are addresses elsewhere.
  return new URL(wanted, HERE).origin === HERE ? wanted : '/'
}

const HERE = 'http://here.invalid'
