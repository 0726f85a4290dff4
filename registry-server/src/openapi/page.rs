//! Writes the page for people: every operation, its parameters, bodies and refusals, without a script and without
//! any other host.

use std::fmt::Write;
use std::sync::LazyLock;

use serde_json::Value;

use super::{DESCRIPTION, Description, Operation, Parameter};

/// The looks, a file of its own so that a strict policy for contents admits it.
pub const STYLE: &str = include_str!("style.css");

/// The text of the page.
pub static PAGE: LazyLock<String> = LazyLock::new(|| of(&DESCRIPTION));

const HEAD: &str = r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Concord: the protocol</title>
<link rel="stylesheet" href="docs/style.css">
</head>
<body>
"#;

fn of(description: &Description) -> String {
    let mut page = HEAD.to_owned();
    let parts = parts(description);
    page.push_str("<nav>\n<a class=\"title\" href=\"#top\">Concord</a>\n");
    for part in &parts {
        push(
            &mut page,
            format_args!("<a href=\"#{}\">{}</a>\n", anchor(part), Text(part)),
        );
    }
    page.push_str("<a href=\"#bodies\">Bodies</a>\n<a href=\"openapi.json\">openapi.json</a>\n</nav>\n<main id=\"top\">\n");
    push(
        &mut page,
        format_args!(
            "<h1>The protocol of Concord {}</h1>\n\
         <p>Any path may stand behind <code>/contexts/{{context}}</code>. A flag is set by <code>true</code>; anything else \
         means false. Answers are JSON, of the media type that the client accepts.</p>\n",
            env!("CARGO_PKG_VERSION")
        ),
    );
    page.push_str("<details>\n<summary>What any request may be refused with</summary>\n<table>\n");
    write_refusals(&mut page, description, &description.common);
    page.push_str("</table>\n</details>\n");
    for part in parts {
        push(
            &mut page,
            format_args!("<h2 id=\"{}\">{}</h2>\n", anchor(part), Text(part)),
        );
        let of_part = description.operations.iter();
        for operation in of_part.filter(|operation| operation.part == part) {
            write_operation(&mut page, description, operation);
        }
    }
    page.push_str("<h2 id=\"bodies\">Bodies</h2>\n");
    for (name, schema) in &description.schemas {
        write_schema(&mut page, name, schema);
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

/// The headings, in the order in which they first occur.
fn parts(description: &Description) -> Vec<&str> {
    let mut parts: Vec<&str> = Vec::new();
    for operation in &description.operations {
        if !parts.contains(&operation.part.as_str()) {
            parts.push(&operation.part);
        }
    }
    parts
}

fn write_operation(page: &mut String, description: &Description, operation: &Operation) {
    let (method, path) = (operation.method(), operation.path());
    push(
        page,
        format_args!(
            "<details id=\"{}\">\n<summary><b class=\"{method}\">{method}</b> <code>{}</code> <span>{}</span></summary>\n",
            anchor(&operation.route),
            Text(path),
            Text(&operation.summary)
        ),
    );
    if !operation.about.is_empty() {
        push(page, format_args!("<p>{}</p>\n", Prose(&operation.about)));
    }
    let in_path = operation
        .path_parameters()
        .filter_map(|name| Some((name, "path", description.parameters.path.get(name)?)));
    let in_query = operation.query.iter().filter_map(|name| {
        Some((
            name.as_str(),
            "query",
            description.parameters.query.get(name)?,
        ))
    });
    let parameters: Vec<_> = in_path.chain(in_query).collect();
    if !parameters.is_empty() {
        page.push_str("<table>\n");
        for (name, place, parameter) in parameters {
            write_parameter(page, name, place, parameter);
        }
        page.push_str("</table>\n");
    }
    if let Some(body) = &operation.body {
        push(page, format_args!("<p>Body: {}</p>\n", Link(body)));
    }
    page.push_str("<table>\n");
    push(
        page,
        format_args!("<tr><th class=\"good\">{}</th><td>", operation.status),
    );
    match &operation.answer {
        Some(answer) => push(page, format_args!("{}", Link(answer))),
        None => page.push_str("no body"),
    }
    page.push_str("</td></tr>\n");
    for (status, answer) in &operation.also {
        push(
            page,
            format_args!("<tr><th>{status}</th><td>{}</td></tr>\n", Link(answer)),
        );
    }
    write_refusals(page, description, &operation.refusals);
    page.push_str("</table>\n</details>\n");
}

fn write_refusals(page: &mut String, description: &Description, codes: &[u32]) {
    for code in codes {
        let meaning = Prose(description.meaning(*code));
        push(
            page,
            format_args!("<tr><th>{code}</th><td>{meaning}</td></tr>\n"),
        );
    }
}

fn write_parameter(page: &mut String, name: &str, place: &str, parameter: &Parameter) {
    push(
        page,
        format_args!(
            "<tr><th><code>{}</code></th><td>{place}, {}</td><td>{}</td></tr>\n",
            Text(parameter.name.as_deref().unwrap_or(name)),
            kind(&parameter.schema),
            Prose(&parameter.about)
        ),
    );
}

fn write_schema(page: &mut String, name: &str, schema: &Value) {
    push(
        page,
        format_args!(
            "<details id=\"body-{0}\">\n<summary><code>{0}</code> <span>{1}</span></summary>\n",
            Text(name),
            kind(schema)
        ),
    );
    if let Some(about) = schema.get("description").and_then(Value::as_str) {
        push(page, format_args!("<p>{}</p>\n", Prose(about)));
    }
    write_members(page, schema);
    for example in schema
        .get("examples")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let example = example.to_string();
        push(
            page,
            format_args!("<p>For instance <code>{}</code></p>\n", Text(&example)),
        );
    }
    page.push_str("</details>\n");
}

/// The members of an object, or of the objects in an array.
fn write_members(page: &mut String, schema: &Value) {
    if let Some(items) = schema.get("items") {
        return write_members(page, items);
    }
    let Some(members) = schema.get("properties").and_then(Value::as_object) else {
        return;
    };
    page.push_str("<table>\n");
    for (name, member) in members {
        let about = member
            .get("description")
            .and_then(Value::as_str)
            .unwrap_or_default();
        push(
            page,
            format_args!(
                "<tr><th><code>{}</code></th><td>{}</td><td>{}",
                Text(name),
                kind(member),
                Prose(about)
            ),
        );
        write_members(page, member);
        page.push_str("</td></tr>\n");
    }
    page.push_str("</table>\n");
}

/// What a schema admits, in a few words.
fn kind(schema: &Value) -> String {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        return Link(name.rsplit('/').next().unwrap_or_default()).to_string();
    }
    if let Some(choices) = schema.get("enum").and_then(Value::as_array) {
        let choices: Vec<String> = choices
            .iter()
            .map(|choice| match choice {
                Value::String(text) => format!("<code>{}</code>", Text(text)),
                other => other.to_string(),
            })
            .collect();
        return choices.join(" ");
    }
    if let Some(items) = schema.get("items") {
        return format!("array of {}", kind(items));
    }
    for several in ["anyOf", "oneOf"] {
        if let Some(several) = schema.get(several).and_then(Value::as_array) {
            return several.iter().map(kind).collect::<Vec<_>>().join(" or ");
        }
    }
    match schema.get("type") {
        Some(Value::String(name)) => name.clone(),
        Some(Value::Array(names)) => names
            .iter()
            .filter_map(Value::as_str)
            .collect::<Vec<_>>()
            .join(" or "),
        _ => "anything".to_owned(),
    }
}

