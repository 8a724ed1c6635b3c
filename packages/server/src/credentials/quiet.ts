/**
 * What a cloud answers may quote what it was sent, or hold what was asked for: of an error only its
 * name and code are kept (I9). For what is no JSON see io/json-in.ts.
 */
const NAME = /^[A-Za-z]{1,60}$/
const CODE = /^[A-Z0-9_]{1,40}$/

/** The cause of a Fault: what kind of error it was, without its words and without its stack. */
export function quiet(cause: unknown): Error {
  const name: unknown = Reflect.get(Object(cause), 'name')
  const code: unknown = Reflect.get(Object(cause), 'code')
  const words = [
    typeof name === 'string' && NAME.test(name) ? name : 'an error',
    typeof code === 'string' && CODE.test(code) ? code : '',
  ]
  return new Error(words.join(' ').trim())
}
