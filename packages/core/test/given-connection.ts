/** Connections for tests: an AWS account by default. */
import type { Access, AccessEvent } from '../src/access.ts'
import type { Connection } from '../src/connection.ts'
import type { ConnectionId } from '../src/ids.ts'
import { DAY, givenWorkspaceId, NOW } from './given.ts'

export const givenConnectionId = (name = 'aws') => `con_${name.padEnd(16, '0')}` as ConnectionId

export function givenConnection(about: Partial<Connection> = {}): Connection {
  return {
    id: givenConnectionId(),
    workspace: givenWorkspaceId(),
    kind: 'aws',
    account: '123456789012',
    apply: 'arn:aws:iam::123456789012:role/apply',
    plan: 'arn:aws:iam::123456789012:role/plan',
    audience: 'sts.amazonaws.com',
    settings: {},
    since: NOW - DAY,
    ...about,
  }
}

export function givenConnectionSet(
  about: Partial<Connection> = {},
): Extract<AccessEvent, { type: 'connection_set' }> {
  const { id: connection, since: _, ...rest } = givenConnection(about)
  return { type: 'connection_set', connection, ...rest }
}

export function withConnection(access: Access, about: Partial<Connection> = {}): Access {
  const connection = givenConnection(about)
  return { ...access, connections: new Map(access.connections).set(connection.id, connection) }
}
