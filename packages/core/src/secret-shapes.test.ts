import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findSecrets, isSecretName } from './secret-shapes.ts'

function hiddenParts(text: string, name = 'value'): readonly string[] {
  return findSecrets(text, name).map(({ start, end }) => text.slice(start, end))
}

// Put together at run time, so that no scanner takes this file for a leak.
const AWS_ID = `AKIA${'ABCDEFGHIJKLMNOP'}`
const GITHUB = `ghp_${'a1B2'.repeat(9)}`
const JWT = ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0In0', 'dozjgNryP4J3jVmNHl0w'].join('.')
const PEM = `-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----`
const RANDOM = 'Zk3vQ8xN1rT6yB4mW9cJ2hL7pD5sF0gA'

test('names that say secret are recognised in every spelling', () => {
  const secret = [
    'password',
    'db_password',
    'dbPassword',
    'DB-PASSWORD',
    'master.password',
    'token',
    'auth_token',
    'client_secret',
    'secret',
    'private_key',
    'apiKey',
    'api_key',
    'apikey',
    'AccountKey',
    'primary_access_key',
    'connection_string',
    'passphrase',
    'password_wo',
    'secret_string',
    'app:dbPassword',
    'app:password',
  ]
  const plain = [
    'password_policy',
    'secret_arn',
    'secret_id',
    'secret_name',
    'token_url',
    'http_tokens',
    'kms_key_id',
    'key',
    'public_key',
    'tokens',
    'passwordless',
    'secretary',
    'name',
    'private_key_path',
  ]

  assert.deepEqual(
    secret.filter((name) => !isSecretName(name)),
    [],
  )
  assert.deepEqual(plain.filter(isSecretName), [])
})

test('a text under a secret name is hidden whole, whatever it looks like', () => {
  for (const text of ['x', 'hunter2', '12345678', '0123456789abcdef0123456789abcdef']) {
    assert.deepEqual(hiddenParts(text, 'password'), [text])
  }
})

test('values that say nothing secret stay, even under a secret name', () => {
  const harmless = [
    '',
    'true',
    'required',
    'arn:aws:secretsmanager:eu-central-1:1:secret:db-AbCdEf',
    '10.0.0.0/8',
    '10.1.2.3',
    '2001:db8::/32',
    '::/0',
    'https://id.example.com/oauth/token',
  ]
  for (const text of harmless) assert.deepEqual(hiddenParts(text, 'token'), [], text)
})

test('known shapes are hidden wherever they stand, and only they', () => {
  const table: readonly (readonly [string, readonly string[]])[] = [
    [`export ID=${AWS_ID};`, [AWS_ID]],
    [`git clone https://x:${GITHUB}@github.com/a/b`, [GITHUB]],
    [`Authorization: Bearer ${JWT}`, [JWT]],
    [`key:\n${PEM}\nend`, [PEM]],
    ['postgres://app:s3cr3t@db:5432/x', ['s3cr3t']],
    ['https://a.blob.core.windows.net/c?sv=1&sig=abcdefghijklmnop%3D', ['abcdefghijklmnop%3D']],
    ['Server=db;User=app;Password=hunter22;Port=1', ['hunter22']],
    ['{"user":"app","password":"hunter22"}', ['hunter22']],
    ['{\\"password\\":\\"hunter22\\"}', ['hunter22']],
    ['mysql --password hunter22 -h db', ['hunter22']],
    ['API_KEY="abcd1234"', ['abcd1234']],
    [`a ${AWS_ID} b ${AWS_ID}`, [AWS_ID, AWS_ID]],
  ]
  for (const [text, expected] of table) assert.deepEqual(hiddenParts(text), expected, text)
})

