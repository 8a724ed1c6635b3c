/**
 * What never belongs to the source, and why: only what the tool itself writes, what is covered by
 * other parts of the fingerprint, and editor litter. An exclusion is a hole, so the list is fixed,
 * what the configuration names counts wherever it lies, and litter counts where programs could run
 * it. State is left out by its exact path (facts.ts), never by its name. `node_modules` and
 * `__pycache__` are hashed: provisioners run what lies there.
 */

/** Folders that are not entered, by name, wherever they are. */
const FOLDERS: readonly string[] = ['.git']

/** Written by an operating system or an editor. */
const LITTER = /^(?:\.DS_Store|Thumbs\.db|\..*\.sw[a-p]|.*~)$/

/** Programs find files by patterns, and a computed path may be any: then no name tells. */
const RUNS_OR_COMPUTES =
  /\b(?:provisioner|external)\b|\b(?:file\w*|templatefile)\s*\(\s*(?!\s|"[^"$%]*")/

export function isFolderExcluded(name: string): boolean {
  return FOLDERS.includes(name)
}

export interface NamedInText {
  /** Whether the configuration could read or run a file of this name. */
  readonly mentions: (name: string) => boolean
}

export function mentionsIn(texts: readonly string[], name: string): boolean {
  return texts.some((text) => text.includes(name) || RUNS_OR_COMPUTES.test(text))
}

export function isFileExcluded(name: string, configuration: NamedInText): boolean {
  return LITTER.test(name) && !configuration.mentions(name)
}

/** Below the tool's data folder: providers are bound by the lock file, the rest by the target. */
export const DATA_EXCLUDED: readonly string[] = [
  'providers',
  'plugins',
  'environment',
  'terraform.tfstate',
]

export const SOURCE_FILES_MAX = 50_000
export const SOURCE_BYTES_MAX = 2 * 1024 * 1024 * 1024
