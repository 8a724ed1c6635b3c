/** A program for tests: plans in a folder, says which plan file it holds, and waits. */
import { readlinkSync } from 'node:fs'
import { givenJob, givenPrepared, Repository } from './given.ts'

const folder = process.argv[2] ?? ''
const repository = new Repository({})
const job = { ...givenJob(repository, { folder: '.' }), rootModule: folder }
repository.remove()
const prepared = await givenPrepared(job)
process.stdout.write(`holds ${readlinkSync(`/proc/self/fd/${prepared.planFile.handle.fd}`)}\n`)
setInterval(() => undefined, 60_000)
