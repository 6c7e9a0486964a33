import { loadConfig } from '@minaintyg/config'
import { runService } from '@minaintyg/service'
import { buildCertificateStoreService } from './app.ts'
import { CertificateStoreConfig } from './config.ts'

const config = loadConfig(CertificateStoreConfig, process.env)
await runService('certificate-store', config, () => buildCertificateStoreService(config))
