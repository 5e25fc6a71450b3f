"""Finding a procedure in people's own words: "m'he mudat", "quiero hacer obras en el baño", "papers del gos".

Each procedure has phrases: its official names and the ways people ask for it. ``build`` weighs their words at
build time (a word that few procedures share says much, one that many share says little); ``Index`` compares what
was typed with them. Both languages are always searched, since people mix them.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from canal.dialogue.understanding.text import allowance, stem, within, words

BY_SLIP = 0.8  # what a word with a slip of the finger is worth
SLIP_IN_STEM = 5  # letters a stem must have to be met with a slip
OTHER_LANGUAGE = 0.97  # settles a draw for the language the citizen writes in
UNKNOWN = 0.6  # what a word that no procedure knows weighs, of the weightiest one
# How alike a phrase and a message are (Tversky): what the phrase lacks in the message counts much more than what
# the message holds besides, since people tell their story around it.
PHRASE_LACKS, MESSAGE_HOLDS = 0.9, 0.1
FIT_COUNTS, SHARE_COUNTS = 0.5, 0.5  # of the score
MENTIONED = 0.5  # a word that only the summary has, against one that people ask with
ENOUGH_SCORE = 0.55  # found when the score reaches this …
ENOUGH_WEIGHT, ENOUGH_SAID = 0.7, 0.5  # … or, in a long message, when enough of it and of a phrase was met
SURE_FIT, SURE_SHARE, SURE_WEIGHT = 0.65, 0.6, 0.45

NOTHING = -1  # the document of what people type that is none: small talk, "parlar amb algú"

# Words that ask, greet or join, folded; they tell no procedure from another.
_SMALL = frozenset(
    """
    a abans adeu ahi ahir ahora ai aixo al algo algu alguien algun alguna alla alli als altra altre amb aqui aso
    bon bona bonas bones buen buena buenas bueno buenos bones dia dias tarda tardes vesprada noche nit
    cal cap como com con cosa coses cosas cual cuando cuanto d da dar de debo dec del dels des desde deu dia digam
    digue digueu dime dir doncs don donde dona dos du e eixa eixe el ela ella elles ells em en ens ens entonces era
    eren eres es esta estan estar este estem estic estos estoy et eu f fa faig falta fan fas favor fem fer fins
    gracia gracias gracies ha hace hacen hacer hago haig hay haver hasta he hem hi ho hola i igual im informacion
    informacio ir j ja jo l la las le les li ll lo los m ma mare mas massa me meu meua meues meus mes mi mia mio
    mire mirar mis molt mucho muy n na ne necesitar necesito necessita necessite necesite necesitem necesitamos ni
    no nos nosaltres nosotros nostra nostre nuestra nuestro o on os otra otro pa para pel pels per pero perque
    podeu podem podria podriau podeis poder porque por porfa por pot poc pues pued pueda pueden puedo podemos puc
    q qual quan quant quants que quede quedar quien queria quera quier quiero quiere quieren queremos qui quin quina
    quins quines re s sa saber sap saben se sea sem ser seria seu seua si sic sin sino sobre soc son soy sobr su
    sus t ta te tem tenc tencs tenen tenim tenir tenemos tengo tiene tienen tinc tinga tindre tots tot tota todo
    toda todos tu tus u un una unas unes uno unos us ustedes usted va vale vam van vaig vos voste vostes vol volem
    volen voldria voler vols vull vuic vullc x xa y ya yo ademas tambe tambien encara aun ara
    tramit tramits tramite tramites tramitar gestio gestion gestionar procediment procedimiento
    ajuntament ayuntamiento alzira alcira poble pueblo
    demanar demane demana pedir pido pide solicitar solicit solicite solicito solicita solicitud sollicitar
    sollicitud sollicite colicitar
    paper papers papeles papel document documents documentos documentacio documentacion requisits requisitos
    merces voy ire anire conmigo luego noches nits ok vinga venga duda dudas dubte pregunta consulta okey oye escolta
    persona personas persones gent gente tema manera forma nada nadie ningu ninguna ninguno nadien
    """.split()
)


# Words whose stem is another word's: to marry is no house, and a chemist's on duty no nursery.
_APART = {
    **dict.fromkeys("casar casarme casarnos casarse casarvos casarmos casamos casem caseu casarem".split(), "bod"),
    **dict.fromkeys(["guardia", "guardies", "guardias"], "guardia"),
}


@dataclass(frozen=True, slots=True)
class Hit:
    """A document by its number. ``fit``: how well its best phrase fits, and ``said``: how much of that phrase was
    said; ``share``: how much of what was typed the document knows. All from 0 to 1, as ``score``, their sum.
    """

    document: int
    fit: float
    said: float
    share: float
    weight: float  # of the words that were met, against the weightiest word of all

    @property
    def score(self) -> float:
        return FIT_COUNTS * self.fit + SHARE_COUNTS * self.share

    @property
    def enough(self) -> bool:
        """Whether it is worth showing."""
        if self.score >= ENOUGH_SCORE:
            return True
        return self.weight >= ENOUGH_WEIGHT and self.said >= ENOUGH_SAID

    @property
    def sure(self) -> bool:
        """Most of one of its phrases was said, little else, and not just a word that many share ("ajuda")."""
        return self.fit >= SURE_FIT and self.share >= SURE_SHARE and self.weight >= SURE_WEIGHT


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way of asking for a document."""

    document: int
    language: str
    text: str


