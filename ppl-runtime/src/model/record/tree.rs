//! The tree of what ran.

use super::Recorder;
use crate::real::Mode;
use crate::support::Latent;

/// The values of one execution: a tree of frames, the outermost first. A frame is the body or one element of a loop.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    pub(super) numbers: Vec<f64>,
    pub(super) frames: Vec<Node>,
    open: Vec<Open>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Node {
    pub(super) values: Values,
    /// Loops by element; a submodel is a loop of one element.
    pub(super) loops: Vec<Loops>,
}

pub(super) type Loops = (u32, Vec<usize>);

/// A site, whether it has no coordinates, and where its numbers begin.
pub(super) type Value = (u32, bool, usize);

/// The sites of a frame: the first few in place, since most frames are elements of plates, of which there are many.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Values {
    few: [Option<Value>; 2],
    more: Vec<Value>,
}

impl Values {
    fn push(&mut self, value: Value) {
        match self.few.iter_mut().find(|v| v.is_none()) {
            Some(place) => *place = Some(value),
            None => self.more.push(value),
        }
    }
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &Value> {
        self.few.iter().flatten().chain(&self.more)
    }
}

#[derive(Copy, Clone, Debug, PartialEq)]
struct Open {
    /// The frame that holds the loop, and which of its loops.
    parent: usize,
    index: usize,
    /// The element under way.
    frame: Option<usize>,
}

impl Record {
    /// Nothing yet.
    pub fn new() -> Self {
        Record {
            numbers: Vec::new(),
            frames: vec![Node::default()],
            open: Vec::new(),
        }
    }
    fn push<M: Mode, T: Latent>(&mut self, site: u32, x: &T::At<'_, M>, derived: bool) {
        let frame = self.current();
        let begin = self.numbers.len();
        self.frames[frame].values.push((site, derived, begin));
        T::write::<M>(x, &mut self.numbers);
    }
    fn current(&self) -> usize {
        self.open.iter().rev().find_map(|o| o.frame).unwrap_or(0)
    }
    /// A site that one of two executions has and the other has not, or has in another size.
    pub(crate) fn difference(&self, other: &Record) -> Option<u32> {
        self.frames_differ(0, other, 0)
    }
    /// The sites and loops of a frame that take coordinates: the others may come and go.
    fn with_coordinates(&self, frame: usize) -> Vec<u32> {
        let node = &self.frames[frame];
        let values = node.values.iter().filter(|v| !v.1).map(|v| v.0);
        let loops = node.loops.iter();
        let loops = loops.filter(|l| l.1.iter().any(|f| !self.with_coordinates(*f).is_empty()));
        values.chain(loops.map(|l| l.0)).collect()
    }
    fn frames_differ(&self, a: usize, other: &Record, b: usize) -> Option<u32> {
        let (x, y) = (&self.frames[a], &other.frames[b]);
        let (s, t) = (self.with_coordinates(a), other.with_coordinates(b));
        if s != t {
            return s
                .iter()
                .find(|k| !t.contains(k))
                .or(t.iter().find(|k| !s.contains(k)))
                .or(s.first())
                .copied();
        }
        let (held, like) = (|l: &&Loops| s.contains(&l.0), |m: &&Loops| t.contains(&m.0));
        for (l, m) in x.loops.iter().filter(held).zip(y.loops.iter().filter(like)) {
            if l.1.len() != m.1.len() {
                return Some(l.0);
            }
            if let Some(site) =
                l.1.iter()
                    .zip(&m.1)
                    .find_map(|(i, j)| self.frames_differ(*i, other, *j))
            {
                return Some(site);
            }
        }
        None
    }
}

impl<M: Mode> Recorder<M> for Record {
    const ON: bool = true;
    const SCORE: bool = false;
    fn value<T: Latent>(&mut self, site: u32, x: &T::At<'_, M>) {
        self.push::<M, T>(site, x, false);
    }
    fn derived<T: Latent>(&mut self, site: u32, x: &T::At<'_, M>) {
        self.push::<M, T>(site, x, true);
    }
    fn enter(&mut self, site: u32) -> usize {
        let parent = self.current();
        let index = self.frames[parent].loops.len();
        self.frames[parent].loops.push((site, Vec::new()));
        self.open.push(Open {
            parent,
            index,
            frame: None,
        });
        self.open.len() - 1
    }
    fn next(&mut self, open: usize) {
        self.open.truncate(open + 1);
        let frame = self.frames.len();
        self.frames.push(Node::default());
        if let Some(o) = self.open.last_mut() {
            o.frame = Some(frame);
            self.frames[o.parent].loops[o.index].1.push(frame);
        }
    }
    fn leave(&mut self, open: usize) {
        self.open.truncate(open);
    }
}
