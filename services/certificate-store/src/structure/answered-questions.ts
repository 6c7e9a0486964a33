import type { Answer, AnswerContent } from '../rivta/parsed-certificate.ts'

/** The answers of a certificate by question, with the instances of each in order. */
export type AnsweredQuestions = Map<string, Answer[]>

const last = Number.MAX_SAFE_INTEGER

/** Groups the answers: nothing is said about their order on the wire. */
export function groupAnswers(answers: Answer[]): AnsweredQuestions {
  const grouped: AnsweredQuestions = new Map()
  for (const answer of answers) {
    const instances = grouped.get(answer.id)
    if (instances === undefined) grouped.set(answer.id, [answer])
    else instances.push(answer)
  }
  for (const instances of grouped.values()) {
    instances.sort((a, b) => (a.instance ?? last) - (b.instance ?? last))
  }
  return grouped
}

/** The question that a delsvar belongs to: 33 for 33.2. */
export function questionOf(delsvar: string): string {
  const dot = delsvar.indexOf('.')
  return dot === -1 ? delsvar : delsvar.slice(0, dot)
}

const none: readonly AnswerContent[] = []

/** The contents found so far and those of one more instance; most ids have one part, which is not copied. */
function withContents(
  found: readonly AnswerContent[],
  { parts }: Answer,
  delsvar: string,
): readonly AnswerContent[] {
  let all = found
  for (const { id, contents } of parts) {
    if (id === delsvar) all = all.length === 0 ? contents : [...all, ...contents]
  }
  return all
}

/** What one instance has under an id; the same delsvar may stand several times. */
export const contentsOf = (answer: Answer, delsvar: string): readonly AnswerContent[] =>
  withContents(none, answer, delsvar)

/** What all instances have under an id, which is of the question that is named where the caller knows it. */
export function allContents(
  answered: AnsweredQuestions,
  delsvar: string,
  question = questionOf(delsvar),
): readonly AnswerContent[] {
  let all = none
  for (const answer of answered.get(question) ?? []) all = withContents(all, answer, delsvar)
  return all
}
