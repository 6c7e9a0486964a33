import { randomBytes } from 'node:crypto'
import { decodeJwt } from 'jose'
import type { Service } from '@minaintyg/service'
import { startHostileProvider } from './hostile-provider.ts'
import type { HostileProvider } from './hostile-provider.ts'
import { createIdentityUnderTest, createPrivateJwk, runWorker } from './identity-under-test.ts'
import type { IdentityUnderTest } from './identity-under-test.ts'
import {
  coordinationClaim,
  numberClaim,
  personWith,
  previousClaim,
  useSessions,
} from './sessions-under-test.ts'

const personal = '198503179809'
const otherPersonal = '191212121212'
const coordination = '198809759874'
const newKey = randomBytes(32).toString('base64')

let provider: HostileProvider
let identity: IdentityUnderTest
let replicas: Service[] = []

beforeEach(async () => {
  provider = await startHostileProvider()
  identity = await createIdentityUnderTest(provider.issuer, await createPrivateJwk('rp-1'))
})
afterEach(async () => {
  for (const { app } of replicas) await app.close()
  replicas = []
  await identity.close()
  await provider.stop()
})

async function replicaWith(lookupKeys: string): Promise<Service> {
  const { keys } = identity.tokens.authentication('identity')
  const replica = await identity.build({ keys }, { PERSON_LOOKUP_KEY: lookupKeys })
  replicas.push(replica)
  return replica
}

function sessionsAt({ app }: Pick<Service, 'app'>) {
  const post = async (url: string, payload: object, scope = 'sessions', clientId = 'gateway') => {
    const headers = await identity.tokens.client('identity', scope, clientId)
    return app.inject({ method: 'POST', url, payload, headers })
  }
  return useSessions({ ...identity, post }, provider)
}

async function patientOf(replica: Pick<Service, 'app'>, claims: Record<string, unknown>) {
  const sessions = sessionsAt(replica)
  return decodeJwt(await sessions.tokenFor(await sessions.openSession(personWith(claims)))).sub
}

describe('the key that finds people by number', () => {
  const people = [
    { [numberClaim]: personal, [previousClaim]: coordination },
    { [numberClaim]: personal },
    { [coordinationClaim]: coordination },
    { [numberClaim]: otherPersonal },
  ]
  const patientsAt = (replica: Pick<Service, 'app'>) =>
    Promise.all(people.map((claims) => patientOf(replica, claims)))

  test('rotates while people log in, and each stays the patient that they were', async () => {
    const { PERSON_LOOKUP_KEY: oldKey } = identity.config
    const before: unknown[] = []
    for (const claims of people) {
      before.push(await patientOf({ app: identity.forCallers }, claims))
    }
    expect(new Set(before).size).toBe(2)
    const [first, second] = [
      await replicaWith(`${oldKey},${newKey}`),
      await replicaWith(`${newKey},${oldKey}`),
    ]
    const seen = await Promise.all([
      ...Array.from({ length: 3 }, () => patientsAt(first)),
      ...Array.from({ length: 3 }, () => patientsAt(second)),
      ...Array.from({ length: 3 }, () =>
        runWorker(second.workers, 're-sealing').then(() => before),
      ),
    ])
    for (const patients of seen) expect(patients).toEqual(before)
    await runWorker(second.workers, 're-sealing')
    const after = await replicaWith(newKey)
    expect(await patientsAt(after)).toEqual(before)
    expect(await identity.query('select from person')).toHaveLength(2)
    expect(await identity.query('select from person_number')).toHaveLength(3)
  })

  test('is needed no more by people who do not log in meanwhile, once their numbers are sealed anew', async () => {
    const { PERSON_LOOKUP_KEY: oldKey } = identity.config
    const claims = people[0]!
    const before = await patientOf({ app: identity.forCallers }, claims)
    const replica = await replicaWith(`${newKey},${oldKey}`)
    await runWorker(replica.workers, 're-sealing')
    const after = await replicaWith(newKey)
    const found = await Promise.all(
      [personal, coordination].map(async (number) => {
        const headers = await identity.tokens.client('identity', 'patients:find', 'store')
        const url = '/patient-searches'
        return (
          await after.app.inject({ method: 'POST', url, payload: { number }, headers })
        ).json()
      }),
    )
    expect(found).toEqual(Array(2).fill({ patientId: before }))
    expect(identity.log.entries().filter(({ msg }) => msg === 'sealed anew')).toEqual([
      expect.objectContaining({ numbers: 2 }),
    ])
    for (const number of [personal, coordination]) {
      expect(identity.log.lines.join('')).not.toContain(number)
    }
  })

  test('still finds the sessions that the provider ends, of before', async () => {
    const { PERSON_LOOKUP_KEY: oldKey } = identity.config
    const session = await sessionsAt({ app: identity.forCallers }).openSession()
    const replica = await replicaWith(`${newKey},${oldKey}`)
    await replica.app.inject({
      method: 'POST',
      url: '/backchannel-logout',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ logout_token: await provider.logOutToken() }).toString(),
    })
    expect(await sessionsAt(replica).stateOf(session)).toMatchObject({ authenticated: false })
  })
})
