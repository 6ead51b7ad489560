import { type Clock, systemClock } from '@k1s/apimachinery'
import { messageOf, printableError } from '../printable-error.ts'
import type { Logger, LogValues } from './logger.ts'

export interface LoggerOptions {
  /** Default: `info`. */
  readonly level?: 'debug' | 'info' | 'error'
  /** Takes each line, which ends in a line break. Default: standard error. */
  readonly write?: (line: string) => void
  readonly clock?: Clock
}

const levels = { debug: 0, info: 1, error: 2 }

/** A logger of JSON lines with the fields of controller-runtime's zap logger: `level`, `ts`, `logger`, `msg`, `error`. */
export function newLogger(options: LoggerOptions = {}): Logger {
  const { level = 'info', write = (line) => process.stderr.write(line), clock = systemClock } = options
  return new JsonLogger({ threshold: levels[level], write, clock }, '', {})
}

interface Output {
  readonly threshold: number
  readonly write: (line: string) => void
  readonly clock: Clock
}

class JsonLogger implements Logger {
  readonly #output: Output
  readonly #name: string
  readonly #values: LogValues

  constructor(output: Output, name: string, values: LogValues) {
    this.#output = output
    this.#name = name
    this.#values = values
  }

  debug(message: string, values?: LogValues): void {
    this.#log('debug', message, values)
  }

  info(message: string, values?: LogValues): void {
    this.#log('info', message, values)
  }

  error(error: unknown, message: string, values?: LogValues): void {
    this.#log('error', message, { ...values, ...errorValues(error) })
  }

  withValues(values: LogValues): Logger {
    return new JsonLogger(this.#output, this.#name, { ...this.#values, ...values })
  }

  withName(name: string): Logger {
    return new JsonLogger(this.#output, this.#name === '' ? name : `${this.#name}.${name}`, this.#values)
  }

  #log(level: keyof typeof levels, message: string, values: LogValues | undefined): void {
    const { threshold, write, clock } = this.#output
    if (levels[level] < threshold) return
    const logger = this.#name === '' ? {} : { logger: this.#name }
    const line = { level, ts: new Date(clock.now()).toISOString(), ...logger, msg: message }
    write(`${jsonOf({ ...line, ...this.#values, ...values })}\n`)
  }
}

/** As with zap, `NAMEError` says why, in place of a value that JSON cannot say. */
function jsonOf(values: LogValues): string {
  try {
    return JSON.stringify(values)
  } catch {
    return JSON.stringify(Object.fromEntries(Object.entries(values).map(sayable)))
  }
}

function sayable([name, value]: [string, unknown]): [string, unknown] {
  try {
    JSON.stringify(value)
    return [name, value]
  } catch (error) {
    return [`${name}Error`, messageOf(error)]
  }
}

function errorValues(thrown: unknown): LogValues {
  const error = printableError(thrown)
  if (!(error instanceof Error)) return { error: messageOf(error) }
  return { error: error.message, ...(error.stack !== undefined && { stacktrace: error.stack }) }
}
