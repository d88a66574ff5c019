//! Documentation texts that the compiler takes in comments.

use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Expr, ExprLit, File, Lit, LitStr, Meta};

/// Replaces characters in documentation that comments cannot hold: line ends without a line feed,
/// and marks that would show the text in another order than it stands.
pub(super) fn make_printable(file: &mut File) {
    Printable.visit_file_mut(file);
}

struct Printable;

impl VisitMut for Printable {
    fn visit_attribute_mut(&mut self, attribute: &mut Attribute) {
        if let Meta::NameValue(meta) = &mut attribute.meta
            && let (
                true,
                Expr::Lit(ExprLit {
                    lit: Lit::Str(text),
                    ..
                }),
            ) = (meta.path.is_ident("doc"), &mut meta.value)
        {
            let printable = text
                .value()
                .replace("\r\n", "\n")
                .replace(is_unprintable, " ");
            *text = LitStr::new(&printable, text.span());
        }
        visit_mut::visit_attribute_mut(self, attribute);
    }
}

fn is_unprintable(c: char) -> bool {
    let is_direction = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    is_direction || (c.is_control() && c != '\n' && c != '\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_survives_printing() {
        for text in [
            "a\rb",
            "a\r\nb",
            "\u{202e}a",
            "*/ a",
            "/* a",
            "/",
            "/ a\n*/",
            "\0",
            "",
            "\n",
        ] {
            let mut file: File = syn::parse_quote! { #[doc = #text] struct A; };
            make_printable(&mut file);
            let printed = prettyplease::unparse(&file);
            let read = syn::parse_file(&printed).map(|file| file.items.len());
            assert!(read.is_ok_and(|items| items == 1), "{text:?}: {printed}");
            assert!(!printed.contains(is_unprintable), "{text:?}: {printed}");
        }
    }
}
