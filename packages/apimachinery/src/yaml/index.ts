/** The YAML codec. Nothing else in the package loads a YAML parser. */
export * from './decode.ts'
export * from './encode.ts'
export * from './yaml-syntax-error.ts'
