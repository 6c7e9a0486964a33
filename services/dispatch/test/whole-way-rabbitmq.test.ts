import { describeWithRabbitmq } from '@minaintyg/testing'
import { describeTheWholeWay } from './whole-way.ts'

describeWithRabbitmq('the whole way over RabbitMQ', () => {
  describeTheWholeWay('rabbitmq')
})
