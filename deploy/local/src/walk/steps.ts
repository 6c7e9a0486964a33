import { randomUUID } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import Type from 'typebox'
import { Certificate } from '@minaintyg/certificate-model'
import type { CertificateListItem } from '@minaintyg/certificate-model'
import {
  CertificateList,
  CertificateRecipients,
  Consent,
  Dispatch,
  DispatchList,
  SessionState,
} from '@minaintyg/contracts'
import type { DispatchState } from '@minaintyg/contracts'
import type { PatientApi } from './patient-api.ts'
import { hold, holdStatus, problemCode, readBody } from './walk-error.ts'

const Me = Type.Object({
  personalIdentityNumberMasked: Type.String(),
  loa: Type.String(),
  consent: Type.Union([Type.Literal('none'), Type.Literal('given'), Type.Literal('withdrawn')]),
})

export async function checkLogIn(api: PatientApi): Promise<string> {
  const session = readBody(await api.get('/session'), 'The session', SessionState)
  hold(session.authenticated, 'The session is not authenticated')
  const answer = await api.get('/me')
  holdStatus(answer, 'Who I am', 200)
  const me = readBody(answer, 'Who I am', Me)
  hold(!/\d{12}/.test(answer.text), 'The whole personal identity number came')
  return `${me.personalIdentityNumberMasked}, ${me.loa.slice(me.loa.lastIndexOf('/') + 1)}`
}

async function withdrawEarlier(api: PatientApi): Promise<void> {
  const consent = readBody(await api.get('/consent'), 'The consent', Consent)
  if (consent.state !== 'given') return
  holdStatus(await api.send('DELETE', '/consent'), 'Withdrawing consent', 200)
}

export async function giveConsent(api: PatientApi): Promise<string> {
  await withdrawEarlier(api)
  const before = await api.get('/certificates')
  holdStatus(before, 'The list without consent', 403)
  hold(problemCode(before) === 'consent.required', 'The list without consent has another code')
  const { text } = readBody(await api.get('/consent'), 'The consent', Consent)
  const given = await api.send('POST', '/consent', { textVersion: text.version })
  holdStatus(given, 'Giving consent', 201)
  const after = readBody(await api.get('/consent'), 'The consent', Consent)
  hold(after.state === 'given', 'The consent is not given')
  return `"${text.title}", version ${text.version}; before it, 403 consent.required`
}

export async function list(api: PatientApi): Promise<CertificateList> {
  const answer = await api.get('/certificates?limit=100')
  holdStatus(answer, 'The list', 200)
  const found = readBody(answer, 'The list', CertificateList)
  hold(found.items.length > 0, 'The list is empty')
  const down = found.sources.filter(({ state }) => state !== 'ok').map(({ id }) => id)
  hold(down.length === 0, `Journals did not answer: ${down.join(', ')}`)
  return found
}

const rank = ({ statuses }: CertificateListItem) =>
  Number(statuses.includes('notSent')) * 2 + Number(statuses.includes('new'))

/** The first that can go to the recipient; one that has not been sent before another. */
export async function read(api: PatientApi, items: CertificateListItem[], recipientId: string) {
  const readable = items.filter((item) => item.readable).sort((a, b) => rank(b) - rank(a))
  for (const { id } of readable) {
    const answer = await api.get(`/certificates/${id}`)
    holdStatus(answer, 'The certificate', 200)
    const certificate = readBody(answer, 'The certificate', Certificate)
    const { send } = certificate.actions
    if (!send.allowed || !send.recipients.some((each) => each.id === recipientId)) continue
    hold(certificate.sections.length > 0, 'The certificate is empty')
    const again = await api.get(`/certificates/${id}`, {
      'if-none-match': answer.headers.get('etag') ?? '',
    })
    holdStatus(again, 'The same certificate again', 304)
    return certificate
  }
  throw new Error(`No certificate of this person can be sent to ${recipientId}`)
}

/** Without the diagnosis where that is offered, and refused where it is not. */
async function checkAdaptedPdf(api: PatientApi, { id, actions }: Certificate, whole: Buffer) {
  const answer = await api.get(`/certificates/${id}/pdf?hide=diagnosis`)
  const offered = actions.hide.includes('diagnosis')
  holdStatus(answer, 'The PDF without the diagnosis', offered ? 200 : 400)
  hold(!answer.bytes.equals(whole), 'The PDF without the diagnosis is the whole one')
}

export async function savePdf(api: PatientApi, certificate: Certificate, folder: string) {
  const answer = await api.get(`/certificates/${certificate.id}/pdf`)
  holdStatus(answer, 'The PDF', 200)
  hold(answer.headers.get('content-type') === 'application/pdf', 'The PDF is of another type')
  hold(
    answer.text.startsWith('%PDF-') && answer.text.trimEnd().endsWith('%%EOF'),
    'Not a whole PDF',
  )
  const [, name] = /filename="([^"]+)"/.exec(answer.headers.get('content-disposition') ?? '') ?? []
  hold(
    name !== undefined && !/\d{6}/.test(name.replace(/\d{4}-\d\d-\d\d/, '')),
    'The PDF has no fit name',
  )
  await checkAdaptedPdf(api, certificate, answer.bytes)
  await mkdir(folder, { recursive: true })
  const file = join(folder, name)
  await writeFile(file, answer.bytes, { mode: 0o600 })
  return { file, size: answer.bytes.length }
}

export async function send(
  api: PatientApi,
  { id }: Certificate,
  recipientId: string,
): Promise<Dispatch> {
  const choice = await api.get(`/certificates/${id}/recipients`)
  holdStatus(choice, 'The recipients', 200)
  const { items } = readBody(choice, 'The recipients', CertificateRecipients)
  const recipient = items.find((each) => each.id === recipientId)
  hold(recipient !== undefined, 'The recipient is not among those it can go to')
  const key = randomUUID()
  const ask = () =>
    api.send('POST', `/certificates/${id}/dispatches`, { recipientId }, { 'idempotency-key': key })
  const answer = await ask()
  if (answer.status === 409 && problemCode(answer) === 'dispatch.already-sent') {
    return sentEarlier(api, id)
  }
  holdStatus(answer, 'Sending', 202)
  const dispatch = readBody(answer, 'Sending', Dispatch)
  hold(answer.headers.get('location')?.endsWith(dispatch.id) === true, 'Sending gave no Location')
  const twice = await ask()
  holdStatus(twice, 'The same request again', 202)
  hold(
    readBody(twice, 'The same request again', Dispatch).id === dispatch.id,
    'The same request again made a second dispatch',
  )
  return dispatch
}

async function sentEarlier(api: PatientApi, certificateId: string): Promise<Dispatch> {
  const { items } = readBody(await api.get('/dispatches'), 'The dispatches', DispatchList)
  const earlier = items.find(({ certificate }) => certificate.id === certificateId)
  hold(earlier !== undefined, 'It was sent before, and no dispatch of it is listed')
  return earlier
}

/** Asks for the dispatch until it has come so far. @returns what the patient is told */
export async function follow(api: PatientApi, id: string, state: DispatchState, patience: number) {
  const deadline = Date.now() + patience
  for (;;) {
    const answer = await api.get(`/dispatches/${id}`)
    holdStatus(answer, 'The dispatch', 200)
    const dispatch = readBody(answer, 'The dispatch', Dispatch)
    const reached = dispatch.timeline.find((entry) => entry.state === state)
    if (reached) return reached.text
    hold(Date.now() < deadline, `The dispatch is ${dispatch.state}, and not ${state} in time`)
    // The gateway bounds how often a session may ask.
    await pause(200)
  }
}
