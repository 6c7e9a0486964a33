import { brokerUsers, createTopology } from '@minaintyg/contracts'
import { rabbitDefinitions } from '@minaintyg/messaging'

/** The virtual host of Mina intyg at a broker that others use too. */
export const vhost = 'minaintyg'

/** What RabbitMQ imports: everything on it, and who may do what. */
export const definitionsFor = (recipientIds: readonly string[]) =>
  rabbitDefinitions({
    topology: createTopology(recipientIds),
    users: brokerUsers(recipientIds),
    vhost,
  })
