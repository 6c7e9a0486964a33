import { execFile } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import { PostgresError } from './postgres-error.ts'

const run = promisify(execFile)

/** Whom the server runs as; undefined is whoever we are. */
export interface ServerUser {
  uid: number
  gid: number
}

const isRoot = () => process.getuid?.() === 0

async function findAccount(names: string[]): Promise<ServerUser | undefined> {
  const accounts = (await readFile('/etc/passwd', 'utf8')).split('\n').map((row) => row.split(':'))
  for (const name of names) {
    const account = accounts.find((fields) => fields[0] === name)
    // macOS writes nobody's -2; a uid is unsigned.
    if (account) return { uid: Number(account[2]) >>> 0, gid: Number(account[3]) >>> 0 }
  }
  return undefined
}

async function ownerOf(path: string): Promise<ServerUser | undefined> {
  try {
    const { uid, gid } = await stat(path)
    return { uid, gid }
  } catch {
    return undefined
  }
}

/** Postgres refuses to run as root: the owner of an existing cluster, else postgres or nobody, does it then. */
export async function chooseServerUser(cluster: string): Promise<ServerUser | undefined> {
  if (!isRoot()) return undefined
  const owner = await ownerOf(cluster)
  if (owner && owner.uid !== 0) return owner
  const account = await findAccount(['postgres', 'nobody'])
  if (!account) {
    throw new PostgresError(
      'start-failed',
      'Postgres does not run as root, and this machine has no user postgres or nobody to run it as. Start as an ordinary user.',
    )
  }
  return account
}

/** Whether the user gets as far as `path`: one directory without `x` on the way is enough to fail. */
export async function canReach(path: string, user: ServerUser | undefined): Promise<boolean> {
  try {
    await run('/bin/sh', ['-c', 'test -x "$1"', 'sh', path], { cwd: '/', ...user })
    return true
  } catch {
    return false
  }
}
