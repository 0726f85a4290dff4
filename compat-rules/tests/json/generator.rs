//! Random schemas, random changes of them, and random documents, the same on every machine.

use serde_json::{Map, Value, json};

/// A source of numbers that looks random (xorshift).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits fit") % bound
    }

    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<'t, T>(&mut self, from: &'t [T]) -> &'t T {
        &from[self.below(from.len())]
    }
}

const NAMES: [&str; 5] = ["a", "b", "c", "x-d", "e"];
const WORDS: [&str; 6] = ["", "a", "bb", "ccc", "dddd", "x-long-word"];

/// A schema of draft-07, or of 2020-12.
pub(crate) fn schema(random: &mut Random, modern: bool) -> Value {
    let mut root = node(random, 3, modern);
    if random.chance(40) {
        let definitions = if modern { "$defs" } else { "definitions" };
        root[definitions] = json!({"t": node(random, 1, modern)});
        if let Some(properties) = root.get_mut("properties").and_then(Value::as_object_mut) {
            properties.insert(
                "t".to_owned(),
                json!({"$ref": format!("#/{definitions}/t")}),
            );
        }
    }
    if modern {
        root["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    }
    root
}

fn node(random: &mut Random, depth: usize, modern: bool) -> Value {
    let kinds = if depth == 0 { 6 } else { 11 };
    match random.below(kinds) {
        0 => strings(random),
        1 | 2 => numbers(random),
        3 => json!({"type": *random.pick(&["boolean", "null"])}),
        4 => json!({"enum": [*random.pick(&WORDS), random.below(3), null]}),
        5 => json!({"type": [*random.pick(&["string", "integer"]), "null"]}),
        6 | 7 => objects(random, depth - 1, modern),
        8 => arrays(random, depth - 1, modern),
        9 => {
            let keyword = *random.pick(&["oneOf", "anyOf", "allOf"]);
            let members: Vec<Value> = (0..1 + random.below(3))
                .map(|_| node(random, depth - 1, modern))
                .collect();
            json!({keyword: members})
        }
        _ => rare(random, depth - 1, modern),
    }
}

/// Keywords that the comparison looks at in part, or not at all.
fn rare(random: &mut Random, depth: usize, modern: bool) -> Value {
    match random.below(6) {
        0 => json!({"not": node(random, depth, modern)}),
        1 => json!({"if": node(random, depth, modern), "then": node(random, depth, modern)}),
        2 => json!({"type": "array", "contains": node(random, depth, modern)}),
        3 => json!({"type": "object", "propertyNames": {"maxLength": random.below(4)}}),
        4 => json!({"const": *random.pick(&WORDS)}),
        _ => json!({}),
    }
}

fn strings(random: &mut Random) -> Value {
    let mut schema = json!({"type": "string"});
    limit(random, &mut schema, "minLength", 3);
    limit(random, &mut schema, "maxLength", 6);
    if random.chance(15) {
        schema["pattern"] = json!(*random.pick(&["^a", "b", "^x-"]));
    }
    schema
}

fn numbers(random: &mut Random) -> Value {
    let mut schema = json!({"type": *random.pick(&["integer", "number"])});
    for keyword in ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"] {
        limit(random, &mut schema, keyword, 8);
    }
    if random.chance(15) {
        schema["multipleOf"] = json!(*random.pick(&[1, 2, 3, 4, 6]));
    }
    schema
}

fn objects(random: &mut Random, depth: usize, modern: bool) -> Value {
    let mut properties = Map::new();
    for name in NAMES {
        if random.chance(40) {
            properties.insert(name.to_owned(), node(random, depth, modern));
        }
    }
    let mut schema = json!({"type": "object", "properties": properties});
    if random.chance(30) {
        schema["required"] = json!([*random.pick(&NAMES)]);
    }
    match random.below(6) {
        0 | 1 => schema["additionalProperties"] = json!(false),
        2 => schema["additionalProperties"] = node(random, 0, modern),
        3 => schema["patternProperties"] = json!({"^x-": node(random, 0, modern)}),
        _ => {}
    }
    if random.chance(10) {
        let keyword = if modern {
            "dependentRequired"
        } else {
            "dependencies"
        };
        schema[keyword] = json!({*random.pick(&NAMES): [*random.pick(&NAMES)]});
    }
    limit(random, &mut schema, "minProperties", 2);
    limit(random, &mut schema, "maxProperties", 5);
    schema
}

fn arrays(random: &mut Random, depth: usize, modern: bool) -> Value {
    let mut schema = json!({"type": "array"});
    let (tuple, rest) = if modern {
        ("prefixItems", "items")
    } else {
        ("items", "additionalItems")
    };
    if random.chance(50) {
        schema["items"] = node(random, depth, modern);
    } else {
        let items: Vec<Value> = (0..1 + random.below(2))
            .map(|_| node(random, depth, modern))
            .collect();
        schema[tuple] = json!(items);
        match random.below(3) {
            0 => schema[rest] = json!(false),
            1 => schema[rest] = node(random, 0, modern),
            _ => {}
        }
    }
    limit(random, &mut schema, "minItems", 2);
    limit(random, &mut schema, "maxItems", 4);
    if random.chance(10) {
        schema["uniqueItems"] = json!(true);
    }
    schema
}

fn limit(random: &mut Random, schema: &mut Value, keyword: &str, bound: usize) {
    if random.chance(20) {
        schema[keyword] = json!(random.below(bound));
    }
}

/// The same schema after one to three small changes.
pub(crate) fn changed(random: &mut Random, schema: &Value, modern: bool) -> Value {
    let mut changed = schema.clone();
    for _ in 0..1 + random.below(3) {
        let places = count(&changed);
        let mut place = random.below(places);
        change(random, &mut changed, &mut place, modern);
    }
    changed
}

fn count(value: &Value) -> usize {
    match value {
        Value::Object(object) => 1 + object.values().map(count).sum::<usize>(),
        Value::Array(items) => items.iter().map(count).sum(),
        _ => 0,
    }
}

/// Changes the object at which the count arrives.
fn change(random: &mut Random, value: &mut Value, place: &mut usize, modern: bool) -> bool {
    match value {
        Value::Object(object) => {
            if *place == 0 {
                change_here(random, object, modern);
                return true;
            }
            *place -= 1;
            object
                .values_mut()
                .any(|inner| change(random, inner, place, modern))
        }
        Value::Array(items) => items
            .iter_mut()
            .any(|inner| change(random, inner, place, modern)),
        _ => false,
    }
}

fn change_here(random: &mut Random, object: &mut Map<String, Value>, modern: bool) {
    let keys: Vec<String> = object.keys().cloned().collect();
    match random.below(5) {
        // Something is dropped.
        0 => {
            if !keys.is_empty() {
                let key = random.pick(&keys).clone();
                if key != "$schema" && key != "$ref" {
                    object.remove(&key);
                }
            }
        }
        // A number moves.
        1 | 2 => {
            for key in keys {
                if let Some(number) = object[&key].as_u64() {
                    let moved = if random.chance(50) {
                        number + 1
                    } else {
                        number.saturating_sub(1)
                    };
                    // Zero divides nothing, and is refused.
                    let least = u64::from(key == "multipleOf");
                    object.insert(key, json!(moved.max(least)));
                }
            }
        }
        // A name becomes required, mostly with a default for those that do not have it.
        3 if object.contains_key("properties") && random.chance(30) => {
            let name = *random.pick(&NAMES);
            match object.get_mut("properties") {
                Some(Value::Object(properties)) if random.chance(70) => {
                    properties.insert(name.to_owned(), json!({"default": 1}));
                }
                _ => {}
            }
            object.insert("required".to_owned(), json!([name]));
        }
        3 => add_something(random, object, modern),
        // What a pattern stands for changes.
        4 if object.contains_key("patternProperties") => {
            object["patternProperties"]["^x-"] = node(random, 0, modern);
        }
        // A type changes.
        _ => match object.get("type").and_then(Value::as_str) {
            Some("integer") => drop(object.insert("type".to_owned(), json!("number"))),
            Some("string") => drop(object.insert("type".to_owned(), json!(["string", "null"]))),
            Some("object") => drop(object.insert("additionalProperties".to_owned(), json!(true))),
            _ => {}
        },
    }
}

fn add_something(random: &mut Random, object: &mut Map<String, Value>, modern: bool) {
    if let Some(properties) = object.get_mut("properties").and_then(Value::as_object_mut) {
        let name = *random.pick(&NAMES);
        properties.insert(name.to_owned(), node(random, 1, modern));
    } else if let Some(members) = ["oneOf", "anyOf", "allOf", "enum"]
        .into_iter()
        .find(|keyword| object.contains_key(*keyword))
    {
        let member = if members == "enum" {
            json!("new")
        } else {
            node(random, 0, modern)
        };
        if let Some(list) = object[members].as_array_mut() {
            list.push(member);
        }
    }
}

/// A document that a schema may or may not allow: it goes along the keywords, but not always.
pub(crate) fn document(random: &mut Random, schema: &Value, root: &Value, depth: usize) -> Value {
    let object = match schema.as_object() {
        Some(object) if depth > 0 && random.chance(92) => object,
        _ => return anything(random),
    };
    if let Some(pointer) = object.get("$ref").and_then(Value::as_str) {
        let target = root.pointer(&pointer[1..]).unwrap_or(&Value::Null);
        return document(random, target, root, depth - 1);
    }
    if let Some(values) = object.get("enum").and_then(Value::as_array) {
        return values[random.below(values.len())].clone();
    }
    if let Some(value) = object.get("const") {
        return value.clone();
    }
    for keyword in ["oneOf", "anyOf", "allOf"] {
        if let Some(members) = object.get(keyword).and_then(Value::as_array) {
            if members.is_empty() {
                return anything(random);
            }
            let member = &members[random.below(members.len())];
            return document(random, member, root, depth - 1);
        }
    }
    let word = match object.get("type") {
        Some(Value::String(word)) => word.as_str(),
        Some(Value::Array(words)) => words[random.below(words.len())].as_str().unwrap_or("null"),
        _ => return anything(random),
    };
    match word {
        "string" => json!(*random.pick(&WORDS)),
        "integer" => json!(random.below(14)),
        "number" => json!(random.below(28) as f64 / 2.0),
        "boolean" => json!(random.chance(50)),
        "array" => array_document(random, object, root, depth - 1),
        "object" => object_document(random, object, root, depth - 1),
        _ => Value::Null,
    }
}

fn array_document(
    random: &mut Random,
    schema: &Map<String, Value>,
    root: &Value,
    depth: usize,
) -> Value {
    let tuple = ["prefixItems", "items"]
        .into_iter()
        .find_map(|keyword| schema.get(keyword)?.as_array());
    let any = json!({});
    let items: Vec<Value> = (0..random.below(5))
        .map(|index| {
            let listed = tuple.and_then(|items| items.get(index));
            let rest = schema.get("additionalItems").or(schema.get("items"));
            let item = listed
                .or(rest.filter(|rest| rest.is_object()))
                .unwrap_or(&any);
            document(random, item, root, depth)
        })
        .collect();
    json!(items)
}

fn object_document(
    random: &mut Random,
    schema: &Map<String, Value>,
    root: &Value,
    depth: usize,
) -> Value {
    let mut object = Map::new();
    let properties = schema.get("properties").and_then(Value::as_object);
    for name in NAMES.iter().chain(&["t", "x-more", "more"]) {
        let property = properties.and_then(|properties| properties.get(*name));
        let cover = schema
            .get("patternProperties")
            .and_then(|patterns| patterns.get("^x-"))
            .filter(|_| name.starts_with("x-"))
            .or(schema
                .get("additionalProperties")
                .filter(|rest| rest.is_object()));
        let any = json!({});
        let likely = if property.is_some() { 70 } else { 12 };
        if random.chance(likely) {
            let schema = property.or(cover).unwrap_or(&any);
            object.insert((*name).to_owned(), document(random, schema, root, depth));
        }
    }
    Value::Object(object)
}

fn anything(random: &mut Random) -> Value {
    match random.below(7) {
        0 => Value::Null,
        1 => json!(random.chance(50)),
        2 => json!(random.below(14)),
        3 => json!(random.below(28) as f64 / 2.0),
        4 => json!(*random.pick(&WORDS)),
        5 => json!([random.below(3), *random.pick(&WORDS)]),
        _ => json!({*random.pick(&NAMES): random.below(3)}),
    }
}
