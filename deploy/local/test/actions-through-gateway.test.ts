import { jest } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { certificateActions, typeRule, typeRules } from '@minaintyg/certificate-model'
import type { ActionFacts, Certificate, CertificateListItem } from '@minaintyg/certificate-model'
import { doctors, units } from '../src/journal/certificates/care.ts'
import { intygXml, marker } from '../src/journal/certificates/intyg.ts'
import { testPersons } from '../src/test-persons.ts'
import type { PatientApi } from '../src/walk/patient-api.ts'
import { startRunningSystem } from './running-system.ts'
import type { RunningSystem } from './running-system.ts'

jest.setTimeout(300_000)

const person = testPersons.find(({ certificates }) => certificates === 'none')!.number
const source = 'region-norr'

const situations = {
  standing: {},
  revoked: { revoked: true },
  replaced: { replaced: true },
  complemented: { complemented: true },
  'infection control': { infectionControl: true },
  unreadable: { readable: false },
} satisfies Record<string, Partial<ActionFacts>>
type Situation = keyof typeof situations

interface Case {
  name: string
  situation: Situation
  facts: ActionFacts
}

/** Every type that patients are shown and one that nobody knows, in the versions that matter, however it stands. */
const cases: Case[] = [...typeRules.filter(({ shown }) => shown), typeRule('NYTT')].flatMap(
  ({ codes: [code = 'NYTT'], sendableFromMajor = 1 }) =>
    [sendableFromMajor - 1, sendableFromMajor]
      .filter((major) => major > 0)
      .map((major) => ({ code, version: `${major}.0` }))
      .flatMap((type) =>
        (Object.keys(situations) as Situation[]).map((situation) => ({
          name: `${type.code} ${type.version} ${situation}`,
          situation,
          facts: {
            type,
            readable: true,
            revoked: false,
            replaced: false,
            complemented: false,
            infectionControl: false,
            ...situations[situation],
            // AG1-14 does not ask it: its question 27 is none that anyone knows.
            ...(type.code === 'AG1-14' ? { infectionControl: false } : {}),
          },
        })),
      ),
)

const infection = '<c:svar id="27"><c:delsvar id="27.1">true</c:delsvar></c:svar>'
const relation = (kind: string, id: string) =>
  `<c:relation><c:typ><t:code>${kind}</t:code><t:codeSystem>c2362fcd-eda0-4f9a-bd13-b3bbaf7f2146</t:codeSystem></c:typ>
   <c:intygs-id><t:root>SE-1</t:root><t:extension>${id}</t:extension></c:intygs-id></c:relation>`

/** The unit carries the name of the case, so that it is found again in the list. */
function documentOf(
  { facts, situation }: Case,
  { id, name, more = '' }: { id: string; name: string; more?: string },
): string {
  const { code, version } = facts.type
  const xml = intygXml({
    id,
    type: { code, name: code },
    version,
    signedAt: '2026-03-01T10:15:00',
    personNumber: person,
    doctor: doctors.general,
    unit: { ...units.healthCentre, name },
    answers: situation === 'infection control' ? infection : '',
  }).replace(marker, more)
  // Without its id it is one entry that says no more than of what type it is.
  return situation === 'unreadable'
    ? xml.replace(`<t:extension>${id}</t:extension></c:intygs-id>`, '</c:intygs-id>')
    : xml
}

const codeOf = (answer: { text: string }) => (JSON.parse(answer.text) as { code?: string }).code

