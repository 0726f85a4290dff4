// The Go client of the community, riferrei/srclient.
package main

import (
	"encoding/binary"
	"fmt"

	"github.com/riferrei/srclient"

	. "concord.test/clients/checking"
)

const (
	avro1        = `{"type":"record","name":"Order","fields":[{"name":"id","type":"long"}]}`
	avro2        = `{"type":"record","name":"Order","fields":[{"name":"id","type":"long"},{"name":"currency","type":"string","default":"EUR"}]}`
	avroBreaking = `{"type":"record","name":"Order","fields":[{"name":"id","type":"long"},{"name":"customer","type":"string"}]}`
)

// A client without anything in its caches.
func registry() *srclient.SchemaRegistryClient {
	client := srclient.NewSchemaRegistryClient(URL())
	client.CodecCreationEnabled(true)
	return client
}

// A client that makes no codecs: it makes them for Avro only, and not for references.
func plain() *srclient.SchemaRegistryClient {
	return srclient.NewSchemaRegistryClient(URL())
}

// As the examples of this client frame a record.
func encode(schema *srclient.Schema, value map[string]any) []byte {
	record := binary.BigEndian.AppendUint32([]byte{0}, uint32(schema.ID()))
	return Must(schema.Codec().BinaryFromNative(record, value))
}

func decode(record []byte) any {
	schema := Must(registry().GetSchema(SchemaID(record)))
	value, _, err := schema.Codec().NativeFromBinary(record[5:])
	Done(err)
	return value
}

func avro() {
	first := Must(registry().CreateSchema("orders-value", avro1, srclient.Avro))
	Equal("the first id", []int{first.ID(), first.Version()}, []int{1, 1})
	second := Must(registry().CreateSchema("orders-value", avro2, srclient.Avro))
	Equal("the second id", []int{second.ID(), second.Version()}, []int{2, 2})
	Equal("round trip", decode(encode(first, map[string]any{"id": int64(7)})), any(map[string]any{"id": int64(7)}))
	Equal("round trip of the second", decode(encode(second, map[string]any{"id": int64(8), "currency": "CHF"})), any(map[string]any{"id": int64(8), "currency": "CHF"}))
	_, err := registry().CreateSchema("orders-value", avroBreaking, srclient.Avro)
	Refused("a field without a default", err, "READER_FIELD_MISSING_DEFAULT_VALUE", "customer")
	Equal("registering again", Must(registry().CreateSchema("orders-value", avro1, srclient.Avro)).ID(), 1)
	Equal("latest", Must(registry().GetLatestSchema("orders-value")).Version(), 2)
	Equal("by version", Must(registry().GetSchemaByVersion("orders-value", 1)).ID(), 1)
	Equal("lookup", Must(registry().LookupSchema("orders-value", avro1, srclient.Avro)).Version(), 1)
	Equal("versions", Must(registry().GetSchemaVersions("orders-value")), []int{1, 2})
	Equal("compatible", Must(registry().IsSchemaCompatible("orders-value", avro1, "latest", srclient.Avro)), true)
	Equal("incompatible", Must(registry().IsSchemaCompatible("orders-value", avroBreaking, "latest", srclient.Avro)), false)
	_, err = registry().GetSchema(999)
	Refused("unknown id", err, "Schema 999 not found")
	_, err = registry().GetLatestSchema("nobody")
	Refused("unknown subject", err, "Subject 'nobody' not found.")
}

func otherFormats() {
	file := func(fields string) string {
		return "syntax = \"proto3\";\npackage acme;\n\nmessage Order {\n" + fields + "}\n"
	}
	id := "  int64 id = 1;\n"
	first := Must(plain().CreateSchema("proto-value", file(id), srclient.Protobuf))
	Equal("Protobuf comes back as it is", Must(plain().GetSchema(first.ID())).Schema(), file(id))
	Must(plain().CreateSchema("proto-value", file(id+"  string name = 2;\n"), srclient.Protobuf))
	_, err := plain().CreateSchema("proto-value", file("  string id = 1;\n"), srclient.Protobuf)
	Refused("another wire type", err, "FIELD_SCALAR_KIND_CHANGED")
	order := func(more string) string {
		return fmt.Sprintf(`{"type":"object","properties":{"id":{"type":"integer"}},"additionalProperties":false%s}`, more)
	}
	Must(plain().CreateSchema("json-value", order(""), srclient.Json))
	_, err = plain().CreateSchema("json-value", order(`,"required":["id"]`), srclient.Json)
	Refused("a property becomes required", err, "REQUIRED_ATTRIBUTE_ADDED")
	Must(plain().CreateSchema("customers", `{"type":"record","name":"Customer","fields":[{"name":"name","type":"string"}]}`, srclient.Avro))
	reference := srclient.Reference{Name: "Customer", Subject: "customers", Version: 1}
	invoice := `{"type":"record","name":"Invoice","fields":[{"name":"customer","type":"Customer"}]}`
	stored := Must(plain().CreateSchema("invoices-value", invoice, srclient.Avro, reference))
	Equal("a reference", Must(plain().GetSchema(stored.ID())).References(), []srclient.Reference{reference})
}

func administration() {
	Equal("default level", Must(registry().GetGlobalCompatibilityLevel()).String(), "BACKWARD")
	Equal("inherited", Must(registry().GetCompatibilityLevel("orders-value", true)).String(), "BACKWARD")
	Equal("a level of its own", Must(registry().ChangeSubjectCompatibilityLevel("orders-value", srclient.None)).String(), "NONE")
	Equal("is kept", Must(registry().GetCompatibilityLevel("orders-value", false)).String(), "NONE")
	Must(registry().CreateSchema("orders-value", avroBreaking, srclient.Avro))
	Done(registry().DeleteSubjectByVersion("orders-value", 3, false))
	Done(registry().DeleteSubject("proto-value", false))
	Equal("subjects", Must(registry().GetSubjects()), []string{"customers", "invoices-value", "json-value", "orders-value"})
	Equal("with deleted ones", len(Must(registry().GetSubjectsIncludingDeleted())), 5)
	// This client deletes twice when it deletes for good: first softly.
	Done(registry().DeleteSubject("json-value", true))
	Equal("for good", len(Must(registry().GetSubjectsIncludingDeleted())), 4)
}

// The registry demands text of every field, and warns of names in another style.
func policies() {
	silent := `{"type":"record","name":"Order","fields":[{"name":"amount","type":"long"}]}`
	_, err := registry().CreateSchema("orders-value", silent, srclient.Avro)
	// This client gives the body as its error: quotation marks are escaped in it.
	Refused("a registration", err, "42270", "orders-value", "DOC002", "doc-field-required", "amount", "what it means")

	warned := `{"type":"record","name":"Order","fields":[{"name":"orderId","type":"long","doc":"Its number."}]}`
	first := Must(registry().CreateSchema("orders-value", warned, srclient.Avro))
	Equal("what is warned of is registered", []int{first.ID(), first.Version()}, []int{1, 1})
	Equal("and registered again", Must(registry().CreateSchema("orders-value", warned, srclient.Avro)).ID(), 1)
	Equal("and used", decode(encode(first, map[string]any{"orderId": int64(7)})), any(map[string]any{"orderId": int64(7)}))
}

func main() {
	if OnlyPolicies() {
		policies()
		return
	}
	avro()
	otherFormats()
	administration()
}
