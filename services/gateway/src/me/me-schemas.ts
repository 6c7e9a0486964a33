import Type from 'typebox'
import { ConsentStateName, Person } from '@minaintyg/contracts'

export const Me = Type.Object({ ...Person.properties, consent: ConsentStateName })
