/* global document, location, URLSearchParams, window */
import { ProblemError, base, get, post } from './api.js'
import { certificatePage, listPage } from './certificate-pages.js'
import { button, element, link } from './elements.js'
import {
  accessLogPage,
  consentPage,
  dispatchPage,
  dispatchesPage,
  logInErrorPage,
  logInPage,
} from './other-pages.js'
import { sentence } from './sentences.js'

const content = document.querySelector('#content')
const navigation = document.querySelector('#navigation')
const messages = document.querySelector('#messages')

const logInUrl = (returnTo) => `${base}/auth/login?returnTo=${encodeURIComponent(returnTo)}`

const pages = [
  [/^\/(?:intyg)?$/, () => listPage()],
  [/^\/intyg\/([0-9a-f-]+)$/, (id) => certificatePage(id)],
  [/^\/skickat$/, () => dispatchesPage()],
  [/^\/skickat\/([0-9a-f-]+)$/, (id) => dispatchPage(id)],
  [/^\/logg$/, () => accessLogPage()],
  [/^\/samtycke$/, () => consentPage()],
]

async function logOut() {
  const { endSessionUrl } = await post('/auth/logout')
  location.assign(endSessionUrl ?? '/')
}

function show(nodes) {
  content.replaceChildren(...nodes)
  const heading = content.querySelector('h1')?.textContent
  document.title = heading ? `${heading} – Mina intyg` : 'Mina intyg'
}

function showMenu(me) {
  navigation.replaceChildren(
    link('Intyg', '/intyg'),
    link('Skickat', '/skickat'),
    link('Logg', '/logg'),
    link('Samtycke', '/samtycke'),
    element('span', {}, me.name ?? ''),
    button('Logga ut', logOut),
  )
}

function showProblem(error) {
  const code = error instanceof ProblemError ? error.code : 'service.failed'
  if (code === 'consent.required' && location.pathname !== '/samtycke') {
    location.assign('/samtycke')
    return
  }
  if (code === 'session.required' || code === 'session.expired') {
    show(logInErrorPage('session.expired', logInUrl(location.pathname)))
    navigation.replaceChildren()
    return
  }
  messages.replaceChildren(element('p', { class: 'notice', role: 'alert' }, sentence(code)))
}

async function start() {
  const { pathname, search } = location
  if (pathname === '/login-error') {
    show(logInErrorPage(new URLSearchParams(search).get('code') ?? '', logInUrl('/')))
    return
  }
  const { authenticated } = await get('/session')
  if (!authenticated) {
    show(logInPage(logInUrl(pathname)))
    return
  }
  const me = await get('/me')
  showMenu(me)
  if (me.consent !== 'given' && ['/', '/intyg'].includes(pathname)) {
    show(await consentPage())
    return
  }
  for (const [pattern, page] of pages) {
    const match = pattern.exec(pathname)
    if (match) {
      show(await page(match[1]))
      return
    }
  }
  show([element('h1', {}, 'Sidan finns inte'), element('p', {}, link('Till dina intyg', '/intyg'))])
}

// What a button's work throws comes here too.
window.addEventListener('unhandledrejection', ({ reason }) => showProblem(reason))
start().catch((error) => {
  content.replaceChildren(element('h1', {}, 'Mina intyg'))
  showProblem(error)
})
