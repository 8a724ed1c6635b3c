import assert from 'node:assert/strict'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Repository } from '../../testing/given.ts'
import { collectSource, type Source } from './source.ts'
import { SourceRefused, Walk } from './source-walk.ts'

async function withRepository<T>(work: (repository: Repository) => Promise<T>): Promise<T> {
  const repository = new Repository({ 'app/main.tf': '' })
  try {
    return await work(repository)
  } finally {
    repository.remove()
  }
}

function collect(repository: Repository, excluded: readonly string[] = []): Promise<Source> {
  const rootModule = repository.path('app')
  const dataFolder = repository.path('app/.terraform')
  return collectSource({ rootModule, dataFolder, excluded, planFiles: [] })
}

const pathsOf = (source: Source) => source.manifest.files.map((file) => file.path).toSorted()

test('a file counts by path, content and executable bit', async () => {
  await withRepository(async (repository) => {
    repository.write('app/run.sh', 'hello')

    const { manifest } = await collect(repository)

    assert.deepEqual(
      manifest.files.find((file) => file.path === 'app/run.sh'),
      {
        path: 'app/run.sh',
        executable: true,
        sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
      },
    )
  })
})

test('what the tool itself writes does not count; what provisioners may run does', async () => {
  await withRepository(async (repository) => {
    const left = [
      'app/.terraform/providers/x/y',
      'app/.terraform/environment',
      'app/.terraform/terraform.tfstate',
      'app/deep/.git/HEAD',
      'app/.DS_Store',
      'app/.main.tf.swp',
      'app/main.tf~',
    ]
    const kept = [
      'app/.terraform.lock.hcl',
      'app/.terraform/modules/modules.json',
      'app/.terraform/modules/net/main.tf',
      'app/crash.log',
      'app/deploy.tfstate.sh',
      'app/lib/__pycache__/x.pyc',
      'app/main.tf',
      'app/node_modules/x/index.js',
      'app/terraform.tfstate',
    ]
    for (const path of [...left, ...kept]) repository.write(path, '{}')

    const source = await collect(repository)

    assert.deepEqual(pathsOf(source), kept.toSorted())
  })
})

const HIDING_PLACES = [
  'app/.terraform/environment',
  'app/.terraform/providers/evil.sh',
  'app/.terraform/terraform.tfstate',
  'app/x/.git/evil.sh',
]
for (const place of HIDING_PLACES)
  test(`a command that names ${place} makes it part of the source`, async () => {
    await withRepository(async (repository) => {
      repository.write(place, 'echo evil')
      const command = `sh ./${place.slice('app/'.length)}`
      repository.write('app/main.tf', `provisioner "local-exec" { command = "${command}" }`)

      const source = await collect(repository)

      assert.deepEqual(pathsOf(source), [place, 'app/main.tf'].toSorted())
    })
  })

test('a module or working folder that is called .git counts as a whole', async () => {
  await withRepository(async (repository) => {
    const modules = { Modules: [{ Key: 'm', Dir: 'mod/.git' }] }
    repository.write('app/.terraform/modules/modules.json', JSON.stringify(modules))
    repository.write('app/mod/.git/run.sh', '')
    repository.write('app/x/.git/run.sh', '')
    repository.write('app/main.tf', 'working_dir = "x/.git"\n')

    const source = await collect(repository)

    assert.deepEqual(pathsOf(source), [
      'app/.terraform/modules/modules.json',
      'app/main.tf',
      'app/mod/.git/run.sh',
      'app/x/.git/run.sh',
    ])
  })
})

const LITTER_RUN = [
  'provisioner "local-exec" { command = "sh .x.sw*" }',
  'data "external" "x" { program = ["sh", "-c", "sh .x.sw*"] }',
  'policy = file(local.path)',
  'policy = templatefile(".x.$'.concat('{"swp"}", { id = aws_thing.x.id })'),
  'policy = file(".x.swp")',
]
for (const text of LITTER_RUN)
  test(`litter counts where it could be read or run: ${text.slice(0, 30)}`, async () => {
    await withRepository(async (repository) => {
      repository.write('app/.x.swp', 'echo evil')
      repository.write('app/main.tf', text)

      const source = await collect(repository)

      assert.deepEqual(pathsOf(source), ['app/.x.swp', 'app/main.tf'])
    })
  })

test('a path behind escapes is found, and what only looks like one is no fault', async () => {
  await withRepository(async (repository) => {
    repository.write('shared/run.sh', '')
    const words = [
      `a/${'x'.repeat(5_000)}`,
      'a/\\u0000b',
      'registry.terraform.io/a/b',
      '// /bin/sh',
    ]
    const text = `command = "sh ../\\u0073hared/run.sh"\n# ${words.join(' ')}\n`
    repository.write('app/main.tf', text)

    const source = await collect(repository)

    assert.deepEqual(pathsOf(source), ['app/main.tf', 'shared/run.sh'])
    assert.deepEqual(source.warnings, [])
  })
})

