import type { Benchmark, Contestant } from '@minaintyg/bench'
import { SaxesParser } from 'saxes'
import { parseCertificateDocument } from '../src/rivta/certificate-document.ts'
import { certificateFromDocument } from '../src/structure/certificate-from-document.ts'
import { answerOf } from './answers.ts'

/** As little as there can be between bytes and what stands in them: every event is heard and nothing kept. */
function parseOnly(bytes: Uint8Array): number {
  const parser = new SaxesParser({ xmlns: true })
  let heard = 0
  parser.on('opentag', () => (heard += 1))
  parser.on('closetag', () => (heard += 1))
  parser.on('text', () => (heard += 1))
  const decoder = new TextDecoder('utf-8', { fatal: true })
  for (let at = 0; at < bytes.length; at += 65_536) {
    parser.write(decoder.decode(bytes.subarray(at, at + 65_536), { stream: true }))
  }
  parser.close()
  return heard
}

function structure(bytes: Uint8Array): number {
  let sections = 0
  for (const entry of parseCertificateDocument(bytes)) {
    if (!entry.readable) throw new Error('Every certificate here can be read')
    sections += certificateFromDocument(entry, { language: 'sv' }).sections.length
  }
  return sections
}

/** Milliseconds of this thread for a mebibyte: others on the machine do not count. */
function timing(
  work: (bytes: Uint8Array) => unknown,
  bytes: Uint8Array,
  times: number,
): Contestant {
  return async () => {
    const began = process.threadCpuUsage()
    for (let time = 0; time < times; time += 1) work(bytes)
    const { user, system } = process.threadCpuUsage(began)
    return { msPerMiB: ((user + system) / 1_000 / times / bytes.length) * 2 ** 20 }
  }
}

export const benchmark: Benchmark = {
  title: 'parsing and structuring certificates ÷ a bare streaming parse of the same bytes',
  async prepare(bench) {
    const certificates = 200
    const dense = answerOf(certificates)
    const long = answerOf(certificates, { bytesOfEach: 20_000 })
    const times = bench.sized({ quick: 1, normal: 20 })
    const kilobytes = (bytes: Uint8Array) => Math.round(bytes.length / certificates / 1_000)
    return {
      notes: [
        `${certificates} certificates of all types; short ones of ${kilobytes(dense)} kB, long ones of ${kilobytes(long)} kB`,
      ],
      contestants: {
        short: timing(structure, dense, times),
        shortFloor: timing(parseOnly, dense, times),
        long: timing(structure, long, times),
        longFloor: timing(parseOnly, long, times),
      },
      warmUps: 2,
      figures: [
        {
          what: 'long certificates ÷ their floor',
          of: 'long.msPerMiB',
          over: 'longFloor.msPerMiB',
          goal: { atMost: 3 },
        },
        {
          what: 'short certificates ÷ their floor',
          of: 'short.msPerMiB',
          over: 'shortFloor.msPerMiB',
          goal: { atMost: 3 },
        },
      ],
    }
  },
}
