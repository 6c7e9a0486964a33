import { createHash } from 'node:crypto'
import { testPersons } from '../test-persons.ts'
import type { TestPerson } from '../test-persons.ts'

const style = `
:root { color-scheme: light dark; font: 1.125rem/1.5 system-ui, sans-serif }
body { margin: 0 auto; padding: 1.5rem; max-width: 42rem }
h1 { line-height: 1.2 }
ul { list-style: none; padding: 0 }
li { margin: 0 0 .5rem }
button { font: inherit; padding: .7rem 1rem; border: 1px solid; border-radius: .4rem; cursor: pointer }
li button { width: 100%; text-align: left }
button span { display: block; font-size: .9rem }
:focus-visible { outline: 3px solid #0b63c5; outline-offset: 2px }
label { display: block; font-weight: bold }
input { font: inherit; padding: .6rem; width: 14rem; max-width: 100%; box-sizing: border-box }
.error { border-left: .4rem solid #b3261e; padding-left: .8rem }
.note { font-size: .9rem }
`

/** For `style-src`: no other style, and no script at all, may run on these pages. */
export const styleHash = `'sha256-${createHash('sha256').update(style).digest('base64')}'`

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escape = (text: string) => text.replace(/[&<>"']/g, (sign) => escapes[sign] ?? sign)

export const page = (title: string, body: string): string => `<!doctype html>
<html lang="sv">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)} – Test-e-legitimation</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escape(title)}</h1>
${body}
</main>
</body>
</html>
`

const dashed = (number: string) => `${number.slice(0, 8)}-${number.slice(8)}`
const nameOf = ({ name }: TestPerson) =>
  name === null ? 'Namn saknas' : `${name.given} ${name.family}`

const choices = testPersons
  .map(
    (person) =>
      `<li><button type="submit" name="person" value="${person.number}">${escape(nameOf(person))}, ${dashed(person.number)}
<span>${escape(person.shows.sv)}</span>
<span lang="en">${escape(person.shows.en)}</span></button></li>`,
  )
  .join('\n')

/** Everyone that there is to log in as, for those who build front ends. */
export const testPersonsPage = (): string =>
  page(
    'Testpersoner',
    `<p>Alla är påhittade. Logga in som någon av dem för att se vad som står här.
<span lang="en">All of them are made up. Log in as one of them to see what is said here.</span></p>
<ul>
${testPersons
  .map(
    (person) => `<li><b>${escape(nameOf(person))}</b>, <code>${person.number}</code><br>
${escape(person.shows.sv)}<br>
<span lang="en">${escape(person.shows.en)}</span></li>`,
  )
  .join('\n')}
</ul>`,
  )

/** Where one chooses who to be. Field `person` holds the number; `action=cancel` cancels. */
export function logInPage(action: string, fault?: string): string {
  const alert =
    fault === undefined ? '' : `<p class="error" id="fault" role="alert">${escape(fault)}</p>`
  const describedBy = fault === undefined ? 'hint' : 'hint fault'
  return page(
    'Vem vill du logga in som?',
    `<p class="note">Det här är en e-legitimation för test. Alla personer är påhittade.
<span lang="en">This is an e-identification for tests. All persons are made up.</span></p>
${alert}
<form method="post" action="${escape(action)}">
<ul>
${choices}
</ul>
</form>
<h2>Någon annan</h2>
<form method="post" action="${escape(action)}">
<p><label for="person">Personnummer eller samordningsnummer</label>
<span class="note" id="hint">12 siffror: ÅÅÅÅMMDDNNNN</span><br>
<input id="person" name="person" type="text" inputmode="numeric" autocomplete="off" maxlength="13" required aria-describedby="${describedBy}"${fault === undefined ? '' : ' aria-invalid="true"'}></p>
<p><button type="submit">Logga in</button></p>
</form>
<form method="post" action="${escape(action)}">
<input type="hidden" name="action" value="cancel">
<p><button type="submit">Avbryt</button></p>
</form>`,
  )
}

/** @param form the provider's own form, with its protection against forged requests */
export const logOutPage = (form: string): string =>
  page(
    'Vill du logga ut?',
    `<p>Du loggas ut också ur test-e-legitimationen.</p>
${form}
<p><button type="submit" form="op.logoutForm" name="logout" value="yes">Logga ut</button>
<button type="submit" form="op.logoutForm">Stanna kvar</button></p>`,
  )

/** The provider's own page for those who were not logged in submits itself by a script; this one asks for a press. */
export const goOnPage = (form: string): string =>
  page(
    'Du är utloggad',
    `${form.replace('<form', '<form id="go-on"').replace(/<noscript>[^]*<\/noscript>/, '')}
<p><button type="submit" form="go-on">Tillbaka till tjänsten</button></p>`,
  )

export const loggedOutPage = (): string =>
  page('Du är utloggad', '<p>Du kan stänga den här sidan.</p>')

/** @param code of OAuth, such as invalid_request: no text that came with the request */
export const errorPage = (code: string): string =>
  page(
    'Inloggningen gick inte',
    `<p>Gå tillbaka till tjänsten och försök igen.</p>
<p class="note">Felkod: <code>${escape(code)}</code></p>`,
  )
