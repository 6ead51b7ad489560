import { fstatSync, readSync, statSync, writeSync } from 'node:fs'
import { BrokenPipeError, type InputStream, type IOStreams, type OutputStream } from './io-streams.ts'
import { readToEnd } from './read-to-end.ts'

/** Output is collected up to this many characters before it is written. */
const bufferSize = 64 * 1024

/** The standard streams of this process. Nothing is opened or asked of the system before its first use. */
export function processStreams(
  env: { readonly [name: string]: string | undefined } = process.env,
): IOStreams {
  const out = new FileDescriptorStream(1, env)
  return { out, err: new ErrorStream(2, env, out), in: new FileDescriptorInput(0) }
}

/** Writes synchronously to a file descriptor: what is written is out of the process when `flush` returns. */
class FileDescriptorStream implements OutputStream {
  readonly #fd: number
  readonly #env: { readonly [name: string]: string | undefined }
  #buffer = ''
  #scheduled = false
  #broken = false
  #isTTY: boolean | undefined

  constructor(fd: number, env: { readonly [name: string]: string | undefined }) {
    this.#fd = fd
    this.#env = env
  }

  write(text: string): void {
    if (this.#broken) throw new BrokenPipeError('the reader of the output is gone')
    this.#buffer += text
    if (this.#buffer.length >= bufferSize) {
      this.flush()
    } else if (!this.#scheduled) {
      this.#scheduled = true
      setImmediate(() => this.#flushInBackground())
    }
  }

  flush(): void {
    if (this.#buffer === '') return
    const bytes = Buffer.from(this.#buffer)
    this.#buffer = ''
    for (let offset = 0; offset < bytes.length; ) {
      offset += this.#writeSome(bytes, offset)
    }
  }

  get isTTY(): boolean {
    this.#isTTY ??= isTerminal(this.#fd)
    return this.#isTTY
  }

  get width(): number {
    const columns = Number(this.#env.COLUMNS)
    if (Number.isInteger(columns) && columns > 0) return columns
    const stream = this.#fd === 2 ? process.stderr : process.stdout
    return this.isTTY ? stream.columns : 80
  }

  get color(): boolean {
    return this.isTTY && this.#env.TERM !== 'dumb' && this.#env.NO_COLOR === undefined
  }

  #writeSome(bytes: Buffer, offset: number): number {
    try {
      return writeSync(this.#fd, bytes, offset)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      // A pipe that somebody else made non-blocking is full: its reader needs a moment.
      if (code === 'EAGAIN') {
        sleep(2)
        return 0
      }
      if (code === 'EPIPE') {
        this.#broken = true
        throw new BrokenPipeError('the reader of the output is gone')
      }
      if (code === 'ENOSPC') {
        const path = this.#fd === 2 ? '/dev/stderr' : '/dev/stdout'
        throw new Error(`write ${path}: no space left on device`, { cause: error })
      }
      throw error
    }
  }

  /** The next write tells the command about a broken pipe; nobody could catch it here. */
  #flushInBackground(): void {
    this.#scheduled = false
    try {
      this.flush()
    } catch (error) {
      if (!(error instanceof BrokenPipeError)) throw error
    }
  }
}

/** Unbuffered, and after everything that was written to the other stream, so that both read in order on a terminal. */
class ErrorStream extends FileDescriptorStream {
  readonly #before: OutputStream

  constructor(fd: number, env: { readonly [name: string]: string | undefined }, before: OutputStream) {
    super(fd, env)
    this.#before = before
  }

  override write(text: string): void {
    try {
      this.#before.flush()
    } catch (error) {
      if (!(error instanceof BrokenPipeError)) throw error
    }
    super.write(text)
    this.flush()
  }
}

class FileDescriptorInput implements InputStream {
  readonly #fd: number

  constructor(fd: number) {
    this.#fd = fd
  }

  readAll(): string {
    return readToEnd('STDIN', (chunk) => this.#readSome(chunk)).toString('utf8')
  }

  /** Takes one byte at a time, so that what follows stays for others. */
  readLine(): string {
    const bytes: number[] = []
    const chunk = Buffer.allocUnsafe(1)
    for (;;) {
      const length = this.#readSome(chunk)
      if (length === 0 || (length > 0 && chunk[0] === 0x0a)) return Buffer.from(bytes).toString('utf8')
      if (length > 0) bytes.push(chunk[0]!)
    }
  }

  get isTTY(): boolean {
    return isTerminal(this.#fd)
  }

  /** Bytes read; 0 at the end, -1 if there is nothing yet. */
  #readSome(chunk: Buffer): number {
    try {
      return readSync(this.#fd, chunk)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EOF') return 0
      if (code !== 'EAGAIN') throw error
      sleep(2)
      return -1
    }
  }
}

/** Loads `node:tty` (1 to 2 ms) only for what can be a terminal at all: no pipe, file or null device. */
function isTerminal(fd: number): boolean {
  try {
    const stat = fstatSync(fd)
    if (!stat.isCharacterDevice() || stat.rdev === statSync('/dev/null').rdev) return false
  } catch {
    // A closed descriptor is no terminal; where there is no /dev/null, node:tty decides.
    if (process.platform !== 'win32') return false
  }
  return process.getBuiltinModule('node:tty').isatty(fd)
}

function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}
