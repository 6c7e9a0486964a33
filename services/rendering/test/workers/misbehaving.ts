import type { Drawn } from '../../src/drawing/index.ts'
import type { RenderTask } from '../../src/renderings/render-worker.ts'

/** Does what a fault of the drawing might, by the name of the type. */
export async function render({ certificate: { type } }: RenderTask): Promise<Drawn> {
  if (type.name === 'loop') for (;;) Math.random()
  if (type.name === 'exit') process.exit(1)
  if (type.name === 'throw') throw new Error('a fault')
  if (type.name === 'memory') {
    const hoard: number[][] = []
    for (;;) hoard.push(new Array<number>(100_000).fill(1.5))
  }
  return { bytes: new TextEncoder().encode('%PDF-drawn'), undrawn: [] }
}
