/**
 * The source of a plan (DESIGN §5): every file below the root module and its local modules,
 * installed modules, files that the configuration names elsewhere in the repository, and what the
 * plan file carries. Taken after planning, again right before apply, and once after. It must never
 * leave out a file because the repository's author asked for it.
 */
import { realpathSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { nodePrimitives } from '@holdpoint/api/node'
import { digestText, parseDigest, type SourceFile, type SourceManifest } from '@holdpoint/core'
import { asFault, hashFile, isMissing, readJsonIfThere } from '../../io/files.ts'
import { namedPaths } from './source-names.ts'
import { DATA_EXCLUDED, mentionsIn, SOURCE_BYTES_MAX, SOURCE_FILES_MAX } from './source-rules.ts'
import { type Found, isInside, Walk } from './source-walk.ts'

export interface SourceRequest {
  /** Absolute, without symbolic links. */
  readonly rootModule: string
  /** The tool's data folder: `.terraform`, or `TF_DATA_DIR` inside the root module. */
  readonly dataFolder: string
  /** The plan file of a pipeline and the state of a local backend: covered elsewhere. */
  readonly excluded: readonly string[]
  /** Members of the plan file. */
  readonly planFiles: readonly SourceFile[]
}

export interface Source {
  readonly manifest: SourceManifest
  readonly repository: string
  /** Sentences: paths that the configuration names and that no digest covers. */
  readonly warnings: readonly string[]
}

const MODULES_BYTES_MAX = 64 * 1024 * 1024
const CONFIGURATION = /\.(?:tf|tofu)(?:\.json)?$/
const HASHED_AT_ONCE = 16

/** Throws `SourceRefused`, and a `Fault` that names a file that cannot be read. */
export async function collectSource(request: SourceRequest): Promise<Source> {
  try {
    return await collect(request)
  } catch (cause) {
    throw asFault(cause)
  }
}

async function collect(request: SourceRequest): Promise<Source> {
  const modules = await moduleFolders(request)
  const repository = findRepository(request.rootModule, modules)
  const leftOut = DATA_EXCLUDED.map((name) => join(request.dataFolder, name))
  const texts: string[] = []
  const configuration = { mentions: (name: string) => mentionsIn(texts, name) }
  const { excluded } = request
  const limits = { filesMax: SOURCE_FILES_MAX, bytesMax: SOURCE_BYTES_MAX }
  const walk = new Walk({ repository, excluded, leftOut, configuration, ...limits })
  const folders = [request.rootModule, ...modules.filter((path) => isInside(path, repository))]
  texts.push(...(await configurationTexts(folders)).map((each) => each.text))
  for (const folder of folders) await walk.add(folder)
  const warnings = await addNamed(walk, { ...request, repository, modules: folders })
  const files = await hashAll(walk.found, repository)
  const outside = modules.filter((path) => !isInside(path, repository)).map(outsideWarning)
  return {
    manifest: { v: 1, files: [...files, ...request.planFiles] },
    repository,
    warnings: [...new Set([...outside, ...warnings])],
  }
}

/** Folders of modules as the tool recorded them at init, without the root module. */
async function moduleFolders(request: SourceRequest): Promise<readonly string[]> {
  const path = join(request.dataFolder, 'modules', 'modules.json')
  const document = await readJsonIfThere(path, MODULES_BYTES_MAX)
  const folders = listIn(document, 'Modules').flatMap((each) => {
    const folder = textIn(each, 'Dir')
    return folder === null ? [] : [resolve(request.rootModule, folder)]
  })
  return [...new Set(folders)].filter((each) => each !== request.rootModule)
}

function listIn(document: unknown, key: string): readonly unknown[] {
  if (typeof document !== 'object' || document === null) return []
  const list: unknown = Reflect.get(document, key)
  return Array.isArray(list) ? list : []
}

function textIn(document: unknown, key: string): string | null {
  if (typeof document !== 'object' || document === null) return null
  const text: unknown = Reflect.get(document, key)
  return typeof text === 'string' ? text : null
}

/** The nearest folder with `.git`, found without asking git: its hooks and settings do not run. */
export function findRepository(rootModule: string, modules: readonly string[]): string {
  for (let folder = rootModule; ; folder = dirname(folder)) {
    if (exists(join(folder, '.git'))) return folder
    if (folder === dirname(folder)) break
  }
  return modules.reduce(commonFolder, rootModule)
}

function exists(path: string): boolean {
  try {
    realpathSync(path)
    return true
  } catch (cause) {
    if (isMissing(cause)) return false
    throw cause
  }
}

function commonFolder(left: string, right: string): string {
  let folder = left
  while (!isInside(right, folder)) folder = dirname(folder)
  return folder
}

interface ConfigurationText {
  readonly path: string
  readonly text: string
}

/** Configuration directly in these folders: the tool reads no deeper either. */
async function configurationTexts(
  folders: readonly string[],
): Promise<readonly ConfigurationText[]> {
  const texts: ConfigurationText[] = []
  for (const folder of folders) {
    const names = await readdir(folder).catch((cause: unknown) => {
      if (isMissing(cause)) return []
      throw cause
    })
    for (const name of names.filter((each) => CONFIGURATION.test(each))) {
      const path = join(folder, name)
      texts.push({ path, text: withoutEscapes(await readFile(path, 'utf8')) })
    }
  }
  return texts
}

/** Both languages take `\\u002e` for a dot: what is looked for must not hide behind that. */
function withoutEscapes(text: string): string {
  return text.replaceAll(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (written, short, long) => {
    const point = Number.parseInt(short ?? long, 16)
    return point <= 0x10ffff ? String.fromCodePoint(point) : written
  })
}

interface NamedRequest extends SourceRequest {
  readonly repository: string
  readonly modules: readonly string[]
}

async function addNamed(walk: Walk, request: NamedRequest): Promise<readonly string[]> {
  const { rootModule, repository } = request
  const warnings: string[] = []
  for (const { path: file, text } of await configurationTexts(request.modules)) {
    const naming = { text, isJson: file.endsWith('.json'), moduleFolder: dirname(file), rootModule }
    for (const named of namedPaths(naming)) {
      const path = isAbsolute(named.path) ? resolve(named.path) : resolve(rootModule, named.path)
      if (named.path.startsWith('~') || !isInside(path, repository)) {
        if (named.path.startsWith('~') || exists(path)) warnings.push(outsideWarning(named.path))
      } else if (named.wholeFolder || (await isFile(path))) await walk.add(path)
    }
  }
  return warnings
}

/** Words that only look like paths are too long, or hold what no path can. */
async function isFile(path: string): Promise<boolean> {
  if (path.includes('\0')) return false
  try {
    return (await stat(path)).isFile()
  } catch (cause) {
    if (isMissing(cause) || Reflect.get(Object(cause), 'code') === 'ENAMETOOLONG') return false
    throw cause
  }
}

function outsideWarning(path: string): string {
  return `The configuration names ${path}, which lies outside the repository: no digest covers it`
}

async function hashAll(
  found: readonly Found[],
  repository: string,
): Promise<readonly SourceFile[]> {
  const files: SourceFile[] = []
  const queue = found.values()
  const work = async () => {
    for (const each of queue) files.push(await hashOne(each, repository))
  }
  await Promise.all(Array.from({ length: HASHED_AT_ONCE }, work))
  return files
}

async function hashOne(found: Found, repository: string): Promise<SourceFile> {
  const path = relative(repository, found.path).replaceAll(sep, '/')
  if (found.kind === 'mark')
    return { path, executable: false, sha256: digestText(nodePrimitives, found.mark) }
  const sha256 = parseDigest(await hashFile(found.path, found.stats.size))
  if (sha256 === null) throw new Error('a SHA-256 in hex must have 64 digits')
  return { path, executable: (found.stats.mode & 0o111) !== 0, sha256 }
}
