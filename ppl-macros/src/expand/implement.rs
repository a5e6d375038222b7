//! The implementation of `Model`.

use super::attributes::Attributes;
use super::draw::{Fields, draw_name, latents_name};
use super::{partial, sites, statistics};
use crate::check::is_plain;
use crate::ir::Model;
use crate::lower::options::PARALLEL;
use crate::lower::{interpreter, types};
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{GenericParam, Lifetime, ReturnType, Type};

/// The implementation.
pub fn model(model: &Model, attributes: &Attributes) -> TokenStream {
    let table = sites::table(model);
    let bindings = bindings(model);
    let statements = &model.body.stmts;
    let members = quote! {
        const SITES: &'static [::ppl::__private::Site] = #table;
    };
    let run = run(model, quote! { #bindings #(#statements)* });
    let output = output(&model.sig.output);
    if model.is_submodel() {
        return frame_of(model, attributes, output, quote! { #members #run });
    }
    let check = check(model);
    let gradient = gradient(model);
    let decode = quote! {
        fn decode(frame: ::ppl::__private::Frame<'_>) -> Self::Draw {
            <Self::Draw>::decode(frame)
        }
    };
    let threads = threads(model);
    let statistics = statistics::method(model);
    let members = quote! { #members #run #decode #check #gradient #threads #statistics };
    frame_of(model, attributes, output, members)
}

/// The implementation without bodies.
pub fn outline(model: &Model, attributes: &Attributes) -> TokenStream {
    let stub = quote!(::core::unimplemented!("the model does not compile"));
    let run = run(model, stub.clone());
    let mut members = quote! {
        const SITES: &'static [::ppl::__private::Site] = &[];
        #run
    };
    if !model.is_submodel() {
        members.extend(quote! {
            fn decode(_: ::ppl::__private::Frame<'_>) -> Self::Draw {
                #stub
            }
            fn check(&self, _: &mut ::ppl::__private::ArgumentReport) {}
            fn log_density_and_gradient(
                &self,
                _: &mut ::ppl::__private::Evaluator,
                _: &[f64],
                _: &mut [f64],
            ) -> f64 {
                #stub
            }
        });
    }
    let output = match &model.sig.output {
        ReturnType::Type(_, ty) if !is_plain(ty) => quote!(()),
        plain => output(plain),
    };
    frame_of(model, attributes, output, members)
}

/// `Model`, or `Program` of the one mode that the arguments are of.
fn frame_of(
    model: &Model,
    attributes: &Attributes,
    output: TokenStream,
    members: TokenStream,
) -> TokenStream {
    let everywhere = &attributes.everywhere;
    let (type_name, name) = (&model.type_name, types::text(&model.sig.ident));
    let (draw, latents) = (draw_name(model), latents_name(model));
    let draw_generics = Fields::draw(model).generics;
    let latents_generics = Fields::latents(model).generics;
    let draw_arguments = draw_generics.split_for_impl().1;
    let latents_arguments = latents_generics.split_for_impl().1;
    let (parameters, arguments, clause) = model.generics.split_for_impl();
    if model.is_submodel() {
        return quote! {
            #(#everywhere)*
            impl #parameters ::ppl::__private::Program<__M> for #type_name #arguments #clause {
                type Draw = #draw #draw_arguments;
                type Output<'__a> = #output;
                #members
            }
        };
    }
    let condition = partial::condition(model, attributes);
    quote! {
        #(#everywhere)*
        impl #parameters ::ppl::__private::Model for #type_name #arguments #clause {
            type Draw = #draw #draw_arguments;
            type Latents = #latents #latents_arguments;
            type Output<'__a, __M: ::ppl::__private::Mode> = #output;
            const NAME: &'static str = #name;
            #members
        }
        #condition
    }
}

/// The body. The names in it are ours alone: a user's `self` is an error as in any function.
fn run(model: &Model, body: TokenStream) -> TokenStream {
    let i = interpreter();
    let hidden = Span::mixed_site();
    let receiver = quote_spanned!(hidden=> &self);
    let lints = quote! {
        #[allow(clippy::needless_range_loop, reason = "data are named where they are indexed")]
    };
    if model.is_submodel() {
        return quote! {
            #lints
            fn run<'__a, __I: ::ppl::__private::Interpreter<'__a, __M>>(
                #receiver,
                #i: &mut __I,
            ) -> Self::Output<'__a> {
                #body
            }
        };
    }
    quote! {
        #lints
        #[inline]
        fn run<'__a, __M: ::ppl::__private::Mode, __I: ::ppl::__private::Interpreter<'__a, __M>>(
            #receiver,
            #i: &mut __I,
        ) -> Self::Output<'__a, __M> {
            #body
        }
    }
}

/// The arguments as the body sees them.
pub fn bindings(model: &Model) -> TokenStream {
    if model.arguments.is_empty() {
        return TokenStream::new();
    }
    let this = quote_spanned!(Span::mixed_site()=> self);
    let names = model.arguments.iter().map(|a| &a.name);
    quote! {
        #[allow(unused_imports, reason = "an argument is copied or borrowed")]
        use ::ppl::__private::{ByCopy as _, ByRef as _};
        #(let #names = (&::ppl::__private::Probe(&#this.#names)).__get();)*
    }
}

fn check(model: &Model) -> TokenStream {
    let looks = model.arguments.iter().map(|a| {
        let (ident, name) = (&a.name, types::text(&a.name));
        quote!((&::ppl::__private::Probe(&self.#ident)).__check(#name, report);)
    });
    if model.arguments.is_empty() {
        return quote!(
            fn check(&self, _report: &mut ::ppl::__private::ArgumentReport) {}
        );
    }
    quote! {
        fn check(&self, report: &mut ::ppl::__private::ArgumentReport) {
            #[allow(unused_imports, reason = "an argument is looked at if it is made of numbers")]
            use ::ppl::__private::{CheckNothing as _, CheckNumbers as _};
            #(#looks)*
        }
    }
}

/// The mode of the gradient: from the layout where it is constant, at run time where it depends on generics.
fn gradient(model: &Model) -> TokenStream {
    let params = &model.generics.params;
    let body = if params
        .iter()
        .all(|p| matches!(p, GenericParam::Lifetime(_)))
    {
        let type_name = &model.type_name;
        let statics = params
            .iter()
            .map(|_| Lifetime::new("'static", Span::call_site()));
        let arguments = (!params.is_empty()).then(|| quote!(<#(#statics),*>));
        quote! {
            type Bound = #type_name #arguments;
            type Grad = <::ppl::__private::Pick<
                { ::ppl::__private::gradient_width(<Bound as ::ppl::__private::Model>::DIM) },
            > as ::ppl::__private::Choose>::Mode;
            <Grad as ::ppl::__private::GradientMode>::log_density_and_gradient(
                evaluator, self, u, gradient,
            )
        }
    } else {
        quote!(::ppl::__private::gradient_by_width(
            self, evaluator, u, gradient
        ))
    };
    quote! {
        fn log_density_and_gradient(
            &self,
            evaluator: &mut ::ppl::__private::Evaluator,
            u: &[f64],
            gradient: &mut [f64],
        ) -> f64 {
            #body
        }
    }
}

/// Of models with parallel plates: threads share the model.
fn threads(model: &Model) -> Option<TokenStream> {
    let parallel = model.sites.iter().any(|s| s.has_option(PARALLEL));
    parallel.then(|| {
        quote! {
            const PARALLEL: bool = true;
            fn on_threads(
                &self,
                parts: &mut [::ppl::__private::Part],
                f: impl ::core::ops::Fn(&Self, &mut ::ppl::__private::Part)
                    + ::core::marker::Sync,
            ) {
                ::ppl::__private::on_threads(self, parts, f)
            }
        }
    })
}

/// What the body returns: the form in the mode of a plain type, element by element of a tuple.
fn output(output: &ReturnType) -> TokenStream {
    match output {
        ReturnType::Default => quote!(()),
        ReturnType::Type(_, ty) => form(ty),
    }
}

fn form(ty: &Type) -> TokenStream {
    match ty {
        Type::Tuple(tuple) => {
            let elements = tuple.elems.iter().map(form);
            quote!((#(#elements,)*))
        }
        Type::Paren(paren) => form(&paren.elem),
        Type::Group(group) => form(&group.elem),
        ty => quote!(<#ty as ::ppl::__private::Latent>::At<'__a, __M>),
    }
}
