//! Opens a data directory, or says in one sentence why it cannot.
//!
//! Nothing in the directory changes before it is known to be ours to use: first a lock, then the format, then
//! RocksDB.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rocksdb::{
    BlockBasedOptions, Cache, DB, DBCompressionType, DBRecoveryMode, LruCacheOptions, Options,
    ReadOptions, WriteBufferManager,
};

use super::Store;

/// The layout of the files that this version writes.
const FORMAT_VERSION: u32 = 3;

const FORMAT_FILE: &str = "FORMAT";
const LOCK_FILE: &str = "CONCORD.LOCK";
const ROWS_FOLDER: &str = "rows";

/// How the store may use the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreOptions {
    /// The bound on RocksDB's memory, in bytes: its caches, indexes and write buffers together.
    pub memory_bytes_max: usize,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self {
            memory_bytes_max: 128 << 20,
        }
    }
}

impl StoreOptions {
    /// The part of the memory for rows that were read lately.
    const fn row_cache_bytes(&self) -> usize {
        self.memory_bytes_max / 2
    }
}

/// Why a data directory cannot be used. Nothing in it has been changed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it open.
    #[error("the data directory {0} is in use by another process")]
    InUse(PathBuf),
    /// It was written by a later version of the program.
    #[error(
        "the data directory {path} has format version {found}, but this version reads up to {known}; start the \
         version that wrote it, or a newer one"
    )]
    Newer {
        /// The directory.
        path: PathBuf,
        /// What it says.
        found: u32,
        /// What we know.
        known: u32,
    },
    /// The operating system refused.
    #[error("cannot {doing} {path}: {source}")]
    Io {
        /// What was tried.
        doing: &'static str,
        /// On what.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// The files are there, but cannot be right.
    #[error("the store in {path} is damaged: {what}; restore a backup or move the directory away")]
    Damaged {
        /// The directory.
        path: PathBuf,
        /// What was found.
        what: String,
    },
}

impl Store {
    /// Opens the directory, or creates it.
    pub(crate) fn open(folder: &Path, options: &StoreOptions) -> Result<Self, OpenError> {
        let io = |doing, path: &Path| {
            let path = path.to_owned();
            move |source| OpenError::Io {
                doing,
                path,
                source,
            }
        };
        fs::create_dir_all(folder).map_err(io("create the data directory", folder))?;
        let lock = lock(folder)?;
        let format_file = folder.join(FORMAT_FILE);
        let rows = folder.join(ROWS_FOLDER);
        let format = match fs::read_to_string(&format_file) {
            Ok(text) => check_format(folder, &text)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound && !rows.exists() => {
                write_format(folder)?;
                FORMAT_VERSION
            }
            Err(source) => return Err(io("read the format version from", &format_file)(source)),
        };
        let lately_read = lru_cache(options.row_cache_bytes());
        let settings = rocksdb_options(options, &lately_read);
        let db = DB::open(&settings, &rows).map_err(|error| OpenError::Damaged {
            path: folder.to_owned(),
            what: error.into_string(),
        })?;
        Ok(Self {
            db,
            lately_read,
            reading: ReadOptions::default(),
            figures: Arc::default(),
            alike: super::alike::Alike::default(),
            has_aliases: super::known::Known::default(),
            format,
            _lock: lock,
        })
    }
}

impl Store {
    /// True when an earlier version of the program wrote it: rows that it derives from others may be missing.
    pub(crate) const fn is_of_earlier_format(&self) -> bool {
        self.format < FORMAT_VERSION
    }

    /// From now on earlier versions refuse to open it.
    pub(crate) fn take_over(folder: &Path) -> Result<(), OpenError> {
        write_format(folder)
    }
}

