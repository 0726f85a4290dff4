//! The path of an import, tidied as the reference does it.

/// Back slashes become slashes, repeated slashes and `.` segments vanish, `..` segments stay unless they lead out
/// of the root; an empty path is `.`.
pub(super) fn tidy(path: &str) -> String {
    let is_slash = |character| character == '/' || character == '\\';
    let has_drive =
        path.len() > 1 && path.as_bytes()[0].is_ascii_alphabetic() && path.as_bytes()[1] == b':';
    let (drive, rest) = path.split_at(if has_drive { 2 } else { 0 });
    let is_absolute = rest.starts_with(is_slash);
    let mut segments: Vec<&str> = Vec::new();
    for segment in rest.split(is_slash) {
        let leads_out = segment == ".." && is_absolute && segments.is_empty();
        if !segment.is_empty() && segment != "." && !leads_out {
            segments.push(segment);
        }
    }
    let root = if is_absolute { "/" } else { "" };
    let tidied = format!("{drive}{root}{}", segments.join("/"));
    if tidied.is_empty() {
        ".".to_owned()
    } else {
        tidied
    }
}

#[cfg(test)]
mod tests {
    use super::tidy;

    #[test]
    fn slashes_and_dots_are_tidied_but_steps_upwards_stay_unless_they_leave_the_root() {
        for (path, tidied) in [
            ("google\\protobuf//./any.proto", "google/protobuf/any.proto"),
            ("a/../b.proto", "a/../b.proto"),
            ("/../c.proto", "/c.proto"),
            ("/../a/../..", "/a/../.."),
            ("", "."),
            ("./", "."),
            ("C:\\..\\a", "C:/a"),
            ("C:a", "C:a"),
            ("\\\\srv\\x", "/srv/x"),
        ] {
            assert_eq!(tidy(path), tidied, "{path}");
        }
    }
}
