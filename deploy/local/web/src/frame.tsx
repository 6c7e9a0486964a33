import { useEffect, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { logInAt } from './api.ts'
import { Failure, WorkButton } from './parts/basics.tsx'
import { Icon } from './parts/icons.tsx'
import { useSession } from './session.ts'
import { useLanguage, useWords } from './words/language.ts'

const places = [
  ['/intyg', 'certificates'],
  ['/skickat', 'dispatches'],
  ['/logg', 'accessLog'],
  ['/samtycke', 'consent'],
  ['/inloggningar', 'sessions'],
  ['/hjalp', 'help'],
] as const

const Brand = () => (
  <a class="brand" href="/">
    <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="7" />
      <path class="sheet" d="M10 6h9l5 5v15H10z" />
      <path class="tick" d="M13 16.5l2.6 2.600 5.200-5.400" />
    </svg>
    {useWords().brand}
  </a>
)

function LanguageSwitch({ switchLanguage }: { switchLanguage: () => void }) {
  const words = useWords()
  const other = useLanguage() === 'sv' ? 'en' : 'sv'
  return (
    <button type="button" class="plain" lang={other} onClick={switchLanguage}>
      {words.otherLanguage}
    </button>
  )
}

function Navigation({ open, switchLanguage }: { open: boolean; switchLanguage: () => void }) {
  const words = useWords()
  const { path } = useLocation()
  return (
    <nav id="menu" aria-label={words.mainMenu} class={open ? 'open' : ''}>
      <ul>
        {places.map(([href, name]) => (
          <li key={href}>
            <a
              href={href}
              aria-current={path === href || path.startsWith(`${href}/`) ? 'page' : undefined}
            >
              {words.nav[name]}
            </a>
          </li>
        ))}
        <li class="narrow">
          <LanguageSwitch switchLanguage={switchLanguage} />
          <LogOut />
        </li>
      </ul>
    </nav>
  )
}

function LogOut() {
  const words = useWords()
  const { logOut } = useSession()
  const [error, setError] = useState<unknown>()
  return (
    <>
      <WorkButton kind="plain" work={logOut} onError={setError}>
        {words.logOut}
      </WorkButton>
      {error === undefined ? null : <Failure error={error} />}
    </>
  )
}

function Account() {
  const words = useWords()
  const { session } = useSession()
  const { url } = useLocation()
  if (session.state === 'unknown') return null
  if (session.state !== 'in') {
    const wanted = url.startsWith('/login-error') || url === '/' ? '/intyg' : url
    return (
      <a class="button small" href={logInAt(wanted)}>
        {words.logIn}
      </a>
    )
  }
  return (
    <>
      {session.me.name === null ? null : (
        <span class="who">
          <Icon name="person" />
          {session.me.name}
        </span>
      )}
      <LogOut />
    </>
  )
}

export function Header({ switchLanguage }: { switchLanguage: () => void }) {
  const words = useWords()
  const { session } = useSession()
  const { url } = useLocation()
  const [open, setOpen] = useState(false)
  useEffect(() => {
    setOpen(false)
  }, [url])
  const isIn = session.state === 'in'
  return (
    <header>
      <div class="bar">
        <Brand />
        <div class="tools">
          <div class={isIn ? 'wide' : 'always'}>
            <LanguageSwitch switchLanguage={switchLanguage} />
            <Account />
          </div>
          {isIn ? (
            <button
              type="button"
              class="menu-button"
              aria-expanded={open}
              aria-controls="menu"
              onClick={() => {
                setOpen(!open)
              }}
            >
              {words.menu}
            </button>
          ) : null}
        </div>
      </div>
      {isIn ? <Navigation open={open} switchLanguage={switchLanguage} /> : null}
    </header>
  )
}

export function Footer() {
  const words = useWords()
  const { links } = words.helpPages
  return (
    <footer>
      <div>
        <h2>{words.footer.title}</h2>
        <p>{words.footer.responsibility}</p>
        <ul>
          <li>
            <a href="/hjalp">{links.how}</a>
          </li>
          <li>
            <a href="/hjalp/sjukskriven">{links.sickLeave}</a>
          </li>
          <li>
            <a href="/hjalp/uppgifter">{links.data}</a>
          </li>
          <li>
            <a href="/hjalp/dela">{links.sharing}</a>
          </li>
        </ul>
        <p class="sandbox">
          {words.footer.sandbox} <a href="/testpersoner">{words.footer.testPersons}</a>
        </p>
      </div>
    </footer>
  )
}
