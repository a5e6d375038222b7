//! Elements of plates that run until their source is content.

use crate::dist::source::Source;
use crate::model::Interpreter;
use crate::model::record::Recorder;
use crate::model::run::Run;
use crate::model::watch::Watch;
use crate::real::{Mode, Real};

impl<'a, M: Mode, S: Source<M>, R: Recorder<M>, W: Watch<M>> Run<'a, M, S, R, W> {
    /// A plate whose elements may run again.
    pub(in crate::model) fn plate_settled(
        &mut self,
        site: u32,
        n: usize,
        f: impl Fn(&mut Self, usize),
    ) {
        let open = self.enter(site);
        for i in 0..n {
            self.next(open);
            self.settle(|run| f(run, i));
        }
        self.leave(open);
    }

    /// Runs an element as often as the source wants. Its log likelihood is the source's and not this execution's.
    pub(in crate::model) fn settle<Q>(&mut self, f: impl Fn(&mut Self) -> Q) -> Q {
        self.source.element();
        let before = self.likelihood;
        let depth = self.pins.depth();
        let value = loop {
            self.pins.back_to(depth);
            self.likelihood = Real::constant(0.0);
            let value = f(self);
            if !self.source.again(self.likelihood.value()) {
                break value;
            }
        };
        self.likelihood = before;
        value
    }
}
