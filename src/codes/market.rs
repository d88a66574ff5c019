//! Cases that one country defines for itself.

/// Defines them by country: `NAME = value, "name in the code tables";`, sorted by value.
///
/// The code needs an `in_market(country, value)` of its own.
macro_rules! market_cases {
    (
        $code:ident: $repr:ident;
        $(
            $(#[$doc:meta])*
            $module:ident, $country:ident {
                $($(#[$case_doc:meta])* $name:ident = $value:literal, $text:literal;)*
            }
        )*
    ) => {
        $(
            $(#[$doc])*
            pub mod $module {
                use $crate::codes::{Country, $code};

                $(
                    $(#[$case_doc])*
                    pub const $name: $code = $code::in_market(Country::$country, $value);
                )*

                pub(super) const NAMES: &[($repr, &str)] = &[$(($value, $text)),*];
            }
        )*

        /// The names that this country gives, sorted by value; `None` if it gives none.
        fn names(country: $crate::codes::Country) -> Option<&'static [($repr, &'static str)]> {
            match country {
                $($crate::codes::Country::$country => Some($module::NAMES),)*
                _ => None,
            }
        }

        /// The name that this country gives to a value.
        pub(super) fn name(
            country: $crate::codes::Country,
            value: $repr,
        ) -> Option<&'static str> {
            let names = names(country)?;
            let found = names.binary_search_by_key(&value, |(value, _)| *value).ok()?;
            Some(names[found].1)
        }

        #[cfg(test)]
        mod tests {
            #[test]
            fn the_names_of_a_country_are_sorted_and_found() {
                let tables = [$((super::$module::NAMES, $crate::codes::Country::$country)),*];
                for (names, country) in tables {
                    assert!(names.is_sorted_by(|one, next| one.0 < next.0), "{country}");
                    for (value, name) in names {
                        assert_eq!(super::name(country, *value), Some(*name));
                    }
                }
            }
        }
    };
}
pub(super) use market_cases;
