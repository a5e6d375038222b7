//! From tokens to a function whose signature and body are parsed apart, so that a body under edit keeps its
//! signature.

use proc_macro2::{Group, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Block, Error, ExprPath, Result, Signature, Stmt, Visibility};

/// A function under `#[model]`.
pub struct Function {
    /// Its attributes, those inside the body last.
    pub attrs: Vec<Attribute>,
    /// Its visibility.
    pub vis: Visibility,
    /// Its signature.
    pub sig: Signature,
    /// Its body, where it parses.
    pub body: Result<Block>,
}

/// Parses what `#[model]` or `#[guide]` stands on.
pub fn function(item: TokenStream, noun: &str) -> Result<Function> {
    (|input: ParseStream| Function::parse(input, noun)).parse2(item)
}

/// The path that `#[guide(..)]` names, if it is one.
pub fn path(attribute: TokenStream) -> Option<ExprPath> {
    let path: ExprPath = syn::parse2(attribute).ok()?;
    (path.qself.is_none() && path.attrs.is_empty()).then_some(path)
}

impl Function {
    fn parse(input: ParseStream, noun: &str) -> Result<Self> {
        let mut attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let ahead = input.fork();
        let sig: Signature = match input.parse() {
            Ok(sig) => sig,
            Err(error) if starts_as_function(&ahead) => return Err(error),
            Err(_) => {
                return Err(ahead.error(format!(
                    "`#[{noun}]` makes a {noun} of a function\nhelp: put it on a `fn` with a body",
                )));
            }
        };
        if !input.peek(syn::token::Brace) {
            return Err(Error::new_spanned(
                &sig,
                format!("a {noun} has a body\nhelp: write its statements in `{{ .. }}`"),
            ));
        }
        let group: Group = input.parse()?;
        let body = body(&group, &mut attrs);
        Ok(Function {
            attrs,
            vis,
            sig,
            body,
        })
    }
}

/// Whether a qualifier or the word of a function comes before anything that only other items have.
fn starts_as_function(ahead: ParseStream) -> bool {
    let words = ["const", "async", "safe", "unsafe", "extern"];
    let mut cursor = ahead.cursor();
    while let Some((token, rest)) = cursor.token_tree() {
        match &token {
            TokenTree::Ident(i) if i == "fn" => return true,
            TokenTree::Ident(i) if words.contains(&i.to_string().as_str()) => {}
            TokenTree::Literal(_) => {}
            _ => return false,
        }
        cursor = rest;
    }
    false
}

fn body(group: &Group, attrs: &mut Vec<Attribute>) -> Result<Block> {
    let parser = |input: ParseStream| -> Result<(Vec<Attribute>, Vec<Stmt>)> {
        Ok((
            input.call(Attribute::parse_inner)?,
            input.call(Block::parse_within)?,
        ))
    };
    let (inner, stmts) = parser.parse2(group.stream())?;
    for mut attribute in inner {
        attribute.style = syn::AttrStyle::Outer;
        attrs.push(attribute);
    }
    Ok(Block {
        brace_token: syn::token::Brace(group.span()),
        stmts,
    })
}
