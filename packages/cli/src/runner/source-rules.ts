/**
 * What never belongs to the source, and why: only what the tool itself writes, what is covered by
 * other parts of the fingerprint, and editor litter. An exclusion is a hole, so the list is fixed,
 * and a litter file that the configuration names is hashed all the same. `node_modules` and
 * `__pycache__` are hashed: provisioners run what lies there.
 */

/** Folders that are not entered, by name, wherever they are. */
const FOLDERS: readonly string[] = ['.git']

/** The tool's own state and locks: they change with every apply, and lineage is in the target. */
const STATE = /^(?:.*\.tfstate(?:\..*)?|\..*\.tfstate\.lock\.info)$/

/** Written by a crash, an operating system or an editor. */
const LITTER = /^(?:crash(?:\..*)?\.log|\.DS_Store|Thumbs\.db|\..*\.sw[a-p]|\.#.*|.*~)$/

export function isFolderExcluded(name: string): boolean {
  return FOLDERS.includes(name)
}

export interface NamedInText {
  /** Whether the configuration mentions a file of this name. */
  readonly mentions: (name: string) => boolean
}

export function isFileExcluded(name: string, configuration: NamedInText): boolean {
  if (STATE.test(name)) return true
  return LITTER.test(name) && !configuration.mentions(name)
}

/** Below the tool's data folder: providers are bound by the lock file, the rest by the target. */
export const DATA_EXCLUDED: readonly string[] = ['providers', 'plugins', 'environment']

export const SOURCE_FILES_MAX = 50_000
export const SOURCE_BYTES_MAX = 2 * 1024 * 1024 * 1024
