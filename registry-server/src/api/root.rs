//! The root, which clients use to see whether anybody is there.

use std::collections::BTreeMap;

use super::body::{self, BadBody, FromBody, Reader};
use super::call::{Answer, Call, Reply};
use crate::app::App;

/// `GET /`.
pub fn show(_: &App, _: &Call) -> Answer {
    Ok(Reply::ok("{}"))
}

/// `POST /`: the body is an object of strings, which say nothing.
pub fn accept(_: &App, call: &Call) -> Answer {
    body::optional::<Strings>(&call.body)?;
    Ok(Reply::ok("{}"))
}

/// Read for its syntax only.
struct Strings;

impl FromBody for Strings {
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, BadBody> {
        let members: Option<BTreeMap<String, Option<String>>> =
            reader.map(|reader| reader.text().map(Some))?;
        Ok(members.map(|_| Self))
    }
}
