/** Where browsers tell of what a policy stopped; below the public URL. */
export const browserReports = '/browser-reports'

const group = 'browser-reports'
/** For every policy: `report-uri` is for browsers that do not know `report-to`. */
const reporting = (publicUrl: string) =>
  `report-to ${group}; report-uri ${new URL(publicUrl).pathname}${browserReports}`

/** A policy that tells what it stops. */
export const reportingPolicy = (policy: string, publicUrl: string): string =>
  `${policy}; ${reporting(publicUrl)}`

const strictTransport = { 'strict-transport-security': 'max-age=63072000; includeSubDomains' }

/** For an API: nothing of it is a page, a frame or a script. */
export function securityHeaders(publicUrl: string): Record<string, string> {
  return {
    'content-security-policy': reportingPolicy(
      "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
      publicUrl,
    ),
    'reporting-endpoints': `${group}="${publicUrl}${browserReports}"`,
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-site',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cache-control': 'no-store',
    ...(publicUrl.startsWith('https:') ? strictTransport : {}),
  }
}

/** A browser’s own viewer shows a PDF under the answer’s policy, and needs styles. */
export const pdfSecurityPolicy = "frame-ancestors 'none'"
