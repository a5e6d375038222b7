//! What a bound model keeps: statistics of its data.
//!
//! They stay right because the data do: arguments are borrowed or copied numbers, and the model has them borrowed for as long as it
//! lives. Its fields may be given new values, which is noticed: other numbers, or a slice elsewhere.

use super::digits::Digits;
use super::record::Off;
use super::run::Run;
use super::sources::Line;
use super::watch::Blind;
use super::{Model, Probe};
use crate::dist::reduced::{Reducing, Reduction};
use crate::real::{Symbolic, symbolic};
use bumpalo::Bump;
use std::sync::OnceLock;

/// Which data an argument is: where they lie and how many they are, or the number itself.
type Token = [u64; 2];

/// Statistics of a model's data, found when they are first wanted.
#[derive(Debug, Default)]
pub struct Bound(OnceLock<Learned>);

#[derive(Debug)]
struct Learned {
    arguments: Vec<Token>,
    sites: Vec<Option<Reduction>>,
}

impl Bound {
    /// Nothing known yet.
    pub const fn new() -> Self {
        Bound(OnceLock::new())
    }
    /// The statistics of a model with these arguments, if all of them are known to stay as they are.
    #[inline]
    pub fn statistics<const N: usize, Md: Model>(
        &self,
        model: &Md,
        arguments: [Option<Token>; N],
    ) -> Option<&[Option<Reduction>]> {
        let mut now = [[0; 2]; N];
        for (now, argument) in now.iter_mut().zip(arguments) {
            *now = argument?;
        }
        let learned = match self.0.get() {
            Some(learned) => learned,
            None => self.learn(model, &now),
        };
        // Number by number: in lanes it would wait for what was just written.
        let known = learned.arguments.first_chunk::<N>()?;
        let mut differ = 0;
        for (known, now) in known.iter().zip(&now) {
            differ |= (known[0] ^ now[0]) | (known[1] ^ now[1]);
        }
        let same = !learned.sites.is_empty() && differ == 0;
        same.then_some(&learned.sites[..])
    }
    #[cold]
    #[inline(never)]
    fn learn<Md: Model>(&self, model: &Md, arguments: &[Token]) -> &Learned {
        self.0.get_or_init(|| Learned {
            arguments: arguments.to_vec(),
            sites: learn(model),
        })
    }
}

/// Executes a model in symbolic mode.
fn learn<Md: Model>(model: &Md) -> Vec<Option<Reduction>> {
    let mut sites = Vec::new();
    if Md::SUMS || Md::PARALLEL {
        return sites;
    }
    let (arena, mut digits) = (Bump::new(), Digits::default());
    symbolic::begin();
    let source = Line::<Symbolic>::new(&[]);
    let mut run = Run::new(source, Off, Blind::<0>, &arena, &mut digits);
    run.reducing = Reducing::Learn(&mut sites);
    run.model(model);
    drop(run);
    if symbolic::spoiled() || sites.iter().all(Option::is_none) {
        return Vec::new();
    }
    sites
}

/// Numbers, and collections of them in one piece: what can't change while it is borrowed.
pub trait Plain {}
macro_rules! plain {
    ($($ty:ty)*) => { $(
        impl Plain for $ty {}
        impl Fixed for Probe<'_, $ty> {
            #[inline]
            fn __token(&self) -> Option<Token> { Some([*self.0 as u64, 0]) }
        }
    )* };
}
plain!(bool u8 u16 u32 u64 usize i8 i16 i32 i64 isize);
impl Plain for f64 {}
impl Plain for f32 {}
impl<T: Plain, const N: usize> Plain for [T; N] {}
impl<T: Plain> Plain for Option<T> {}
impl<A: Plain, B: Plain> Plain for (A, B) {}

/// An argument that stays as it is while a model has it. Method resolution picks it where it applies, else [`NotFixed`].
pub trait Fixed {
    /// Which data it is.
    fn __token(&self) -> Option<Token>;
}
impl Fixed for Probe<'_, f64> {
    #[inline]
    fn __token(&self) -> Option<Token> {
        Some([self.0.to_bits(), 0])
    }
}
impl Fixed for Probe<'_, (f64, f64)> {
    #[inline]
    fn __token(&self) -> Option<Token> {
        Some([self.0.0.to_bits(), self.0.1.to_bits()])
    }
}
impl<T: Plain> Fixed for Probe<'_, &[T]> {
    #[inline]
    fn __token(&self) -> Option<Token> {
        Some([self.0.as_ptr() as u64, self.0.len() as u64])
    }
}
impl<T: Plain> Fixed for Probe<'_, &Vec<T>> {
    #[inline]
    fn __token(&self) -> Option<Token> {
        Some([self.0.as_ptr() as u64, self.0.len() as u64])
    }
}
impl<T: Plain, const N: usize> Fixed for Probe<'_, &[T; N]> {
    #[inline]
    fn __token(&self) -> Option<Token> {
        Some([self.0.as_ptr() as u64, N as u64])
    }
}

/// Any other argument.
pub trait NotFixed {
    /// Nothing.
    fn __token(&self) -> Option<Token>;
}
impl<T> NotFixed for &Probe<'_, T> {
    #[inline]
    fn __token(&self) -> Option<Token> {
        None
    }
}
