import Type from 'typebox'
import type { Static } from 'typebox'

/** RFC 9457, with the members that the Swedish national REST API profile (FEL.01) and this project add. */
export const Problem = Type.Object(
  {
    type: Type.String({
      format: 'uri-reference',
      description: 'A page about this kind of problem',
    }),
    title: Type.String({ description: 'The same for each kind' }),
    status: Type.Integer(),
    detail: Type.String({ description: 'What to do next' }),
    instance: Type.String({ description: 'This very occurrence, as it stands in the log' }),
    code: Type.String({ description: 'Stable, noun.reason' }),
    traceId: Type.String({ description: 'To quote when asking for help' }),
    errors: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }))),
  },
  { $id: 'Problem' },
)
export type Problem = Static<typeof Problem>

/** What every service can answer, whatever its routes. */
export const serviceErrors = {
  invalid: { code: 'request.invalid', status: 400, title: 'The request is not valid' },
  malformed: { code: 'request.malformed', status: 400, title: 'The request cannot be read' },
  tokenInvalid: { code: 'token.invalid', status: 401, title: 'A valid access token is needed' },
  forbidden: {
    code: 'token.insufficient-scope',
    status: 403,
    title: 'The token does not allow this',
  },
  routeNotFound: {
    code: 'route.not-found',
    status: 404,
    title: 'There is nothing at this address',
  },
  methodNotAllowed: {
    code: 'route.method-not-allowed',
    status: 405,
    title: 'The method is not allowed here',
  },
  notAcceptable: {
    code: 'request.not-acceptable',
    status: 406,
    title: 'No such form to answer in',
  },
  timeout: { code: 'request.timeout', status: 408, title: 'The request took too long to arrive' },
  tooLarge: { code: 'request.too-large', status: 413, title: 'The request is too large' },
  uriTooLong: { code: 'request.uri-too-long', status: 414, title: 'The address is too long' },
  mediaType: {
    code: 'request.unsupported-media-type',
    status: 415,
    title: 'The content type is not supported',
  },
  headersTooLarge: {
    code: 'request.headers-too-large',
    status: 431,
    title: 'The headers are too large',
  },
  internal: { code: 'service.failed', status: 500, title: 'Something went wrong on our side' },
  unavailable: { code: 'service.unavailable', status: 503, title: 'The service cannot answer now' },
  upstreamTimeout: {
    code: 'service.timeout',
    status: 504,
    title: 'A part of the service was too slow',
  },
} as const

/** Default `detail` of each status, where the thrower has none. */
export const defaultDetails: Record<number, string> = {
  400: 'Correct the request and send it again.',
  401: 'Get a new access token, or log in again.',
  403: 'This is not open to you.',
  404: 'Check the address. What you look for may have been removed, or never existed.',
  405: 'The header Allow says which methods there are.',
  409: 'The state has changed. Fetch it again and see what is possible now.',
  406: 'Ask for a form that the documentation names, in the header Accept.',
  408: 'Send the request again, faster.',
  410: 'It is no longer available.',
  413: 'Send less in one request.',
  414: 'Shorten the address.',
  415: 'Send JSON, and say so in the header Content-Type.',
  422: 'Correct the request; sending the same again will not help.',
  431: 'Send fewer or shorter headers; cookies count too.',
  429: 'Wait as long as the header Retry-After says.',
  500: 'It has been logged. Try again later, and quote the traceId if it comes back.',
  503: 'Try again in a while.',
  504: 'Try again in a while.',
}
