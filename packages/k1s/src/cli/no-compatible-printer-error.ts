import { quote } from '@k1s/apimachinery'

/** `genericclioptions.NoCompatiblePrinterError` of `k8s.io/cli-runtime`. */
export class NoCompatiblePrinterError extends Error {
  override name = 'NoCompatiblePrinterError'

  constructor(output: string, allowedFormats: readonly string[]) {
    const allowed = allowedFormats.toSorted().join(',')
    super(
      `unable to match a printer suitable for the output format ${quote(output)}, allowed formats are: ${allowed}`,
    )
  }
}
