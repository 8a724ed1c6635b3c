/** What no committed file may say: where it was written, and by whose tools. */
import { lineAt, type Rule } from './source.ts'

/** In pieces, so that this file is not its own first offender. */
const FOLDERS = ['home', 'Users', 'work', 'farm'].join('|')
const MACHINE_PATH = new RegExp(`(?<![\\w.:~})-])/(?:${FOLDERS})/[\\w.-]+`)
const MAKERS = [
  ['cla', 'ude'],
  ['anth', 'ropic'],
  ['chat', 'gpt'],
].map((parts) => parts.join(''))

const isText = (path: string): boolean => !/\.(png|woff2?|ico|zip|gz)$/.test(path)

const noMachinePaths: Rule = {
  name: 'no path of somebody’s machine',
  applies: isText,
  find: ({ text }) => {
    const found = MACHINE_PATH.exec(text)
    if (found === null) return []
    const message = `${found[0]}: write it relative to the repository, or take it as an argument`
    return [{ line: lineAt(text, found.index), message }]
  },
  caught: { path: 'docs/a.md', text: `see /${'home'}/ada/holdpoint` },
}

const noMakers: Rule = {
  name: 'the project speaks of itself only',
  applies: isText,
  find: ({ text }) =>
    MAKERS.flatMap((word) => {
      const at = text.toLowerCase().indexOf(word)
      return at === -1 ? [] : [{ line: lineAt(text, at), message: `${word}: say it without` }]
    }),
  caught: { path: 'docs/a.md', text: `written with ${MAKERS[0]}` },
}

export const wordRules: readonly Rule[] = [noMachinePaths, noMakers]
