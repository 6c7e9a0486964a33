import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestAuthority } from '@minaintyg/testing/certificates'
import type { TestAuthority, TestCertificate } from '@minaintyg/testing/certificates'
import { Agent, request } from 'undici'
import { operations } from '../src/push/soap.ts'
import { logicalAddress, registration, revocation } from './pushes.ts'
import type { RegistrationParts } from './pushes.ts'
import { startSystem } from './system.ts'

export const hsaIds = {
  norr: 'SE2321000000-NORR',
  intygstjansten: 'SE5565594230-IT',
  platform: 'SE5565594230-VP',
  stranger: 'SE2321000000-OTHER',
} as const

export const callers = [
  { hsaId: hsaIds.norr, source: 'region-norr' },
  { hsaId: hsaIds.intygstjansten, source: 'intygstjansten' },
  { hsaId: hsaIds.platform, passesOn: true },
]

const textIn = (xml: string, name: string) =>
  new RegExp(`<(?:\\w+:)?${name}>([^<]*)<`).exec(xml)?.[1]

/** What a caller gets. */
export interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  xml: string
  code: string | undefined
  text: string | undefined
  errorId: string | undefined
  fault: string | undefined
}

export type Operation = keyof typeof operations

function createCaller(port: number, tls: { ca: string } & Partial<TestCertificate>) {
  const agent = new Agent({ connect: { ...tls, servername: 'localhost' } })
  async function send(
    operation: Operation,
    body: string | Buffer,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const { namespace, name, path } = operations[operation]
    const answer = await request(`https://127.0.0.1:${port}${path}`, {
      dispatcher: agent,
      method: 'POST',
      headers: {
        'content-type': 'text/xml;charset=UTF-8',
        soapaction: `"${namespace}:${name}"`,
        ...headers,
      },
      body,
    })
    const xml = await answer.body.text()
    return {
      status: answer.statusCode,
      headers: answer.headers,
      xml,
      code: textIn(xml, 'resultCode'),
      text: textIn(xml, 'resultText'),
      errorId: textIn(xml, 'errorId'),
      fault: textIn(xml, 'faultstring'),
    }
  }
  return {
    agent,
    send,
    register: (parts: RegistrationParts, headers?: Record<string, string>) =>
      send('register', registration(parts), headers),
    revoke: (parts: Parameters<typeof revocation>[0]) => send('revoke', revocation(parts)),
  }
}
export type PushCaller = ReturnType<typeof createCaller>

/** The service with a listener for pushes, over mutual TLS with certificates made for this test. */
export async function startPushSystem(options: Parameters<typeof startSystem>[0] = {}) {
  const authority = await createTestAuthority()
  const folder = await mkdtemp(join(tmpdir(), 'push-'))
  const server = await authority.server()
  const write = async (name: string, text: string) => {
    await writeFile(join(folder, name), text)
    return join(folder, name)
  }
  const system = await startSystem({
    ...options,
    config: {
      PUSH_PORT: 0,
      PUSH_CALLERS: JSON.stringify(callers),
      PUSH_LOGICAL_ADDRESSES: `${logicalAddress}, 5565594230`,
      PUSH_TLS_CERT_FILE: await write('cert.pem', server.cert),
      PUSH_TLS_KEY_FILE: await write('key.pem', server.key),
      PUSH_TLS_CA_FILE: await write('ca.pem', authority.ca),
      ...options.config,
    },
  })
  const { port } = system.service.push!.app.server.address() as AddressInfo
  const agents: Agent[] = []
  const withTls = (certificate?: TestCertificate): PushCaller => {
    const caller = createCaller(port, { ca: authority.ca, ...certificate })
    agents.push(caller.agent)
    return caller
  }
  return {
    ...system,
    port,
    withTls,
    /** What a caller of this subject shows and trusts. */
    clientTls: async (hsaId: string) => ({
      ca: authority.ca,
      ...(await authority.client(hsaId)),
    }),
    /** Someone with a certificate of this subject. */
    caller: async (hsaId?: string, by: TestAuthority = authority) =>
      withTls(await by.client(hsaId)),
    async stop() {
      await Promise.all(agents.map((agent) => agent.close()))
      await system.service.push!.stop()
      await system.stop()
      await rm(folder, { recursive: true })
    },
  }
}
export type PushSystem = Awaited<ReturnType<typeof startPushSystem>>
