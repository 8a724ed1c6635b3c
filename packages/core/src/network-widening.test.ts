import assert from 'node:assert/strict'
import { test } from 'node:test'
import { givenChange, givenChangeSet, givenSetPlan } from '../test/cloudformation-given.ts'
import { said, widenings } from '../test/widening-given.ts'

type Fields = Readonly<Record<string, unknown>>

const group = (...rules: readonly Fields[]): Fields => ({ ingress: rules })
const rule = (port: number, source = '0.0.0.0/0', more: Fields = {}): Fields => {
  return { protocol: 'tcp', from_port: port, to_port: port, cidr_blocks: [source], ...more }
}

test('what a firewall opens to everyone is said with its port', () => {
  const opened = (sentence: string) => [`network wider: ${sentence}`]
  const table: readonly (readonly [string, Fields | null, Fields, readonly string[]])[] = [
    ['aws_security_group', group(), group(rule(22)), opened('Opens port 22 to 0.0.0.0/0')],
    [
      'aws_security_group',
      null,
      group(rule(22), rule(80)),
      opened('Opens port 22 and 1 more to 0.0.0.0/0'),
    ],
    ['aws_security_group', group(rule(22)), group(rule(22)), []],
    ['aws_security_group', group(rule(0, '0.0.0.0/0', { protocol: '-1' })), group(rule(22)), []],
    ['aws_security_group', group(rule(22, '10.0.0.0/8')), group(rule(22, '10.0.0.0/9')), []],
    [
      'aws_security_group',
      group(rule(22)),
      group(rule(22), rule(22, '::/0')),
      opened('Opens port 22 to ::/0'),
    ],
    ['aws_security_group', null, { egress: [rule(22)] }, []],
    ['aws_security_group_rule', null, { type: 'egress', ...rule(22) }, []],
    [
      'aws_security_group_rule',
      null,
      { type: 'ingress', ...rule(53, '0.0.0.0/0', { protocol: 'udp' }) },
      opened('Opens port 53/udp to 0.0.0.0/0'),
    ],
    [
      'aws_vpc_security_group_ingress_rule',
      null,
      { ip_protocol: '-1', cidr_ipv4: '0.0.0.0/0' },
      opened('Opens every port to 0.0.0.0/0'),
    ],
    ['aws_vpc_security_group_egress_rule', null, { ip_protocol: '-1', cidr_ipv4: '0.0.0.0/0' }, []],
    [
      'aws_network_acl_rule',
      null,
      {
        egress: false,
        rule_action: 'allow',
        cidr_block: '0.0.0.0/0',
        protocol: '6',
        from_port: 443,
        to_port: 444,
      },
      opened('Opens ports 443-444 to 0.0.0.0/0'),
    ],
    [
      'aws_network_acl_rule',
      null,
      { egress: false, rule_action: 'deny', cidr_block: '0.0.0.0/0', protocol: '-1' },
      [],
    ],
    [
      'google_compute_firewall',
      null,
      { source_ranges: ['0.0.0.0/0'], allow: [{ protocol: 'tcp', ports: ['22', '8000-9000'] }] },
      opened('Opens port 22 and 1 more to 0.0.0.0/0'),
    ],
    [
      'google_compute_firewall',
      null,
      { direction: 'EGRESS', source_ranges: ['0.0.0.0/0'], allow: [{ protocol: 'all' }] },
      [],
    ],
    [
      'azurerm_network_security_rule',
      null,
      {
        direction: 'Inbound',
        access: 'Allow',
        protocol: 'Tcp',
        source_address_prefix: '*',
        destination_port_range: '3389',
      },
      opened('Opens port 3389 to *'),
    ],
    [
      'azurerm_network_security_group',
      { security_rule: [] },
      {
        security_rule: [
          { direction: 'Outbound', access: 'Allow', source_address_prefix: '*', protocol: '*' },
        ],
      },
      [],
    ],
  ]
  for (const [type, before, after, expected] of table) {
    assert.deepEqual(widenings(type, { before, after }), expected, JSON.stringify(after))
  }
})