test('random texts are hidden, digests and identifiers are not', () => {
  assert.deepEqual(hiddenParts(`x ${RANDOM} y`), [RANDOM])
  const plain = [
    '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    'd41d8cd98f00b204e9800998ecf8427e',
    '4dceb52f-77fa-a4f6-edaf-0adb1490aac2',
    '4DCEB52F-77FA-A4F6-EDAF-0ADB1490AAC2',
    'arn:aws:iam::123456789012:role/Zk3vQ8xN1rT6yB4mW9cJ2hL7pD5sF0gA',
    `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${RANDOM}`,
    'projects/my-project-123/locations/europe-west1/keyRings/ring-1/cryptoKeys/Key1',
    'AmazonEKSWorkerNodePolicyAmazonEKSCNIPolicyAmazonSSMManaged',
    'module.Network.aws_security_group_rule.Allow443FromLoadBalancer',
  ]
  for (const text of plain) assert.deepEqual(hiddenParts(text), [], text)
  assert.deepEqual(hiddenParts(RANDOM, 'source_code_hash'), [])
})

test('the structure of a policy stays readable, a key inside it does not', () => {
  const statement = {
    Sid: RANDOM,
    Effect: 'Allow',
    Action: '*',
    Resource: '*',
    Token: 'token=abcdef',
  }
  const policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  const leaky = policy.replace('"*"', `"${AWS_ID}"`)

  assert.deepEqual(hiddenParts(policy, 'policy'), [])
  assert.deepEqual(hiddenParts(leaky, 'policy'), [AWS_ID])
})

test('references to secrets stay', () => {
  const references = [
    'PASSWORD=$DB_PASSWORD',
    `password: \${var.password}`,
    'token = <none>',
    'password={{resolve:secretsmanager:x}}',
    'secret: none',
    'arn:aws:x:secret:prod/db-AbC',
  ]
  for (const text of references) assert.deepEqual(hiddenParts(text), [], text)
})

test('hostile texts take no longer than their length allows', () => {
  const hostile = [
    '-----BEGIN '.repeat(20_000),
    'eyJ'.repeat(60_000),
    '://a:'.repeat(40_000),
    'password '.repeat(20_000),
    'password=\\"'.repeat(20_000),
    'bearer '.repeat(30_000),
  ]
  for (const text of hostile) {
    const started = process.hrtime.bigint()

    findSecrets(text, 'value')

    const spentMs = Number(process.hrtime.bigint() - started) / 1e6
    assert.ok(spentMs < 2_000, `${text.slice(0, 12)} took ${spentMs} ms`)
  }
})

test('a secret that looks in part like something known is hidden whole', () => {
  const key =
    '-----BEGIN RSA PRIVATE KEY-----\nDEK-Info: A,1\n\nMIIab\n-----END RSA PRIVATE KEY-----'
  for (const text of [key, 'x=://u:v@hunter22secret', 'pwd=aaaa;hunter22secret']) {
    assert.deepEqual(hiddenParts(text, 'db_password'), [text])
  }
  assert.deepEqual(hiddenParts('postgres://a:hunter22@db/x', 'connection_string'), ['hunter22'])
})

test('a private key is hidden to its last line, whatever stands in it', () => {
  const encrypted = `-----BEGIN RSA PRIVATE KEY-----
Proc-Type: 4,ENCRYPTED
DEK-Info: AES-128-CBC,1234

${'MIIab'.repeat(5_000)}
-----END RSA PRIVATE KEY-----`
  const pgp = '-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQdG\n-----END PGP PRIVATE KEY BLOCK-----'

  for (const key of [encrypted, pgp]) assert.deepEqual(hiddenParts(`a ${key} b`), [key])
  assert.deepEqual(hiddenParts(`${PEM}\n-\n${PEM}`), [PEM, PEM])
  assert.deepEqual(hiddenParts('x -----BEGIN PRIVATE KEY-----\nabc-def'), [
    '-----BEGIN PRIVATE KEY-----\nabc-def',
  ])
})

test('passwords of other usual forms are hidden', () => {
  assert.deepEqual(hiddenParts('redis://:p4ssw0rd@h:1'), ['p4ssw0rd'])
  assert.deepEqual(hiddenParts('Authorization: Basic YTpodW50ZXIy'), ['YTpodW50ZXIy'])
  assert.deepEqual(hiddenParts('DB_PASS=hunter22'), ['hunter22'])
  assert.deepEqual(hiddenParts('bypass=hunter22'), [])
})

