/** Who confirms that a withdrawal is carried out. */
export interface ErasurePartDone {
  part: string
  doneAt: Date
}

/** What of a withdrawal is done, out of all that has to be. */
export function summariseErasure(done: readonly ErasurePartDone[], parts: readonly string[]) {
  const byPart = new Map(done.map((each) => [each.part, each]))
  const all = parts.map((part) => ({
    part,
    doneAt: byPart.get(part)?.doneAt.toISOString() ?? null,
  }))
  const times = all.flatMap(({ doneAt }) => (doneAt === null ? [] : [doneAt]))
  const finished = times.length === all.length
  return { finishedAt: finished ? (times.sort().at(-1) ?? null) : null, parts: all }
}
