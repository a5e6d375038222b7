//! Values given from outside, laid flat, and where an execution is in them.

mod cursor;
mod tree;

pub use cursor::Cursor;
pub use tree::{Partial, Pinning};

use self::tree::Tree;

/// The values of a [`Partial`], laid flat: they are copied into the arena of each execution.
#[derive(Clone, Debug, Default)]
pub struct Pins {
    /// Whether the density of the values is wanted.
    scored: bool,
    /// By frame: where its values begin and end, and its loops.
    frames: Vec<[usize; 4]>,
    values: Vec<(u32, usize)>,
    loops: Vec<Span>,
    /// The frames of all loops, one loop after the other.
    elements: Vec<usize>,
    lengths: Vec<(u32, usize)>,
    numbers: Vec<f64>,
}

/// One loop: its elements and its lengths.
#[derive(Copy, Clone, Debug)]
struct Span {
    site: u32,
    elements: [usize; 2],
    lengths: [usize; 2],
}

impl Pins {
    /// The values of a partial.
    pub fn new(partial: &impl Partial, scored: bool) -> Self {
        let tree = Tree::of(partial);
        let mut pins = Pins {
            scored,
            numbers: tree.numbers,
            ..Pins::default()
        };
        for frame in &tree.frames {
            let (v, l) = (pins.values.len(), pins.loops.len());
            pins.values.extend(&frame.values);
            for of in &frame.loops {
                let (e, n) = (pins.elements.len(), pins.lengths.len());
                pins.elements.extend(&of.frames);
                pins.lengths.extend(&of.lengths);
                pins.loops.push(Span {
                    site: of.site,
                    elements: [e, pins.elements.len()],
                    lengths: [n, pins.lengths.len()],
                });
            }
            pins.frames
                .push([v, pins.values.len(), l, pins.loops.len()]);
        }
        pins
    }
}
