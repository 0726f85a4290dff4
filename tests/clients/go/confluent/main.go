// Confluent's Go client with its serializers: Avro, JSON Schema, Protobuf, metadata and rules.
package main

import (
	"encoding/json"

	"github.com/confluentinc/confluent-kafka-go/v2/schemaregistry"
	"github.com/confluentinc/confluent-kafka-go/v2/schemaregistry/serde"
	"github.com/confluentinc/confluent-kafka-go/v2/schemaregistry/serde/avrov2"
	"github.com/confluentinc/confluent-kafka-go/v2/schemaregistry/serde/jsonschema"
	"google.golang.org/protobuf/reflect/protoreflect"

	. "concord.test/clients/checking"
)

const (
	avro1        = `{"type":"record","name":"Order","namespace":"acme","fields":[{"name":"id","type":"long"}]}`
	avro2        = `{"type":"record","name":"Order","namespace":"acme","fields":[{"name":"id","type":"long"},{"name":"currency","type":"string","default":"EUR"}]}`
	avroBreaking = `{"type":"record","name":"Order","namespace":"acme","fields":[{"name":"id","type":"long"},{"name":"currency","type":"string","default":"EUR"},{"name":"customer","type":"string"}]}`
)

// Order1 and Order2 are what two versions of an application know.
type Order1 struct {
	ID int64 `avro:"id" json:"id"`
}

// Order2 knows one field more.
type Order2 struct {
	ID       int64  `avro:"id" json:"id"`
	Currency string `avro:"currency" json:"currency"`
}

// A client without anything in its caches.
func registry() schemaregistry.Client {
	return Must(schemaregistry.NewClient(schemaregistry.NewConfig(URL())))
}

func avro() {
	serialize := func(value any) []byte {
		config := avrov2.NewSerializerConfig()
		config.AutoRegisterSchemas = false
		config.UseLatestVersion = true
		return Must(Must(avrov2.NewSerializer(registry(), serde.ValueSerde, config)).Serialize("orders", value))
	}
	Equal("the first id", Must(registry().Register("orders-value", schemaregistry.SchemaInfo{Schema: avro1}, false)), 1)
	old := serialize(&Order1{ID: 7})
	Equal("it is in the record", SchemaID(old), 1)
	Equal("the second id", Must(registry().Register("orders-value", schemaregistry.SchemaInfo{Schema: avro2}, false)), 2)
	fresh := serialize(&Order2{ID: 8, Currency: "CHF"})

	config := avrov2.NewDeserializerConfig()
	config.UseLatestVersion = true
	deserializer := Must(avrov2.NewDeserializer(registry(), serde.ValueSerde, config))
	var order Order2
	Done(deserializer.DeserializeInto("orders", old, &order))
	Equal("old bytes with the new reader", order, Order2{ID: 7, Currency: "EUR"})
	Done(deserializer.DeserializeInto("orders", fresh, &order))
	Equal("new bytes", order, Order2{ID: 8, Currency: "CHF"})

	_, err := registry().Register("orders-value", schemaregistry.SchemaInfo{Schema: avroBreaking}, false)
	Refused("a field without a default", err, "40901", "READER_FIELD_MISSING_DEFAULT_VALUE", "'customer'", `subject "orders-value"`)
	automatic := Must(avrov2.NewSerializer(registry(), serde.ValueSerde, avrov2.NewSerializerConfig()))
	derived := Must(automatic.Serialize("derived", &Order1{ID: 1}))
	Equal("a schema derived from the type is registered", SchemaID(derived), 3)
}

func administration() {
	client := registry()
	info := schemaregistry.SchemaInfo{Schema: avro1}
	Equal("compatible", Must(client.TestSubjectCompatibility("orders-value", info)), true)
	Equal("incompatible", Must(client.TestCompatibility("orders-value", 2, schemaregistry.SchemaInfo{Schema: avroBreaking})), false)
	Equal("lookup", Must(client.GetID("orders-value", info, false)), 1)
	Equal("its version", Must(client.GetVersion("orders-value", info, false)), 1)
	_, err := client.GetID("orders-value", schemaregistry.SchemaInfo{Schema: avroBreaking}, false)
	Refused("unknown schema", err, "40403", "Schema not found")
	_, err = client.GetAllVersions("nobody")
	Refused("unknown subject", err, "40401", "Subject 'nobody' not found.")
	latest := Must(client.GetLatestSchemaMetadata("orders-value"))
	Equal("latest", []int{latest.ID, latest.Version}, []int{2, 2})
	byGUID := Must(registry().GetByGUID(latest.GUID))
	Equal("by guid", byGUID.Schema, latest.Schema)
	versions := Must(client.GetSubjectsAndVersionsByID(1))
	Equal("versions of an id", versions, []schemaregistry.SubjectAndVersion{{Subject: "orders-value", Version: 1}})
	Equal("subjects", Must(client.GetAllSubjects()), []string{"derived-value", "orders-value"})
	Equal("contexts", Must(client.GetAllContexts()), []string{"."})
	Equal("default level", Must(client.GetDefaultCompatibility()), schemaregistry.Compatibility(schemaregistry.Backward))
	Equal("a level of its own", Must(client.UpdateCompatibility("orders-value", schemaregistry.None)), schemaregistry.Compatibility(schemaregistry.None))
	Equal("is kept", Must(client.GetCompatibility("orders-value")), schemaregistry.Compatibility(schemaregistry.None))
	Equal("NONE takes all", Must(client.Register("orders-value", schemaregistry.SchemaInfo{Schema: avroBreaking}, false)), 4)
	Equal("delete one", Must(client.DeleteSubjectVersion("orders-value", 3, false)), 3)
	Equal("delete all", Must(client.DeleteSubject("derived-value", false)), []int{1})
	Equal("for good", Must(client.DeleteSubject("derived-value", true)), []int{1})
}

