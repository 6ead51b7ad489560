import { defineKind, type KubernetesObject } from 'k1s'

/** The types of `crds/*.yaml`. What the schemas give a default to is always there. */
export interface Item extends KubernetesObject {
  spec: {
    brand: string
    model: string
    /** The name of a Category. */
    category: string
    condition: 'New' | 'Refurbished' | 'Used'
    quantity: number
    /** How many there should be. */
    target: number
    /** In euros, with cents, for one: `14.90`. */
    price?: string
    /** Nothing more is bought of it. */
    discontinued: boolean
  }
  status?: {
    /** RFC 3339. */
    restockedAt?: string
    /** How many were bought last. */
    lastOrder?: number
  }
}

export interface Category extends KubernetesObject {
  spec: {
    title: string
    /** Such as `B2`. */
    shelf: string
  }
}

const api = { group: 'inventory.k1s.dev', version: 'v1' }

export const Item = defineKind<Item>({ ...api, kind: 'Item', plural: 'items', namespaced: true })

export const Category = defineKind<Category>({
  ...api,
  kind: 'Category',
  plural: 'categories',
  namespaced: false,
})
