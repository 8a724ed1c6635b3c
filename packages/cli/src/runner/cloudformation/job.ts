/** What is to be deployed with CloudFormation, and where. */
import type { HidingPatterns } from '@holdpoint/core'
import { type RedactText, redactorOf } from '../output-redaction.ts'
import type { AwsKeys } from './keys.ts'
import { openService, type Service, type TemplateText } from './service.ts'

export interface CloudformationJob {
  readonly wanted: Deployment | GivenSet
  readonly region: string
  /** `null`: the service's own address. */
  readonly endpoint: string | null
  readonly planKeys: AwsKeys
  /** Asked for after the grant is consumed, and for nothing else. */
  readonly executeKeys: AwsKeys
  /**
   * Without a service role CloudFormation acts as whoever executes. Refused unless the caller says
   * that those credentials are narrowed to the change set, or that it takes them as they are.
   */
  readonly acceptsNoRole: boolean
  readonly patterns: HidingPatterns | null
  /** Our own token, which must not show in what is told. */
  readonly token: string | null
  /** How often the service is asked whether something has moved. */
  readonly pollMs: number
}

/** A change set that somebody else made. */
export interface GivenSet {
  readonly type: 'given'
  readonly changeSet: string
}

/** A change set is made of this, and again where it cannot be executed any more. */
export interface Deployment {
  readonly type: 'deploy'
  readonly stackName: string
  readonly template: TemplateText
  readonly parameters: ReadonlyMap<string, string>
  readonly tags: ReadonlyMap<string, string>
  readonly capabilities: readonly string[]
  readonly roleArn: string | null
  readonly notificationArns: readonly string[]
  readonly rollbackAlarms: readonly string[]
  readonly monitoringMinutes: number | null
  readonly onStackFailure: string | null
}

/** Texts that must not show in what the service says; grows as they become known. */
export class Secrets {
  readonly #texts = new Set<string>()
  readonly #patterns: HidingPatterns | null

  constructor({ token, patterns }: Pick<CloudformationJob, 'token' | 'patterns'>) {
    this.#patterns = patterns
    if (token !== null) this.add(token)
  }

  add(text: string): void {
    this.#texts.add(text)
  }

  readonly redact: RedactText = (text) => redactorOf([...this.#texts], this.#patterns)(text)
}

/** Whoever plans and whoever executes has credentials of their own. */
export function serviceOf(job: CloudformationJob, keys: AwsKeys, secrets: Secrets): Service {
  const { region, endpoint } = job
  const { redact } = secrets
  const watched: AwsKeys = async () => {
    const found = await keys()
    secrets.add(found.secretAccessKey)
    if (found.sessionToken !== null) secrets.add(found.sessionToken)
    return found
  }
  return openService({ region, endpoint, keys: watched, redact })
}
