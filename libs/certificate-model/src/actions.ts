import type { CertificateActions } from './certificate.ts'
import { recipientNames, typeRule } from './type-rules.ts'

/** What decides over a certificate's actions. */
export interface ActionFacts {
  type: { code: string; version: string }
  readable: boolean
  revoked: boolean
  replaced: boolean
  complemented: boolean
  /** Question 27 answered yes: kept away from work under the Communicable Diseases Act. */
  infectionControl: boolean
}

/** Why an action is refused; the words are the gateway's problem codes. */
export type RefusalReason =
  | 'certificate.revoked'
  | 'certificate.replaced'
  | 'certificate.complemented'
  | 'certificate.unreadable'
  | 'certificate.version-too-old'
  | 'recipient.none'

const allow = { allowed: true } as const
const refuse = (reason: RefusalReason) => ({ allowed: false, reason }) as const

/** Replaced and complemented certificates may be read on screen, and nothing else. */
function refusalOfCopies(facts: ActionFacts): RefusalReason | undefined {
  if (facts.revoked) return 'certificate.revoked'
  if (!facts.readable) return 'certificate.unreadable'
  if (facts.replaced) return 'certificate.replaced'
  if (facts.complemented) return 'certificate.complemented'
  return undefined
}

function refusalOfSending(facts: ActionFacts): RefusalReason | undefined {
  const rule = typeRule(facts.type.code)
  const copies = refusalOfCopies(facts)
  if (copies !== undefined) return copies
  if (rule.recipient === null) return 'recipient.none'
  const major = Number.parseInt(facts.type.version, 10)
  const tooOld = rule.sendableFromMajor !== undefined && !(major >= rule.sendableFromMajor)
  return rule.sendingEnded === true || tooOld ? 'certificate.version-too-old' : undefined
}

/** What may be done with a certificate. The services that hand it out enforce this same answer. */
export function certificateActions(facts: ActionFacts): CertificateActions {
  const copies = refusalOfCopies(facts)
  const sending = refusalOfSending(facts)
  const { recipient, hideDiagnosis } = typeRule(facts.type.code)
  const copy = copies === undefined ? allow : refuse(copies)
  return {
    read: facts.revoked
      ? refuse('certificate.revoked')
      : facts.readable
        ? allow
        : refuse('certificate.unreadable'),
    save: copy,
    print: copy,
    send: {
      ...(sending === undefined ? allow : refuse(sending)),
      recipients:
        sending === undefined && recipient !== null
          ? [{ id: recipient, name: recipientNames[recipient] }]
          : [],
    },
    hide:
      copies === undefined && hideDiagnosis === true && !facts.infectionControl
        ? ['diagnosis']
        : [],
  }
}
