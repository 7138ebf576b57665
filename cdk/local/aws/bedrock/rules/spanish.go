package rules

import "regexp"

var spanish = tongue{
	thanks: []string{"Muy bien, gracias.", "Gracias.", "Entiendo.", "De acuerdo, gracias."},

	hello: "Buenos días y bienvenido a su entrevista.", begin: "Empiece cuando quiera, por favor.",
	more: "Añada, por favor, lo que crea que falta.", look: "Mire la pantalla, por favor: ahí tiene ahora %s.",
	cutIn: "Gracias, eso me da una buena idea, y me gustaría seguir.", closing: "Con esto llegamos al final.", wish: "Le deseo lo mejor para su próxima entrevista.",
	goOn: "De acuerdo, sigamos.", again: "Por supuesto.", explain: "Lo digo de manera sencilla: diga lo primero que se le ocurra, y luego por qué.",
	noHurry: "No hay prisa.", leave: "Dejemos esta pregunta.", think: "Por supuesto, tómese su tiempo.", hear: "Sí, le oigo.", fine: "No pasa nada.",
	stay: "Me quedo con nuestra entrevista.", calm: "Sigamos con nuestra entrevista.", peek: "Eso me lo guardo. Al final recibirá su valoración.",
	stop: "Por supuesto.", sure: "¿Termino aquí la entrevista?", stopped: "De acuerdo, lo dejamos aquí. Gracias por su tiempo.", onward: "Bien, entonces seguimos.",
	distress: "Siento que esto sea difícil. Respire, no depende nada de ello. Podemos esperar, pasar a otra pregunta o parar, dígamelo sin más.",
	danger: "Siento mucho oír eso. Por favor, llame ahora a emergencias o a alguien que esté cerca. " +
		"La entrevista no importa, y podemos parar en cualquier momento.",
	foreign: "Lo siento, esta entrevista se hace en español. Siga, por favor, en español, con palabras sencillas.", misnamed: "Perdone que tuviera mal su nombre.",
	who: "Soy %s, una inteligencia artificial, y esto es una práctica.", place: "Esta es la parte %d de %d.", left: "Quedan unos %d minutos.", open: "Hay tiempo suficiente.",
	fact: "Le puedo decir esto: %s.", without: "No tengo datos sobre eso; suponga lo que le parezca razonable y dígame qué.",
	upToYou: "Eso lo dejo en sus manos.",

	kinds: []told{
		{danger, 0, regexp.MustCompile(`(?:suicid|matarme|quitarme la vida|quiero morir|no quiero vivir)`)},
		{distress, 30, regexp.MustCompile(`(?:estoy|me siento) (?:\S+ )?(?:nervios[oa]|mal|agobiad[oa]|desesperad[oa]|angustiad[oa]|estresad[oa]|abrumad[oa])|ataque de (?:pánico|ansiedad)|no puedo más|me he quedado en blanco`)},
		{foreign, 0, regexp.MustCompile(`^(?:\S+ )*?(?:i|the|my|we) (?:am|was|were|have|had|think|work|would|is|project|don't)\b`)},
		{instructs, 0, regexp.MustCompile(`(?:ignor[ae]|olvid[ae]) (?:\S+ ){0,3}(?:instrucciones|reglas|prompt)|prompt del sistema|ahora eres`)},
		{insults, 25, regexp.MustCompile(`gilipollas|cállate|cállese|(?:eres|es usted) (?:\S+ )?(?:tonto|tonta|idiota|inútil|estúpido|estúpida)|mierda|vete al|qué (?:tontería|estupidez)`)},
		{stops, 14, regexp.MustCompile(`(?:terminar|parar|acabar|dejar|cancelar) (?:aquí|ya|la entrevista|esta entrevista)|(?:quiero|quisiera|me gustaría) (?:parar|terminar|dejarlo|acabar)|(?:tengo que|me tengo que|debo) (?:irme|ir|dejarlo)|^adiós|lo dejamos aquí`)},
		{peeks, 25, regexp.MustCompile(`criterios|rúbrica|(?:respuesta|solución) (?:correcta|ideal|perfecta)|cómo (?:lo he hecho|me evalúa|me va a evaluar|me puntúa)|(?:está|estaba) (?:bien|correcto)(?: así)?$|qué nota|qué quiere oír`)},
		{repeats, 16, regexp.MustCompile(`(?:repet|repit)\S*|otra vez(?: por favor)?$|^(?:perdón|cómo|cómo dice|qué)$|cuál era la pregunta|no (?:le )?he (?:oído|entendido)(?: bien)?$`)},
		{explains, 20, regexp.MustCompile(`qué (?:quiere decir|significa|se refiere)|a qué se refiere|(?:explic|aclar|reformul)\S*(?: eso| esto| la pregunta| por favor)*$|no (?:entiendo|comprendo)(?: la pregunta| bien| qué)?|(?:decirlo|preguntarlo) de otra (?:manera|forma)`)},
		{timing, 16, regexp.MustCompile(`cuánto (?:tiempo|falta|dura|queda)|cuántas preguntas|cuántos minutos|queda tiempo|hemos terminado|estamos terminando`)},
		{movesOn, 12, regexp.MustCompile(`(?:siguiente|otra) pregunta|^(?:por favor )?(?:sigamos|continuemos|siga|adelante|pasemos)(?: por favor| adelante)*$|(?:prefiero|preferiría) no (?:contestar|responder|decir|hablar)|saltar(?:la|nos)?`)},
		{thinks, 12, regexp.MustCompile(`(?:un|una) (?:momento|momentito|segundo|instante)(?: por favor| para pensar)*$|(?:pensar|pensarlo)(?: un momento| un poco)*$`)},
		{misnames, 14, regexp.MustCompile(`no me llamo|no es mi nombre|mi nombre no es`)},
		{asksWho, 12, regexp.MustCompile(`(?:es usted|eres) (?:un |una )?(?:\S+ )?(?:persona|robot|máquina|humano|humana|ordenador|ia|real)|quién (?:es usted|eres)|cómo se llama`)},
		{tests, 8, regexp.MustCompile(`me (?:oye|escucha|oyes|escuchas)|(?:está|sigue) (?:usted )?ahí|^hola(?: hola)*$|funciona (?:el|mi) micrófono`)},
		{lost, 12, regexp.MustCompile(`no (?:lo )?sé$|ni idea|no tengo (?:ni )?(?:idea|ningún ejemplo)|no se me ocurre|no me acuerdo|no recuerdo|nunca (?:lo )?he|no puedo (?:contestar|responder)`)},
	},
	yes:   regexp.MustCompile(`^(?:sí|si|vale|por favor|de acuerdo|claro|ok|okay|correcto|exacto|termine|adelante)(?:\s|$)`),
	wants: regexp.MustCompile(`^(?:por favor )?(?:hábleme|cuénteme|describa|explique|explíqueme|deme|dígame|nombre)(?:\s|$)`),
	asks:  regexp.MustCompile(`^(?:(?:y|pero|entonces|bueno|eh|vale) )*(?:qué|cómo|cuál|cuáles|cuándo|dónde|quién|por qué|puedo|debo|tengo que|hay|es posible|tiene)(?:\s|$)`),
	has:   regexp.MustCompile(`(?i)\d|(?:^|\s)(?:dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|veinte|treinta|cuarenta|cincuenta|cien|ciento|mil|millones|millón|mitad|doble)(?:\s|[.,]|$)`),
	words: reportWords{
		counted: "Ningún modelo de lenguaje ha leído esta entrevista, así que aquí no hay ningún juicio: lo que sigue está contado en sus palabras.", none: "No ha dado ninguna respuesta.",
		summary: "Respuestas: %d, con %d palabras en total, %d de media.",
		numbers: "Hubo cifras en %d de %d respuestas.", numberless: "Ninguna respuesta tenía una cifra.", short: "Menos de %d palabras tenía, por ejemplo, esta respuesta: «%s».",
		judged: "Sin valorar: ningún modelo de lenguaje ha leído esta entrevista.", said: "Su respuesta tenía %d palabras y empezaba con «%s».",
		number: "Tiene cifras.", lacks: "No tiene ninguna cifra.", few: "Tiene menos de %d palabras.",
	},
}
