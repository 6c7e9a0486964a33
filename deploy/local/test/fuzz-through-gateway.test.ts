import { randomInt } from 'node:crypto'
import { jest } from '@jest/globals'
import fc from 'fast-check'
import { until } from '@minaintyg/testing'
import { testPersons } from '../src/test-persons.ts'
import { consent, createRecipient, logInAs, sendOne, tokenRequest } from './fuzz/callers.ts'
import type { Caller, Patient } from './fuzz/callers.ts'
import { readCommitted, readDocumented } from './fuzz/documented.ts'
import type { Document, Operation } from './fuzz/documented.ts'
import { faultsOf, hopefulRequests, validRequests } from './fuzz/requests.ts'
import type { Known, Request } from './fuzz/requests.ts'
import { startRunningSystem } from './running-system.ts'
import type { RunningSystem } from './running-system.ts'

jest.setTimeout(600_000)

/** Again with what has failed: FUZZ_SEED=… ; for longer: FUZZ_RUNS=500. */
const seed = Number(process.env['FUZZ_SEED'] ?? randomInt(2 ** 31))
const runs = Number(process.env['FUZZ_RUNS'] ?? 12)

const patience = 60_000
const [owner, other, leaver, undecided] = testPersons.map(({ number }) => number) as [
  string,
  string,
  string,
  string,
]
let system: RunningSystem
let document: Document
let people: Record<'owner' | 'stranger' | 'leaver' | 'undecided', Patient>
let recipients: Record<'own' | 'other', Awaited<ReturnType<typeof createRecipient>>>
let known: Record<
  'certificates' | 'sendable' | 'dispatches' | 'sessions' | 'links' | 'words',
  string[]
>

/** Of the committed document, so that each has a test by its name; that a running gateway has the same is one too. */
const operations = readCommitted().operations
/** They end what the others need: last, in this order, and by someone who is not needed. */
const endings = ['endSession', 'endOtherSessions', 'withdrawConsent', 'logOut']
const inOrder = operations.toSorted((a, b) => endings.indexOf(a.id) - endings.indexOf(b.id))

beforeAll(async () => {
  system = await startRunningSystem({ rateLimit: 1_000_000 })
  people = {
    owner: await logInAs(system, owner),
    stranger: await logInAs(system, other),
    leaver: await logInAs(system, leaver),
    undecided: await logInAs(system, undecided),
  }
  const version = await consent(people.owner)
  await Promise.all([consent(people.stranger), consent(people.leaver)])
  recipients = {
    own: await createRecipient(system, 'forsakringskassan'),
    other: await createRecipient(system, 'transportstyrelsen'),
  }
  known = {
    dispatches: [await sendOne(people.owner)],
    certificates: await certificatesOf(people.owner, ''),
    sendable: await sendableOf(people.owner),
    sessions: await sessionsToEnd(),
    links: [],
    words: [version],
  }
  document = readDocumented((await people.owner.api.get('/openapi.json')).text)
})
afterAll(async () => {
  await Promise.all(Object.values(recipients).map((each) => each.close()))
  await system.stop()
})

async function certificatesOf({ json }: Patient, filter: string): Promise<string[]> {
  const { items } = await json<{ items: { id: string }[] }>(`/certificates?limit=30${filter}`)
  return items.map(({ id }) => id)
}

async function sendableOf(patient: Patient): Promise<string[]> {
  const offers = await Promise.all(
    (await certificatesOf(patient, '&status=notSent')).map(async (id) => {
      const { items } = await patient.json<{ items: { id: string; allowed: boolean }[] }>(
        `/certificates/${id}/recipients`,
      )
      return items.some((each) => each.id === 'FKASSA' && each.allowed) ? [id] : []
    }),
  )
  return offers.flat()
}

async function sessionsToEnd(): Promise<string[]> {
  await logInAs(system, leaver)
  const { items } = await people.leaver.json<{ items: { id: string; current: boolean }[] }>(
    '/sessions',
  )
  return items.filter(({ current }) => !current).map(({ id }) => id)
}

async function linksOf({ api, json }: Patient): Promise<string[]> {
  const list = await json<{ items: { id: string }[] }>('/certificates?limit=20&type=LISJP')
  const answers = await Promise.all(
    list.items.map(({ id }) => api.send('POST', `/certificates/${id}/download-link`)),
  )
  return answers
    .filter(({ status }) => status === 201)
    .map(({ text }) => (JSON.parse(text) as { url: string }).url.split('/').at(-1) ?? '')
}