func jsonSchema() {
	serialize := func(value any) []byte {
		config := jsonschema.NewSerializerConfig()
		config.AutoRegisterSchemas = false
		config.UseLatestVersion = true
		config.EnableValidation = true
		return Must(Must(jsonschema.NewSerializer(registry(), serde.ValueSerde, config)).Serialize("json", value))
	}
	order := func(properties map[string]any, required ...string) schemaregistry.SchemaInfo {
		schema := map[string]any{"title": "Order", "type": "object", "properties": properties, "additionalProperties": false}
		if required != nil {
			schema["required"] = required
		}
		return schemaregistry.SchemaInfo{Schema: string(Must(json.Marshal(schema))), SchemaType: "JSON"}
	}
	integer, text := map[string]string{"type": "integer"}, map[string]string{"type": "string"}
	Must(registry().Register("json-value", order(map[string]any{"id": integer}), false))
	old := serialize(&Order1{ID: 7})
	Must(registry().Register("json-value", order(map[string]any{"id": integer, "currency": text}), false))
	var read Order2
	deserializer := Must(jsonschema.NewDeserializer(registry(), serde.ValueSerde, jsonschema.NewDeserializerConfig()))
	Done(deserializer.DeserializeInto("json", old, &read))
	Equal("old JSON", read, Order2{ID: 7})
	_, err := registry().Register("json-value", order(map[string]any{"id": integer, "currency": text, "x": text}, "x"), false)
	Refused("a new required property", err, "40901", "REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL")
	Must(registry().Register("customer.json", order(map[string]any{"name": text}), false))
	invoice := order(map[string]any{"customer": map[string]string{"$ref": "customer.json"}})
	invoice.References = []schemaregistry.Reference{{Name: "customer.json", Subject: "customer.json", Version: 1}}
	Must(registry().Register("invoices-value", invoice, false))
	Equal("references are kept", Must(registry().GetLatestSchemaMetadata("invoices-value")).References, invoice.References)
}

func protobufMessages() {
	v1 := messages(orderFile(idField))
	v2 := messages(orderFile(idField, currencyField))
	changed := messages(orderFile(changedField))
	old := Must(serializeProtobuf("proto", v1.filled("Order", "id", int64(7))))
	fresh := Must(serializeProtobuf("proto", v2.filled("Order", "id", int64(8), "currency", "CHF")))
	Equal("two versions", Must(registry().GetAllVersions("proto-value")), []int{1, 2})
	read := v2.deserialize("proto", old)
	Equal("old Protobuf bytes with the new reader", []any{get(read, "id"), get(read, "currency")}, []any{int64(7), ""})
	Equal("new Protobuf bytes", get(v2.deserialize("proto", fresh), "currency"), any("CHF"))
	_, err := serializeProtobuf("proto", changed.filled("Order", "id", "x"))
	Refused("another wire type", err, "40901", "FIELD_SCALAR_KIND_CHANGED")

	whole := messages(moneyFile, invoiceFile)
	money := whole.filled("Money", "units", int64(5))
	written := Must(serializeProtobuf("bills", whole.filled("Invoice", "id", int64(1), "total", money)))
	total := get(whole.deserialize("bills", written), "total")
	Equal("with an imported file", get(total.(protoreflect.Message).Interface(), "units"), any(int64(5)))
	Equal("the import is a subject", Must(registry().GetAllVersions("money.proto")), []int{1})
}

func metadataAndRules() {
	rule := schemaregistry.Rule{Name: "short", Kind: "CONDITION", Mode: "WRITE", Type: "CEL", Expr: "size(message.name) < 6"}
	info := schemaregistry.SchemaInfo{
		Schema:   avro1,
		Metadata: &schemaregistry.Metadata{Properties: map[string]string{"owner": "ada"}},
		RuleSet:  &schemaregistry.RuleSet{DomainRules: []schemaregistry.Rule{rule}},
	}
	Must(registry().Register("owned-value", info, false))
	stored := Must(registry().GetLatestWithMetadata("owned-value", map[string]string{"owner": "ada"}, false))
	Equal("found by its metadata", stored.Version, 1)
	Equal("the rule comes back", stored.RuleSet.DomainRules, []schemaregistry.Rule{rule})
	config := Must(registry().UpdateConfig("owned-value", schemaregistry.ServerConfig{CompatibilityGroup: "major"}))
	Equal("a compatibility group", config.CompatibilityGroup, "major")
}

func main() {
	if OnlyPolicies() {
		policies()
		return
	}
	avro()
	administration()
	jsonSchema()
	protobufMessages()
	metadataAndRules()
}
