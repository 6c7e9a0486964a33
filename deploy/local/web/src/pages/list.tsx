import { useEffect, useMemo, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { ask } from '@minaintyg/gateway-client'
import type { Schemas } from '@minaintyg/gateway-client'
import { api } from '../api.ts'
import { Failure, Loading, Notice, Page, Tag, WorkButton } from '../parts/basics.tsx'
import { date, enumeration, partialDate } from '../parts/formats.ts'
import { usePages } from '../parts/use-pages.ts'
import { useLanguage, useWords } from '../words/language.ts'
import { ListFilter, toQuery } from './list-filter.tsx'

type Item = Schemas['CertificateListItem']

export function Statuses({ statuses, archived }: Pick<Item, 'statuses' | 'archived'>) {
  const words = useWords()
  if (statuses.length === 0 && !archived) return null
  return (
    <ul class="tags">
      {statuses.map((status) => (
        <Tag key={status} kind={status}>
          {words.statuses[status] ?? status}
        </Tag>
      ))}
      {archived ? <Tag kind="archived">{words.list.archivedTag}</Tag> : null}
    </ul>
  )
}

function Entry({ item }: { item: Item }) {
  const words = useWords()
  const language = useLanguage()
  const { period, summary } = item
  return (
    <li class="entry">
      <h2>
        <a href={`/intyg/${item.id}`}>{item.type.name}</a>
      </h2>
      <p class="quiet">
        {item.issuedAt === null ? words.unknownDate : date(item.issuedAt, language)},{' '}
        {item.unit.name}
      </p>
      {period === null ? null : (
        <p>
          {words.certificate.period}{' '}
          {words.certificate.periodOf(
            period.from === null ? null : partialDate(period.from, language),
            period.to === null ? null : partialDate(period.to, language),
          )}
        </p>
      )}
      {summary === null || period !== null ? null : (
        <p>
          {summary.label}: {summary.value}
        </p>
      )}
      {item.readable ? null : <p class="quiet">{words.list.unreadable}</p>}
      <Statuses statuses={item.statuses} archived={item.archived} />
    </li>
  )
}

const mostRefreshes = 4

/** Where the list comes from, when it may not be whole; what is being fetched is looked for again by itself. */
function Sources({
  sources,
  reload,
}: {
  sources: Schemas['CertificateSource'][]
  reload: () => void
}) {
  const { list } = useWords()
  const [refreshes, setRefreshes] = useState(0)
  const isStale = sources.some(({ state }) => state === 'stale')
  useEffect(() => {
    if (!isStale || refreshes >= mostRefreshes) return undefined
    const timer = setTimeout(
      () => {
        setRefreshes(refreshes + 1)
        reload()
      },
      1_500 * (refreshes + 1),
    )
    return () => {
      clearTimeout(timer)
    }
  }, [sources, isStale, refreshes, reload])
  const language = useLanguage()
  const namesOf = (wanted: Schemas['CertificateSource']['state']) =>
    sources.filter(({ state }) => state === wanted).map(({ name }) => name)
  const [stale, unavailable] = [namesOf('stale'), namesOf('unavailable')]
  return (
    <div role="status">
      {unavailable.length === 0 ? null : (
        <Notice tone="warning">
          <p>{list.unavailable(enumeration(unavailable, language))}</p>
          <button type="button" class="plain" onClick={reload}>
            {list.refresh}
          </button>
        </Notice>
      )}
      {stale.length === 0 ? null : <p class="quiet">{list.stale(enumeration(stale, language))}</p>}
    </div>
  )
}

function Empty({ isFiltered }: { isFiltered: boolean }) {
  const { list } = useWords()
  if (isFiltered) return <p>{list.noMatch}</p>
  return (
    <div class="empty">
      <h2>{list.none}</h2>
      <p>{list.noneText}</p>
    </div>
  )
}

export function ListPage() {
  const { list, more: showMore } = useWords()
  const { url } = useLocation()
  const query = url.split('?')[1] ?? ''
  const search = useMemo(() => new URLSearchParams(query), [query])
  const { loaded, error, loading, hasMore, more, reload } = usePages(
    (cursor) =>
      ask(
        api.GET('/certificates', {
          params: { query: { ...toQuery(search), ...(cursor === undefined ? {} : { cursor }) } },
        }),
      ),
    [query],
  )
  const [first] = loaded
  const isEmpty = first !== undefined && first.total === 0
  const isWhole = first?.sources.every(({ state }) => state === 'ok') === true
  return (
    <Page title={list.title}>
      {error === undefined ? null : <Failure error={error} onRetry={reload} />}
      {first === undefined && loading ? <Loading /> : null}
      {first === undefined ? null : (
        <>
          <Sources sources={first.sources} reload={reload} />
          {first.dispatchState === 'unknown' ? (
            <Notice>
              <p>{list.sendingUnknown}</p>
            </Notice>
          ) : null}
          {isEmpty && search.size === 0 ? null : (
            <>
              <ListFilter search={search} facets={first.facets} />
              <p class="count" role="status">
                {list.count(first.total)}
              </p>
            </>
          )}
          {isEmpty && (isWhole || search.size > 0) ? <Empty isFiltered={search.size > 0} /> : null}
          <ul class="entries" aria-busy={loading}>
            {loaded.flatMap(({ items }) =>
              items.map((item) => <Entry key={item.id} item={item} />),
            )}
          </ul>
          {hasMore ? (
            <div class="buttons">
              <WorkButton work={more} onError={() => undefined}>
                {showMore}
              </WorkButton>
            </div>
          ) : null}
        </>
      )}
    </Page>
  )
}