def terms(text: str) -> tuple[str, ...]:
    """The folded words that say something; all of them where none does."""
    folded = words(text)
    return tuple(dict.fromkeys(word for word in folded if word not in _SMALL))


def build(phrases: Iterable[Phrase], mentions: Iterable[Phrase] = ()) -> dict[str, Any]:
    """The compiled index, JSON-able.

    ``mentions`` are texts about a document (its summary): they only confirm what a phrase has found.
    ``phrases``: [document, language, weight of its stems]; ``stems``: {stem: [weight, phrases, documents that
    mention it]}; ``words``: the folded words of the phrases, for slips of the finger.
    """
    read = [(phrase, stems) for phrase in phrases if (stems := _stems(phrase.text))]
    told = [(mention.document, _stems(mention.text)) for mention in mentions]
    weights = _weights([*((phrase.document, stems) for phrase, stems in read), *told])
    postings: dict[str, tuple[list[int], set[int]]] = defaultdict(lambda: ([], set()))
    for number, (_, stems) in enumerate(read):
        for each in stems:
            postings[each][0].append(number)
    for document, stems in told:
        for each in stems:
            postings[each][1].add(document)
    return {
        "phrases": [
            [phrase.document, phrase.language, round(sum(weights[each] for each in stems), 3)]
            for phrase, stems in read
        ],
        "stems": {
            each: [round(weights[each], 3), numbers, sorted(documents)]
            for each, (numbers, documents) in sorted(postings.items())
        },
        "words": sorted({word for phrase, _ in read for word in terms(phrase.text)}),
    }


def _stems(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(_stem, terms(text))))


def _weights(documents: Iterable[tuple[int, Sequence[str]]]) -> dict[str, float]:
    """How much each stem says: the fewer documents hold it, the more."""
    holders: dict[str, set[int]] = defaultdict(set)
    everything: set[int] = set()
    for document, stems in documents:
        everything.add(document)
        for each in stems:
            holders[each].add(document)
    return {each: math.log(1 + len(everything) / len(found)) for each, found in holders.items()}


