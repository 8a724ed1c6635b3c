/**
 * What authors and rule writers get wrong or try: a value hidden from a rule that would forbid it,
 * and a policy that cannot be read.
 */
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { run } from '../harness/command.ts'
import { type Installation, install, must } from '../harness/installation.ts'
import { HANGS_AFTER_MS, needs } from '../harness/machine.ts'
import { givenProject, type Project } from '../harness/project.ts'
import { from, newest } from '../harness/story.ts'

const whenTerraform = { ...needs('terraform'), timeout: HANGS_AFTER_MS }
const POLICY = `version: 1
default: { hold: { approvals: [{ from: [team:platform] }] } }
rules:
  - name: open-to-the-world
    match: resource.after.input == "0.0.0.0/0"
    deny: true
    message: Opens something to the world
  - name: additive
    when: summary.only(["create", "read", "noop"])
    allow: true
`

const open = (value: string) => `resource "terraform_data" "door" {\n  input = ${value}\n}\n`

let installation: Installation
let folder: string
const projects: Project[] = []

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdpoint-policy-'))
  installation = await install({ policy: POLICY })
})

after(async () => {
  await Promise.all(projects.map((each) => each.remove()))
  await rm(folder, { recursive: true })
  await installation.close()
})

/** Applies a configuration in a workspace that is bound already, without waiting. */
async function applied(workspace: string, configuration: string) {
  await installation.change({ type: 'create_workspace', name: workspace })
  const backend = { type: 'local', settings: {} }
  const pin = { backend, toolWorkspace: 'default', accounts: [], regions: [] }
  await installation.change({ type: 'pin_target', workspace, pin })
  const project = await givenProject({ 'main.tf': configuration })
  projects.push(project)
  const asked = { folder: project.folder, as: 'mira', workspace }
  const ended = await run(installation, ['apply', '--no-wait'], asked)
  return { project, ended, change: await newest(installation, workspace) }
}

test('what a rule forbids is denied with its reason', whenTerraform, async () => {
  const { ended, change, project } = await applied('policy/open', open('"0.0.0.0/0"'))

  assert.deepEqual(from('DENIED', ended.out), [
    'DENIED  open-to-the-world  Opens something to the world',
    '        terraform_data.door',
    '  No one can approve this. Change the configuration, or the rule.',
  ])
  assert.equal(ended.code, 1)
  assert.equal(await project.state(), null)
  const found = change.findings.find((each) => each.rule === 'open-to-the-world')
  assert.deepEqual([found?.outcome, found?.resources], ['deny', ['terraform_data.door']])
})

test(
  'the same value hidden by sensitive() is held for people, never allowed',
  whenTerraform,
  async () => {
    const { ended, change, project } = await applied(
      'policy/hidden',
      open('sensitive("0.0.0.0/0")'),
    )

    assert.equal(ended.code, 75, ended.out + ended.err)
    assert.deepEqual([change.status, change.evaluation?.verdict], ['held', 'hold'])
    const found = change.findings.find((each) => each.rule === 'open-to-the-world')
    assert.match(found?.error ?? '', /hidden|sensitive/)
    assert.match(ended.out, /open-to-the-world/)
    assert.ok(!(ended.out + ended.err).includes('0.0.0.0'))
    assert.equal(await project.state(), null)
  },
)

test('the same value that is decided at apply is held for people too', whenTerraform, async () => {
  const configuration = `resource "terraform_data" "source" {}\n${open('terraform_data.source.id')}`

  const { ended, change } = await applied('policy/unknown', configuration)

  assert.equal(ended.code, 75, ended.out + ended.err)
  assert.equal(change.evaluation?.verdict, 'hold')
})

test('what no rule forbids is applied at once', whenTerraform, async () => {
  const { ended } = await applied('policy/closed', open('"10.0.0.0/8"'))

  assert.equal(ended.code, 0, ended.out + ended.err)
})

test('a policy that does not parse is refused with line and column; the old one stays', async () => {
  const file = join(folder, 'broken.yaml')
  const broken = POLICY.replace('    deny: true\n', '    denny: true\n').replace('== "0', '=== "0')
  await writeFile(file, broken)
  const before = must(await installation.admin.call('policy', {}))
  const token = await adminToken()

  const pushed = await run(installation, ['policy', 'push', file], { folder, token })
  const sent = await installation.admin.call('pushPolicy', {
    body: { text: broken, basedOn: before.revision },
  })

  assert.deepEqual([pushed.code, sent.status], [2, 422])
  for (const problem of [
    'rules[0]: exactly one of allow, hold and deny is needed',
    'rules[0].match: the expression is not valid: Unexpected character: =',
    'rules[0].denny: unknown key denny; allowed here are name, when, match, allow, hold, deny, ' +
      'message, accept, on_error',
  ])
    assert.ok(pushed.err.includes(problem), pushed.err)
  assert.match(pushed.err, /^ {2}line 5, column 35: rules\[0\].match/m)
  assert.match(pushed.err, /^ {2}Nothing was changed.$/m)
  assert.deepEqual(sent.ok ? null : [sent.problem.title, sent.problem.remedy], [
    'This policy cannot be used; the one in force stays',
    'Mend what is named; holdpoint policy check says the same without a server.',
  ])
  assert.match(sent.ok ? '' : sent.problem.detail, /5:35: rules\[0\].match: .*; 6:5: /)
  assert.deepEqual(must(await installation.admin.call('policy', {})), before)
})

test('a revision made from an older one is refused', async () => {
  const { revision } = must(await installation.admin.call('policy', {}))
  await installation.push(`${POLICY}# newer\n`)

  const answer = await installation.admin.call('pushPolicy', {
    body: { text: POLICY, basedOn: revision },
  })

  assert.deepEqual(answer.ok ? null : { ...answer.problem, refusal: undefined }, {
    code: 'policy_moved',
    title: 'The policy moved on',
    detail: `This was made from revision ${revision}, and revision ${revision + 1} is in force.`,
    remedy: 'Look at what changed, then push again from the newest revision.',
    refusal: undefined,
  })
})

test('the policy in force is no new revision, and what it names that is not there is said', async () => {
  const file = join(folder, 'again.yaml')
  await writeFile(file, POLICY.replace('team:platform', 'team:nowhere'))
  const token = await adminToken()
  const push = () => run(installation, ['policy', 'push', file, '--json'], { folder, token })

  const first = JSON.parse((await push()).out)
  const again = JSON.parse((await push()).out)
  const check = await run(installation, ['policy', 'check', file, '--with-server'], {
    folder,
    token,
  })

  const warnings = ['default: there is no team:nowhere', 'on_error: there is no team:nowhere']
  assert.deepEqual([first.alreadyInForce, again.alreadyInForce], [false, true])
  assert.deepEqual([again.revision, first.warnings], [first.revision, warnings])
  assert.deepEqual(check.out.split('\n'), [
    ...warnings.map((each) => `! ${each}`),
    'Valid  2 rules',
    '',
  ])
})

async function adminToken(): Promise<string> {
  return (await readFile(join(installation.dataDir, 'admin-token'), 'utf8')).trim()
}
