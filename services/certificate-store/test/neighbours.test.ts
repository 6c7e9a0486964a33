import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { AppError } from '@minaintyg/errors'
import { createServiceClient } from '@minaintyg/service'
import { createRequireConsent } from '../src/clients/consent-client.ts'
import { createFindPatient, createLookUpNumbers } from '../src/clients/identity-client.ts'
import { numbers } from './system.ts'

describe('the neighbours', () => {
  let server: Server
  let answer: { status: number; body: unknown }
  const credentials = {
    serviceToken: async (audience: string, scope: string) => `${audience} ${scope}`,
  }
  const calls: { url: string | undefined; token: string | undefined }[] = []
  const bodies: string[] = []

  beforeAll(async () => {
    server = createServer((request, response) => {
      calls.push({ url: request.url, token: request.headers.authorization })
      void text(request).then((body) => bodies.push(body))
      const type = answer.status < 400 ? 'application/json' : 'application/problem+json'
      response.writeHead(answer.status, { 'content-type': type }).end(JSON.stringify(answer.body))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve))
  })
  const client = () =>
    createServiceClient({
      name: 'consent',
      baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    })

  test.each([
    [200, { state: 'given' }, undefined],
    [200, { state: 'withdrawn' }, 'consent.required'],
    [200, { state: 'none' }, 'consent.required'],
    [403, { code: 'token.insufficient-scope', title: 'x' }, 'consent.unavailable'],
    [404, { code: 'patient.not-found', title: 'x' }, 'consent.unavailable'],
    [500, {}, 'consent.unavailable'],
  ])('consent that answers %i %j lets pass or gives %s', async (status, body, code) => {
    answer = { status, body }
    const own = client()
    const requireConsent = createRequireConsent({ client: own, credentials })
    const outcome = await requireConsent('p1').catch((error: unknown) => (error as AppError).code)
    expect(outcome).toBe(code)
    expect(calls.at(-1)).toEqual({
      url: '/patients/p1/consent-state',
      token: 'Bearer consent consent-state:read',
    })
    await own.close()
  })

  test('identity is asked for the numbers with a scope of its own', async () => {
    answer = {
      status: 200,
      body: { number: numbers.tolvan, kind: 'personalIdentityNumber', earlier: [numbers.driver] },
    }
    const own = client()
    expect(await createLookUpNumbers({ client: own, credentials })('p1')).toEqual([
      numbers.tolvan,
      numbers.driver,
    ])
    expect(calls.at(-1)).toEqual({
      url: '/patients/p1/number',
      token: 'Bearer identity person-number:read',
    })
    await own.close()
  })

  test.each([
    [200, { patientId: 'p1' }, 'p1'],
    [200, { patientId: null }, undefined],
    [404, { code: 'route.not-found', title: 'x' }, 'route.not-found'],
    [500, {}, 'consent.unavailable'],
  ])('identity that answers %i %j to whose number it is gives %s', async (...given) => {
    const [status, body, outcome] = given
    answer = { status, body }
    const own = client()
    const findPatient = createFindPatient({ client: own, credentials })
    const found = await findPatient(numbers.tolvan).catch(
      (error: unknown) => (error as AppError).code,
    )
    expect(found).toBe(outcome)
    expect(calls.at(-1)).toEqual({
      url: '/patient-searches',
      token: 'Bearer identity patients:find',
    })
    expect(JSON.parse(bodies.at(-1)!)).toEqual({ number: numbers.tolvan })
    await own.close()
  })
})
