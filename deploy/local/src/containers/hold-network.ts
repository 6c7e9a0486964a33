// In a container whose network others share. It owns what they are reached at, and does nothing that could fail.
const held = setInterval(() => undefined, 2 ** 31 - 1)
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => {
    clearInterval(held)
  })
}
