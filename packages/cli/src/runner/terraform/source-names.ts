/**
 * Which files configuration text names: literal paths in `file()` and its kin, in `working_dir`,
 * `source_dir`, and every word that has a slash and is a file. The tool reads these at
 * apply, so they belong to the source. Reads text, evaluates nothing; a computed path is not seen.
 */

export interface NamedPath {
  /** As written, with `${path.module}` and `${path.root}` resolved; relative to the root module. */
  readonly path: string
  /** Everything below counts, not only a file of that name. */
  readonly wholeFolder: boolean
}

export interface NamingText {
  readonly text: string
  /** `.tf.json` escapes the quotes of its expressions. */
  readonly isJson: boolean
  /** What `${path.module}` means there: absolute. */
  readonly moduleFolder: string
  readonly rootModule: string
}

const FOLDERS =
  /\b(?:fileset\s*\(|working_dir"?\s*[=:]|source_dir"?\s*[=:])\s*"((?:[^"\\\n]|\\.)*)"/g
const READERS =
  /\b(?:file|templatefile|filebase64|filemd5|filesha1|filesha256|filesha512|filebase64sha256|filebase64sha512|fileexists)\s*\(\s*"((?:[^"\\\n]|\\.)*)"/g

/** Quotes are not paired, because comments and nested templates break pairs: words are looked at. */
export function namedPaths(source: NamingText): readonly NamedPath[] {
  const text = source.isJson ? source.text.replaceAll('\\"', '"') : source.text
  const folders = [...text.matchAll(FOLDERS)].map((match) => match[1] ?? '')
  const files = [...text.matchAll(READERS)].map((match) => match[1] ?? '')
  const words = [...new Set(text.split(/[\s'"`;|&<>()=,]+/))].filter(isPath)
  const named = (wholeFolder: boolean) => (written: string) => {
    const path = resolved(written, source)
    return path === null ? [] : [{ path, wholeFolder }]
  }
  return [...folders.flatMap(named(true)), ...[...files, ...words].flatMap(named(false))]
}

/** Above the folder, or in a part of it that is left out where nothing names it. */
function isPath(word: string): boolean {
  return /\$\{\s*path\./.test(word) || word.includes('/../') || /^[^/~].*\//.test(word)
}

/** `null` when the path is computed from anything but the folders we know. */
function resolved(text: string, source: NamingText): string | null {
  const path = text.replaceAll(/\$\{\s*path\.(module|root|cwd)\s*\}/g, (_, which) =>
    which === 'module' ? source.moduleFolder : source.rootModule,
  )
  return path === '' || /[$%]\{/.test(path) ? null : path
}
