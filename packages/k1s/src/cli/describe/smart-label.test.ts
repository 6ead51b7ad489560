import { describe, expect, test } from 'vitest'
import { smartLabel } from './smart-label.ts'

describe('smartLabel', () => {
  // The first eight are the cases of TestSmartLabelFor in k8s.io/kubectl/pkg/describe/describe_test.go.
  test.each([
    ['simpleField', 'Simple Field'],
    ['respectPDBs', 'Respect PDBs'],
    ['respectPDB', 'Respect PDB'],
    ['apiURL', 'API URL'],
    ['kubeAPI', 'Kube API'],
    ['userUID', 'User UID'],
    ['HTTPSProxy', 'HTTPSProxy'],
    ['customCRDs', 'Custom CRDs'],
    ['apiVersion', 'API Version'],
    ['uid', 'UID'],
    ['lastTransitionTime', 'Last Transition Time'],
    ['creationTimestamp', 'Creation Timestamp'],
    ['my.domain/field', 'my.domain/field'],
    ['key1', 'key1'],
    ['foo-bar', 'Foo - Bar'],
    ['podCIDR', 'Pod CIDR'],
    ['externalURL', 'External URL'],
  ])('titles %s as %s', (field, label) => {
    expect(smartLabel(field)).toBe(label)
  })
})
