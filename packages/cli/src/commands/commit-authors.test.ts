import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, suite, test } from 'node:test'
import { readEnvironment } from '../io/environment.ts'
import { findProgram } from '../io/spawn.ts'
import { addressesIn, findAuthors } from './commit-authors.ts'

test('author, committer and co-authors are found, each once and in lower case', () => {
  const text = 'Ada@acme.example\nada@acme.example\nLars Holm <lars@acme.example>\n\nnobody\n'

  assert.deepEqual(addressesIn(text), ['ada@acme.example', 'lars@acme.example'])
})

test('a commit cannot fill the request with addresses', () => {
  const many = Array.from({ length: 500 }, (_, index) => `a${index}@acme.example`).join('\n')

  assert.equal(addressesIn(many).length, 50)
  assert.deepEqual(addressesIn(`${'a'.repeat(400)}@acme.example`), [])
})

const git = findProgram('git', readEnvironment())
const { PATH = '' } = readEnvironment()
const environment = { PATH, HOME: '/nowhere' }
const skip = git === null ? 'there is no git on PATH' : false

suite('authors in a hostile repository', { skip }, () => {
  const before = process.cwd()
  let folder = ''
  const run = (...args: readonly string[]) =>
    execFileSync('git', [...args], { cwd: folder, env: environment, encoding: 'utf8' }).trim()
  const author = (name: string) => [
    ...['-c', `user.name=${name}`, '-c', `user.email=${name}@acme.example`],
    ...['commit', '-q', '--allow-empty', '-m', name],
  ]
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdpoint-git-'))
    writeFileSync(join(folder, 'evil.sh'), `#!/bin/sh\ntouch ${folder}/ran\nexit 1\n`)
    chmodSync(join(folder, 'evil.sh'), 0o755)
    run('init', '-q')
    process.chdir(folder)
  })
  afterEach(() => {
    process.chdir(before)
    rmSync(folder, { recursive: true, force: true })
  })

  test('a signature starts no program of the repository', async () => {
    run(...author('ada'))
    const plain = run('cat-file', 'commit', 'HEAD')
    const signed = `${plain.replace(/\n\n/, '\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n\n')}\n`
    writeFileSync(join(folder, 'commit'), signed)
    run('update-ref', 'HEAD', run('hash-object', '-t', 'commit', '-w', 'commit'))
    run('config', 'log.showSignature', 'true')
    run('config', 'gpg.program', join(folder, 'evil.sh'))

    const authors = await findAuthors(environment)

    const ran = existsSync(join(folder, 'ran'))
    assert.deepEqual({ authors, ran }, { authors: ['ada@acme.example'], ran: false })
  })

  test('a commit that is not there is not fetched', async () => {
    run('config', 'core.repositoryformatversion', '1')
    run('config', 'extensions.partialClone', 'o')
    run('config', 'remote.o.url', `ext::${join(folder, 'evil.sh')}`)
    run('config', 'remote.o.promisor', 'true')
    run('config', 'protocol.ext.allow', 'always')
    writeFileSync(join(folder, '.git', 'HEAD'), `${'1'.repeat(40)}\n`)

    const authors = await findAuthors(environment)

    const ran = existsSync(join(folder, 'ran'))
    assert.deepEqual({ authors, ran }, { authors: [], ran: false })
  })

  test('a replaced commit hides nobody', async () => {
    run(...author('ada'))
    const real = run('rev-parse', 'HEAD')
    run(...author('bob'))
    run('replace', real, 'HEAD')
    run('update-ref', 'HEAD', real)

    assert.deepEqual(await findAuthors(environment), ['ada@acme.example'])
  })
})
