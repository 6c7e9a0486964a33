import { describeWithRabbitmq, rabbitmqUrl } from '@minaintyg/testing'
import { connect } from 'amqplib'
import type { ChannelModel } from 'amqplib'
import { deadLetterQueue } from '../src/index.ts'
import { describeEventBus } from './event-bus-conformance.ts'

describeWithRabbitmq('the event bus on RabbitMQ', () => {
  let model: ChannelModel

  beforeAll(async () => {
    model = await connect(rabbitmqUrl()!)
  })
  afterAll(async () => {
    await model.close()
  })

  describeEventBus({
    url: () => rabbitmqUrl()!,
    depth: async (queue) => {
      const channel = await model.createChannel()
      const { messageCount } = await channel.checkQueue(queue)
      await channel.close()
      return messageCount
    },
    cleanUp: async ({ queues, exchanges }) => {
      const channel = await model.createChannel()
      for (const { name } of queues) {
        await channel.deleteQueue(name)
        await channel.deleteQueue(deadLetterQueue(name))
      }
      for (const { name } of exchanges) await channel.deleteExchange(name)
      await channel.close()
    },
  })
})
