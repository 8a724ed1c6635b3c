/**
 * The wire of signing in: passkeys, invitations, sessions and terminals. Bytes are base64url without
 * padding unless said otherwise. A page never signs a challenge that it was given: it computes each
 * from the statement it is shown (core: challengeOf), so that one purpose is never used for another.
 */
import { z } from 'zod'
import { SignedWith } from './inputs.ts'
import {
  DigestText,
  InstantNumber,
  KeyIdText,
  list,
  Name,
  PersonIdText,
  Role,
  TokenIdText,
} from './schemas.ts'
import { Credential } from './views.ts'

const Bytes = (max: number) => z.base64url().min(1).max(max)
/** A secret of a link: 32 random bytes. */
const LinkSecret = z.base64url().length(43)
/** What a person calls a passkey of theirs: "phone", "blue key". */
const Label = z.string().trim().min(1).max(60)
const PersonName = z.string().trim().min(1).max(200)
/** SubjectPublicKeyInfo of an ECDSA P-256 key: DER in base64, as WebCrypto exports it. */
export const InviteKey = z.base64().length(124)

/** What the authenticator gave for a new passkey, of `AuthenticatorAttestationResponse`. */
export const Registration = z.strictObject({
  /** The credential's id. */
  id: Bytes(1400),
  clientDataJSON: Bytes(8000),
  attestationObject: Bytes(64_000),
  transports: z.array(z.string().max(40)).max(10).readonly(),
})

/** What to ask the authenticator for: `PublicKeyCredentialCreationOptions` in plain fields. */
export const EnrolmentBegun = z.strictObject({
  nonce: DigestText,
  /** For a registration only, which signs nothing: the bytes of the nonce. */
  challenge: z.string(),
  rp: z.strictObject({ id: z.string(), name: z.string() }),
  user: z.strictObject({ id: z.string(), name: z.string(), displayName: z.string() }),
  /** COSE algorithms, the preferred first. */
  algorithms: list(z.number().int()),
  /** Passkeys that are there already: an authenticator that has one refuses. */
  exclude: list(Credential),
  until: InstantNumber,
})

/** How one may sign in here, for a page that knows nobody yet. */
export const SignInWays = z.strictObject({
  mode: z.enum(['development', 'production']),
  /** Passkeys are made for this host; a page elsewhere cannot use them. */
  rpId: z.string(),
  /** Where the page has to be open for passkeys to work. */
  origin: z.string(),
  /** The identity provider's name for the button; its address is `/sign-in/oidc?next=…`. */
  oidc: z.strictObject({ name: z.string() }).nullable(),
  /** Nobody administers this server yet: the link of its first start is waiting. */
  firstStart: z.boolean(),
})

export const SignInBegun = z.strictObject({
  /** The statement is `{ nonce }`, the purpose `sign-in`. */
  nonce: DigestText,
  rpId: z.string(),
  until: InstantNumber,
})

export const PasskeySignIn = z.strictObject({
  nonce: DigestText,
  /** The credential's id: the authenticator finds the person by it. */
  credential: Bytes(1400),
  assertion: SignedWith.shape.assertion,
})

export const BeginWelcome = z.strictObject({ secret: LinkSecret, handle: Name, name: PersonName })
export const Welcome = z.strictObject({
  secret: LinkSecret,
  nonce: DigestText,
  label: Label,
  registration: Registration,
})

export const KeyView = z.strictObject({
  key: KeyIdText,
  label: z.string(),
  transports: list(z.string()),
  addedAt: InstantNumber,
  usedAt: InstantNumber.nullable(),
  revoked: z.boolean(),
  /** Who signed for it; `null` where it rests on the server's word. */
  vouchedBy: z
    .strictObject({ person: PersonIdText, name: z.string(), you: z.boolean() })
    .nullable(),
})
export const Keys = z.strictObject({
  keys: list(KeyView),
  /** A first passkey needs a sign-in that is younger than ten minutes: sign in again before. */
  needsFreshSignIn: z.boolean(),
})

export const RegisterKey = z.strictObject({
  nonce: DigestText,
  label: Label,
  registration: Registration,
})

export const VouchStatement = z.strictObject({
  person: PersonIdText,
  key: KeyIdText,
  publicKey: z.string(),
  nonce: DigestText,
})

