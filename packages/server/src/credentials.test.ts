import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { SYSTEM } from '@holdpoint/core'
import { givenReleasedChange, givenStarted, HOUR } from '../../core/test/given.ts'
import { givenConnectionId } from '../../core/test/given-connection.ts'
import { databases } from '../test/databases.ts'
import { createCredentials } from './credentials.ts'
import { Fault } from './io/fault.ts'
import type { AuditLog } from './ports.ts'

for (const database of databases)
  suite(`credentials in ${database.name}`, { skip: database.skip }, () => {
    test('nothing is looked up or minted before a signed head covers the start', async () => {
      const opened = await (await database.create()).open()
      const change = givenReleasedChange({ after: [givenStarted()] })
      const { execution } = change
      assert.ok(execution !== null)
      const live = { ...change, execution: { ...execution, until: Date.now() + HOUR } }
      const waited: number[] = []
      const stopped = new Fault('reads_only', 'the log is smaller than its head says')
      const audit: Pick<AuditLog, 'checkpointCovering'> = {
        checkpointCovering: async (seq) => {
          waited.push(seq)
          throw stopped
        },
      }
      // Whoever touches one of these before the head is signed fails the test by it.
      const credentials = createCredentials({
        ...{ database: opened, audit: audit as AuditLog },
        config: { stsEndpoint: null, iamEndpoint: null },
        ...{ gate: null as never, issuer: null as never },
      })

      const asked = credentials.issue({
        ...{ actor: SYSTEM, record: { change: live, lastSeq: 41 } as never },
        ...{ connection: givenConnectionId(), purpose: 'apply', ask: 1 },
      })

      await assert.rejects(asked, stopped)
      assert.deepEqual(waited, [41])
    })
  })
