import { type Condition, defineKind, type KubernetesObject } from 'k1s'

/** The type of `crds/website.yaml`. */
export interface Website extends KubernetesObject {
  spec: { host: string; text: string }
  status?: { observedGeneration?: number; conditions?: Condition[] }
}

export interface ConfigMap extends KubernetesObject {
  data?: { [key: string]: string }
}

export const Website = defineKind<Website>({
  group: 'web.example.com',
  version: 'v1',
  kind: 'Website',
  plural: 'websites',
  namespaced: true,
})

export const ConfigMap = defineKind<ConfigMap>({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
})
