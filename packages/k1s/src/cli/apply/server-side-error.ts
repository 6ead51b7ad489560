import { isConflict, isUnsupportedMediaType } from '@k1s/apimachinery'

/** With the texts of applyOneObject of `k8s.io/kubectl/pkg/cmd/apply`; other errors come back as they are. */
export function explainServerSideError(error: unknown): unknown {
  if (isUnsupportedMediaType(error)) {
    return new Error(`Server-side apply not available on the server: (${error.message})`)
  }
  if (!isConflict(error)) return error
  return new Error(`${error.message}
Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the \`--force-conflicts\` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts`)
}
