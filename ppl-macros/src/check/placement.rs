//! Rules of single statements: what the walk through the body has noted.

use super::Errors;
use super::wording::{at, on};
use crate::ir::{Fault, Model, Place, Word};
use crate::lower::options::PARALLEL;
use proc_macro2::Span;
use syn::Error;

/// Every fault of the body.
pub fn faults(model: &Model, errors: &mut Errors) {
    errors.extend(model.faults.iter().map(fault));
}

fn fault(fault: &Fault) -> Error {
    match fault {
        Fault::Syntax(error) => error.clone(),
        Fault::Misplaced(word, place, span) => misplaced(*word, *place, *span),
        Fault::Nested(word, span) => nested(*word, *span),
        Fault::Unbound(word, span) => unbound(*word, *span),
        Fault::Bound(word, span) => at(
            *span,
            format!("`{}` has no value to bind", word.as_str()),
            bound_help(*word),
        ),
        Fault::Pattern(Word::Submodel, pattern) => on(
            pattern,
            "`submodel` binds a plain name: that of the site",
            "bind a name and take it apart after: `let prior = submodel(hyper(5.0)); let (mu, tau) = prior;`",
        ),
        Fault::Pattern(word, pattern) => on(
            pattern,
            format!("`{}` binds a plain name: that of the site", word.as_str()),
            "bind a name and take it apart after: `let pair: [f64; 2] = ..; let [a, b] = pair;`",
        ),
        Fault::Wildcard(word, span) => at(
            *span,
            format!(
                "`{}` has its name from the variable it binds",
                word.as_str()
            ),
            "name it: the site is a field of the draw, whether or not the body goes on with its value",
        ),
        Fault::LetElse(word, span) => at(
            *span,
            format!("`{}` never fails, so it has no `else`", word.as_str()),
            format!("write `{}` and look at its value after", word.usage()),
        ),
        Fault::Arity(word, given, span) => arity(*word, *given, *span),
        Fault::Turbofish(word, span) => at(
            *span,
            format!("`{}` has no explicit generics", word.as_str()),
            turbofish_help(*word),
        ),
        Fault::Unnameable(data) => on(
            data,
            "these data have no name",
            "bind them first, and the site is named by the variable: `let y_i = ..; observe(y_i, ..);`",
        ),
        Fault::NoClosure(word, element) => on(
            element,
            format!("{} are written as a closure in place", elements(*word)),
            format!("write `{}`", word.usage().trim_end_matches(';')),
        ),
        Fault::ClosureArguments(Word::Markov, given, span) => at(
            *span,
            format!(
                "the closure of a chain has two arguments, the index of the step and the state before it; this one has {given}"
            ),
            "write `markov(n, init, |t, prev| { .. next })`",
        ),
        Fault::ClosureArguments(_, given, span) => at(
            *span,
            format!(
                "the closure of a plate has one argument, the index of the element; this one has {given}"
            ),
            "write `plate(n, |i| { .. })`",
        ),
        Fault::PlateValue(span) => at(
            *span,
            "the value of a plate that enumerates: its elements are summed over, so none has a value",
            "leave out the `let`; what goes from one element to the next is the state of a `markov`, and what is recorded is `deterministic`",
        ),
        Fault::OptionValue(option, span) if option == PARALLEL => at(
            *span,
            "a plate with `.parallel()` has no value: a thread has only the elements of its part",
            "leave out the `let`; what is recorded is `sample`d or `deterministic`, and what the body goes on with comes from a plate without `.parallel()`",
        ),
        Fault::OptionValue(option, span) => at(
            *span,
            format!(
                "a plate with `.{option}(..)` has no value: not all of its elements count alike"
            ),
            "leave out the `let`; what is recorded is `sample`d or `deterministic`",
        ),
        Fault::UnknownOption(option, span) => {
            at(*span, format!("a plate has no `{option}`"), OPTIONS)
        }
        Fault::SecondOption(option, span) => at(
            *span,
            format!("a second `{}` of one plate", written(option)),
            "write it once",
        ),
        Fault::OptionArity(option, given, span) if option == PARALLEL => at(
            *span,
            format!("`.parallel()` has no argument; {given} given"),
            "leave it out: into how many parts a plate is divided follows from the number of its elements",
        ),
        Fault::OptionArity(option, given, span) => at(
            *span,
            format!("`.{option}(..)` has one argument; {given} given"),
            OPTIONS,
        ),
        Fault::NotACall(program) => on(
            program,
            "`submodel` takes the call of a model: the function names the type of the draw",
            "write the call in place: `let prior = submodel(hyper(5.0));`",
        ),
        Fault::Annotated(ty) => on(
            ty,
            "the value of a `submodel` has the type that its function returns",
            "leave the annotation out: `let prior = submodel(hyper(5.0));`",
        ),
        Fault::Conditional(span) => at(
            *span,
            "a site can't be `#[cfg]`: its field is in the draw either way",
            "put `#[cfg]` on two models, or branch on `cfg!(..)`",
        ),
        Fault::NotASite(word, span) => at(
            *span,
            format!("`#[{word}]` is not on a latent"),
            "it says how a `let name = sample(..)` is treated, and stands before it",
        ),
    }
}

