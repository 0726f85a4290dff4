//! How a file is called in a report that another tool reads: from the root of the repository.

use std::path::{Component, Path, PathBuf};

/// The root of the repository that the folder lies in: the nearest one upwards that holds `.git`; the folder itself
/// where there is none.
pub(super) fn root_of(folder: &Path) -> PathBuf {
    let root = folder.ancestors().find(|each| each.join(".git").exists());
    root.unwrap_or(folder).to_owned()
}

/// The file, given from the folder, as it is called from the root, with `/` between folders; whole where it is not
/// below the root.
pub(super) fn from_root(root: &Path, folder: &Path, file: &Path) -> String {
    let mut whole = PathBuf::new();
    for component in folder.join(file).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                whole.pop();
            }
            other => whole.push(other),
        }
    }
    let shown = whole.strip_prefix(root).unwrap_or(&whole);
    shown.to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_called_from_the_root_however_it_is_given() {
        let (root, folder) = (Path::new("/repo"), Path::new("/repo/schemas"));
        let called = |file: &str| from_root(root, folder, Path::new(file));
        assert_eq!(called("orders/a.avsc"), "schemas/orders/a.avsc");
        assert_eq!(called("./a.avsc"), "schemas/a.avsc");
        assert_eq!(called("../proto/a.proto"), "proto/a.proto");
        assert_eq!(called("/repo/a.json"), "a.json");
        assert_eq!(called("/elsewhere/a.json"), "/elsewhere/a.json");
    }
}
