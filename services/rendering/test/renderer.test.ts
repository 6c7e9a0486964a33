import { AppError } from '@minaintyg/errors'
import { createRenderer } from '../src/renderings/renderer.ts'
import type { Renderer, RendererOptions } from '../src/renderings/renderer.ts'
import { certificate } from './certificates.ts'

const worker = new URL('./workers/misbehaving.ts', import.meta.url)
const options: RendererOptions = { threads: 1, queue: 4, deadline: 4_000, memory: 64, worker }
const named = (name: string) => certificate({ type: { code: 'X', version: '1', name } })
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'drawn',
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  )

let renderer: Renderer
afterEach(() => renderer.close())

test('draws in a worker thread, with the bytes that drawing here gives', async () => {
  renderer = createRenderer({ threads: 1, queue: 4, deadline: 20_000, memory: 256 })
  const { bytes } = await renderer.render(certificate())
  expect(Buffer.from(bytes).toString('latin1', 0, 8)).toBe('%PDF-1.7')
  const again = await renderer.render(certificate())
  expect(Buffer.from(again.bytes).equals(bytes)).toBe(true)
})

test('is warm once a thread has begun, and not where none can', async () => {
  renderer = createRenderer({ threads: 1, queue: 4, deadline: 20_000, memory: 256 })
  expect(await renderer.isWarm()).toBe(true)
  await renderer.close()
  renderer = createRenderer({ ...options, worker: new URL('no-such-file.ts', worker) })
  expect(await renderer.isWarm()).toBe(false)
})

test.each(['throw', 'exit', 'memory'])(
  'answers pdf.failed and goes on after a %s',
  async (fault) => {
    renderer = createRenderer({ ...options, deadline: 20_000 })
    expect(await codeOf(renderer.render(named(fault)))).toBe('pdf.failed')
    expect(await codeOf(renderer.render(named('well')))).toBe('drawn')
  },
)

test('ends a drawing that never ends at its deadline, and goes on', async () => {
  renderer = createRenderer({ ...options, deadline: 3_000 })
  expect(await codeOf(renderer.render(named('loop')))).toBe('pdf.failed')
  expect(await codeOf(renderer.render(named('well')))).toBe('drawn')
})

test('refuses what the queue cannot hold with pdf.overloaded', async () => {
  renderer = createRenderer({ ...options, queue: 2 })
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => codeOf(renderer.render(named('well')))),
  )
  expect(answers).toEqual([...Array(3).fill('drawn'), ...Array(5).fill('pdf.overloaded')])
})

test('has no thread left when it is closed, nor one that it has given up', async () => {
  const ports = () => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort')
  const before = ports().length
  renderer = createRenderer({ threads: 1, queue: 4, deadline: 10, memory: 256 })
  expect(await codeOf(renderer.render(certificate()))).toBe('pdf.failed')
  await renderer.close()
  expect(ports()).toHaveLength(before)
})
