// For Docker and Compose, which look from inside; Kubernetes asks the probes itself.
const { HEALTHCHECK_PATH = '/livez', PORT = '8080' } = process.env
const answer = await fetch(`http://localhost:${PORT}${HEALTHCHECK_PATH}`).catch(() => undefined)
process.exitCode = answer?.ok === true ? 0 : 1
