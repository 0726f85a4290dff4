"""Protobuf messages without a compiler: each version of a file in a pool of its own."""

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, timestamp_pb2

Field = descriptor_pb2.FieldDescriptorProto


def message(name, *fields, nested=()):
    """A message; a field is (name, number, type), where a type that is a text names another message."""
    made = descriptor_pb2.DescriptorProto(name=name)
    for field_name, number, kind in fields:
        field = made.field.add(name=field_name, number=number, label=Field.LABEL_OPTIONAL)
        if isinstance(kind, str):
            field.type = Field.TYPE_MESSAGE
            field.type_name = kind
        else:
            field.type = kind
    made.nested_type.extend(nested)
    return made


def file(name, *messages, package="acme", imports=()):
    """A proto3 file."""
    return descriptor_pb2.FileDescriptorProto(
        name=name, package=package, syntax="proto3", message_type=messages, dependency=imports
    )


def classes(*files):
    """The message classes of some files, by full name; imported files come first."""
    pool = descriptor_pool.DescriptorPool()
    timestamp = descriptor_pb2.FileDescriptorProto()
    timestamp_pb2.DESCRIPTOR.CopyToProto(timestamp)
    pool.Add(timestamp)
    for one in files:
        pool.Add(one)
    return message_factory.GetMessageClassesForFiles([one.name for one in files], pool)


def nested_class(outer, name):
    """The class of a message inside another one."""
    return message_factory.GetMessageClass(outer.DESCRIPTOR.nested_types_by_name[name])
