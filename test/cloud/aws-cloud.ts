/**
 * An AWS that is honest about who may do what, in front of moto, which is not: signatures and
 * tokens are verified, sessions end, and a call is decided by role and session policy before moto
 * sees it. STS is answered here.
 */
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Moto, startMoto } from '../harness/moto.ts'
import { type Asked, askedBy, permits } from './aws-authoriser.ts'
import { type AwsCall, readCall } from './aws-request.ts'
import { type ArrivedRequest, isSignedWith, readSigned, type Signed } from './aws-signature.ts'
import { simulated } from './aws-simulate.ts'
import {
  type AwsSession,
  assumeWithKey,
  assumeWithToken,
  type IssuedKey,
  type Role,
  type ServerKey,
  type StsAnswer,
  scopeSession,
} from './aws-sts.ts'

export interface AwsCloudSettings {
  readonly issuerUrl: string
  readonly roles: readonly Role[]
  readonly servers?: readonly ServerKey[]
  /** Milliseconds; a test that expires keys moves it. */
  readonly now?: () => number
  readonly isPackedTooLarge?: (policy: string) => boolean
  /** Whether STS knows GetScopedCredentials; else it answers as it did before there was one. */
  readonly hasScoped?: boolean
}

export interface RecordedCall {
  readonly accessKeyId: string | null
  readonly session: AwsSession | null
  readonly action: string
  readonly resource: string
  readonly context: { readonly [key: string]: string | readonly string[] }
  readonly allowed: boolean
  readonly userAgent: string
}

export interface StsAsked {
  readonly operation: string
  /** The web identity token that was shown. */
  readonly token: string | null
  /** `null`: it was refused. */
  readonly given: IssuedKey | null
}

export interface AwsCloud {
  /** For `AWS_ENDPOINT_URL`. */
  readonly url: string
  readonly moto: Moto
  /** Everything that was asked for, in order; a call may ask for several things. */
  readonly calls: () => readonly RecordedCall[]
  /** What STS was asked for and gave, in order. */
  readonly sts: () => readonly StsAsked[]
  readonly close: () => Promise<void>
}

