"""Commands count only as a whole message, and an opt-out is neither missed nor made up."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from canal.content import yamlfile
from canal.content.command_words import compile_commands
from canal.dialogue.understanding import text
from canal.dialogue.understanding.commands import Command, CommandLexicon, spot
from canal.errors import BadContent

CONTENT = Path(__file__).parents[3] / "content" / "common" / "commands.yaml"
LEXICON = CommandLexicon.from_content(compile_commands(yamlfile.load(CONTENT)))

OPT_OUTS = """
STOP
stop!
Stop.
baixa
BAJA
baja por favor
baixa per favor
unsubscribe
desuscribir
desuscribirme
dona'm de baixa
doneu-me de baixa per favor
dame de baja
dadme de baja por favor
date de baja de los avisos
vull donar-me de baixa
quiero darme de baja
em vull donar de baixa
me quiero dar de baja
hola, quiero darme de baja
com em done de baixa?
cómo me doy de baja
no vull rebre més missatges
no vull rebre missatges
ja no vull rebre més avisos
no vull més avisos
no vull més missatges gràcies
no quiero más mensajes
no quiero recibir más mensajes
ya no quiero recibir avisos
no deseo recibir más comunicaciones
no queremos recibir más notificaciones vuestras
no voldria rebre més whatsapps
no m'envieu més coses
no m'envieu més missatges per favor
no m'envies res més
no me mandéis más mensajes
no me mandeis mas
no me mandes mas mensajes por favor
no me envíes nada más
no me escribáis más
no m'escrigueu més
no em torneu a escriure
no me volváis a escribir
no volváis a mandarme nada
ja no vull que m'envieu res
no quiero que me mandéis más avisos
no vull que m'aviseu més
dona'm de baixa dels avisos
vull donar-me de baixa de les notificacions
vull la baixa dels avisos de l'ajuntament
quiero darme de baja de los avisos
quiero darme de baja de la agenda
quiero darme de baja de la lista de difusión
baja de los avisos por favor
baixa whatsapp
baja avisos
darme de baja del servicio de whatsapp
em vull llevar dels avisos
vull desapuntar-me dels avisos
quiero desapuntarme de los avisos culturales
deixeu d'enviar-me missatges
deixa d'enviar-me missatges
dejad de mandarme mensajes
deja de enviarme cosas
deje de enviarme mensajes
parad de mandarme whatsapps
pareu d'enviar missatges
quiero dejar de recibir avisos
vull deixar de rebre missatges
dejar de recibir alertas
como dejo de recibir esto
com puc deixar de rebre açò
prou de missatges
prou missatges
basta ya de mensajes
no más mensajes
ni un mensaje más
cap missatge més
stop mensajes
stop publicitat
quitadme de la lista
quítame de la lista de difusión
borrame de la lista de difusion
borreu-me de la llista
traieu-me de la llista
lleveu-me de la llista de difusió
sacadme de esta lista
quiero salir de la lista de difusión
vull eixir de la llista
anular avisos
cancel·lar la subscripció
cancelar suscripción
anula la meua subscripció
desactiva totes les notificacions
desactivar las notificaciones
no em molesteu més
no me molesten más
deixeu-me en pau
dejadme en paz
retiro mi consentimiento para recibir mensajes
com pare açò? no vull més missatges
me he mudado de ciudad y ya no quiero recibir más avisos
hola bon dia, ja no visc a Alzira, em podeu donar de baixa dels avisos? gràcies
demasiados mensajes, no me mandéis más
massa missatges, doneu-me de baixa
no m'interessen els avisos
no me interesa recibir esto
no autorizo que me enviéis mensajes
ya no me interesan vuestros mensajes, dadme de baja
us demane que no m'envieu més whatsapps
por favor que alguien me quite de los avisos
no vul rebre mes misatges
no kiero mas mensajes
no quiero resivir mas mensajes
no em torneu a enviar res per favor
xe pareu ja de enviar-me coses
quiero que dejéis de mandarme avisos
me podéis quitar de los avisos por favor
no quiero seguir recibiendo mensajes del ayuntamiento
no vull tornar a rebre cap missatge vostre
dejar de seguir avisos
baja de las notificaciones de cultura
dar de baja avisos
dar de baja las notificaciones
donar de baixa les alertes
ja no visc ací, lleveu-me
por favor, no me envíen más información
no m'envieu més informació
no quiero más información por whatsapp
no quiero saber nada más de este canal
eliminadme de la lista
esborreu-me de la llista d'avisos
cancela mi suscripción
cancelar la suscripción a la agenda
doneu-me de baixa del canal
baja del canal
salir del canal
quiero dejar el canal
que no me llegue nada más
no quiero que me llegue nada más
no vull que m'arriben més missatges
no quiero que me escribáis
no me apetece recibir tantos mensajes, baja
sois unos pesados, dejad de escribirme
qué pesados, stop
stop, no quiero más
me borro de los avisos
dejo de seguir los avisos
prefiero no recibir avisos
preferisc no rebre més avisos
millor que no m'envieu més avisos
tiene la bondad de darme de baja de los mensajes?
solicito la baja del servicio de avisos
sol·licite la baixa del servei d'avisos
sol·licite la baixa dels missatges
solicito mi baja de la lista de distribución
desactivar alertas
quitar avisos
quitar notificaciones
llevar els avisos
no avisos
sin avisos por favor
ya vale de mensajes
hartos de tantos mensajes, no enviéis más
baixa per a sempre
baja del whatsapp
em done de baixa
me doy de baja
dame de baja porfa
DAME DE BAJA YA!!!
no volem rebre res més de l'ajuntament
borra mi número de la lista
esborra el meu número de la llista de difusió
no me envies mas whatsaps
no mandes mas
no envieu més
no enviéis más mensajes
deja de molestar
deixeu de molestar
no quiero recivir mensajes
no me mandeis mas menajes
""".strip().splitlines()

NOT_OPT_OUTS = """
vull la baixa mèdica
la baixa mèdica on es demana
necesito la baja médica
me han dado la baja
estic de baixa
estoy de baja laboral y quiero cita
baixa del padró
baja del padrón
vull donar de baixa el gual
quiero dar de baja el vado
baja del vehículo
donar de baixa el cotxe
dar de baja la moto
baixa de l'impost de vehicles
baja de la tasa de basuras
donar de baixa el comptador de l'aigua
dar de baja el agua
baja de autónomos
darme de baja del gimnasio municipal
vull donar-me de baixa del curs de natació
baja del polideportivo
baja de la lista de espera
darme de baja de la bolsa de trabajo
quitadme de la lista de espera
baja por maternidad ayudas
baja por defunción
calle baja
planta baixa
la part baixa de la ciutat
barrio bajo
parada
stop de bus
parada de bus
señal de stop
falta una señal de stop en la calle
senyal de stop caigut
s'ha caigut l'stop de la cantonada
el stop de mi calle no se ve
no m'arriben els avisos
no me llegan los avisos
no recibo los mensajes
no rep cap avís
ya no recibo avisos, ¿qué pasa?
he dejado de recibir avisos
per què no m'envieu més avisos?
por qué no me mandáis mensajes
fa temps que no m'envieu res
hace tiempo que no me mandáis nada
vull rebre avisos
quiero recibir los avisos
quiero seguir recibiendo avisos
no vull deixar de rebre avisos
no quiero dejar de recibir los avisos
no quiero darme de baja
no vull donar-me de baixa
quiero volver a recibir mensajes
alta avisos
vull donar-me d'alta dels avisos
apuntar-me als avisos
em vaig donar de baixa sense voler, vull tornar a rebre els avisos
cancelar la cita
anul·lar la cita prèvia
cancelar la reserva de la pista
anular una multa
anular un recibo
desactivar el recibo domiciliado
no quiero pagar la tasa
no vull pagar més impostos
no quiero recibir más multas
no vull rebre més cartes de l'ajuntament
no vull més soroll al meu carrer
no quiero más ruido
prou de soroll
basta ya de ruido
prou d'obres
stop desahucios ayuda
stop a los ruidos
dejad de talar árboles
deixeu de talar arbres
dejad de poner multas
quiero borrar una queja
borrar una pintada
quiero quitar un aviso que puse de una farola
quiero anular la incidencia que envié
no vull res
no
nada
res
no quiero nada
no m'interessa
no gracias
avisos
missatges
mensajes
no entiendo los mensajes
no entenc els missatges
no puedo mandar mensajes
no puc enviar fotos
no sé com enviar un missatge
quiero enviar un mensaje al alcalde
notificació de multa
he recibido una notificación y no sé qué es
m'ha arribat un avís de correus
tengo un aviso de embargo
vull parar el rebut
parar un recibo
el semàfor no para
el bus no para en mi parada
el bus no ha parado
no me ha avisado nadie de las obras
no mandéis la grúa
no me mandéis la carta a esa dirección
me he mudado, dónde mando el aviso
canvi de domicili per a notificacions
cambiar dirección de notificaciones
autorización para recibir notificaciones de mi padre
subscripció a l'agenda
suscripción
el meu pare vol donar-se de baixa del padró
com es dona de baixa un gos
baja censal
baja temporal del vehiculo
baixa definitiva del cotxe
baja de vado permanente
em donen de baixa a la feina, puc cobrar?
baja maternal
baja presión de agua
l'aigua té baixa pressió
la persiana baixa
baixa el volum de la música de la plaça
baja el volumen
tarifa más baja
la rama está muy baja
no baja el agua del imbornal
el bus no baja por mi calle
quiero quitar una señal de stop
cambiar el stop por un ceda
en el stop de la calle gandia casi me atropellan
prou ja de pagar
prou
para
parar
para qué sirve
dejad de cortar el agua
dejen de multar
vull deixar el pis
quiero dejar un mensaje a la alcaldesa
vull deixar un missatge
quiero enviar mensajes a los vecinos
com puc rebre els avisos
quiero recibir avisos de cultura
activar notificaciones
cómo activo los avisos
no me aparecen los avisos
no trobe els missatges
no veig els missatges
no quiero perderme ningún aviso
no borréis mis avisos
no vull que em doneu de baixa
no me borréis de la lista
em vau donar de baixa per error
no quiero más contenedores en mi puerta
no quiero más árboles
no vull més bars al carrer
no vull que tallen els arbres
no quiero que mandéis a la policía
no me molesta el ruido
el veí no para de molestar
dejar de fumar ayuda
dejar de pagar el agua
vull cancel·lar una cita
cancelar mi inscripción al curso
desapuntar al xiquet de l'escola d'estiu
desapuntarme del viaje de mayores
quitar la basura de la acera
llevar el cotxe abandonat
eliminar barreres arquitectòniques
eliminar plaga
anular la solicitud de beca
anular domiciliación bancaria
desactivar alarma
tinc un avís de l'aigua
quants avisos envieu al dia?
qui rep els missatges?
leéis los mensajes?
no contestáis los mensajes
no responeu als missatges
no me habéis contestado al mensaje
he mandado tres mensajes y nada
envié un aviso y no ha venido nadie
no quiero poner mi número
mensajes de voz puedo mandar?
no puc rebre SMS
no tengo whatsapp en el otro móvil
agenda cultural
no hay nada en la agenda
no ix res a l'agenda
baja de la bolsa de empleo
baja como demandante de empleo
darme de baja como voluntario de protección civil
baixa de soci de la biblioteca
baja del comedor escolar
baja en el impuesto de basuras de un local cerrado
dar de baja un recibo
dar de baja el nicho
dar de baja una licencia
donar de baixa l'activitat
donar de baixa la llum
dar de baja a mi madre fallecida
dar de baja a mi perro
em vull donar de baixa del gimnàs
vull donar-me de baixa com a resident
""".strip().splitlines()

WHOLE = {
    Command.MENU: "menú|Menu por favor|MENU!!|el menú|menú principal|inici|inicio|0|tornar al menú|volver al inicio|"
    "començar|empezar de nuevo|mneu|hola menú|quiero ver el menú|vull vore el menú|opcions|eixir|salir|cancelar",
    Command.BACK: "volver|tornar|arrere|atràs|atrás|volver atrás|tornar arrere|vuelve|torna arrere|enrere|anterior",
    Command.LANGUAGE: "idioma|cambiar de idioma|canviar d'idioma|vull canviar l'idioma|language|llengua",
    Command.LANGUAGE_CA: "valencià|en valencià per favor|valenciano|vull parlar en valencià|parla'm en valencià|"
    "en valenciano por favor|català|prefiero en valenciano|canvia al valencià|en valenciá",
    Command.LANGUAGE_ES: "castellano|castellà|en castellano|español|en español por favor|háblame en castellano|"
    "quiero hablar en castellano|en castellà millor|castellano pls|spanish|castelano",
    Command.HELP: "ajuda|ayuda|AJUDA!!|help|necesito ayuda|necessite ajuda|ajuda'm|ayúdame|com funciona|"
    "no ho entenc|no entiendo|cómo funciona esto|què puc fer|ajudam per favor|instruccions|?",
    Command.PERSON: "persona|parlar amb una persona|quiero hablar con alguien|operador|agente|vull parlar amb algú|"
    "hablar con una persona por favor|que m'atenga una persona|quiero hablar con una persona de verdad|humano|"
    "no quiero hablar con un robot|hola quiero hablar con una persona|atenció personal|parlar amb l'ajuntament|persoan",
    Command.PRIVACY: "privacitat|privacidad|protecció de dades|política de privacitat|protección de datos|rgpd|"
    "privacidá|qué hacéis con mis datos|què feu amb les meues dades|avís legal",
    Command.MY_DATA: "les meues dades|mis datos|veure les meues dades|qué sabéis de mí|qué datos tenéis de mí|"
    "quines dades meues teniu|quiero ver mis datos|vull una còpia de les meues dades|que tens guardat de mi",
    Command.ERASE_ME: "esborra'm|bórrame|borrad mis datos|esborra les meues dades|elimina mis datos|borradme|"
    "quiero que borréis todos mis datos|vull que esborreu les meues dades|eliminar mi cuenta|esborreu-ho tot|"
    "derecho al olvido|quiero que borreis todo lo que teneis de mi|vull que oblideu el meu telèfon|"
    "elimineu el meu número per favor|borra mis datos y no me escribas más",
    Command.GREETING: "hola|Holaaa|bon dia|buenos días|buenas|hola bona vesprada|hola buenas tardes|hey|hola què tal",
    Command.THANKS: "gràcies|gracias|moltes gràcies|muchas gracias|mercés|mil gracias|hola gracias|gràcies!!",
    Command.GOODBYE: "adéu|adiós|fins després|hasta luego|gracias adiós|a reveure|fins demà|chao",
    Command.MORE: "més|más|mas|següent|siguiente|ver más|vore més|más opciones|més resultats|mostra'n més",
    Command.YES: "sí|si|vale|ok|d'acord|de acuerdo|sí por favor|clar|claro|val|si si|exacte|correcto|sí gracias",
    Command.NO: "no|no gracias|no, gràcies|nop|nooo|mejor no|de ninguna manera|no no",
}

TALK = """
on puc pagar el menú escolar
menú del dia dels bars
el menú del menjador de l'escola
volver a empadronarme
tornar un llibre a la biblioteca
el bus que torna a l'hospital
cursos de valencià
examen de valencià junta qualificadora
clases de castellano para extranjeros
ajuda per a pagar el lloguer
ayuda a domicilio
ayudas al alquiler
ajuda a la dependència
quantes persones viuen a Alzira
targeta de persona amb discapacitat
persona de contacto de urbanismo
me falta una persona en el padrón
operador de grúa oferta de trabajo
cambiar mis datos del padrón
actualizar mis datos bancarios
mis datos del catastro están mal
borrar antecedentes
borradme la multa
eliminar datos del registro de animales
esborrar una pintada de la façana
hola, on està l'ecoparc
bon dia a quina hora obrin
gracias por nada, el contenedor sigue igual
sí vull demanar cita
no funciona la farola
no hi ha llum al carrer
más contenedores en mi calle
més bancs al parc
siguiente autobús al hospital
a quina hora ix el següent bus
inicio del curso escolar
inici de les obres
salida del bus
eixida de la cavalcada
adiós al camión de la basura
vale transporte
10
3
a
""".strip().splitlines()


@pytest.mark.parametrize("message", OPT_OUTS)
def test_an_opt_out_is_obeyed(message: str) -> None:
    assert spot(message, LEXICON) is Command.STOP


@pytest.mark.parametrize("message", NOT_OPT_OUTS)
def test_what_only_sounds_like_an_opt_out_is_none(message: str) -> None:
    assert spot(message, LEXICON) is not Command.STOP


@pytest.mark.parametrize(
    ("message", "command"), [(message, command) for command, line in WHOLE.items() for message in line.split("|")]
)
def test_a_command_is_understood_as_a_whole_message(message: str, command: Command) -> None:
    assert spot(message, LEXICON) is command


@pytest.mark.parametrize("message", TALK)
def test_a_sentence_about_something_else_is_no_command(message: str) -> None:
    assert spot(message, LEXICON) is None


def test_both_sides_of_the_opt_out_are_well_covered() -> None:
    assert len(set(OPT_OUTS)) >= 80
    assert len(set(NOT_OPT_OUTS)) >= 80


def test_an_empty_message_and_one_of_emoji_are_no_command() -> None:
    assert spot("", LEXICON) is None
    assert spot("🙂🙂", LEXICON) is None


def test_the_longest_message_is_read_quickly() -> None:
    message = "no vull rebre més avisos dels bars de baixa " * 100
    text.fold.cache_clear()
    before = time.perf_counter()
    spot(message[:4096], LEXICON)
    assert time.perf_counter() - before < 0.1  # a hundred times what it takes: only a runaway search fails


def test_faults_in_the_file_are_named_together() -> None:
    data = {"commands": {"menu": {"whole": {"ca": ["menú"]}}, "dance": {"whole": {"both": ["ball", "<none>"]}}}}
    with pytest.raises(BadContent) as caught:
        compile_commands(data)
    told = "\n".join(caught.value.problems)
    assert "commands.dance" in told
    assert "<none>" in told
    assert "«ca» and «es»" in told
    assert "commands.stop" in told
