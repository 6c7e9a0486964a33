import { isMainThread } from 'node:worker_threads'
import { listen } from './listen.ts'
import { openRunFolder } from './run-folder.ts'

/** Loaded before everything else in each Node process that a test starts (`--import`). */
const { MINAINTYG_SCAN_FOLDER: folder, MINAINTYG_SCAN_NAMES: names } = process.env
if (isMainThread && folder !== undefined) {
  const run = openRunFolder(folder)
  const recorder = run.createRecorder(JSON.parse(names ?? '[]') as string[])
  listen(recorder)
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream)
    stream.write = (chunk: string | Uint8Array, ...rest: never[]) => {
      recorder.look('log', typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString())
      return write(chunk, ...rest)
    }
  }
  process.on('exit', () => {
    run.writeCounts(recorder)
  })
}
