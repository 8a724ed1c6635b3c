/**
 * Every command, once: help, parsing and docs/reference/cli.md come from here. Commands are loaded
 * when they are called, so the table itself must import nothing that takes time to load.
 */
import { accessRows } from './access-table.ts'
import { grantRows } from './grant-table.ts'
import { type CommandRow, type FlagRow, toggle, value, values } from './row.ts'
import { toolRows } from './tool-table.ts'

const NO_WAIT = toggle('no-wait', 'End with 75 when the change is held')
const WORDS: FlagRow = {
  ...value('words', 'text', 'Why, in your own words; shown in quotation marks'),
  short: 'm',
}
const AGENT = toggle('agent', 'An agent asks, not a person; needs --words; shown on the change')
const AGENT_NAME = value('agent-name', 'name', 'What the agent calls itself; means --agent')
const AGENT_NAME_FIXED = value('agent-name', 'name', 'What it is called; else as its client says')
const TOOL = value('tool', 'terraform|tofu', 'The tool to run')
const POLICY = value('policy', 'file', 'The policy to evaluate with; always needed')
const REASON = value('reason', 'text', 'Why; everyone who sees the change reads it')
const REASON_NEEDED = value('reason', 'text', 'Why, always needed; everyone who sees it reads it')
const YES = toggle('yes', 'Do not ask; for scripts')
const CONFIG = value('config', 'file', 'Configuration file (YAML)')
const FULL = toggle('full', 'Show every resource and every attribute')
const PATTERNS = value(
  'redact-patterns',
  'file',
  'Hide more, by patterns of your own (YAML); else HOLDPOINT_REDACT_PATTERNS',
)
/** Of every run that waits and executes. */
const RUN: readonly FlagRow[] = [
  NO_WAIT,
  value('on-interrupt', 'withdraw|leave', 'What Ctrl-C does while waiting; else it asks'),
  WORDS,
  AGENT,
  AGENT_NAME,
  FULL,
  PATTERNS,
]
const DATA = value('data', 'folder', 'Folder for data and keys')

const planRows: readonly CommandRow[] = [
  {
    path: ['inspect'],
    takes: '<file|->',
    says: 'Say what a plan would do, without a server',
    flags: [
      FULL,
      toggle('markdown', 'Print a comment for a pull request; it always fits one'),
      toggle('html', 'Print a page that needs no server and no script to be read'),
      PATTERNS,
    ],
    handsOn: false,
    load: () => import('./inspect.ts'),
  },
  {
    path: ['evaluate'],
    takes: '<file|->',
    says: 'Hold a plan against a policy, without a server: 0 allow, 1 deny, 75 hold',
    flags: [
      POLICY,
      FULL,
      values('label', 'key=value', 'A label the workspace would have'),
      value('at', 'time', 'When it would be evaluated (ISO 8601); else now'),
      PATTERNS,
    ],
    handsOn: false,
    load: () => import('./evaluate.ts'),
  },
  {
    path: ['apply'],
    takes: '',
    says: 'Plan, wait for what the rules ask, and apply exactly that plan',
    flags: [TOOL, ...RUN],
    handsOn: true,
    load: () => import('./apply.ts'),
  },
  {
    path: ['gate'],
    takes: '<plan>',
    says: 'For pipelines that apply themselves: 0 when this very plan file may be applied once',
    flags: [
      NO_WAIT,
      value('tool', 'terraform|tofu', 'The tool that wrote the plan'),
      WORDS,
      AGENT,
      AGENT_NAME,
      FULL,
      PATTERNS,
    ],
    handsOn: false,
    load: () => import('./gate.ts'),
  },
  {
    path: ['gate', 'finish'],
    takes: '[<plan>]',
    says: 'Record how the apply that gate let through has ended',
    flags: [
      value('exit-code', 'number', 'The tool’s exit code'),
      value('tool', 'terraform|tofu', 'The tool that applied'),
    ],
    handsOn: false,
    load: () => import('./gate-finish.ts'),
  },
]

const peopleRows: readonly CommandRow[] = [
  {
    path: ['inbox'],
    takes: '',
    says: 'What needs you, what waits for others, what is yours',
    flags: [],
    handsOn: false,
    load: () => import('./inbox.ts'),
  },
  {
    path: ['show'],
    takes: '<change>',
    says: 'One change: what it does, why it is held, who is needed',
    flags: [FULL],
    handsOn: false,
    load: () => import('./show.ts'),
  },
  {
    path: ['approve'],
    takes: '<change>',
    says: 'Approve exactly what is shown',
    flags: [REASON, YES, toggle('full', 'Always so: what is approved is shown whole')],
    handsOn: false,
    load: () => import('./approve.ts'),
  },
  {
    path: ['reject'],
    takes: '<change>',
    says: 'Reject, with a reason',
    flags: [REASON, YES, FULL],
    handsOn: false,
    load: () => import('./reject.ts'),
  },
  {
    path: ['take-back'],
    takes: '<change>',
    says: 'Take your own approval back, until it starts',
    flags: [],
    handsOn: false,
    load: () => import('./take-back.ts'),
  },
  {
    path: ['break-glass'],
    takes: '<change>',
    says: 'In an emergency: whom it passes by, and the page where a listed person does it',
    flags: [],
    handsOn: false,
    load: () => import('./break-glass.ts'),
  },
  {
    path: ['review-glass'],
    takes: '<change> <justified|not-justified>',
    says: 'Say whether broken glass was justified; never who broke it',
    flags: [REASON_NEEDED],
    handsOn: false,
    load: () => import('./review-glass.ts'),
  },
  {
    path: ['withdraw'],
    takes: '<change>',
    says: 'Withdraw a change you opened',
    flags: [],
    handsOn: false,
    load: () => import('./withdraw.ts'),
  },
  {
    path: ['resolve'],
    takes: '<change> <applied|not-applied|in-part>',
    says: 'Say what became of a change whose outcome is unknown',
    flags: [REASON_NEEDED],
    handsOn: false,
    load: () => import('./resolve.ts'),
  },
  {
    path: ['login'],
    takes: '',
    says: 'Connect this terminal to you; it opens and watches, and never decides',
    flags: [],
    handsOn: false,
    load: () => import('./login.ts'),
  },
  {
    path: ['logout'],
    takes: '',
    says: 'End what holdpoint login connected',
    flags: [],
    handsOn: false,
    load: () => import('./logout.ts'),
  },
  {
    path: ['whoami'],
    takes: '',
    says: 'Who the server takes you for, and what you may do',
    flags: [],
    handsOn: false,
    load: () => import('./whoami.ts'),
  },
]

