import { generateKeyPair, createLocalJWKSet, decodeJwt, exportJWK } from 'jose'
import pg from 'pg'
import { audiences } from '@minaintyg/contracts'
import { createRecordingBus, createTestDatabase, expectProblem } from '@minaintyg/testing'
import type { TestDatabase } from '@minaintyg/testing'
import { buildConsentService } from '../../../services/consent/src/app.ts'
import type { ConsentService } from '../../../services/consent/src/app.ts'
import { startHostileProvider } from '../../../services/identity/test/hostile-provider.ts'
import type { HostileProvider } from '../../../services/identity/test/hostile-provider.ts'
import {
  createIdentityUnderTest,
  createPrivateJwk,
} from '../../../services/identity/test/identity-under-test.ts'
import type { IdentityUnderTest } from '../../../services/identity/test/identity-under-test.ts'
import {
  coordinationClaim,
  numberClaim,
  personWith,
  previousClaim,
  useSessions,
} from '../../../services/identity/test/sessions-under-test.ts'
import type { SessionsUnderTest } from '../../../services/identity/test/sessions-under-test.ts'

const personal = '198503179809'
const coordination = '198809759874'
const bus = createRecordingBus()
let provider: HostileProvider
let identity: IdentityUnderTest
let sessions: SessionsUnderTest
let database: TestDatabase
let consent: ConsentService
/** As the owner of consent's tables. */
let rows: pg.Client

/** Identity and consent as they are: what identity signs, consent checks by the keys that identity publishes. */
beforeAll(async () => {
  provider = await startHostileProvider()
  identity = await createIdentityUnderTest(provider.issuer, await createPrivateJwk('rp-1'))
  sessions = useSessions(identity, provider)
  database = await createTestDatabase('consent')
  rows = new pg.Client({ connectionString: database.ownerUrl })
  await rows.connect()
  const { privateKey } = await generateKeyPair('EdDSA', { extractable: true })
  const published = (await identity.app.inject('/.well-known/jwks.json')).json()
  const { ISSUER_URL } = identity.config
  const keys = { keys: [{ ...(await exportJWK(privateKey)), kid: 'proof-1' }] }
  consent = await buildConsentService(
    {
      HOST: '127.0.0.1',
      PORT: 0,
      LOG_LEVEL: 'silent',
      DATABASE_URL: database.url,
      ISSUER_URL,
      JWKS_URL: 'http://127.0.0.1:1/jwks',
      PROOF_SIGNING_KEYS: JSON.stringify(keys),
    },
    {
      bus,
      authentication: {
        issuer: ISSUER_URL,
        audience: audiences.consent,
        keys: createLocalJWKSet(published),
      },
    },
  )
})
afterAll(async () => {
  await consent.app.close()
  await rows.end()
  await database.drop()
  await identity.close()
  await provider.stop()
})

/** Someone who has just logged in, in front of consent. */
async function loggedIn(claims: Record<string, unknown>) {
  const token = await sessions.tokenFor(
    await sessions.openSession(personWith(claims)),
    audiences.consent,
  )
  const ask = (method: 'GET' | 'POST' | 'DELETE', payload?: object) =>
    consent.app.inject({
      method,
      url: '/consent',
      headers: { authorization: `Bearer ${token}` },
      ...(payload === undefined ? {} : { payload }),
    })
  return {
    id: decodeJwt(token).sub ?? '',
    state: async () => (await ask('GET')).json<{ state: string }>().state,
    give: () => ask('POST', { textVersion: '1.0' }),
    withdraw: () => ask('DELETE'),
    read: () => ask('GET'),
  }
}

const day = 24 * 60 * 60_000
const stockholm = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Stockholm' })
/** Of someone who is so old today, and has the birthday tomorrow where `days` is 1; with the check digit. */
function numberOfAge(years: number, days: number): string {
  const [year, month, date] = stockholm.format(Date.now() + days * day).split('-')
  const digits = `${Number(year) - years}${month}${date}238`
  const products = Array.from(digits.slice(2), (digit, index) => Number(digit) * (2 - (index % 2)))
  const sum = products.reduce((total, each) => total + (each > 9 ? each - 9 : each), 0)
  return `${digits}${(10 - (sum % 10)) % 10}`
}

describe('a person whose number changes', () => {
  test('has the consent of before, and withdraws it with either number', async () => {
    const before = await loggedIn({ [coordinationClaim]: coordination })
    expect((await before.give()).statusCode).toBe(201)
    const after = await loggedIn({ [numberClaim]: personal, [previousClaim]: coordination })
    expect(after.id).toBe(before.id)
    expect(await after.state()).toBe('given')
    expect((await after.give()).statusCode).toBe(200)
    await after.withdraw()
    const old = await loggedIn({ [coordinationClaim]: coordination })
    expect(await old.state()).toBe('withdrawn')
  })
})

describe('someone who turns 16', () => {
  test('cannot log in the day before, so nothing was said for them, and decides anew', async () => {
    const minor = { [numberClaim]: numberOfAge(16, 1) }
    expectProblem(await sessions.logIn(personWith(minor)), 403, 'login.too-young')
    const said = async () =>
      (await rows.query('select distinct patient_id from consent_record')).rows
    const before = await said()

    identity.clock.forward(day)
    provider.follow(identity.clock.now)
    const grown = await loggedIn(minor)
    identity.clock.reset()
    provider.follow(() => new Date())
    expect(await grown.state()).toBe('none')
    expect(await said()).toEqual(before)
  })
})

describe('a person with protected identity', () => {
  test('consents and withdraws as anyone, and nothing of it tells that it is protected', async () => {
    const marked = {
      [numberClaim]: '197908239820',
      name: 'Skyddad Skyddsson',
      [identity.config.PROTECTED_IDENTITY_CLAIM]: true,
    }
    const [hidden, other] = [
      await loggedIn(marked),
      await loggedIn({ [numberClaim]: '191212121212', name: 'Tolvan Tolvansson' }),
    ]
    const me = await identity.app.inject({
      url: '/me',
      headers: {
        authorization: `Bearer ${await sessions.tokenFor(await sessions.openSession(personWith(marked)), audiences.identity)}`,
      },
    })
    expect(me.json()).toMatchObject({ protectedIdentity: true })
    const answers = []
    for (const person of [hidden, other]) {
      expect((await person.give()).statusCode).toBe(201)
      expect((await person.withdraw()).statusCode).toBe(200)
      answers.push(Object.keys((await person.read()).json<object>()).sort())
    }
    expect(answers[0]).toEqual(answers[1])

    await consent.relay.drain()
    const said = async (id: string) => ({
      records: (await rows.query('select * from consent_record where patient_id = $1', [id])).rows,
      events: bus.published.map(({ body }) => body.toString()).filter((body) => body.includes(id)),
    })
    const [ofHidden, ofOther] = [await said(hidden.id), await said(other.id)]
    expect(ofHidden.records).toHaveLength(2)
    expect(ofHidden.events).toHaveLength(2)
    const shapeOf = ({ records, events }: typeof ofHidden) => ({
      records: records.map((each) => ({
        kind: each.kind,
        channel: each.channel,
        language: each.language,
        loa: each.loa,
        columns: Object.keys(each),
      })),
      events: events.map((each) => {
        const { data, ...envelope } = JSON.parse(each)
        return [Object.keys(envelope).sort(), Object.keys(data).sort()]
      }),
    })
    expect(shapeOf(ofHidden)).toEqual(shapeOf(ofOther))
    const all = JSON.stringify(ofHidden)
    for (const telling of ['197908239820', 'Skydd', 'rotected']) expect(all).not.toContain(telling)
  })
})
