interface Answer {
  statusCode: number
  headers: Record<string, unknown>
  json(): Record<string, unknown>
}

/** Asserts that an injected answer is a whole RFC 9457 problem with this status and code. */
export function expectProblem(answer: Answer, status: number, code: string): void {
  const problem = answer.json()
  expect({ status: answer.statusCode, code: problem['code'] }).toEqual({ status, code })
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
  expect(problem).toMatchObject({
    type: expect.stringContaining(`/problems/${code}`) as string,
    title: expect.any(String) as string,
    status,
    detail: expect.any(String) as string,
    instance: expect.stringMatching(/^urn:uuid:/) as string,
    traceId: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
  })
}
