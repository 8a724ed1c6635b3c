/** The ready-made trust: exact by equality, and Terraform takes the module as it is. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { find, HANGS_AFTER_MS, needs, providerMirror } from '../harness/machine.ts'

const AWS = join(import.meta.dirname, '../../deploy/aws')
const mirror = providerMirror()
const skip = needs('terraform').skip || (mirror === null ? 'no mirror holds hashicorp/aws' : false)

test('both forms demand audience and subject by equality, and no pattern', () => {
  const module = readFileSync(join(AWS, 'trust-terraform/main.tf'), 'utf8')
  const template = readFileSync(join(AWS, 'trust.yaml'), 'utf8')

  assert.equal(module.match(/test {5}= "StringEquals"/g)?.length, 2)
  assert.equal(
    template.match(/"StringEquals": \{ "\$\{Host\}:aud": .*"\$\{Host\}:sub": /g)?.length,
    2,
  )
  for (const text of [module, template]) {
    assert.equal(/StringLike|ForAnyValue/.test(text), false)
    assert.match(text, /sts:TagSession.*sts:SetSourceIdentity/)
  }
})

test('Terraform takes the module', { skip, timeout: HANGS_AFTER_MS }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdpoint-trust-'))
  try {
    cpSync(join(AWS, 'trust-terraform'), folder, { recursive: true })
    const config = join(folder, 'terraform.rc')
    const from = `filesystem_mirror { path = "${mirror}" }`
    writeFileSync(config, `provider_installation {\n  ${from}\n}\n`)
    const env = { ...process.env, TF_CLI_CONFIG_FILE: config }
    const terraform = (...args: readonly string[]) =>
      execFileSync(find('terraform') ?? 'terraform', args, { cwd: folder, env, encoding: 'utf8' })

    terraform('init', '-backend=false', '-input=false')

    assert.match(terraform('validate', '-no-color'), /configuration is valid/)
    assert.equal(terraform('fmt', '-check'), '')
  } finally {
    rmSync(folder, { recursive: true })
  }
})
