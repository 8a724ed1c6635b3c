/**
 * Which files configuration text names: literal paths in `file()` and its kin, in `working_dir`,
 * `source_dir`, and anywhere in a string that points above the folder. The tool reads these at
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

const STRING = /"((?:[^"\\\n]|\\.)*)"/g
const FOLDER_BEFORE = /\b(?:fileset\s*\(|working_dir"?\s*[=:]|source_dir"?\s*[=:])\s*$/
const READER_BEFORE =
  /\b(?:file|templatefile|filebase64|filemd5|filesha1|filesha256|filesha512|filebase64sha256|filebase64sha512|fileexists)\s*\(\s*$/

export function namedPaths(source: NamingText): readonly NamedPath[] {
  const text = source.isJson ? source.text.replaceAll('\\"', '"') : source.text
  const found: NamedPath[] = []
  for (const match of text.matchAll(STRING)) {
    const before = text.slice(Math.max(0, match.index - 60), match.index)
    found.push(...namedIn(match[1] ?? '', before, source))
  }
  return found
}

function namedIn(content: string, before: string, source: NamingText): readonly NamedPath[] {
  const wholeFolder = FOLDER_BEFORE.test(before)
  if (wholeFolder || READER_BEFORE.test(before)) {
    const path = resolved(content, source)
    return path === null ? [] : [{ path, wholeFolder }]
  }
  const words = content.split(/[\s'"`;|&<>()=,]+/)
  const paths = words.filter(pointsAbove).map((word) => resolved(word, source))
  return paths.flatMap((path) => (path === null ? [] : [{ path, wholeFolder: false }]))
}

function pointsAbove(word: string): boolean {
  return word.startsWith('../') || word.includes('/../') || /\$\{\s*path\./.test(word)
}

/** `null` when the path is computed from anything but the folders we know. */
function resolved(text: string, source: NamingText): string | null {
  const path = text.replaceAll(/\$\{\s*path\.(module|root|cwd)\s*\}/g, (_, which) =>
    which === 'module' ? source.moduleFolder : source.rootModule,
  )
  return path === '' || /[$%]\{/.test(path) ? null : path
}
