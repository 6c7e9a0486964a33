import { useEffect, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import type { Schemas } from '@minaintyg/gateway-client'
import { useWords } from '../words/language.ts'

type Facets = Schemas['CertificateList']['facets']

const fields = [
  ['status', 'statuses'],
  ['type', 'types'],
  ['year', 'years'],
  ['unit', 'units'],
] as const

/** Filters live in the address: they survive the way to a certificate and back, and can be kept as a link. */
export function toQuery(search: URLSearchParams) {
  const many = (name: string) => {
    const values = search.getAll(name)
    return values.length === 0 ? {} : { [name]: values }
  }
  return {
    ...many('type'),
    ...many('unit'),
    ...many('year'),
    ...many('status'),
    ...(search.get('archived') === 'true' ? { archived: true } : {}),
    ...(search.get('sort') === 'issuedAt' ? { sort: 'issuedAt' as const } : {}),
  }
}

const addressOf = (search: URLSearchParams) =>
  search.size === 0 ? '/intyg' : `/intyg?${search.toString()}`

/** What has been chosen, each with a way to take it back. */
function Chosen({ search, facets }: { search: URLSearchParams; facets: Facets | undefined }) {
  const words = useWords()
  const { route } = useLocation()
  const chosen = fields.flatMap(([field, facet]) =>
    search.getAll(field).map((value) => ({
      field,
      value,
      name: facets?.[facet].find((each) => each.value === value)?.name ?? value,
    })),
  )
  if (search.get('archived') === 'true') {
    chosen.push({ field: 'archived' as 'type', value: 'true', name: words.list.archivedTag })
  }
  if (chosen.length === 0) return null
  const remove = (field: string, value: string) => () => {
    const rest = new URLSearchParams(search)
    rest.delete(field, value)
    route(addressOf(rest))
  }
  return (
    <ul class="chosen">
      {chosen.map(({ field, value, name }) => (
        <li key={`${field} ${value}`}>
          <button
            type="button"
            class="chip"
            aria-label={words.list.remove(name)}
            onClick={remove(field, value)}
          >
            {name} <span aria-hidden="true">×</span>
          </button>
        </li>
      ))}
      <li>
        <a href="/intyg">{words.list.clear}</a>
      </li>
    </ul>
  )
}

function Choice({
  name,
  value,
  text,
  count,
  search,
}: {
  name: string
  value: string
  text: string
  count?: number
  search: URLSearchParams
}) {
  return (
    <label class="choice">
      {/* Only where it begins: an answer that comes meanwhile must not undo what was just ticked. */}
      <input type="checkbox" name={name} value={value} defaultChecked={search.has(name, value)} />
      <span>
        {text} {count === undefined ? null : <span class="quiet">({count})</span>}
      </span>
    </label>
  )
}

export function ListFilter({
  search,
  facets,
}: {
  search: URLSearchParams
  facets: Facets | undefined
}) {
  const { list } = useWords()
  const { route } = useLocation()
  const [open, setOpen] = useState(false)
  useEffect(() => {
    setOpen(false)
  }, [search.toString()])
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const chosen = new URLSearchParams(
      [...form].filter(([, value]) => value !== '').map(([name, value]) => [name, String(value)]),
    )
    route(addressOf(chosen))
    setOpen(false)
  }
  return (
    <>
      <details
        class="filter"
        open={open}
        onToggle={(event) => {
          setOpen((event.currentTarget as HTMLDetailsElement).open)
        }}
      >
        <summary>{list.filter}</summary>
        <form key={search.toString()} onSubmit={submit}>
          {fields.map(([field, facet]) =>
            facets === undefined || facets[facet].length === 0 ? null : (
              <fieldset key={field}>
                <legend>{list[facet]}</legend>
                {facets[facet].map(({ value, name, count }) => (
                  <Choice
                    key={value}
                    name={field}
                    value={value}
                    text={name}
                    count={count}
                    search={search}
                  />
                ))}
              </fieldset>
            ),
          )}
          <fieldset>
            <legend>{list.archive}</legend>
            <Choice name="archived" value="true" text={list.archived} search={search} />
          </fieldset>
          <label class="field">
            {list.sort}
            <select name="sort">
              <option value="">{list.newest}</option>
              <option value="issuedAt" selected={search.get('sort') === 'issuedAt'}>
                {list.oldest}
              </option>
            </select>
          </label>
          <div class="buttons">
            <button type="submit" class="first">
              {list.show}
            </button>
          </div>
        </form>
      </details>
      <Chosen search={search} facets={facets} />
    </>
  )
}