/// A name for links within the page.
fn anchor(text: &str) -> String {
    let kept = text.chars().map(|character| {
        if character.is_ascii_alphanumeric() {
            character
        } else {
            '-'
        }
    });
    kept.collect()
}

fn push(page: &mut String, text: std::fmt::Arguments<'_>) {
    page.write_fmt(text)
        .expect("writing to a String never fails");
}

/// Text that means nothing to a browser.
struct Text<'t>(&'t str);

impl std::fmt::Display for Text<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for character in self.0.chars() {
            match character {
                '<' => out.write_str("&lt;")?,
                '>' => out.write_str("&gt;")?,
                '&' => out.write_str("&amp;")?,
                '"' => out.write_str("&quot;")?,
                other => out.write_char(other)?,
            }
        }
        Ok(())
    }
}

/// A sentence, in which backticks hold code.
struct Prose<'t>(&'t str);

impl std::fmt::Display for Prose<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, piece) in self.0.split('`').enumerate() {
            match at % 2 {
                0 => write!(out, "{}", Text(piece))?,
                _ => write!(out, "<code>{}</code>", Text(piece))?,
            }
        }
        Ok(())
    }
}

/// A link to a body.
struct Link<'t>(&'t str);

impl std::fmt::Display for Link<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "<a href=\"#body-{0}\">{0}</a>", Text(self.0))
    }
}
