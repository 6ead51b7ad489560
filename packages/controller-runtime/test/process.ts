// A process of the tests of several processes: `ROLE DIRECTORY [JSON]`. Runs as a bundle of the sources.
import { openSync, writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { type ApiRequest, createRuntime, type Transport } from '@k1s/core'
import { Category, Item, warehouseManager } from './warehouse.ts'

const [, , role = '', path = '', input = '{}'] = process.argv
const argument = JSON.parse(input)
const tell = (message: unknown) => process.stdout.write(`${JSON.stringify(message)}\n`)

/** Notes when reconciles of an Item begin and end, with lines that are written whole. */
function noting(file: string, milliseconds: number) {
  const descriptor = openSync(file, 'a')
  const note = (what: string, name: string) => writeSync(descriptor, `${what} ${name} ${process.pid}\n`)
  return async (name: string, work: () => Promise<void>) => {
    note('begin', name)
    await work()
    await delay(milliseconds)
    note('end', name)
  }
}

/** Kills this process just before a request is made, or just after it has been answered. */
function killing({ when, verb, resource, name }: { [key: string]: string }) {
  return (transport: Transport): Transport => {
    const answer = transport.request.bind(transport)
    return Object.assign(transport, {
      request: async (request: ApiRequest) => {
        const isMeant = request.verb === verb && request.resource === resource && request.name === name
        if (isMeant && when === 'before') process.kill(process.pid, 'SIGKILL')
        const answered = await answer(request)
        if (isMeant && when === 'after') process.kill(process.pid, 'SIGKILL')
        return answered
      },
    })
  }
}

const { log, pause = 0, kill } = argument
const runtime = await createRuntime({
  storage: { type: 'lmdb', path },
  ...(kill !== undefined && { wrapTransport: killing(kill) }),
})
runtime.registerAPI(Item, Category)
const manager = warehouseManager(runtime, log === undefined ? {} : { around: noting(log, pause) })
const stop = new AbortController()
const lines = createInterface({ input: process.stdin })

const roles: { readonly [role: string]: () => Promise<void> } = {
  /** One triggered run, once it is told to. */
  async run() {
    await new Promise((resolve) => lines.once('line', resolve))
    await manager.runOnce()
  },

  /** Triggered runs, one after the other, until it is told to stop. */
  async loop() {
    while (!stop.signal.aborted) {
      await manager.runOnce({ signal: stop.signal })
      await delay(1)
    }
  },

  /** A manager that goes on until it is told to stop. */
  async follow() {
    await manager.start(stop.signal)
  },
}

if (role !== 'run') lines.once('line', () => stop.abort())
tell({ ready: true })
await roles[role]!()
lines.close()
await runtime.close()
