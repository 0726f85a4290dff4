//! Whether a default can be a value of its field's type (`avro.md` section 3.4).
//!
//! The reference looks twice. When it reads the field, a name without a definition counts as a record without fields.
//! When the text is finished, everything is defined, but a record whose own fields are not complete must not be
//! looked into. Both looks count.

use crate::value::{Kind, Number, Value};
use crate::{Budget, InvalidSchema};

use super::super::graph::{Field, Graph, Node, Primitive, Record, TypeId, Use};
use super::super::print;
use super::{Parser, quoted};

/// One look at defaults.
struct Look<'g> {
    graph: &'g Graph,
    budget: &'g mut Budget,
    known: Known,
}

/// What of the text is known at the time of a look.
enum Known {
    /// What was defined when the use was read.
    AsRead,
    /// Everything, but of the records of this text, which begin at a node, only these are complete.
    Completed { first: usize, records: Vec<bool> },
}

/// Why a look failed, other than that the value does not fit.
enum Refusal {
    FieldsNotSet,
    TooExpensive,
}

impl Parser {
    /// The look when the field is read.
    pub(super) fn check_default(&mut self, field: &Field) -> Result<(), InvalidSchema> {
        Look {
            graph: &self.graph,
            budget: &mut self.budget,
            known: Known::AsRead,
        }
        .check(field)
    }

    /// The look at the end of the text, in the order in which the records became complete.
    pub(super) fn check_defaults_again(&mut self) -> Result<(), InvalidSchema> {
        let first = self.text.first_node;
        let mut look = Look {
            graph: &self.graph,
            budget: &mut self.budget,
            known: Known::Completed {
                first,
                records: vec![false; self.graph.len() - first],
            },
        };
        for id in &self.text.records {
            let Node::Record(record) = &self.graph[*id] else {
                continue;
            };
            for field in &record.fields {
                look.check(field)?;
            }
            look.known.complete(*id);
        }
        Ok(())
    }
}

impl Known {
    fn complete(&mut self, id: TypeId) {
        if let Self::Completed { first, records } = self
            && let Some(position) = (id.0 as usize).checked_sub(*first)
        {
            records[position] = true;
        }
    }

    fn may_look_into(&self, id: TypeId) -> bool {
        match self {
            Self::AsRead => true,
            Self::Completed { first, records } => match (id.0 as usize).checked_sub(*first) {
                Some(position) => records[position],
                None => true,
            },
        }
    }
}

impl<'g> Look<'g> {
    fn check(&mut self, field: &Field) -> Result<(), InvalidSchema> {
        let Some(default) = &field.default else {
            return Ok(());
        };
        let reason = match self.fits(default, field.r#type) {
            Ok(true) => return Ok(()),
            Ok(false) => self.misfit(field, default),
            Err(Refusal::FieldsNotSet) => "Schema fields not set yet".to_owned(),
            Err(Refusal::TooExpensive) => "checking the defaults takes too many steps".to_owned(),
        };
        // A field without a place is in an imported text.
        Err(match field.place {
            Some(_) => InvalidSchema::at(default.place, reason),
            None => InvalidSchema::new(reason),
        })
    }

    fn misfit(&self, field: &Field, default: &Value) -> String {
        let r#type = print::fragment(self.graph, field.r#type.id);
        format!(
            "Invalid default for field {}: {} not a {}",
            field.name,
            quoted(&default.to_text(super::STYLE)),
            quoted(&r#type)
        )
    }

    fn fits(&mut self, value: &Value, r#type: Use) -> Result<bool, Refusal> {
        self.budget.spend().map_err(|_| Refusal::TooExpensive)?;
        if r#type.forward && matches!(self.known, Known::AsRead) {
            return Ok(value.as_object().is_some());
        }
        let graph = self.graph;
        match (&graph[r#type.id], &value.kind) {
            (Node::Primitive(primitive, _), _) => Ok(fits_primitive(value, *primitive)),
            (Node::Enum(_) | Node::Fixed(_), Kind::String(_)) => Ok(true),
            (Node::Array(items, _), Kind::Array(values)) => {
                self.all_fit(values.iter().map(|value| (value, *items)))
            }
            (Node::Map(values, _), Kind::Object(object)) => {
                let members = object.members().iter();
                self.all_fit(members.map(|member| (&member.value, *values)))
            }
            (Node::Union(branches), _) => self.fits_any(value, branches),
            (Node::Record(record), Kind::Object(object)) => {
                if !self.known.may_look_into(r#type.id) {
                    return Err(Refusal::FieldsNotSet);
                }
                let stated = |field: &&'g Field| object.get(&field.name).is_some();
                let missing = |field: &&'g Field| field.default.is_none() && !stated(field);
                self.spend_on(record)?;
                if record.fields.iter().any(|field| missing(&field)) {
                    return Ok(false);
                }
                // A field that is not stated has a default of its own, which was checked when it was read.
                let fields = record.fields.iter();
                self.all_fit(
                    fields.filter_map(|field| Some((object.get(&field.name)?, field.r#type))),
                )
            }
            _ => Ok(false),
        }
    }

    fn spend_on(&mut self, record: &Record) -> Result<(), Refusal> {
        let fields = u64::try_from(record.fields.len()).unwrap_or(u64::MAX);
        self.budget
            .spend_many(fields)
            .map_err(|_| Refusal::TooExpensive)
    }

    fn fits_any(&mut self, value: &Value, branches: &[Use]) -> Result<bool, Refusal> {
        for branch in branches {
            if self.fits(value, *branch)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn all_fit<'v>(
        &mut self,
        values: impl Iterator<Item = (&'v Value, Use)>,
    ) -> Result<bool, Refusal> {
        for (value, r#type) in values {
            if !self.fits(value, r#type)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn fits_primitive(value: &Value, primitive: Primitive) -> bool {
    let integer = || value.as_number().and_then(Number::as_i64);
    match primitive {
        Primitive::Null => value.is_null(),
        Primitive::Boolean => matches!(value.kind, Kind::Boolean(_)),
        Primitive::Int => integer().is_some_and(|number| i32::try_from(number).is_ok()),
        Primitive::Long => integer().is_some(),
        Primitive::Float | Primitive::Double => value.as_number().is_some(),
        Primitive::Bytes | Primitive::String => value.as_str().is_some(),
    }
}
