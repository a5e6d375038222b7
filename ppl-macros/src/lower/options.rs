//! What is said of a plate's elements: `plate(..).minibatch(b).mask(&kept).scale(&weights).parallel()`.

use super::body::Walk;
use super::plates::Binding;
use super::statements::{call, called_word};
use crate::ir::{Fault, Treatment, Word};
use proc_macro2::{Ident, TokenStream};
use quote::quote_spanned;
use syn::Expr;

/// Divides a plate among threads.
pub const PARALLEL: &str = "parallel";

/// One of them.
pub(super) struct PlateOption {
    pub(super) name: Ident,
    arguments: Vec<Expr>,
}

/// Takes them from a plate, and leaves its call. `None` if it is not a plate with some.
pub(super) fn take(expr: &mut Expr) -> Option<Vec<PlateOption>> {
    if !of_plate(expr) {
        return None;
    }
    let mut options = Vec::new();
    while let Expr::MethodCall(method) = expr {
        options.push(PlateOption {
            name: method.method.clone(),
            arguments: method.args.iter().cloned().collect(),
        });
        *expr = (*method.receiver).clone();
    }
    options.reverse();
    Some(options)
}

/// Whether an expression is a method of a plate.
pub(super) fn of_plate(expr: &Expr) -> bool {
    fn plate(expr: &Expr) -> bool {
        match expr {
            Expr::MethodCall(method) => plate(&method.receiver),
            Expr::Group(group) => plate(&group.expr),
            other => called_word(other) == Some(Word::Plate) && call(other).is_some(),
        }
    }
    matches!(expr, Expr::MethodCall(_)) && plate(expr)
}

impl Walk {
    /// Looks at what is said of a plate's elements, and says it to the interpreter.
    pub(super) fn options(
        &mut self,
        options: &mut [PlateOption],
        binding: &Binding,
    ) -> Option<(TokenStream, Vec<Treatment>)> {
        let first = options.first()?.name.span();
        let mut elements = quote_spanned!(first=> ::ppl::__private::Elements::new());
        let mut said: Vec<Treatment> = Vec::new();
        for PlateOption { name, arguments } in options.iter_mut() {
            self.arguments(arguments.iter_mut());
            let (word, span) = (name.to_string(), name.span());
            let expected = match &*word {
                "minibatch" | "mask" | "scale" => 1,
                PARALLEL => 0,
                _ => {
                    self.faults.push(Fault::UnknownOption(word, span));
                    continue;
                }
            };
            if arguments.len() != expected {
                let fault = Fault::OptionArity(word, arguments.len(), span);
                self.faults.push(fault);
                continue;
            }
            if said.iter().any(|s| s.word == word) {
                self.faults.push(Fault::SecondOption(word.clone(), span));
            }
            if !matches!(binding, Binding::None) {
                self.faults.push(Fault::OptionValue(word.clone(), span));
            }
            elements = quote_spanned!(span=> #elements.#name(#(#arguments),*));
            said.push(Treatment { word, span });
        }
        Some((elements, said))
    }
}
