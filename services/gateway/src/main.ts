import { loadConfig } from '@minaintyg/config'
import { runService } from '@minaintyg/service'
import { buildGatewayService } from './app.ts'
import { GatewayConfig } from './config.ts'

const config = loadConfig(GatewayConfig, process.env)
await runService('gateway', config, () => buildGatewayService(config))
