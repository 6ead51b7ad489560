// What applications need, from one package: `import { createRuntime, defineKind } from 'k1s'`.
export * from '@k1s/apimachinery'
export * from '@k1s/core'
