import type { ErrorDefinition } from '@minaintyg/errors'

export const errors = {
  textOutdated: {
    code: 'consent.text-outdated',
    status: 409,
    title: 'The consent text has changed',
  },
} as const satisfies Record<string, ErrorDefinition>
