import type { Factory } from '@k1s/cli-runtime'
import type { FlagSet } from './flag-set.ts'

/** One command of the command line. Its module is loaded when it is called, or when its help is asked for. */
export interface Command<Flags = object> {
  /** The usage line after `k1s`: `get TYPE [NAME] [flags]`. */
  readonly usage: string
  /** What it does, in full; the summary of {@link CommandEntry} is the short form. */
  readonly description: string
  /** Lines of comment and command line. */
  readonly examples: string
  /** Declares the command's own flags. Those of every command are added to them. */
  flags?(set: FlagSet): void
  /** Undefined for a command that only has subcommands. */
  run?(invocation: Invocation<Flags>): Promise<void>
  readonly subcommands?: readonly CommandEntry[]
  /** The exit code when the command fails, if that is not 1. */
  readonly failureExitCode?: number
}

/** How a command is found and loaded. */
export interface CommandEntry {
  readonly name: string
  readonly aliases?: readonly string[]
  readonly summary: string
  /** What people type when they mean this command. */
  readonly suggestFor?: readonly string[]
  load(): Promise<Command<never>>
}

/** A command line that was understood. */
export interface Invocation<Flags> {
  /** As typed, without flags: `k1s config view`. */
  readonly commandPath: string
  readonly args: readonly string[]
  readonly flags: Flags
  /** Whether a flag was given, by its key, in contrast to a default. */
  changed(key: keyof Flags & string): boolean
  readonly factory: Factory
  /** Runs the controllers that what was written concerns, for commands that wait for what controllers do. */
  runControllers?(): Promise<void>
}
