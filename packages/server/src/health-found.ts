/** One line of the health page: how it is looked at, and what may be found. */
import type { overview } from '@holdpoint/api'
import type { z } from 'zod'

export type HealthValue = z.input<typeof overview.HealthView>
export type CheckLine = HealthValue['checks'][number]

export interface Check {
  readonly id: string
  readonly name: string
  readonly look: () => Promise<Found>
}

export interface Found {
  readonly state: CheckLine['state']
  readonly says: string
  readonly remedy: string | null
}

export function ok(says: string): Found {
  return { state: 'ok', says, remedy: null }
}

export function attention(says: string, remedy: string): Found {
  return { state: 'attention', says, remedy }
}

export function broken(says: string, remedy: string): Found {
  return { state: 'broken', says, remedy }
}
