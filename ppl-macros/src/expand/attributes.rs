//! Where the attributes of the function go.

use crate::ir::Model;
use syn::Attribute;

/// The attributes of a function by what they are put on.
pub struct Attributes<'m> {
    /// Documentation: the type.
    pub docs: Vec<&'m Attribute>,
    /// Conditions and levels of lints: everything generated.
    pub everywhere: Vec<&'m Attribute>,
    /// The rest: the constructor.
    pub constructor: Vec<&'m Attribute>,
}

impl<'m> Attributes<'m> {
    /// Those of a model.
    pub fn of(model: &'m Model) -> Self {
        let is = |a: &Attribute, names: &[&str]| names.iter().any(|n| a.path().is_ident(n));
        let docs = |a: &&Attribute| is(a, &["doc"]);
        let everywhere =
            |a: &&Attribute| is(a, &["allow", "cfg", "deny", "expect", "forbid", "warn"]);
        let all = &model.attrs;
        Attributes {
            docs: all.iter().filter(docs).collect(),
            everywhere: all.iter().filter(everywhere).collect(),
            constructor: all.iter().filter(|a| !docs(a) && !everywhere(a)).collect(),
        }
    }
}
