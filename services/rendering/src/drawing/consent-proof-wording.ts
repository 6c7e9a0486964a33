export interface ConsentProofWording {
  kind: string
  title: string
  introduction: string
  issued: string
  issuer: string
  patient: string
  patientNote: string
  state: string
  statements: string
  columns: { at: string; said: string; text: string; how: string }
  said: Record<'given' | 'withdrawn', string>
  text: (version: string, language: 'sv' | 'en') => string
  loggedIn: (level: string) => string
  byOperator: string
  notKnown: string
  none: string
  wordingOf: (version: string, language: 'sv' | 'en') => string
  check: string
  checking: (keys: string) => string[]
  attachment: string
  foot: (at: string) => string
  id: string
  running: (at: string) => string
}

const sv: ConsentProofWording = {
  kind: 'Elektroniskt undertecknat av Mina intyg',
  title: 'Bevis om samtycke',
  introduction:
    'Här står vad patienten har sagt ja och nej till i Mina intyg, när det sades och till vilken text. Beviset kan visas för den som behöver veta det. Det säger ingenting om patientens intyg eller hälsa.',
  issued: 'Beviset gjordes (svensk tid)',
  issuer: 'Undertecknat av',
  patient: 'Patientens id',
  patientNote:
    'Ett nummer som bara används i Mina intyg. Namn och personnummer står inte i beviset.',
  state: 'Läge när beviset gjordes',
  statements: 'Vad patienten har sagt',
  columns: { at: 'När (svensk tid)', said: 'Vad', text: 'Textens version', how: 'Hur' },
  said: { given: 'Samtycke lämnat', withdrawn: 'Samtycke återkallat' },
  text: (version, language) => `${version}, ${language === 'sv' ? 'svenska' : 'engelska'}`,
  loggedIn: (level) => `E-legitimation, tillitsnivå ${level}`,
  byOperator: 'Mina intyg, på patientens begäran',
  notKnown: 'Uppgift saknas',
  none: 'Patienten har varken lämnat eller återkallat något samtycke.',
  wordingOf: (version, language) =>
    `Texten i version ${version} på ${language === 'sv' ? 'svenska' : 'engelska'}`,
  check: 'Så kontrolleras beviset',
  checking: (keys) => [
    'Det är filen consent-proof.jws som är beviset. Den är bifogad i det här dokumentet; i de flesta läsprogram finns den under Bilagor. En utskrift på papper går inte att kontrollera.',
    `Filen är undertecknad elektroniskt (JWS enligt RFC 7515, EdDSA). Nycklarna som den kontrolleras med finns på ${keys}. Stämmer underskriften är innehållet äkta och oförändrat.`,
    'Det som står här är samma uppgifter i ord. I filen står dessutom varje uttalandes id, tiden på sekunden och vilken inloggning det gjordes i.',
  ],
  attachment: 'Det undertecknade beviset',
  foot: (at) => `Samtycken i Mina intyg, som de var registrerade ${at}.`,
  id: 'Patientens id',
  running: (at) => `Bevis om samtycke, ${at}`,
}

const en: ConsentProofWording = {
  kind: 'Signed electronically by Mina intyg',
  title: 'Proof of consent',
  introduction:
    'This is what the patient has said yes and no to in Mina intyg, when it was said and to which text. The proof can be shown to anyone who needs to know. It says nothing of the patient’s certificates or health.',
  issued: 'Proof made (Swedish time)',
  issuer: 'Signed by',
  patient: 'The patient’s id',
  patientNote:
    'A number that only Mina intyg uses. Name and personal identity number are not in the proof.',
  state: 'State when the proof was made',
  statements: 'What the patient has said',
  columns: { at: 'When (Swedish time)', said: 'What', text: 'Version of the text', how: 'How' },
  said: { given: 'Consent given', withdrawn: 'Consent withdrawn' },
  text: (version, language) => `${version}, ${language === 'sv' ? 'Swedish' : 'English'}`,
  loggedIn: (level) => `Electronic identification, level ${level}`,
  byOperator: 'Mina intyg, at the patient’s request',
  notKnown: 'Not known',
  none: 'The patient has neither given nor withdrawn any consent.',
  wordingOf: (version, language) =>
    `The text of version ${version} in ${language === 'sv' ? 'Swedish' : 'English'}`,
  check: 'How the proof is checked',
  checking: (keys) => [
    'The file consent-proof.jws is the proof. It is attached to this document; most readers show it under Attachments. A print on paper cannot be checked.',
    `The file is signed electronically (JWS by RFC 7515, EdDSA). The keys to check it with are at ${keys}. Where the signature holds, the content is genuine and unchanged.`,
    'What stands here is the same in words. The file also holds the id of each statement, its time to the second and the log-in that it was made in.',
  ],
  attachment: 'The signed proof',
  foot: (at) => `Consents in Mina intyg, as they were on record on ${at}.`,
  id: 'The patient’s id',
  running: (at) => `Proof of consent, ${at}`,
}

export const consentProofWording = (language: 'sv' | 'en'): ConsentProofWording =>
  language === 'en' ? en : sv
