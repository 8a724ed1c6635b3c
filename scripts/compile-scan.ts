/**
 * Compiles the scan that is written in AssemblyScript (packages/api/compiled/scan.ts) and writes its
 * code where it is read from. The code is kept beside the sources, because server and tests run from
 * those without a build; a test compiles it again and compares.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const SOURCES = new URL('../packages/api/compiled/', import.meta.url)
export const SCAN_CODE_FILE = fileURLToPath(
  new URL('../packages/api/src/scan-code.ts', import.meta.url),
)

/** The text of that file. Throws what the compiler says. */
export async function scanCodeText(): Promise<string> {
  const written: Uint8Array[] = []
  const words = [
    'scan.ts',
    '-O3',
    '--runtime',
    'stub',
    '--importMemory',
    '--noAssert',
    '--enable',
    'simd',
  ]
  const { error, stderr } = await asc.main([...words, '--outFile', 'scan.wasm'], {
    readFile: (name) => sourceOf(name),
    writeFile: (_name, contents) => {
      if (contents instanceof Uint8Array) written.push(contents)
    },
  })
  const [code] = written
  if (error !== null || code === undefined) throw new Error(stderr.toString())
  return `/** Compiled from ../compiled/scan.ts by \`node scripts/compile-scan.ts\`; never edited. */
export const SCAN_CODE =
  '${Buffer.from(code).toString('base64')}'
`
}

/** The compiler adds an ending to a name that has one already. */
async function sourceOf(name: string): Promise<string | null> {
  const file = new URL(name.replace(/\.ts\.ts$/, '.ts'), SOURCES)
  return await readFile(file, 'utf8').catch(() => null)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(SCAN_CODE_FILE, await scanCodeText())
}
