import type { GatewayClient } from './client.ts'
import { ask } from './client.ts'

/** Where to send the browser to log in; it comes back to `returnTo`, a path of the front end. */
export function logInUrl({ baseUrl }: GatewayClient, returnTo = '/'): string {
  return `${baseUrl}/auth/login?${new URLSearchParams({ returnTo }).toString()}`
}

/** `location` of a browser. */
export interface Place {
  readonly pathname: string
  readonly search: string
  assign(url: string): void
}

/** Leaves for the log-in; the patient comes back to the page that he or she is on. */
export function goToLogIn(client: GatewayClient, place: Place): void {
  place.assign(logInUrl(client, `${place.pathname}${place.search}`))
}

/** Ends the session everywhere. @returns where to go, so that the e-legitimation forgets it too; null: nowhere */
export async function logOut(client: GatewayClient): Promise<string | null> {
  const { endSessionUrl } = await ask(client.POST('/auth/logout'))
  return endSessionUrl
}
