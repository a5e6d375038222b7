//! Edges, and the marks in their heads.

/// Operands side by side. Both halves are as wide as a partial: what was just written is read back at once, and the
/// machine hands on whole stores alone.
#[derive(Copy, Clone)]
#[repr(C)]
pub(super) struct Edge {
    /// The node of the first operand, and in the high half twice the number of operands, and one more if it is the
    /// last edge of its node.
    pub(super) head: u64,
    /// The partial derivative by a single operand; of a run, where its partials begin (as bits).
    pub(super) partial: f64,
}

impl Edge {
    #[inline(always)]
    pub(super) fn new(operand: u32, count: u32, partial: f64) -> Edge {
        let head = u64::from(count) << 32 | u64::from(operand);
        Edge { head, partial }
    }
    #[inline(always)]
    pub(super) fn operand(&self) -> u32 {
        self.head as u32
    }
    /// The number of operands; of a group's edge, of nodes.
    #[inline(always)]
    pub(super) fn operands(&self) -> u32 {
        (self.head >> 33) as u32 & (GROUP - 1) >> 1
    }
    #[inline(always)]
    pub(super) fn is_last(&self) -> bool {
        self.head & LAST_BIT != 0
    }
    #[inline(always)]
    pub(super) fn is_group(&self) -> bool {
        self.head & GROUP_BIT != 0
    }
}

/// Marks the last edge of a node in its count.
pub(super) const LAST: u32 = 1;
pub(super) const LAST_BIT: u64 = (LAST as u64) << 32;
/// Marks an edge that stands for a group of nodes; see [`Tape::group`].
pub(super) const GROUP: u32 = 1 << 31;
pub(super) const GROUP_BIT: u64 = (GROUP as u64) << 32;
