/**
 * Builds what runs as files: the CLI's bundle with its lazily loaded chunks, and the page. The
 * server runs from its sources and is never bundled: the CLI finds it by name when it is asked for.
 */
import { spawnSync } from 'node:child_process'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { build as rolldown } from 'rolldown'

const root = new URL('..', import.meta.url)
const path = (name: string): string => fileURLToPath(new URL(name, root))

/** Beside `.tsbuildinfo`, which is not ours to remove. */
const CLI_PARTS = ['holdpoint.js', 'chunks', '.compiled']

async function buildCli(): Promise<void> {
  for (const part of CLI_PARTS) {
    await rm(path(`packages/cli/dist/${part}`), { recursive: true, force: true })
  }
  await rolldown({
    input: { holdpoint: path('packages/cli/src/main.ts') },
    platform: 'node',
    // The version becomes part of who prints it: one file less to load.
    optimization: { inlineConst: { mode: 'all', pass: 1 } },
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

function buildWeb(): void {
  const vite = fileURLToPath(new URL('node_modules/vite/bin/vite.js', root))
  const done = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: path('packages/web'),
    stdio: 'inherit',
  })
  if (done.status !== 0) throw new Error('the page could not be built')
}

/** Beside each file its smaller forms, which the server sends to whoever takes them. */
async function compress(): Promise<void> {
  const folder = path('packages/web/dist/assets/')
  const names = await readdir(folder)
  for (const name of names.filter((each) => /\.(?:js|css|svg)$/.test(each))) {
    const bytes = await readFile(folder + name)
    await writeFile(`${folder + name}.br`, brotliCompressSync(bytes))
    await writeFile(`${folder + name}.gz`, gzipSync(bytes, { level: 9 }))
  }
}

const only = process.argv[2]
if (only !== 'web') await buildCli()
if (only !== 'cli') {
  buildWeb()
  await compress()
}
process.stdout.write('built\n')
