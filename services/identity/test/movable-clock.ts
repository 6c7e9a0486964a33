// Loaded into a process before anything else: its clock goes forward when its parent says so.
let offset = 0
const RealDate = Date

class MovableDate extends RealDate {
  constructor(...parts: unknown[]) {
    if (parts.length === 0) super(MovableDate.now())
    else super(...(parts as [number]))
  }

  static override now(): number {
    return RealDate.now() + offset
  }
}

globalThis.Date = MovableDate as DateConstructor
process.on('message', (milliseconds: number) => {
  offset += milliseconds
  process.send?.(offset)
})
// The channel alone keeps nothing running.
process.channel?.unref()
