/** Tokens as doors look them up: by the digest of their secret, whatever there ever were. */
import type { Access, Token } from './access.ts'
import type { Digest, PersonId, TokenId } from './ids.ts'
import type { Instant } from './instant.ts'

/** In one look; `null` once it ended. */
export function tokenOfSecret(access: Access, secret: Digest, now: Instant): Token | null {
  const id = access.secrets.get(secret)
  const token = id === undefined ? undefined : access.tokens.get(id)
  if (token === undefined || token.secretSha256 !== secret) return null
  return !token.revoked && now < token.expiresAt ? token : null
}

/** Who stands behind what a token asks for, as the pipeline's own proof named them. */
export function peopleBehind(access: Access, asking: PersonId | TokenId): readonly PersonId[] {
  const token = [...access.tokens.values()].find(({ id }) => id === asking)
  return token?.behind ?? []
}
