import { type DuplicateField, decodeJson, findDuplicateFields } from '@k1s/apimachinery'

/** One object of a file, not yet looked at. */
export interface SourceDocument {
  readonly value: unknown
  /** The file: what kubectl names once an object is understood. */
  readonly file: string
  /** The file, with the line for documents after the first: where to look for what cannot be understood. */
  readonly position: string
  /** Keys that an object in it has twice, with their lines. */
  readonly duplicateKeys: readonly { readonly path: string; readonly line: number }[]
}

/**
 * The objects of a file in JSON or YAML. YAML code is loaded only if the text is not one JSON value.
 *
 * @throws Error `error parsing FILE: …`, in strict mode also for duplicate keys.
 */
export async function decodeDocuments(
  text: string,
  file: string,
  strict: boolean,
): Promise<SourceDocument[]> {
  if (/^\s*[{[]/.test(text) && isJson(text)) {
    const duplicateKeys: readonly DuplicateField[] = findDuplicateFields(text)
    return [{ value: decodeJson(text, { file, strict }), file, position: file, duplicateKeys }]
  }
  const { decodeYaml } = await import('@k1s/apimachinery/yaml')
  return decodeYaml(text, { file, strict }).map(({ value, line, duplicateKeys }, index) => ({
    value,
    file,
    position: index === 0 ? file : `${file}:${line}`,
    duplicateKeys,
  }))
}

/** Text of a file in UTF-8, or in UTF-16 if it starts with that byte order mark, as some editors save. */
export function decodeText(bytes: Uint8Array, file: string): string {
  const encoding = encodingOf(bytes)
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch (error) {
    throw new Error(`error parsing ${file}: the text is not valid ${encoding.toUpperCase()}`, {
      cause: error,
    })
  }
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
}

/** Whether the text is one JSON value. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