test('a firewall that is not told whole is unclear, unless what is told opens already', () => {
  const unclear = ['network unclear: What it lets in cannot be compared']
  const after = { name: 'x' }

  assert.deepEqual(
    widenings('aws_security_group', { before: null, after, after_unknown: { ingress: true } }),
    unclear,
  )
  assert.deepEqual(
    widenings('aws_security_group', {
      before: group(),
      after: group(rule(22, '1.2.3.4/32')),
      after_unknown: { ingress: [{ cidr_blocks: [true] }] },
    }),
    unclear,
  )
  assert.deepEqual(
    widenings('aws_security_group', {
      before: group(),
      after: group(rule(22)),
      after_sensitive: { ingress: true },
    }),
    unclear,
  )
})

test('switches that make something public count when they are turned', () => {
  const table: readonly (readonly [string, unknown, unknown, string | null])[] = [
    [
      'aws_db_instance',
      { publicly_accessible: false },
      { publicly_accessible: true },
      'Can be reached from the internet',
    ],
    ['aws_db_instance', { publicly_accessible: true }, { publicly_accessible: true }, null],
    ['aws_db_instance', { publicly_accessible: true }, { publicly_accessible: false }, null],
    [
      'azurerm_storage_account',
      {},
      { public_network_access_enabled: true },
      'Can be reached from the internet',
    ],
    [
      'aws_eks_cluster',
      { vpc_config: [{ endpoint_public_access: false }] },
      { vpc_config: [{ endpoint_public_access: true }] },
      'Its endpoint can be reached from the internet',
    ],
    ['aws_s3_bucket_acl', { acl: 'private' }, { acl: 'public-read' }, 'Lets anyone read it'],
    ['aws_lb', null, { internal: false }, 'Faces the internet'],
    [
      'aws_s3_bucket_public_access_block',
      { block_public_acls: true, block_public_policy: true },
      { block_public_acls: false, block_public_policy: false },
      'No longer turns away public access',
    ],
    [
      'aws_s3_bucket_public_access_block',
      { block_public_acls: true },
      null,
      'No longer turns away public access',
    ],
    ['aws_s3_bucket_public_access_block', null, { block_public_acls: false }, null],
    ['aws_instance', null, { internal: false, acl: 'public-read' }, null],
  ]
  for (const [type, before, after, words] of table) {
    const expected = words === null ? [] : [`network wider: ${words}`]
    assert.deepEqual(
      widenings(type, { before, after }),
      expected,
      `${type} ${JSON.stringify(after)}`,
    )
  }
  assert.deepEqual(
    widenings('aws_db_instance', {
      before: { publicly_accessible: false },
      after: {},
      after_unknown: { publicly_accessible: true },
    }),
    ['network unclear: Whether it can be reached from the internet cannot be compared'],
  )
})

test('an undecided port is unclear where the source is everyone, and no matter where it is not', () => {
  const mask = { after_unknown: { ingress: [{ from_port: true }] } }
  const after = (source: string) => group(rule(22, source))

  assert.deepEqual(
    widenings('aws_security_group', { before: group(), after: after('0.0.0.0/0'), ...mask }),
    ['network unclear: What it lets in cannot be compared'],
  )
  assert.deepEqual(
    widenings('aws_security_group', { before: group(), after: after('10.0.0.0/8'), ...mask }),
    [],
  )
})

test('a firewall of a change set without values is unclear', () => {
  const firewall = givenChange({ ResourceType: 'AWS::EC2::SecurityGroup' })

  assert.deepEqual(said(givenSetPlan(givenChangeSet([firewall]))), [
    'network unclear: It is a firewall, and the plan does not tell what changes',
  ])
})

test('a switch of a new resource that is hidden is unclear, and one that the cloud decides is not', () => {
  const unclear = [
    'network unclear: Whether it can be reached from the internet cannot be compared',
  ]
  const table: readonly (readonly [string, string, unknown])[] = [
    ['aws_db_instance', 'publicly_accessible', true],
    ['aws_s3_bucket', 'acl', 'public-read'],
    ['aws_lb', 'internal', false],
  ]
  for (const [type, name, value] of table) {
    const hidden = { before: null, after: { [name]: value }, after_sensitive: { [name]: true } }
    assert.deepEqual(widenings(type, hidden), unclear, type)
    const undecided = { before: null, after: {}, after_unknown: { [name]: true } }
    assert.deepEqual(widenings(type, undecided), [], type)
  }
})
