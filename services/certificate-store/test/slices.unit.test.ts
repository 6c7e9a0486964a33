import { setImmediate as nextTurn } from 'node:timers/promises'
import { readListCertificatesResponse } from '../src/rivta/list-certificates.ts'
import { atOnce, createSlicer } from '../src/rivta/slices.ts'
import type { Sliced } from '../src/rivta/slices.ts'
import { intygContent, listResponse } from './documents.ts'

/** Each step is longer than a slice may be. */
function* slowSteps(steps: number, done: (step: number) => void): Sliced<string> {
  for (let step = 0; step < steps; step += 1) {
    const end = performance.now() + 12
    while (performance.now() < end);
    done(step)
    yield
  }
  return 'done'
}

/** Turns of the event loop, counted while something goes on. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let turns = 0
  const still = { going: true }
  void work.finally(() => (still.going = false))
  while (still.going) {
    await nextTurn()
    turns += 1
  }
  return turns
}

describe('a slicer', () => {
  test('gives the event loop a turn after every slice', async () => {
    const steps: number[] = []
    const work = createSlicer().run(slowSteps(5, (step) => steps.push(step)))
    expect(await turnsDuring(work)).toBeGreaterThanOrEqual(5)
    expect(await work).toBe('done')
    expect(steps).toEqual([0, 1, 2, 3, 4])
  })

  test('does one slice a turn, however much work waits', async () => {
    const slicer = createSlicer()
    const works = Array.from({ length: 4 }, () => slicer.run(slowSteps(3, () => undefined)))
    expect(await turnsDuring(Promise.all(works))).toBeGreaterThanOrEqual(12)
  })

  test('gives a turn of its own to each that rests before what cannot be cut', async () => {
    const slicer = createSlicer()
    const rests = Array.from({ length: 6 }, () => slicer.rest())
    expect(await turnsDuring(Promise.all(rests))).toBeGreaterThanOrEqual(6)
  })

  test('hands on what the work throws, and goes on with other work', async () => {
    const slicer = createSlicer()
    function* failing(): Sliced<never> {
      yield
      throw new Error('broken')
    }
    const failed = slicer.run(failing())
    const other = slicer.run(slowSteps(2, () => undefined))
    await expect(failed).rejects.toThrow('broken')
    expect(await other).toBe('done')
  })
})

test('an answer is read alike in slices and at once, wherever it is cut', async () => {
  // Longer than what is parsed at a time, with characters of every width on both sides of each cut.
  const text = 'Ont i ryggen å🩺 &amp; <![CDATA[\r\n<x>]]>\r\n'
  const certificates = Array.from({ length: 60 }, (_, index) =>
    intygContent({
      id: `a-${index}`,
      answers: `<svar id="35"><delsvar id="35.1">${text.repeat(40 + index)}</delsvar></svar>`,
    }),
  )
  const bytes = Buffer.from(listResponse(certificates))
  const sliced = await createSlicer().run(readListCertificatesResponse(bytes))
  expect(sliced).toEqual(atOnce(readListCertificatesResponse(bytes)))
  expect(sliced.certificates.map(({ id }) => id?.extension)).toEqual(
    certificates.map((_, index) => `a-${index}`),
  )
  const read = sliced.certificates.map((entry) => entry.readable && entry.answers[0]?.parts[0])
  expect(read).toEqual(
    certificates.map((_, index) => ({
      id: '35.1',
      contents: [{ kind: 'text', text: 'Ont i ryggen å🩺 & \n<x>\n'.repeat(40 + index).trim() }],
    })),
  )
})
