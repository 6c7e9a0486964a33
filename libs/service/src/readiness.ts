/** Whether what a service depends on is there. */
export type ReadinessCheck = () => boolean | Promise<boolean>

/** What GET /readyz goes by. */
export interface Readiness {
  /** A name that operators know, such as `database`, for each thing that the service cannot do without. */
  add(checks: Record<string, ReadinessCheck>): void
  /** Names of what is missing; also `closing`, once it has been told to end. */
  missing(): Promise<string[]>
  /** Not ready from now on, while everything is still answered. */
  end(): void
  readonly ending: boolean
}

/** Milliseconds. A probe must hear within its own time that something hangs. */
const patience = 1_500

async function holds(check: ReadinessCheck): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, patience, false)
  })
  try {
    return await Promise.race([check(), late])
  } catch {
    return false
  } finally {
    clearTimeout(timer)
  }
}

export function createReadiness(): Readiness {
  const checks = new Map<string, ReadinessCheck>()
  let ending = false
  return {
    add(more) {
      for (const [name, check] of Object.entries(more)) checks.set(name, check)
    },
    async missing() {
      if (ending) return ['closing']
      const names = [...checks.keys()]
      const held = await Promise.all([...checks.values()].map(holds))
      return names.filter((_, index) => held[index] !== true)
    },
    end() {
      ending = true
    },
    get ending() {
      return ending
    },
  }
}
