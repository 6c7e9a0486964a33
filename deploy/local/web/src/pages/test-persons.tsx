import { Failure, Loading, Page } from '../parts/basics.tsx'
import { useAnswer } from '../parts/use-answer.ts'
import { useLanguage, useWords } from '../words/language.ts'

interface TestPerson {
  number: string
  name: string | null
  shows: { sv: string; en: string }
}

/** Of this sandbox alone: an installation in operation does not answer here. */
async function fetchTestPersons(): Promise<TestPerson[]> {
  const response = await fetch('/test-persons.json')
  if (!response.ok) throw new Error('There are no test persons here')
  return ((await response.json()) as { items: TestPerson[] }).items
}

const dashed = (number: string) => `${number.slice(0, 8)}-${number.slice(8)}`

export function TestPersonsPage() {
  const { testPersons: words } = useWords()
  const language = useLanguage()
  const { data, error, reload } = useAnswer(fetchTestPersons)
  return (
    <Page title={words.title}>
      <p class="lead">{words.lead}</p>
      {error === undefined ? null : <Failure error={error} onRetry={reload} />}
      {data === undefined && error === undefined ? <Loading /> : null}
      {data === undefined ? null : (
        <ul class="entries">
          {data.map(({ number, name, shows }) => (
            <li key={number} class="entry still">
              <h2>{name ?? words.noName}</h2>
              <p class="quiet">{dashed(number)}</p>
              <p>{shows[language]}</p>
            </li>
          ))}
        </ul>
      )}
    </Page>
  )
}
