// Policies as a user of Confluent's Node client meets them. The registry demands text of every field, and warns of other names.
'use strict'

const { AvroSerializer, SchemaRegistryClient, SerdeType } = require('@confluentinc/schemaregistry')
const { equal, refused, run, schemaId, url } = require('./checking')

const registry = () => new SchemaRegistryClient({ baseURLs: [url] })
const avro = (field) => ({ schemaType: 'AVRO', schema: JSON.stringify({ type: 'record', name: 'Order', fields: [field] }) })
const demanded = ['DOC002', 'doc-field-required', '"amount"', 'say in "doc" what it means']

async function refusal() {
  await refused('a registration', 422, 42270, ['"orders-value"', ...demanded],
    () => registry().register('orders-value', avro({ name: 'amount', type: 'long' })))
  await refused('a serializer that registers', 422, 42270, ['"payments-value"', ...demanded],
    () => new AvroSerializer(registry(), SerdeType.VALUE, { autoRegisterSchemas: true }).serialize('payments', { amount: 1 }))
}

async function warning() {
  const warned = avro({ name: 'orderId', type: 'long', doc: 'Its number.' })
  equal('what is warned of is registered', await registry().register('orders-value', warned), 1)
  equal('and registered again', await registry().register('orders-value', warned), 1)
  const latest = { useLatestVersion: true }
  const record = await new AvroSerializer(registry(), SerdeType.VALUE, latest).serialize('orders', { orderId: 7 })
  equal('and used', schemaId(record), 1)
}

run(refusal, warning)
