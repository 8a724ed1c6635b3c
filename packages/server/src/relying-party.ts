/** What passkeys are made for: the host that people open, and the page's origin. */

export interface RelyingParty {
  /** Registrable domain or `localhost` (WebAuthn §5.1.2); an address is none. */
  readonly id: string
  readonly origin: string
}

/** On the own machine browsers make passkeys for `localhost` only, whatever loopback was named. */
export function relyingParty(baseUrl: string): RelyingParty {
  const { hostname, protocol, port } = new URL(baseUrl)
  if (!isLoopbackAddress(hostname)) return { id: hostname, origin: new URL(baseUrl).origin }
  const origin = `${protocol}//localhost${port === '' ? '' : `:${port}`}`
  return { id: 'localhost', origin }
}

function isLoopbackAddress(hostname: string): boolean {
  return hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
}

/** Where a person opens a page: with passkeys only under the name that they were made for. */
export function pageOrigin(server: {
  readonly mode: 'production' | 'development'
  readonly baseUrl: () => string
}): string {
  const base = server.baseUrl()
  return server.mode === 'production' ? relyingParty(base).origin : base
}
