import Type from 'typebox'
import {
  FindPatient,
  FoundPatient,
  PatientId,
  PatientNumber,
  Person,
  scopes,
} from '@minaintyg/contracts'
import { AppError } from '@minaintyg/errors'
import { maskPersonalNumber } from '@minaintyg/personal-number'
import { problemResponse } from '@minaintyg/service'
import type { Server } from '@minaintyg/service'
import type { Audit } from '../audit/audit.ts'
import { errors } from '../errors.ts'
import type { PersonRepository } from './person-repository.ts'

export function personRoutes({ persons, audit }: { persons: PersonRepository; audit: Audit }) {
  async function find(id: string) {
    const person = await persons.find(id)
    if (person === undefined) throw new AppError(errors.personNotFound)
    return person
  }

  return async (app: Server): Promise<void> => {
    app.get('/me', {
      config: { access: scopes.patient },
      schema: {
        operationId: 'readMe',
        response: { 200: Person, '4xx': problemResponse, '5xx': problemResponse },
      },
      handler: async ({ caller }) => {
        const { name, number, protectedIdentity } = await find(caller.subject)
        return {
          name,
          personalIdentityNumberMasked: maskPersonalNumber(number),
          protectedIdentity,
          loa: caller.acr ?? '',
        }
      },
    })

    app.get('/patients/:patientId/number', {
      config: { access: scopes.personNumber },
      schema: {
        operationId: 'readPatientNumber',
        params: Type.Object({ patientId: PatientId }),
        response: { 200: PatientNumber, '4xx': problemResponse, '5xx': problemResponse },
      },
      handler: async (request, reply) => {
        const { patientId } = request.params
        const { number, kind } = await find(patientId)
        await audit.note({
          event: 'person-number-read',
          patientId,
          clientId: request.caller.clientId,
          traceId: request.trace.traceId,
        })
        void reply.header('cache-control', 'no-store')
        return { number, kind, earlier: await persons.earlierNumbers(patientId, number) }
      },
    })

    app.post('/patient-searches', {
      config: { access: scopes.findPatient },
      schema: {
        operationId: 'findPatient',
        body: FindPatient,
        response: { 200: FoundPatient, '4xx': problemResponse, '5xx': problemResponse },
      },
      handler: async (request, reply) => {
        const patientId = await persons.findByNumber(request.body.number)
        await audit.note({
          event: 'patient-searched',
          ...(patientId === undefined ? { reason: 'unknown' } : { patientId }),
          clientId: request.caller.clientId,
          traceId: request.trace.traceId,
        })
        void reply.header('cache-control', 'no-store')
        return { patientId: patientId ?? null }
      },
    })
  }
}