function knownFor({ path }: Operation): Known {
  const ids = path.includes('/dispatches/{id}')
    ? known.dispatches
    : path.startsWith('/certificates/')
      ? known.certificates
      : path.startsWith('/sessions/')
        ? known.sessions
        : []
  return {
    id: path.endsWith('/{id}/dispatches') ? known.sendable : ids,
    grant: known.links,
    code: ['consent.required'],
    returnTo: ['/intyg'],
    textVersion: known.words,
    recipientId: ['FKASSA'],
  }
}

async function callerOf({ access, id }: Operation): Promise<Caller> {
  if (access === 'recipient') return recipients.own.caller()
  if (endings.includes(id)) return people.leaver.caller
  if (access === 'open') return { origin: people.owner.caller['origin'] ?? '' }
  return people.owner.caller
}

interface Answer {
  status: number
  type: string
  headers: Headers
  body: unknown
}

async function ask({ method, path, headers, body }: Request, caller: Caller): Promise<Answer> {
  const answer = await fetch(people.owner.api.url(path), {
    method,
    redirect: 'manual',
    headers: { ...headers, ...caller },
    ...(body === undefined ? {} : { body }),
  })
  const type = (answer.headers.get('content-type') ?? '').split(';')[0] ?? ''
  const text = await answer.text()
  return {
    status: answer.status,
    type,
    headers: answer.headers,
    body: type.endsWith('json') ? (JSON.parse(text) as unknown) : text,
  }
}

/** What is busy on a machine that is loaded says so, and is asked again for a while. */
async function call(request: Request, caller: Caller): Promise<Answer> {
  let last = await ask(request, caller)
  const deadline = Date.now() + patience
  while (last.status === 503 && Date.now() < deadline) {
    await until(async () => (last = await ask(request, caller)), { interval: 500 })
  }
  return last
}

const codeOf = ({ body }: Answer) => (body as { code?: string }).code

function expectDocumented(operation: Operation, request: Request, answer: Answer): void {
  const faults = document.faultsOf(operation, answer.status, answer.type, answer.body)
  const names = Object.keys(operation.responses[String(answer.status)]?.headers ?? {})
  const missing = names.filter(
    (name) => /^(traceparent|etag|location)$/i.test(name) && !answer.headers.has(name),
  )
  const { status } = answer
  const isOurFault = status >= 500
  expect({ request, status, isOurFault, faults, missing }).toEqual({
    request,
    status,
    isOurFault: false,
    faults: [],
    missing: [],
  })
}

/** One that ought to succeed: of certificates that may still be sent, anything may be done. */
function hopeful(operation: Operation): Request {
  const isOfCertificate = operation.path.startsWith('/certificates/')
  const there = knownFor(operation)
  const usable = isOfCertificate ? { ...there, id: known.sendable } : there
  return fc.sample(hopefulRequests(operation, document, usable), { seed, numRuns: 1 })[0]!
}

const sample = (operation: Operation, many = 1): Request[] =>
  fc.sample(validRequests(operation, document, knownFor(operation)), { seed, numRuns: many })

test('a running gateway has the document that is committed', () => {
  expect(document.operations.map(({ name }) => name)).toEqual(operations.map(({ name }) => name))
})

/** Only the provider can sign what the one takes, and only before a recipient has it can the other succeed. */
const seldomSucceed = new Set(['backchannelLogOut', 'cancelDispatch', 'requestToken'])

