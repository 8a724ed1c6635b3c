import assert from 'node:assert/strict'
import { test } from 'node:test'
import { awsAccount, serviceAddress } from './aws-account.ts'
import { signAwsPost } from './aws-signature.ts'

const KEYS = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: null,
}

test('the published example of a signed form post has the published signature', () => {
  const url = new URL('https://example.amazonaws.com/')
  const at = Date.UTC(2015, 7, 30, 12, 36, 0)
  const service = 'service'

  const headers = signAwsPost(
    { url, body: 'Param1=value1', region: 'us-east-1', service, at, contentType: FORM },
    KEYS,
  )

  assert.equal(
    headers['authorization'],
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, ' +
      'SignedHeaders=content-type;host;x-amz-date, ' +
      'Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
  )
})

const FORM = 'application/x-www-form-urlencoded'

test('a signed request goes by https, or to this machine', () => {
  const address = (endpoint: string) =>
    serviceAddress({ AWS_ENDPOINT_URL_STS: endpoint }, 'eu-west-1')?.href ?? null

  assert.equal(serviceAddress({}, 'eu-west-1')?.href, 'https://sts.eu-west-1.amazonaws.com/')
  assert.equal(address('https://sts.internal'), 'https://sts.internal/')
  assert.equal(address('http://127.0.0.1:5000'), 'http://127.0.0.1:5000/')
  assert.equal(address('http://sts.internal'), null)
  assert.equal(address('file:///etc/passwd'), null)
  assert.equal(address('not an address'), null)
})

test('whatever goes wrong, the account is unknown', async () => {
  const keys = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_REGION: 'eu-west-1' }

  const accounts = await Promise.all([
    awsAccount({ ...keys, AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }, '/'),
    awsAccount({ ...keys, AWS_ENDPOINT_URL: 'http://sts.internal' }, '/'),
    awsAccount({ PATH: '/nowhere' }, '/'),
  ])

  assert.deepEqual(accounts, ['unknown', 'unknown', 'unknown'])
})