describe('every route does what the actions say, for every type however it stands', () => {
  let system: RunningSystem
  let api: PatientApi
  const items = new Map<string, CertificateListItem>()
  const idOf = ({ name }: Case) => items.get(name)?.id ?? name
  const refusalOf = (reason: string | undefined) =>
    reason === undefined
      ? undefined
      : { status: reason === 'certificate.revoked' ? 410 : 409, code: reason }

  async function control(path: string, body: object): Promise<void> {
    const answer = await fetch(`${system.addresses.journals.url}/control/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ source, ...body }),
    })
    expect(answer.ok).toBe(true)
  }

  async function load(each: Case): Promise<void> {
    const id = randomUUID()
    const put = (document: string) => control('certificates', { personNumber: person, document })
    await put(documentOf(each, { id, name: each.name }))
    const { situation } = each
    if (situation === 'revoked') await control('revocations', { id })
    if (situation === 'replaced' || situation === 'complemented') {
      const more = relation(situation === 'replaced' ? 'ERSATT' : 'KOMPLT', id)
      await put(documentOf(each, { id: randomUUID(), name: 'newer', more }))
    }
  }

  beforeAll(async () => {
    system = await startRunningSystem({ rateLimit: 100_000 })
    for (const each of cases) await load(each)
    api = await system.patient(person)
    const { text } = JSON.parse((await api.get('/consent')).text)
    await api.send('POST', '/consent', { textVersion: text.version })
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await api.get(`/certificates?limit=100${cursor && `&cursor=${cursor}`}`)
      const list: { items: CertificateListItem[]; nextCursor: string | null } = JSON.parse(
        page.text,
      )
      for (const item of list.items) {
        const { type, readable, unit } = item
        items.set(readable ? unit.name : `${type.code} unreadable`, item)
      }
      cursor = list.nextCursor
    }
    // They are known by their type alone.
    for (const { name, situation, facts } of cases) {
      const found = items.get(`${facts.type.code} unreadable`)
      if (situation === 'unreadable' && found !== undefined) items.set(name, found)
    }
  })
  afterAll(() => system.stop())

  test('all are on the list', () => {
    expect(cases.length).toBeGreaterThan(100)
    expect(cases.map(({ name }) => name).filter((name) => !items.has(name))).toEqual([])
  })

  test('the list offers to send what may be sent', () => {
    for (const each of cases) {
      const { send } = certificateActions(each.facts)
      const statuses = items.get(each.name)!.statuses
      expect([each.name, statuses.includes('notSent')]).toEqual([each.name, send.allowed])
    }
  })

  test('reading', async () => {
    for (const each of cases) {
      const answer = await api.get(`/certificates/${idOf(each)}`)
      const wanted = certificateActions(each.facts)
      if (each.facts.revoked) {
        expect([each.name, answer.status, codeOf(answer)]).toEqual([
          each.name,
          410,
          'certificate.revoked',
        ])
      } else {
        const { actions } = JSON.parse(answer.text) as Certificate
        expect([each.name, answer.status, actions]).toEqual([each.name, 200, wanted])
      }
    }
  })

  test.each(['', '?disposition=attachment', '?hide=diagnosis'])('the PDF%s', async (query) => {
    for (const each of cases) {
      const { save, print, hide } = certificateActions(each.facts)
      const purpose = query.includes('attachment') ? save : print
      const notHidden = query.includes('hide') && !hide.includes('diagnosis')
      const refusal =
        refusalOf(purpose.reason) ??
        (notHidden ? { status: 400, code: 'pdf.hide-not-offered' } : undefined)
      const answer = await api.get(`/certificates/${idOf(each)}/pdf${query}`)
      const code = answer.status === 200 ? undefined : codeOf(answer)
      expect([each.name, answer.status, code]).toEqual([
        each.name,
        refusal?.status ?? 200,
        refusal?.code,
      ])
    }
  })

  test('a link to the PDF', async () => {
    for (const each of cases) {
      const { save } = certificateActions(each.facts)
      const answer = await api.send('POST', `/certificates/${idOf(each)}/download-link`, {})
      if (answer.status !== 201) {
        expect([each.name, save.allowed, codeOf(answer)]).toEqual([each.name, false, save.reason])
        continue
      }
      const { url } = JSON.parse(answer.text) as { url: string }
      const fetched = await fetch(url)
      await fetched.body?.cancel()
      expect([each.name, fetched.ok]).toEqual([each.name, save.allowed])
    }
  })

  test('who it can go to', async () => {
    for (const each of cases) {
      const { send } = certificateActions(each.facts)
      const answer = await api.get(`/certificates/${idOf(each)}/recipients`)
      if (answer.status !== 200) {
        expect([each.name, codeOf(answer)]).toEqual([each.name, send.reason])
        continue
      }
      const { items: offered } = JSON.parse(answer.text) as {
        items: { id: string; allowed: boolean; reason?: string }[]
      }
      const { recipient } = typeRule(each.facts.type.code)
      expect([each.name, offered.map(({ id }) => id)]).toEqual([
        each.name,
        recipient === null ? [] : [recipient],
      ])
      for (const { allowed, reason } of offered) {
        expect([each.name, allowed, reason]).toEqual([each.name, send.allowed, send.reason])
      }
    }
  })

  test('sending', async () => {
    for (const each of cases) {
      const { send } = certificateActions(each.facts)
      const answer = await api.send(
        'POST',
        `/certificates/${idOf(each)}/dispatches`,
        { recipientId: typeRule(each.facts.type.code).recipient ?? 'FKASSA' },
        { 'idempotency-key': randomUUID() },
      )
      const code = answer.status === 202 ? undefined : codeOf(answer)
      const refused = send.reason === 'recipient.none' ? 'recipient.not-accepted' : send.reason
      expect([each.name, code]).toEqual([each.name, refused])
    }
  })
})
