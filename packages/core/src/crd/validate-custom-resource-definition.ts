import {
  append,
  equalJson,
  type FieldError,
  fieldError,
  indexPath,
  isDNS1035Label,
  validateImmutableField,
} from '@k1s/apimachinery'
import { validateAPIApproval } from './api-approval.ts'
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionNames,
  CustomResourceDefinitionSpec,
  CustomResourceDefinitionVersion,
} from './custom-resource-definition.ts'
import { validateGroup, validateNames } from './validate-names.ts'
import {
  type CheckRules,
  validateColumn,
  validateDeprecationWarning,
  validateSchema,
  validateSelectableFields,
  validateSubresources,
} from './validate-version.ts'

/**
 * All violations in a definition that has been decoded and defaulted. Of the metadata only the name's relation to
 * the spec is checked here. Parts that all versions have in common are reported as Kubernetes does, at
 * `spec.validation.openAPIV3Schema`, `spec.subresources`, `spec.additionalPrinterColumns` and
 * `spec.selectableFields`.
 *
 * Follows `ValidateCustomResourceDefinition` of
 * `k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation`. Conversion webhooks are refused, since k1s
 * cannot call any.
 */
export function validateCustomResourceDefinition(
  crd: CustomResourceDefinition,
  checkRules: CheckRules,
): FieldError[] {
  return validate(crd, undefined, checkRules)
}

/**
 * As {@link validateCustomResourceDefinition}, and that group and plural, and once established also scope and kind,
 * stay what they are.
 */
export function validateCustomResourceDefinitionUpdate(
  crd: CustomResourceDefinition,
  old: CustomResourceDefinition,
  checkRules: CheckRules,
): FieldError[] {
  return validate(crd, old, checkRules)
}

function validate(
  crd: CustomResourceDefinition,
  old: CustomResourceDefinition | undefined,
  checkRules: CheckRules,
): FieldError[] {
  const { spec } = crd
  if (spec === undefined) return [fieldError.required('spec')]
  return [
    ...(old === undefined ? nameErrors(crd) : []),
    ...specErrors(spec, old?.spec, checkRules),
    ...(old === undefined ? [] : immutableErrors(spec, old)),
    ...validateNames(crd.status?.acceptedNames ?? {}, 'status.acceptedNames'),
    ...storedVersionErrors(crd),
    ...validateAPIApproval(crd, old),
    ...preserveUnknownFieldsErrors(spec, old),
  ]
}

function nameErrors({ metadata, spec }: CustomResourceDefinition): FieldError[] {
  if (metadata.name === `${spec.names?.plural ?? ''}.${spec.group ?? ''}`) return []
  return [
    fieldError.invalid('metadata.name', metadata.name ?? '', 'must be spec.names.plural+"."+spec.group'),
  ]
}

function specErrors(
  spec: CustomResourceDefinitionSpec,
  old: CustomResourceDefinitionSpec | undefined,
  checkRules: CheckRules,
): FieldError[] {
  const versions = spec.versions ?? []
  return [
    ...validateGroup(spec.group ?? '', 'spec.group'),
    ...scopeErrors(spec.scope),
    ...missingSchemaErrors(versions),
    ...versionsErrors(versions, old?.versions ?? [], checkRules),
    ...requiredNameErrors(spec.names),
    ...validateNames(spec.names ?? {}, 'spec.names'),
    ...conversionErrors(spec),
  ]
}

function scopeErrors(scope: string | undefined): FieldError[] {
  if (scope === undefined || scope === '') return [fieldError.required('spec.scope')]
  if (scope === 'Cluster' || scope === 'Namespaced') return []
  return [fieldError.notSupported('spec.scope', scope, ['Cluster', 'Namespaced'])]
}

function missingSchemaErrors(versions: readonly CustomResourceDefinitionVersion[]): FieldError[] {
  return versions.flatMap((version, index) =>
    version.schema?.openAPIV3Schema === undefined
      ? [fieldError.required(`${indexPath('spec.versions', index)}.schema.openAPIV3Schema`)]
      : [],
  )
}

/** Whether all versions say the same about something; then Kubernetes moves it to the spec. */
function isCommon(
  versions: readonly CustomResourceDefinitionVersion[],
  part: keyof CustomResourceDefinitionVersion,
) {
  return versions.every((version) => equalJson(version[part], versions[0]![part]))
}