const policyRows: readonly CommandRow[] = [
  {
    path: ['policy', 'check'],
    takes: '<file>',
    says: 'Read a policy and name every problem, without a server',
    flags: [
      toggle('with-server', 'Also name teams, people and workspaces that the server does not know'),
    ],
    handsOn: false,
    load: () => import('./policy-check.ts'),
  },
  {
    path: ['policy', 'push'],
    takes: '<file>',
    says: 'Make a policy the next revision',
    flags: [value('based-on', 'revision', 'The revision it was made from; else the one in force')],
    handsOn: false,
    load: () => import('./policy-push.ts'),
  },
]

const auditRows: readonly CommandRow[] = [
  {
    path: ['audit', 'export'],
    takes: '',
    says: 'Write the evidence bundle, which verifies without a server',
    flags: [
      { ...value('output', 'file', 'Where to write it; else standard output'), short: 'o' },
      value('change', 'change', 'Only what concerns one change'),
    ],
    handsOn: false,
    load: () => import('./audit-export.ts'),
  },
  {
    path: ['audit', 'verify'],
    takes: '<bundle>',
    says: 'Check a bundle without a server, and say what rests on what',
    flags: [
      value('key', 'vkey', 'The log’s verifier key, from a source you trust'),
      value('people', 'pins.json', 'Passkeys of people, as they gave them to you themselves'),
    ],
    handsOn: false,
    load: () => import('./audit-verify.ts'),
  },
]

const agentRows: readonly CommandRow[] = [
  {
    path: ['mcp'],
    takes: '',
    says: 'For agents: a Model Context Protocol server on standard input and output; never decides',
    flags: [AGENT_NAME_FIXED, TOOL, PATTERNS],
    handsOn: false,
    load: () => import('./mcp.ts'),
  },
]

const operatorRows: readonly CommandRow[] = [
  {
    path: ['server'],
    takes: '',
    says: 'Run the server; production unless told otherwise',
    flags: [
      value('mode', 'production|development', 'Development: loopback only, named people'),
      DATA,
      value('database-url', 'reference', 'PostgreSQL by file:… or env:…; else embedded'),
      value('listen', 'host:port', 'Where to listen; else 127.0.0.1:7480'),
      CONFIG,
      value('public-url', 'url', 'The address that people and runners use'),
    ],
    handsOn: false,
    load: () => import('./server.ts'),
  },
  {
    path: ['doctor'],
    takes: '',
    says: 'Whether the server is in order, and what to do where it is not; 1 when broken',
    flags: [toggle('cloud', 'Also try the trust of every connection, with right and wrong tokens')],
    handsOn: false,
    load: () => import('./doctor.ts'),
  },
  ...grantRows,
  {
    path: ['recover'],
    takes: '',
    says: 'After a loss: start again from what can be proven',
    flags: [
      value('from', 'bundle', 'Bring the lost entries back from an export'),
      toggle('new-log', 'Nothing brings them back: go on under a new name that says so'),
      value('mode', 'production|development', 'As the server was run'),
      value('database-url', 'reference', 'PostgreSQL by file:… or env:…; else embedded'),
      CONFIG,
      DATA,
      YES,
    ],
    handsOn: false,
    load: () => import('./recover.ts'),
  },
  {
    path: ['config', 'check'],
    takes: '',
    says: 'Read the configuration as the server does, and name every problem',
    flags: [CONFIG, DATA],
    handsOn: false,
    load: () => import('./config-check.ts'),
  },
  {
    path: ['demo'],
    takes: '',
    says: 'The whole story on this machine, in a minute',
    flags: [
      toggle('auto', 'Development people approve; else it waits for your click on a terminal'),
      toggle('recorded', 'Used by the demo itself where the machine has no Terraform'),
    ],
    handsOn: true,
    load: () => import('./demo.ts'),
  },
]

export const commandRows: readonly CommandRow[] = [
  ...planRows,
  ...toolRows(RUN),
  ...agentRows,
  ...peopleRows,
  ...policyRows,
  ...accessRows,
  ...auditRows,
  ...operatorRows,
]
