//! Takes what a partial gives: a tree of values by site, loop and element.

use crate::real::Value;
use crate::support::Latent;
use bumpalo::Bump;

/// Some of a model's latents: what [`Condition`](crate::model::Condition) takes. `#[model]` writes it for the `..Partial` type.
pub trait Partial {
    /// Says which sites have which values.
    fn pin(&self, into: &mut Pinning<'_>);
}
impl<P: Partial> Partial for Option<Box<P>> {
    fn pin(&self, into: &mut Pinning<'_>) {
        if let Some(partial) = self {
            partial.pin(into);
        }
    }
}

/// One frame of the tree: the body of a model, or an element of a loop in it. A submodel is a loop of one element.
#[derive(Clone, Debug, Default)]
pub(super) struct Frame {
    /// Sites by where their numbers begin.
    pub(super) values: Vec<(u32, usize)>,
    pub(super) loops: Vec<Elements>,
}

#[derive(Clone, Debug)]
pub(super) struct Elements {
    pub(super) site: u32,
    pub(super) frames: Vec<usize>,
    /// As many elements are given of these sites.
    pub(super) lengths: Vec<(u32, usize)>,
}

/// Takes the values of a [`Partial`].
pub struct Pinning<'t> {
    tree: &'t mut Tree,
    frame: usize,
}

/// The values of a [`Partial`] as they come.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    /// The outermost first.
    pub(super) frames: Vec<Frame>,
    pub(super) numbers: Vec<f64>,
}

impl Tree {
    pub(super) fn of(partial: &impl Partial) -> Self {
        let mut tree = Tree {
            frames: vec![Frame::default()],
            numbers: Vec::new(),
        };
        partial.pin(&mut Pinning {
            tree: &mut tree,
            frame: 0,
        });
        tree
    }
}

impl Pinning<'_> {
    /// The value of a site, if it is given.
    pub fn value<T: Latent>(&mut self, site: u32, x: &Option<T>) {
        let Some(x) = x else { return };
        let at = self.tree.numbers.len();
        self.tree.frames[self.frame].values.push((site, at));
        let arena = Bump::new();
        T::write::<Value>(&x.constant::<Value>(&arena), &mut self.tree.numbers);
    }
    /// The elements of a loop, for one of the sites in it. No element at all gives nothing.
    pub fn many<P>(
        &mut self,
        around: u32,
        site: u32,
        elements: &[P],
        each: impl Fn(&mut Pinning<'_>, &P),
    ) {
        if elements.is_empty() {
            return;
        }
        let frames = self.elements(around, site, elements.len());
        for (frame, element) in frames.into_iter().zip(elements) {
            let tree = &mut *self.tree;
            each(&mut Pinning { tree, frame }, element);
        }
    }
    /// The values of a submodel.
    pub fn sub(&mut self, site: u32, partial: &impl Partial) {
        for frame in self.elements(site, site, 1) {
            let tree = &mut *self.tree;
            partial.pin(&mut Pinning { tree, frame });
        }
    }
    /// The frames of a loop, made where they are not there yet.
    fn elements(&mut self, around: u32, site: u32, n: usize) -> Vec<usize> {
        let Tree { frames, .. } = &mut *self.tree;
        let made = frames.len();
        let loops = &mut frames[self.frame].loops;
        let found = loops.iter().position(|l| l.site == around);
        let k = found.unwrap_or_else(|| {
            loops.push(Elements {
                site: around,
                frames: Vec::new(),
                lengths: Vec::new(),
            });
            loops.len() - 1
        });
        let elements = &mut loops[k];
        elements.lengths.push((site, n));
        let more = n.saturating_sub(elements.frames.len());
        elements.frames.extend(made..made + more);
        let all = elements.frames[..n].to_vec();
        frames.resize_with(made + more, Frame::default);
        all
    }
}
