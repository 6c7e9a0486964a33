import { createRequire } from 'node:module'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'
import { createRecordingBus, createTestTokens } from '@minaintyg/testing'
import type { TestTokens } from '@minaintyg/testing'
import type { Service } from '@minaintyg/service'
import { buildRenderingService } from '../src/app.ts'
import { certificate, employerCertificate } from './certificates.ts'
import { createCertificateStoreStub } from './certificate-store-stub.ts'
import { readLinks, readText } from './pdf-reading.ts'
import { describeWithTool, takePictures } from './pdf-tools.ts'

const url = 'https://api.minaintyg.example/minaintyg/v1/verify/4mzk3w9yq7tn2bxvr5hp1sgfd0'
const plain = certificate()
const certificates = { plain, employer: employerCertificate() }

let tokens: TestTokens
let store: Awaited<ReturnType<typeof createCertificateStoreStub>>
let unmarked: typeof store
let service: Service
let other: Service

const build = (storeUrl: string) =>
  buildRenderingService(
    {
      HOST: '127.0.0.1',
      PORT: 0,
      LOG_LEVEL: 'silent',
      IDENTITY_URL: 'http://127.0.0.1:1',
      ISSUER_URL: 'https://identity.test',
      JWKS_URL: 'https://identity.test/.well-known/jwks.json',
      CLIENT_KEY: '{}',
      CERTIFICATE_STORE_URL: storeUrl,
      RENDER_THREADS: 1,
      RENDER_QUEUE: 8,
      RENDER_DEADLINE_MS: 20_000,
      RENDER_MEMORY_MB: 256,
    },
    {
      bus: createRecordingBus(),
      authentication: tokens.authentication('rendering'),
      credentials: { exchange: async () => 'a-token', close: async () => undefined },
    },
  )

beforeAll(async () => {
  tokens = await createTestTokens()
  store = await createCertificateStoreStub(certificates, {}, { url })
  unmarked = await createCertificateStoreStub(certificates)
  service = await build(store.url)
  other = await build(unmarked.url)
})
afterAll(async () => {
  await service.app.close()
  await other.app.close()
  await store.close()
  await unmarked.close()
})

async function pdf(path: string, from = service): Promise<Buffer> {
  const headers = await tokens.patient('rendering', '0b8f3c1e-1111-4222-8333-444455556666')
  const answer = await from.app.inject({ url: `/certificates/${path}`, headers })
  expect(answer.statusCode).toBe(200)
  return answer.rawPayload
}

describe('the verification mark', () => {
  test('is drawn with its link where certificate-store gives one, and always the same', async () => {
    const marked = await pdf('plain/pdf')
    expect(await readLinks(marked)).toEqual([url])
    expect(await readText(marked)).toContain('Kontrolleraattutskriftenäräkta')
    expect(await pdf('plain/pdf')).toEqual(marked)
  })

  test('is not drawn where it gives none', async () => {
    const bare = await pdf('plain/pdf', other)
    expect(await readLinks(bare)).toEqual([])
    expect(await readText(bare)).not.toContain('Kontrolleraattutskriftenäräkta')
  })

  test('is asked for by what the copy leaves out', async () => {
    await pdf('employer/pdf?hide=diagnosis')
    expect(store.asked.at(-1)?.url).toBe('/certificates/employer/copy?purpose=save&hide=diagnosis')
    await pdf('employer/pdf?disposition=inline')
    expect(store.asked.at(-1)?.url).toBe('/certificates/employer/copy?purpose=print')
  })

  test('is on nothing that dispatch has drawn', async () => {
    const answer = await service.app.inject({
      method: 'POST',
      url: '/renderings',
      headers: await tokens.client('rendering', 'render', 'dispatch'),
      payload: { certificate: plain },
    })
    expect(await readLinks(answer.rawPayload)).toEqual([])
  })
})

describeWithTool('poppler', 'the printed QR code', () => {
  const codesIn = async (bytes: Buffer): Promise<string[]> => {
    const folder = await mkdtemp(join(tmpdir(), 'mark-'))
    try {
      const file = join(folder, 'copy.pdf')
      await writeFile(file, bytes)
      await takePictures(file, join(folder, 'page'), 150)
      const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm')
      const wasmBinary = new Uint8Array(await readFile(wasm)).buffer
      await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true })
      const picture = await readFile(join(folder, 'page-1.png'))
      const found = await readBarcodes(new Uint8Array(picture), { formats: ['QRCode'] })
      return found.map(({ text }) => text)
    } finally {
      await rm(folder, { recursive: true })
    }
  }

  test.each(['plain/pdf', 'employer/pdf?hide=diagnosis'])(
    'is read off the page as the link: %s',
    async (path) => {
      expect(await codesIn(await pdf(path))).toEqual([url])
      expect(await codesIn(await pdf(path, other))).toEqual([])
    },
  )
})
