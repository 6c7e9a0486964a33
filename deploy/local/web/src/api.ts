import { createGatewayClient, goToLogIn, logInUrl } from '@minaintyg/gateway-client'
import { currentLanguage } from './words/language.ts'

const origin = document.querySelector<HTMLMetaElement>('meta[name=gateway]')?.content ?? ''

type Listener = () => void
let sessionEnded: Listener = () => undefined

/** The page that is there is left at once when any call says that the session has ended. */
export function onSessionEnded(listener: Listener): void {
  sessionEnded = listener
}

export const api = createGatewayClient({
  baseUrl: `${origin}/minaintyg/v1`,
  language: currentLanguage,
  onSessionEnded: () => {
    sessionEnded()
  },
})

export const logInAt = (path: string): string => logInUrl(api, path)
export const logInAgain = (): void => {
  goToLogIn(api, location)
}
