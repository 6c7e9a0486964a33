import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose'
import type { JWK } from 'jose'

export type SigningAlgorithm = 'ES256' | 'EdDSA'

/** Keys of one installation, each made when it is first asked for and the same ever after. */
export interface Secrets {
  /** 32 random bytes, base64. */
  key(name: string): Promise<string>
  /** A private JWK with `kid`, `alg` and `use`. */
  signingKey(name: string, algorithm?: SigningAlgorithm): Promise<JWK>
}

async function createSigningKey(algorithm: SigningAlgorithm): Promise<JWK> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true })
  const jwk = await exportJWK(privateKey)
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: algorithm, use: 'sig' }
}

/** The half of a key pair that others may see. */
export function publicKeyOf({ d: _private, ...key }: JWK): JWK {
  return key
}

async function readAll(file: string): Promise<Record<string, unknown>> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw error
  }
}

/** Secrets in a file that only its owner can read. For a laptop: in operation they come from a vault. */
export async function openSecrets(stateDir: string): Promise<Secrets> {
  await mkdir(stateDir, { recursive: true })
  const file = join(stateDir, 'secrets.json')
  const secrets = await readAll(file)
  let last: Promise<unknown> = Promise.resolve()

  // One after the other: each writes the whole file.
  function once<T>(name: string, make: () => T | Promise<T>): Promise<T> {
    const next = last.then(async () => {
      if (secrets[name] === undefined) {
        secrets[name] = await make()
        await writeFile(`${file}.new`, JSON.stringify(secrets, null, 2), { mode: 0o600 })
        await rename(`${file}.new`, file)
      }
      return secrets[name] as T
    })
    last = next.catch(() => undefined)
    return next
  }

  return {
    key: (name) => once(name, () => randomBytes(32).toString('base64')),
    signingKey: (name, algorithm = 'ES256') => once(name, () => createSigningKey(algorithm)),
  }
}
