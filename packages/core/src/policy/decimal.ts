/**
 * Numbers as rules see them. Integers are BigInt, a decimal that a double prints back is a double,
 * and any other decimal keeps all its digits: it compares exactly and refuses arithmetic, so that
 * `22.00000000000000001` is never taken for 22.
 */

/** A number that is neither an integer of sensible size nor a double without loss. */
export class Decimal {
  readonly negative: boolean
  /** Without leading or trailing zeros. */
  readonly digits: string
  /** The value is `digits` times ten to this power. */
  readonly exponent: number
  constructor(parts: DecimalParts) {
    this.negative = parts.negative
    this.digits = parts.digits
    this.exponent = parts.exponent
  }
}

interface DecimalParts {
  readonly negative: boolean
  readonly digits: string
  readonly exponent: number
}

const INTEGER_DIGITS_MAX = 400
const SHAPE = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,15}))?$/

/** The number a JSON text means, or `null` when it is not one. */
export function readNumber(text: string): bigint | number | Decimal | null {
  const parts = partsOf(text)
  if (parts === null) return null
  const { negative, digits, exponent } = parts
  if (digits === '') return 0n
  if (exponent >= 0 && digits.length + exponent <= INTEGER_DIGITS_MAX) {
    const magnitude = BigInt(digits + '0'.repeat(exponent))
    return negative ? -magnitude : magnitude
  }
  const double = Number(text)
  const printed = Number.isFinite(double) ? partsOf(String(double)) : null
  return printed !== null && compareParts(printed, parts) === 0 ? double : new Decimal(parts)
}

/** Exact order of two numbers: negative, zero or positive; `null` when one is not a number. */
export function compareNumbers(left: unknown, right: unknown): number | null {
  if (isNative(left) && isNative(right)) return compareNative(left, right)
  const a = partsOfNumber(left)
  const b = partsOfNumber(right)
  return a === null || b === null ? null : compareParts(a, b)
}

function isNative(value: unknown): value is bigint | number {
  return typeof value === 'bigint' || typeof value === 'number'
}

// JavaScript compares a BigInt with a double exactly. Only NaN has no place in the order.
function compareNative(left: bigint | number, right: bigint | number): number | null {
  if (left < right) return -1
  if (left > right) return 1
  return Number.isNaN(Number(left)) || Number.isNaN(Number(right)) ? null : 0
}

function partsOfNumber(value: unknown): DecimalParts | null {
  if (value instanceof Decimal) return value
  return isNative(value) ? partsOf(String(value)) : null
}

function partsOf(text: string): DecimalParts | null {
  const match = SHAPE.exec(text)
  if (match === null) return null
  const [, sign = '', whole = '', fraction = '', power = '0'] = match
  const all = (whole + fraction).replace(/^0+/, '')
  const digits = withoutTrailingZeros(all)
  if (digits === '') return { negative: false, digits: '', exponent: 0 }
  const exponent = Number(power) - fraction.length + (all.length - digits.length)
  return { negative: sign === '-', digits, exponent }
}

// Not a regular expression: `/0+$/` takes quadratic time on a long run of zeros before a digit.
function withoutTrailingZeros(digits: string): string {
  let end = digits.length
  while (end > 0 && digits[end - 1] === '0') end -= 1
  return digits.slice(0, end)
}

function compareParts(left: DecimalParts, right: DecimalParts): number {
  const sign = signOf(left) - signOf(right)
  if (sign !== 0) return sign
  return left.negative ? compareMagnitudes(right, left) : compareMagnitudes(left, right)
}

function signOf(parts: DecimalParts): number {
  if (parts.digits === '') return 0
  return parts.negative ? -1 : 1
}

function compareMagnitudes(left: DecimalParts, right: DecimalParts): number {
  const order = left.digits.length + left.exponent - (right.digits.length + right.exponent)
  if (order !== 0) return order
  // Same power of ten in front, so the digits compare like text: no zeros lead.
  if (left.digits === right.digits) return 0
  return left.digits < right.digits ? -1 : 1
}
