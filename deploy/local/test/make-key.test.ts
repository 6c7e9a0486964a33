import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { SignJWT, calculateJwkThumbprint, importJWK, jwtVerify } from 'jose'
import type { JWK } from 'jose'

const program = join(import.meta.dirname, '../../make-key.mjs')
const run = (...words: string[]) =>
  spawnSync(process.execPath, [program, ...words], { encoding: 'utf8', env: {} })

test.each(['ES256', 'EdDSA'])('makes a %s key whose other half verifies', async (alg) => {
  const { stdout, stderr, status } = run(alg)
  expect(status).toBe(0)
  const own = JSON.parse(stdout) as JWK
  const others = JSON.parse(stderr) as JWK
  expect('d' in others).toBe(false)
  expect([own.kid, own.alg]).toEqual([await calculateJwkThumbprint(own), alg])
  expect(others.kid).toBe(own.kid)
  const token = await new SignJWT({ it: 'is' })
    .setProtectedHeader({ alg })
    .sign(await importJWK(own))
  const { payload } = await jwtVerify(token, await importJWK(others))
  expect(payload['it']).toBe('is')
})

test('makes none of a kind that nothing here takes', () => {
  expect(run('RS256').status).toBe(2)
})
