//! Reads what is to be bound to a topic, and what is asked of its associations (`protocol.md` section 7.10).

use registry_core::{
    AssociationFilter, AssociationMutation, AssociationOp, AssociationRequest, AssociationWish,
    Lifecycle, SentResource, Submission,
};

use super::{BadBody, FromBody, Reader};

const LIFECYCLES: [(&str, Lifecycle); 2] =
    [("STRONG", Lifecycle::Strong), ("WEAK", Lifecycle::Weak)];

/// The elements of a batch.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Batch<T>(pub Vec<T>);

/// A topic whose associations are asked for, and which of them.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct AssociationQuery {
    /// The topic, by id or by name.
    pub resource: SentResource,
    /// Which of its associations.
    pub filter: AssociationFilter,
}

/// What an element of a batch of changes does.
#[derive(Debug, Clone, Copy)]
enum OpType {
    Create,
    Upsert,
    Delete,
}

const OP_TYPES: [(&str, OpType); 3] = [
    ("CREATE", OpType::Create),
    ("UPSERT", OpType::Upsert),
    ("DELETE", OpType::Delete),
];

impl<T: FromBody> FromBody for Batch<T> {
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, BadBody> {
        let mut read = Self(Vec::new());
        let is_there = reader.object(|reader, name| {
            match name {
                "requests" => read.0 = reader.list(T::read)?.unwrap_or_default(),
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        Ok(is_there.then_some(read))
    }
}

impl FromBody for AssociationRequest {
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, BadBody> {
        let mut read = Self::default();
        let is_there = reader.object(|reader, name| {
            match name {
                "associations" => {
                    read.wishes = reader.list(AssociationWish::read)?.unwrap_or_default()
                }
                _ => read_resource(&mut read.resource, reader, name)?,
            }
            Ok(())
        })?;
        Ok(is_there.then_some(read))
    }
}

impl FromBody for AssociationMutation {
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, BadBody> {
        let mut read = Self::default();
        let is_there = reader.object(|reader, name| {
            match name {
                "associations" => read.ops = reader.list(AssociationOp::read)?.unwrap_or_default(),
                _ => read_resource(&mut read.resource, reader, name)?,
            }
            Ok(())
        })?;
        Ok(is_there.then_some(read))
    }
}

impl FromBody for AssociationQuery {
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, BadBody> {
        let mut read = Self::default();
        let is_there = reader.object(|reader, name| {
            match name {
                "associationTypes" => {
                    read.filter.types = reader.list(Reader::text)?.unwrap_or_default()
                }
                "lifecycle" => {
                    read.filter.lifecycles = reader.choice(&LIFECYCLES)?.into_iter().collect()
                }
                _ => read_resource(&mut read.resource, reader, name)?,
            }
            Ok(())
        })?;
        read.filter.resource_type = read.resource.resource_type.clone();
        Ok(is_there.then_some(read))
    }
}

fn read_resource(
    resource: &mut SentResource,
    reader: &mut Reader<'_>,
    name: &str,
) -> Result<(), BadBody> {
    match name {
        "resourceName" => resource.name = reader.text()?,
        "resourceNamespace" => resource.namespace = reader.text()?,
        "resourceId" => resource.id = reader.text()?,
        "resourceType" => resource.resource_type = reader.text()?,
        _ => reader.skip()?,
    }
    Ok(())
}

impl FromBody for AssociationWish {
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, BadBody> {
        let mut read = Self::default();
        let is_there = reader.object(|reader, name| read_wish(&mut read, reader, name))?;
        Ok(is_there.then_some(read))
    }
}

fn read_wish(
    wish: &mut AssociationWish,
    reader: &mut Reader<'_>,
    name: &str,
) -> Result<(), BadBody> {
    match name {
        "subject" => wish.subject = reader.text()?,
        "associationType" => wish.association_type = reader.text()?,
        "lifecycle" => wish.lifecycle = reader.choice(&LIFECYCLES)?,
        "frozen" => wish.frozen = reader.boolean()?,
        "schema" => wish.schema = Submission::read(reader)?,
        "normalize" => wish.normalize = reader.boolean()?.unwrap_or(false),
        _ => reader.skip()?,
    }
    Ok(())
}

impl FromBody for AssociationOp {
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, BadBody> {
        let place = reader.place();
        let (mut op_type, mut cascade) = (None, false);
        let mut wish = AssociationWish::default();
        let is_there = reader.object(|reader, name| {
            match name {
                "opType" => op_type = reader.choice(&OP_TYPES)?,
                "cascadeLifecycle" => cascade = reader.boolean()?.unwrap_or(false),
                _ => read_wish(&mut wish, reader, name)?,
            }
            Ok(())
        })?;
        if !is_there {
            return Ok(None);
        }
        Ok(Some(match op_type {
            Some(OpType::Create) => Self::Create(wish),
            Some(OpType::Upsert) => Self::Upsert(wish),
            Some(OpType::Delete) => Self::Delete {
                association_type: wish.association_type,
                cascade,
            },
            None => return Err(reader.bad_at(place, "opType is missing")),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::body::required;

    #[test]
    fn every_member_of_a_binding_is_read() {
        let request: AssociationRequest = required(
            br#"{"resourceName":"o","resourceNamespace":"ns","resourceId":7,"resourceType":null,"extra":{},
                 "associations":[{"subject":"s","associationType":"key","lifecycle":"WEAK","frozen":"false",
                                  "schema":{"schema":"x"},"normalize":true},{}]}"#,
            "x",
        )
        .expect("readable");
        let resource = SentResource {
            name: Some("o".to_owned()),
            namespace: Some("ns".to_owned()),
            id: Some("7".to_owned()),
            resource_type: None,
        };
        let wish = AssociationWish {
            subject: Some("s".to_owned()),
            association_type: Some("key".to_owned()),
            lifecycle: Some(Lifecycle::Weak),
            frozen: Some(false),
            schema: Some(Submission {
                text: Some("x".to_owned()),
                ..Submission::default()
            }),
            normalize: true,
        };
        assert_eq!(request.resource, resource);
        assert_eq!(request.wishes, [wish, AssociationWish::default()]);
    }

    #[test]
    fn an_operation_says_what_it_does_and_an_unknown_one_is_a_bad_request() {
        let batch: Batch<AssociationMutation> = required(
            br#"{"requests":[{"associations":[{"associationType":"key","opType":"DELETE","cascadeLifecycle":true},
                                              {"opType":"UPSERT","subject":"s"}]}]}"#,
            "x",
        )
        .expect("readable");
        let delete = AssociationOp::Delete {
            association_type: Some("key".to_owned()),
            cascade: true,
        };
        let upsert = AssociationOp::Upsert(AssociationWish {
            subject: Some("s".to_owned()),
            ..AssociationWish::default()
        });
        assert_eq!(batch.0[0].ops, [delete, upsert]);
        for op in ["{}", r#"{"opType":"create"}"#, "1"] {
            let body = format!(r#"{{"requests":[{{"associations":[{op}]}}]}}"#);
            let read = required::<Batch<AssociationMutation>>(body.as_bytes(), "x");
            assert_eq!(read.expect_err(op).code(), 400, "{op}");
        }
    }
}
