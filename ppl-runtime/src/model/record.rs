//! What one execution did: the values of its sites by loop and element.

use crate::random::Rng;
use crate::real::{Mode, Real};
use crate::support::{Latent, Reader};
use rand::RngExt;

/// Listens to an execution. The one that hears nothing is compiled out.
pub trait Recorder<M: Mode> {
    /// Whether values of sites are wanted.
    const ON: bool;
    /// Whether the density is wanted.
    const SCORE: bool;
    /// Whether enumerated sites are to be drawn from their conditional distribution.
    const RECOVER: bool = false;
    /// Whether nothing is listened to just now.
    #[inline]
    fn paused(&self) -> bool {
        false
    }
    /// Stops listening, or goes on; calls nest.
    fn pause(&mut self, _paused: bool) {}
    /// A uniform number, to draw enumerated sites with.
    fn uniform(&mut self) -> f64 {
        0.5
    }
    /// A value of a site.
    fn value<T: Latent>(&mut self, site: u32, x: &T::At<'_, M>);
    /// A value that is computed or summed out: it has no coordinates.
    #[inline]
    fn derived<T: Latent>(&mut self, site: u32, x: &T::At<'_, M>) {
        self.value::<T>(site, x);
    }
    /// A value of which only the missing elements have coordinates.
    #[inline]
    fn imputed<T: Latent>(&mut self, site: u32, x: &T::At<'_, M>, _missing: &[Real<M>]) {
        self.derived::<T>(site, x);
    }
    /// Begins a loop; returns what closes it.
    fn enter(&mut self, site: u32) -> usize;
    /// Begins an element.
    fn next(&mut self, open: usize);
    /// Ends a loop.
    fn leave(&mut self, open: usize);
}

/// Listens to nothing.
pub struct Off;

impl<M: Mode> Recorder<M> for Off {
    const ON: bool = false;
    const SCORE: bool = true;
    #[inline]
    fn value<T: Latent>(&mut self, _: u32, _: &T::At<'_, M>) {}
    #[inline]
    fn enter(&mut self, _: u32) -> usize {
        0
    }
    #[inline]
    fn next(&mut self, _: usize) {}
    #[inline]
    fn leave(&mut self, _: usize) {}
}

/// The values of one execution: a tree of frames, the outermost first. A frame is the body or one element of a loop.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    numbers: Vec<f64>,
    frames: Vec<Node>,
    open: Vec<Open>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Node {
    values: Values,
    /// Loops by element; a submodel is a loop of one element.
    loops: Vec<Loops>,
}

type Loops = (u32, Vec<usize>);

/// A site, whether it has no coordinates, and where its numbers begin.
type Value = (u32, bool, usize);

/// The sites of a frame: the first few in place, since most frames are elements of plates, of which there are many.
#[derive(Clone, Debug, Default, PartialEq)]
struct Values {
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
    fn iter(&self) -> impl DoubleEndedIterator<Item = &Value> {
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
    /// The outermost frame.
    pub fn frame(&self) -> Frame<'_> {
        Frame {
            record: self,
            node: 0,
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

/// A [`Record`] in which enumerated sites are drawn from their conditional distribution given the rest.
pub struct Recovered<'r> {
    /// What was recorded.
    pub record: Record,
    rng: &'r mut Rng,
    paused: usize,
}

impl<'r> Recovered<'r> {
    /// Nothing yet.
    pub fn new(rng: &'r mut Rng) -> Self {
        Recovered {
            record: Record::new(),
            rng,
            paused: 0,
        }
    }
}

impl<M: Mode> Recorder<M> for Recovered<'_> {
    const ON: bool = true;
    const SCORE: bool = true;
    const RECOVER: bool = true;
    fn paused(&self) -> bool {
        self.paused > 0
    }
    fn pause(&mut self, paused: bool) {
        if paused {
            self.paused += 1;
        } else {
            self.paused -= 1;
        }
    }
    fn uniform(&mut self) -> f64 {
        self.rng.random()
    }
    fn value<T: Latent>(&mut self, site: u32, x: &T::At<'_, M>) {
        if self.paused == 0 {
            Recorder::<M>::value::<T>(&mut self.record, site, x);
        }
    }
    fn enter(&mut self, site: u32) -> usize {
        if self.paused == 0 {
            Recorder::<M>::enter(&mut self.record, site)
        } else {
            usize::MAX
        }
    }
    fn next(&mut self, open: usize) {
        if self.paused == 0 {
            Recorder::<M>::next(&mut self.record, open);
        }
    }
    fn leave(&mut self, open: usize) {
        if self.paused == 0 {
            Recorder::<M>::leave(&mut self.record, open);
        }
    }
}

/// One frame of a [`Record`], read by site.
#[derive(Copy, Clone)]
pub struct Frame<'r> {
    record: &'r Record,
    node: usize,
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
