export type ConsentKind = 'given' | 'withdrawn'

/** One line of the record: what a patient said, and how. */
export interface ConsentRecord {
  id: string
  patientId: string
  kind: ConsentKind
  at: Date
  textVersion: string
  language: 'sv' | 'en'
  channel: string
  loa: string | null
  sessionId: string | null
}

/** Who says it, and through what. */
export interface Declaration {
  patientId: string
  language: 'sv' | 'en'
  channel: string
  loa: string | null
  sessionId: string | null
}

interface TextInForce {
  version: string
  earlierConsentHolds: boolean
}

/** What the last word of a patient means under the text that is in force. */
export function consentState(
  latest: Pick<ConsentRecord, 'kind' | 'textVersion'> | undefined,
  text: TextInForce,
): 'none' | 'given' | 'withdrawn' {
  if (latest === undefined) return 'none'
  if (latest.kind === 'withdrawn') return 'withdrawn'
  return latest.textVersion === text.version || text.earlierConsentHolds ? 'given' : 'none'
}

/** What GET /consent says, out of the record (newest first). */
export function summarise(records: readonly ConsentRecord[], text: TextInForce) {
  const [latest] = records
  const state = consentState(latest, text)
  const given = latest?.kind === 'given' ? latest : undefined
  return {
    state,
    givenAt: given?.at.toISOString() ?? null,
    withdrawnAt: latest?.kind === 'withdrawn' ? latest.at.toISOString() : null,
    acceptedVersion: given?.textVersion ?? null,
    history: records.map(({ kind, at, textVersion, language }) => ({
      kind,
      at: at.toISOString(),
      textVersion,
      language,
    })),
  }
}
