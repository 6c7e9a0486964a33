import { loadConfig } from '@minaintyg/config'
import { runService } from '@minaintyg/service'
import { buildConsentService } from './app.ts'
import { ConsentConfig } from './config.ts'

const config = loadConfig(ConsentConfig, process.env)
await runService('consent', config, () => buildConsentService(config))
