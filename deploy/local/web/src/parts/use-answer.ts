import { useCallback, useEffect, useState } from 'preact/hooks'
import { useLanguage } from '../words/language.ts'

export interface Answer<T> {
  data: T | undefined
  error: unknown
  loading: boolean
  reload: () => void
}

/** What the API answers, asked for anew when `keys` or the language change; an answer that comes too late is dropped. */
export function useAnswer<T>(fetchIt: () => Promise<T>, keys: readonly unknown[] = []): Answer<T> {
  const language = useLanguage()
  const [answer, setAnswer] = useState<{ data?: T; error?: unknown; loading: boolean }>({
    loading: true,
  })
  const [round, setRound] = useState(0)
  useEffect(() => {
    let isWanted = true
    setAnswer((last) => ({ ...last, loading: true }))
    fetchIt().then(
      (data) => {
        if (isWanted) setAnswer({ data, loading: false })
      },
      (error: unknown) => {
        if (isWanted) setAnswer({ error, loading: false })
      },
    )
    return () => {
      isWanted = false
    }
  }, [language, round, ...keys])
  const reload = useCallback(() => {
    setRound((last) => last + 1)
  }, [])
  return { data: answer.data, error: answer.error, loading: answer.loading, reload }
}
