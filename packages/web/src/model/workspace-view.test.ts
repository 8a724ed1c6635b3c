import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressOfWorkspace, labelLines, readLabels, readList, slotText } from './workspace-view.ts'

test('labels are read as they are written, and a line that is none is named', () => {
  const labels = { tier: '1', env: 'prod', note: 'a=b c' }
  const lines = labelLines(labels)

  assert.deepEqual(lines, ['env=prod', 'note=a=b c', 'tier=1'])
  assert.deepEqual(readLabels(lines.join('\n')), { ok: true, labels })
  assert.deepEqual(readLabels('env=prod\n\n =x\n'), { ok: false, line: '=x' })
  assert.deepEqual(readLabels(''), { ok: true, labels: {} })
})

test('a workspace has an address whatever its name', () => {
  assert.equal(addressOfWorkspace('payments/prod'), '/w/payments/prod')
  assert.equal(addressOfWorkspace('a?b/c#d'), '/w/a%3Fb/c%23d')
})

test('a slot names how many of whom', () => {
  assert.equal(slotText({ from: ['team:dba', 'team:sre'], count: 1 }), 'dba or sre')
  assert.equal(slotText({ from: ['team:sre'], count: 2 }), '2 of sre')
  assert.deepEqual(readList(' a, b\nb '), ['a', 'b'])
})
