import { loadConfig } from '@minaintyg/config'
import { runService } from '@minaintyg/service'
import { buildDispatchService } from './app.ts'
import { DispatchConfig } from './config.ts'

const config = loadConfig(DispatchConfig, process.env)
await runService('dispatch', config, () => buildDispatchService(config))
