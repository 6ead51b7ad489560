import type { Logger, LogValues } from '@k1s/controller-runtime'

/** A line that was logged, and written nowhere. */
export interface LogLine {
  readonly level: 'debug' | 'info' | 'error'
  /** The names of the logger, joined by dots. Empty for the first one. */
  readonly logger: string
  readonly message: string
  readonly values: LogValues
  readonly error?: unknown
}

/** A logger that keeps lines in a list. */
export class CollectingLogger implements Logger {
  readonly #lines: LogLine[]
  readonly #name: string
  readonly #values: LogValues

  constructor(lines: LogLine[], name = '', values: LogValues = {}) {
    this.#lines = lines
    this.#name = name
    this.#values = values
  }

  debug(message: string, values?: LogValues): void {
    this.#add({ level: 'debug', message, values })
  }

  info(message: string, values?: LogValues): void {
    this.#add({ level: 'info', message, values })
  }

  error(error: unknown, message: string, values?: LogValues): void {
    this.#add({ level: 'error', message, values, error })
  }

  withValues(values: LogValues): Logger {
    return new CollectingLogger(this.#lines, this.#name, { ...this.#values, ...values })
  }

  withName(name: string): Logger {
    return new CollectingLogger(this.#lines, this.#name === '' ? name : `${this.#name}.${name}`, this.#values)
  }

  #add({ values, ...line }: Omit<LogLine, 'logger' | 'values'> & { values: LogValues | undefined }): void {
    this.#lines.push({ ...line, logger: this.#name, values: { ...this.#values, ...values } })
  }
}
