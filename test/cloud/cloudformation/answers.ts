/** Answers of the query protocol: XML with lists as `member`, errors as the service writes them. */

export type Tree =
  | string
  | number
  | boolean
  | readonly Tree[]
  | { readonly [name: string]: Tree | undefined }

/** The service says no: a code that clients match, and a sentence. */
export class Refused extends Error {
  readonly code: string
  readonly status: number

  constructor(code: string, message: string, status = 400) {
    super(message)
    this.code = code
    this.status = status
  }
}

export function answerOf(action: string, result: Tree): string {
  const body = `<${action}Result>${xml(result)}</${action}Result>`
  return `<${action}Response xmlns="${NAMESPACE}">${body}<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></${action}Response>`
}

export function errorOf({ code, message }: Refused): string {
  const error = { Type: 'Sender', Code: code, Message: message }
  return `<ErrorResponse xmlns="${NAMESPACE}"><Error>${xml(error)}</Error><RequestId>1</RequestId></ErrorResponse>`
}

const NAMESPACE = 'http://cloudformation.amazonaws.com/doc/2010-05-15/'

function xml(tree: Tree): string {
  if (typeof tree !== 'object') return escaped(String(tree))
  if (isList(tree)) return tree.map((item) => `<member>${xml(item)}</member>`).join('')
  const fields = Object.entries(tree)
  return fields
    .map(([name, child]) => (child === undefined ? '' : `<${name}>${xml(child)}</${name}>`))
    .join('')
}

function isList(tree: Tree): tree is readonly Tree[] {
  return Array.isArray(tree)
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** `Parameters.member.2.ParameterKey=x` and the like, as lists of records. */
export function listOf(
  form: URLSearchParams,
  name: string,
): readonly ReadonlyMap<string, string>[] {
  const items = new Map<number, Map<string, string>>()
  for (const [key, value] of form) {
    const found = new RegExp(`^${name}\\.member\\.(\\d+)(?:\\.(.+))?$`).exec(key)
    if (found === null) continue
    const index = Number(found[1])
    const item = items.get(index) ?? new Map<string, string>()
    item.set(found[2] ?? '', value)
    items.set(index, item)
  }
  return [...items.keys()].toSorted((a, b) => a - b).map((index) => items.get(index) ?? new Map())
}
