"""Plural and singular of English words in names, where the inflection library's rules of spelling fall short."""

from __future__ import annotations

import re
from typing import Final

import inflection

# They end in s, or look like a plural, and are not: as table names they stay, and their plural ends in -es.
_SINGULAR_WORDS: Final = (
    "abacus access alias apparatus asbestos atlas axis barracks basis bias bonus bus cactus campus canvas census "
    "chaos chassis chess chorus circus consensus corps corpus cosmos crossroads data dns ethos focus gallows gas "
    "genus gps headquarters http https iris kudos lens locus means media metadata metropolis minus news nexus "
    "oasis octopus opus plus police process prospectus radius series sms species status surplus syllabus terminus "
    "tls virus walrus"
)
_SINGULAR: Final = frozenset(_SINGULAR_WORDS.split())
_IRREGULAR: Final = {
    "alumni": "alumnus",
    "appendices": "appendix",
    "calves": "calf",
    "corpora": "corpus",
    "criteria": "criterion",
    "cacti": "cactus",
    "elves": "elf",
    "feet": "foot",
    "foci": "focus",
    "fungi": "fungus",
    "geese": "goose",
    "genera": "genus",
    "halves": "half",
    "hooves": "hoof",
    "knives": "knife",
    "leaves": "leaf",
    "lives": "life",
    "loaves": "loaf",
    "loci": "locus",
    "oases": "oasis",
    "phenomena": "phenomenon",
    "quizzes": "quiz",
    "radii": "radius",
    "schemata": "schema",
    "selves": "self",
    "shelves": "shelf",
    "stimuli": "stimulus",
    "syllabi": "syllabus",
    "teeth": "tooth",
    "thieves": "thief",
    "wives": "wife",
    "wolves": "wolf",
}
# Only an s is added to these, though they look as if more had been.
_PLUS_S: Final = re.compile(
    r".*[aeiourlyn]ves|(?:.*head)?aches|avalanches|caches|creches|niches|psyches|brownies|calories|cookies|dies|genies|"
    r"hoodies|lies|movies|pies|prairies|rookies|selfies|smoothies|ties|zombies|canoes|floes|foes|hoes|oboes|shoes|toes|"
    r"woes"
)


def singular(word: str) -> str:
    """Return the singular of a lower-case word; a word that is singular already stays."""
    if len(word) < 3 or word in _SINGULAR or word.endswith(("ss", "sis")):
        return word
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("es") and word[:-2] in _SINGULAR:
        return word[:-2]
    if _PLUS_S.fullmatch(word):
        return word[:-1]
    if word.endswith("zzes"):
        return word[:-2]
    return inflection.singularize(word)


def plural(word: str) -> str:
    """Return the plural of a lower-case word."""
    return f"{word}es" if word in _SINGULAR and word.endswith("s") else inflection.pluralize(word)