describe(`generated requests, with seed ${seed}`, () => {
  describe('without a session, a consent or a token', () => {
    const needing = (...access: string[]) =>
      operations.filter((each) => access.includes(each.access))
    const foreign = {
      session: `minaintyg-session=${'A'.repeat(43)}`,
      token: `Bearer ${'A'.repeat(43)}`,
    }

    test('there is one of each kind', () => {
      for (const access of ['open', 'session', 'consent', 'recipient']) {
        expect(needing(access)).not.toEqual([])
      }
    })

    test.each(needing('session', 'consent').map((each) => [each.name, each] as const))(
      '%s is 401 for who is not logged in',
      async (_name, operation) => {
        const [request] = sample(operation) as [Request]
        const { origin = '' } = people.owner.caller
        for (const [caller, code] of [
          [{ origin }, 'session.required'],
          [{ origin, cookie: foreign.session }, 'session.expired'],
        ] as [Caller, string][]) {
          const answer = await call(request, caller)
          expectDocumented(operation, request, answer)
          expect([answer.status, codeOf(answer)]).toEqual([401, code])
        }
      },
    )

    test.each(needing('recipient').map((each) => [each.name, each] as const))(
      '%s is 401 for who has no token, or one that is none',
      async (_name, operation) => {
        const [request] = sample(operation) as [Request]
        const callers: Caller[] = [{}, { authorization: foreign.token }, people.owner.caller]
        for (const caller of callers) {
          const answer = await call(request, caller)
          expectDocumented(operation, request, answer)
          expect([answer.status, codeOf(answer)]).toEqual([401, 'token.invalid'])
        }
      },
    )

    test.each(needing('session', 'consent').map((each) => [each.name, each] as const))(
      '%s asks for consent where it needs it, and nowhere else',
      async (_name, operation) => {
        if ([...endings, 'giveConsent'].includes(operation.id)) return
        const request = hopeful(operation)
        const answer = await call(request, people.undecided.caller)
        expectDocumented(operation, request, answer)
        expect(codeOf(answer) === 'consent.required').toBe(operation.access === 'consent')
      },
    )
  })

  describe('with someone else’s id', () => {
    const withId = operations.filter(
      ({ path, access }) => path.includes('{id}') && access !== 'open',
    )
    test.each(withId.map((each) => [each.name, each] as const))(
      '%s is 404, as for an id that never was',
      async (_name, operation) => {
        const others =
          operation.access === 'recipient'
            ? await recipients.other.caller()
            : people.stranger.caller
        const { id: [id = ''] = [] } = knownFor(operation)
        const [request] = sample(operation) as [Request]
        const index = operation.path.split('/').indexOf('{id}')
        const [path = ''] = request.path.split('?')
        const asked = { ...request, path: path.split('/').with(index, id).join('/') }
        const answer = await call(asked, others)
        expectDocumented(operation, asked, answer)
        expect([answer.status, codeOf(answer)]).toEqual([
          404,
          expect.stringMatching(/\.not-found$/),
        ])
      },
    )
  })

  describe('that are wrong', () => {
    test.each(inOrder.map((each) => [each.name, each] as const))(
      '%s refuses each with a problem that is documented',
      async (_name, operation) => {
        const faults = faultsOf(operation, document)
        const hasInput =
          operation.body?.type === 'application/json' ||
          operation.parameters.some(({ in: place, required }) => place !== 'header' || required)
        if (operation.id !== 'logIn')
          expect([operation.name, faults.length > 0]).toEqual([operation.name, hasInput])
        const requests = sample(operation, Math.max(1, faults.length))
        for (const [index, [fault, apply]] of faults.entries()) {
          const request = { ...apply(requests[index]!), fault }
          const answer = await call(request, await callerOf(operation))
          expectDocumented(operation, request, answer)
          expect([fault, answer.status >= 400, answer.type]).toEqual([
            fault,
            true,
            'application/problem+json',
          ])
        }
      },
    )

    test('no path has another method than those that are documented', async () => {
      for (const [path, methods] of document.methodsOf) {
        for (const method of ['POST', 'PUT', 'DELETE', 'PATCH'].filter(
          (each) => !methods.has(each),
        )) {
          const request = { method, path: path.replaceAll(/\{\w+\}/g, 'x'), headers: {} }
          const answer = await call(request, people.owner.caller)
          expect([method, path, answer.status, codeOf(answer)]).toEqual([
            method,
            path,
            405,
            'route.method-not-allowed',
          ])
        }
      }
    })
  })

  describe('that are right', () => {
    test.each(inOrder.map((each) => [each.name, each] as const))(
      '%s answers as documented',
      async (_name, operation) => {
        const caller = await callerOf(operation)
        // They work for a minute.
        if (operation.id === 'download') known.links = await linksOf(people.owner)
        const request = hopeful(operation)
        const answer = await call(request, caller)
        expectDocumented(operation, request, answer)
        if (!seldomSucceed.has(operation.id)) {
          expect({ request, isRefused: answer.status >= 400 }).toEqual({
            request,
            isRefused: false,
          })
        }
        await fc.assert(
          fc.asyncProperty(
            validRequests(operation, document, knownFor(operation)),
            async (generated) => {
              expectDocumented(operation, generated, await call(generated, caller))
            },
          ),
          { seed, numRuns: runs, includeErrorInReport: true },
        )
      },
    )

    test('POST /oauth/token gives a recipient who signs a token', async () => {
      const operation = operations.find(({ id }) => id === 'requestToken')!
      const request = {
        method: 'POST',
        path: operation.path,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: await tokenRequest(system, 'forsakringskassan'),
      }
      const answer = await call(request, {})
      expect(answer.status).toBe(200)
      expectDocumented(operation, { ...request, body: '' }, answer)
    })
  })
})
