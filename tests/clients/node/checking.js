// What the programs in this folder share: how to say what is expected.
'use strict'

const { isDeepStrictEqual, inspect } = require('node:util')

const url = process.argv[2]

function equal(what, got, expected) {
  if (!isDeepStrictEqual(got, expected)) {
    throw new Error(`${what}: expected ${inspect(expected)}, got ${inspect(got)}`)
  }
  console.log(`ok: ${what}`)
}

// The plain values of a record: decoders make objects of classes of their own.
function plain(value) {
  return JSON.parse(JSON.stringify(value))
}

// The call must fail with this status, this code (where the client tells it) and these parts of the message.
async function refused(what, status, code, parts, call) {
  let result
  try {
    result = await call()
  } catch (error) {
    equal(`${what}: status`, error.status, status)
    if (error.errorCode !== undefined) equal(`${what}: code`, error.errorCode, code)
    for (const part of parts) {
      if (!error.message.includes(part)) throw new Error(`${what}: ${part} is missing in: ${error.message}`)
    }
    console.log(`ok: ${what}: ${parts}`)
    return
  }
  throw new Error(`${what}: expected a refusal with ${code}, got ${inspect(result)}`)
}

function schemaId(record) {
  equal('magic byte', record[0], 0)
  return record.readInt32BE(1)
}

function run(...checks) {
  const all = async () => {
    for (const check of checks) await check()
  }
  all().then(
    () => process.exit(0),
    (error) => {
      console.error(error)
      process.exit(1)
    }
  )
}

module.exports = { equal, plain, refused, run, schemaId, url }
