import { createHmac, hash, randomBytes } from 'node:crypto'

/** HMAC-SHA-256 (RFC 2104) in hex: to find a row by a value that must not stand there in clear. */
export const keyedHash = (key: Buffer, value: string): string =>
  createHmac('sha256', key).update(value, 'utf8').digest('hex')

/** SHA-256 in hex. */
export const sha256Hex = (data: Uint8Array | string): string => hash('sha256', data, 'hex')

/** 256 random bits in base64url, 43 characters. */
export const randomToken = (): string => randomBytes(32).toString('base64url')
