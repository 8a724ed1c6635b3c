import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inspect } from 'node:util'
import { configReference, describeConfigProblem, parseConfig } from './config.ts'

const NOTHING = { flags: {}, env: {}, fileText: null }

function accepted(sources: Partial<typeof NOTHING> & object) {
  const parsed = parseConfig({ ...NOTHING, ...sources })
  assert.ok(parsed.ok, JSON.stringify(parsed))
  return parsed.config
}

function problems(sources: Partial<Parameters<typeof parseConfig>[0]>): readonly string[] {
  const parsed = parseConfig({ ...NOTHING, ...sources })
  assert.ok(!parsed.ok)
  return parsed.problems.map(describeConfigProblem)
}

describe('the configuration', () => {
  it('is production on loopback when nothing is said', () => {
    const config = accepted({})

    assert.equal(config.mode, 'production')
    assert.deepEqual(config.listen, { host: '127.0.0.1', port: 7480 })
    assert.equal(config.guardFile, `${config.dataDir}/guard`)
    assert.equal(config.databaseUrl, null)
  })

  it('takes flags over environment over file over defaults', () => {
    const fileText = 'listen: { port: 1, host: "::1" }\nlogLevel: warn\nmode: development\n'
    const env = { HOLDPOINT_LISTEN_PORT: '2', HOLDPOINT_LOG_LEVEL: 'error' }
    const config = accepted({ fileText, env, flags: { 'listen-port': '3' } } as never)

    assert.deepEqual(config.listen, { host: '::1', port: 3 })
    assert.equal(config.logLevel, 'error')
    assert.equal(config.mode, 'development')
  })

  it('says every problem at once, with path, what was found and what is allowed', () => {
    const fileText = 'mode: test\nlisten: { port: 70000, prot: 1 }\nlogLevel: 7\nkeys: 1\nmore: 2\n'

    assert.deepEqual(problems({ fileText, flags: { colour: 'red' } }), [
      '--colour: found a flag that is not known; must be one of --mode, --listen-host, ' +
        '--listen-port, --data-dir, --database-url, --public-url, --proxies, --guard-file, --log-level, ' +
        '--keys-log, --keys-mac, --keys-secrets, --keys-issuer, --aws-sts-endpoint, --aws-iam-endpoint, ' +
        '--oidc-issuer, --oidc-client-id, ' +
        '--oidc-client-secret, --oidc-scopes, --oidc-groups-claim, --oidc-name, ' +
        '--oidc-create-people, --scim-token, --scim-issuer',
      'mode: found "test"; must be one of production, development',
      'listen.port: found 70000; must be at most 65535',
      'listen.prot: found a key that is not known; must be one of host, port',
      'logLevel: found 7; must be one of debug, info, warn, error, silent',
      'keys: found a value that is not shown; must be object',
      'more: found a key that is not known; must be one of mode, listen, dataDir, databaseUrl, ' +
        'publicUrl, proxies, guardFile, logLevel, keys, aws, oidc, scim, workloads, onCall',
    ])
  })

  it('that is not YAML says where', () => {
    assert.deepEqual(problems({ fileText: 'mode: [development\n' }), [
      'configuration: found text that is not YAML at line 2, column 1; must be YAML',
    ])
    assert.deepEqual(problems({ fileText: '- mode\n' }), [
      'configuration: found ["mode"]; the file must hold keys and values',
    ])
  })

  it('takes secrets by reference only, and never shows one', () => {
    const url = 'postgres://holdpoint:canary@db/holdpoint'
    const [problem] = problems({ env: { HOLDPOINT_DATABASE_URL: url } })

    assert.equal(
      problem,
      'databaseUrl: found a value that is not shown; must be file:<path> or env:<NAME>',
    )
    const config = accepted({
      fileText: 'databaseUrl: env:THE_URL\n',
      env: { THE_URL: url },
    } as never)
    assert.doesNotMatch(inspect(config, { depth: 9 }) + JSON.stringify(config), /canary/)
    const source = config.databaseUrl
    assert.equal(source?.from === 'env' && source.secret.reveal(), url)
  })

  it('that names a variable which is not set says so', () => {
    assert.deepEqual(problems({ fileText: 'keys: { mac: env:NOT_SET }\n' }), [
      'keys.mac: found env:NOT_SET, which is not set; the variable it names must be set and not empty',
    ])
  })

  it('that names a variable which is not set says so beside every other problem', () => {
    const fileText = 'listen: { port: 99999 }\nkeys: { mac: env:NOT_SET }\ndatabaseUrl: nothing\n'

    assert.deepEqual(problems({ fileText }), [
      'listen.port: found 99999; must be at most 65535',
      'databaseUrl: found a value that is not shown; must be file:<path> or env:<NAME>',
      'keys.mac: found env:NOT_SET, which is not set; the variable it names must be set and not empty',
    ])
  })

  const oidc = { issuer: 'https://id.example', clientId: 'holdpoint', clientSecret: 'env:OIDC' }

  it('takes an identity provider with its secret by reference, and shows none', () => {
    const env = { OIDC: 'canary-secret' }
    const config = accepted({ fileText: JSON.stringify({ oidc }), env } as never)

    assert.doesNotMatch(inspect(config, { depth: 9 }) + JSON.stringify(config), /canary/)
    assert.equal(config.oidc?.createPeople, true)
    assert.equal(config.oidc?.scopes, 'openid profile email')
    const bare = { ...oidc, clientSecret: 'canary-secret' }
    assert.deepEqual(problems({ fileText: JSON.stringify({ oidc: bare }) }), [
      'oidc.clientSecret: found a value that is not shown; must be file:<path> or env:<NAME>',
    ])
    const unset = { ...env, HOLDPOINT_OIDC_CREATE_PEOPLE: 'false' }
    const strict = accepted({ fileText: JSON.stringify({ oidc }), env: unset } as never)
    assert.equal(strict.oidc?.createPeople, false)
  })

  it('believes an issuer over https, or on this machine, and nowhere between', () => {
    const from = (issuer: string) =>
      problems({ fileText: JSON.stringify({ oidc: { ...oidc, issuer } }), env: { OIDC: 'x' } })

    assert.deepEqual(from('http://id.example'), [
      'oidc.issuer: found "http://id.example"; must be an https address',
    ])
    assert.deepEqual(from('http://127.0.0.1.evil.example'), [
      'oidc.issuer: found "http://127.0.0.1.evil.example"; must be an https address',
    ])
    for (const issuer of ['http://127.0.0.1:9000', 'http://localhost:9000'])
      assert.ok(
        accepted({
          fileText: JSON.stringify({ oidc: { ...oidc, issuer } }),
          env: { OIDC: 'x' },
        } as never),
      )
  })

  it('has one source of who is in a team, and knows whose subjects a directory names', () => {
    const env = { OIDC: 'x', SCIM: 'y' }
    const scim = { token: 'env:SCIM' }
    const both = { oidc: { ...oidc, groupsClaim: 'groups' }, scim }

    assert.deepEqual(problems({ fileText: JSON.stringify(both), env }), [
      'oidc.groupsClaim: found "groups"; must not be given beside scim: one of them names the ' +
        'members of a team',
    ])
    assert.deepEqual(problems({ fileText: JSON.stringify({ scim }), env }), [
      'scim.issuer: found nothing; must be given where oidc is not set up: people are known by ' +
        'issuer and subject',
    ])
  })

  it('says what is wrong with an on-call schedule, and never shows its key', () => {
    const schedule = { schedule: 'payments', kind: 'pagerduty', id: 'PAY', people: { U1: 'ada' } }
    const said = (about: object, env = {}) =>
      problems({ fileText: JSON.stringify({ onCall: [{ ...schedule, ...about }] }), env })

    assert.deepEqual(said({ token: 'env:PD' }), [
      'onCall.0.token: found env:PD, which is not set; the variable it names must be set and not ' +
        'empty',
    ])
    assert.deepEqual(said({ token: 'y_AbCdEfGhIjK' }), [
      'onCall.0.token: found a value that is not shown; must be file:<path> or env:<NAME>',
    ])
    const url = 'http://pagerduty.example'
    assert.deepEqual(said({ token: 'env:PD', url }, { PD: 'k' }), [
      'onCall.0.url: found "http://pagerduty.example"; must be an https address',
    ])
  })

  it('keeps development on loopback, and asks for a public name elsewhere', () => {
    assert.deepEqual(problems({ flags: { mode: 'development', 'listen-host': '0.0.0.0' } }), [
      'listen.host: found "0.0.0.0"; must be 127.0.0.1, ::1 or localhost in development mode',
      'publicUrl: found nothing; must be given when listen.host is not loopback: only its host is ' +
        'answered',
    ])
    const flags = { 'listen-host': '0.0.0.0', 'public-url': 'https://hold.example/' }
    assert.equal(accepted({ flags } as never).publicUrl, 'https://hold.example')
  })

  it('leaves variables alone that a cluster sets by itself', () => {
    assert.ok(accepted({ env: { HOLDPOINT_PORT: 'tcp://10.0.0.1:7480' } } as never))
  })

  it('has a type, a flag, a variable and a sentence for every key', () => {
    for (const row of configReference()) {
      assert.ok(row.summary.length > 10, row.key)
      const isList = row.type === 'array'
      assert.match(row.flag, isList ? /^$/ : /^--[a-z-]+$/)
      assert.match(row.environment, isList ? /^$/ : /^HOLDPOINT_[A-Z_]+$/)
      assert.notEqual(row.type, 'undefined', row.key)
    }
  })
})
