//! Where a walk through a body is: in which loops and branches, and what may have been jumped out of.

use crate::ir::{Path, Place, Step};
use proc_macro2::Ident;
use syn::Lifetime;

/// Where a walk is.
#[derive(Default)]
pub struct Scope {
    /// The loops and branches around.
    pub path: Path,
    /// What no statement can be inside of, the innermost last.
    pub forbidden: Vec<Place>,
    regions: Vec<Region>,
    forks: u32,
}

/// What `return`, `break` or `continue` can leave.
pub enum Target {
    /// The body, or the closure of a plate: what `return` leaves.
    Function,
    /// A loop, by its label and its site.
    Loop(Option<Ident>, Option<u32>),
    /// A labelled block.
    Block(Ident),
}

struct Region {
    target: Target,
    /// Steps of the path around it.
    depth: usize,
    /// Whether something may have jumped past the rest of it.
    interrupted: bool,
}

impl Scope {
    /// A new `if`, `match` or the like.
    pub fn fork(&mut self) -> u32 {
        self.forks += 1;
        self.forks
    }
    /// Begins what can be jumped out of.
    pub fn open(&mut self, target: Target) {
        self.regions.push(Region {
            target,
            depth: self.path.len(),
            interrupted: false,
        });
    }
    /// Ends it.
    pub fn close(&mut self) {
        self.regions.pop();
    }
    /// Whether a site here may be missing from the body or from the element of its innermost loop.
    pub fn optional(&self) -> bool {
        let is_loop = |s: &Step| matches!(s, Step::Loop(_));
        let frame = self.path.iter().rposition(is_loop).map_or(0, |i| i + 1);
        self.path.len() > frame
            || self
                .regions
                .iter()
                .any(|r| r.depth >= frame && r.interrupted)
    }
    /// `return` or `?`.
    pub fn leave_function(&mut self) {
        self.jump(|t| matches!(t, Target::Function));
    }
    /// `break` or `continue`. Gives the outermost loop with sites that a jump out of a labelled block leaves open.
    pub fn leave_loop(&mut self, label: Option<&Lifetime>) -> Option<u32> {
        let named = |l: &Ident| label.is_some_and(|label| label.ident == *l);
        let target = self.jump(|t| match t {
            Target::Loop(l, _) => label.is_none() || l.as_ref().is_some_and(named),
            Target::Block(l) => named(l),
            Target::Function => false,
        })?;
        match self.regions[target].target {
            Target::Block(_) => self.regions[target..].iter().find_map(|r| match r.target {
                Target::Loop(_, site) => site,
                _ => None,
            }),
            _ => None,
        }
    }
    fn jump(&mut self, to: impl Fn(&Target) -> bool) -> Option<usize> {
        let target = self.regions.iter().rposition(|r| to(&r.target))?;
        for region in &mut self.regions[target..] {
            region.interrupted = true;
        }
        Some(target)
    }
}
