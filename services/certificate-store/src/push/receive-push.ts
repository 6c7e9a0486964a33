import type { Trace } from '@minaintyg/service'
import { entriesOf } from '../rivta/certificate-document.ts'
import { child, textAt } from '../rivta/elements.ts'
import { UnreadableDocumentError } from '../rivta/errors.ts'
import { identifier } from '../rivta/intyg.ts'
import { createSlicer } from '../rivta/slices.ts'
import { standaloneDocument } from '../rivta/standalone-document.ts'
import { swedishTimeToUtc } from '../rivta/swedish-time.ts'
import { readXml } from '../rivta/xml.ts'
import type { XmlDocument, XmlElement } from '../rivta/xml.ts'
import type { JournalSource } from '../journals/journal-source.ts'
import { contractFaults } from './check-contract.ts'
import type { FullValidation } from './full-validation.ts'
import type { RegisterCertificate } from './register-certificate.ts'
import { results } from './result.ts'
import type { Result } from './result.ts'
import type { RevokeCertificate } from './revoke-certificate.ts'
import { SoapFault, messageOf } from './soap.ts'
import type { Operation } from './soap.ts'

interface Deps {
  logicalAddresses: readonly string[]
  registerCertificate: RegisterCertificate
  revokeCertificate: RevokeCertificate
  /** Against the official schemas, where there are any. */
  fullValidation: FullValidation | undefined
}

export interface Push {
  operation: Operation
  bytes: Buffer
  /** What the request says of the encoding. */
  charset: string | undefined
  source: JournalSource
  trace: Trace
}

interface Message {
  document: XmlDocument
  content: XmlElement
  push: Push
}

/** From the bytes of a call to what is answered. @throws {SoapFault} for what is no call */
export function createReceivePush(deps: Deps) {
  const { logicalAddresses, registerCertificate, revokeCertificate, fullValidation } = deps
  const slicer = createSlicer()

  async function read({ bytes, charset }: Push): Promise<XmlDocument> {
    try {
      return await slicer.run(readXml(bytes, { charset }))
    } catch (error) {
      if (!(error instanceof UnreadableDocumentError)) throw error
      throw new SoapFault('Client', `The message cannot be read: ${error.reason}`)
    }
  }

  function faultsOf({ document, content, push }: Message): string[] {
    const { name } = push.operation
    const faults = contractFaults(content, name)
    if (faults.length > 0 || fullValidation === undefined) return faults
    return fullValidation(name, standaloneDocument(document.text, content, push.bytes))
  }

  async function register({ document, content, push }: Message): Promise<Result> {
    const [entry] = entriesOf(document, content, push.bytes)
    // The contract lets ids and codes be empty.
    if (entry?.readable !== true) {
      return results.againstContract([
        'intyg has no id or no type, or is larger than certificates are',
      ])
    }
    return registerCertificate({ entry, source: push.source, trace: push.trace })
  }

  async function revoke({ content, push }: Message): Promise<Result> {
    const journalId = identifier(child(content, 'intygs-id'))?.extension
    if (journalId === undefined) return results.againstContract(['intygs-id/extension is empty'])
    const sentAt = swedishTimeToUtc(textAt(content, 'skickatTidpunkt'))
    return revokeCertificate({
      journalId,
      personNumber: textAt(content, 'patientPerson-id', 'extension') ?? '',
      sentAt: sentAt === null ? null : new Date(sentAt),
      source: push.source,
      trace: push.trace,
    })
  }

  return async (push: Push): Promise<Result> => {
    const document = await read(push)
    const content = messageOf(document, push.operation, logicalAddresses)
    const message = { document, content, push }
    const faults = faultsOf(message)
    if (faults.length > 0) return results.againstContract(faults)
    return push.operation.name === 'RegisterCertificate' ? register(message) : revoke(message)
  }
}
export type ReceivePush = ReturnType<typeof createReceivePush>
