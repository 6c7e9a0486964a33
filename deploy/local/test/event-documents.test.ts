import * as contracts from '@minaintyg/contracts'
import { brokerUsers, exchanges, knownRecipientIds, topology } from '@minaintyg/contracts'
import { queueArguments } from '@minaintyg/messaging'
import { definitionsFor } from '../src/event-documents/definitions.ts'
import { staleEventDocuments } from '../src/event-documents/written-documents.ts'

const users = brokerUsers(knownRecipientIds)

test('the committed documents say what the contracts say (else: make definitions)', async () => {
  expect(await staleEventDocuments({ write: false })).toEqual([])
})

test('every inner event of the contracts has somebody who may say it', () => {
  const said = new Set(users.flatMap(({ publishes }) => publishes[exchanges.events] ?? []))
  const inner = Object.values(contracts as Record<string, unknown>)
    .map((each) => (each as { type?: unknown } | undefined)?.type)
    .filter((type): type is string => typeof type === 'string' && /^[a-z]+\.[a-z]+\.v1$/.test(type))
  expect(inner).toContain('consent.withdrawn.v1')
  expect(inner.filter((type) => !said.has(type))).toEqual([])
})

test('every queue has one user who reads it', () => {
  const readers = topology.queues.map(({ name }) => [
    name,
    users.filter(({ reads }) => reads.includes(name)).length,
  ])
  expect(readers.filter(([, count]) => count !== 1)).toEqual([])
})

test('nobody may configure anything, and nobody has a password', () => {
  const { permissions, users: listed } = definitionsFor(['FKASSA', 'SOMEONE-NEW'])
  expect(permissions.map(({ configure }) => configure)).toEqual(permissions.map(() => '^$'))
  expect(listed.map(({ password_hash: hash }) => hash)).toEqual(listed.map(() => ''))
  expect(listed.map(({ name }) => name)).toContain('someone-new')
})

test('no limit of a queue is left to what a version of the broker makes of it', () => {
  for (const queue of topology.queues) {
    expect(queueArguments(queue)).toEqual({
      'x-queue-type': 'quorum',
      'x-quorum-initial-group-size': 3,
      'x-single-active-consumer': false,
      'x-overflow': 'reject-publish',
      'x-delivery-limit': expect.any(Number),
      'x-max-length': 1_000_000,
      'x-dead-letter-exchange': '',
      'x-dead-letter-routing-key': `${queue.name}.dead`,
      'x-dead-letter-strategy': 'at-least-once',
    })
  }
})
