import type { ConsentProof } from '@minaintyg/contracts'
import type { ConsentRecord } from '../consents/consent-model.ts'
import type { ConsentRepository } from '../consents/consent-repository.ts'
import { wordingIn } from '../texts/consent-texts.ts'
import type { ConsentTexts } from '../texts/consent-texts.ts'

interface Deps {
  consents: ConsentRepository
  texts: ConsentTexts
  issuer: string
  now: () => Date
}

function statementOf(record: ConsentRecord): ConsentProof['statements'][number] {
  const { id, kind, at, textVersion, language, channel, loa, sessionId } = record
  return { id, kind, at: at.toISOString(), textVersion, language, channel, loa, sessionId }
}

/** All that a patient has said, oldest first, with the wording of each text that it was said to. */
export function createProve({ consents, texts, issuer, now }: Deps) {
  return async (patientId: string): Promise<ConsentProof> => {
    const records = await consents.all(patientId)
    const wordings = new Map(
      records.map(({ textVersion, language }) => [
        `${textVersion} ${language}`,
        wordingIn(texts.version(textVersion), language),
      ]),
    )
    return {
      issuer,
      issuedAt: now().toISOString(),
      patientId,
      statements: records.map(statementOf),
      texts: [...wordings.values()],
    }
  }
}
export type Prove = ReturnType<typeof createProve>
