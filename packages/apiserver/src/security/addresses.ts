import { isIPv6 } from 'node:net'

/** `0.0.0.0` and `::`: all addresses of the machine. */
export function isUnspecifiedAddress(address: string): boolean {
  return isIPv6(address) ? /^[0:]+$/.test(address) : address === '0.0.0.0'
}

/** 127.0.0.0/8 of RFC 1122 and `::1` of RFC 4291: nobody outside of the machine reaches them. */
export function isLoopbackAddress(address: string): boolean {
  return isIPv6(address) ? /^(0*:)*0*1$/.test(address) : /^127(\.\d+){3}$/.test(address)
}
