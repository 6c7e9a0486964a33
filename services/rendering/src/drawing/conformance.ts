import type { Doc } from './doc.ts'

/** PDF/A-1b is what one of the checking tools knows; it is drawn for that tool alone. */
export type Subset = 'PDF/A-3a' | 'PDF/A-1b'

const namespaces = {
  extension: 'http://www.aiim.org/pdfa/ns/extension/',
  schema: 'http://www.aiim.org/pdfa/ns/schema#',
  property: 'http://www.aiim.org/pdfa/ns/property#',
  pdfuaid: 'http://www.aiim.org/pdfua/ns/id/',
}

/** ISO 19005-3, 6.6.2.3: a schema that PDF/A does not know is described in the file that uses it. */
const universalAccess = `
<rdf:Description rdf:about="" xmlns:pdfuaid="${namespaces.pdfuaid}">
  <pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="${namespaces.extension}"
    xmlns:pdfaSchema="${namespaces.schema}" xmlns:pdfaProperty="${namespaces.property}">
  <pdfaExtension:schemas>
    <rdf:Bag>
      <rdf:li rdf:parseType="Resource">
        <pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
        <pdfaSchema:namespaceURI>${namespaces.pdfuaid}</pdfaSchema:namespaceURI>
        <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
        <pdfaSchema:property>
          <rdf:Seq>
            <rdf:li rdf:parseType="Resource">
              <pdfaProperty:name>part</pdfaProperty:name>
              <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
              <pdfaProperty:category>internal</pdfaProperty:category>
              <pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>
            </rdf:li>
          </rdf:Seq>
        </pdfaSchema:property>
      </rdf:li>
    </rdf:Bag>
  </pdfaExtension:schemas>
</rdf:Description>
`

/** Says that the file is PDF/UA-1 as well; pdfkit's own subsets exclude one another. */
export function claimUniversalAccess(doc: Doc): void {
  ;(doc as unknown as { appendXML(xml: string): void }).appendXML(universalAccess)
}
