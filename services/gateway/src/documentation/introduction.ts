import { problemTable } from './problem-examples.ts'

const english = `
How patients in Sweden get at their medical certificates: see and read, save, print, give and withdraw consent, send.

**Sessions.** Navigate the browser to \`/auth/login\`. After the e-legitimation it comes back to the front end with a session cookie (HttpOnly, SameSite=Strict, \`__Host-minaintyg-session\` over https), which every call carries from then on: 30 minutes idle, 8 hours at most. Calls that change something need \`X-Requested-With: mina-intyg\`, an allowed \`Origin\`, and \`Content-Type: application/json\` where there is a body. \`x-access\` of an operation says what it needs: \`open\`, \`session\`, \`consent\` (a session too) or \`recipient\`.

**Consent first.** Without it every certificate is answered with 403 \`consent.required\`.

**Problems** are RFC 9457 \`application/problem+json\`: \`code\` is stable, \`type\` leads to a page about it, \`traceId\` is what to quote when asking for help. The list of them is at the end of this text, with what to tell the patient. New codes may come: treat one that you do not know by its status. Four can come before any operation is reached, and stand at none: 404 \`route.not-found\`, 408 \`request.timeout\`, 414 \`request.uri-too-long\` and 431 \`request.headers-too-large\`.

**Recipients** call with a Bearer token from \`/oauth/token\`. The public keys of tokens and of events’ signatures are at \`/.well-known/jwks.json\`, those of proofs of consent at \`/.well-known/consent-jwks.json\`; what the e-legitimation reads of us is at \`/.well-known/rp-metadata.json\` and \`/.well-known/rp-jwks.json\`. These are JWK sets and metadata of their own standards, and so no operations below.

**Headers.** What is read has an \`ETag\`: send it in \`If-None-Match\`, and 304 says that nothing has changed. \`Accept-Language\` chooses Swedish (default) or English, and \`Content-Language\` says which it is. Long answers are packed with br or gzip on request; what you send may not be. \`traceparent\` (W3C Trace Context) is taken up and answered, and its trace id is a problem’s \`traceId\`. HEAD works wherever reading does nothing else, OPTIONS everywhere, with \`Allow\`.

**Parts may be away.** A part that does not answer is 503 \`<part>.unavailable\` with \`Retry-After\`, for what needs it and nothing else; one that does not answer in time is 504 \`service.timeout\`, and may have done what was asked of it. The list and each certificate stand without journals (\`sources\`) and without the part that sends (\`dispatchState\`). Ask again what only reads; a sending again with the same \`Idempotency-Key\`.

**Known limitations.** Rates are limited per session and per address: after 429 wait as long as \`Retry-After\` says. \`RateLimit\` and \`RateLimit-Policy\` tell of each limit as the IETF’s draft (draft-ietf-httpapi-ratelimit-headers-10) has them, \`RateLimit-Limit\`, \`-Remaining\` and \`-Reset\` of the nearest. Bodies are at most 64 kB, addresses 8 kB, headers 16 kB.

**What may change** within a major version: operations, fields of answers, problem codes and values of answers may come. Ignore what you do not know.

**Try it.** In the pages at \`/docs\` every call goes to the server that shows them, with its cookie: log in by opening \`/auth/login?returnTo=/\` of the same server in another tab, as one of the sandbox’s test persons. \`X-Requested-With\` is filled in.
`.trim()

const swedish = `
**På svenska.** Så når patienter i Sverige sina läkarintyg: se och läsa, spara, skriva ut, ge och ta tillbaka samtycke, skicka.

Navigera webbläsaren till \`/auth/login\`; efter e-legitimationen kommer den tillbaka med en sessionskaka som varje anrop bär: 30 minuter utan aktivitet, högst 8 timmar. Anrop som ändrar något behöver \`X-Requested-With: mina-intyg\` och en tillåten \`Origin\`. Utan samtycke besvaras allt om intyg med 403 \`consent.required\`. Fel är \`application/problem+json\`: växla på \`code\`, som aldrig ändras, och visa \`traceId\` där patienten kan kontakta supporten. Nya fält, koder och operationer kan tillkomma inom en huvudversion: bortse från det ni inte känner till.

Varje operation beskrivs först på engelska och sedan på svenska, med vad som kan gå fel och vad man säger till patienten.
`.trim()

/** What the document and its pages begin with. */
export const introduction = (publicUrl: string): string =>
  [
    english,
    '---',
    swedish,
    '---',
    '<details><summary>Problem codes / Felkoder</summary>',
    problemTable(publicUrl),
    '</details>',
  ].join('\n\n')

const tag = (name: string, en: string, sv: string) => ({ name, description: `${en} / ${sv}` })

export const tags = [
  tag('session', 'Log in, log out, and how long is left', 'Logga in, logga ut, tid kvar'),
  tag('consent', 'The text, giving and withdrawing', 'Texten, ge och ta tillbaka'),
  tag('certificates', 'See, read, save, print, archive', 'Se, läsa, spara, skriva ut, arkivera'),
  tag('dispatches', 'Send, follow, take back', 'Skicka, följa, ta tillbaka'),
  tag('access-log', 'Who did what, and when', 'Vem som gjorde vad, och när'),
  tag('guides', 'What to do, with dates', 'Vad man gör, med datum'),
  tag('recipients', 'For those who certificates are sent to', 'För dem som intyg skickas till'),
  tag('verification', 'For whoever holds a copy on paper', 'För den som håller i en utskrift'),
  tag('about', 'This API itself', 'API:et självt'),
]
