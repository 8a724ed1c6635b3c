/**
 * Builds what runs as files: the CLI's bundle with its lazily loaded chunks, and the page. The
 * server runs from its sources and is never bundled: the CLI finds it by name when it is asked for.
 */
import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build as rolldown } from 'rolldown'
import { build as vite } from 'vite'

const root = new URL('..', import.meta.url)
const path = (name: string): string => fileURLToPath(new URL(name, root))

/** Beside `.tsbuildinfo`, which is not ours to remove. */
const CLI_PARTS = ['holdpoint.js', 'chunks', '.compiled']

export async function buildCli(): Promise<void> {
  for (const part of CLI_PARTS) {
    await rm(path(`packages/cli/dist/${part}`), { recursive: true, force: true })
  }
  await rolldown({
    input: { holdpoint: path('packages/cli/src/main.ts') },
    platform: 'node',
    external: [/^@holdpoint\/server(\/|$)/],
    logLevel: 'warn',
    // Core has no side effects: what a command does not use is not in its chunk.
    treeshake: { moduleSideEffects: [{ test: /packages\/core\/src\//, sideEffects: false }] },
    output: {
      dir: path('packages/cli/dist'),
      format: 'esm',
      minify: true,
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/[name]-[hash].js',
    },
  })
}

export async function buildWeb(): Promise<void> {
  const folder = path('packages/web')
  await vite({ root: folder, configFile: `${folder}/vite.config.ts`, logLevel: 'warn' })
}

if (import.meta.main) {
  const only = process.argv[2]
  if (only !== 'web') await buildCli()
  if (only !== 'cli') await buildWeb()
  process.stdout.write('built\n')
}
