// Confluent's Node client with its serializers: Avro, JSON Schema, Protobuf, rules.
'use strict'

const { create, createFileRegistry, createMutableRegistry } = require('@bufbuild/protobuf')
const { FieldDescriptorProto_Label, FieldDescriptorProto_Type, FileDescriptorSetSchema } = require('@bufbuild/protobuf/wkt')
const {
  AvroDeserializer, AvroSerializer, CelExecutor, Compatibility, FieldEncryptionExecutor, JsonDeserializer, JsonSerializer,
  LocalKmsDriver, ProtobufDeserializer, ProtobufSerializer, RuleMode, SchemaRegistryClient, SerdeType,
} = require('@confluentinc/schemaregistry')
const { equal, plain, refused, run, schemaId, url } = require('./checking')

const registry = () => new SchemaRegistryClient({ baseURLs: [url] })
const latest = { useLatestVersion: true }

const record = (...fields) => JSON.stringify({ type: 'record', name: 'Order', fields: [{ name: 'id', type: 'int' }, ...fields] })
const currency = { name: 'currency', type: 'string', default: 'EUR' }
const avro1 = { schemaType: 'AVRO', schema: record() }
const avro2 = { schemaType: 'AVRO', schema: record(currency) }
const avroBreaking = { schemaType: 'AVRO', schema: record(currency, { name: 'customer', type: 'string' }) }

async function avro() {
  equal('the first id', await registry().register('orders-value', avro1), 1)
  const old = await new AvroSerializer(registry(), SerdeType.VALUE, latest).serialize('orders', { id: 7 })
  equal('it is in the record', schemaId(old), 1)
  equal('the second id', await registry().register('orders-value', avro2), 2)
  const fresh = await new AvroSerializer(registry(), SerdeType.VALUE, latest).serialize('orders', { id: 8, currency: 'CHF' })
  const read = new AvroDeserializer(registry(), SerdeType.VALUE, latest)
  equal('old bytes with the new reader', plain(await read.deserialize('orders', old)), { id: 7, currency: 'EUR' })
  equal('new bytes', plain(await read.deserialize('orders', fresh)), { id: 8, currency: 'CHF' })
  const written = new AvroDeserializer(registry(), SerdeType.VALUE, {})
  equal("bytes with the writer's schema", plain(await written.deserialize('orders', old)), { id: 7 })
  await refused('a field without a default', 409, 40901, ['READER_FIELD_MISSING_DEFAULT_VALUE', "'customer'", 'orders-value'],
    () => registry().register('orders-value', avroBreaking))
  const derived = await new AvroSerializer(registry(), SerdeType.VALUE, { autoRegisterSchemas: true }).serialize('derived', { a: 1 })
  equal('a schema derived from the value is registered', schemaId(derived), 3)
}

async function administration() {
  const client = registry()
  equal('compatible', await client.testSubjectCompatibility('orders-value', avro1), true)
  equal('incompatible', await client.testCompatibility('orders-value', 2, avroBreaking), false)
  equal('lookup', await client.getId('orders-value', avro1), 1)
  equal('its version', await client.getVersion('orders-value', avro1), 1)
  await refused('unknown schema', 404, 40403, ['Schema not found'], () => client.getId('orders-value', avroBreaking))
  await refused('unknown subject', 404, 40401, ["Subject 'nobody' not found."], () => client.getAllVersions('nobody'))
  const newest = await client.getLatestSchemaMetadata('orders-value')
  equal('latest', [newest.id, newest.version, newest.subject], [2, 2, 'orders-value'])
  equal('by guid', JSON.parse((await client.getByGuid(newest.guid)).schema), JSON.parse(avro2.schema))
  equal('by id', JSON.parse((await client.getBySubjectAndId('orders-value', 1)).schema), JSON.parse(avro1.schema))
  equal('subjects', (await client.getAllSubjects()).sort(), ['derived-value', 'orders-value'])
  equal('default level', await client.getDefaultCompatibility(), Compatibility.BACKWARD)
  equal('a level of its own', await client.updateCompatibility('orders-value', Compatibility.FULL), Compatibility.FULL)
  equal('is kept', await client.getCompatibility('orders-value'), Compatibility.FULL)
  await client.updateConfig('orders-value', { compatibilityLevel: Compatibility.NONE, compatibility: Compatibility.NONE })
  equal('NONE takes all', await client.register('orders-value', avroBreaking), 4)
  equal('delete one', await client.deleteSubjectVersion('orders-value', 3), 3)
  equal('delete all', await client.deleteSubject('derived-value'), [1])
  equal('for good', await client.deleteSubject('derived-value', true), [1])
}

async function json() {
  const order = (properties, required) => ({
    schemaType: 'JSON',
    schema: JSON.stringify({ title: 'Order', type: 'object', properties, required, additionalProperties: false }),
  })
  const id = { id: { type: 'integer' } }
  const name = { name: { type: 'string' } }
  await registry().register('json-value', order(id))
  const old = await new JsonSerializer(registry(), SerdeType.VALUE, { ...latest, validate: true }).serialize('json', { id: 7 })
  await registry().register('json-value', order({ ...id, ...name }))
  const read = new JsonDeserializer(registry(), SerdeType.VALUE, latest)
  equal('old JSON with the new reader', await read.deserialize('json', old), { id: 7 })
  await refused('a new required property', 409, 40901, ['REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL'],
    () => registry().register('json-value', order({ ...id, ...name, x: { type: 'string' } }, ['x'])))
  const customer = { schemaType: 'JSON', schema: JSON.stringify({ type: 'object', properties: name }) }
  await registry().register('customer.json', customer)
  const invoice = order({ ...id, customer: { $ref: 'customer.json' } })
  invoice.references = [{ name: 'customer.json', subject: 'customer.json', version: 1 }]
  await registry().register('invoices-value', invoice)
  const sent = { id: 1, customer: { name: 'Ada' } }
  const written = await new JsonSerializer(registry(), SerdeType.VALUE, { ...latest, validate: true }).serialize('invoices', sent)
  equal('with a reference', await new JsonDeserializer(registry(), SerdeType.VALUE, {}).deserialize('invoices', written), sent)
}

