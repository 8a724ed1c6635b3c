/** A large source tree, and what hashing it costs by itself: it is part of every start. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { collectSource } from '../../packages/cli/src/runner/terraform/source.ts'
import type { Row } from './measure.ts'
import { row } from './statistics.ts'

const FOLDERS = 40
const FILES_PER_FOLDER = 50
const FILE_BYTES = 16 * 1024
const RUNS = 5

export const LARGE_SOURCE = '2,000 more files, 32 MB'

export async function writeLargeSource(rootModule: string): Promise<void> {
  for (let folder = 0; folder < FOLDERS; folder += 1) {
    const path = join(rootModule, 'large', `folder-${folder}`)
    await mkdir(path, { recursive: true })
    for (let file = 0; file < FILES_PER_FOLDER; file += 1)
      await writeFile(join(path, `file-${file}.json`), `${folder} ${file} `.padEnd(FILE_BYTES, '.'))
  }
}

export async function hashingRow(rootModule: string): Promise<Row> {
  const dataFolder = join(rootModule, '.terraform')
  const request = { rootModule, dataFolder, excluded: [], planFiles: [] }
  const took: number[] = []
  for (let run = 0; run < RUNS; run += 1) {
    const startedAt = performance.now()
    const { manifest } = await collectSource(request)
    took.push(performance.now() - startedAt)
    if (manifest.files.length < FOLDERS * FILES_PER_FOLDER) throw new Error('files were left out')
  }
  return row(`hashing ${LARGE_SOURCE}, alone`, took)
}
