import fc from 'fast-check'
import { expect, it } from 'vitest'
import { IPAddress, IPPrefix } from './ip-address.ts'

/** Many zeros, for the sake of `::`. */
const word = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }))
const ipv6 = fc
  .array(word, { minLength: 8, maxLength: 8 })
  .map((words) => words.map((value) => value.toString(16)).join(':'))

it('writes an IPv6 address as the URL standard does, and reads it again', () => {
  fc.assert(
    fc.property(ipv6, (text) => {
      const address = IPAddress.parse(text)
      fc.pre(!address.is4In6)
      expect(`[${address}]`).toBe(new URL(`http://[${text}]`).hostname)
      expect(IPAddress.parse(String(address)).equals(address)).toBe(true)
    }),
  )
})

it('has the masked address of a prefix in it, and no address that differs within the prefix', () => {
  fc.assert(
    fc.property(ipv6, fc.nat(128), fc.nat(127), (text, bits, flipped) => {
      const prefix = IPPrefix.parse(`${text}/${bits}`)
      const bytes = Uint8Array.from(prefix.address.bytes)
      bytes[flipped >> 3]! ^= 0x80 >> (flipped & 7)
      expect(prefix.contains(prefix.masked.address)).toBe(true)
      expect(prefix.contains(new IPAddress(bytes))).toBe(flipped >= bits)
      expect(prefix.masked.containsPrefix(prefix)).toBe(true)
    }),
  )
})
