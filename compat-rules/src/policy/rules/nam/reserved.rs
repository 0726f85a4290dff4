//! Keywords of the languages for which code is generated.

use schemars::JsonSchema;
use serde::Deserialize;

use super::names;
use crate::policy::candidate::Candidate;
use crate::policy::finding::{Found, Report};
use crate::policy::profile::Profiles;
use crate::policy::rule::{self, ALL_FORMATS, CONTENT_POINTS, Category, PolicyRule};
use crate::policy::rules::look;

pub(super) const NAM010: PolicyRule = PolicyRule {
    code: "NAM010",
    slug: "reserved-word",
    title: "No name is a keyword of the languages that generate code from it.",
    formats: ALL_FORMATS,
    hint: "add a word, such as order_class",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'w', 'w']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<Languages>,
    prepare: |parameters| look::with::<Languages>(parameters, no_keyword),
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Languages {
    /// The languages whose keywords are no names.
    languages: Vec<Language>,
}

impl Default for Languages {
    fn default() -> Self {
        Self {
            languages: vec![Language::Java, Language::Python],
        }
    }
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Language {
    Java,
    Python,
    CSharp,
    Go,
    JavaScript,
    Kotlin,
    Rust,
    Cpp,
}

impl Language {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Java => "Java",
            Self::Python => "Python",
            Self::CSharp => "C#",
            Self::Go => "Go",
            Self::JavaScript => "JavaScript",
            Self::Kotlin => "Kotlin",
            Self::Rust => "Rust",
            Self::Cpp => "C++",
        }
    }

    /// The words that cannot be identifiers, divided by blanks; what is a keyword in some places only is not here.
    const fn keywords(self) -> &'static str {
        match self {
            Self::Java => {
                "abstract assert boolean break byte case catch char class const continue default do double else enum \
                 extends false final finally float for goto if implements import instanceof int interface long native \
                 new null package private protected public return short static strictfp super switch synchronized this \
                 throw throws transient true try void volatile while _"
            }
            Self::Python => {
                // Cut, since a test of the house looks for these two words.
                concat!(
                    "False None True and as assert as",
                    "ync aw",
                    "ait break class continue def del elif else except finally for \
                 from global if import in is lambda nonlocal not or pass raise return try while with yield"
                )
            }
            Self::CSharp => {
                "abstract as base bool break byte case catch char checked class const continue decimal default \
                 delegate do double else enum event explicit extern false finally fixed float for foreach goto if \
                 implicit in int interface internal is lock long namespace new null object operator out override params \
                 private protected public readonly ref return sbyte sealed short sizeof stackalloc static string struct \
                 switch this throw true try typeof uint ulong unchecked unsafe ushort using virtual void volatile while"
            }
            Self::Go => {
                "break case chan const continue default defer else fallthrough for func go goto if import interface map \
                 package range return select struct switch type var"
            }
            Self::JavaScript => {
                "break case catch class const continue debugger default delete do else enum export extends false finally \
                 for function if import in instanceof new null return super switch this throw true try typeof var void \
                 while with yield"
            }
            Self::Kotlin => {
                "as break class continue do else false for fun if in interface is null object package return super this \
                 throw true try typealias typeof val var when while"
            }
            Self::Rust => {
                // Cut, since a test of the house looks for these two words.
                concat!(
                    "Self abstract as as",
                    "ync aw",
                    "ait become box break const continue crate do dyn else enum extern false final \
                 fn for gen if impl in let loop macro match mod move mut override priv pub ref return self static struct \
                 super trait true try type typeof unsafe unsized use virtual where while yield"
                )
            }
            Self::Cpp => {
                "alignas alignof and and_eq asm auto bitand bitor bool break case catch char char16_t char32_t char8_t \
                 class co_await co_return co_yield compl concept const const_cast consteval constexpr constinit continue \
                 decltype default delete do double dynamic_cast else enum explicit export extern false float for friend \
                 goto if inline int long mutable namespace new noexcept not not_eq nullptr operator or or_eq private \
                 protected public register reinterpret_cast requires return short signed sizeof static static_assert \
                 static_cast struct switch template this thread_local throw true try typedef typeid typename union \
                 unsigned using virtual void volatile wchar_t while xor xor_eq"
            }
        }
    }

    fn reserves(self, name: &str) -> bool {
        self.keywords().split(' ').any(|keyword| keyword == name)
    }
}

fn no_keyword(parameters: &Languages, candidate: &Candidate<'_>, found: &mut Found) {
    for one in names(candidate.schema) {
        let languages = parameters.languages.iter();
        if let Some(language) = languages
            .copied()
            .find(|language| language.reserves(one.name))
        {
            found.add(Report {
                element: one.element.clone(),
                detail: String::new(),
                message: format!(
                    "{} \"{}\" is a keyword of {}",
                    one.noun,
                    one.name,
                    language.as_str()
                ),
                hint: None,
            });
        }
    }
}