export async function startAwsCloud(settings: AwsCloudSettings): Promise<AwsCloud> {
  const moto = await startMoto()
  const calls: RecordedCall[] = []
  const front = new Front(settings, moto, calls)
  const server = createServer((request, response) => {
    front.answer(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    moto.close()
  }
  const sts = (): readonly StsAsked[] => front.asked
  return { url: `http://127.0.0.1:${port}`, moto, calls: () => calls, sts, close }
}

class Front {
  readonly asked: StsAsked[] = []
  readonly #settings: AwsCloudSettings
  readonly #moto: Moto
  readonly #calls: RecordedCall[]
  readonly #issued = new Map<string, IssuedKey>()
  readonly #motoKeys = new Map<string, string>()
  /** What an association is between, by its id: EC2 names only that when it ends one. */
  readonly #associated = new Map<string, readonly string[]>()

  constructor(settings: AwsCloudSettings, moto: Moto, calls: RecordedCall[]) {
    this.#settings = settings
    this.#moto = moto
    this.#calls = calls
  }

  async answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await arrived(incoming)
    const open = openSts(request)
    if (open !== null) {
      const told = {
        operation: 'AssumeRoleWithWebIdentity',
        token: open['WebIdentityToken'] ?? null,
      }
      return this.#sts(response, await assumeWithToken(this.#stsSettings(), open), told)
    }
    const signed = readSigned(request.headers)
    const key = signed === null ? null : this.#keyOf(signed, request)
    if (signed === null || key === null || typeof key === 'string') {
      const code = typeof key === 'string' ? key : 'InvalidClientTokenId'
      return this.#refuse(response, { code, signed, request, call: null })
    }
    const call = this.#withAssociated(readCall(request, signed))
    if (call.service === 'sts') return await this.#signedSts(response, { call, signed, key })
    if (key.session === null) return this.#refuse(response, { code: DENIED, signed, request, call })
    if (call.action === SIMULATE) return await this.#simulate(response, { call, signed, key })
    const isAllowed = await this.#decide(call, { signed, session: key.session, request })
    if (!isAllowed) return this.#refuse(response, { code: DENIED, signed, request, call })
    await this.#forward(request, response, { signed, account: key.account, call })
  }

  #withAssociated(call: AwsCall): AwsCall {
    const ids = Object.values(call.parameters).flatMap(
      (id) => this.#associated.get(String(id)) ?? [],
    )
    const learned = Object.fromEntries(ids.map((id, at) => [`Associated.${at}`, id]))
    return ids.length === 0 ? call : { ...call, parameters: { ...call.parameters, ...learned } }
  }

  #learn({ parameters }: AwsCall, answer: IncomingMessage): void {
    let text = ''
    answer.on('data', (part: Buffer) => {
      text += part.toString('utf8')
    })
    answer.on('end', () => {
      const id = /<associationId>([^<]+)</.exec(text)?.[1]
      if (id !== undefined) this.#associated.set(id, Object.values(parameters).map(String))
    })
  }

  #stsSettings() {
    const { issuerUrl, roles } = this.#settings
    const isPackedTooLarge = this.#settings.isPackedTooLarge ?? (() => false)
    const hasScoped = this.#settings.hasScoped ?? false
    return { issuerUrl, roles, now: this.#now, isPackedTooLarge, hasScoped }
  }

  readonly #now = (): number => (this.#settings.now ?? Date.now)()

  /** Whose key it is, or the code of what is wrong with it. */
  #keyOf(signed: Signed, request: ArrivedRequest): Holder | string {
    const issued = this.#issued.get(signed.accessKeyId)
    const server = this.#settings.servers?.find((each) => each.accessKeyId === signed.accessKeyId)
    const known = issued ?? server
    if (known === undefined) return 'InvalidClientTokenId'
    if (!isSignedWith(known.secretAccessKey, signed, request)) return 'SignatureDoesNotMatch'
    if (issued === undefined) return { account: server?.account ?? '', session: null }
    if (request.headers['x-amz-security-token'] !== issued.sessionToken) {
      return 'InvalidClientTokenId'
    }
    if (this.#now() >= issued.expiresAt) return 'ExpiredToken'
    return { account: issued.session.account, session: issued.session }
  }

  async #signedSts(response: ServerResponse, told: ToldSts): Promise<void> {
    const { call, key } = told
    if (call.operation === 'GetCallerIdentity') {
      const { account, session } = key
      const arn =
        session === null
          ? `arn:aws:iam::${account}:user/server`
          : `arn:aws:sts::${account}:assumed-role/${session.role}/${session.name}`
      const body = `<Account>${account}</Account><Arn>${arn}</Arn><UserId>AIDA</UserId>`
      response.writeHead(200, XML).end(wrapped('GetCallerIdentity', body))
      return
    }
    this.#sts(response, await this.#answerOf(told), { operation: call.operation, token: null })
  }

  async #answerOf({ call, signed }: ToldSts): Promise<StsAnswer> {
    const { operation, parameters } = call
    const settings = this.#stsSettings()
    if (operation === 'AssumeRole') return assumeWithKey(settings, parameters, signed.accessKeyId)
    const whole = this.#issued.get(signed.accessKeyId)
    const denied = { ok: false, status: 403, code: DENIED, message: operation } as const
    if (operation !== 'GetScopedCredentials' || whole === undefined) return denied
    const asked = { action: 'sts:GetScopedCredentials', resource: '*', context: {} }
    const isAllowed = !settings.hasScoped || (await this.#permits(whole.session, asked))
    return isAllowed ? scopeSession(settings, parameters, whole) : denied
  }

  async #simulate(response: ServerResponse, { call, key }: ToldSts): Promise<void> {
    const resource = String(call.parameters['PolicySourceArn'])
    const asked = { action: SIMULATE, resource, context: {} }
    const isAllowed = key.session !== null && (await this.#permits(key.session, asked))
    const body = isAllowed ? simulated(this.#settings.roles, call.parameters) : null
    response
      .writeHead(body === null ? 403 : 200, XML)
      .end(body === null ? errorXml(DENIED, SIMULATE) : wrapped(call.operation, body))
  }

  /** A part of a session permits nothing that the whole does not. */
  async #permits(session: AwsSession, asked: Asked): Promise<boolean> {
    if (!(await permits(session, asked, this.#now()))) return false
    return session.within === null || (await this.#permits(session.within, asked))
  }

  #sts(response: ServerResponse, answer: StsAnswer, told: Omit<StsAsked, 'given'>): void {
    const { operation } = told
    this.asked.push({ ...told, given: answer.ok ? answer.key : null })
    if (!answer.ok) {
      response.writeHead(answer.status, XML).end(errorXml(answer.code, answer.message))
      return
    }
    const { key } = answer
    this.#issued.set(key.accessKeyId, key)
    const { roleArn, role, name, account } = key.session
    const body =
      `<Credentials><AccessKeyId>${key.accessKeyId}</AccessKeyId>` +
      `<SecretAccessKey>${key.secretAccessKey}</SecretAccessKey>` +
      `<SessionToken>${key.sessionToken}</SessionToken>` +
      `<Expiration>${new Date(key.expiresAt).toISOString()}</Expiration></Credentials>` +
      `<AssumedRoleUser><Arn>arn:aws:sts::${account}:assumed-role/${role}/${name}</Arn>` +
      `<AssumedRoleId>AROA:${name}</AssumedRoleId></AssumedRoleUser>` +
      `<!-- ${roleArn} -->`
    response.writeHead(200, XML).end(wrapped(operation, body))
  }

  async #decide(call: AwsCall, told: ToldCall): Promise<boolean> {
    const { signed, session, request } = told
    const asked = askedBy(call, session.account)
    const base = {
      accessKeyId: signed.accessKeyId,
      session,
      userAgent: request.headers['user-agent'] ?? '',
    }
    if (asked === null) {
      const action = call.action ?? `${call.service}:${call.operation}`
      this.#calls.push({ ...base, action, resource: 'unknown', context: {}, allowed: false })
      return false
    }
    let isAllowed = true
    for (const each of asked) {
      const allowed = await this.#permits(session, each)
      this.#calls.push({ ...base, ...each, allowed })
      isAllowed = isAllowed && allowed
    }
    return isAllowed
  }

  #refuse(response: ServerResponse, told: ToldRefusal): void {
    const { code, signed, request, call } = told
    if (call === null) {
      this.#calls.push({
        accessKeyId: signed?.accessKeyId ?? null,
        session: null,
        action: code,
        resource: request.target,
        context: {},
        allowed: false,
        userAgent: request.headers['user-agent'] ?? '',
      })
    }
    const message = call === null ? code : `not authorized to perform: ${call.action}`
    const isJson = request.headers['x-amz-target'] !== undefined
    const type = code === DENIED && isJson ? 'AccessDeniedException' : code
    if (isJson || /^\/20\d\d-/.test(request.target)) {
      response
        .writeHead(403, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': type })
        .end(JSON.stringify({ __type: type, message }))
      return
    }
    const isS3 = signed?.service === 's3'
    const plain = `<Error><Code>${code}</Code><Message>${message}</Message></Error>`
    response.writeHead(403, XML).end(isS3 ? plain : errorXml(code, message))
  }

  /** With a key of moto's own that speaks for the account. */
  async #forward(
    request: ArrivedRequest,
    response: ServerResponse,
    { signed, account, call }: Forwarded,
  ): Promise<void> {
    const known = this.#motoKeys.get(account)
    const key = known ?? (await this.#moto.credentials(account))['AWS_ACCESS_KEY_ID'] ?? ''
    this.#motoKeys.set(account, key)
    const authorization = (request.headers['authorization'] ?? '').replace(signed.accessKeyId, key)
    const url = new URL(this.#moto.url)
    const headers = { ...request.headers, authorization, host: url.host }
    await new Promise<void>((resolve, reject) => {
      const options = { host: url.hostname, port: url.port, method: request.method, headers }
      const onward = send({ ...options, path: request.target }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
        if (call.operation.startsWith('Associate')) this.#learn(call, answer)
        answer.on('end', resolve)
      })
      onward.on('error', reject)
      onward.end(request.body)
    })
  }
}

