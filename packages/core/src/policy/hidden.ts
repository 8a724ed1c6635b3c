/**
 * Hidden rules, as who has no right to read them is told of them: that there is one and what it
 * gives, never its name, its words or what it found. What cannot be cut apart is not shown.
 */
import { type Document, isMap, isScalar, isSeq, type Node, parseDocument, visit } from 'yaml'
import { type Evaluation, type Finding, HIDDEN_MESSAGE, HIDDEN_RULE } from '../verdict.ts'

/** The name of a finding's rule as it goes into the log, which more people read than the rule. */
export function loggedRule({ rule, hidden }: Finding): string {
  return hidden === true ? HIDDEN_RULE : rule
}

/** Who allowed, as it goes into the log. */
export function loggedAllower({ allowedBy, findings }: Pick<Evaluation, 'allowedBy' | 'findings'>) {
  const isHidden = findings.some(({ rule, hidden }) => rule === allowedBy && hidden === true)
  return isHidden ? HIDDEN_RULE : allowedBy
}

/** One finding for each outcome that hidden rules gave, however many they are. */
export function withoutHidden(findings: readonly Finding[]): readonly Finding[] {
  const outcomes = new Set(
    findings.flatMap(({ hidden, outcome }) => (hidden === true ? [outcome] : [])),
  )
  const instead = [...outcomes].map((outcome): Finding => {
    const told = { rule: HIDDEN_RULE, message: HIDDEN_MESSAGE, resources: [], error: null }
    return { ...told, outcome, hidden: true }
  })
  return [...findings.filter(({ hidden }) => hidden !== true), ...instead]
}

/**
 * The policy without its hidden rules, and without any comment once there is one: nobody knows which
 * rule a comment speaks of.
 */
export function policyWithoutHidden(text: string): string {
  const document = parseDocument(text, { uniqueKeys: true, version: '1.2', schema: 'core' })
  if (document.errors.length > 0) return '# This policy cannot be read, so it is not shown.\n'
  const rules = document.get('rules')
  if (!isSeq(rules)) return text
  const shown = rules.items.filter((item) => !isHidden(item))
  const count = rules.items.length - shown.length
  if (count === 0) return text
  rules.items = shown
  dropComments(document)
  const told = count === 1 ? '1 rule is' : `${count} rules are`
  return `# ${told} not shown to you, nor is any comment.\n${document.toString()}`
}

/** Whatever the value says: a word that was meant to hide does. */
function isHidden(item: unknown): boolean {
  return isMap(item) && item.items.some(({ key }) => (isScalar(key) ? key.value : key) === 'hidden')
}

function dropComments(document: Document): void {
  document.comment = null
  document.commentBefore = null
  const drop = (_key: unknown, node: Node): void => {
    node.comment = null
    node.commentBefore = null
  }
  visit(document, { Node: drop })
}
