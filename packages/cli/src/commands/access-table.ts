/** The rows of `holdpoint access …`: each is one access command of the wire, in people's words. */
import { type CommandRow, type FlagRow, toggle, value, values } from './row.ts'

/** The usage without `access`: words first, then the places. */
function row(usage: string, says: string, flags: readonly FlagRow[] = []): CommandRow {
  const words = usage.split(' ')
  const at = words.findIndex((word) => word.includes('<'))
  const path = at === -1 ? words : words.slice(0, at)
  return {
    path: ['access', ...path],
    takes: words.slice(path.length).join(' '),
    says,
    flags,
    handsOn: false,
    load: () => import('./access.ts'),
  }
}

const personRows: readonly CommandRow[] = [
  row('person add <person>', 'Add somebody who can sign in and decide', [
    value('name', 'full name', 'The name people know them by'),
    values('address', 'email', 'Addresses they commit with; a claim that only excludes'),
  ]),
  row('person remove <person>', 'Remove somebody; their open decisions stop counting'),
  row('person break-glass <person> <on|off>', 'Put somebody on the list that may break the glass'),
  row('person link <person> <subject>', 'Let who is here sign in with an identity provider', [
    value('issuer', 'url', 'The provider: the issuer of oidc'),
  ]),
  row(
    'person account <person> <id> <on|off>',
    'Say whose account on a pipeline’s platform it is; what it sets off, they never decide',
    [value('issuer', 'url', 'The platform: the issuer of a workload')],
  ),
  row('team add <team> <person...>', 'Put people into a team, which is made by its first'),
  row('team remove <team> <person...>', 'Take people out of a team'),
  row('team link <team> <group>', 'Let a directory’s group, by its id, name the members', [
    value('issuer', 'url', 'Whose group it is: the issuer that people sign in with'),
  ]),
  row('team unlink <team>', 'Set the members here again; who is in it stays'),
  row('role grant <person> <role>', 'Give a role, everywhere or with --workspace in one'),
  row('role revoke <person> <role>', 'Take a role away, given with the same --workspace'),
]

const workspaceRows: readonly CommandRow[] = [
  row('workspace create <name>', 'Make a workspace; it is pinned by its first apply'),
  row('workspace label <name> <key=value...>', 'Set all labels; those not named are gone'),
  row('workspace owners <name> <person...>', 'Set the owners; those not named are none'),
  row('workspace pin <name>', 'Say where plans of this workspace may act', [
    value('file', 'file', 'JSON with backend, toolWorkspace, accounts and regions'),
  ]),
  row('workspace lineage <name> [<lineage>]', 'Pin the state’s lineage; without one, unpin'),
]

const tokenRows: readonly CommandRow[] = [
  row('token issue <name>', 'Make a token for a program; its secret is shown once', [
    values('verb', 'verb', 'What it may do: open, execute or read'),
    values('workspace', 'name', 'Only in these workspaces; else in all'),
    value('days', 'number', 'How long it lives, 1 to 366 days; 90 unless said'),
  ]),
  row('token revoke <token>', 'End a token, by its id or name'),
]

const connectionRows: readonly CommandRow[] = [
  {
    ...row('connection set <workspace> <kind>', 'Say what credentials become; then what to trust', [
      value('account', 'account', 'Account, project, subscription, cluster or address'),
      value('apply', 'identity', 'What a credential for applying becomes: role, account, client'),
      value('plan', 'identity', 'The same for planning, which only reads; else it gets none'),
      value('audience', 'audience', 'Of its tokens, where the kind has none of its own'),
      values('setting', 'key=value', 'What the kind needs besides'),
    ]),
    load: () => import('./access-connection.ts'),
  },
  {
    ...row('connection list', 'What credentials are granted for, and what clouds must demand'),
    load: () => import('./access-connection.ts'),
  },
  row('connection remove <connection>', 'Take a connection away; nothing is issued for it'),
]

const DELEGATE: CommandRow = {
  ...row('delegate [<person>]', 'Lend your own approvals until a day, or see what is lent', [
    value('team', 'team', 'Only in this team; else in every team of yours'),
    value('until', 'day', 'The last day, as 2026-12-01, at most 90 days from now'),
    toggle('end', 'End it now'),
  ]),
  load: () => import('./delegate.ts'),
}

export const accessRows: readonly CommandRow[] = [
  row('list', 'Everybody and everything that access knows'),
  ...personRows,
  ...workspaceRows,
  ...tokenRows,
  ...connectionRows,
  DELEGATE,
]
