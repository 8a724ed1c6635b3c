/**
 * How often one address may begin something without saying who it is. Kept in memory, per process:
 * it keeps a flood from pushing out what others wait for, and proves nothing about anybody.
 */
import type { Instant } from '@holdpoint/core'
import type { FastifyRequest } from 'fastify'

export interface Attempts {
  /** Counts one; seconds to wait where it is one too many, else `null`. */
  readonly take: (address: string, now: Instant) => number | null
}

export interface AttemptLimits {
  readonly most: number
  readonly within: number
  /** Beyond it the address that began longest ago is forgotten. */
  readonly addressesMax: number
}

interface Window {
  readonly since: Instant
  readonly count: number
}

export function createAttempts({ most, within, addressesMax }: AttemptLimits): Attempts {
  const windows = new Map<string, Window>()
  return {
    take: (address, now) => {
      const known = windows.get(address)
      const isOver = known === undefined || now >= known.since + within
      const window = isOver ? { since: now, count: 1 } : { ...known, count: known.count + 1 }
      if (isOver) {
        windows.delete(address)
        const [oldest] = windows.keys()
        if (windows.size >= addressesMax && oldest !== undefined) windows.delete(oldest)
      }
      if (window.count > most) return Math.ceil((window.since + within - now) / 1000)
      windows.set(address, window)
      return null
    },
  }
}

/**
 * Whom a request counts for. Behind so many proxies of ours, the address that the outermost of them
 * saw; what stands before that in the header is the client's own word. Of IPv6 the network, which
 * one customer has whole.
 */
export function addressOf(request: FastifyRequest, proxies: number): string {
  const header = request.headers['x-forwarded-for']
  const told = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',')
  const forwarded = proxies === 0 ? undefined : told.at(-proxies)?.trim()
  const address = (forwarded || request.socket.remoteAddress) ?? ''
  return networkOf(address)
}

function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined || !address.includes(':')) return mapped ?? address
  const [head = '', tail] = address.toLowerCase().split('::', 2)
  const [before, after] = [head, tail ?? ''].map((part) => (part === '' ? [] : part.split(':')))
  const gap = tail === undefined ? 0 : 8 - (before?.length ?? 0) - (after?.length ?? 0)
  const groups = [...(before ?? []), ...Array.from({ length: gap }, () => '0'), ...(after ?? [])]
  return groups.slice(0, 4).join(':')
}
