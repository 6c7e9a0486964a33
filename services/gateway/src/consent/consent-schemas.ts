import Type from 'typebox'

const Count = (description: string) => Type.Union([Type.Integer(), Type.Null()], { description })

export const ConsentWithdrawal = Type.Object({
  withdrawnAt: Type.String({ format: 'date-time' }),
  erased: Type.Object({
    certificates: Count('Copies that were erased; null: it is being done and not yet known'),
  }),
  cancelledDispatches: Count('Dispatches that were stopped; null: it is being done'),
})