// A file of messages; a field is [name, number, type], where a type that is a text names another message.
function file(name, messages, dependency = []) {
  const label = FieldDescriptorProto_Label.OPTIONAL
  const field = ([fieldName, number, type]) => typeof type === 'string'
    ? { name: fieldName, number, label, type: FieldDescriptorProto_Type.MESSAGE, typeName: type }
    : { name: fieldName, number, label, type }
  const message = ([messageName, ...fields]) => ({ name: messageName, field: fields.map(field) })
  return { name, package: 'acme', syntax: 'proto3', dependency, messageType: messages.map(message) }
}

function messages(...files) {
  const found = createFileRegistry(create(FileDescriptorSetSchema, { file: files }), () => undefined)
  return { registry: createMutableRegistry(found), of: (name, value) => create(found.getMessage(`acme.${name}`), value) }
}

async function protobuf() {
  const { INT32, STRING } = FieldDescriptorProto_Type
  const id = ['id', 1, INT32]
  const serialize = (known, topic, message) =>
    new ProtobufSerializer(registry(), SerdeType.VALUE, { registry: known.registry, autoRegisterSchemas: true }).serialize(topic, message)
  const v1 = messages(file('order.proto', [['Order', id]]))
  const v2 = messages(file('order.proto', [['Order', id, ['currency', 2, STRING]]]))
  const old = await serialize(v1, 'proto', v1.of('Order', { id: 7 }))
  const fresh = await serialize(v2, 'proto', v2.of('Order', { id: 8, currency: 'CHF' }))
  equal('two versions', await registry().getAllVersions('proto-value'), [1, 2])
  const read = new ProtobufDeserializer(registry(), SerdeType.VALUE, {})
  equal('old Protobuf bytes', (await read.deserialize('proto', old)).id, 7)
  equal('new Protobuf bytes', (await read.deserialize('proto', fresh)).currency, 'CHF')
  const changed = messages(file('order.proto', [['Order', ['id', 1, STRING]]]))
  await refused('another wire type', 409, 40901, ['FIELD_SCALAR_KIND_CHANGED'], () => serialize(changed, 'proto', changed.of('Order', { id: 'x' })))
  const whole = messages(
    file('money.proto', [['Money', ['units', 1, INT32]]]),
    file('invoice.proto', [['First', id], ['Invoice', id, ['total', 2, '.acme.Money']]], ['money.proto']),
  )
  const written = await serialize(whole, 'bills', whole.of('Invoice', { id: 1, total: whole.of('Money', { units: 5 }) }))
  const again = await new ProtobufDeserializer(registry(), SerdeType.VALUE, {}).deserialize('bills', written)
  equal('with an imported file, second message of the file', [again.$typeName, again.total.units], ['acme.Invoice', 5])
  equal('the import is a subject', await registry().getAllVersions('money.proto'), [1])
}

async function rules() {
  CelExecutor.register()
  FieldEncryptionExecutor.register()
  LocalKmsDriver.register()
  const name = (more) => ({ name: 'name', type: 'string', ...more })
  const short = { name: 'short', kind: 'CONDITION', mode: RuleMode.WRITE, type: 'CEL', expr: 'size(message.name) < 6' }
  await registry().register('checked-value', { schemaType: 'AVRO', schema: record(name()), ruleSet: { domainRules: [short] } })
  const serialize = new AvroSerializer(registry(), SerdeType.VALUE, latest)
  await serialize.serialize('checked', { id: 1, name: 'Ada' })
  let failed = false
  await serialize.serialize('checked', { id: 1, name: 'Augusta Ada' }).catch(() => { failed = true })
  equal('a condition is applied', failed, true)
  const params = { 'encrypt.kek.name': 'kek', 'encrypt.kms.type': 'local-kms', 'encrypt.kms.key.id': 'key' }
  const encrypt = { name: 'encrypt', kind: 'TRANSFORM', mode: RuleMode.WRITEREAD, type: 'ENCRYPT', tags: ['PII'], params }
  const schema = record(name({ 'confluent:tags': ['PII'] }))
  await registry().register('secret-value', { schemaType: 'AVRO', schema, ruleSet: { domainRules: [encrypt] } })
  const ruleConfig = { secret: 'a secret of the test' }
  const written = await new AvroSerializer(registry(), SerdeType.VALUE, { ...latest, ruleConfig }).serialize('secret', { id: 1, name: 'Ada Lovelace' })
  equal('a tagged field is not readable', written.includes('Ada Lovelace'), false)
  const read = new AvroDeserializer(registry(), SerdeType.VALUE, { ruleConfig })
  equal('and comes back with the key', plain(await read.deserialize('secret', written)), { id: 1, name: 'Ada Lovelace' })
  const owned = { schemaType: 'AVRO', schema: record(name()), metadata: { properties: { owner: 'ada' } } }
  await registry().register('owned-value', owned)
  equal('found by its metadata', (await registry().getLatestWithMetadata('owned-value', { owner: 'ada' })).version, 1)
}

run(avro, administration, json, protobuf, rules)
