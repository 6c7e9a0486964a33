import { deadLetterQueue } from '../topology.ts'
import type { Topology } from '../topology.ts'
import { deadLetterArguments, queueArguments } from './queue-arguments.ts'

/** Someone who logs in, with all that they may do; nobody may configure anything. */
export interface RabbitUser {
  name: string
  /** Routing keys, word for word, by exchange. */
  publishes: Readonly<Record<string, readonly string[]>>
  /** Queues. */
  reads: readonly string[]
  /** Queues whose counts, and those of whose dead letters, it may see. */
  looksInto?: readonly string[]
}

const nothing = '^$'

/** A pattern, as permissions are, that takes these names and no others. */
function exactly(names: readonly string[]): string {
  if (names.length === 0) return nothing
  const escaped = names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
  return `^(${escaped.join('|')})$`
}

function permissionsOf(
  { name: user, publishes, reads, looksInto = [] }: RabbitUser,
  vhost: string,
) {
  const looked = looksInto.flatMap((queue) => [queue, deadLetterQueue(queue)])
  const spoken = Object.entries(publishes).filter(([, keys]) => keys.length > 0)
  return {
    permission: {
      user,
      vhost,
      configure: nothing,
      // From 4.2.6 on a look takes a permission, whichever. That to write to a queue allows nothing else: to bind it
      // one must also read an exchange.
      write: exactly([...spoken.map(([exchange]) => exchange), ...looked]),
      read: exactly(reads),
    },
    topicPermissions: spoken.map(([exchange, keys]) => ({
      user,
      vhost,
      exchange,
      write: exactly(keys),
      read: nothing,
    })),
  }
}

/**
 * A topology and those who use it, in the form that RabbitMQ imports. Users come without a password: they
 * cannot log in until they are given one, or a certificate.
 */
export function rabbitDefinitions(options: {
  topology: Topology
  users: readonly RabbitUser[]
  vhost: string
}) {
  const { topology, users, vhost } = options
  const granted = users.map((user) => permissionsOf(user, vhost))
  const durable = { vhost, durable: true, auto_delete: false }
  return {
    vhosts: [{ name: vhost }],
    users: users.map(({ name }) => ({
      name,
      password_hash: '',
      hashing_algorithm: 'rabbit_password_hashing_sha256',
      tags: [],
    })),
    permissions: granted.map(({ permission }) => permission),
    topic_permissions: granted.flatMap(({ topicPermissions }) => topicPermissions),
    // Every limit is an argument of its queue: a policy could only contradict it.
    policies: [],
    exchanges: topology.exchanges.map(({ name }) => ({
      name,
      type: 'topic',
      ...durable,
      internal: false,
      arguments: {},
    })),
    queues: topology.queues.flatMap((queue) => [
      { name: deadLetterQueue(queue.name), ...durable, arguments: deadLetterArguments },
      { name: queue.name, ...durable, arguments: queueArguments(queue) },
    ]),
    bindings: topology.bindings.map(({ queue, exchange, pattern }) => ({
      source: exchange,
      vhost,
      destination: queue,
      destination_type: 'queue',
      routing_key: pattern,
      arguments: {},
    })),
  }
}