/// What is said of a plate's elements, as a person writes it.
pub fn written(option: &str) -> String {
    let arguments = if option == PARALLEL { "" } else { ".." };
    format!(".{option}({arguments})")
}

const OPTIONS: &str = "write `.minibatch(b)` for b elements at a time, `.scale(&weights)` for elements that count more or less, `.mask(&kept)` to leave some out, `.parallel()` to divide them among threads";

fn elements(word: Word) -> &'static str {
    match word {
        Word::Markov => "the steps of a chain",
        _ => "the elements of a plate",
    }
}

fn misplaced(word: Word, place: Place, span: Span) -> Error {
    let name = word.as_str();
    let (inside, help) = match place {
        Place::While => (
            "in a `while`",
            "how often it runs could depend on a latent; write `for _ in 0..n` or `plate(n, |i| { .. })`",
        ),
        Place::Loop => (
            "in a `loop`",
            "how often it runs could depend on a latent; write `for _ in 0..n` or `plate(n, |i| { .. })`",
        ),
        Place::Closure => (
            "in a closure",
            "only the closures of `plate` and `markov` have statements; for independent elements write `plate(n, |i| { .. })`, `.iid()` or `each(..)`",
        ),
        Place::Item => (
            "in an item of its own",
            "a helper function takes and returns values; move the statement into the body of the model",
        ),
        Place::Async => ("in an `async` block", "move it into the body of the model"),
        Place::Const => ("in a `const` block", "move it into the body of the model"),
        Place::Try => ("in a `try` block", "move it into the body of the model"),
        Place::Macro => (
            "in the arguments of a macro, which `#[model]` can't look into",
            "make it a statement of its own before the macro",
        ),
        Place::Arguments => (
            "in the arguments of another statement",
            "make it a statement of its own before",
        ),
    };
    at(span, format!("`{name}` can't be {inside}"), help)
}

fn nested(word: Word, span: Span) -> Error {
    at(
        span,
        format!("`{}` can't be inside an expression", word.as_str()),
        format!("make it a statement of its own: `{}`", word.usage()),
    )
}

fn unbound(word: Word, span: Span) -> Error {
    at(
        span,
        format!(
            "`{}` has its name from the variable it binds, and this binds none",
            word.as_str()
        ),
        format!("write `{}`", word.usage()),
    )
}

fn bound_help(word: Word) -> &'static str {
    match word {
        Word::Observe => {
            "write `observe(data, distribution);`; a value that is used later is `sample`d"
        }
        Word::Markov => {
            "write `markov(n, init, |t, prev| { .. next });`: its sites are in the draw, its last state is not a value"
        }
        _ => "write `factor(term);`",
    }
}

fn arity(word: Word, given: usize, span: Span) -> Error {
    let arguments = match word.arity() {
        (1, 1) => "one argument",
        (1, _) => "one or two arguments",
        (2, _) => "two arguments",
        _ => "three arguments",
    };
    at(
        span,
        format!("`{}` has {arguments}; {given} given", word.as_str()),
        format!("write `{}`", word.usage()),
    )
}

fn turbofish_help(word: Word) -> &'static str {
    match word {
        Word::Sample => "annotate the variable: `let name: Type = sample(distribution);`",
        Word::Impute => "annotate the variable: `let name: Vec<f64> = impute(data, distribution);`",
        Word::Deterministic => "annotate the variable: `let name: Type = deterministic(value);`",
        Word::Param => "annotate the variable: `let name: Type = param(init, constraint);`",
        _ => "leave them out: they follow from the arguments",
    }
}
