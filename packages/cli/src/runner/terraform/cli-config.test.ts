import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Environment } from '../../io/environment.ts'
import { type Files, Repository } from '../../testing/given.ts'
import { refuseCliConfig } from './cli-config.ts'

const OVERRIDES = 'provider_installation {\n  dev_overrides { "hashicorp/aws" = "/tmp" }\n}\n'

async function answerFor(files: Files, env: (home: string) => Environment) {
  const home = new Repository(files)
  const answer = await refuseCliConfig(env(home.root))
  home.remove()
  return answer?.replace(home.root, '~') ?? null
}

const said = (path: string) =>
  `~/${path} has dev_overrides, which replaces provider programs unseen; remove it first`

const PLACES = ['.terraformrc', '.tofurc', '.terraform.d/x.tfrc', '.terraform.d/x.tfrc.json']

for (const path of PLACES)
  test(`dev_overrides in ${path} of the home folder is refused`, async () => {
    const answer = await answerFor({ [path]: OVERRIDES }, (home) => ({ HOME: home }))

    assert.equal(answer, said(path))
  })

for (const written of ['dev\\u005foverrides', 'dev\\U0000005Foverrides', 'd\\x65v\\137overrides'])
  test(`dev_overrides written as ${written} is refused, because the tool takes it`, async () => {
    const text = `provider_installation {\n  "${written}" { "hashicorp/aws" = "/tmp" }\n}\n`

    const answer = await answerFor({ '.terraformrc': text }, (home) => ({ HOME: home }))

    assert.equal(answer, said('.terraformrc'))
  })

test('dev_overrides in the named file is refused, and without a home folder too', async () => {
  const answer = await answerFor({ 'my.rc': OVERRIDES }, (home) => ({
    TF_CLI_CONFIG_FILE: `${home}/my.rc`,
  }))

  assert.equal(answer, said('my.rc'))
})

test('a configuration without it, and none at all, can be used', async () => {
  const plain = {
    '.terraformrc': 'plugin_cache_dir = "/tmp"\n',
    '.terraform.d/note.txt': OVERRIDES,
  }

  const answers = [
    await answerFor(plain, (home) => ({ HOME: home })),
    await answerFor({}, () => ({ TF_CLI_CONFIG_FILE: '/nowhere/rc' })),
  ]

  assert.deepEqual(answers, [null, null])
})