@dataclass(frozen=True)
class Index:
    """The compiled index, ready to be asked. Not slotted: the words are sorted for slips at the first need."""

    phrases: Sequence[Sequence[Any]]
    stems: Mapping[str, Sequence[Any]]
    known: Sequence[str]
    heaviest: float

    @classmethod
    def from_content(cls, data: Mapping[str, Any]) -> Index:
        stems = data["stems"]
        return cls(data["phrases"], stems, data["words"], max((each[0] for each in stems.values()), default=0.0))

    def rank(self, text: str, language: str) -> list[Hit]:
        """The documents that ``text`` may mean, best first; those that fit badly are left out."""
        asked = self._asked(text)
        total = sum(self._weight(each) for each in asked)
        fits, shares = self._best_phrases(asked, total, language), self._shares(asked, total)
        hits = [
            Hit(document, fit, said, shares[document], shares[document] * total / self.heaviest)
            for document, (fit, said) in fits.items()
        ]
        ranked = sorted((hit for hit in hits if hit.enough), key=lambda hit: (-hit.score, hit.document))
        return [] if ranked and ranked[0].document == NOTHING else [hit for hit in ranked if hit.document >= 0]

    def _best_phrases(
        self, asked: Mapping[str, float], total: float, language: str
    ) -> dict[int, tuple[float, float]]:
        """For each document, how well the best of its phrases fits, and how much of that phrase was said."""
        shared: dict[int, float] = defaultdict(float)
        for each, worth in asked.items():
            if each in self.stems:
                weight, numbers, _ = self.stems[each]
                for number in numbers:
                    shared[number] += weight * worth
        best: dict[int, tuple[float, float]] = {}
        for number, common in shared.items():
            document, spoken, size = self.phrases[number]
            fit = _fit(common, size, total) * (1.0 if spoken == language else OTHER_LANGUAGE)
            best[document] = max((fit, common / size), best.get(document, (0.0, 0.0)))
        return best

    def _shares(self, asked: Mapping[str, float], total: float) -> dict[int, float]:
        """For each document, how much of what was typed it knows, in whichever phrase; less if only mentioned."""
        shares: dict[int, float] = defaultdict(float)
        for each, worth in asked.items():
            if each in self.stems:
                weight, numbers, mentioned = self.stems[each]
                said = {self.phrases[number][0] for number in numbers}
                for document in said:
                    shares[document] += weight * worth / total
                for document in mentioned:
                    if document not in said:
                        shares[document] += MENTIONED * weight * worth / total
        return shares

    def _weight(self, each: str) -> float:
        known = self.stems.get(each)
        return float(known[0]) if known else UNKNOWN * self.heaviest

    def _asked(self, text: str) -> dict[str, float]:
        """The stems typed, each with its worth; a word that nobody knows is read as its neighbour, if any."""
        asked: dict[str, float] = {}
        for word in terms(text):
            each = _stem(word)
            if each in self.stems:
                asked[each] = 1.0
            elif meant := self._meant(word):
                asked.setdefault(meant, BY_SLIP)
            else:
                asked.setdefault(each, 0.0)
        return asked

    def _meant(self, word: str) -> str | None:
        """The known stem that was meant: a slip in the word (two in a long one), or one in its stem."""
        for slips in range(1, allowance(word) + 1):
            for other in self._words_by_letter.get(_first(word), ()):
                if slips <= allowance(other) and within(word, other, slips):
                    return _stem(other)
        bare = stem(word)
        if len(bare) >= SLIP_IN_STEM:
            for other in self._stems_by_letter.get(_first(word), ()):
                if len(other) >= SLIP_IN_STEM and within(bare, other, 1):
                    return other
        return None

    @cached_property
    def _words_by_letter(self) -> Mapping[str, Sequence[str]]:
        return _by_letter(self.known)

    @cached_property
    def _stems_by_letter(self) -> Mapping[str, Sequence[str]]:
        return _by_letter(self.stems)


def _stem(word: str) -> str:
    return _APART.get(word) or stem(word)


def _by_letter(known: Iterable[str]) -> Mapping[str, Sequence[str]]:
    sorted_words: dict[str, list[str]] = defaultdict(list)
    for word in known:
        sorted_words[_first(word)].append(word)
    return sorted_words


def _first(word: str) -> str:
    """The first letter as it sounds: people write "abitabilidad" and "bado"."""
    bare = word[1:] if word[0] == "h" and len(word) > 1 else word
    return "b" if bare[0] == "v" else bare[0]


def _fit(common: float, size: float, total: float) -> float:
    """How alike a phrase and a message are: their shared weight, against what each has besides."""
    return common / (common + PHRASE_LACKS * (size - common) + MESSAGE_HOLDS * (total - common))
