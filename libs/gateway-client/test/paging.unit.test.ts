import { items, pages } from '../src/index.ts'

const all = [
  { items: ['a', 'b'], nextCursor: '2' },
  { items: ['c'], nextCursor: '3' },
  { items: ['d'], nextCursor: null },
]

function source() {
  const asked: (string | undefined)[] = []
  return {
    asked,
    fetchPage: async (cursor: string | undefined) => {
      asked.push(cursor)
      return all[cursor === undefined ? 0 : Number(cursor) - 1]!
    },
  }
}

test('every item comes once and in order, with the cursor of the page before', async () => {
  const { asked, fetchPage } = source()
  const found: string[] = []
  for await (const item of items(fetchPage)) found.push(item)
  expect(found).toEqual(['a', 'b', 'c', 'd'])
  expect(asked).toEqual([undefined, '2', '3'])
})

test('a page that nobody asks for is not fetched', async () => {
  const { asked, fetchPage } = source()
  for await (const page of pages(fetchPage)) {
    expect(page.items).toEqual(['a', 'b'])
    break
  }
  expect(asked).toEqual([undefined])
})

test('a page that fails ends it with what went wrong', async () => {
  const fetchPage = async () => {
    throw new Error('away')
  }
  await expect(pages(fetchPage).next()).rejects.toThrow('away')
})
