/**
 * A Kubernetes API server that takes tokens of one issuer: a subject that it knows is a user by name,
 * and any other is nobody. It answers who one is, and lists nothing but its own groups.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Answered, type Asked, listen, type Service } from './listening.ts'
import { claimsOf } from './verified.ts'

export interface ClusterSettings {
  readonly issuer: string
  readonly audience: string
  /** Names by subject. */
  readonly users: Map<string, string>
  /** Names that may do everything; the others read. */
  readonly writers: Set<string>
}

export interface Cluster extends Service {
  readonly ca: string
  /** Who asked for a path, in order. */
  readonly asked: { readonly user: string; readonly path: string }[]
}

export async function startCluster(settings: ClusterSettings): Promise<Cluster> {
  const asked: { user: string; path: string }[] = []
  const tls = await selfSigned()
  const service = await listen(async (request) => {
    const claims = await claimsOf(request.bearer, settings)
    const user = settings.users.get(claims?.sub ?? '')
    if (user === undefined) return { status: 401, body: statusOf(401, 'Unauthorized') }
    asked.push({ user, path: request.path })
    return answerTo(request, { user, isWriter: settings.writers.has(user) })
  }, tls)
  return { ...service, ca: tls.cert, asked }
}

const REVIEW = '/apis/authentication.k8s.io/v1/selfsubjectreviews'

const ACCESS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'

function answerTo(
  { method, path, fields }: Asked,
  { user: username, isWriter }: { readonly user: string; readonly isWriter: boolean },
): Answered {
  if (path === ACCESS && method === 'POST') {
    const { spec } = fields as {
      readonly spec?: { readonly resourceAttributes?: { verb?: string } }
    }
    const allowed = isWriter || ['get', 'list'].includes(spec?.resourceAttributes?.verb ?? '')
    return { status: 201, body: { kind: 'SelfSubjectAccessReview', status: { allowed } } }
  }
  if (path === REVIEW && method === 'POST') {
    const kind = { kind: 'SelfSubjectReview', apiVersion: 'authentication.k8s.io/v1' }
    return { status: 201, body: { ...kind, status: { userInfo: { username } } } }
  }
  if (path === '/version') return { status: 200, body: { major: '1', minor: '34' } }
  return { status: 403, body: statusOf(403, 'Forbidden') }
}

function statusOf(code: number, reason: string): object {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, code }
}

async function selfSigned(): Promise<{ readonly key: string; readonly cert: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-tls-'))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const words = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  const subject = ['-days', '1', '-subj', '/CN=cluster', '-addext', 'subjectAltName=IP:127.0.0.1']
  try {
    await promisify(execFile)('openssl', [...words, '-keyout', key, '-out', cert, ...subject])
    return { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') }
  } finally {
    await rm(folder, { recursive: true })
  }
}
