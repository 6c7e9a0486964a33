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
  return delsvar.split('.', 1)[0] ?? delsvar
}

/** What one instance has under an id; the same delsvar may stand several times. */
export function contentsOf(answer: Answer, delsvar: string): AnswerContent[] {
  return answer.parts.filter(({ id }) => id === delsvar).flatMap(({ contents }) => contents)
}

/** What all instances have under an id. */
export function allContents(answered: AnsweredQuestions, delsvar: string): AnswerContent[] {
  return (answered.get(questionOf(delsvar)) ?? []).flatMap((answer) => contentsOf(answer, delsvar))
}
