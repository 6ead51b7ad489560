import type { InputStream, IOStreams, OutputStream } from './io-streams.ts'

/** An output stream that keeps what is written: for tests and for programs that run commands in process. */
export class MemoryOutput implements OutputStream {
  text = ''
  readonly isTTY: boolean
  readonly color: boolean
  readonly width: number

  constructor(options: { isTTY?: boolean; color?: boolean; width?: number } = {}) {
    this.isTTY = options.isTTY ?? false
    this.color = options.color ?? false
    this.width = options.width ?? 80
  }

  write(text: string): void {
    this.text += text
  }

  flush(): void {}
}

/** Streams in memory; `input` is what standard input holds. */
export function memoryStreams(
  input = '',
): IOStreams & { readonly out: MemoryOutput; readonly err: MemoryOutput } {
  let rest = input
  const take = (length: number) => {
    const taken = rest.slice(0, length)
    rest = rest.slice(length)
    return taken
  }
  const stdin: InputStream = {
    isTTY: false,
    readAll: () => take(rest.length),
    readLine: () => take(rest.search(/\n|$/) + 1).replace(/\n$/, ''),
  }
  return { out: new MemoryOutput(), err: new MemoryOutput(), in: stdin }
}
