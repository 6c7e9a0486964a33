import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createAccounts } from './accounts.ts'
import { createProvider } from './provider.ts'
import type { RelyingParty } from './provider.ts'
import { createELegitimationServer } from './server.ts'

/**
 * The e-legitimation of test persons, in a process of its own.
 * HOST, PORT (0: any), ISSUER (http://localhost:PORT where left out), RELYING_PARTIES (a JSON array of registrations).
 */
const { HOST = '127.0.0.1', PORT = '8082', ISSUER, RELYING_PARTIES = '[]' } = process.env

const { server, serve } = createELegitimationServer()
server.listen(Number(PORT), HOST)
await once(server, 'listening')
const issuer = ISSUER ?? `http://localhost:${(server.address() as AddressInfo).port}`
const accounts = createAccounts()
const relyingParties = JSON.parse(RELYING_PARTIES) as RelyingParty[]
serve(await createProvider({ issuer, relyingParties, accounts }), accounts)

const stop = () => {
  server.close()
  server.closeAllConnections()
  if (process.connected) process.disconnect()
}
process.on('SIGTERM', stop).on('SIGINT', stop)
// Started with an IPC channel, it ends with whoever started it, however that ended.
process.on('disconnect', stop)
process.send?.({ ready: issuer })
console.log(JSON.stringify({ level: 'info', service: 'e-legitimation', msg: 'listening', issuer }))
