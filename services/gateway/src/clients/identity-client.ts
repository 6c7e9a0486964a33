import type { Static } from 'typebox'
import { audiences, scopes } from '@minaintyg/contracts'
import type {
  Audience,
  DownloadGrant,
  LogInCompleted,
  LogInStarted,
  RedeemedDownloadGrant,
  SessionEnded,
  SessionState,
  SessionToken,
  StartLogIn,
} from '@minaintyg/contracts'
import type { Credentials, ServiceClient, Trace } from '@minaintyg/service'

export type IdentityClient = ReturnType<typeof createIdentityClient>

/** What only the gateway may ask of identity: log-ins, sessions, and patients’ tokens for them. */
export function createIdentityClient(
  client: ServiceClient,
  credentials: Pick<Credentials, 'serviceToken'>,
) {
  async function post<T>(path: string, body: object, trace: Trace): Promise<T> {
    const token = await credentials.serviceToken(audiences.identity, scopes.sessions)
    return client.json<T>({ method: 'POST', path, body, token, trace })
  }

  return {
    startLogIn: (logIn: Static<typeof StartLogIn>, trace: Trace) =>
      post<Static<typeof LogInStarted>>('/log-ins', logIn, trace),
    completeLogIn: (logInId: string, parameters: string, trace: Trace) =>
      post<Static<typeof LogInCompleted>>('/log-ins/completions', { logInId, parameters }, trace),
    patientToken: (session: string, audience: Audience, trace: Trace) =>
      post<Static<typeof SessionToken>>('/session-tokens', { session, audience }, trace),
    introspect: (session: string, trace: Trace) =>
      post<Static<typeof SessionState>>('/sessions/introspections', { session }, trace),
    extend: (session: string, trace: Trace) =>
      post<Static<typeof SessionState>>('/sessions/extensions', { session }, trace),
    end: (session: string, trace: Trace) =>
      post<Static<typeof SessionEnded>>('/sessions/terminations', { session }, trace),
    grantDownload: (session: string, resource: string, trace: Trace) =>
      post<Static<typeof DownloadGrant>>('/download-grants', { session, resource }, trace),
    redeemDownload: (grant: string, trace: Trace) =>
      post<Static<typeof RedeemedDownloadGrant>>(
        '/download-grants/redemptions',
        { grant, audience: audiences.rendering },
        trace,
      ),
  }
}
