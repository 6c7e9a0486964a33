import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

const javaFolder = '/usr/share/java'
const classPath = [
  ...['preflight', 'xmpbox', 'pdfbox2', 'fontbox2', 'commons-logging'],
  ...['jaxb-api', 'javax.activation'],
].map((name) => join(javaFolder, `${name}.jar`))

const onPath = (program: string) =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)))

const tools = {
  qpdf: { isThere: () => onPath('qpdf'), packages: 'qpdf' },
  poppler: { isThere: () => onPath('pdftoppm') && onPath('pdfinfo'), packages: 'poppler-utils' },
  preflight: {
    isThere: () => onPath('java') && classPath.every((jar) => existsSync(jar)),
    packages: 'default-jre-headless libpdfbox2-java libjaxb-api-java libactivation-java',
  },
}

/** describe() that is skipped, with a word on why, where a tool is not installed; REQUIRE_PDF_TOOLS=1 lets it fail. */
export function describeWithTool(tool: keyof typeof tools, name: string, tests: () => void): void {
  const { isThere, packages } = tools[tool]
  if (isThere() || process.env['REQUIRE_PDF_TOOLS'] === '1') describe(name, tests)
  else {
    const why = `SKIPPED: needs apt-get install ${packages}`
    process.stdout.write(`\n${name}: ${why}\n`)
    describe.skip(`${name} (${why})`, tests)
  }
}

/** What a tool says, also where it ends with a fault. */
async function output(program: string, ...parameters: string[]): Promise<string> {
  const { stdout, stderr } = await run(program, parameters, { maxBuffer: 64 * 1024 * 1024 }).catch(
    (error: unknown) => {
      const failed = error as { stdout?: string; stderr?: string }
      if (failed.stdout === undefined) throw error
      return { stdout: failed.stdout, stderr: failed.stderr ?? '' }
    },
  )
  return `${stdout}${stderr}`
}

export const qpdfCheck = (file: string) => output('qpdf', '--check', file)
export const structureText = (file: string) => output('pdfinfo', '-struct-text', file)
export const preflight = (file: string) =>
  output('java', '-cp', classPath.join(':'), 'org.apache.pdfbox.preflight.Validator_A1b', file)

/** Each page as a grey PNG, <prefix>-1.png and so on. */
export const takePictures = (file: string, prefix: string, dotsAnInch = 60) =>
  output('pdftoppm', '-r', String(dotsAnInch), '-gray', '-png', file, prefix)
