//! The file of users: lines of `name:hash`, where the hash is Argon2id in the PHC form.
//!
//! Empty lines and lines that begin with `#` are skipped. Anything else that is no user is a fault of the whole file.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Argon2, Params};
use registry_core::Principal;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The largest file that is read.
const FILE_BYTES_MAX: u64 = 16 << 20;

/// What a hash may cost: a slip of the pen in one line must not take the machine's memory or minutes.
const MEMORY_KIB_MAX: u32 = 256 << 10;
const PASSES_MAX: u32 = 16;
const LANES_MAX: u32 = 16;

/// Checks of one name that may wait; further ones are refused at once.
const QUEUE_MAX: usize = 64;

/// Everybody who has a password.
pub struct Users {
    by_name: HashMap<String, User>,
    /// Checked in place of a user who does not exist, so that the time tells nobody which names do.
    decoy: Option<PasswordHash>,
    strangers: Queue,
    /// The file as it was read.
    pub(super) seen: Option<Seen>,
}

struct User {
    principal: Arc<Principal>,
    hash: PasswordHash,
    queue: Queue,
}

/// Checks of one name, one at a time.
pub(super) struct Queue {
    places: Arc<Semaphore>,
    turns: Arc<Semaphore>,
}

/// The turn of a check, and its place in the queue.
pub(super) type Turn = (OwnedSemaphorePermit, OwnedSemaphorePermit);

/// What tells one state of a file from another without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    inode: u64,
    bytes: u64,
    changed: (i64, i64),
}

/// Why a file of users cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum UsersError {
    /// It cannot be read.
    #[error("cannot read the file of users {}: {source}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A line of it is wrong. The line itself is not shown: it may hold a password.
    #[error("{}:{line}: {reason}", .path.display())]
    Wrong {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The system gives no randomness.
    #[error("cannot make a key: {0}")]
    NoRandomness(#[from] getrandom::Error),
}

impl Users {
    /// Reads the whole file.
    pub fn read(path: &Path) -> Result<Self, UsersError> {
        let unreadable = |source| UsersError::Unreadable {
            path: path.to_owned(),
            source,
        };
        // Before the text: if the file changes in between, the next look sees it.
        let seen = Seen::of(path);
        if seen.is_some_and(|seen| seen.bytes > FILE_BYTES_MAX) {
            return Err(unreadable(io::Error::other("it is too large")));
        }
        let text = fs::read_to_string(path).map_err(unreadable)?;
        let mut users = Self::parse(&text).map_err(|(line, reason)| UsersError::Wrong {
            path: path.to_owned(),
            line,
            reason,
        })?;
        users.seen = seen;
        Ok(users)
    }

    fn parse(text: &str) -> Result<Self, (usize, &'static str)> {
        let mut users = Self {
            by_name: HashMap::new(),
            decoy: None,
            strangers: Queue::new(),
            seen: None,
        };
        for (index, line) in text.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let user = User::parse(line).map_err(|reason| (index + 1, reason))?;
            users.decoy.get_or_insert_with(|| user.hash.clone());
            let name = user.principal.name.clone();
            if users.by_name.insert(name, user).is_some() {
                return Err((index + 1, "this name has a line already"));
            }
        }
        Ok(users)
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.by_name.len()
    }

    pub(super) fn queue_of(&self, name: &str) -> &Queue {
        self.by_name
            .get(name)
            .map_or(&self.strangers, |user| &user.queue)
    }

    /// Who it is, if the password is right. Slow on purpose, and equally slow for names that do not exist.
    #[must_use]
    pub fn check(&self, name: &str, password: &[u8]) -> Option<Arc<Principal>> {
        let user = self.by_name.get(name);
        let hash = user.map(|user| &user.hash).or(self.decoy.as_ref())?;
        let is_right = Argon2::default().verify_password(password, hash).is_ok();
        user.filter(|_| is_right)
            .map(|user| Arc::clone(&user.principal))
    }
}

impl User {
    fn parse(line: &str) -> Result<Self, &'static str> {
        let (name, hash) = line
            .split_once(':')
            .ok_or("expected `name:hash`; `concord users hash NAME` makes such a line")?;
        check_name(name)?;
        let hash = PasswordHash::new(hash.trim())
            .map_err(|_| "the hash is not in the PHC form, as `$argon2id$v=19$m=…$salt$hash`")?;
        if hash.algorithm.as_str() != "argon2id" {
            return Err("the hash is not of Argon2id");
        }
        if hash.salt.is_none() || hash.hash.is_none() {
            return Err("the hash is incomplete");
        }
        let cost = Params::try_from(&hash).map_err(|_| "the hash has wrong parameters")?;
        if cost.m_cost() > MEMORY_KIB_MAX || cost.t_cost() > PASSES_MAX || cost.p_cost() > LANES_MAX
        {
            return Err("checking this hash would cost too much");
        }
        Ok(Self {
            principal: Arc::new(Principal {
                name: name.to_owned(),
                ..Principal::default()
            }),
            hash,
            queue: Queue::new(),
        })
    }
}

