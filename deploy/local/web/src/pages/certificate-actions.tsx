import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { ask, sentenceOf } from '@minaintyg/gateway-client'
import type { Schemas } from '@minaintyg/gateway-client'
import { api } from '../api.ts'
import { Failure, Notice, WorkButton } from '../parts/basics.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { printCertificate, saveCertificate } from '../parts/documents.ts'
import { date } from '../parts/formats.ts'
import { useAnswer } from '../parts/use-answer.ts'
import { useLanguage, useWords } from '../words/language.ts'

type Certificate = Schemas['OwnCertificate']

interface Recipient {
  id: string
  name: string
}

/** Asks first: what a recipient has got cannot be taken back. */
function SendDialog({
  certificate,
  recipient,
  onClose,
}: {
  certificate: Certificate
  recipient: Recipient
  onClose: () => void
}) {
  const { sending, cancel } = useWords()
  const { route } = useLocation()
  const [error, setError] = useState<unknown>()
  // One for each decision to send: a second press of the same button sends nothing twice.
  const [key] = useState(() => crypto.randomUUID())
  const send = async () => {
    const dispatch = await ask(
      api.POST('/certificates/{id}/dispatches', {
        params: { path: { id: certificate.id }, header: { 'Idempotency-Key': key } },
        body: { recipientId: recipient.id },
      }),
    )
    route(`/skickat/${dispatch.id}`)
  }
  return (
    <Dialog title={sending.title(recipient.name)} onClose={onClose}>
      <p>{sending.what(certificate.type.name, recipient.name)}</p>
      <p>{sending.own}</p>
      {recipient.id === 'FKASSA' ? <p>{sending.apply}</p> : null}
      {error === undefined ? null : <Failure error={error} />}
      <div class="buttons">
        <WorkButton kind="first" work={send} onError={setError}>
          {sending.yes}
        </WorkButton>
        <button type="button" onClick={onClose}>
          {cancel}
        </button>
      </div>
    </Dialog>
  )
}

const taken = new Set<Schemas['DispatchState']>(['cancelled', 'revoked'])

/** Where this certificate has gone. Not by its recipients: asking for those is an entry in the access log. */
async function fetchSent({ id, statuses }: Certificate): Promise<Schemas['Dispatch'][]> {
  if (!statuses.includes('sent')) return []
  const { items } = await ask(api.GET('/dispatches', { params: { query: { limit: 100 } } }))
  return items.filter(({ certificate, state }) => certificate.id === id && !taken.has(state))
}

/** What was sent is told by dispatch; while it is silent the certificate can be read all the same. */
function Sending({ certificate }: { certificate: Certificate }) {
  const words = useWords()
  const language = useLanguage()
  const [chosen, setChosen] = useState<Recipient>()
  const { id, actions, dispatchState } = certificate
  const { data, error, loading } = useAnswer(() => fetchSent(certificate), [id])
  if (!actions.send.allowed) {
    const { reason } = actions.send
    return reason === undefined ? null : (
      <p>
        <strong>{words.certificate.cannotSend}.</strong> {sentenceOf(reason, language)}
      </p>
    )
  }
  if (data === undefined && loading) return null
  const sentTo = (recipientId: string) =>
    data?.find(({ recipient }) => recipient.id === recipientId)
  return (
    <>
      {error === undefined && dispatchState !== 'unknown' ? null : (
        <Notice>
          <p>{words.certificate.dispatchesUnknown}</p>
        </Notice>
      )}
      {actions.send.recipients.map((recipient) => {
        const sent = sentTo(recipient.id)
        if (sent) {
          return (
            <Notice key={recipient.id} tone="good">
              <p>
                {words.certificate.sentBefore(
                  recipient.name,
                  date(sent.timeline[0]?.at ?? '', language),
                )}{' '}
                <a href={`/skickat/${sent.id}`}>{words.certificate.followSent}</a>
              </p>
            </Notice>
          )
        }
        return (
          <div key={recipient.id} class="buttons">
            <button
              type="button"
              class="first"
              onClick={() => {
                setChosen(recipient)
              }}
            >
              {words.certificate.send(recipient.name)}
            </button>
          </div>
        )
      })}
      {chosen === undefined ? null : (
        <SendDialog
          certificate={certificate}
          recipient={chosen}
          onClose={() => {
            setChosen(undefined)
          }}
        />
      )}
    </>
  )
}

function Copies({ certificate: { id, actions } }: { certificate: Certificate }) {
  const words = useWords()
  const language = useLanguage()
  const [hide, setHide] = useState(false)
  const [error, setError] = useState<unknown>()
  const [done, setDone] = useState('')
  if (!actions.save.allowed) {
    const { reason } = actions.save
    // The same reason stands beside sending already.
    return reason === undefined || reason === actions.send.reason ? null : (
      <p>
        <strong>{words.certificate.cannotSave}.</strong> {sentenceOf(reason, language)}
      </p>
    )
  }
  const then = (work: () => Promise<void>, said: string) => async () => {
    setDone('')
    await work()
    setDone(said)
  }
  return (
    <>
      {actions.hide.includes('diagnosis') ? (
        <label class="choice hide">
          <input
            type="checkbox"
            checked={hide}
            onChange={(event) => {
              setHide(event.currentTarget.checked)
            }}
          />
          <span>
            {words.certificate.hide}
            <span class="quiet block">{words.certificate.hideText}</span>
          </span>
        </label>
      ) : null}
      <div class="buttons">
        <WorkButton
          work={then(() => saveCertificate(id, hide), words.certificate.saved)}
          onError={setError}
        >
          {words.certificate.save}
        </WorkButton>
        {actions.print.allowed ? (
          <WorkButton
            work={then(() => printCertificate(id, hide), words.certificate.printed)}
            onError={setError}
          >
            {words.certificate.print}
          </WorkButton>
        ) : null}
      </div>
      <p class="small quiet" role="status">
        {done}
      </p>
      {error === undefined ? null : <Failure error={error} />}
      <p class="small quiet">{words.certificate.care}</p>
    </>
  )
}

/** What the server says may be done, and why not. */
export const CertificateActions = ({ certificate }: { certificate: Certificate }) => (
  <section class="actions">
    <h2>{useWords().certificate.whatToDo}</h2>
    <Sending certificate={certificate} />
    <Copies certificate={certificate} />
  </section>
)
