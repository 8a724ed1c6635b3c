/**
 * What the operator watches, as Prometheus text. Numbers and fixed words only: no name, no id, no
 * workspace becomes a label.
 */
import type { Actor, RefusalCode } from '@holdpoint/core'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Gate, GateCommand } from './ports.ts'

export interface Metrics {
  readonly registry: Registry
  readonly refused: (code: RefusalCode) => void
  readonly evaluated: (outcome: 'allow' | 'hold' | 'deny' | 'failed') => void
  readonly performed: (effect: string, outcome: 'done' | 'failed') => void
  readonly streams: Gauge
  /** Measures every command that passes through the gate. */
  readonly measured: (gate: Gate) => Gate
}

/** Read when the page is asked for, because other replicas move them too. */
export interface Readings {
  readonly changesByStatus: () => Promise<ReadonlyMap<string, number>>
  readonly logSize: () => Promise<number>
  readonly readsOnly: () => boolean
}

export function createMetrics(readings: Readings): Metrics {
  const registry = new Registry()
  const registers = [registry]
  registerReadings(registry, readings)
  const refusals = new Counter({
    name: 'holdpoint_refusals_total',
    help: 'Requests and commands the rules said no to, by code.',
    labelNames: ['code'],
    registers,
  })
  const evaluations = new Counter({
    name: 'holdpoint_evaluations_total',
    help: 'Evaluations by verdict; failed ones were held.',
    labelNames: ['outcome'],
    registers,
  })
  const effects = new Counter({
    name: 'holdpoint_effects_total',
    help: 'Effects performed, by kind.',
    labelNames: ['effect', 'outcome'],
    registers,
  })
  const streams = new Gauge({
    name: 'holdpoint_streams',
    help: 'Clients that listen for events now.',
    registers,
  })
  return {
    registry,
    refused: (code) => refusals.inc({ code }),
    evaluated: (outcome) => evaluations.inc({ outcome }),
    performed: (effect, outcome) => effects.inc({ effect, outcome }),
    streams,
    measured: (gate) => measuredGate(gate, registry),
  }
}

function registerReadings(registry: Registry, readings: Readings): void {
  const registers = [registry]
  new Gauge({
    name: 'holdpoint_changes',
    help: 'Changes by status.',
    labelNames: ['status'],
    registers,
    async collect() {
      this.reset()
      for (const [status, count] of await readings.changesByStatus()) this.set({ status }, count)
    },
  })
  new Gauge({
    name: 'holdpoint_log_entries',
    help: 'Entries in the audit log.',
    registers,
    async collect() {
      this.set(await readings.logSize())
    },
  })
  new Gauge({
    name: 'holdpoint_reads_only',
    help: '1 while nothing may be written because the log does not fit what was signed.',
    registers,
    collect() {
      this.set(readings.readsOnly() ? 1 : 0)
    },
  })
}

function measuredGate(gate: Gate, registry: Registry): Gate {
  const seconds = new Histogram({
    name: 'holdpoint_gate_seconds',
    help: 'Time from a command to its committed answer.',
    labelNames: ['command', 'outcome'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [registry],
  })
  const handle = async (actor: Actor, command: GateCommand) => {
    const end = seconds.startTimer({ command: nameOf(command) })
    try {
      const answer = await gate.handle(actor, command)
      end({ outcome: answer.ok ? 'accepted' : 'refused' })
      return answer
    } catch (error) {
      end({ outcome: 'fault' })
      throw error
    }
  }
  return {
    handle,
    change: (id) => gate.change(id),
    changes: (filter) => gate.changes(filter),
    changeOfArtifact: (artifact) => gate.changeOfArtifact(artifact),
    access: () => gate.access(),
    policy: () => gate.policy(),
    close: () => gate.close(),
  }
}

function nameOf(command: GateCommand): string {
  return command.command.type
}
