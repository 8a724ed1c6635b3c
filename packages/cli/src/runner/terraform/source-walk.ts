/**
 * Walks folders and lists the files that count. Symbolic links are followed and must end inside the
 * repository: what lies outside cannot be shown to the people who approve. Order says nothing.
 */
import type { Stats } from 'node:fs'
import { lstat, readdir, readlink, realpath, stat } from 'node:fs/promises'
import { basename, join, sep } from 'node:path'
import { isMissing } from '../../io/files.ts'
import { JobRefused } from '../tool.ts'
import { isFileExcluded, isFolderExcluded, type NamedInText } from './source-rules.ts'

/** A regular file, or the text that stands for what is none (a broken link, a pipe). */
export type Found =
  | { readonly kind: 'file'; readonly path: string; readonly stats: Stats }
  | { readonly kind: 'mark'; readonly path: string; readonly mark: string }

export interface WalkRules {
  readonly repository: string
  /** Absolute paths that do not count, with everything below. */
  readonly excluded: readonly string[]
  /** The same, unless the configuration names the path itself. */
  readonly leftOut: readonly string[]
  readonly configuration: NamedInText
  readonly filesMax: number
  readonly bytesMax: number
}

/** The source cannot be listed: a sentence for the person, exit 2. */
export class SourceRefused extends JobRefused {
  override readonly name = 'SourceRefused'
}

export class Walk {
  readonly #rules: WalkRules
  readonly #found = new Map<string, Found>()
  #bytes = 0

  constructor(rules: WalkRules) {
    this.#rules = rules
  }

  get found(): readonly Found[] {
    return [...this.#found.values()]
  }

  has(path: string): boolean {
    return this.#found.has(path)
  }

  /**
   * Lists a file or everything below a folder that the configuration names, whatever it is called;
   * nothing when there is no such path.
   */
  async add(path: string): Promise<void> {
    await this.#visit(path, [])
  }

  async #visit(path: string, ancestors: readonly string[]): Promise<void> {
    const { excluded, leftOut } = this.#rules
    if (excluded.includes(path) || (ancestors.length > 0 && leftOut.includes(path))) return
    const name = basename(path)
    if (name.includes('\ufffd')) throw new SourceRefused(`${path} has a name that is not UTF-8`)
    const link = await statOrNull(path, lstat)
    if (link === null) return
    if (link.isSymbolicLink()) await this.#visitLink(path, ancestors)
    else await this.#visitPlain(path, link, ancestors)
  }

  async #visitLink(path: string, ancestors: readonly string[]): Promise<void> {
    const stats = await statOrNull(path, stat)
    const text = await readlink(path)
    if (stats === null) return this.#mark(path, `link to nothing: ${text}`)
    const end = await realpath(path)
    if (!isInside(end, this.#rules.repository))
      throw new SourceRefused(
        `${path} is a link that ends outside the repository, at ${end}; move what it needs inside`,
      )
    if (ancestors.includes(end)) return this.#mark(path, `link to a folder above: ${text}`)
    await this.#visitPlain(path, stats, ancestors)
  }

  async #visitPlain(path: string, stats: Stats, ancestors: readonly string[]): Promise<void> {
    const name = basename(path)
    const isNamed = ancestors.length === 0
    if (stats.isDirectory()) {
      if (isNamed || !isFolderExcluded(name)) await this.#visitFolder(path, ancestors)
    } else if (stats.isFile()) {
      if (isNamed || !isFileExcluded(name, this.#rules.configuration)) this.#keep(path, stats)
    } else this.#mark(path, 'neither file nor folder')
  }

  async #visitFolder(path: string, ancestors: readonly string[]): Promise<void> {
    const inside = [...ancestors, await realpath(path)]
    for (const name of await readdir(path)) await this.#visit(join(path, name), inside)
  }

  #keep(path: string, stats: Stats): void {
    if (this.#found.has(path)) return
    this.#found.set(path, { kind: 'file', path, stats })
    this.#bytes += stats.size
    this.#checkLimits()
  }

  #mark(path: string, mark: string): void {
    this.#found.set(path, { kind: 'mark', path, mark })
    this.#checkLimits()
  }

  #checkLimits(): void {
    const { filesMax, bytesMax } = this.#rules
    const tooMany = this.#found.size > filesMax
    if (!tooMany && this.#bytes <= bytesMax) return
    const what = tooMany ? `more than ${filesMax} files` : `more than ${bytesMax} bytes`
    throw new SourceRefused(
      `The root module and its modules hold ${what}; move what the configuration does not need ` +
        'out of the folder, or plan in a smaller root module',
    )
  }
}

export function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === sep ? sep : folder + sep)
}

async function statOrNull(
  path: string,
  how: (path: string) => Promise<Stats>,
): Promise<Stats | null> {
  try {
    return await how(path)
  } catch (cause) {
    if (isMissing(cause) || isLoop(cause)) return null
    throw cause
  }
}

function isLoop(cause: unknown): boolean {
  return typeof cause === 'object' && cause !== null && Reflect.get(cause, 'code') === 'ELOOP'
}
