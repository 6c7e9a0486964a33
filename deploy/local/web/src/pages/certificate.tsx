import { ask } from '@minaintyg/gateway-client'
import type { Schemas } from '@minaintyg/gateway-client'
import { useState } from 'preact/hooks'
import { api } from '../api.ts'
import { BackLink, Failure, Loading, Notice, Page, WorkButton } from '../parts/basics.tsx'
import { date, moment, partialDate } from '../parts/formats.ts'
import { useAnswer } from '../parts/use-answer.ts'
import { AnswerOf } from '../parts/values.tsx'
import { useLanguage, useWords } from '../words/language.ts'
import { CertificateActions } from './certificate-actions.tsx'
import { Statuses } from './list.tsx'

type Certificate = Schemas['OwnCertificate']

function Facts({ certificate }: { certificate: Certificate }) {
  const words = useWords()
  const language = useLanguage()
  const { issuedAt, issuer, unit, careProvider, period } = certificate
  const place = [unit.name, careProvider.name === unit.name ? '' : careProvider.name]
  const facts: [string, string][] = [
    [words.certificate.issued, issuedAt === null ? words.unknownDate : date(issuedAt, language)],
    [words.certificate.by, [issuer.name, ...issuer.titles].filter(Boolean).join(', ')],
    [
      words.certificate.unit,
      [...place, unit.telephone ?? ''].filter((part) => part !== '').join(', '),
    ],
  ]
  if (period !== null) {
    const [from, to] = [period.from, period.to].map((day) =>
      day === null ? null : partialDate(day, language),
    )
    facts.push([words.certificate.period, words.certificate.periodOf(from ?? null, to ?? null)])
  }
  return (
    <dl class="facts">
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

const newer = new Set(['replacedBy', 'complementedBy', 'extendedBy'])

const Relations = ({ relations }: { relations: Schemas['CertificateRelation'][] }) => {
  const { certificate } = useWords()
  return (
    <>
      {relations.map(({ kind, certificateId }) => (
        <Notice key={`${kind} ${certificateId}`} tone={newer.has(kind) ? 'warning' : 'info'}>
          <p>
            {certificate.relations[kind] ?? certificate.newer}{' '}
            <a href={`/intyg/${certificateId}`}>{certificate.showOther}</a>
          </p>
        </Notice>
      ))}
    </>
  )
}

const placeOf = ({ action, certificateId }: Schemas['NextStep']): string | undefined => {
  if (action === 'follow') return '/skickat'
  if (action === 'guide') return '/hjalp/sjukskriven'
  if (action === 'open' && certificateId !== undefined) return `/intyg/${certificateId}`
  return undefined
}

function StepLink({ step }: { step: Schemas['NextStep'] }) {
  const { certificate } = useWords()
  const place = placeOf(step)
  if (place === undefined) return null
  return (
    <p>
      <a href={place}>{certificate.stepLinks[step.action ?? '']}</a>
    </p>
  )
}

/** What to do now, as the server says; sending and copying stand just above. */
function NextSteps({ steps }: { steps: Schemas['NextStep'][] }) {
  const { certificate } = useWords()
  if (steps.length === 0) return null
  return (
    <section>
      <h2>{certificate.nextSteps}</h2>
      <ol class="next-steps">
        {steps.map((step) => (
          <li key={step.id}>
            <h3>{step.title}</h3>
            <p>{step.text}</p>
            <StepLink step={step} />
          </li>
        ))}
      </ol>
    </section>
  )
}

const Content = ({ certificate }: { certificate: Certificate }) => (
  <section class="paper" lang={certificate.language}>
    <h2>{useWords().certificate.content}</h2>
    {certificate.sections.map(({ id, heading, items }) => (
      <section key={id}>
        <h3>{heading}</h3>
        <dl>
          {items.map((item) => (
            <div key={item.id}>
              <dt>{item.label}</dt>
              <dd>
                <AnswerOf value={item.value} label={item.label} />
              </dd>
            </div>
          ))}
        </dl>
      </section>
    ))}
  </section>
)

function Events({ events }: { events: Schemas['CertificateEvent'][] }) {
  const language = useLanguage()
  const { certificate } = useWords()
  if (events.length === 0) return null
  return (
    <section>
      <h2>{certificate.events}</h2>
      <ol class="timeline">
        {events.map(({ kind, at, text }) => (
          <li key={`${kind} ${at}`}>
            <p>{text}</p>
            <p class="quiet">{moment(at, language)}</p>
          </li>
        ))}
      </ol>
    </section>
  )
}

function Archive({ certificate, reload }: { certificate: Certificate; reload: () => void }) {
  const words = useWords()
  const [error, setError] = useState<unknown>()
  const params = { path: { id: certificate.id } }
  const work = async () => {
    await ask(
      certificate.archived
        ? api.DELETE('/certificates/{id}/archived', { params })
        : api.PUT('/certificates/{id}/archived', { params }),
    )
    reload()
  }
  return (
    <section class="aside">
      <p class="quiet">{words.certificate.archiveText}</p>
      <WorkButton kind="plain" work={work} onError={setError}>
        {certificate.archived ? words.certificate.restore : words.certificate.archive}
      </WorkButton>
      {error === undefined ? null : <Failure error={error} />}
    </section>
  )
}

export function CertificatePage({ id }: { id: string }) {
  const words = useWords()
  const { data, error, loading, reload } = useAnswer(
    () => ask(api.GET('/certificates/{id}', { params: { path: { id } } })),
    [id],
  )
  const back = <BackLink href="/intyg">{words.certificate.back}</BackLink>
  if (error !== undefined) {
    return (
      <>
        {back}
        <Page title={words.nav.certificates}>
          <Failure error={error} onRetry={reload} />
        </Page>
      </>
    )
  }
  if (data === undefined) return loading ? <Loading /> : null
  return (
    <>
      {back}
      <Page title={data.type.name}>
        <Statuses statuses={data.statuses} archived={data.archived} />
        <Facts certificate={data} />
        <Relations relations={data.relations} />
        <CertificateActions certificate={data} />
        <NextSteps steps={data.nextSteps ?? []} />
        <Content certificate={data} />
        <Events events={data.events} />
        <Archive certificate={data} reload={reload} />
      </Page>
    </>
  )
}
