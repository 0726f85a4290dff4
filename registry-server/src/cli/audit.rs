//! `concord audit`: the audit log of a store that nobody has open, and of its exports.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Subcommand;
use registry_core::{AuditReport, PublicKey, Registry, RegistryOptions, SigningKeys, Verifier};

use crate::app;

/// No line of an export is longer.
const LINE_BYTES_MAX: u64 = 16 << 20;

/// The arguments of `concord audit`.
#[derive(clap::Args)]
pub(super) struct Audit {
    #[command(subcommand)]
    command: AuditCommand,
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Verify an export, or the log in a store that is not open elsewhere.
    ///
    /// Every record must follow the one before it, every checkpoint must be signed, and every anchored checkpoint must be
    /// found again. The log begins with record 1, or with a signed start where old records were removed. Nothing else than the export is needed, but the key and the anchors make the answer worth more.
    Verify(Box<Verify>),
    /// Print the log of a store as lines of JSON, the last of which is signed.
    ///
    /// The store must not be open elsewhere. Nothing is changed.
    Export(Export),
    /// Print a new key for the log, or with `--public` the public half of the last one in a file.
    Key(Key),
}

#[derive(clap::Args)]
struct Verify {
    /// The export; `-` is the standard input.
    #[arg(long, value_name = "FILE", conflicts_with = "data_dir")]
    from: Option<PathBuf>,

    /// Directory of the store.
    #[arg(long, value_name = "DIR", required_unless_present = "from")]
    data_dir: Option<PathBuf>,

    /// File with anchored checkpoints; may be given more than once.
    #[arg(long, value_name = "FILE")]
    anchors: Vec<PathBuf>,

    /// The public key that signed first, in hexadecimal digits.
    #[arg(long, value_name = "KEY", value_parser = PublicKey::parse)]
    key: Option<PublicKey>,
}

#[derive(clap::Args)]
struct Export {
    /// Directory of the store.
    #[arg(
        long,
        env = "CONCORD_DATA_DIR",
        value_name = "DIR",
        default_value = "./data"
    )]
    data_dir: PathBuf,

    /// File with the keys; the last one signs the end of the export.
    #[arg(long, env = "CONCORD_AUDIT_KEY_FILE", value_name = "FILE")]
    key_file: Option<PathBuf>,

    /// Leave out what the newest checkpoint that is not after this record covers.
    #[arg(long, value_name = "RECORD", default_value_t = 0)]
    after: u64,
}

#[derive(clap::Args)]
struct Key {
    /// A file of keys.
    #[arg(long, value_name = "FILE")]
    public: Option<PathBuf>,
}

impl Audit {
    pub(super) fn run(&self) -> anyhow::Result<()> {
        match &self.command {
            AuditCommand::Verify(verify) => verify.run(),
            AuditCommand::Export(export) => export.run(),
            AuditCommand::Key(key) => key.run(),
        }
    }
}

impl Verify {
    fn run(&self) -> anyhow::Result<()> {
        let mut verifier = Verifier::new(self.key);
        for path in &self.anchors {
            each_line_of(path, &mut |line| verifier.anchor(line))?;
        }
        let report = match (&self.from, &self.data_dir) {
            (Some(path), _) => {
                each_line_of(path, &mut |line| verifier.line(line))?;
                verifier.finish()
            }
            (None, Some(folder)) => store(folder)?.verify_audit(verifier)?,
            (None, None) => bail!("say what to verify: --from or --data-dir"),
        };
        tell(&report)
    }
}

/// Says what was found; fails if anything is wrong.
fn tell(report: &AuditReport) -> anyhow::Result<()> {
    for problem in &report.problems {
        println!("{problem}");
    }
    if report.more_problems > 0 {
        println!("and {} more problems", report.more_problems);
    }
    println!(
        "records {} to {}, {} checkpoints, {} records after the last one",
        report.first, report.last, report.checkpoints, report.unsigned
    );
    if let Some(start) = report.start {
        println!(
            "records up to {start} were removed when their time was over, as the start of the log says"
        );
    }
    for key in &report.keys {
        println!("signed by {key}");
    }
    if let Some(first) = report.first_bad {
        bail!("the audit log is not sound from record {first} on");
    }
    println!("the audit log is sound");
    Ok(())
}

impl Export {
    fn run(&self) -> anyhow::Result<()> {
        let keys = self.key_file.as_deref().map(app::audit::keys).transpose()?;
        let registry = store(&self.data_dir)?;
        let mut out = BufWriter::new(io::stdout().lock());
        let mut written = Ok(());
        registry.export_audit(self.after, keys.as_ref(), &mut |line| {
            if written.is_ok() {
                written = writeln!(out, "{line}");
            }
        })?;
        written
            .and_then(|()| out.flush())
            .context("writing the export")
    }
}

impl Key {
    fn run(&self) -> anyhow::Result<()> {
        if let Some(path) = &self.public {
            println!("{}", app::audit::keys(path)?.public());
            return Ok(());
        }
        let key = SigningKeys::generate().context("the system gives no randomness")?;
        print!("{}", *key);
        Ok(())
    }
}

fn store(folder: &Path) -> anyhow::Result<Registry> {
    // Opening would create it.
    if !folder.is_dir() {
        bail!("there is no store in {}", folder.display());
    }
    Ok(Registry::open(folder, RegistryOptions::default())?)
}

fn each_line_of(path: &Path, visit: &mut dyn FnMut(&str)) -> anyhow::Result<()> {
    let read = match path.as_os_str() == "-" {
        true => each_line(io::stdin(), visit),
        false => File::open(path).and_then(|file| each_line(file, visit)),
    };
    read.with_context(|| format!("reading {}", path.display()))
}

fn each_line(read: impl Read, visit: &mut dyn FnMut(&str)) -> io::Result<()> {
    let mut lines = BufReader::new(read);
    let mut line = Vec::new();
    loop {
        line.clear();
        let length = (&mut lines)
            .take(LINE_BYTES_MAX)
            .read_until(b'\n', &mut line)?;
        if length == 0 {
            return Ok(());
        }
        if line.pop_if(|last| *last == b'\n').is_none() && length as u64 == LINE_BYTES_MAX {
            return Err(io::Error::other("a line is too long"));
        }
        visit(&String::from_utf8_lossy(&line));
    }
}
