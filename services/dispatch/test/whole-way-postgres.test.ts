import { describeTheWholeWay } from './whole-way.ts'

describe('the whole way over the Postgres bus', () => {
  describeTheWholeWay('postgres')
})
