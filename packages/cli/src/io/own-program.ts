/** The program that runs now, as argv: for what has to start it again, on whatever Node this is. */
export function ownProgram(): readonly string[] {
  const [, script = ''] = process.argv
  return [process.execPath, script]
}
