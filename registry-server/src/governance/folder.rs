//! Governance documents in a folder: every YAML, JSON and TOML file beneath it, in the order of their names. Schemas in
//! a folder are found in the same way.
//!
//! Names that begin with a dot are passed over; so mounted config maps, which keep their data in `..data`, are read
//! once. Links to files are followed. All or nothing: one unreadable file, and nothing was read.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use compat_rules::policy::{Document, DocumentFault, Syntax, read_documents};

/// The most files.
const FILES_MAX: usize = 10_000;
/// How deep folders may lie in one another; a link that leads back up ends here.
const DEPTH_MAX: usize = 16;
/// The longest file that is read at all. What is longer than a document may be is refused when it is read.
const BYTES_MAX: u64 = 2 << 20;

/// The documents of a folder, or of one file.
///
/// # Errors
/// Everything that is wrong with the files; a file that cannot be read is a fault as well.
pub fn read_folder(path: &Path) -> Result<Vec<Document>, Vec<DocumentFault>> {
    let files = document_files(path).map_err(|fault| vec![fault])?;
    let mut documents = Vec::new();
    let mut faults = Vec::new();
    for (name, file) in files {
        match read_file(&name, &file) {
            Ok(read) => documents.extend(read),
            Err(found) => faults.extend(found),
        }
    }
    if faults.is_empty() {
        Ok(documents)
    } else {
        Err(faults)
    }
}

/// The files of documents beneath a folder, each with its name relative to it, in the order of the names.
///
/// # Errors
/// A fault when the folder cannot be listed, or has too many files or folders within folders.
pub fn document_files(path: &Path) -> Result<Vec<(String, PathBuf)>, DocumentFault> {
    files_beneath(path, |name| Syntax::of_file(name).is_some())
}

/// The files beneath a folder whose name is one of those meant, each with its name relative to the folder, in the order
/// of the names; a path that is no folder is itself.
///
/// # Errors
/// A fault when the folder cannot be listed, or has too many files or folders within folders.
pub fn files_beneath(
    path: &Path,
    is_meant: impl Fn(&str) -> bool,
) -> Result<Vec<(String, PathBuf)>, DocumentFault> {
    let unreadable = |path: &Path, error: &std::io::Error| {
        fault(
            &path.display().to_string(),
            format!("cannot be read: {error}"),
        )
    };
    let kind = fs::metadata(path).map_err(|error| unreadable(path, &error))?;
    if !kind.is_dir() {
        let name = path.file_name().unwrap_or(path.as_os_str());
        return Ok(vec![(name.to_string_lossy().into_owned(), path.to_owned())]);
    }
    let mut files = Vec::new();
    let mut waiting = vec![(String::new(), path.to_owned(), 0)];
    while let Some((prefix, folder, depth)) = waiting.pop() {
        let entries = fs::read_dir(&folder).map_err(|error| unreadable(&folder, &error))?;
        for entry in entries {
            let entry = entry.map_err(|error| unreadable(&folder, &error))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') {
                continue;
            }
            let path = entry.path();
            let kind = fs::metadata(&path).map_err(|error| unreadable(&path, &error))?;
            let shown = format!("{prefix}{name}");
            if kind.is_dir() {
                if depth + 1 == DEPTH_MAX {
                    return Err(fault(&shown, "too many folders within folders".to_owned()));
                }
                waiting.push((format!("{shown}/"), path, depth + 1));
            } else if is_meant(&name) {
                // Opening a pipe waits for somebody who writes into it.
                if !kind.is_file() {
                    return Err(fault(&shown, "it is no file".to_owned()));
                }
                files.push((shown, path));
            }
        }
        if files.len() > FILES_MAX {
            let message = format!("more than {FILES_MAX} files");
            return Err(fault(&path.display().to_string(), message));
        }
    }
    files.sort();
    Ok(files)
}

fn read_file(name: &str, path: &Path) -> Result<Vec<Document>, Vec<DocumentFault>> {
    let refused = |message: String| vec![fault(name, message)];
    let syntax = Syntax::of_file(name)
        .ok_or_else(|| refused("its name ends in none of .yaml, .yml, .json, .toml".to_owned()))?;
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(|error| refused(format!("cannot be read: {error}")))?;
    file.take(BYTES_MAX)
        .read_to_end(&mut bytes)
        .map_err(|error| refused(format!("cannot be read: {error}")))?;
    let text = String::from_utf8(bytes).map_err(|_| refused("it is not UTF-8".to_owned()))?;
    read_documents(name, syntax, &text)
}

/// A fault of a file or folder as a whole.
pub(super) fn fault(file: &str, message: String) -> DocumentFault {
    DocumentFault {
        file: file.to_owned(),
        place: None,
        document: String::new(),
        path: String::new(),
        message,
    }
}
