//! Sets of characters with a name, as Java defines them and as the engine writes them.

use super::BadPattern;
use super::escape::Escape;

/// The general categories of Unicode.
const CATEGORIES: [&str; 39] = [
    "C", "Cc", "Cf", "Cn", "Co", "Cs", "L", "LC", "Ll", "Lm", "Lo", "Lt", "Lu", "M", "Mc", "Me",
    "Mn", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "S", "Sc", "Sk",
    "Sm", "So", "Z", "Zl", "Zp", "Zs", "LD",
];

/// The ASCII sets that POSIX names.
const POSIX: [(&str, &str); 14] = [
    ("Lower", "a-z"),
    ("Upper", "A-Z"),
    ("ASCII", r"\x00-\x7F"),
    ("Alpha", "a-zA-Z"),
    ("Digit", "0-9"),
    ("Alnum", "a-zA-Z0-9"),
    ("Punct", r"\x21-\x2F\x3A-\x40\x5B-\x60\x7B-\x7E"),
    ("Graph", r"\x21-\x7E"),
    ("Print", r"\x20-\x7E"),
    ("Blank", r"\x20\t"),
    ("Cntrl", r"\x00-\x1F\x7F"),
    ("XDigit", "0-9a-fA-F"),
    ("Space", r"\x20\t\n\x0B\x0C\r"),
    ("L1", r"\x00-\x{FF}"),
];

/// The scripts of Unicode.
const SCRIPTS: &str = "adlam ahom anatolian_hieroglyphs arabic armenian avestan balinese bamum bassa_vah batak bengali bhaiksuki \
    bopomofo brahmi braille buginese buhid canadian_aboriginal carian caucasian_albanian chakma cham cherokee \
    chorasmian common coptic cuneiform cypriot cypro_minoan cyrillic deseret devanagari dives_akuru dogra \
    duployan egyptian_hieroglyphs elbasan elymaic ethiopic garay georgian glagolitic gothic grantha greek \
    gujarati gunjala_gondi gurmukhi gurung_khema han hangul hanifi_rohingya hanunoo hatran hebrew hiragana \
    imperial_aramaic inherited inscriptional_pahlavi inscriptional_parthian javanese kaithi kannada katakana \
    kawi kayah_li kharoshthi khitan_small_script khmer khojki khudawadi kirat_rai lao latin lepcha limbu \
    linear_a linear_b lisu lycian lydian mahajani makasar malayalam mandaic manichaean marchen masaram_gondi \
    medefaidrin meetei_mayek mende_kikakui meroitic_cursive meroitic_hieroglyphs miao modi mongolian mro multani \
    myanmar nabataean nag_mundari nandinagari new_tai_lue newa nko nushu nyiakeng_puachue_hmong ogham ol_chiki \
    ol_onal old_hungarian old_italic old_north_arabian old_permic old_persian old_sogdian old_south_arabian \
    old_turkic old_uyghur oriya osage osmanya pahawh_hmong palmyrene pau_cin_hau phags_pa phoenician \
    psalter_pahlavi rejang runic samaritan saurashtra sharada shavian siddham signwriting sinhala sogdian \
    sora_sompeng soyombo sundanese sunuwar syloti_nagri syriac tagalog tagbanwa tai_le tai_tham tai_viet takri \
    tamil tangsa tangut telugu thaana thai tibetan tifinagh tirhuta todhri toto tulu_tigalari ugaritic vai \
    vithkuqi wancho warang_citi yezidi yi zanabazar_square";

/// Binary properties, and what the engine calls them; those without a name it does not have.
const BINARY: [(&str, Option<&str>); 18] = [
    ("alphabetic", Some("Alphabetic")),
    ("ideographic", Some("Ideographic")),
    ("letter", Some("L")),
    ("lowercase", Some("Lowercase")),
    ("uppercase", Some("Uppercase")),
    ("titlecase", Some("Lt")),
    ("punctuation", Some("P")),
    ("control", Some("Cc")),
    ("white_space", Some("White_Space")),
    ("digit", Some("Nd")),
    ("hex_digit", Some("Hex_Digit")),
    ("emoji", Some("Emoji")),
    ("assigned", None),
    ("alnum", None),
    ("blank", None),
    ("graph", None),
    ("print", None),
    ("word", None),
];

/// `\d` and its like: ASCII only, other than the engine's own.
pub(super) const fn short_set(letter: char) -> Option<&'static str> {
    Some(match letter {
        'd' => "[0-9]",
        'D' => "[^0-9]",
        'w' => "[a-zA-Z_0-9]",
        'W' => "[^a-zA-Z_0-9]",
        's' => r"[\x20\t\n\x0B\x0C\r]",
        'S' => r"[^\x20\t\n\x0B\x0C\r]",
        'h' => r"[\x20\t\xA0\x{1680}\x{180E}\x{2000}-\x{200A}\x{202F}\x{205F}\x{3000}]",
        'H' => r"[^\x20\t\xA0\x{1680}\x{180E}\x{2000}-\x{200A}\x{202F}\x{205F}\x{3000}]",
        'v' => r"[\n\x0B\x0C\r\x{85}\x{2028}\x{2029}]",
        'V' => r"[^\n\x0B\x0C\r\x{85}\x{2028}\x{2029}]",
        _ => return None,
    })
}

/// The set in `\p{name}`, or its complement.
pub(super) fn set(name: &str, negated: bool) -> Result<Escape, BadPattern> {
    let letter = if negated { 'P' } else { 'p' };
    let unicode = |name: &str| Ok(Escape::Set(format!("\\{letter}{{{name}}}")));
    if let Some((_, members)) = POSIX.iter().find(|(posix, _)| *posix == name) {
        let not = if negated { "^" } else { "" };
        return Ok(Escape::Set(format!("[{not}{members}]")));
    }
    match name {
        "LD" | "ALL" | "ASSIGNED" | "UNDEFINED" => return Ok(Escape::Unsupported),
        category if CATEGORIES.contains(&category) => return unicode(category),
        _ => {}
    }
    // Blocks and Java's own predicates have no counterpart.
    if name.starts_with("In") || name.starts_with("java") {
        return Ok(Escape::Unsupported);
    }
    let unknown = || format!("an unknown character family {name}");
    let (key, value) = name.split_once('=').unwrap_or(("", name));
    match key {
        "gc" | "general_category" if CATEGORIES.contains(&value) => unicode(value),
        "sc" | "script" if is_script(value) => unicode(value),
        "blk" | "block" => Ok(Escape::Unsupported),
        "" => match value.strip_prefix("Is") {
            Some(category) if CATEGORIES.contains(&category) => unicode(category),
            Some(script) if is_script(script) => unicode(script),
            Some(other) => match binary(other) {
                Some(Some(engine_name)) => unicode(engine_name),
                Some(None) => Ok(Escape::Unsupported),
                None => Err(unknown()),
            },
            None => Err(unknown()),
        },
        _ => Err(unknown()),
    }
}

fn is_script(name: &str) -> bool {
    let mut scripts = SCRIPTS.split(' ');
    scripts.any(|script| script.eq_ignore_ascii_case(name))
}

fn binary(name: &str) -> Option<Option<&'static str>> {
    BINARY
        .iter()
        .find(|(java_name, _)| java_name.eq_ignore_ascii_case(name))
        .map(|(_, engine_name)| *engine_name)
}
