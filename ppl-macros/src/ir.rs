//! What a model is between parsing and expansion. Lowering only notes what it finds wrong; `check` words it.

use proc_macro2::{Ident, Span, TokenStream};
use syn::{Attribute, Block, Error, Generics, Signature, Type, Visibility};

/// A model.
pub struct Model {
    /// Attributes of the function.
    pub attrs: Vec<Attribute>,
    /// Visibility of the function and of everything made of it.
    pub vis: Visibility,
    /// The signature as written.
    pub sig: Signature,
    /// The name of the type.
    pub type_name: Ident,
    /// The generics of the type: those of the function, and a lifetime for its elided ones.
    pub generics: Generics,
    /// The arguments that are usable.
    pub arguments: Vec<Argument>,
    /// The sites, by id.
    pub sites: Vec<Site>,
    /// The body, its statements replaced by calls of the interpreter.
    pub body: Block,
    /// What is wrong.
    pub faults: Vec<Fault>,
}

/// An argument of a model.
pub struct Argument {
    /// Its name.
    pub name: Ident,
    /// Its type, no lifetime elided.
    pub ty: Type,
}

/// A site. Its id is its index in [`Model::sites`].
pub struct Site {
    /// The variable or field that names it; `None` for what has no name of its own (`factor`, `for`, `plate`).
    pub ident: Option<Ident>,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: SiteKind,
    /// The plain type of its value, if it has one.
    pub ty: Option<Type>,
    /// The argument whose data it observes.
    pub argument: Option<String>,
    /// Where it was first found.
    pub span: Span,
    /// Where it stands; more than one place if exclusive branches share it.
    pub places: Vec<Path>,
    /// Whether an element of its innermost loop, or the body, can be without it.
    pub optional: bool,
    /// Attributes that say how an engine treats it.
    pub treatments: Vec<Treatment>,
}

/// What a site is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum SiteKind {
    /// `sample`
    Sample,
    /// `observe`
    Observe,
    /// `factor`
    Factor,
    /// `deterministic`
    Deterministic,
    /// `plate`
    Plate,
    /// `for` with sites in it
    Loop,
}

/// `#[branch]`, `#[enumerate]`.
pub struct Treatment {
    /// The word in the brackets.
    pub word: String,
    /// Where it stands.
    pub span: Span,
}

/// The loops and branches around a place, the outermost first.
pub type Path = Vec<Step>;

/// A loop or a branch.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A plate or a `for`, by its site.
    Loop(u32),
    /// One of the arms of an `if`, a `match` or the like.
    Arm {
        /// Which `if` or `match`.
        fork: u32,
        /// Which arm.
        arm: u32,
    },
}

/// A statement of the language.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// `sample`
    Sample,
    /// `observe`
    Observe,
    /// `factor`
    Factor,
    /// `deterministic`
    Deterministic,
    /// `plate`
    Plate,
}

/// Where a statement can't be.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In `while`.
    While,
    /// In `loop`.
    Loop,
    /// In a closure that is not a plate's.
    Closure,
    /// In an item inside the body.
    Item,
    /// In an `async` block.
    Async,
    /// In a `const` block.
    Const,
    /// In a `try` block.
    Try,
    /// In the tokens of a macro.
    Macro,
    /// In the arguments of another statement.
    Arguments,
}

/// Something wrong in a body.
pub enum Fault {
    /// The body does not parse.
    Syntax(Error),
    /// A statement at a place where none can be.
    Misplaced(Word, Place, Span),
    /// A statement inside an expression.
    Nested(Word, Span),
    /// `sample` or `deterministic` as a statement without `let`.
    Unbound(Word, Span),
    /// `let x = observe(..)`.
    Bound(Word, Span),
    /// A pattern where a name must be.
    Pattern(Word, TokenStream),
    /// `let _ = ..`.
    Wildcard(Word, Span),
    /// `let .. else` around a statement.
    LetElse(Word, Span),
    /// The wrong number of arguments.
    Arity(Word, usize, Span),
    /// Explicit generics.
    Turbofish(Word, Span),
    /// Data without a name.
    Unnameable(TokenStream),
    /// A plate whose element is not a closure literal.
    NoClosure(TokenStream),
    /// A plate whose closure has not one argument.
    PlateArguments(usize, Span),
    /// A statement or attribute of a later version.
    NotYet(String, Span),
    /// `#[cfg]` on a site.
    Conditional(Span),
    /// `#[branch]` or `#[enumerate]` on what is not a site.
    NotASite(String, Span),
}

impl Site {
    /// The plates and loops around it.
    pub fn loops(&self) -> impl DoubleEndedIterator<Item = u32> + '_ {
        loops(self.places.first().map_or(&[], |p| p))
    }
    /// Whether it is a field of the draw.
    pub fn is_field(&self) -> bool {
        matches!(self.kind, SiteKind::Sample | SiteKind::Deterministic)
    }
    /// Whether it runs once in every execution.
    pub fn always(&self) -> bool {
        !self.optional && self.loops().next().is_none()
    }
}

/// The plates and loops of a path.
pub fn loops(path: &[Step]) -> impl DoubleEndedIterator<Item = u32> + '_ {
    path.iter().filter_map(|step| match step {
        Step::Loop(id) => Some(*id),
        Step::Arm { .. } => None,
    })
}

/// Whether two places are in different arms of one branch.
pub fn exclusive(a: &[Step], b: &[Step]) -> bool {
    let differing = a.iter().zip(b).find(|(x, y)| x != y);
    matches!(
        differing,
        Some((Step::Arm { fork: f, .. }, Step::Arm { fork: g, .. })) if f == g
    )
}

impl Word {
    /// The statement of a name.
    pub fn of(ident: &Ident) -> Option<Word> {
        const WORDS: [Word; 5] = [
            Word::Sample,
            Word::Observe,
            Word::Factor,
            Word::Deterministic,
            Word::Plate,
        ];
        WORDS.into_iter().find(|w| ident == w.as_str())
    }
    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Word::Sample => "sample",
            Word::Observe => "observe",
            Word::Factor => "factor",
            Word::Deterministic => "deterministic",
            Word::Plate => "plate",
        }
    }
    /// How it is written.
    pub fn usage(self) -> &'static str {
        match self {
            Word::Sample => "let name: Type = sample(distribution);",
            Word::Observe => "observe(data, distribution);",
            Word::Factor => "factor(term);",
            Word::Deterministic => "let name: Type = deterministic(value);",
            Word::Plate => "plate(n, |i| { .. });",
        }
    }
    /// The number of its arguments.
    pub fn arity(self) -> usize {
        match self {
            Word::Observe | Word::Plate => 2,
            Word::Sample | Word::Factor | Word::Deterministic => 1,
        }
    }
}
