/** The rows about grants and the issuer of their tokens. */
import { type CommandRow, toggle, value } from './row.ts'

export const grantRows: readonly CommandRow[] = [
  {
    path: ['grants'],
    takes: '',
    says: 'Grants that are live or ended lately, and until when a cloud honours what was issued',
    flags: [],
    handsOn: false,
    load: () => import('./grants.ts'),
  },
  {
    path: ['grants', 'revoke'],
    takes: '[<change>]',
    says: 'The kill switch: from now on nothing is issued but what saves the state',
    flags: [
      toggle('all', 'Every live one that you may; 1 when one stays live'),
      value('reason', 'text', 'Why; everyone who sees the change reads it'),
    ],
    handsOn: false,
    load: () => import('./grants-revoke.ts'),
  },
  {
    path: ['issuer', 'rotate'],
    takes: '',
    says: 'Sign tokens with a new key from now on; old ones end by themselves',
    flags: [toggle('drop', 'For a stolen key: the old keys count no more, at once')],
    handsOn: false,
    load: () => import('./issuer-rotate.ts'),
  },
]
