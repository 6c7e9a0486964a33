import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { pages } from '@minaintyg/gateway-client'
import { useLanguage } from '../words/language.ts'

/** A list of the API, page after page; begun anew when `keys` or the language change. */
export function usePages<P extends { nextCursor: string | null }>(
  fetchPage: (cursor: string | undefined) => Promise<P>,
  keys: readonly unknown[] = [],
) {
  const language = useLanguage()
  const [loaded, setLoaded] = useState<P[]>([])
  const [error, setError] = useState<unknown>()
  const [loading, setLoading] = useState(true)
  const [round, setRound] = useState(0)
  const source = useRef<AsyncGenerator<P, void>>(undefined)

  const next = useCallback(async (from: AsyncGenerator<P, void> | undefined, isFirst: boolean) => {
    if (from === undefined) return
    try {
      const { value } = await from.next()
      if (source.current !== from) return
      setError(undefined)
      if (value !== undefined) setLoaded((last) => (isFirst ? [value] : [...last, value]))
    } catch (failure) {
      if (source.current === from) setError(failure)
    } finally {
      if (source.current === from) setLoading(false)
    }
  }, [])

  useEffect(() => {
    setLoading(true)
    source.current = pages(fetchPage)
    void next(source.current, true)
    return () => {
      source.current = undefined
    }
  }, [language, round, ...keys])

  const last = loaded.at(-1)
  return {
    loaded,
    error,
    loading,
    hasMore: last !== undefined && last.nextCursor !== null,
    more: () => next(source.current, false),
    /** What is shown stays until the answer is there. */
    reload: useCallback(() => {
      setRound((each) => each + 1)
    }, []),
  }
}
