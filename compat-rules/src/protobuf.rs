//! Protobuf schemas.

mod builtin;
mod comments;
mod compare;
mod descriptor;
mod document;
mod link;
mod map_entry;
mod model;
mod names;
mod normalize;
mod parse;
mod print;
mod scalar;
mod tags;
mod whole;
mod without_extensions;

use std::sync::Arc;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use self::descriptor::read::Unreadable;
use self::document::Document;
use self::names::{Names, Origin};
use self::parse::SyntaxError;
use crate::{Import, InvalidSchema, References, Strictness, TagEdit, TaggedEntity};

pub(crate) use self::compare::{RULES, compare};

/// A schema that was understood.
#[derive(Debug, Clone)]
pub struct Schema {
    document: Arc<Document>,
    imports: Arc<[Imported]>,
    canonical: String,
}

/// A file that the schema references, directly or not.
#[derive(Debug)]
struct Imported {
    path: String,
    document: Document,
    subject: String,
    version: u32,
    direct: bool,
}

pub(crate) fn parse(
    text: &str,
    references: &References,
    _strictness: Strictness,
) -> Result<Schema, InvalidSchema> {
    let document = read(text)?;
    let canonical = print::document(&document);
    if canonical.is_empty() {
        // The reference stores the first such text as nothing at all, and refuses every later one.
        return Err(InvalidSchema::new("Empty schema"));
    }
    let import = |import: &Import| {
        Ok(Imported {
            path: import.name.clone(),
            document: read(&import.text).map_err(|invalid| invalid.in_import(&import.name))?,
            subject: import.subject.clone(),
            version: import.version,
            direct: import.direct,
        })
    };
    Ok(Schema {
        document: Arc::new(document),
        imports: references
            .iter()
            .map(import)
            .collect::<Result<_, InvalidSchema>>()?,
        canonical,
    })
}

/// Reads a text or, failing that, a file descriptor in base64.
fn read(text: &str) -> Result<Document, InvalidSchema> {
    let error = match parse::parse(text) {
        Ok(document) => return Ok(document),
        Err(error) => error,
    };
    match from_base64(text) {
        Some(Ok(document)) => Ok(document),
        Some(Err(Unreadable::Set)) => Err(InvalidSchema::new(
            "Could not parse Protobuf - this is a FileDescriptorSet; send the FileDescriptorProto of one file",
        )),
        Some(Err(Unreadable::Malformed)) | None => Err(could_not_parse(&error)),
    }
}

fn could_not_parse(error: &SyntaxError) -> InvalidSchema {
    let reason = format!("Could not parse Protobuf - {}", error.text);
    InvalidSchema::at(error.place, reason)
}

fn from_base64(text: &str) -> Option<Result<Document, Unreadable>> {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let bytes = GeneralPurpose::new(&STANDARD, config).decode(text).ok()?;
    Some(descriptor::read::file(&bytes))
}

impl Schema {
    fn names(&self) -> Names<'_> {
        let references = self.imports.iter().map(|import| {
            let origin = Origin::Reference {
                subject: &import.subject,
                version: import.version,
                direct: import.direct,
            };
            (import.path.as_str(), &import.document, origin)
        });
        Names::new(&self.document, references)
    }

    pub(crate) fn canonical(&self) -> &str {
        &self.canonical
    }

    pub(crate) fn normalized(&self) -> Result<Self, InvalidSchema> {
        let mut document = self.normal_document()?;
        let canonical = print::normal_document(&document);
        normalize::settle(&mut document);
        Ok(Self {
            document: Arc::new(document),
            imports: Arc::clone(&self.imports),
            canonical,
        })
    }

    fn normal_document(&self) -> Result<Document, InvalidSchema> {
        normalize::document(&self.document, &self.names())
            .map_err(|reason| InvalidSchema::new(reason.to_string()))
    }

    /// The names have to resolve, and the normal text has to be a text. `fields` asks for the whole of linking.
    pub(crate) fn validate(&self, fields: bool) -> Result<(), InvalidSchema> {
        let normal = print::normal_document(&self.normal_document()?);
        parse::parse(&normal).map_err(|error| could_not_parse(&error))?;
        whole::check(&self.document)?;
        if fields { self.link() } else { Ok(()) }
    }

    /// What can be told without looking a name up: the types of keys as they are written, and whether the text can be read again.
    pub(crate) fn check_import(&self) -> Result<(), InvalidSchema> {
        let mut bad = None;
        Document::clone(&self.document).for_each_field(&mut |field| {
            if let Some((key, _)) = map_entry::of(field)
                && let Err(reason) = normalize::check_map_key(key)
                && bad.is_none()
            {
                bad = Some(InvalidSchema::at(field.place, reason.to_string()));
            }
        });
        bad.map_or(Ok(()), Err)?;
        whole::check(&self.document)
    }

    /// Members of oneofs do not count.
    pub(crate) fn has_top_level_field(&self, name: &str) -> bool {
        let fields = self.document.messages.iter();
        let mut fields = fields.flat_map(|message| &message.fields);
        fields.any(|field| field.name == name)
    }

    pub(crate) fn tags(&self) -> Vec<TaggedEntity> {
        tags::all(&self.document)
    }

    pub(crate) fn with_tags(&self, edit: &TagEdit) -> Result<Self, InvalidSchema> {
        let mut document = Document::clone(&self.document);
        tags::edit(&mut document, edit)?;
        Ok(Self {
            canonical: print::document(&document),
            document: Arc::new(document),
            imports: Arc::clone(&self.imports),
        })
    }

    /// The file descriptor in base64; only a file that links has one.
    pub(crate) fn serialized(&self) -> Result<String, InvalidSchema> {
        self.link()?;
        let supplies = |path: &str| link::supplies(self, path);
        let bytes = descriptor::write::file(&self.document, &self.names(), supplies);
        Ok(base64::engine::general_purpose::STANDARD.encode(bytes))
    }

    fn link(&self) -> Result<(), InvalidSchema> {
        link::link(self).map_err(|reason| InvalidSchema::new(reason.to_string()))
    }

    pub(crate) fn without_extensions(&self) -> String {
        print::document(&without_extensions::document(&self.document))
    }
}
