//! Enumerated sites whose value is read in statements that may be executed for many values, one after the other: then the
//! rest of a body runs once for all values.

use super::options::of_plate;
use super::repeatable::{Locals, repeatable};
use super::statements::{call, called_word};
use crate::ir::Word;
use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Block, Expr, Local, Macro, Pat, Stmt, Type};

/// The first enumerated site among the statements of a block whose value is read in observations and terms alone, such that
/// they can be executed again and again. `arguments` are the names of what is copied or borrowed.
pub fn site(block: &Block, arguments: &[String]) -> Option<Ident> {
    let mut candidates = block.stmts.iter().filter_map(declared).peekable();
    candidates.peek()?;
    let locals = Locals::of(block, arguments);
    candidates.find(|name| {
        let mut uses = Uses {
            name,
            locals: &locals,
            declared: false,
            fits: true,
        };
        uses.visit_block(block);
        uses.fits
    })
}

/// Whether an expression reads a variable.
pub fn reads(expr: &Expr, name: &Ident) -> bool {
    let mut look = Mentions {
        of: &|i| i == name,
        found: false,
    };
    look.visit_expr(expr);
    look.found
}

/// Whether an expression is a binomial distribution, perhaps of many, in whose number of trials alone a variable is read.
pub fn trials(distribution: &Expr, name: &Ident) -> bool {
    let distribution = match distribution {
        Expr::MethodCall(e) if e.method == "iid" && e.args.is_empty() => &e.receiver,
        other => other,
    };
    let Expr::Call(call) = distribution else {
        return false;
    };
    let Expr::Path(function) = &*call.func else {
        return false;
    };
    let path: Vec<&Ident> = function.path.segments.iter().map(|s| &s.ident).collect();
    let [.., family, constructor] = path[..] else {
        return false;
    };
    let binomial = family == "Binomial" && (constructor == "new" || constructor == "logit");
    let mut arguments = call.args.iter();
    let first = matches!(arguments.next(), Some(Expr::Path(p)) if p.path.is_ident(name));
    binomial && first && !arguments.any(|a| reads(a, name))
}

/// The name of an enumerated site, if the statement is one and its type says that it is a number.
fn declared(stmt: &Stmt) -> Option<Ident> {
    let Stmt::Local(local) = stmt else {
        return None;
    };
    let Pat::Type(typed) = &local.pat else {
        return None;
    };
    let Pat::Ident(pat) = &*typed.pat else {
        return None;
    };
    let plain = pat.by_ref.is_none() && pat.subpat.is_none() && pat.mutability.is_none();
    let discrete = scalar(&typed.ty, &["usize", "bool"]);
    let init = local.init.as_ref().filter(|i| i.diverge.is_none())?;
    let sampled = called_word(&init.expr) == Some(Word::Sample);
    (plain && discrete && sampled && local.attrs.iter().any(enumerates)).then(|| pat.ident.clone())
}

fn enumerates(attribute: &Attribute) -> bool {
    attribute.path().is_ident("enumerate")
}

/// Whether a type has one of these names.
pub fn scalar(ty: &Type, names: &[&str]) -> bool {
    matches!(ty, Type::Path(p) if names.iter().any(|n| p.path.is_ident(n)))
}

/// Whether some name is read.
pub struct Mentions<'f> {
    /// The name.
    pub of: &'f dyn Fn(&Ident) -> bool,
    /// Whether it is.
    pub found: bool,
}

impl Mentions<'_> {
    pub fn tokens(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Ident(ident) => self.visit_ident(&ident),
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }
}

impl<'a> Visit<'a> for Mentions<'_> {
    fn visit_ident(&mut self, ident: &'a Ident) {
        self.found |= (self.of)(ident);
    }
    fn visit_macro(&mut self, mac: &'a Macro) {
        self.tokens(mac.tokens.clone());
    }
}

/// Looks at where a site's value is read.
struct Uses<'u> {
    name: &'u Ident,
    locals: &'u Locals,
    declared: bool,
    fits: bool,
}

impl Uses<'_> {
    fn reads(&self, expr: &Expr) -> bool {
        reads(expr, self.name)
    }
}

impl<'a> Visit<'a> for Uses<'_> {
    fn visit_local(&mut self, local: &'a Local) {
        let stmt = Stmt::Local(local.clone());
        if !self.declared && declared(&stmt).is_some_and(|name| name == *self.name) {
            self.declared = true;
            if let Some(init) = &local.init {
                self.visit_expr(&init.expr);
            }
            return;
        }
        visit::visit_local(self, local);
    }
    fn visit_expr(&mut self, expr: &'a Expr) {
        // What a plate's elements count is multiplied, or belongs to others.
        if of_plate(expr) {
            self.fits &= !self.reads(expr);
            return;
        }
        let arguments = call(expr).map(|c| &c.args);
        match (called_word(expr), arguments) {
            (Some(Word::Observe | Word::Factor), Some(arguments)) => {
                if !arguments.iter().any(|a| self.reads(a)) {
                    return;
                }
                let observed = called_word(expr) == Some(Word::Observe);
                for (k, argument) in arguments.iter().enumerate() {
                    // Data are borrowed.
                    self.fits &= repeatable(argument, observed && k == 0, self.name, self.locals);
                }
            }
            // Sums of their own.
            (Some(Word::Markov | Word::Submodel), _) => self.fits &= !self.reads(expr),
            (Some(Word::Plate), _) if sums(expr) => self.fits &= !self.reads(expr),
            _ => visit::visit_expr(self, expr),
        }
    }
    fn visit_ident(&mut self, ident: &'a Ident) {
        self.fits &= ident != self.name;
    }
    fn visit_macro(&mut self, mac: &'a Macro) {
        let name = self.name;
        let mut look = Mentions {
            of: &|i| i == name,
            found: false,
        };
        look.tokens(mac.tokens.clone());
        self.fits &= !look.found;
    }
}

/// Whether a plate has sums of its own.
fn sums(plate: &Expr) -> bool {
    struct Sums(bool);
    impl<'a> Visit<'a> for Sums {
        fn visit_attribute(&mut self, attribute: &'a Attribute) {
            self.0 |= enumerates(attribute);
        }
        fn visit_expr(&mut self, expr: &'a Expr) {
            self.0 |= matches!(called_word(expr), Some(Word::Markov | Word::Submodel));
            visit::visit_expr(self, expr);
        }
    }
    let mut look = Sums(false);
    look.visit_expr(plate);
    look.0
}
