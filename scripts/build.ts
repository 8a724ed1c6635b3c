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
      // What every command starts with, and what reads a plan, are one file each: thirty small ones
      // would cost as much as starting Node.
      codeSplitting: {
        groups: [
          { name: 'dispatch', test: /cli[\\/]src[\\/]commands[\\/]dispatch\.ts$/, priority: 2 },
          { name: 'inspect', test: /cli[\\/]src[\\/]commands[\\/]inspect\.ts$/, priority: 1 },
        ],
      },
    },
  })
  await loadAtOnce(path('packages/cli/dist/'))
}

/**
 * Where a chunk only passes another's function on, whoever loads it loads the other: a file less to
 * find, read and link at the start of each command.
 */
async function loadAtOnce(folder: string): Promise<void> {
  const names = await readdir(folder, { recursive: true })
  const texts = new Map<string, string>()
  for (const name of names.filter((each) => each.endsWith('.js'))) {
    texts.set(name, await readFile(folder + name, 'utf8'))
  }
  for (const [name, text] of texts) {
    const passed = /^export\{(\w+) as (\w+)\}from"\.\/([\w-]+\.js)";\n?$/.exec(text)
    if (passed === null) continue
    const [, inner, outer, target] = passed
    const file = name.replace('chunks/', '')
    for (const [other, before] of texts) {
      const after = before.replaceAll(
        /import\(`(\.\/(?:chunks\/)?)([\w-]+\.js)`\)/g,
        (load, at, loaded) =>
          loaded === file ? `import(\`${at}${target}\`).then(e=>({${outer}:e.${inner}}))` : load,
      )
      if (after === before) continue
      texts.set(other, after)
      await writeFile(folder + other, after)
    }
    await rm(folder + name)
  }
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