interface Holder {
  readonly account: string
  readonly session: AwsSession | null
}

interface Forwarded {
  readonly signed: Signed
  readonly account: string
  readonly call: AwsCall
}

interface ToldSts {
  readonly call: AwsCall
  readonly signed: Signed
  readonly key: Holder
}

interface ToldCall {
  readonly signed: Signed
  readonly session: AwsSession
  readonly request: ArrivedRequest
}

interface ToldRefusal {
  readonly code: string
  readonly signed: Signed | null
  readonly request: ArrivedRequest
  readonly call: AwsCall | null
}

const DENIED = 'AccessDenied'
const SIMULATE = 'iam:SimulatePrincipalPolicy'
const XML = { 'content-type': 'text/xml' }

async function arrived(incoming: IncomingMessage): Promise<ArrivedRequest> {
  const parts: Buffer[] = []
  for await (const part of incoming) parts.push(Buffer.from(part))
  const headers = Object.entries(incoming.headers).map(([name, value]) => {
    return [name, Array.isArray(value) ? value.join(',') : (value ?? '')] as const
  })
  return {
    method: incoming.method ?? 'GET',
    target: incoming.url ?? '/',
    headers: Object.fromEntries(headers),
    body: Buffer.concat(parts),
  }
}

/** The one call that needs no key: its token is the proof. */
function openSts(request: ArrivedRequest): { readonly [name: string]: string } | null {
  if (!(request.headers['content-type'] ?? '').includes('x-www-form-urlencoded')) return null
  const fields = Object.fromEntries(new URLSearchParams(request.body.toString('utf8')))
  return fields['Action'] === 'AssumeRoleWithWebIdentity' ? fields : null
}

function wrapped(operation: string, body: string): string {
  const result = `<${operation}Result>${body}</${operation}Result>`
  const id = '<ResponseMetadata><RequestId>0</RequestId></ResponseMetadata>'
  const space = 'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"'
  return `<${operation}Response ${space}>${result}${id}</${operation}Response>`
}

function errorXml(code: string, message: string): string {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`
  return `<ErrorResponse>${error}<RequestId>0</RequestId></ErrorResponse>`
}
