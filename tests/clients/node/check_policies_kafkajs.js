// Policies as a user of the kafkajs client meets them. The registry demands text of every field, and warns of other names.
'use strict'

const { SchemaRegistry } = require('@kafkajs/confluent-schema-registry')
const { equal, plain, refused, run, url } = require('./checking')

// Few and short retries: this client repeats what fails, and the refusal here is meant.
const registry = () => new SchemaRegistry({ host: url, clientId: 'test', retry: { retries: 0 } })
const avro = (field) => ({ type: 'record', name: 'Order', namespace: 'acme', fields: [field] })

async function refusal() {
  await refused('a registration', 422, 42270, ['"acme.Order"', 'DOC002', 'doc-field-required', '"amount"', 'say in "doc" what it means'],
    () => registry().register(avro({ name: 'amount', type: 'long' })))
}

async function warning() {
  const warned = avro({ name: 'orderId', type: 'long', doc: 'Its number.' })
  equal('what is warned of is registered', (await registry().register(warned)).id, 1)
  equal('and registered again', (await registry().register(warned)).id, 1)
  equal('and used', plain(await registry().decode(await registry().encode(1, { orderId: 7 }))), { orderId: 7 })
}

run(refusal, warning)
