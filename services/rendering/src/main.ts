import { loadConfig } from '@minaintyg/config'
import { runService } from '@minaintyg/service'
import { buildRenderingService } from './app.ts'
import { RenderingConfig } from './config.ts'

const config = loadConfig(RenderingConfig, process.env)
await runService('rendering', config, () => buildRenderingService(config))
