import { describe, expect, test } from 'vitest'
import { isPretty, type MediaType, negotiate } from './negotiate.ts'

const objects: MediaType[] = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf']
const ofCustomResources: MediaType[] = ['application/json', 'application/yaml']

const chosen = (accept: string | undefined, offered = ofCustomResources) =>
  negotiate(accept, offered, { transforms: true })

describe('a client that accepts', () => {
  test.each([
    [undefined, 'application/json'],
    ['', 'application/json'],
    ['*/*', 'application/json'],
    ['*', 'application/json'],
    ['application/*', 'application/json'],
    ['application/yaml', 'application/yaml'],
    ['text/html, application/yaml;q=0.5, application/json;q=0.4', 'application/yaml'],
    ['application/json;q=0.1, application/yaml', 'application/yaml'],
    ['*/*, application/yaml', 'application/yaml'],
    ['application/vnd.kubernetes.protobuf, application/json', 'application/json'],
    ['application/vnd.kubernetes.protobuf, */*', 'application/json'],
    ['APPLICATION/JSON; charset=utf-8', 'application/json'],
    ['application/json;stream=watch', 'application/json'],
  ])('%s gets %s of a custom resource', (accept, mediaType) => {
    expect(chosen(accept)).toEqual({ mediaType, pretty: false })
  })

  test('protobuf first gets it of a built-in kind', () => {
    const { mediaType } = chosen('application/vnd.kubernetes.protobuf,application/json', objects)
    expect(mediaType).toBe('application/vnd.kubernetes.protobuf')
  })

  test('what kubectl sends gets a table', () => {
    const accept =
      'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json'
    expect(chosen(accept)).toEqual({
      mediaType: 'application/json',
      pretty: false,
      as: 'Table',
      metaVersion: 'v1',
    })
  })

  test('a table as protobuf, which there is none of, gets the next that it names', () => {
    const accept =
      'application/vnd.kubernetes.protobuf;as=Table;v=v1;g=meta.k8s.io,application/yaml;as=Table;v=v1beta1;g=meta.k8s.io'
    expect(chosen(accept, objects)).toMatchObject({ mediaType: 'application/yaml', metaVersion: 'v1beta1' })
  })

  test('metadata gets metadata, of lists too', () => {
    for (const kind of ['PartialObjectMetadata', 'PartialObjectMetadataList']) {
      const accept = `application/vnd.kubernetes.protobuf;as=${kind};g=meta.k8s.io;v=v1,application/json;as=${kind};g=meta.k8s.io;v=v1,application/json`
      expect(chosen(accept)).toMatchObject({ mediaType: 'application/json', as: 'PartialObjectMetadata' })
    }
  })

  test('metadata of a custom resource gets protobuf, which the object itself has not', () => {
    const protobuf = 'application/vnd.kubernetes.protobuf'
    const metadata = `${protobuf};as=PartialObjectMetadata;g=meta.k8s.io;v=v1`
    const options = { transforms: true, untransformed: ofCustomResources }
    expect(negotiate(metadata, objects, options).mediaType).toBe(protobuf)
    expect(negotiate(`${protobuf},*/*`, objects, options).mediaType).toBe('application/json')
    expect(() => negotiate(protobuf, objects, options)).toThrow(
      'only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf',
    )
  })

  test('a kind that nothing can be turned into gets the object, if it accepts that too', () => {
    expect(chosen('application/json;as=Pod;v=v1;g=,application/json').as).toBeUndefined()
    expect(() => chosen('application/json;as=Pod;v=v1;g=')).toThrow(/only the following media types/)
  })
})

test('a client that accepts nothing of what there is is told so', () => {
  expect(() => chosen('text/plain')).toThrow(
    'only the following media types are accepted: application/json, application/yaml',
  )
  expect(() => negotiate('application/yaml', ['application/json'], { stream: true })).toThrow(
    'only the following media types are accepted: application/json;stream=watch',
  )
})

test('answers are indented for people', () => {
  const query = (text: string) => new URLSearchParams(text)
  expect(isPretty(query(''), 'curl/8.0')).toBe(true)
  expect(isPretty(query('pretty=false'), 'curl/8.0')).toBe(false)
  expect(isPretty(query('pretty=1'), 'kubectl/v1')).toBe(true)
  expect(isPretty(query(''), 'kubectl/v1')).toBe(false)
  expect(isPretty(query(''), undefined)).toBe(false)
})
