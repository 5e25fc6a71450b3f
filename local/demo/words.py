"""What demonstration cases say, in both languages. Nothing here is a fact of the town."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import TYPE_CHECKING

from canal.dialogue.messages import Language
from canal.incidents.case import Kind

if TYPE_CHECKING:
    from canal.subjects.categories import Category

MARK = "Cas de demostració · Caso de demostración."
Lines = Mapping[Language, tuple[str, ...]]

DETAILS: Lines = {
    "ca": (
        "Fa uns quants dies que està així.",
        "Hi passa molta gent i convindria mirar-ho prompte.",
        "Ho vam vore anit tornant a casa.",
        "Cada vegada va a més.",
        "Els veïns de l'escala ja en parlen.",
        "És just davant de la porta.",
        "Amb la pluja encara es nota més.",
        "Els xiquets passen per ací per a anar a escola.",
        "Ma mare va amb caminador i no pot passar.",
        "No corre pressa, però que conste.",
    ),
    "es": (
        "Lleva unos cuantos días así.",
        "Pasa mucha gente y convendría mirarlo pronto.",
        "Lo vimos anoche al volver a casa.",
        "Cada vez va a más.",
        "Los vecinos de la escalera ya lo comentan.",
        "Está justo delante de la puerta.",
        "Con la lluvia aún se nota más.",
        "Los niños pasan por aquí para ir al colegio.",
        "Mi madre va con andador y no puede pasar.",
        "No corre prisa, pero que conste.",
    ),
}
OTHERS: Mapping[Kind, Lines] = {
    Kind.COMPLAINT: {
        "ca": (
            "Vaig telefonar tres vegades i no em van contestar.",
            "La terrassa del bar ocupa tota la vorera els dissabtes.",
            "Fa dos mesos que espere resposta a un escrit.",
        ),
        "es": (
            "Llamé tres veces y no me contestaron.",
            "La terraza del bar ocupa toda la acera los sábados.",
            "Hace dos meses que espero respuesta a un escrito.",
        ),
    },
    Kind.SUGGESTION: {
        "ca": (
            "Estaria bé un banc a l'ombra en este tram.",
            "Podríeu posar un aparcabicis a la porta de la biblioteca.",
            "Un pas de vianants ací ajudaria molt.",
        ),
        "es": (
            "Estaría bien un banco a la sombra en este tramo.",
            "Podríais poner un aparcabicis en la puerta de la biblioteca.",
            "Un paso de peatones aquí ayudaría mucho.",
        ),
    },
    Kind.QUESTION: {
        "ca": ("Quan obri la piscina?", "On he de dur una bateria de cotxe?", "Puc canviar l'hora d'una cita?"),
        "es": (
            "¿Cuándo abre la piscina?",
            "¿Dónde tengo que llevar una batería de coche?",
            "¿Puedo cambiar la hora de una cita?",
        ),
    },
    Kind.PICKUP: {
        "ca": (
            "Un sofà de tres places i una taula menuda.",
            "Un matalàs i un somier.",
            "Una llavadora vella; hi ha ascensor.",
        ),
        "es": (
            "Un sofá de tres plazas y una mesa pequeña.",
            "Un colchón y un somier.",
            "Una lavadora vieja; hay ascensor.",
        ),
    },
}
SAME: Mapping[Language, str] = {"ca": "És el mateix que ja es va avisar.", "es": "Es lo mismo que ya se avisó."}
NOT_FIXED: Mapping[Language, str] = {"ca": "Continua igual que abans.", "es": "Sigue igual que antes."}
RESOLVED: Lines = {
    "ca": (
        "Ja està arreglat. Gràcies per avisar.",
        "La brigada ho ha solucionat este matí.",
        "Fet. Gràcies per dir-ho.",
    ),
    "es": (
        "Ya está arreglado. Gracias por avisar.",
        "La brigada lo ha solucionado esta mañana.",
        "Hecho. Gracias por decirlo.",
    ),
}
REJECTED: Lines = {
    "ca": ("Hi hem anat i no hem trobat res.", "És dins d'una finca particular i no hi podem actuar."),
    "es": ("Hemos ido y no hemos encontrado nada.", "Está dentro de una finca particular y no podemos actuar."),
}
QUESTIONS: Lines = {
    "ca": ("A quina altura del carrer és?", "Podries enviar-nos una foto?"),
    "es": ("¿A qué altura de la calle es?", "¿Podrías enviarnos una foto?"),
}
NOTES: Lines = {
    "ca": ("Demanat el material.", "Ho mirarà la brigada de demà.", "Hem parlat amb qui va avisar."),
    "es": ("Pedido el material.", "Lo mirará la brigada de mañana.", "Hemos hablado con quien avisó."),
}


def report(kind: Kind, category: Category | None, language: Language, dice: Random) -> str:
    """The words of a report, marked."""
    if category is None:
        return marked(dice.choice(OTHERS[kind][language]))
    return marked(f"{category.name[language]}. {dice.choice(DETAILS[language])}")


def marked(text: str) -> str:
    """``text`` behind the mark, which is in both languages."""
    return f"{MARK} {text}"
