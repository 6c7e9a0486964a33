import { loadConfig } from '@minaintyg/config'
import { runService } from '@minaintyg/service'
import { buildIdentityService } from './app.ts'
import { IdentityConfig } from './config.ts'

const config = loadConfig(IdentityConfig, process.env)
await runService('identity', config, () => buildIdentityService(config))
