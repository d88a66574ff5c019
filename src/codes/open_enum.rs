//! Parts of codes that take one of several values, with room for values that come later.

/// Defines such a part: `Variant = value, "name in the code tables";`.
macro_rules! open_enum {
    (
        $(#[$doc:meta])*
        $name:ident: $repr:ident {
            $($(#[$variant_doc:meta])* $variant:ident = $value:literal, $text:literal;)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
            /// A value without a name. One that has a name equals the variant of that name.
            Other($repr),
        }

        impl $name {
            /// All that have a name, by value.
            pub const NAMED: &'static [Self] = &[$(Self::$variant),*];

            /// The part with this value.
            #[must_use]
            pub const fn from_value(value: $repr) -> Self {
                match value {
                    $($value => Self::$variant,)*
                    _ => Self::Other(value),
                }
            }

            /// The value in the code.
            #[must_use]
            pub const fn value(self) -> $repr {
                match self {
                    $(Self::$variant => $value,)*
                    Self::Other(value) => value,
                }
            }

            /// The name in the code tables, or `None` where they have no such value.
            #[must_use]
            pub const fn name(self) -> Option<&'static str> {
                match Self::from_value(self.value()) {
                    $(Self::$variant => Some($text),)*
                    Self::Other(_) => None,
                }
            }
        }

        impl ::std::cmp::PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.value() == other.value()
            }
        }

        impl ::std::cmp::Eq for $name {}

        impl ::std::hash::Hash for $name {
            fn hash<H: ::std::hash::Hasher>(&self, state: &mut H) {
                self.value().hash(state);
            }
        }

        impl ::std::fmt::Display for $name {
            /// The name, or the value in hexadecimal where there is none.
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                match self.name() {
                    Some(name) => f.pad(name),
                    None => write!(f, "{:#X}", self.value()),
                }
            }
        }
    };
}
pub(super) use open_enum;
