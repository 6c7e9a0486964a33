import { resolve } from 'node:path'
import { writeEnvironmentFiles } from './environment-files.ts'

// make up: the secrets that the docker-compose.yml of this folder reads, for the ports that it is given.
const { GATEWAY_PORT = '8080', WEB_PORT = '8081', POSTGRES_PASSWORD = 'local' } = process.env
await writeEnvironmentFiles(resolve('.demo/containers'), {
  postgres: { host: 'postgres', port: 5432, password: POSTGRES_PASSWORD },
  rabbitmq: { host: 'rabbitmq', port: 5672 },
  gatewayInside: `http://gateway:${GATEWAY_PORT}`,
  gatewayUrl: `http://localhost:${GATEWAY_PORT}`,
  webUrl: `http://localhost:${WEB_PORT}`,
})
