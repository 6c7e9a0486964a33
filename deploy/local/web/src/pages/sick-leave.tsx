import { useState } from 'preact/hooks'
import { ask } from '@minaintyg/gateway-client'
import type { Schemas } from '@minaintyg/gateway-client'
import { api } from '../api.ts'
import { Failure, Loading } from '../parts/basics.tsx'
import { today, weekday } from '../parts/formats.ts'
import { useAnswer } from '../parts/use-answer.ts'
import { useLanguage, useWords } from '../words/language.ts'
import { HelpFrame } from './help.tsx'

type Guide = Schemas['SickLeaveGuide']
type Situation = Guide['situation']

function Steps({ guide }: { guide: Guide }) {
  const { sickLeave } = useWords().helpPages
  const language = useLanguage()
  return (
    <section aria-live="polite">
      <h2>{sickLeave.yourSteps}</h2>
      <ol class="guide">
        {guide.steps.map(({ id, day, date, title, text }) => (
          <li key={id}>
            <p class="day">
              <strong>{sickLeave.day(day)}</strong>
              <span>
                {weekday(date, language)}
                {date === today() ? ` (${sickLeave.today.toLowerCase()})` : ''}
              </span>
            </p>
            <div>
              <h3>{title}</h3>
              <p>{text}</p>
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}

export function SickLeavePage() {
  const { sickLeave, links } = useWords().helpPages
  const [situation, setSituation] = useState<Situation>('employed')
  const [from, setFrom] = useState(today())
  const isDay = /^20\d\d-\d\d-\d\d$/.test(from)
  const { data, error, reload } = useAnswer(
    async () =>
      isDay
        ? ask(api.GET('/guides/sick-leave', { params: { query: { situation, from } } }))
        : undefined,
    [situation, from],
  )
  return (
    <HelpFrame title={links.sickLeave}>
      <p class="lead">{sickLeave.lead}</p>
      <form
        class="guide-form"
        onSubmit={(event) => {
          event.preventDefault()
        }}
      >
        <fieldset>
          <legend>{sickLeave.situation}</legend>
          {(Object.entries(sickLeave.situations) as [Situation, string][]).map(([value, text]) => (
            <label key={value} class="choice">
              <input
                type="radio"
                name="situation"
                value={value}
                checked={situation === value}
                onChange={() => {
                  setSituation(value)
                }}
              />
              <span>{text}</span>
            </label>
          ))}
        </fieldset>
        <div class="field">
          <label for="from">{sickLeave.from}</label>
          <p id="from-hint" class="small quiet">
            {sickLeave.fromHint}
          </p>
          <input
            id="from"
            type="date"
            min="2000-01-01"
            max="2099-12-31"
            value={from}
            aria-describedby={isDay ? 'from-hint' : 'from-hint from-fault'}
            aria-invalid={!isDay}
            onInput={(event) => {
              setFrom(event.currentTarget.value)
            }}
          />
          {isDay ? null : (
            <p id="from-fault" class="fault">
              {sickLeave.badDate}
            </p>
          )}
        </div>
      </form>
      {error === undefined ? null : <Failure error={error} onRetry={reload} />}
      {data === undefined && error === undefined && isDay ? <Loading /> : null}
      {data === undefined ? null : <Steps guide={data} />}
    </HelpFrame>
  )
}
