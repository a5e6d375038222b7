//! Memory that few executions need, made when it is first wanted.

use bumpalo::Bump;

/// What can be made in an arena.
pub(super) trait Shelved<'a> {
    /// Nothing in it yet.
    fn new(arena: &'a Bump) -> Self;
}

/// Something that is made when it is first wanted: an execution that does not would spend some twentieth of the time of a small model
/// on it.
pub(super) struct Shelf<'a, T> {
    arena: &'a Bump,
    made: Option<&'a mut T>,
}

impl<'a, T: Shelved<'a>> Shelf<'a, T> {
    #[inline(always)]
    pub fn new(arena: &'a Bump) -> Self {
        Shelf { arena, made: None }
    }
    #[inline]
    pub fn get(&mut self) -> &mut T {
        let arena = self.arena;
        self.made.get_or_insert_with(|| make(arena))
    }
}

#[cold]
#[inline(never)]
fn make<'a, T: Shelved<'a>>(arena: &'a Bump) -> &'a mut T {
    arena.alloc(T::new(arena))
}
