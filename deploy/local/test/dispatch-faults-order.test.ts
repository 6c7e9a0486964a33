import { randomUUID } from 'node:crypto'
import {
  CertificateRevokedV1,
  dispatchRoutingKey,
  exchanges,
  recipientQueue,
  signatureHeader,
} from '@minaintyg/contracts'
import type { EventBus, OutgoingMessage } from '@minaintyg/messaging'
import { describeWithPrivateRabbitmq, until } from '@minaintyg/testing'
import { connect } from 'amqplib'
import type { Party } from './dispatch-faults/dispatch-party.ts'
import { createFaultWorld } from './dispatch-faults/fault-world.ts'
import type { FaultWorld } from './dispatch-faults/fault-world.ts'
import { inTheEnd } from './dispatch-faults/patience.ts'
import { dispatchesOr } from './dispatch-faults/scale.ts'

const count = dispatchesOr(40)
const allButRelay = (worker: string) => worker !== 'outbox-relay'
const none = () => false
const hour = 3_600_000
const clockAt = (offset: number) => ({ now: () => new Date(Date.now() + offset) })

describeWithPrivateRabbitmq('a dispatch is once in the recipient’s books when', () => {
  let world: FaultWorld

  beforeAll(async () => {
    world = await createFaultWorld()
  }, 180_000)
  afterEach(() => world.stopAll(), 60_000)
  afterAll(() => world.remove(), 180_000)

  /** Events as they left, once more, in an order of the test’s. */
  async function publishAgain(
    { bus }: Party,
    ids: readonly string[],
    order: (events: StoredEvent[]) => StoredEvent[],
  ) {
    const { rows } = await world.dispatchDb.query<StoredEvent>(
      'select id, type, body, signature from recipient_event where dispatch_id = any ($1) order by sequence',
      [ids],
    )
    for (const { id, type, body, signature } of order(rows)) {
      await bus.publish({
        exchange: exchanges.dispatch,
        routingKey: dispatchRoutingKey('FKASSA', type),
        id,
        body,
        headers: { [signatureHeader]: signature },
      })
    }
    return rows.length
  }
  /** As certificate-store tells of it. */
  async function revokeInJournal({ bus }: Party, dispatchId: string) {
    const { rows } = await world.dispatchDb.query<{ patient: string; certificate: string }>(
      'select patient_id as patient, certificate_id as certificate from dispatch where id = $1',
      [dispatchId],
    )
    const id = randomUUID()
    const at = new Date().toISOString()
    const { type } = CertificateRevokedV1
    const event = {
      specversion: '1.0',
      id,
      type,
      source: '/minaintyg/certificate-store',
      time: at,
      datacontenttype: 'application/json',
      data: { patientId: rows[0]!.patient, certificateId: rows[0]!.certificate, at },
    }
    const body = Buffer.from(JSON.stringify(event))
    await bus.publish({ exchange: exchanges.events, routingKey: type, id, body })
  }

  /** Until the recipient has acknowledged all that it was given. */
  const untilRead = async () => {
    const model = await connect(world.rabbitmq.url)
    const channel = await model.createChannel()
    await inTheEnd(
      async () => (await channel.checkQueue(recipientQueue('FKASSA'))).messageCount === 0,
    )
    await model.close()
  }

  test('two processes relay at the same time', async () => {
    const taken = [0, 0]
    /** Neither goes on before the other has something to publish as well. */
    const together = (who: 0 | 1) => (bus: EventBus) => ({
      ...bus,
      async publish(message: OutgoingMessage) {
        taken[who]! += 1
        await until(() => taken.every((each) => each > 0), { timeout: 20_000 })
        await bus.publish(message)
      },
    })
    const first = await world.startParty({ runs: allButRelay, wrapBus: together(0) })
    const second = await world.startParty(
      { runs: none, wrapBus: together(1) },
      { config: { ...world.party.config, PORT: 0 } },
    )
    await world.startRecipient()
    // More than one has under way at a time, three batches of two hundred: what the one has not claimed is the other’s.
    const ids = await world.sendMany(Math.max(count, 620))
    await Promise.all([first, second].map(({ relay }) => relay.drain()))
    const all = await world.audit.expectEachOnce(ids)
    expect(all.filter(({ state }) => state === 'accepted')).toHaveLength(ids.length)
  }, 180_000)

  test('events are delivered twice and in another order', async () => {
    const party = await world.startParty()
    await world.startRecipient()
    const ids = await world.sendMany(count)
    await world.audit.expectEachOnce(ids)
    const backwards = (events: StoredEvent[]) => [...events].reverse()
    const interleaved = (events: StoredEvent[]) =>
      events.flatMap((event, at) => [event, events[count - 1 - at]!])
    expect(await publishAgain(party, ids, backwards)).toBe(count)
    await publishAgain(party, ids, interleaved)
    await untilRead()
    await world.audit.expectEachOnce(ids)
  }, 180_000)

  test('its revocation overtakes it: it is in no books', async () => {
    const party = await world.startParty()
    const id = await world.send()
    await inTheEnd(async () => (await world.audit.statesOf([id]))['delivered'] === 1)
    await revokeInJournal(party, id)
    await inTheEnd(async () => (await world.audit.statesOf([id]))['revoked'] === 1)
    await inTheEnd(async () =>
      (await world.audit.outboxOf([id])).every(({ published }) => published),
    )
    const model = await connect(world.rabbitmq.url)
    await (await model.createChannel()).purgeQueue(recipientQueue('FKASSA'))
    await model.close()
    const revocationFirst = (events: StoredEvent[]) => [...events].reverse()
    expect(await publishAgain(party, [id], revocationFirst)).toBe(2)
    await world.startRecipient()
    await untilRead()
    const next = await world.send()
    await world.audit.expectEachOnce([next])
    expect(await world.audit.statesOf([id])).toEqual({ revoked: 1 })
    expect((await world.audit.casesOf([id])).size).toBe(0)
  }, 180_000)

  test('the clocks of two relays are hours apart', async () => {
    const ahead = await world.startParty({ ...clockAt(5 * hour), runs: allButRelay })
    const behind = await world.startParty(
      { ...clockAt(-5 * hour), runs: none },
      { config: { ...world.party.config, PORT: 0 } },
    )
    await world.startRecipient()
    const ids = await world.sendMany(count)
    const shares = await Promise.all([ahead.relay.drain(), behind.relay.drain()])
    expect(shares.reduce((sum, share) => sum + share)).toBeGreaterThanOrEqual(count)
    const all = await world.audit.expectEachOnce(ids)
    expect(all.filter(({ state }) => state === 'accepted')).toHaveLength(count)
  }, 180_000)

  test('a relay whose clock was ahead has failed, and one whose clock is right goes on', async () => {
    const binding = [
      recipientQueue('FKASSA'),
      exchanges.dispatch,
      dispatchRoutingKey('FKASSA', '#'),
    ] as const
    const ahead = await world.startParty({ ...clockAt(hour), runs: none })
    const model = await connect(world.rabbitmq.url)
    const channel = await model.createChannel()
    await channel.unbindQueue(...binding)
    const ids = await world.sendMany(5)
    await ahead.relay.drain()
    await channel.bindQueue(...binding)
    await model.close()
    const more = { config: { ...world.party.config, PORT: 0 } }
    const right = await world.startParty({ runs: allButRelay }, more)
    await world.startRecipient()
    expect(await right.relay.drain()).toBe(0)
    expect(await world.audit.statesOf(ids)).toEqual({ queued: 5 })
    const later = await world.startParty({ ...clockAt(2 * hour), runs: none }, more)
    await later.relay.drain()
    await world.audit.expectEachOnce(ids)
  }, 180_000)
})

interface StoredEvent {
  id: string
  type: string
  body: Buffer
  signature: string
}
