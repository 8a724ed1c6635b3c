import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { standingFiles, standingWarning } from './standing.ts'

test('every standing file of a person is named, and what is not there is not', async () => {
  const home = await mkdtemp(join(tmpdir(), 'holdpoint-standing-'))
  const files = ['.aws/credentials', '.aws/config', '.kube/config', '.vault-token']
  for (const name of files) {
    await mkdir(dirname(join(home, name)), { recursive: true })
    await writeFile(join(home, name), '')
  }
  const found = () => standingFiles({ HOME: home })
  assert.deepEqual(
    found(),
    files.map((name) => `~/${name}`),
  )

  for (const name of ['.azure', '.config/gcloud'])
    await mkdir(join(home, name), { recursive: true })

  assert.deepEqual(found().toSorted(), [
    ...['~/.aws/config', '~/.aws/credentials', '~/.azure', '~/.config/gcloud'],
    ...['~/.kube/config', '~/.vault-token'],
  ])
  assert.equal(standingWarning(['~/.azure']), 'Found and not used, the grant is: ~/.azure')
  assert.deepEqual([standingFiles({}), standingWarning([])], [[], null])
  await rm(home, { recursive: true })
})
