import assert from 'node:assert/strict'
import { test } from 'node:test'
import { phraseText } from './phrase.ts'
import type { NotNarrowed } from './session-policy-grants.ts'
import { notNarrowedPhrase } from './session-policy-words.ts'

const address = 'aws_thing.one'
const type = 'aws_thing'

const REASONS: readonly (readonly [NotNarrowed, string])[] = [
  [{ code: 'unmapped_type', address, type }, 'aws_thing.one: it is not known what aws_thing needs'],
  [
    { code: 'unknown_value', address, type, attribute: 'name' },
    'aws_thing.one: name is decided at apply, so any is permitted',
  ],
  [
    { code: 'grants_privileges', address, type, actions: ['iam:PassRole'], how: null },
    'aws_thing.one: iam:PassRole can give rights',
  ],
  [
    { code: 'grants_privileges', address, type, actions: [], how: 'runs code on a machine' },
    'aws_thing.one runs code on a machine',
  ],
  [
    { code: 'assumes_role', provider: 'aws', role: null },
    'aws takes on a role that is not known, which has its own power',
  ],
  [{ code: 'too_long', characters: 3_000 }, 'It needs 3000 characters, and AWS takes 2,048'],
]

test('every reason is a sentence, and what the plan says stands apart in it', () => {
  for (const [reason, text] of REASONS) assert.equal(phraseText(notNarrowedPhrase(reason)), text)
  const hostile = notNarrowedPhrase({ code: 'deferred', address: '</script>' })
  assert.deepEqual(hostile[0], { kind: 'data', text: '</script>' })
})
