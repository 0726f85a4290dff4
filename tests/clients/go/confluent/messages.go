package main

import (
	"github.com/confluentinc/confluent-kafka-go/v2/schemaregistry/serde"
	"github.com/confluentinc/confluent-kafka-go/v2/schemaregistry/serde/protobuf"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"

	. "concord.test/clients/checking"
)

// Protobuf messages without a compiler: each version of a file in a registry of its own.
type known map[string]protoreflect.MessageDescriptor

var (
	idField       = field("id", 1, descriptorpb.FieldDescriptorProto_TYPE_INT64)
	currencyField = field("currency", 2, descriptorpb.FieldDescriptorProto_TYPE_STRING)
	changedField  = field("id", 1, descriptorpb.FieldDescriptorProto_TYPE_STRING)
	moneyFile     = file("money.proto", nil, message("Money", field("units", 1, descriptorpb.FieldDescriptorProto_TYPE_INT64)))
	invoiceFile   = file("invoice.proto", []string{"money.proto"}, message("First", idField), message("Invoice", idField, totalField()))
)

func field(name string, number int32, kind descriptorpb.FieldDescriptorProto_Type) *descriptorpb.FieldDescriptorProto {
	return &descriptorpb.FieldDescriptorProto{
		Name: &name, JsonName: &name, Number: &number, Type: &kind,
		Label: descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL.Enum(),
	}
}

func totalField() *descriptorpb.FieldDescriptorProto {
	total := field("total", 2, descriptorpb.FieldDescriptorProto_TYPE_MESSAGE)
	total.TypeName = proto.String(".acme.Money")
	return total
}

func message(name string, fields ...*descriptorpb.FieldDescriptorProto) *descriptorpb.DescriptorProto {
	return &descriptorpb.DescriptorProto{Name: &name, Field: fields}
}

func file(name string, imports []string, messages ...*descriptorpb.DescriptorProto) *descriptorpb.FileDescriptorProto {
	return &descriptorpb.FileDescriptorProto{
		Name: &name, Package: proto.String("acme"), Syntax: proto.String("proto3"), Dependency: imports, MessageType: messages,
	}
}

func orderFile(fields ...*descriptorpb.FieldDescriptorProto) *descriptorpb.FileDescriptorProto {
	return file("order.proto", nil, message("Order", fields...))
}

func messages(files ...*descriptorpb.FileDescriptorProto) known {
	found := known{}
	made := Must(protodesc.NewFiles(&descriptorpb.FileDescriptorSet{File: files}))
	made.RangeFiles(func(one protoreflect.FileDescriptor) bool {
		for at := range one.Messages().Len() {
			found[string(one.Messages().Get(at).Name())] = one.Messages().Get(at)
		}
		return true
	})
	return found
}

// A message with some of its fields set: names and values in turn.
func (k known) filled(name string, pairs ...any) proto.Message {
	made := dynamicpb.NewMessage(k[name])
	for at := 0; at < len(pairs); at += 2 {
		value := pairs[at+1]
		if inner, ok := value.(proto.Message); ok {
			value = inner.ProtoReflect()
		}
		made.Set(k[name].Fields().ByName(protoreflect.Name(pairs[at].(string))), protoreflect.ValueOf(value))
	}
	return made
}

func (k known) deserialize(topic string, record []byte) proto.Message {
	deserializer := Must(protobuf.NewDeserializer(registry(), serde.ValueSerde, protobuf.NewDeserializerConfig()))
	for _, one := range k {
		Done(deserializer.ProtoRegistry.RegisterMessage(dynamicpb.NewMessageType(one)))
	}
	return Must(deserializer.Deserialize(topic, record)).(proto.Message)
}

func serializeProtobuf(topic string, value proto.Message) ([]byte, error) {
	return Must(protobuf.NewSerializer(registry(), serde.ValueSerde, protobuf.NewSerializerConfig())).Serialize(topic, value)
}

func get(value proto.Message, name string) any {
	reflected := value.ProtoReflect()
	return reflected.Get(reflected.Descriptor().Fields().ByName(protoreflect.Name(name))).Interface()
}
