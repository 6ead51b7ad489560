import type { FilenameOptions } from '@k1s/cli-runtime'

/** With the text of RequireFilenameOrKustomize of `k8s.io/cli-runtime/pkg/resource`. */
export function requireFilename({ filename, kustomize }: FilenameOptions): void {
  if (filename === undefined && kustomize === undefined) throw new Error('must specify one of -f and -k')
}
