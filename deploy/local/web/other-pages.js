/* global document, location, setTimeout */
import { get, post, remove } from './api.js'
import { button, confirm, element, link, moment } from './elements.js'
import { sentence, states } from './sentences.js'

export const logInPage = (logInUrl) => [
  element('h1', {}, 'Dina läkarintyg på ett ställe'),
  element('p', {}, 'Läs, spara, skriv ut och skicka dina intyg. Logga in med e-legitimation.'),
  element('div', { class: 'row' }, link('Logga in', logInUrl, 'button first')),
]

export const logInErrorPage = (code, logInUrl) => [
  element('h1', {}, 'Du är inte inloggad'),
  element('p', { class: 'notice', role: 'alert' }, sentence(code)),
  element('div', { class: 'row' }, link('Försök igen', logInUrl, 'button first')),
]

async function withdraw() {
  const sure = await confirm({
    title: 'Ta tillbaka samtycket?',
    text: [
      'Då visas inga intyg här längre, och dina kopior raderas.',
      'Det som en mottagare redan har fått kan vi inte ta tillbaka. Intygen finns kvar i din journal.',
    ],
    yes: 'Ja, ta tillbaka',
  })
  if (!sure) return
  await remove('/consent')
  location.assign('/samtycke')
}

export async function consentPage() {
  const consent = await get('/consent')
  const { text, state, givenAt, withdrawnAt } = consent
  const isGiven = state === 'given'
  const give = async () => {
    await post('/consent', { textVersion: text.version })
    location.assign('/intyg')
  }
  return [
    element('h1', {}, text.title),
    isGiven ? element('p', {}, `Du samtyckte ${moment(givenAt)}.`) : null,
    state === 'withdrawn'
      ? element('p', { class: 'notice' }, `Du tog tillbaka ditt samtycke ${moment(withdrawnAt)}.`)
      : null,
    ...text.paragraphs.map((paragraph) => element('p', {}, paragraph)),
    element(
      'div',
      { class: 'row' },
      isGiven
        ? button('Ta tillbaka samtycket', withdraw)
        : button('Ja, jag samtycker', give, 'first'),
    ),
  ].filter(Boolean)
}

const timeline = ({ timeline: steps }) =>
  element(
    'ol',
    {},
    steps.map(({ at, text }) => element('li', {}, `${moment(at)}: ${text}`)),
  )

export async function dispatchesPage() {
  const { items } = await get('/dispatches')
  const cards = items.map((dispatch) =>
    element('li', { class: 'card' }, [
      element('h2', {}, link(dispatch.certificate.type.name, `/skickat/${dispatch.id}`)),
      element('p', {}, `${dispatch.recipient.name}: ${states[dispatch.state]}`),
    ]),
  )
  return [
    element('h1', {}, 'Skickade intyg'),
    cards.length === 0
      ? element('p', {}, 'Du har inte skickat något intyg.')
      : element('ul', { class: 'cards' }, cards),
  ]
}

const moving = new Set(['queued', 'delivered', 'received'])

export async function dispatchPage(id) {
  const path = `/dispatches/${encodeURIComponent(id)}`
  const place = element('div', { 'aria-live': 'polite' })
  const cancel = async () => {
    await remove(path)
    location.reload()
  }
  const show = async () => {
    const dispatch = await get(path)
    place.replaceChildren(
      element('p', {}, element('strong', {}, states[dispatch.state])),
      timeline(dispatch),
      ...(dispatch.state === 'queued' ? [button('Skicka inte', cancel)] : []),
    )
    const again = () => {
      if (place.isConnected && !document.hidden) void show().catch(() => undefined)
      else if (place.isConnected) setTimeout(again, 3_000)
    }
    if (moving.has(dispatch.state)) setTimeout(again, 3_000)
    return dispatch
  }
  const { certificate, recipient } = await show()
  return [
    element('p', {}, link('Till skickade intyg', '/skickat')),
    element('h1', {}, `${certificate.type.name} till ${recipient.name}`),
    place,
  ]
}

export async function accessLogPage() {
  const list = element('ul', { class: 'cards' })
  const more = element('div', { class: 'row' })
  const load = async (cursor) => {
    const query = cursor === undefined ? '' : `?cursor=${encodeURIComponent(cursor)}`
    const { items, nextCursor } = await get(`/access-log${query}`)
    list.append(
      ...items.map(({ at, text, actor }) =>
        element('li', { class: 'card' }, [
          element('p', {}, text),
          element('p', {}, `${moment(at)}, ${actor.name}`),
        ]),
      ),
    )
    more.replaceChildren(
      ...(nextCursor === null ? [] : [button('Visa fler', () => load(nextCursor))]),
    )
  }
  await load()
  return [element('h1', {}, 'Vem har öppnat dina intyg?'), list, more]
}