test('only a connection string keeps what stands beside its secret', () => {
  const text = 'Server=db;Password=hunter22;Pin=4711'

  assert.deepEqual(hiddenParts(text, 'connection_string'), ['hunter22'])
  assert.deepEqual(hiddenParts(text, 'secret_string'), [text])
  assert.deepEqual(hiddenParts('postgres://a:b3cret@db/x pin 4711', 'secret_string'), [
    'postgres://a:b3cret@db/x pin 4711',
  ])
})

test('a document under a secret name is hidden whole', () => {
  const policy = '{"Statement":[],"Effect":"Allow","pin":"4711"}'
  for (const text of ['{"pin":"4711"}', '["4711"]', ' {"a":1}', policy]) {
    assert.deepEqual(hiddenParts(text, 'secret_string'), [text])
  }
  assert.deepEqual(hiddenParts('{}', 'secret_string'), [])
  assert.deepEqual(hiddenParts('[ ]', 'secret'), [])
})

test('a password in an address is hidden to its last sign', () => {
  const table: readonly (readonly [string, readonly string[]])[] = [
    ['postgres://app:p/w@db:5432/x', ['p/w']],
    ['postgres://app:p@ss@db:5432/x', ['p@ss']],
    ['postgres://app:p@s/s@db:5432/x', ['p@s/s']],
    ['postgres://app:a?b#c@db/x', ['a?b#c']],
    ['redis://:12345@db', ['12345']],
    ['mongodb://u:p@h1:1,h2:2/x?mail=a@b', ['p']],
    ['amqp://u:first@h,amqp://u:second@h', ['first', 'second']],
    ['https://host:8080/@scope/name@1.2', []],
    ['http://[::1]:80/a@b', []],
    [`https://host:\${var.port}/a@b`, []],
    [`postgres://u:\${var.password}@db/x`, []],
  ]
  for (const [text, expected] of table) assert.deepEqual(hiddenParts(text), expected, text)
})

test('a block of text under a secret name is hidden to its last line', () => {
  const table: readonly (readonly [string, readonly string[]])[] = [
    ['password: |\n  hunter22\n\n  more\nuser: app', ['hunter22\n\n  more']],
    ['a:\n  - db_password: >-\n      hunter22\n    user: app', ['hunter22']],
    ['token: |2 # why\r\n    hunter22\r\nuser: app', ['hunter22\r']],
    ['{"a":"secret: |\\n  hunter22\\nuser: app"}', ['hunter22']],
    ['password: |\nuser: app', []],
    ['secret_name: |\n  plain', []],
    [`password: |\n  \${var.password}\nuser: app`, []],
  ]
  for (const [text, expected] of table) assert.deepEqual(hiddenParts(text), expected, text)
})

test('a secret that begins like a reference is hidden', () => {
  for (const secret of ['$tr0ng!!', '$ecret-1', '(abc)123', '{curly}1', '<b3cret', '[br4cket]']) {
    assert.deepEqual(hiddenParts(`password=${secret} x`), [secret])
  }
  assert.deepEqual(hiddenParts(`p: 1\npassword=\${DB_PASS:-hunter22} x`), [`\${DB_PASS:-hunter22}`])
  assert.deepEqual(hiddenParts(`password=\${env:DB_PASS} token=$(cat /x) secret=%DB_PASS%`), [])
})

test('long texts of addresses and blocks take no longer than their length allows', () => {
  const hostile = [
    '://a:b'.repeat(60_000),
    'a://b:c@'.repeat(40_000),
    'password: |\n  x\n'.repeat(20_000),
    `password: |\n${'  x\n'.repeat(100_000)}`,
    'password: |\\n '.repeat(20_000),
  ]
  for (const text of hostile) {
    const started = process.hrtime.bigint()

    findSecrets(text, 'value')

    const spentMs = Number(process.hrtime.bigint() - started) / 1e6
    assert.ok(spentMs < 2_000, `${text.slice(0, 12)} took ${spentMs} ms`)
  }
})
