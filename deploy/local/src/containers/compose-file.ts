import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'

/** A service of docker-compose.yml, as far as is of use here. */
export interface ComposeService {
  image: string
  command?: string[]
  env_file?: [{ path: string; required: boolean }]
  environment?: Record<string, string | number>
  network_mode?: string
  /** Where it has a test, in place of the image’s own. */
  healthcheck?: { test?: string[] }
  networks?: { default: { aliases: string[] } }
  ports?: string[]
  depends_on?: Record<string, { condition: string }>
  read_only?: boolean
  cap_drop?: string[]
  security_opt?: string[]
  build?: { args: Record<string, string> }
}

export interface ComposeFile {
  services: Record<string, ComposeService>
}

/** `${NAME:-default}`, the one form that the file uses. @throws where another one stands in it */
function interpolate(text: string, variables: Record<string, string>): string {
  return text.replace(
    /\$(\{([A-Z_]+):-([^}]*)\})?/g,
    (_whole, form, name: string, standard: string) => {
      if (form === undefined) throw new Error('docker-compose.yml may hold ${NAME:-default} alone')
      const value = variables[name]
      return value === undefined || value === '' ? standard : value
    },
  )
}

export const composeFile = new URL('../../../../docker-compose.yml', import.meta.url)

/** docker-compose.yml with variables and anchors resolved. */
export async function readComposeFile(
  variables: Record<string, string> = {},
): Promise<ComposeFile> {
  const text = interpolate(await readFile(composeFile, 'utf8'), variables)
  return parse(text, { merge: true }) as ComposeFile
}

/** The lines of an env file. */
export function parseEnvironmentFile(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf('=')
      return [line.slice(0, at), line.slice(at + 1)]
    }),
  )
}
