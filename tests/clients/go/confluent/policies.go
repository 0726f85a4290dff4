package main

import (
	"github.com/confluentinc/confluent-kafka-go/v2/schemaregistry"
	"github.com/confluentinc/confluent-kafka-go/v2/schemaregistry/serde"
	"github.com/confluentinc/confluent-kafka-go/v2/schemaregistry/serde/avrov2"

	. "concord.test/clients/checking"
)

// Payment becomes a schema whose field has no text.
type Payment struct {
	Amount int64 `avro:"amount" json:"amount"`
}

// The registry demands text of every field, and warns of names in another style.
func policies() {
	demanded := []string{"422", "DOC002", "doc-field-required", `"amount"`, `say in "doc" what it means`}
	silent := schemaregistry.SchemaInfo{Schema: `{"type":"record","name":"Order","fields":[{"name":"amount","type":"long"}]}`}
	_, err := registry().Register("orders-value", silent, false)
	Refused("a registration", err, append(demanded, `"orders-value"`)...)
	automatic := Must(avrov2.NewSerializer(registry(), serde.ValueSerde, avrov2.NewSerializerConfig()))
	_, err = automatic.Serialize("payments", &Payment{Amount: 1})
	Refused("a serializer that registers", err, append(demanded, `"payments-value"`)...)

	warned := schemaregistry.SchemaInfo{Schema: `{"type":"record","name":"Order","fields":[{"name":"orderId","type":"long","doc":"Its number."}]}`}
	Equal("what is warned of is registered", Must(registry().Register("orders-value", warned, false)), 1)
	Equal("and registered again", Must(registry().Register("orders-value", warned, false)), 1)
	Equal("and read", Must(registry().GetBySubjectAndID("orders-value", 1)).Schema, warned.Schema)
}
