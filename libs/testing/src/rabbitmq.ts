/** Set by the global setup where a RabbitMQ answers. */
export const rabbitmqUrl = (): string | undefined => process.env['MINAINTYG_TEST_AMQP_URL']

/** describe() that is skipped where no RabbitMQ answers; the global setup has then said so. */
export function describeWithRabbitmq(name: string, tests: () => void): void {
  if (rabbitmqUrl() === undefined) describe.skip(name, tests)
  else describe(name, tests)
}
