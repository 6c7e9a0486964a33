// A service's main file, which ends with whoever started it, however that ended.
process.once('disconnect', () => process.exit())
const [program = ''] = process.argv.slice(2)
await import(program)
