import { defineKind, type KubernetesObject } from 'k1s'

/** The types of `crds/*.yaml`. What the schemas give a default to is always there. */
export interface Item extends KubernetesObject {
  spec: {
    /** The name of a Category. */
    category: string
    quantity: number
    /** With fewer than this, somebody should buy some. */
    minimum: number
  }
  status?: {
    /** What the last Event about the stock said. */
    stock?: 'Low' | 'Sufficient'
  }
}

export interface Category extends KubernetesObject {
  spec: { title: string }
  status?: {
    /** How many items are of this category, and how many pieces they are together. */
    items: number
    quantity: number
    lowStock: number
  }
}

const api = { group: 'stock.k1s.dev', version: 'v1' }

export const Item = defineKind<Item>({ ...api, kind: 'Item', plural: 'items', namespaced: true })

export const Category = defineKind<Category>({
  ...api,
  kind: 'Category',
  plural: 'categories',
  namespaced: false,
})
