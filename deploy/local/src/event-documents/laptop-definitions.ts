import { createHash } from 'node:crypto'
import { brokerUsers } from '@minaintyg/contracts'
import { vhost } from './definitions.ts'

/** The password of every service and recipient at the broker of docker-compose.yml. */
export const laptopPassword = 'local'

const sha256 = (...parts: (string | Buffer)[]) =>
  createHash('sha256')
    .update(Buffer.concat(parts.map((part) => Buffer.from(part))))
    .digest()

/** As RabbitMQ keeps it: 4 bytes of salt, then the hash. The salt is the name's, so that the file stays the same. */
function passwordHash(name: string, password: string): string {
  const salt = sha256(name).subarray(0, 4)
  return Buffer.concat([salt, sha256(salt, password)]).toString('base64')
}

const user = (name: string, password: string, tags: string[]) => ({
  name,
  password_hash: passwordHash(name, password),
  hashing_algorithm: 'rabbit_password_hashing_sha256',
  tags,
})

const everything = { configure: '.*', write: '.*', read: '.*' }

/** Laid over the definitions on a laptop: passwords that everybody knows, and RabbitMQ's usual guest. */
export const laptopDefinitions = (recipientIds: readonly string[]) => ({
  vhosts: [{ name: '/' }],
  users: [
    user('guest', 'guest', ['administrator']),
    ...brokerUsers(recipientIds).map(({ name }) => user(name, laptopPassword, [])),
  ],
  permissions: ['/', vhost].map((each) => ({ user: 'guest', vhost: each, ...everything })),
})
