//! Files of runs: a header, and a payload in postcard's format.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `ppl-nest` |
//! | 4 | version of the format |
//! | 4 | kind: 1 a checkpoint, 2 a finished run |
//! | 8 | length of the payload |
//! | 8 | its checksum (64-bit FNV-1a over 8-byte words, then over the bytes left) |
//! | … | the payload |
//!
//! Numbers are little-endian.

use serde::{Serialize, de::DeserializeOwned};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use thiserror::Error;

const MAGIC: &[u8; 8] = b"ppl-nest";
/// Goes up with every change of what is stored.
const VERSION: u32 = 9;
const HEADER: usize = 32;

/// What a file holds.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(super) enum Kind {
    Checkpoint = 1,
    Run = 2,
}

/// Why a file is of no use.
#[derive(Debug, Error)]
pub(super) enum FileError {
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("the file is damaged: {0}; it is left as it is")]
    Damaged(&'static str),
    #[error("the file is not for this run: {0}; it is left as it is")]
    Foreign(String),
    #[error("the state of the run cannot be stored: {0}")]
    Encoding(postcard::Error),
}

/// Reads a file; nothing if there is none.
pub(super) fn read<T: DeserializeOwned>(path: &Path, kind: Kind) -> Result<Option<T>, FileError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(e.into()),
    };
    let foreign = |what: &str| FileError::Foreign(what.to_string());
    if bytes.len() < 8 || bytes[..8] != MAGIC[..] {
        return Err(foreign("it is no file of a nested-sampling run"));
    }
    if bytes.len() < HEADER {
        return Err(FileError::Damaged("it ends within its header"));
    }
    let word =
        |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
    let long = |at: usize| u64::from(word(at)) | u64::from(word(at + 4)) << 32;
    if word(8) != VERSION {
        return Err(FileError::Foreign(format!(
            "its format has version {}, this library writes version {VERSION}",
            word(8)
        )));
    }
    if word(12) != kind as u32 {
        return Err(foreign(match kind {
            Kind::Checkpoint => "it holds a finished run, not a checkpoint",
            Kind::Run => "it holds a checkpoint, not a finished run",
        }));
    }
    let payload = &bytes[HEADER..];
    if payload.len() as u64 != long(16) {
        return Err(FileError::Damaged("its length is not what it was"));
    }
    if checksum(payload) != long(24) {
        return Err(FileError::Damaged("its checksum is wrong"));
    }
    postcard::from_bytes(payload)
        .map(Some)
        .map_err(|_| FileError::Damaged("its contents cannot be read"))
}

/// Writes a file in one step: whoever looks finds the old or the new, never a part.
pub(super) fn write<T: Serialize>(path: &Path, kind: Kind, value: &T) -> Result<(), FileError> {
    let payload = postcard::to_stdvec(value).map_err(FileError::Encoding)?;
    let mut header = Vec::with_capacity(HEADER);
    header.extend_from_slice(MAGIC);
    header.extend_from_slice(&VERSION.to_le_bytes());
    header.extend_from_slice(&(kind as u32).to_le_bytes());
    header.extend_from_slice(&(payload.len() as u64).to_le_bytes());
    header.extend_from_slice(&checksum(&payload).to_le_bytes());
    let beside = beside(path);
    let result = (|| {
        let mut file = File::create(&beside)?;
        file.write_all(&header)?;
        file.write_all(&payload)?;
        file.sync_data()?;
        drop(file);
        fs::rename(&beside, path)
    })();
    if result.is_err() {
        // Half a file is of no use; that it cannot be removed changes nothing.
        let _ = fs::remove_file(&beside);
    }
    Ok(result?)
}

/// A name in the same folder, since only there is renaming one step.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".part");
    path.with_file_name(name)
}

/// FNV-1a (Fowler, Noll & Vo) over words of eight bytes, then over the bytes left.
fn checksum(bytes: &[u8]) -> u64 {
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut words = bytes.chunks_exact(8);
    for word in &mut words {
        let mut long = [0; 8];
        long.copy_from_slice(word);
        // A rotation lets the high bits of a word reach the low bits of the hash.
        hash = (hash ^ u64::from_le_bytes(long))
            .wrapping_mul(PRIME)
            .rotate_left(29);
    }
    for &byte in words.remainder() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(PRIME);
    }
    hash
}
