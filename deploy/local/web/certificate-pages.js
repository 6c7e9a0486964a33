/* global crypto, location */
import { base, get, post } from './api.js'
import { button, confirm, date, element, link, moment } from './elements.js'
import { sentence, statuses } from './sentences.js'
import { answer } from './values.js'

const tags = (item) =>
  element(
    'p',
    {},
    item.statuses.map((status) => element('span', { class: 'tag' }, statuses[status] ?? status)),
  )

const card = (item) =>
  element('li', { class: 'card' }, [
    element('h2', {}, link(item.type.name, `/intyg/${item.id}`)),
    element('p', {}, `${item.unit.name}, ${date(item.issuedAt)}`),
    item.summary ? element('p', {}, `${item.summary.label}: ${item.summary.value}`) : null,
    tags(item),
  ])

/** Copies that are being fetched anew behind the answer are not the same as a journal that is silent. */
const aboutSource = ({ name, state }) =>
  state === 'stale'
    ? `Vi hämtar nya uppgifter från ${name}. Ladda om sidan om en stund för att se dem.`
    : `${name} gick inte att nå just nu. Listan kan sakna intyg därifrån.`

export async function listPage() {
  const list = element('ul', { class: 'cards' })
  const more = element('div', { class: 'row' })
  const missing = element('div')
  const load = async (cursor) => {
    const query = cursor === undefined ? '' : `?cursor=${encodeURIComponent(cursor)}`
    const page = await get(`/certificates${query}`)
    list.append(...page.items.map(card))
    if (page.total === 0) missing.append(element('p', {}, 'Du har inga intyg här ännu.'))
    if (cursor === undefined) {
      const incomplete = page.sources.filter(({ state }) => state !== 'ok')
      missing.append(
        ...incomplete.map((source) => element('p', { class: 'notice' }, aboutSource(source))),
      )
    }
    const next = page.nextCursor
    more.replaceChildren(...(next === null ? [] : [button('Visa fler', () => load(next))]))
  }
  await load()
  return [element('h1', {}, 'Dina intyg'), missing, list, more]
}

function saving(certificate) {
  const { actions, id } = certificate
  const pdf = `${base}/certificates/${id}/pdf`
  const extra = { target: '_blank', rel: 'noopener', class: 'button' }
  const links = []
  if (actions.save.allowed) links.push(link('Spara som PDF', pdf, 'button'))
  if (actions.print.allowed) {
    links.push(element('a', { ...extra, href: `${pdf}?disposition=inline` }, 'Skriv ut'))
  }
  if (actions.hide.includes('diagnosis')) {
    links.push(link('Spara utan diagnos', `${pdf}?hide=diagnosis`, 'button'))
  }
  return links
}

function sending({ actions, id, type }) {
  const { send } = actions
  if (!send.allowed) {
    return send.reason ? [element('p', {}, sentence(send.reason))] : []
  }
  return send.recipients.map((recipient) => {
    const key = crypto.randomUUID()
    return button(
      `Skicka till ${recipient.name}`,
      async () => {
        const sure = await confirm({
          title: `Skicka till ${recipient.name}?`,
          text: [
            `${type.name} skickas till ${recipient.name}.`,
            'Det är ditt eget val. När mottagaren har fått intyget går det inte att ta tillbaka.',
          ],
          yes: 'Ja, skicka',
        })
        if (!sure) return
        const body = { recipientId: recipient.id }
        const dispatch = await post(`/certificates/${id}/dispatches`, body, {
          'idempotency-key': key,
        })
        location.assign(`/skickat/${dispatch.id}`)
      },
      'first',
    )
  })
}

const section = ({ heading, items }) => [
  element('h2', {}, heading),
  element(
    'dl',
    {},
    items.flatMap(({ label, value }) => [
      element('dt', {}, label),
      element('dd', {}, answer(value)),
    ]),
  ),
]

export async function certificatePage(id) {
  const certificate = await get(`/certificates/${encodeURIComponent(id)}`)
  const { type, unit, issuer, issuedAt, sections, relations, events } = certificate
  const others = relations.filter(({ kind }) => kind === 'replacedBy' || kind === 'complementedBy')
  return [
    element('p', {}, link('Till dina intyg', '/intyg')),
    element('h1', {}, type.name),
    element('p', {}, `Utfärdat ${date(issuedAt)} av ${issuer.name}, ${unit.name}`),
    tags(certificate),
    ...others.map(({ certificateId }) =>
      element('p', { class: 'notice' }, [
        'Det finns ett nyare intyg. ',
        link('Visa det nyare intyget', `/intyg/${certificateId}`),
      ]),
    ),
    element('div', { class: 'row' }, [...sending(certificate), ...saving(certificate)]),
    ...sections.flatMap(section),
    element('h2', {}, 'Vad som har hänt'),
    element(
      'ul',
      {},
      events.map(({ at, text }) => element('li', {}, `${moment(at)}: ${text}`)),
    ),
  ]
}
