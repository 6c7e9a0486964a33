import { definitionsFor } from './definitions.ts'
import { staleEventDocuments } from './written-documents.ts'

const recipients = process.argv.slice(2)

if (recipients.length > 0) {
  // An operator whose recipients are others than the usual ones.
  console.log(JSON.stringify(definitionsFor(recipients), null, 2))
} else {
  const stale = await staleEventDocuments({ write: true })
  console.log(stale.length === 0 ? 'All documents are true.' : `Written: ${stale.join(', ')}`)
}
