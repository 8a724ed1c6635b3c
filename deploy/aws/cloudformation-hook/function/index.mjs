/**
 * A Lambda Hook of CloudFormation: lets a stack change only where Holdpoint says that this very change
 * set is being executed under a grant. It can hold nothing back for a person, because a hook has
 * thirty seconds; it is what stands behind the gate. Whatever is missing, odd or late is a FAILED.
 */
import { createHash } from 'node:crypto'

const ANSWER_WITHIN_MS = 15_000
const MESSAGE_CHARACTERS_MAX = 4_000
const CHANGE_SET = /^arn:aws[a-z-]*:cloudformation:[a-z0-9-]+:(\d{12}):changeSet\/[^/\s]+\/[^/\s]+$/

export async function handler(event) {
  return await respond(event, {
    url: process.env['HOLDPOINT_URL'] ?? '',
    readToken: tokenFromSecret,
    fetch,
  })
}

/** `world` is where Holdpoint is, how its token is read, and how it is asked. */
export async function respond(event, world) {
  const clientRequestToken = event?.clientRequestToken ?? event?.clientRequesttoken
  const answer = (status) => ({ ...status, clientRequestToken })
  try {
    return answer(await judge(event, world))
  } catch (cause) {
    console.error('Holdpoint could not be asked', cause)
    return answer(failed('InternalFailure', `Holdpoint did not answer; ask at ${world.url}`))
  }
}

async function judge(event, world) {
  const { targetType } = event?.requestData ?? {}
  if (targetType !== 'STACK')
    return failed('InternalFailure', `This hook judges stacks, not ${String(targetType)}`)
  const arn = event.changeSetId
  const account = typeof arn === 'string' ? CHANGE_SET.exec(arn)?.[1] : undefined
  if (account === undefined || account !== event.awsAccountId)
    return failed('NonCompliant', `Stacks change by change sets alone; ask at ${world.url}`)
  const found = await ask(arn, world)
  if (found?.started === true)
    return { hookStatus: 'SUCCESS', message: `Started by ${found.change}` }
  const where = typeof found?.url === 'string' ? found.url : world.url
  return failed('NonCompliant', `This change set was not released by Holdpoint; ask at ${where}`)
}

function failed(errorCode, message) {
  return { hookStatus: 'FAILED', errorCode, message: message.slice(0, MESSAGE_CHARACTERS_MAX) }
}

/** `null` where Holdpoint does not know the change set. */
async function ask(arn, { url, readToken, fetch: send }) {
  if (!url.startsWith('https://')) throw new Error('HOLDPOINT_URL is not https')
  const artifact = createHash('sha256').update(arn).digest('hex')
  const response = await send(`${url.replace(/\/+$/, '')}/api/v1/executions/${artifact}`, {
    headers: { authorization: `Bearer ${await readToken()}` },
    redirect: 'error',
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  })
  if (response.status === 404) return null
  if (!response.ok) throw new Error(`the answer was ${response.status}`)
  return await response.json()
}

let kept = null

/** Read once for as long as this function lives. */
async function tokenFromSecret() {
  kept ??= readSecret()
  return await kept.catch((cause) => {
    kept = null
    throw cause
  })
}

/** A part of Lambda's own runtime, so that there is nothing to install here. */
const SECRETS = '@aws-sdk/client-secrets-manager'

async function readSecret() {
  const { GetSecretValueCommand, SecretsManagerClient } = await import(SECRETS)
  const SecretId = process.env['HOLDPOINT_TOKEN_SECRET']
  const found = await new SecretsManagerClient({}).send(new GetSecretValueCommand({ SecretId }))
  if (typeof found.SecretString !== 'string') throw new Error('the secret holds no text')
  return found.SecretString.trim()
}
