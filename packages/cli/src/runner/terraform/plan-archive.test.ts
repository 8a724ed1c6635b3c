import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { Fault } from '../../io/fault.ts'
import { givenJob, givenPrepared, needsTerraform, Repository } from '../../testing/given.ts'
import { type Member, writeZip } from '../../testing/zip.ts'
import { copyPlanFile } from '../plan-file.ts'
import { readPlanArchive } from './plan-archive.ts'
import { recheck } from './recheck.ts'

const member = (name: string, text: string): Member => ({ name, content: Buffer.from(text) })

async function withPlan<T>(
  content: Buffer,
  work: (path: string, repository: Repository) => Promise<T>,
): Promise<T> {
  const repository = new Repository({})
  writeFileSync(repository.path('plan'), content)
  try {
    return await work(repository.path('plan'), repository)
  } finally {
    repository.remove()
  }
}

async function archiveOf(content: Buffer) {
  return await withPlan(content, async (path) => {
    const file = await copyPlanFile(path)
    try {
      return await readPlanArchive(file.handle)
    } finally {
      await file.close()
    }
  })
}

async function faultOf(content: Buffer): Promise<string> {
  return await archiveOf(content).then(
    () => 'read',
    (fault: unknown) => {
      assert.ok(fault instanceof Fault)
      return fault.message
    },
  )
}

test('configuration and lock file in the plan file are hashed, and nothing else', async () => {
  const members = ['tfplan', 'tfconfig/m-/main.tf', 'tfconfig/modules.json', '.terraform.lock.hcl']
  const state = member('tfstate', JSON.stringify({ lineage: 'one', outputs: { o: 'secret' } }))

  const archive = await archiveOf(writeZip([...members.map((name) => member(name, name)), state]))

  assert.deepEqual(
    archive.files.map((file) => file.path),
    ['plan:tfconfig/m-/main.tf', 'plan:tfconfig/modules.json', 'plan:.terraform.lock.hcl'],
  )
  assert.equal(archive.lineage, 'one')
})

test('a first plan has no lineage', async () => {
  const archive = await archiveOf(
    writeZip([member('tfplan', ''), member('tfstate', '{"lineage":""}')]),
  )

  assert.deepEqual(archive, { files: [], lineage: null })
})

test('two members of one name are refused: the tool may read the other one', async () => {
  const twice = [member('tfplan', ''), member('tfconfig/x', 'a'), member('tfconfig/x', 'b')]

  const message = await faultOf(writeZip(twice))

  assert.equal(message, 'The plan file has two members named "tfconfig/x"')
})

test('what is no plan file is refused with a sentence', async () => {
  const messages = await Promise.all([
    faultOf(Buffer.from('{"format_version":"1.2"}')),
    faultOf(writeZip([member('other', '')])),
    faultOf(Buffer.alloc(0)),
  ])

  assert.deepEqual(messages, [
    'The plan file is not an archive as Terraform and OpenTofu write it',
    'The plan file has no member named tfplan',
    'The plan file is not an archive as Terraform and OpenTofu write it',
  ])
})

/** Plans, then exchanges the plan file by one with other members, as a thief of the file would. */
async function namesAfterEditing(
  edit: (members: Member[]) => Member[],
): Promise<readonly string[]> {
  const repository = new Repository({ 'main.tf': 'resource "terraform_data" "one" {}\n' })
  repository.terraform('.', 'init', '-input=false')
  const prepared = await givenPrepared(givenJob(repository, { folder: '.' }))
  try {
    const members = edit(await membersOf(prepared.planFile.handle.fd))
    return await withPlan(writeZip(members), async (path) => {
      const planFile = await copyPlanFile(path)
      const factsRequest = { ...prepared.factsRequest, planFile }
      const { differences } = await recheck({ ...prepared, factsRequest }, prepared.facts)
      await planFile.close()
      return differences.map(({ part, name }) => (name === null ? part : `${part}: ${name}`))
    })
  } finally {
    await prepared.planFile.close()
    repository.remove()
  }
}

async function membersOf(fd: number): Promise<Member[]> {
  const { fromFd } = await import('yauzl')
  const members: Member[] = []
  return await new Promise((resolve, reject) => {
    fromFd(fd, { lazyEntries: true, autoClose: false }, (error, zip) => {
      if (error !== null) return reject(error)
      zip.on('end', () => resolve(members))
      zip.on('entry', (entry) => {
        zip.openReadStream(entry, async (_, stream) => {
          const chunks: Buffer[] = []
          for await (const chunk of stream) chunks.push(chunk)
          members.push({ name: entry.fileName, content: Buffer.concat(chunks) })
          zip.readEntry()
        })
      })
      zip.readEntry()
    })
  })
}

test('an edited file inside tfconfig is named', needsTerraform, async () => {
  const names = await namesAfterEditing((members) =>
    members.map((each) =>
      each.name === 'tfconfig/m-/main.tf' ? member(each.name, '# another\n') : each,
    ),
  )

  assert.deepEqual(names, ['artifact', 'source: plan:tfconfig/m-/main.tf'])
})

test('one changed byte of the plan file is named', needsTerraform, async () => {
  const names = await namesAfterEditing((members) =>
    members.map((each) => {
      if (each.name !== 'tfplan') return each
      const content = Buffer.from(each.content)
      content[content.length - 1] = (content[content.length - 1] ?? 0) ^ 1
      return { name: each.name, content }
    }),
  )

  assert.deepEqual(names, ['artifact'])
})

test('the kept plan file is read-only and nothing else names it', needsTerraform, async () => {
  const repository = new Repository({ 'main.tf': 'resource "terraform_data" "one" {}\n' })
  repository.terraform('.', 'init', '-input=false')
  const prepared = await givenPrepared(givenJob(repository, { folder: '.' }))

  const stats = await prepared.planFile.handle.stat()
  await prepared.planFile.close()
  repository.remove()

  assert.deepEqual({ mode: stats.mode & 0o777, links: stats.nlink }, { mode: 0o400, links: 0 })
})
