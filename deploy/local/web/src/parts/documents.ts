import { ask } from '@minaintyg/gateway-client'
import { api } from '../api.ts'

const nameIn = (disposition: string | null) => /filename="([^"]+)"/.exec(disposition ?? '')?.[1]

/** Puts a file among the downloads, without leaving the page. */
export function keepFile(bytes: Blob, name: string): void {
  const url = URL.createObjectURL(bytes)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // Some browsers read it only after the click has been handled.
  setTimeout(() => {
    URL.revokeObjectURL(url)
  }, 60_000)
}

/** Fetched and not linked to: what goes wrong is then said here and not on a page of JSON. */
export async function saveCertificate(id: string, hide: boolean): Promise<void> {
  const call = api.GET('/certificates/{id}/pdf', {
    params: {
      path: { id },
      query: { disposition: 'attachment', ...(hide ? { hide: 'diagnosis' as const } : {}) },
    },
    parseAs: 'blob',
  })
  const { response } = await call
  const bytes: Blob = await ask(call)
  keepFile(bytes, nameIn(response.headers.get('content-disposition')) ?? 'intyg.pdf')
}

/** In a tab of its own, by a link that works once: the browser’s own PDF viewer prints it. */
export async function printCertificate(id: string, hide: boolean): Promise<void> {
  // Opened in the click itself: later it would be taken for an unwanted window.
  const tab = open('', '_blank')
  try {
    const { url } = await ask(
      api.POST('/certificates/{id}/download-link', {
        params: {
          path: { id },
          query: { disposition: 'inline', ...(hide ? { hide: 'diagnosis' as const } : {}) },
        },
      }),
    )
    if (tab === null) location.assign(url)
    else tab.location.replace(url)
  } catch (error) {
    tab?.close()
    throw error
  }
}
