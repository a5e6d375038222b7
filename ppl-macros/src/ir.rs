//! What a model is between parsing and expansion. Lowering only notes what it finds wrong; `check` words it.

use proc_macro2::{Ident, Span, TokenStream};
use syn::{Attribute, Block, Error, ExprPath, Generics, Signature, Type, Visibility};

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
    /// The model that it guides, if it is a guide.
    pub guides: Option<ExprPath>,
    /// Whether it is a guide, of whatever.
    pub is_guide: bool,
}

/// An argument of a model.
pub struct Argument {
    /// Its name.
    pub name: Ident,
    /// Its type, no lifetime elided, latents in mode `__M`.
    pub ty: Type,
    /// Whether it is, or holds, a latent of the caller.
    pub latent: bool,
    /// Whether it is one latent number.
    pub scalar: bool,
}

/// A site. Its id is its index in [`Model::sites`].
pub struct Site {
    /// The variable or field that names it; `None` for what has no name of its own (`factor`, `for`, `plate`).
    pub ident: Option<Ident>,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: SiteKind,
    /// The plain type of its value, if it has one; of a submodel the type of its draw.
    pub ty: Option<Type>,
    /// What is known of a submodel.
    pub sub: Option<Submodel>,
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
    /// Of a plate, what is said of its elements: `.minibatch(b)`, `.mask(kept)`, `.scale(weights)`, `.parallel()`.
    pub options: Vec<Treatment>,
}

/// A model inside the model.
pub struct Submodel {
    /// The type of its latents.
    pub latents: Type,
    /// The type of some of them.
    pub partial: Type,
    /// Whether it is the model itself, so that its draw has to be boxed.
    pub recursive: bool,
}

/// What a site is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum SiteKind {
    /// `sample`
    Sample,
    /// `impute`
    Impute,
    /// `sample` under `#[enumerate]`
    Enumerate,
    /// `sample` under `#[branch]`
    Branch,
    /// `submodel`
    Submodel,
    /// `markov`
    Markov,
    /// `param`
    Param,
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
    /// `impute`
    Impute,
    /// `observe`
    Observe,
    /// `factor`
    Factor,
    /// `deterministic`
    Deterministic,
    /// `plate`
    Plate,
    /// `markov`
    Markov,
    /// `submodel`
    Submodel,
    /// `param`
    Param,
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
    /// A plate or chain whose element is not a closure literal.
    NoClosure(Word, TokenStream),
    /// A plate or chain whose closure has not as many arguments as it must have.
    ClosureArguments(Word, usize, Span),
    /// `let x = plate(..)` where the elements have enumerated sites.
    PlateValue(Span),
    /// `let x = plate(..).minibatch(b)`.
    OptionValue(String, Span),
    /// What a plate's elements can't be asked.
    UnknownOption(String, Span),
    /// The same said twice.
    SecondOption(String, Span),
    /// The wrong number of arguments of what is said of a plate's elements.
    OptionArity(String, usize, Span),
    /// What `submodel` can't name.
    NotACall(TokenStream),
    /// `let x: T = submodel(..)`.
    Annotated(TokenStream),
    /// `#[cfg]` on a site.
    Conditional(Span),
    /// `#[branch]` or `#[enumerate]` on what is not a site.
    NotASite(String, Span),
}

impl Model {
    /// What it is called.
    pub fn noun(&self) -> &'static str {
        if self.is_guide { "guide" } else { "model" }
    }
    /// Whether an argument is a latent of the caller: then it can only be a submodel.
    pub fn is_submodel(&self) -> bool {
        self.arguments.iter().any(|a| a.latent)
    }
}

impl Site {
    /// A site without a field, a type or a place.
    pub fn new(kind: SiteKind, name: String, span: Span) -> Self {
        Site {
            ident: None,
            name,
            kind,
            ty: None,
            sub: None,
            argument: None,
            span,
            places: Vec::new(),
            optional: false,
            treatments: Vec::new(),
            options: Vec::new(),
        }
    }
    /// The plates and loops around it.
    pub fn loops(&self) -> impl DoubleEndedIterator<Item = u32> + '_ {
        loops(self.places.first().map_or(&[], |p| p))
    }
    /// Whether something is said of a plate's elements.
    pub fn has_option(&self, word: &str) -> bool {
        self.options.iter().any(|option| option.word == word)
    }
    /// Whether it is a field of the draw.
    pub fn is_field(&self) -> bool {
        self.is_latent() || matches!(self.kind, SiteKind::Enumerate | SiteKind::Deterministic)
    }
    /// Whether it is a field of the latents: an enumerated site is summed out.
    pub fn is_latent(&self) -> bool {
        matches!(
            self.kind,
            SiteKind::Sample | SiteKind::Impute | SiteKind::Branch | SiteKind::Submodel
        )
    }
    /// Whether it can be given from outside.
    pub fn can_be_given(&self) -> bool {
        self.is_latent() || self.kind == SiteKind::Enumerate
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
        const WORDS: [Word; 9] = [
            Word::Sample,
            Word::Impute,
            Word::Observe,
            Word::Factor,
            Word::Deterministic,
            Word::Plate,
            Word::Markov,
            Word::Submodel,
            Word::Param,
        ];
        WORDS.into_iter().find(|w| ident == w.as_str())
    }
    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Word::Sample => "sample",
            Word::Impute => "impute",
            Word::Observe => "observe",
            Word::Factor => "factor",
            Word::Deterministic => "deterministic",
            Word::Plate => "plate",
            Word::Markov => "markov",
            Word::Submodel => "submodel",
            Word::Param => "param",
        }
    }
    /// How it is written.
    pub fn usage(self) -> &'static str {
        match self {
            Word::Sample => "let name: Type = sample(distribution);",
            Word::Impute => "let name: Vec<f64> = impute(data, distribution);",
            Word::Observe => "observe(data, distribution);",
            Word::Factor => "factor(term);",
            Word::Deterministic => "let name: Type = deterministic(value);",
            Word::Plate => "plate(n, |i| { .. });",
            Word::Markov => "markov(n, init, |t, prev| { .. next });",
            Word::Submodel => "let name = submodel(model(..));",
            Word::Param => "let name: Type = param(init, constraint);",
        }
    }
    /// The least and the greatest number of its arguments.
    pub fn arity(self) -> (usize, usize) {
        match self {
            Word::Markov => (3, 3),
            Word::Impute | Word::Observe | Word::Plate => (2, 2),
            Word::Param => (1, 2),
            Word::Sample | Word::Factor | Word::Deterministic | Word::Submodel => (1, 1),
        }
    }
    /// Whether `let` binds its value and names it.
    pub fn binds(self) -> bool {
        matches!(
            self,
            Word::Sample | Word::Impute | Word::Deterministic | Word::Submodel | Word::Param
        )
    }
}