/// The operating system gives the lock up when the process ends, however it ends.
fn lock(folder: &Path) -> Result<File, OpenError> {
    let path = folder.join(LOCK_FILE);
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|source| OpenError::Io {
            doing: "write to the data directory",
            path: folder.to_owned(),
            source,
        })?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse(folder.to_owned())),
        Err(TryLockError::Error(source)) => Err(OpenError::Io {
            doing: "lock",
            path,
            source,
        }),
    }
}

fn write_format(folder: &Path) -> Result<(), OpenError> {
    let path = folder.join(FORMAT_FILE);
    write_durably(&path, &format!("{FORMAT_VERSION}\n")).map_err(|source| OpenError::Io {
        doing: "write the format version to",
        path,
        source,
    })
}

/// The version that a store has, if this Concord can read it.
fn check_format(folder: &Path, text: &str) -> Result<u32, OpenError> {
    let path = folder.to_owned();
    let found: u32 = text.trim().parse().map_err(|_| OpenError::Damaged {
        path: path.clone(),
        what: format!("the file {FORMAT_FILE} does not hold a number"),
    })?;
    if found > FORMAT_VERSION {
        return Err(OpenError::Newer {
            path,
            found,
            known: FORMAT_VERSION,
        });
    }
    Ok(found)
}

/// Writes beside and renames, so that a crash leaves the whole file or none.
fn write_durably(path: &Path, text: &str) -> io::Result<()> {
    let beside = path.with_extension("new");
    fs::write(&beside, text)?;
    File::open(&beside)?.sync_all()?;
    fs::rename(&beside, path)?;
    path.parent()
        .map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

/// A cache of few parts: none holds what is larger than itself, and the index of a file has to fit in.
fn lru_cache(bytes: usize) -> Cache {
    const PARTS_LOG2: i32 = 3;
    let mut options = LruCacheOptions::default();
    options.set_capacity(bytes);
    options.set_num_shard_bits(PARTS_LOG2);
    Cache::new_lru_cache_opts(&options)
}

fn rocksdb_options(options: &StoreOptions, lately_read: &Cache) -> Options {
    let cache = lru_cache(options.memory_bytes_max - options.row_cache_bytes());
    let mut blocks = BlockBasedOptions::default();
    blocks.set_block_cache(&cache);
    blocks.set_cache_index_and_filter_blocks(true);
    blocks.set_pin_l0_filter_and_index_blocks_in_cache(true);
    blocks.set_bloom_filter(10.0, false);
    blocks.set_block_size(4 << 10);
    // Most rows are small: a read walks over half an interval of them.
    blocks.set_block_restart_interval(2);

    let mut rocksdb = Options::default();
    rocksdb.create_if_missing(true);
    rocksdb.set_block_based_table_factory(&blocks);
    // A row of a file that was read lately is found without searching the file's index and block. RocksDB knows which
    // file it came from, so that a change never meets a kept row.
    rocksdb.set_row_cache(lately_read);
    rocksdb.set_compression_type(DBCompressionType::Lz4);
    // The buffers are charged to the same cache, so that the bound is one number.
    let buffers = options.memory_bytes_max / 4;
    rocksdb.set_write_buffer_manager(&WriteBufferManager::new_write_buffer_manager_with_cache(
        buffers, true, cache,
    ));
    rocksdb.set_write_buffer_size((buffers / 2).max(1 << 20));
    // What is in the log is read again at start: a bounded log keeps the start short.
    rocksdb.set_max_total_wal_size(64 << 20);
    // A read asks each file that may have its row: few files, for the price of merging them more often.
    rocksdb.set_level_zero_file_num_compaction_trigger(2);
    // An index or a filter is read as a whole where it is not in the cache: those of small files cost little.
    rocksdb.set_target_file_size_base(16 << 20);
    rocksdb.set_max_open_files(256);
    rocksdb.set_keep_log_file_num(4);
    // An incomplete last record is a crash; any other damage must refuse to open. The default would drop
    // everything after the first damaged record without a word.
    rocksdb.set_wal_recovery_mode(DBRecoveryMode::TolerateCorruptedTailRecords);
    rocksdb
}
