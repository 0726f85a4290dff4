// The client of the kafkajs community: Avro, JSON Schema, Protobuf.
'use strict'

const { COMPATIBILITY, SchemaRegistry, SchemaType } = require('@kafkajs/confluent-schema-registry')
const { equal, plain, refused, run, schemaId, url } = require('./checking')

// Few and short retries: this client repeats what fails, and the refusals here are meant.
const registry = (options) => new SchemaRegistry({ host: url, clientId: 'test', retry: { retries: 0 } }, options)

const record = (...fields) => ({ type: 'record', name: 'Order', namespace: 'acme', fields: [{ name: 'id', type: 'int' }, ...fields] })
const currency = { name: 'currency', type: 'string', default: 'EUR' }

async function avro() {
  const { id } = await registry().register(record())
  equal('the first id', id, 1)
  const old = await registry().encode(id, { id: 7 })
  equal('it is in the record', schemaId(old), 1)
  const second = await registry().register(record(currency))
  equal('the second id', second.id, 2)
  equal('decoded', plain(await registry().decode(old)), { id: 7 })
  const reader = { [SchemaType.AVRO]: { readerSchema: record(currency) } }
  equal('old bytes with the new reader', plain(await registry().decode(old, reader)), { id: 7, currency: 'EUR' })
  equal('the latest', await registry().getLatestSchemaId('acme.Order'), 2)
  equal('by version', await registry().getRegistryId('acme.Order', 1), 1)
  equal('by schema', await registry().getRegistryIdBySchema('acme.Order', record()), 1)
  equal('registering again', (await registry().register(record())).id, 1)
  await refused('a field without a default', 409, 40901, ['incompatible with an earlier schema', "'customer'"],
    () => registry().register(record(currency, { name: 'customer', type: 'string' })))
  await refused('unknown id', 404, 40403, ['Schema 999 not found'], () => registry().encode(999, {}))
  const forward = await registry().register(record(), { subject: 'others', compatibility: COMPATIBILITY.FORWARD })
  equal('an equal schema has the same id', forward.id, 1)
}

async function references() {
  const customer = { type: SchemaType.AVRO, schema: JSON.stringify({ type: 'record', name: 'Customer', namespace: 'acme', fields: [{ name: 'name', type: 'string' }] }) }
  await registry().register(customer, { subject: 'customers' })
  const invoice = {
    type: SchemaType.AVRO,
    schema: JSON.stringify({ ...record({ name: 'customer', type: 'acme.Customer' }), name: 'Invoice' }),
    references: [{ name: 'acme.Customer', subject: 'customers', version: 1 }],
  }
  const { id } = await registry().register(invoice, { subject: 'invoices' })
  const sent = { id: 1, customer: { name: 'Ada' } }
  equal('with a reference', plain(await registry().decode(await registry().encode(id, sent))), sent)
}

async function json() {
  const order = (properties, required = []) => ({
    type: SchemaType.JSON,
    schema: JSON.stringify({ $id: 'order', type: 'object', properties, required, additionalProperties: false }),
  })
  const id = { id: { type: 'integer' } }
  const first = await registry().register(order(id), { subject: 'json' })
  const old = await registry().encode(first.id, { id: 7 })
  await registry().register(order({ ...id, name: { type: 'string' } }), { subject: 'json' })
  equal('JSON', await registry().decode(old), { id: 7 })
  await refused('a new required property', 409, 40901, ['REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL'],
    () => registry().register(order({ ...id, x: {} }, ['x']), { subject: 'json' }))
}

async function protobuf() {
  const order = (...fields) => ({ type: SchemaType.PROTOBUF, schema: `syntax = "proto3"; package acme; message Order { ${fields.join(' ')} }` })
  const first = await registry().register(order('int32 id = 1;'), { subject: 'proto' })
  const old = await registry().encode(first.id, { id: 7 })
  await registry().register(order('int32 id = 1;', 'string name = 2;'), { subject: 'proto' })
  equal('Protobuf', plain(await registry().decode(old)), { id: 7 })
  await refused('another wire type', 409, 40901, ['FIELD_SCALAR_KIND_CHANGED'], () => registry().register(order('string id = 1;'), { subject: 'proto' }))
}

run(avro, references, json, protobuf)
