import { useEffect, useState } from 'preact/hooks'
import { Route, Router } from 'preact-iso'
import type { Language } from '@minaintyg/gateway-client'
import { Footer, Header } from './frame.tsx'
import { Private } from './private.tsx'
import { AccessLogPage } from './pages/access-log.tsx'
import { CertificatePage } from './pages/certificate.tsx'
import { ConsentPage } from './pages/consent.tsx'
import { DispatchPage } from './pages/dispatch.tsx'
import { DispatchesPage } from './pages/dispatches.tsx'
import { DataPage, HowPage, SharingPage } from './pages/help.tsx'
import { ListPage } from './pages/list.tsx'
import { LogInErrorPage, NotFoundPage, StartPage } from './pages/start.tsx'
import { SessionsPage } from './pages/sessions.tsx'
import { SickLeavePage } from './pages/sick-leave.tsx'
import { TestPersonsPage } from './pages/test-persons.tsx'
import { SessionProvider } from './session-provider.tsx'
import { LanguageContext, chooseLanguage, currentLanguage, useWords } from './words/language.ts'

const MyList = () => (
  <Private needsConsent>
    <ListPage />
  </Private>
)
const MyCertificate = ({ id }: { id: string }) => (
  <Private needsConsent>
    <CertificatePage key={id} id={id} />
  </Private>
)
const MyDispatches = () => (
  <Private>
    <DispatchesPage />
  </Private>
)
const MyDispatch = ({ id }: { id: string }) => (
  <Private>
    <DispatchPage key={id} id={id} />
  </Private>
)
const MyAccessLog = () => (
  <Private>
    <AccessLogPage />
  </Private>
)
const MyConsent = () => (
  <Private>
    <ConsentPage />
  </Private>
)
const MySessions = () => (
  <Private>
    <SessionsPage />
  </Private>
)

const Pages = () => (
  <Router
    onRouteChange={() => {
      scrollTo(0, 0)
    }}
  >
    <Route path="/" component={StartPage} />
    <Route path="/intyg" component={MyList} />
    <Route path="/intyg/:id" component={MyCertificate} />
    <Route path="/skickat" component={MyDispatches} />
    <Route path="/skickat/:id" component={MyDispatch} />
    <Route path="/logg" component={MyAccessLog} />
    <Route path="/samtycke" component={MyConsent} />
    <Route path="/inloggningar" component={MySessions} />
    <Route path="/hjalp" component={HowPage} />
    <Route path="/hjalp/sjukskriven" component={SickLeavePage} />
    <Route path="/hjalp/uppgifter" component={DataPage} />
    <Route path="/hjalp/dela" component={SharingPage} />
    <Route path="/testpersoner" component={TestPersonsPage} />
    <Route path="/login-error" component={LogInErrorPage} />
    <Route default component={NotFoundPage} />
  </Router>
)

const SkipLink = () => (
  <a class="skip" href="#content">
    {useWords().skip}
  </a>
)

export function App() {
  const [language, setLanguage] = useState<Language>(currentLanguage())
  useEffect(() => {
    chooseLanguage(language)
  }, [])
  const switchLanguage = () => {
    const other = language === 'sv' ? 'en' : 'sv'
    chooseLanguage(other)
    setLanguage(other)
  }
  return (
    <LanguageContext.Provider value={language}>
      <SessionProvider>
        <SkipLink />
        <Header switchLanguage={switchLanguage} />
        <main id="content" tabIndex={-1}>
          <Pages />
        </main>
        <Footer />
      </SessionProvider>
    </LanguageContext.Provider>
  )
}
