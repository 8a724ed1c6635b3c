/**
 * Shapes: what a document from outside must look like, as a check and as a JSON Schema from one
 * definition. For entries and bundles, which a verifier reads from strangers: a shape answers yes
 * or no, never throws, and never lets an unknown field pass.
 */
import { hasHalfPair } from './canonical.ts'
import type { Json, JsonMap } from './value.ts'

export interface Shape<T> {
  readonly is: (value: unknown) => value is T
  readonly schema: JsonMap
}

export type Of<S> = S extends Shape<infer T> ? T : never

/** Half a surrogate pair is no text: it has no canonical form. */
export function text(max: number, pattern?: RegExp): Shape<string> {
  return {
    is: (value): value is string =>
      isText(value) && value.length <= max && (pattern?.test(value) ?? true),
    schema: {
      type: 'string',
      maxLength: max,
      ...(pattern === undefined ? {} : { pattern: pattern.source }),
    },
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && !hasHalfPair(value)
}

/** A whole number a double holds exactly, zero or more unless bounds are given. */
export function whole(min = 0, max = Number.MAX_SAFE_INTEGER): Shape<number> {
  return {
    is: (value): value is number =>
      Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max,
    schema: { type: 'integer', minimum: min, maximum: max },
  }
}

export const flag: Shape<boolean> = {
  is: (value) => typeof value === 'boolean',
  schema: { type: 'boolean' },
}

export const nothing: Shape<null> = { is: (value) => value === null, schema: { type: 'null' } }

export function oneOf<const V extends readonly (string | number)[]>(values: V): Shape<V[number]> {
  return {
    is: (value): value is V[number] => values.some((each) => each === value),
    schema: { enum: [...values] },
  }
}

/** A string that a core parser accepts and brands. */
export function branded<T extends string>(
  parse: (text: string) => T | null,
  example: string,
): Shape<T> {
  return {
    is: (value): value is T => typeof value === 'string' && parse(value) !== null,
    schema: { type: 'string', description: example },
  }
}

export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return {
    is: (value): value is T | null => value === null || shape.is(value),
    schema: { anyOf: [shape.schema, { type: 'null' }] },
  }
}

export function either<A, B>(one: Shape<A>, other: Shape<B>): Shape<A | B> {
  return {
    is: (value): value is A | B => one.is(value) || other.is(value),
    schema: { anyOf: [one.schema, other.schema] },
  }
}

export function list<T>(item: Shape<T>): Shape<readonly T[]> {
  return {
    is: (value): value is readonly T[] => Array.isArray(value) && value.every(item.is),
    schema: { type: 'array', items: item.schema },
  }
}

export const textMap: Shape<{ readonly [key: string]: string }> = {
  is: (value): value is { readonly [key: string]: string } =>
    isMap(value) && Object.entries(value).flat().every(isText),
  schema: { type: 'object', additionalProperties: { type: 'string' } },
}

/** A field that may be absent: one that entries of an earlier version do not have. Never `null`. */
export interface OptionalShape<T> extends Shape<T> {
  readonly mayBeAbsent: true
}

export function optional<T>(shape: Shape<T>): OptionalShape<T> {
  return { ...shape, mayBeAbsent: true }
}

function mayBeAbsent(shape: Shape<unknown>): boolean {
  return 'mayBeAbsent' in shape
}

type Fields = { readonly [key: string]: Shape<unknown> }
type FieldsOf<F extends Fields> = {
  readonly [K in keyof F as F[K] extends OptionalShape<unknown> ? never : K]: Of<F[K]>
} & {
  readonly [K in keyof F as F[K] extends OptionalShape<unknown> ? K : never]?: Of<F[K]>
}

/** An object with exactly these fields. */
export function fields<F extends Fields>(shapes: F): Shape<FieldsOf<F>> {
  const entries = Object.entries<Shape<unknown>>(shapes)
  const needed = entries.filter(([, shape]) => !mayBeAbsent(shape)).map(([name]) => name)
  return {
    is: (value): value is FieldsOf<F> =>
      isMap(value) &&
      needed.every((name) => Object.hasOwn(value, name)) &&
      Object.keys(value).every(
        (name) => Object.hasOwn(shapes, name) && shapes[name]?.is(value[name]) === true,
      ),
    schema: {
      type: 'object',
      properties: Object.fromEntries(entries.map(([name, shape]) => [name, shape.schema])),
      required: needed,
      additionalProperties: false,
    },
  }
}

/** One of several objects, told apart by their `type`. */
export function byType<M extends { readonly [type: string]: Fields }>(
  members: M,
): Shape<{ [T in keyof M & string]: { readonly type: T } & FieldsOf<M[T]> }[keyof M & string]> {
  const shapes = new Map(
    Object.entries<Fields>(members).map(([type, shape]) => [
      type,
      fields({ ...shape, type: oneOf([type]) }),
    ]),
  )
  type Union = { [T in keyof M & string]: { readonly type: T } & FieldsOf<M[T]> }[keyof M & string]
  return {
    is: (value): value is Union =>
      isMap(value) &&
      typeof value['type'] === 'string' &&
      (shapes.get(value['type'])?.is(value) ?? false),
    schema: { oneOf: [...shapes.values()].map((shape): Json => shape.schema) },
  }
}

export function isMap(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
