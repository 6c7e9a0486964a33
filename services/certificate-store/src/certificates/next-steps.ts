import { canonicalTypeCode } from '@minaintyg/certificate-model'
import type { Certificate, NextStep } from '@minaintyg/certificate-model'
import type { Language } from '@minaintyg/service'
import { nextStepText } from './next-step-texts.ts'
import type { NextStepId } from './next-step-texts.ts'

type Facts = Pick<
  Certificate,
  'type' | 'statuses' | 'relations' | 'actions' | 'events' | 'readable'
>

const sickLeave = new Set(['LISJP', 'FK7263'])
const forEmployers = new Set(['AG7804', 'AG1-14'])

type Draft = { id: NextStepId; recipient?: string } & Pick<NextStep, 'action' | 'certificateId'>

/** The newer certificate, where it is one of the patient's; else what to do without. */
function superseded({ relations }: Facts, kind: 'replacedBy' | 'complementedBy'): Draft {
  const newer = relations.find((relation) => relation.kind === kind)
  return newer === undefined
    ? { id: 'look-for-newer', action: null }
    : { id: 'open-newer', action: 'open', certificateId: newer.certificateId }
}

/** Of what care has sent there is no dispatch to look at. */
const isSentFromHere = ({ events }: Facts) =>
  events.some(({ kind, recipient }) => kind === 'sent' && recipient !== undefined)

const anyOf: Record<Language, Intl.ListFormat> = {
  sv: new Intl.ListFormat('sv', { type: 'disjunction' }),
  en: new Intl.ListFormat('en', { type: 'disjunction' }),
}

function sending(facts: Facts, language: Language): Draft[] {
  const { type, statuses, actions } = facts
  const { send } = actions
  const isSickLeave = sickLeave.has(canonicalTypeCode(type.code))
  const recipient = anyOf[language].format(send.recipients.map(({ name }) => name))
  if (statuses.includes('sent')) {
    return [
      isSentFromHere(facts)
        ? { id: 'follow', action: 'follow' }
        : { id: 'sent-by-care', action: null },
    ]
  }
  if (!send.allowed) {
    return send.reason === 'certificate.version-too-old'
      ? [{ id: 'ask-for-new-version', action: null }]
      : []
  }
  return isSickLeave
    ? [
        { id: 'apply-and-send', action: 'send' },
        { id: 'see-guide', action: 'guide' },
      ]
    : [{ id: 'send', action: 'send', recipient }]
}

function copying({ type, actions }: Facts): Draft[] {
  if (forEmployers.has(canonicalTypeCode(type.code))) {
    const mayHide = actions.hide.includes('diagnosis')
    return [{ id: mayHide ? 'give-to-employer-adapted' : 'give-to-employer', action: 'copy' }]
  }
  return actions.send.reason === 'recipient.none' ? [{ id: 'keep-copy', action: 'copy' }] : []
}

function draftsOf(facts: Facts, language: Language): Draft[] {
  if (facts.statuses.includes('revoked')) return []
  if (!facts.readable) return [{ id: 'ask-care', action: null }]
  const { reason } = facts.actions.save
  if (reason === 'certificate.replaced') return [superseded(facts, 'replacedBy')]
  if (reason === 'certificate.complemented') return [superseded(facts, 'complementedBy')]
  const isSickLeave = sickLeave.has(canonicalTypeCode(facts.type.code))
  return [
    ...sending(facts, language),
    ...copying(facts),
    ...(isSickLeave ? [{ id: 'extend', action: null } as const] : []),
  ]
}

/** What the patient may want to do next with a certificate that stands like this. */
export function nextStepsOf(facts: Facts, language: Language): NextStep[] {
  return draftsOf(facts, language).map(({ id, recipient = '', ...step }) => ({
    id,
    ...nextStepText(id, language, recipient),
    ...step,
  }))
}
