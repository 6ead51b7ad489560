import type { ResourceDefinition } from '../resource-definition.ts'
import { configMapDefinition } from './config-map.ts'
import { customResourceDefinitionDefinition } from './custom-resource-definition.ts'
import { coreEventDefinition, eventsEventDefinition } from './event.ts'
import { leaseDefinition } from './lease.ts'
import {
  mutatingAdmissionPolicyBindingDefinition,
  mutatingAdmissionPolicyDefinition,
} from './mutating-admission-policy.ts'
import { namespaceDefinition } from './namespace.ts'
import { resourceQuotaDefinition } from './resource-quota.ts'
import { secretDefinition } from './secret.ts'
import { serviceAccountDefinition } from './service-account.ts'
import {
  validatingAdmissionPolicyBindingDefinition,
  validatingAdmissionPolicyDefinition,
} from './validating-admission-policy.ts'

/** The kinds that every runtime serves, in the order in which discovery lists them. */
export const builtinDefinitions: readonly ResourceDefinition[] = [
  configMapDefinition,
  coreEventDefinition,
  namespaceDefinition,
  resourceQuotaDefinition,
  secretDefinition,
  serviceAccountDefinition,
  mutatingAdmissionPolicyDefinition,
  mutatingAdmissionPolicyBindingDefinition,
  validatingAdmissionPolicyDefinition,
  validatingAdmissionPolicyBindingDefinition,
  customResourceDefinitionDefinition,
  leaseDefinition,
  eventsEventDefinition,
]
