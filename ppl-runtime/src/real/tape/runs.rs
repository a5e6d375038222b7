//! Numbers one after the other: the partial derivatives of runs of operands.

/// Memory for numbers, of which the first `used` are written. Few are copied without a call.
pub(super) struct Runs {
    memory: Vec<f64>,
    used: usize,
}

impl Runs {
    /// With no memory yet.
    pub(super) const fn new() -> Self {
        Runs {
            memory: Vec::new(),
            used: 0,
        }
    }
    /// Appends numbers; where they begin.
    #[inline(always)]
    pub(super) fn put(&mut self, numbers: &[f64]) -> u64 {
        let (at, n) = (self.used, numbers.len());
        if self.memory.len() - at < n {
            self.grow(n);
        }
        self.used += n;
        let (to, last_to) = self.memory[at..at + n].as_chunks_mut::<8>();
        let (from, last) = numbers.as_chunks::<8>();
        let mut eights = to.iter_mut().zip(from);
        // The first by itself: the loop is a call of `memcpy`.
        if let Some((to, from)) = eights.next() {
            *to = *from;
        }
        for (to, from) in eights {
            *to = *from;
        }
        for k in 0..8 {
            if k < last.len() {
                last_to[k] = last[k];
            }
        }
        at as u64
    }
    /// Room for `n` numbers and seven more, to be [kept](Runs::keep) or not.
    #[inline(always)]
    pub(super) fn room(&mut self, n: usize) -> &mut [f64] {
        if self.memory.len() - self.used < n + 7 {
            self.grow(n + 7);
        }
        &mut self.memory[self.used..self.used + n + 7]
    }
    /// Appends the first `n` numbers of the room; where they begin.
    #[inline(always)]
    pub(super) fn keep(&mut self, n: usize) -> u64 {
        let at = self.used;
        self.used += n;
        at as u64
    }
    #[cold]
    fn grow(&mut self, n: usize) {
        let room = 2 * (self.used + n).max(128);
        self.memory.resize(room, 0.0);
    }
    /// How many there are.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.used
    }
    /// Forgets all but the first `n`.
    #[inline]
    pub(super) fn truncate(&mut self, n: usize) {
        self.used = n;
    }
    /// All of them.
    #[inline]
    pub(super) fn all(&self) -> &[f64] {
        &self.memory[..self.used]
    }
}
