import { NamePrinter } from './name-printer.ts'
import type { PrinterOptions, ResourcePrinter } from './printer.ts'
import { TablePrinter } from './table-printer.ts'

const templateFormats = ['jsonpath', 'jsonpath-as-json', 'jsonpath-file']
const columnFormats = ['custom-columns', 'custom-columns-file']
const goTemplateFormats = ['go-template', 'go-template-file', 'template', 'templatefile']

/** All values of `-o`. `get` has them all; other commands have neither `wide` nor custom columns. */
export const outputFormats = [...columnFormats, 'json', ...templateFormats, 'name', 'wide', 'yaml']

/**
 * Makes the printer for `-o`, loading only the code of that format: `PrintFlags.ToPrinter` of kubectl's get with the
 * name printer of other commands.
 *
 * @throws Error on an unknown format, on a Go template, and on a template that cannot be read or parsed.
 */
export async function createPrinter(options: PrinterOptions = {}): Promise<ResourcePrinter> {
  const printer = await createFormatPrinter(options)
  if (!options.sortBy) return printer
  const { SortingPrinter } = await import('./sorting-printer.ts')
  return new SortingPrinter(options.sortBy, printer)
}

async function createFormatPrinter(options: PrinterOptions): Promise<ResourcePrinter> {
  const output = options.output ?? ''
  if (output === '' && (options.template ?? '') !== '') refuseGoTemplates('go-template')
  const { format, argument } = splitFormat(output, options.template)
  switch (format) {
    case '':
      return options.operation === undefined ? new TablePrinter(options) : new NamePrinter(options.operation)
    case 'wide':
      return new TablePrinter({ ...options, wide: true })
    case 'name':
      return new NamePrinter()
    case 'json': {
      const { JsonPrinter } = await import('./json-printer.ts')
      return new JsonPrinter(options)
    }
    case 'yaml': {
      const { YamlPrinter } = await import('./yaml-printer.ts')
      return new YamlPrinter(options)
    }
  }
  if (templateFormats.includes(format)) return createJsonPathPrinter(format, argument, options)
  if (columnFormats.includes(format)) return createCustomColumnsPrinter(format, argument, options)
  if (goTemplateFormats.includes(format)) refuseGoTemplates(format)
  throw new Error(
    `unable to match a printer suitable for the output format ${JSON.stringify(output)}, allowed formats are: ${outputFormats.join(',')}`,
  )
}

/** Parts `jsonpath={.x}` into format and argument; `--template` stands for the argument if it is given. */
function splitFormat(output: string, template: string | undefined): { format: string; argument: string } {
  const equals = output.indexOf('=')
  const format = equals < 0 ? output : output.slice(0, equals)
  const takesArgument = [...templateFormats, ...columnFormats, ...goTemplateFormats].includes(format)
  if (!takesArgument) return { format: output, argument: '' }
  return { format, argument: equals < 0 ? (template ?? '') : output.slice(equals + 1) }
}

async function createJsonPathPrinter(
  format: string,
  argument: string,
  options: PrinterOptions,
): Promise<ResourcePrinter> {
  if (argument === '') throw new Error('template format specified but no template given')
  const template = format === 'jsonpath-file' ? await readTemplate('--template', argument) : argument
  const { JsonPathPrinter } = await import('./json-path-printer.ts')
  return new JsonPathPrinter(template, { ...options, asJson: format === 'jsonpath-as-json' })
}

async function createCustomColumnsPrinter(
  format: string,
  argument: string,
  options: PrinterOptions,
): Promise<ResourcePrinter> {
  if (argument === '') throw new Error('custom-columns format specified but no custom columns given')
  const { CustomColumnsPrinter } = await import('./custom-columns-printer.ts')
  if (format === 'custom-columns') return CustomColumnsPrinter.fromSpec(argument, options.noHeaders)
  return CustomColumnsPrinter.fromTemplate(await readTemplate('template', argument))
}

async function readTemplate(what: string, path: string): Promise<string> {
  const { readFile } = await import('../resource/read-file.ts')
  try {
    return new TextDecoder().decode(readFile(path))
  } catch (error) {
    throw new Error(`error reading ${what} ${path}, ${(error as Error).message}`, { cause: error })
  }
}

function refuseGoTemplates(format: string): never {
  throw new Error(
    `the output format ${JSON.stringify(format)} is not supported: k1s has no Go templates; use -o jsonpath='{…}', -o custom-columns=NAME:.metadata.name, or -o json with a program such as jq`,
  )
}