/** A first passkey is there at once; a further one waits for the signature of an earlier one. */
export const KeyRegistered = z.strictObject({
  key: KeyView.nullable(),
  vouch: z
    .strictObject({
      statement: VouchStatement,
      rpId: z.string(),
      credentials: list(Credential),
      until: InstantNumber,
    })
    .nullable(),
})
export const VouchKey = z.strictObject({ signed: SignedWith })
export const KeyAdded = z.strictObject({ key: KeyView })
export const RevokeKey = z.strictObject({ key: KeyIdText })

export const SessionView = z.strictObject({
  /** SHA-256 of its cookie: names it, and signs nobody in. */
  id: DigestText,
  method: z.enum(['development', 'oidc', 'passkey']),
  startedAt: InstantNumber,
  seenAt: InstantNumber,
  expiresAt: InstantNumber,
  /** The browser's own word for itself. */
  agent: z.string(),
  current: z.boolean(),
})
export const Sessions = z.strictObject({ sessions: list(SessionView) })
export const EndSession = z.strictObject({ session: DigestText })
export const EndSessionsOf = z.strictObject({ person: Name })

export const BeginInvite = z.strictObject({
  /** Somebody new; or somebody who is here and has no passkey any more. */
  handle: Name,
  name: PersonName,
  addresses: z.array(z.string().max(320)).max(20).readonly(),
  roles: z
    .array(z.strictObject({ role: Role, workspace: Name.nullable() }))
    .max(20)
    .readonly(),
  teams: z.array(Name).max(20).readonly(),
  /** Made in the inviter's page; its secret half travels in the link's fragment only. */
  inviteKey: InviteKey,
})

export const InviteStatement = z.strictObject({
  inviter: PersonIdText,
  person: PersonIdText,
  inviteKey: z.string(),
  until: InstantNumber,
  nonce: DigestText,
})
/** The page signs the statement with the purpose `invite`. */
export const InviteBegun = z.strictObject({
  statement: InviteStatement,
  rpId: z.string(),
  credentials: list(Credential),
})
/** As the server keeps it until the link is used. */
export const SignedInvite = z.strictObject({
  v: z.literal(1),
  purpose: z.literal('invite'),
  statement: InviteStatement,
  assertion: SignedWith.shape.assertion,
})
export const SignInvite = z.strictObject({ signed: SignedWith })

export const InviteView = z.strictObject({
  inviteKey: z.string(),
  person: z.strictObject({ id: PersonIdText, handle: z.string(), name: z.string() }),
  inviter: z.strictObject({ id: PersonIdText, name: z.string() }),
  until: InstantNumber,
})
export const Invites = z.strictObject({ invites: list(InviteView) })
export const CancelInvite = z.strictObject({ inviteKey: InviteKey })

/** What the link's holder is shown, and what to ask the authenticator for. */
export const BeginAccept = z.strictObject({ inviteKey: InviteKey })
export const AcceptBegun = z.strictObject({ invite: InviteView, enrolment: EnrolmentBegun })
export const Accept = z.strictObject({
  inviteKey: InviteKey,
  nonce: DigestText,
  label: Label,
  registration: Registration,
  /**
   * By the invite key over core's enrolmentText({ person, inviteKey, publicKey }) in UTF-8, where
   * publicKey is `response.getPublicKey()` in base64: ECDSA with SHA-256, r ‖ s, 64 bytes.
   */
  signature: z.base64url().length(86),
})

/** What a terminal printed: ten letters, however they are grouped and written. */
export const UserCode = z.string().trim().min(1).max(40)
export const FindTerminal = z.strictObject({ userCode: UserCode })
export const TerminalView = z.strictObject({
  userCode: z.string(),
  /** What the terminal calls itself: its own word, nobody checked it. */
  name: z.string(),
  until: InstantNumber,
})
export const Terminals = z.strictObject({
  terminals: list(
    z.strictObject({
      id: TokenIdText,
      /** What it called itself when it was connected. */
      name: z.string(),
      /** Its token ends then. */
      until: InstantNumber,
    }),
  ),
})
export const EndTerminal = z.strictObject({ terminal: TokenIdText })
export const AnswerTerminal = z.strictObject({ userCode: UserCode, allow: z.boolean() })
export const TerminalAnswered = z.strictObject({ connected: z.boolean() })