test('a link to a file and to a folder inside the repository is followed', async () => {
  await withRepository(async (repository) => {
    repository.write('shared/a.txt', 'a')
    symlinkSync(repository.path('shared/a.txt'), repository.path('app/link.txt'))
    symlinkSync(repository.path('shared'), repository.path('app/folder'))

    const source = await collect(repository)

    assert.deepEqual(pathsOf(source), ['app/folder/a.txt', 'app/link.txt', 'app/main.tf'])
  })
})

test('a link that ends outside the repository is refused with its end', async () => {
  await withRepository(async (repository) => {
    symlinkSync('/etc/hostname', repository.path('app/link.txt'))

    const refusal = await collect(repository).catch((cause: unknown) => cause)

    assert.ok(refusal instanceof SourceRefused)
    assert.match(refusal.message, /link\.txt is a link that ends outside the repository, at \/etc/)
  })
})

test('a circle of links ends, and a link to nothing is part of the source', async () => {
  await withRepository(async (repository) => {
    symlinkSync('.', repository.path('app/circle'))
    symlinkSync('later', repository.path('app/broken'))

    const before = await collect(repository)
    repository.write('app/later', 'now there')
    const after = await collect(repository)

    assert.deepEqual(pathsOf(before), ['app/broken', 'app/circle', 'app/main.tf'])
    assert.notDeepEqual(before.manifest.files, after.manifest.files)
  })
})

test('local modules outside the root module and their files count', async () => {
  await withRepository(async (repository) => {
    repository.write('modules/part/main.tf', '')
    repository.write('modules/part/deep/run.sh', '')
    const modules = {
      Modules: [
        { Key: '', Dir: '.' },
        { Key: 'p', Dir: '../modules/part' },
      ],
    }
    repository.write('app/.terraform/modules/modules.json', JSON.stringify(modules))

    const source = await collect(repository)

    assert.deepEqual(pathsOf(source), [
      'app/.terraform/modules/modules.json',
      'app/main.tf',
      'modules/part/deep/run.sh',
      'modules/part/main.tf',
    ])
  })
})

test('a named path outside the repository is told, because no digest covers it', async () => {
  await withRepository(async (repository) => {
    const text = 'a = file("/etc/hostname")\nb = file(pathexpand("~/x"))\nc = file("~/y")'
    repository.write('app/main.tf', text)

    const { warnings } = await collect(repository)

    assert.deepEqual(warnings, [
      'The configuration names /etc/hostname, which lies outside the repository: no digest covers it',
      'The configuration names ~/y, which lies outside the repository: no digest covers it',
    ])
  })
})

test('the working folder of a command counts as a whole', async () => {
  await withRepository(async (repository) => {
    repository.write('scripts/deep/a.sh', '')
    repository.write('app/main.tf', 'working_dir = "../scripts"\n# a " in a comment\n')

    const source = await collect(repository)

    assert.deepEqual(pathsOf(source), ['app/main.tf', 'scripts/deep/a.sh'])
  })
})

test('the same in JSON configuration', async () => {
  await withRepository(async (repository) => {
    repository.write('shared/list.txt', '')
    const path = '$'.concat('{file("$', '{path.module}/../shared/list.txt")}')
    repository.write('app/main.tf.json', JSON.stringify({ locals: { list: path } }))

    const source = await collect(repository)

    assert.deepEqual(pathsOf(source), ['app/main.tf', 'app/main.tf.json', 'shared/list.txt'])
  })
})

test('an excluded plan file does not count', async () => {
  await withRepository(async (repository) => {
    repository.write('app/plan.bin', 'plan')

    const source = await collect(repository, [repository.path('app/plan.bin')])

    assert.deepEqual(pathsOf(source), ['app/main.tf'])
  })
})

test('without a repository, paths are relative to what root module and modules share', async () => {
  const root = join(tmpdir(), `holdpoint-bare-${process.pid}`)
  const { rmSync, realpathSync } = await import('node:fs')
  mkdirSync(join(root, 'app'), { recursive: true })
  writeFileSync(join(root, 'app/main.tf'), '')
  const rootModule = realpathSync(join(root, 'app'))

  const dataFolder = join(rootModule, '.terraform')
  const source = await collectSource({ rootModule, dataFolder, excluded: [], planFiles: [] })
  rmSync(root, { recursive: true })

  assert.deepEqual([source.repository, pathsOf(source)], [rootModule, ['main.tf']])
})

const LIMITS = [
  [{ filesMax: 2, bytesMax: 100 }, /more than 2 files; move what/],
  [{ filesMax: 9, bytesMax: 5 }, /more than 5 bytes; move what/],
] as const

for (const [limits, sentence] of LIMITS)
  test(`${sentence.source.slice(0, 17)} are refused with advice`, async () => {
    await withRepository(async (repository) => {
      for (const name of ['a', 'b', 'c']) repository.write(`app/${name}`, 'xx')
      const configuration = { mentions: () => false }
      const walk = new Walk({
        repository: repository.root,
        excluded: [],
        leftOut: [],
        configuration,
        ...limits,
      })

      const refusal = await walk.add(repository.path('app')).catch((cause: unknown) => cause)

      assert.ok(refusal instanceof SourceRefused)
      assert.match(refusal.message, sentence)
    })
  })
