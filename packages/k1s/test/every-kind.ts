/** Objects of every kind that k1s serves, for what has to hold for all of them. */

/** A kind with a printer column of every type, of which one is only printed with `-o wide`. */
export const gaugeDefinition = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: gauges.lab.k1s.dev
spec:
  group: lab.k1s.dev
  scope: Namespaced
  names: {plural: gauges, singular: gauge, kind: Gauge, shortNames: [gg], categories: [all, lab]}
  versions:
  - name: v1
    served: true
    storage: true
    subresources:
      status: {}
      scale: {specReplicasPath: .spec.count, statusReplicasPath: .status.count}
    additionalPrinterColumns:
    - {name: Label, type: string, jsonPath: .spec.label}
    - {name: Count, type: integer, jsonPath: .spec.count}
    - {name: Level, type: number, jsonPath: .spec.level}
    - {name: Open, type: boolean, jsonPath: .spec.open}
    - {name: Checked, type: date, jsonPath: .spec.checked}
    - {name: First, type: string, jsonPath: '.spec.marks[0].name'}
    - {name: Marks, type: string, jsonPath: '.spec.marks[*].name'}
    - {name: Ready, type: string, jsonPath: '.status.conditions[?(@.type=="Ready")].status'}
    - {name: Extra, type: string, jsonPath: .spec.extra, priority: 1}
    - {name: Age, type: date, jsonPath: .metadata.creationTimestamp}
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            description: What the gauge shows.
            properties:
              label: {type: string, description: The text below the gauge.}
              count: {type: integer}
              level: {type: number}
              open: {type: boolean}
              checked: {type: string}
              marks: {type: array, items: {type: object, properties: {name: {type: string}}}}
              extra: {type: object, x-kubernetes-preserve-unknown-fields: true}
          status:
            type: object
            properties:
              count: {type: integer}
              conditions: {type: array, items: {type: object, x-kubernetes-preserve-unknown-fields: true}}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: plants.lab.k1s.dev
spec:
  group: lab.k1s.dev
  scope: Cluster
  names: {plural: plants, singular: plant, kind: Plant}
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
  - name: v1beta1
    served: true
    storage: false
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
`

export const everyKind = `
apiVersion: v1
kind: Namespace
metadata: {name: lab, labels: {team: red, app.kubernetes.io/name: lab}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: empty}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, labels: {app: web, app.kubernetes.io/part-of: shop}, annotations: {note: "first\\nsecond"}}
data: {color: blue, size: "9", poem: "roses\\nare\\nred"}
binaryData: {raw: AAEC}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings-with-a-name-that-is-rather-long, namespace: lab, labels: {app: db}}
data: {size: größer}
---
apiVersion: v1
kind: Secret
metadata: {name: password, labels: {app: web}}
type: Opaque
stringData: {password: hunter2}
---
apiVersion: v1
kind: Secret
metadata: {name: registry, namespace: lab}
type: kubernetes.io/basic-auth
stringData: {username: u, password: p}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: robot}
secrets: [{name: password}]
imagePullSecrets: [{name: registry}]
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: builder, namespace: lab}
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: small}
spec: {hard: {configmaps: "100", count/gauges.lab.k1s.dev: "20", secrets: "30"}}
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: large, namespace: lab}
spec: {hard: {requests.cpu: "4", limits.memory: 8Gi, pods: "10"}, scopes: [NotTerminating]}
---
apiVersion: coordination.k8s.io/v1
kind: Lease
metadata: {name: leader}
spec: {holderIdentity: node-1, leaseDurationSeconds: 15, renewTime: "2024-05-01T10:00:00.000000Z", leaseTransitions: 2}
---
apiVersion: coordination.k8s.io/v1
kind: Lease
metadata: {name: vacant}
---
apiVersion: v1
kind: Event
metadata: {name: settings.1}
involvedObject: {kind: ConfigMap, name: settings, namespace: default, apiVersion: v1}
reason: Changed
message: "the color is blue\\nand the size 9"
type: Normal
count: 3
firstTimestamp: "2024-05-01T10:00:00Z"
lastTimestamp: "2024-05-01T11:00:00Z"
source: {component: painter, host: node-1}
---
apiVersion: events.k8s.io/v1
kind: Event
metadata: {name: settings.2}
eventTime: "2024-05-01T12:00:00.000000Z"
regarding: {kind: ConfigMap, name: settings, namespace: default, fieldPath: "data{color}"}
reason: Faded
note: it was bluer
type: Warning
action: Look
reportingController: lab.k1s.dev/painter
reportingInstance: painter-1
series: {count: 5, lastObservedTime: "2024-05-01T13:00:00.000000Z"}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: short-names}
spec:
  matchConstraints: {resourceRules: [{apiGroups: [lab.k1s.dev], apiVersions: [v1], operations: [CREATE], resources: [plants]}]}
  validations: [{expression: "size(object.metadata.name) < 60", message: too long}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: with-parameters}
spec:
  paramKind: {apiVersion: v1, kind: ConfigMap}
  matchConstraints: {resourceRules: [{apiGroups: [lab.k1s.dev], apiVersions: [v1], operations: [UPDATE], resources: [plants]}]}
  validations: [{expression: "true"}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: short-names}
spec: {policyName: short-names, validationActions: [Deny]}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: with-parameters}
spec: {policyName: with-parameters, paramRef: {name: empty, namespace: default, parameterNotFoundAction: Allow}, validationActions: [Warn]}
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicy
metadata: {name: mark}
spec:
  reinvocationPolicy: IfNeeded
  matchConstraints: {resourceRules: [{apiGroups: [lab.k1s.dev], apiVersions: [v1], operations: [UPDATE, CREATE], resources: [plants]}]}
  mutations: [{patchType: JSONPatch, jsonPatch: {expression: '[JSONPatch{op: "add", path: "/spec", value: {}}]'}}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicyBinding
metadata: {name: mark}
spec: {policyName: mark}
---
apiVersion: lab.k1s.dev/v1
kind: Gauge
metadata: {name: a, labels: {app: web, side: left}}
spec:
  label: "main, \\"left\\""
  count: 3
  level: 0.25
  open: true
  checked: "2024-05-01T10:00:00Z"
  marks: [{name: low}, {name: high}]
  extra: {b: [1, two], a: null}
---
apiVersion: lab.k1s.dev/v1
kind: Gauge
metadata: {name: b, labels: {app: db}}
spec: {label: "two\\nlines", count: 20, level: 1000000, open: false, checked: yesterday}
---
apiVersion: lab.k1s.dev/v1
kind: Gauge
metadata: {name: c, namespace: lab}
spec: {label: "tab\\there é 語", level: 1.0e+21}
---
apiVersion: lab.k1s.dev/v1
kind: Gauge
metadata: {name: bare, namespace: lab, finalizers: [lab.k1s.dev/keep]}
---
apiVersion: lab.k1s.dev/v1
kind: Plant
metadata: {name: fern, labels: {app: web}}
---
apiVersion: lab.k1s.dev/v1
kind: Plant
metadata: {name: moss}
`
