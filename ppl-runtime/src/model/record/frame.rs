//! A record read by site.

use super::Record;
use super::tree::Node;
use crate::support::{Latent, Reader};

/// One frame of a [`Record`], read by site.
#[derive(Copy, Clone)]
pub struct Frame<'r> {
    record: &'r Record,
    node: usize,
}

impl Record {
    /// The outermost frame.
    pub fn frame(&self) -> Frame<'_> {
        Frame {
            record: self,
            node: 0,
        }
    }
}

impl<'r> Frame<'r> {
    fn node(&self) -> &'r Node {
        &self.record.frames[self.node]
    }
    /// The value of a site that ran, if it did.
    pub fn maybe<T: Latent>(&self, site: u32) -> Option<T> {
        let at = self.node().values.iter().rev().find(|v| v.0 == site)?.2;
        Some(T::read(&mut Reader(&self.record.numbers[at..])))
    }
    /// The value of a site that always runs.
    pub fn one<T: Latent>(&self, site: u32) -> T {
        self.maybe(site)
            .unwrap_or_else(|| T::read(&mut Reader(&[])))
    }
    /// The frame of a submodel, if it ran.
    pub fn maybe_sub<T>(&self, site: u32, decode: impl Fn(Frame<'r>) -> T) -> Option<T> {
        let node = *self
            .node()
            .loops
            .iter()
            .rev()
            .find(|l| l.0 == site)?
            .1
            .first()?;
        Some(decode(Frame {
            record: self.record,
            node,
        }))
    }
    /// The frame of a submodel that always runs.
    pub fn sub<T>(&self, site: u32, decode: impl Fn(Frame<'r>) -> T) -> T {
        self.maybe_sub(site, &decode).unwrap_or_else(|| {
            decode(Frame {
                record: empty(),
                node: 0,
            })
        })
    }
    /// The elements of a loop; none if it did not run.
    pub fn many<T>(&self, site: u32, element: impl Fn(Frame<'r>) -> T) -> Vec<T> {
        let found = self.node().loops.iter().rev().find(|l| l.0 == site);
        let frames = found.map_or(&[][..], |l| &l.1);
        frames
            .iter()
            .map(|&node| {
                element(Frame {
                    record: self.record,
                    node,
                })
            })
            .collect()
    }
}

/// A record of nothing, for what should have run and did not.
fn empty() -> &'static Record {
    static EMPTY: std::sync::OnceLock<Record> = std::sync::OnceLock::new();
    EMPTY.get_or_init(Record::new)
}
