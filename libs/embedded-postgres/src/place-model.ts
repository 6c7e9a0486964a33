import type { ServerUser } from './server-user.ts'

/** Where one server keeps its files, all of them in `base`. */
export interface Place {
  base: string
  cluster: string
  passwordFile: string
  ownerFile: string
  logFile: string
  user: ServerUser | undefined
}
