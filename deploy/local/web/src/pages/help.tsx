import type { ComponentChildren } from 'preact'
import { useLocation } from 'preact-iso'
import { Page } from '../parts/basics.tsx'
import { Icon } from '../parts/icons.tsx'
import type { IconName } from '../parts/icons.tsx'
import { useWords } from '../words/language.ts'

const places = [
  ['/hjalp', 'how'],
  ['/hjalp/sjukskriven', 'sickLeave'],
  ['/hjalp/uppgifter', 'data'],
  ['/hjalp/dela', 'sharing'],
] as const

export function HelpFrame({ title, children }: { title: string; children: ComponentChildren }) {
  const { helpPages } = useWords()
  const { path } = useLocation()
  return (
    <Page title={title}>
      {children}
      <nav class="more-help" aria-label={helpPages.all}>
        <h2>{helpPages.all}</h2>
        <ul class="links">
          {places
            .filter(([href]) => href !== path)
            .map(([href, name]) => (
              <li key={href}>
                <a href={href}>{helpPages.links[name]}</a>
              </li>
            ))}
        </ul>
      </nav>
    </Page>
  )
}

const stepIcons: readonly IconName[] = ['document', 'person', 'eye', 'send', 'route']

export function HowPage() {
  const { how } = useWords().helpPages
  return (
    <HelpFrame title={how.title}>
      <p class="lead">{how.lead}</p>
      <ol class="how">
        {how.steps.map(([title, text], index) => (
          <li key={index}>
            <Icon name={stepIcons[index] ?? 'info'} />
            <div>
              <h2>{title}</h2>
              <p>{text}</p>
            </div>
          </li>
        ))}
      </ol>
    </HelpFrame>
  )
}

const Parts = ({ lead, parts }: { lead: string; parts: string[][] }) => (
  <>
    <p class="lead">{lead}</p>
    {parts.map(([title, text]) => (
      <section key={title}>
        <h2>{title}</h2>
        <p>{text}</p>
      </section>
    ))}
  </>
)

export function DataPage() {
  const { data } = useWords().helpPages
  return (
    <HelpFrame title={data.title}>
      <Parts {...data} />
    </HelpFrame>
  )
}

export function SharingPage() {
  const { sharing } = useWords().helpPages
  return (
    <HelpFrame title={sharing.title}>
      <Parts {...sharing} />
    </HelpFrame>
  )
}
