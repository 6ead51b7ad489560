/**
 * A structured log: `logr.Logger`. Messages are constant texts; what changes goes into `values`, whose names are in camel
 * case. Levels of `debug` are those of `V(1)` and above.
 */
export interface Logger {
  debug(message: string, values?: LogValues): void
  info(message: string, values?: LogValues): void
  error(error: unknown, message: string, values?: LogValues): void
  /** A logger that adds these to every line. */
  withValues(values: LogValues): Logger
  /** A logger whose lines tell where they are from; names are joined by dots. */
  withName(name: string): Logger
}

/** What a line has besides its message: anything that JSON can say. */
export type LogValues = { readonly [name: string]: unknown }
