import { readFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import type { Server } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseEnvironmentFile, readComposeFile } from './compose-file.ts'
import type { ComposeService } from './compose-file.ts'
import { runImage, unpackImage } from './run-image.ts'
import type { RunningContainer, UnpackedImage } from './run-image.ts'

export interface ComposeRun {
  /** By their names in docker-compose.yml; those that ended well are among them. */
  readonly containers: ReadonlyMap<string, RunningContainer>
  /** Where each listens. */
  readonly addresses: ReadonlyMap<string, string>
  stop(): Promise<void>
}

export interface ComposeRunOptions {
  /** What the file’s variables are set to: ports above all. */
  variables: Record<string, string>
  /** `.demo/containers` of the file: what `writeEnvironmentFiles` wrote. */
  environmentFolder: string
  /** Name of the image that was built for one of the file. */
  imageOf: (image: string) => string
  /** Milliseconds that a container has to become healthy, or to end. */
  patience: number
}

const isOurs = ({ image }: ComposeService) => image.startsWith('minaintyg-')
const ownerOf = (name: string, { network_mode: mode = '' }: ComposeService) =>
  mode.startsWith('service:') ? mode.slice('service:'.length) : name

/** An address for each container that has a network of its own: loopback has sixteen million. */
function giveAddresses(services: Record<string, ComposeService>): Map<string, string> {
  const block = [127, 1 + Math.floor(Math.random() * 254), Math.floor(Math.random() * 256)]
  const owners = new Set(Object.entries(services).map(([name, service]) => ownerOf(name, service)))
  const given = new Map([...owners].map((name, index) => [name, [...block, index + 1].join('.')]))
  return new Map(
    Object.entries(services).map(([name, service]) => [
      name,
      given.get(ownerOf(name, service)) ?? '',
    ]),
  )
}

/** Passes on what comes to a published port. */
async function publish(published: string, address: string): Promise<Server> {
  const [host = '', outside = '', inside = ''] = published.split(':')
  const server = createServer((socket) => {
    const other = connect(Number(inside), address)
    socket.on('error', () => other.destroy()).pipe(other)
    other.on('error', () => socket.destroy()).pipe(socket)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(Number(outside), host, resolve)
  })
  return server
}

/** Until the image’s own health check, which looks at /livez, would say yes. */
async function untilHealthy(
  name: string,
  container: RunningContainer,
  { url, patience }: { url: string; patience: number },
): Promise<void> {
  let code: number | null | undefined
  void container.ended.then((ended) => (code = ended))
  const deadline = Date.now() + patience
  while (Date.now() < deadline) {
    const answer = await fetch(url).catch(() => undefined)
    if (answer?.ok === true) return
    if (code !== undefined) break
    await pause(100)
  }
  throw new Error(`${name} is not healthy:\n${container.lines.slice(-10).join('\n')}`)
}

/** What one container needs to know of the others, and where all that was started is kept. */
interface Run extends ComposeRunOptions {
  addresses: ReadonlyMap<string, string>
  hosts: Record<string, string>
  containers: Map<string, RunningContainer>
  images: UnpackedImage[]
  published: Server[]
}

async function environmentOf(
  { environmentFolder }: Run,
  { env_file: file, environment = {} }: ComposeService,
): Promise<Record<string, string>> {
  const name = file?.[0].path.split('/').at(-1)
  const own = Object.entries(environment).map(([key, value]) => [key, String(value)])
  if (name === undefined) return Object.fromEntries(own) as Record<string, string>
  const secret = parseEnvironmentFile(await readFile(join(environmentFolder, name), 'utf8'))
  return { ...secret, ...(Object.fromEntries(own) as Record<string, string>) }
}

/** Resolves when it is healthy; a migration, when it has ended well. */
async function startContainer(run: Run, name: string, service: ComposeService): Promise<void> {
  const address = run.addresses.get(name) ?? ''
  const image = await unpackImage(run.imageOf(service.image))
  run.images.push(image)
  const environment = await environmentOf(run, service)
  const container = await runImage(image, {
    environment: { ...environment, HOST: address },
    hosts: { ...run.hosts, localhost: address },
    command: service.command,
  })
  run.containers.set(name, container)
  for (const port of service.ports ?? []) run.published.push(await publish(port, address))
  if (name.startsWith('migrate-')) {
    const code = await container.ended
    if (code !== 0) throw new Error(`${name} ended with ${code}:\n${container.lines.join('\n')}`)
    return
  }
  // One of its own asks whether it runs, which it does by now.
  if (service.healthcheck?.test !== undefined) return
  const url = `http://${address}:${environment['PORT'] ?? '8080'}/livez`
  await untilHealthy(name, container, { url, patience: run.patience })
}

function hostsOf(
  services: Record<string, ComposeService>,
  addresses: ReadonlyMap<string, string>,
): Record<string, string> {
  const named = Object.entries(services).flatMap(([name, { networks }]) =>
    [name, ...(networks?.default.aliases ?? [])].map((each) => [each, addresses.get(name) ?? '']),
  )
  return Object.fromEntries(named) as Record<string, string>
}

/**
 * Runs those containers of docker-compose.yml that have an image of ours, in the order of `depends_on`, each confined as
 * the file says and with the names that Compose would give. For machines without a container engine; as root.
 */
export async function runCompose(options: ComposeRunOptions): Promise<ComposeRun> {
  const { services } = await readComposeFile(options.variables)
  const addresses = giveAddresses(services)
  const hosts = hostsOf(services, addresses)
  const run: Run = {
    ...options,
    ...{ addresses, hosts, containers: new Map(), images: [], published: [] },
  }
  const started = new Map<string, Promise<void>>()

  async function start(name: string, service: ComposeService): Promise<void> {
    await Promise.all(Object.keys(service.depends_on ?? {}).map(startOnce))
    if (isOurs(service)) await startContainer(run, name, service)
  }
  function startOnce(name: string): Promise<void> {
    const service = services[name]
    if (service === undefined) throw new Error(`${name} is not in docker-compose.yml`)
    const starting = started.get(name) ?? start(name, service)
    started.set(name, starting)
    return starting
  }
  async function stop(): Promise<void> {
    for (const server of run.published) server.close()
    await Promise.all([...run.containers.values()].map((container) => container.stop()))
    await Promise.all(run.images.map((image) => image.remove()))
  }

  const outcomes = await Promise.allSettled(Object.keys(services).map(startOnce))
  const failed = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failed !== undefined) {
    await stop()
    throw failed.reason
  }
  return { containers: run.containers, addresses, stop }
}
