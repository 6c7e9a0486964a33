const numberOf = (name: string, otherwise: number) => {
  const given = Number(process.env[name] ?? otherwise)
  if (!Number.isInteger(given) || given < 1) throw new Error(`${name} is no number`)
  return given
}

/** How much there is to lose; small, so that everyone runs it, and larger by hand. */
export const dispatchesOr = (otherwise: number) => numberOf('FAULT_DISPATCHES', otherwise)
export const killsOr = (otherwise: number) => numberOf('FAULT_KILLS', otherwise)
