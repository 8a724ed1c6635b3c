/**
 * The same where the tool alone takes its usual seconds: a real provider from the filesystem mirror
 * against a local service that speaks AWS's protocol and forgets everything before each run.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { install } from '../../test/harness/installation.ts'
import { find, providerMirror } from '../../test/harness/machine.ts'
import { givenProject } from '../../test/harness/project.ts'
import { until } from '../../test/harness/story.ts'
import { atMost, type Measure, type Measured, skipped } from './measure.ts'
import { type Compared, sideBySide } from './side-by-side.ts'
import { median, milliseconds, paired, row, times } from './statistics.ts'

const WHAT = 'gate overhead, hashicorp/aws'
const TIMES_MAX = 1.25
/** Below this the ratio says more about starting programs than about the gate. */
const BARE_MS_MIN = 2_000
const PAIRS = 10

const CONFIGURATION = `terraform {
  required_providers { aws = { source = "hashicorp/aws" } }
}
provider "aws" {}
${['one', 'two', 'three']
  .map(
    (name) => `resource "aws_ssm_parameter" "${name}" {
  name  = "/bench/${name}"
  type  = "String"
  value = "${name}"
}`,
  )
  .join('\n')}
`

export const gateOverheadAws: Measure = {
  name: 'gate-overhead-aws',
  run: async () => {
    const mirror = providerMirror()
    const program = find('moto')
    if (find('terraform') === null) return skipped(WHAT, 'there is no terraform on this machine')
    if (mirror === null) return skipped(WHAT, 'there is no mirror with hashicorp/aws')
    if (program === null) return skipped(WHAT, 'there is no moto_server on this machine')
    const service = await startService(program)
    try {
      return judged(await compare(mirror, service.url))
    } finally {
      service.stop()
    }
  },
}

function judged({ bare, gated }: Compared): Measured {
  const rows = [
    row('plan, show, apply', bare),
    row('holdpoint apply', gated),
    row(
      'ratio, pair by pair',
      paired(gated, bare, (one, other) => one / other),
      times,
    ),
  ]
  const alone = median(bare)
  if (alone < BARE_MS_MIN)
    return { ...skipped(WHAT, `the tool alone takes only ${milliseconds(alone)}`), rows }
  const found = median(gated) / alone
  return { rows, verdicts: [atMost({ what: WHAT, found, bound: TIMES_MAX, text: times })] }
}

async function compare(mirror: string, url: string): Promise<Compared> {
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-bench-'))
  const settings = join(folder, 'terraform.rc')
  await writeFile(settings, `provider_installation { filesystem_mirror { path = "${mirror}" } }\n`)
  const project = await givenProject(
    { 'main.tf': CONFIGURATION },
    { environment: { TF_CLI_CONFIG_FILE: settings } },
  )
  const installation = await install()
  const environment = {
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'not-a-real-key',
    AWS_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL: url,
  }
  const undo = () => reset(url)
  try {
    return await sideBySide({ installation, project, environment, undo, pairs: PAIRS })
  } finally {
    await installation.close()
    await project.remove()
    await rm(folder, { recursive: true, force: true })
  }
}

interface Service {
  readonly url: string
  readonly stop: () => void
}

async function startService(program: string): Promise<Service> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const words = ['-H', '127.0.0.1', '-p', String(port)]
  const child: ChildProcess = spawn(program, words, { stdio: 'ignore' })
  await until('the service answers', () => answers(`${url}/moto-api/`), 60_000)
  return { url, stop: () => child.kill() }
}

async function answers(url: string): Promise<boolean> {
  return await fetch(url).then(
    (response) => response.ok,
    () => false,
  )
}

async function reset(url: string): Promise<void> {
  const response = await fetch(`${url}/moto-api/reset`, { method: 'POST' })
  if (!response.ok) throw new Error(`the service did not forget: ${response.status}`)
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (typeof address !== 'object' || address === null) throw new Error('there is no free port')
  return address.port
}
