import pg from 'pg'

/** Tables whose rows are a patient's: whoever reads or changes them says whose. */
const owned = new Set([
  'patient_key',
  'journal_fetch',
  'certificate',
  'certificate_relation',
  'certificate_dispatch',
  'verification',
  'access_log',
])

/** Statements that are about no patient's rows in particular, and why that is right. */
const exceptions: { why: string; statement: RegExp }[] = [
  {
    why: 'finds out whose an id is, for the record of a refusal alone',
    statement: /^select "patient_id" from "certificate" where "id" = \$1 limit \$2$/,
  },
  {
    why: 'finds out whether a journal pushes another patient’s id: a refusal, too',
    statement:
      /^select "id" from "certificate" where "patient_id" <> \$1 and "source_id" = \$2 and "journal_id" = \$3$/,
  },
  {
    why: 'finds out whose copy it is that has an id on it that nobody guesses',
    statement: /^select .* from "verification" where "id_sha256" = \$1$/,
  },
  {
    why: 'seals what was logged, whosever it is',
    statement:
      /^select "a"\."position", .* from "access_log_unsealed" as "u" inner join "access_log"/,
  },
]

interface Plan extends Partial<Record<(typeof conditionNames)[number], string>> {
  'Node Type': string
  Alias?: string
  'Relation Name'?: string
  Plans?: Plan[]
}

const conditionNames = [
  'Filter',
  'Index Cond',
  'Recheck Cond',
  'Hash Cond',
  'Merge Cond',
  'Join Filter',
  'TID Cond',
] as const

function* nodesOf(plan: Plan): Generator<Plan> {
  yield plan
  for (const child of plan.Plans ?? []) yield* nodesOf(child)
}

/** Tables that a plan reads without saying whose rows it wants. */
function unownedReads(plan: Plan): string[] {
  const nodes = [...nodesOf(plan)]
  const conditions = nodes.flatMap((node) =>
    conditionNames.map((name) => ({ node, text: node[name] ?? '' })),
  )
  const isOwned = (read: Plan) =>
    conditions.some(({ node, text }) => {
      const own = node === read ? String.raw`(?:\w+\.)?` : `${read.Alias}\\.`
      // Either side of the equality; «any of these» names patients as well.
      return new RegExp(`(?<![\\w.])${own}patient_id = |= ${own}patient_id\\b`).test(text)
    })
  return nodes
    .filter((node) => node['Node Type'].includes('Scan'))
    .filter((node) => owned.has(node['Relation Name'] ?? ''))
    .filter((node) => !isOwned(node))
    .map((node) => node['Relation Name'] ?? '')
}

/** @returns the tables, where a statement is neither owned nor an exception */
export async function unownedReadsOf(client: pg.Client, statement: string): Promise<string[]> {
  if (exceptions.some((exception) => exception.statement.test(statement))) return []
  const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
    `explain (generic_plan, format json) ${statement}`,
  )
  return rows.flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan: plan }) => unownedReads(plan)))
}

type Query = (...args: unknown[]) => unknown

const isPlannable = (statement: string) =>
  /^\s*(select|insert|update|delete|with)\b/i.test(statement)
const touchesOwned = (statement: string) =>
  [...owned].some((table) => new RegExp(`\\b${table}\\b`).test(statement))

const isService = (client: unknown) => (client as { user?: string }).user?.endsWith('_service')

/** Notes every statement that the service sends from this process from now on, by whatever way it was made. */
export function watchStatements() {
  const statements = new Set<string>()
  const prototype = pg.Client.prototype as unknown as { query: Query }
  const { query } = prototype
  prototype.query = function (this: unknown, ...args: unknown[]) {
    const [first] = args
    const text = typeof first === 'string' ? first : (first as { text?: unknown }).text
    if (typeof text === 'string' && isService(this)) statements.add(text)
    return query.apply(this, args)
  }
  return {
    stop: () => void (prototype.query = query),
    /** Statements that read a patient's table without saying which patient's, with the tables. */
    async unowned(client: pg.Client): Promise<string[]> {
      const found: string[] = []
      for (const statement of statements) {
        if (!isPlannable(statement) || !touchesOwned(statement)) continue
        const tables = await unownedReadsOf(client, statement)
        if (tables.length > 0) found.push(`${tables.join(', ')}: ${statement}`)
      }
      return found
    },
  }
}
