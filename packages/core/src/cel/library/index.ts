import { twoVariableLibrary } from '../comprehension-library.ts'
import type { CelLibrary } from '../environment.ts'
import { optionalLibrary } from '../optional-library.ts'
import { cidrLibrary } from './cidr.ts'
import { formatLibrary } from './format.ts'
import { ipLibrary } from './ip.ts'
import { listExtensionsLibrary } from './list-extensions.ts'
import { listsLibrary } from './lists.ts'
import { quantityLibrary } from './quantity.ts'
import { regexLibrary } from './regex.ts'
import { semverLibrary } from './semver.ts'
import { setsLibrary } from './sets.ts'
import { stringsLibrary } from './strings.ts'
import { urlLibrary } from './urls.ts'

export { jsonPatchLibrary } from './json-patch.ts'

/**
 * What Kubernetes 1.37 adds to CEL's standard library: `k8s.io/apiserver/pkg/cel/environment/base.go`. The authorizer
 * is not there, since k1s authorizes nothing.
 */
export const kubernetesLibraries: readonly CelLibrary[] = [
  listsLibrary,
  stringsLibrary,
  regexLibrary,
  setsLibrary,
  listExtensionsLibrary,
  urlLibrary,
  quantityLibrary,
  ipLibrary,
  cidrLibrary,
  semverLibrary,
  formatLibrary,
  optionalLibrary,
  twoVariableLibrary,
]
