//! Random edits, as people make them to schemas: most are small, some break something.

use super::dice::Dice;
use super::model::{Generator, PRIMITIVES, SYMBOLS, Type, default, may_join};

/// Edits one type somewhere in the schema.
pub(crate) fn edit(schema: &mut Type, dice: &mut Dice<'_>) {
    let count = schema.all().len();
    let mut target = dice.below(count.min(256));
    visit(schema, &mut target, &mut |r#type| change(r#type, dice));
    refresh_defaults(schema);
}

/// Gives every field that has a default one that fits its type as it is now.
fn refresh_defaults(r#type: &mut Type) {
    match r#type {
        Type::Array(inner) | Type::Map(inner) => refresh_defaults(inner),
        Type::Union(branches) => branches.iter_mut().for_each(refresh_defaults),
        Type::Record { fields, .. } => {
            for field in fields {
                refresh_defaults(&mut field.r#type);
                field.default = field.default.take().and_then(|_| default(&field.r#type));
            }
        }
        _ => {}
    }
}

/// Finds the type with that number, in the order of [`Type::all`].
fn visit(r#type: &mut Type, number: &mut usize, change: &mut impl FnMut(&mut Type)) -> bool {
    if *number == 0 {
        change(r#type);
        return true;
    }
    *number -= 1;
    match r#type {
        Type::Array(inner) | Type::Map(inner) => visit(inner, number, change),
        Type::Union(branches) => branches
            .iter_mut()
            .any(|branch| visit(branch, number, change)),
        Type::Record { fields, .. } => fields
            .iter_mut()
            .any(|field| visit(&mut field.r#type, number, change)),
        _ => false,
    }
}

fn change(r#type: &mut Type, dice: &mut Dice<'_>) {
    match r#type {
        Type::Primitive(word) if dice.sometimes(10) => *word = promoted(word, dice),
        Type::Record { .. } if dice.sometimes(14) => change_record(r#type, dice),
        Type::Union(branches) if dice.sometimes(12) => change_union(branches, dice),
        Type::Enum {
            symbols, default, ..
        } if dice.sometimes(12) => match dice.below(4) {
            0 => *symbols = SYMBOLS[..1 + dice.below(SYMBOLS.len())].to_vec(),
            1 => symbols.reverse(),
            2 => *default = !*default,
            _ => {
                let first = dice.below(symbols.len());
                *symbols = symbols[first..].to_vec();
            }
        },
        Type::Fixed { size, .. } if dice.sometimes(8) => *size = 1 + dice.below(4),
        Type::Union(_) => {}
        _ => wrap(r#type, dice),
    }
}

/// Often a type that the old one can be promoted to, sometimes any.
fn promoted(word: &'static str, dice: &mut Dice<'_>) -> &'static str {
    let targets: &[&'static str] = match word {
        "int" => &["long", "float", "double"],
        "long" => &["float", "double", "int"],
        "float" => &["double", "long"],
        "bytes" => &["string"],
        "string" => &["bytes"],
        _ => &PRIMITIVES,
    };
    match dice.sometimes(3) {
        true => dice.pick(&PRIMITIVES),
        false => dice.pick(targets),
    }
}

/// Makes a type nullable, or another one.
fn wrap(r#type: &mut Type, dice: &mut Dice<'_>) {
    let null = Type::Primitive("null");
    let old = std::mem::replace(r#type, null.clone());
    *r#type = match dice.below(4) {
        0 | 1 if old != null => Type::Union(vec![null, old]),
        2 if old != null => Type::Union(vec![old, null]),
        _ => Generator::new(dice, 100).r#type(1),
    };
}

fn change_union(branches: &mut Vec<Type>, dice: &mut Dice<'_>) {
    match dice.below(4) {
        0 => branches.reverse(),
        1 if branches.len() > 1 => {
            branches.remove(dice.below(branches.len()));
        }
        2 => {
            let branch = Generator::new(dice, 200).r#type(1);
            if may_join(branches, &branch) {
                branches.push(branch);
            }
        }
        _ => {
            if let Some(Type::Primitive(word)) = branches.last_mut() {
                let new = promoted(word, dice);
                let others = &branches[..branches.len() - 1];
                if may_join(others, &Type::Primitive(new)) {
                    let last = branches.len() - 1;
                    branches[last] = Type::Primitive(new);
                }
            }
        }
    }
}

fn change_record(record: &mut Type, dice: &mut Dice<'_>) {
    let Type::Record {
        name,
        aliases,
        fields,
    } = record
    else {
        return;
    };
    match dice.below(8) {
        0 | 1 => {
            let mut generator = Generator::new(dice, 300);
            let r#type = generator.r#type(1);
            let mut field = generator.field(format!("n{}", fields.len()), r#type);
            if dice.sometimes(8) {
                field.default = default(&field.r#type);
            }
            if fields.iter().all(|other| other.name != field.name) {
                fields.insert(dice.below(fields.len() + 1), field);
            }
        }
        2 | 3 if !fields.is_empty() => {
            fields.remove(dice.below(fields.len()));
        }
        4 => fields.reverse(),
        5 if !fields.is_empty() => {
            let position = dice.below(fields.len());
            let field = &mut fields[position];
            field.default = match field.default {
                Some(_) => None,
                None => default(&field.r#type),
            };
        }
        6 if !fields.is_empty() => {
            let position = dice.below(fields.len());
            let field = &mut fields[position];
            let old = std::mem::replace(&mut field.name, format!("r{position}"));
            if dice.sometimes(8) {
                field.aliases.push(old);
            }
        }
        _ => {
            let old = std::mem::replace(name, format!("{name}x"));
            if dice.sometimes(8) {
                aliases.push(old);
            }
        }
    }
}
