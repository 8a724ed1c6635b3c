/**
 * The reference pages: generated from the code, committed, and held fresh by the tidy test. Nothing
 * in docs/reference is written by hand.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openApiDocument } from '@holdpoint/api'
import { VERSION } from '../packages/cli/src/version.ts'
import { cliPage } from './reference/cli-page.ts'
import { configPage } from './reference/config-page.ts'
import { IAM_TABLE_PATH, iamTableFile } from './reference/iam-table.ts'
import { policyPage } from './reference/policy-page.ts'
import { refusalsPage } from './reference/refusals-page.ts'
import { schemaFiles } from './reference/schemas.ts'
import { STATEFUL_TYPES_PATH, statefulTypesFile } from './reference/stateful-types.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Every generated file by its path from the root of the repository. */
export async function referenceFiles(): Promise<ReadonlyMap<string, string>> {
  const pages: readonly (readonly [string, string])[] = [
    ['cli.md', cliPage()],
    ['config.md', configPage()],
    ['refusals.md', refusalsPage()],
    ['policy.md', policyPage()],
    ['api.openapi.json', jsonText(openApiDocument(VERSION))],
    ...schemaFiles().map(([name, schema]) => [name, jsonText(schema)] as const),
  ]
  const files = pages.map(([name, text]) => [`docs/reference/${name}`, text] as const)
  return new Map([
    ...files,
    [STATEFUL_TYPES_PATH, statefulTypesFile()],
    [IAM_TABLE_PATH, iamTableFile()],
  ])
}

function jsonText(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`
}

if (import.meta.main) {
  const files = await referenceFiles()
  await rm(`${root}/docs/reference`, { recursive: true, force: true })
  for (const [path, text] of files) {
    await mkdir(dirname(`${root}/${path}`), { recursive: true })
    await writeFile(`${root}/${path}`, text)
  }
  process.stdout.write(`${[...files.keys()].join('\n')}\n`)
}
