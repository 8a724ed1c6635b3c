import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { databases } from '../../test/databases.ts'
import { checksumOf, MIGRATIONS, type Migration, migrate } from './migrate.ts'

/** Frozen once released: a new form is a new migration, never an edit. */
const FROZEN: { readonly [name: string]: string } = {
  '0001-start': '910a64baeecd0f9ce8bef8c0b4b01ab7424fb0e5afcb7f4c7205d1182919312b',
  '0002-found-by-row': '2ac7ef9ec62fa97daacd769196e8ecf07bd3f4af57280ea6567e601f80771941',
  '0003-people': '4c1eb81a6ff922b5b504451e6a0ddbe616ddec4896268ad0d70feedce43c17ec',
  '0004-glass': '74486e667444ef395e63a8206f0a2bbb1a18af20d5f175b502e3f9fa5e53ff6c',
  '0005-schedules': '605ad2b481b580b2b0f46ef7d4f743f669c44ad55585d2caba394c46165df46c',
  '0007-issuer': 'f096c97a53c17c60f0ca3871f4b73c956eb4ed82a36776d7d580af16e727c545',
}

test('no migration that has run anywhere was edited', () => {
  const checksums = MIGRATIONS.map((each) => [each.name, checksumOf(each)])

  assert.deepEqual(Object.fromEntries(checksums), FROZEN)
})

test('migrations are in the order of their names', () => {
  const names = MIGRATIONS.map((each) => each.name)

  assert.deepEqual(names, names.toSorted())
})

for (const database of databases) {
  suite(`migrating ${database.name}`, { skip: database.skip }, () => {
    const extra: Migration = { name: '9999-extra', statements: ['create table extra (id integer)'] }

    test('migrating twice changes nothing, and only what is missing runs', async () => {
      const { kysely } = await (await database.create()).open()

      await migrate(kysely)
      await migrate(kysely, [...MIGRATIONS, extra])
      await migrate(kysely, [...MIGRATIONS, extra])

      const tables = await kysely.introspection.getTables()
      assert.equal(tables.filter((table) => table.name === 'extra').length, 1)
    })

    test('a migration that was edited afterwards is refused', async () => {
      const { kysely } = await (await database.create()).open()
      await migrate(kysely, [...MIGRATIONS, extra])
      const edited = { ...extra, statements: ['create table extra (id bigint)'] }

      const migrating = migrate(kysely, [...MIGRATIONS, edited])

      await assert.rejects(migrating, {
        code: 'migration_changed',
        message:
          'the database has another form of migration 9999-extra than this version; ' +
          'install the version it was made by',
      })
    })

    test('a database of a newer version is refused', async () => {
      const { kysely } = await (await database.create()).open()
      await migrate(kysely, [...MIGRATIONS, extra])

      await assert.rejects(migrate(kysely), {
        code: 'migration_changed',
        message: 'the database was migrated by a newer version (9999-extra); install that one',
      })
    })

    test('a migration that fails leaves nothing behind', async () => {
      const { kysely } = await (await database.create()).open()
      const broken = { name: '9999-extra', statements: [...extra.statements, 'not sql'] }

      await assert.rejects(migrate(kysely, [...MIGRATIONS, broken]))
      await migrate(kysely, [...MIGRATIONS, extra])
    })
  })
}