function versionsErrors(
  versions: readonly CustomResourceDefinitionVersion[],
  oldVersions: readonly CustomResourceDefinitionVersion[],
  checkRules: CheckRules,
): FieldError[] {
  const errors: FieldError[] = []
  const common = {
    schema: isCommon(versions, 'schema'),
    subresources: isCommon(versions, 'subresources'),
    columns: isCommon(versions, 'additionalPrinterColumns'),
    selectableFields: isCommon(versions, 'selectableFields'),
  }
  const isFirst = (index: number) => index === 0
  versions.forEach((version, index) => {
    const path = indexPath('spec.versions', index)
    const messages = isDNS1035Label(version.name ?? '')
    if (messages.length > 0)
      errors.push(fieldError.invalid(`${path}.name`, version.name ?? '', messages.join(',')))
    append(errors, validateDeprecationWarning(version, path))
    const anyStatus = versions.some((other) => other.subresources?.status !== undefined)
    const hasStatus = common.schema ? anyStatus : version.subresources?.status !== undefined
    const schema = version.schema?.openAPIV3Schema
    if (schema !== undefined && (!common.schema || isFirst(index))) {
      const parent = common.schema ? 'spec.validation' : `${path}.schema`
      // Rules that were accepted once are not held against a later version of the definition.
      const isUnchanged = oldVersions.some(
        (old) => old.name === version.name && equalJson(old.schema, version.schema),
      )
      errors.push(
        ...validateSchema(
          schema,
          hasStatus,
          `${parent}.openAPIV3Schema`,
          isUnchanged ? undefined : checkRules,
        ),
      )
    }
    if (!common.subresources || isFirst(index)) {
      const subresourcesPath = `${common.subresources ? 'spec' : path}.subresources`
      append(errors, validateSubresources(version.subresources, subresourcesPath))
    }
    if (!common.columns || isFirst(index)) {
      const columnsPath = `${common.columns ? 'spec' : path}.additionalPrinterColumns`
      version.additionalPrinterColumns?.forEach((column, at) => {
        append(errors, validateColumn(column, indexPath(columnsPath, at)))
      })
    }
    if (schema !== undefined && (!common.selectableFields || isFirst(index))) {
      const fieldsPath = `${common.selectableFields ? 'spec' : path}.selectableFields`
      append(errors, validateSelectableFields(version.selectableFields ?? [], schema, fieldsPath))
    }
  })
  const names = versions.map((version) => version.name)
  if (new Set(names).size < names.length) {
    errors.push(fieldError.invalid('spec.versions', names, 'must contain unique version names'))
  }
  if (versions.filter((version) => version.storage).length !== 1) {
    const detail = 'must have exactly one version marked as storage version'
    errors.push(fieldError.invalid('spec.versions', names, detail))
  }
  return errors
}

function requiredNameErrors(names: CustomResourceDefinitionNames | undefined): FieldError[] {
  return (['plural', 'singular', 'kind', 'listKind'] as const)
    .filter((name) => !names?.[name])
    .map((name) => fieldError.required(`spec.names.${name}`))
}

function conversionErrors({ conversion }: CustomResourceDefinitionSpec): FieldError[] {
  if (conversion === undefined) return []
  const { strategy } = conversion
  if (!strategy) return [fieldError.required('spec.conversion.strategy')]
  if (strategy === 'Webhook') {
    const detail =
      'conversion webhooks cannot be called by k1s; use strategy None, which changes apiVersion alone'
    return [fieldError.invalid('spec.conversion.strategy', strategy, detail)]
  }
  const errors: FieldError[] = []
  if (strategy !== 'None') {
    errors.push(fieldError.notSupported('spec.conversion.strategy', strategy, ['None', 'Webhook']))
  }
  const detail = 'should not be set when strategy is not set to Webhook'
  if (conversion.webhook?.clientConfig !== undefined) {
    errors.push(fieldError.forbidden('spec.conversion.webhookClientConfig', detail))
  }
  const reviewVersions = conversion.webhook?.conversionReviewVersions
  if (Array.isArray(reviewVersions) && reviewVersions.length > 0) {
    errors.push(fieldError.forbidden('spec.conversion.conversionReviewVersions', detail))
  }
  return errors
}

function immutableErrors(spec: CustomResourceDefinitionSpec, old: CustomResourceDefinition): FieldError[] {
  const isEstablished = old.status?.conditions?.some(
    ({ type, status }) => type === 'Established' && status === 'True',
  )
  return [
    ...(isEstablished ? validateImmutableField(spec.scope, old.spec.scope, 'spec.scope') : []),
    ...(isEstablished
      ? validateImmutableField(spec.names?.kind, old.spec.names.kind, 'spec.names.kind')
      : []),
    ...validateImmutableField(spec.group, old.spec.group, 'spec.group'),
    ...validateImmutableField(spec.names?.plural, old.spec.names.plural, 'spec.names.plural'),
  ]
}

function storedVersionErrors({ spec, status }: CustomResourceDefinition): FieldError[] {
  const path = 'status.storedVersions'
  const stored = status?.storedVersions ?? []
  if (stored.length === 0) {
    return [fieldError.invalid(path, status?.storedVersions ?? null, 'must have at least one stored version')]
  }
  const versions = spec.versions ?? []
  const errors = versions
    .filter((version) => version.storage && !stored.includes(version.name))
    .map((version) => fieldError.invalid(path, stored, `must have the storage version ${version.name}`))
  stored.forEach((name, index) => {
    if (versions.some((version) => version.name === name)) return
    const detail = `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`
    errors.push(fieldError.invalid(indexPath(path, index), name, detail))
  })
  return errors
}

function preserveUnknownFieldsErrors(
  spec: CustomResourceDefinitionSpec,
  old: CustomResourceDefinition | undefined,
): FieldError[] {
  if (spec.preserveUnknownFields !== true || old?.spec.preserveUnknownFields === true) return []
  const detail =
    'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead'
  return [fieldError.invalid('spec.preserveUnknownFields', true, detail)]
}
