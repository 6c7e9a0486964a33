import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

const run = promisify(execFile)
const buildah = async (...words: string[]) =>
  (await run('buildah', words, { maxBuffer: 8 * 1024 * 1024 })).stdout.trim()

/** A built image, laid out where it can be looked at and run. */
export interface UnpackedImage {
  /** Its root file system. */
  readonly root: string
  /** Hashes of what is in its layers. */
  readonly layers: readonly string[]
  readonly config: ImageConfig
  remove(): Promise<void>
}

export interface ImageConfig {
  User: string
  Env: string[]
  Entrypoint: string[]
  Cmd: string[]
  WorkingDir: string
  Labels: Record<string, string>
  Healthcheck?: { Test: string[] }
}

/** Mounts an image that buildah has built. As root; needs no container engine. */
export async function unpackImage(image: string): Promise<UnpackedImage> {
  const container = await buildah('from', '--pull-never', image)
  const inspected = JSON.parse(await buildah('inspect', '--type', 'image', image)) as {
    OCIv1: { rootfs: { diff_ids: string[] } }
    Docker: { config: ImageConfig }
  }
  return {
    root: await buildah('mount', container),
    layers: inspected.OCIv1.rootfs.diff_ids,
    config: inspected.Docker.config,
    async remove() {
      await buildah('rm', container)
    },
  }
}

export interface RunningContainer {
  readonly pid: number
  /** What it wrote, a line each. */
  readonly lines: readonly string[]
  /** Its exit code, once it has ended. */
  readonly ended: Promise<number | null>
  stop(): Promise<void>
}

// What a kubelet does for a restricted pod: a root nobody can write to, no privileges, a user that is not root.
const confine = `
mount --make-rprivate / && mount --bind "$1" "$1" && mount -t proc proc "$1/proc" &&
mount --bind /dev "$1/dev" && mount -o remount,bind,ro "$1" || exit 125
root=$1 folder=$2 user=$3 group=$4; shift 4
exec setpriv --no-new-privs unshare --root="$root" --wd="$folder" --setgid="$group" --setuid="$user" "$@"`

export interface RunOptions {
  environment: Record<string, string>
  /** Names and their addresses, as the container’s resolver sees them. */
  hosts: Record<string, string>
  /** In place of the image’s own. */
  command?: readonly string[] | undefined
}

/** Starts the image’s program as its own user, on a root file system that is read-only, in the machine’s network. */
export async function runImage(
  { root, config }: UnpackedImage,
  { environment, hosts, command = config.Cmd }: RunOptions,
): Promise<RunningContainer> {
  const lines = Object.entries(hosts).map(([name, address]) => `${address} ${name}\n`)
  await writeFile(join(root, 'etc/hosts'), lines.join(''))
  const [user = '', group = user] = config.User.split(':')
  const own = config.Env.map((each) => each.split(/=(.*)/s).slice(0, 2) as [string, string])
  const words = ['--mount', 'sh', '-c', confine, 'sh', root, config.WorkingDir, user, group]
  const child = spawn('unshare', [...words, ...config.Entrypoint, ...command], {
    env: { ...Object.fromEntries(own), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const written: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on('line', (line) => written.push(line))
  }
  const ended = once(child, 'exit').then(([code]: (number | null)[]) => code ?? null)
  return {
    pid: child.pid ?? 0,
    lines: written,
    ended,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}
