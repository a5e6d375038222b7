//! Types: `Real`, elided lifetimes, and types as text.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit::Visit;
use syn::visit_mut::{self, VisitMut};
use syn::{
    ExprPath, Lifetime, ParenthesizedGenericArguments, Path, Type, TypeFnPtr, TypeReference,
};

/// `Real` becomes the scalar of the mode.
pub fn rewrite_type(ty: &mut Type) {
    if is_real(ty) {
        let span = syn::spanned::Spanned::span(&*ty);
        *ty = syn::parse_quote_spanned!(span=> ::ppl::__private::Real<__M>);
    }
}

/// `Real::from` becomes the scalar's.
pub fn rewrite_path(expr: &mut ExprPath) {
    let path = &expr.path;
    if expr.qself.is_some() || path.leading_colon.is_some() || path.segments.len() < 2 {
        return;
    }
    let first = &path.segments[0];
    if first.ident != "Real" || !first.arguments.is_none() {
        return;
    }
    let span = first.ident.span();
    let mut whole: Path = syn::parse_quote_spanned!(span=> ::ppl::__private::Real::<__M>);
    whole.segments.extend(path.segments.iter().skip(1).cloned());
    expr.path = whole;
}

/// Whether a type is the bare `Real`.
pub fn is_real(ty: &Type) -> bool {
    matches!(ty, Type::Path(p) if p.qself.is_none() && p.path.is_ident("Real"))
}

/// Whether a type mentions the bare `Real`.
pub fn mentions_real(ty: &Type) -> bool {
    mentions(ty, is_real)
}

/// Whether a type mentions `impl Trait`.
pub fn mentions_impl_trait(ty: &Type) -> bool {
    mentions(ty, |t| matches!(t, Type::ImplTrait(_)))
}

/// Whether a type leaves the length of an array to be inferred.
pub fn mentions_inferred_length(ty: &Type) -> bool {
    struct Finder(bool);
    impl Visit<'_> for Finder {
        fn visit_expr_infer(&mut self, _: &syn::ExprInfer) {
            self.0 = true;
        }
    }
    let mut finder = Finder(false);
    finder.visit_type(ty);
    finder.0
}

/// `Real` becomes `f64`: for a signature that is not used as it stands.
pub struct RealAsNumber;

impl VisitMut for RealAsNumber {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        visit_mut::visit_type_mut(self, ty);
        if is_real(ty) {
            *ty = syn::parse_quote!(f64);
        }
    }
}

/// `Real` becomes the scalar of the mode, also inside a type.
pub struct RealOfMode;

impl VisitMut for RealOfMode {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        visit_mut::visit_type_mut(self, ty);
        rewrite_type(ty);
    }
}

/// Whether a type or one inside it is such.
pub fn mentions(ty: &Type, such: fn(&Type) -> bool) -> bool {
    struct Finder {
        such: fn(&Type) -> bool,
        found: bool,
    }
    impl Visit<'_> for Finder {
        fn visit_type(&mut self, ty: &Type) {
            self.found |= (self.such)(ty);
            syn::visit::visit_type(self, ty);
        }
    }
    let mut finder = Finder { such, found: false };
    finder.visit_type(ty);
    finder.found
}

/// Gives elided lifetimes a name.
pub struct ElidedLifetimes {
    /// The name.
    pub lifetime: Lifetime,
    /// Whether there was one.
    pub found: bool,
}

impl ElidedLifetimes {
    /// None found yet.
    pub fn new(lifetime: Lifetime) -> Self {
        ElidedLifetimes {
            lifetime,
            found: false,
        }
    }
    fn name(&mut self) -> Lifetime {
        self.found = true;
        self.lifetime.clone()
    }
}

impl VisitMut for ElidedLifetimes {
    fn visit_type_reference_mut(&mut self, reference: &mut TypeReference) {
        if reference.lifetime.is_none() {
            reference.lifetime = Some(self.name());
        }
        visit_mut::visit_type_reference_mut(self, reference);
    }
    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        if lifetime.ident == "_" {
            *lifetime = self.name();
        }
    }
    // Lifetimes elided in the signature of a function belong to that signature.
    fn visit_type_fn_ptr_mut(&mut self, _: &mut TypeFnPtr) {}
    fn visit_parenthesized_generic_arguments_mut(&mut self, _: &mut ParenthesizedGenericArguments) {
    }
}

/// Tokens as a person writes them: `[f64; 3]`, `Vec<f64>`.
pub fn text(tokens: &impl ToTokens) -> String {
    let mut out = String::new();
    write(tokens.to_token_stream(), &mut out);
    out
}

fn write(tokens: TokenStream, out: &mut String) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::None => ("", ""),
                };
                out.push_str(open);
                write(group.stream(), out);
                out.push_str(close);
            }
            TokenTree::Punct(p) => match p.as_char() {
                c @ (',' | ';') => out.extend([c, ' ']),
                c @ ('+' | '=' | '-' | '*' | '/') if p.spacing() == Spacing::Alone => {
                    out.extend([' ', c, ' ']);
                }
                c => out.push(c),
            },
            word => {
                if out.ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                    out.push(' ');
                }
                out.push_str(&word.to_string());
            }
        }
    }
    if out.ends_with([',', ' ']) {
        out.truncate(out.trim_end_matches([',', ' ']).len());
    }
}