/// A line of the file: this user with this password.
pub fn line_for(name: &str, password: &[u8]) -> anyhow::Result<String> {
    check_name(name).map_err(anyhow::Error::msg)?;
    let mut salt = [0; 16];
    getrandom::fill(&mut salt)?;
    let hash: PasswordHash = Argon2::default()
        .hash_password_with_salt(password, &salt)
        .map_err(|error| anyhow::anyhow!("cannot hash this password: {error}"))?;
    Ok(format!("{name}:{hash}"))
}

fn check_name(name: &str) -> Result<(), &'static str> {
    if name.is_empty() || name.trim() != name || name.starts_with('#') {
        return Err("a name is not empty, has no space around it and does not begin with `#`");
    }
    if name.contains(':') || name.chars().any(char::is_control) {
        return Err("a name holds neither colons nor control characters");
    }
    Ok(())
}

impl Queue {
    fn new() -> Self {
        Self {
            places: Arc::new(Semaphore::new(QUEUE_MAX)),
            turns: Arc::new(Semaphore::new(1)),
        }
    }

    /// Waits for a turn; `None` when too many wait already.
    pub(super) async fn turn(&self) -> Option<Turn> {
        let place = Arc::clone(&self.places).try_acquire_owned().ok()?;
        let turn = Arc::clone(&self.turns).acquire_owned().await.ok()?;
        Some((turn, place))
    }
}

impl Seen {
    pub(super) fn of(path: &Path) -> Option<Self> {
        let file = fs::metadata(path).ok()?;
        Some(Self {
            inode: file.ino(),
            bytes: file.size(),
            changed: (file.ctime(), file.ctime_nsec()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the test vectors of the reference implementation of Argon2, in which `password` is hashed with `somesalt`.
    const REFERENCE: &str =
        "ada:$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

    #[test]
    fn a_hash_of_the_reference_implementation_is_understood() {
        let users = Users::parse(&format!("# people\n\n{REFERENCE}\n")).expect("a good file");
        assert_eq!(users.count(), 1);
        let ada = users.check("ada", b"password").expect("the right password");
        assert_eq!(ada.name, "ada");
        assert!(users.check("ada", b"Password").is_none());
    }

    #[test]
    fn the_password_that_the_decoy_has_opens_nothing() {
        let users = Users::parse(REFERENCE).expect("a good file");
        assert!(users.check("nobody", b"password").is_none());
        let none = Users::parse("").expect("a good file");
        assert!(none.check("nobody", b"").is_none());
    }

    #[test]
    fn a_line_that_was_made_here_is_good() {
        let line = line_for("bob", b"s\xe9cret").expect("a line");
        let users = Users::parse(&line).expect("a good file");
        assert!(users.check("bob", b"s\xe9cret").is_some());
        assert!(line_for("a:b", b"x").is_err());
    }

    #[test]
    fn a_line_that_is_no_user_is_a_fault_with_its_number() {
        let wrong = [
            "ada",
            ":x",
            "ada:secret",
            " ada:$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
            "ada:$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
            "ada:$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ",
            "ada:$argon2id$v=19$m=4294967295,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        ];
        for line in wrong {
            let fault = Users::parse(&format!("\n{line}")).err();
            assert_eq!(fault.map(|(line, _)| line), Some(2), "{line}");
        }
        let twice = Users::parse(&format!("{REFERENCE}\n{REFERENCE}")).err();
        assert_eq!(twice, Some((2, "this name has a line already")));
    }

    #[tokio::test]
    async fn too_many_checks_of_one_name_are_refused_and_other_names_go_on() {
        let users = Users::parse(REFERENCE).expect("a good file");
        let first = users.queue_of("ada").turn().await.expect("a turn");
        let places = Arc::clone(&users.queue_of("ada").places);
        let _waiting: Vec<_> = (1..QUEUE_MAX)
            .map(|_| Arc::clone(&places).try_acquire_owned().expect("a place"))
            .collect();
        assert!(users.queue_of("ada").turn().await.is_none());
        assert!(users.queue_of("nobody").turn().await.is_some());
        drop(first);
        assert!(users.queue_of("ada").turn().await.is_some());
    }
}
