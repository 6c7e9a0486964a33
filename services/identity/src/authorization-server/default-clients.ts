import { audiences, scopes } from '@minaintyg/contracts'

/** What each service needs of its neighbours, by client id and audience: the `scopes` of CLIENTS. */
export const defaultGrants = {
  gateway: {
    [audiences.identity]: [scopes.sessions],
    [audiences.certificateStore]: [scopes.verify],
  },
  'certificate-store': {
    [audiences.identity]: [scopes.personNumber, scopes.findPatient, scopes.exchange],
    [audiences.consent]: [scopes.consentState],
  },
  rendering: { [audiences.identity]: [scopes.exchange] },
  dispatch: {
    [audiences.identity]: [scopes.exchange],
    [audiences.consent]: [scopes.consentState],
    [audiences.certificateStore]: [scopes.documents],
    [audiences.rendering]: [scopes.render],
  },
} as const satisfies Record<string, Record<string, readonly string[]>>

/** What a recipient of certificates needs, whatever its client id. */
export const recipientGrants = { [audiences.dispatch]: [scopes.recipient] } as const
