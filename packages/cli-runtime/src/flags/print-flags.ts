import type { FlagDeclarer } from './flag-declarer.ts'

/** What print flags say, under the names that commander gives them. Each command adds the sets that it has. */
export interface PrintFlags {
  /** `json`, `yaml`, `name`, `wide`, `jsonpath=…`, `custom-columns=…`, …; undefined is the command's own form. */
  output?: string
  template?: string
  showManagedFields?: boolean
  allowMissingTemplateKeys?: boolean
  showLabels?: boolean
  labelColumns?: string[]
  /** False with `--no-headers`. */
  headers?: boolean
  sortBy?: string
}

const formats = ['json', 'yaml', 'name', 'jsonpath', 'jsonpath-as-json', 'jsonpath-file']

/**
 * Adds `-o`, `--template`, `--allow-missing-template-keys` and `--show-managed-fields`. `moreFormats` are values of
 * `-o` that help names besides those of every command.
 */
export function addPrintFlags(command: FlagDeclarer, moreFormats: readonly string[] = []): FlagDeclarer {
  return command
    .option('-o, --output <format>', `Output format. One of: (${[...formats, ...moreFormats].join(', ')}).`)
    .option('--template <template>', 'Template string or path to template file to use when -o=jsonpath-file.')
    .option(
      '--allow-missing-template-keys [bool]',
      'If true, ignore any errors in templates when a field or map key is missing in the template.',
      parseBoolean,
      true,
    )
    .option(
      '--show-managed-fields',
      'If true, keep the managedFields when printing objects in JSON or YAML format.',
    )
}

/** Adds what `get` has on top: `--no-headers`, `--show-labels`, `-L/--label-columns` and `--sort-by`. */
export function addTableFlags(command: FlagDeclarer): FlagDeclarer {
  return command
    .option(
      '--no-headers',
      "When using the default or custom-column output format, don't print headers (default print headers).",
    )
    .option('--show-labels', 'When printing, show all labels as the last column (default hide labels column)')
    .option(
      '-L, --label-columns <labels>',
      'Accepts a comma separated list of labels that are going to be presented as columns. Names are case-sensitive. You can also use multiple flag options like -L label1 -L label2...',
      (value: string, previous: string[] | undefined) => [...(previous ?? []), ...value.split(',')],
    )
    .option(
      '--sort-by <path>',
      "If non-empty, sort list types using this field specification. The field specification is expressed as a JSONPath expression (e.g. '{.metadata.name}'). The field in the API resource specified by this JSONPath expression must be an integer or a string.",
    )
}

function parseBoolean(text: string): boolean {
  if (text === 'true' || text === '1') return true
  if (text === 'false' || text === '0') return false
  throw new Error(`invalid argument ${JSON.stringify(text)}: must be true or false`)
}
