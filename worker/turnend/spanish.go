package turnend

var spanish = lexicon{
	fillers: set(`eh ehm em mm hmm hm este pues entonces bueno digamos`),

	preambles: set(`eh ehm em mm hmm hm este pues bueno a ver vale sí si claro ok okay oh ah uf es una muy buena interesante difícil pregunta qué déjeme ver la verdad mire`),

	consents: set(`vale sí claro ok okay bueno`),

	wanting: set(`y e o u ni pero porque pues aunque mientras si cuando donde que quien cuyo como hasta desde sino
		el la los las lo un una unos unas mi mis tu tus su sus nuestro nuestra nuestros nuestras este esta estos estas ese esa esos esas aquel aquella cada otro otra otros otras ningún ninguna algún alguna algunos algunas varios varias muchos muchas
		de del a al en con sin por para sobre entre hacia contra según durante mediante tras ante bajo
		muy más menos casi solo solamente tan bastante además entonces
		me te se nos le les
		soy es era fue son eran está estaba estoy estamos estaban he ha hemos han había habíamos tengo tenía tenemos teníamos puedo podía podría quiero quería debo debía voy vamos hay hubo hacer ser tener estar poder`),

	openPhrases: phrases(`por ejemplo|es decir|o sea|así que|es que|en primer lugar|primero|por un lado|por una parte|por otro lado|por otra parte|en mi caso|lo que hice fue|lo que pasa es|el problema es|el problema era|la razón es|la cosa es|
		yo diría|digamos que|para que|una serie de|un par de|la mayoría de|tipo de|depende|eso depende|y luego|y después|y entonces|y así|y yo|y eso|uno de los|una de las|buena pregunta|es una buena pregunta|a ver|vamos a ver|que sé yo|sé que|creo que|pienso que|diría que|me parece que|tuve que|tuvimos que|hay que|antes de|después de|a través de|en lugar de|además de|debido a|gracias a`),

	hedges: phrases(`creo yo|creo|me parece|yo creo|pienso|supongo|en mi opinión|la verdad|para ser sincero|para ser sincera|para ser honesto|sabe|sabes`),

	closings: phrases(`eso es todo|eso fue todo|eso sería todo|nada más|ya está|y ya está|y poco más|esa es mi respuesta|no sé si me explico|quiere que siga|cuál era la pregunta|le parece suficiente|tiene sentido|en realidad no|para nada|todavía no|aún no|he terminado|es lo que hay`),

	corrections: phrases(`no perdón|perdón no|perdón|mejor dicho|quiero decir|o más bien|no espere|miento`),

	timeRequests: phrases(`déjeme pensar|déjame pensar|déjeme pensarlo|déjame pensarlo|déjeme que piense|un momento|un momentito|un segundo|deme un momento|dame un momento|deme un segundo|dame un segundo|espere un momento|
		tengo que pensarlo|tengo que pensar|necesito un momento|necesito pensar|necesito pensarlo|lo tengo que pensar`),
	timeTail: set(`por favor un momento segundo para pensar pensarlo en ello eso ahora primero vale gracias poco`),

	affirmations: set(`sí no claro desde seguro absolutamente efectivamente exacto`),
	auxiliaries:  set(`soy estoy tengo puedo quiero era`),

	questionsBack: phrases(`qué quiere|qué significa|qué es|qué tipo|qué sería|a qué se|cómo|cuál|cuáles|quién|por qué|cuándo|dónde|cuánto|cuántos|cuántas|puede|puedes|podría|podrías|se refiere|te refieres|quiere decir|es posible|debería`),
	statements:    phrases(`y cómo lo|y cómo los|y cómo la|y cómo las|y cómo le|y cómo les|y cómo se|y cómo me`),
	openQuestions: phrases(`qué tipo|cuánto|cuántos|cuántas|cuál|cuáles`),
	endsQuestion:  set(`es son era eran hay`),

	storyQuestions:  phrases(`hábleme de|háblame de|cuénteme|cuéntame|describa|describe|deme un ejemplo|dame un ejemplo|explíqueme paso a paso`),
	reasonQuestions: phrases(`describa|explique|explíqueme|cómo lo|cómo haría|qué haría|qué hizo|por qué|cree que|dónde se ve|cuál es su|qué pasó|contarme|hablarme|alguna vez|qué fue lo más difícil|de qué está orgulloso|de qué está orgullosa`),
	plainQuestions:  phrases(`cuántos|cuántas|cuánto|qué frecuencia|cuándo|dónde|quién|qué hora|qué edad|qué día|cómo se llama|cómo está|cuál es su|qué espera|dígame su|qué puesto`),
	tags:            phrases(`verdad|no|cierto|correcto|sí|no es así|no es verdad|no es cierto`),
	smallQuestions:  phrases(`cómo nos conoció|cómo supo de nosotros|cómo ha llegado|cuál es su nombre|cuál es su puesto|preguntarme|tiene preguntas|tiene alguna pregunta|qué preguntas tiene`),

	when:    "cuándo",
	who:     "quién",
	or:      "o",
	degrees: phrases(`eso es|es verdad|es cierto|mucho|muy poco|bastante|varios|varias|muchos|muchas|más|menos|algunos|algunas|ninguno|otro|otra|casi`),
	endings: phrases(`más o menos|o menos|o más|un poco más|algo más|nunca más|por lo menos|al menos|puede ser|podría ser|tiene que ser|debe ser|el otro|la otra|los otros|las otras|uno u otro|desde entonces|hasta entonces|de vez en cuando|de cuando en cuando|así es|así era|así fue|así son|más y más|cada vez más|cada vez menos|sin más|
		entre otros|entre otras|y otros|y otras|ni otro|ni otra|una a una`),
	anaphors: phrases(`tuve que|tenía que|tengo que|tuvimos que|teníamos que|hay que|había que|hubo que|no puedo|sí puedo|si puedo|no podía|sí podía|no podría|no quiero|sí quiero|no quería|sí quería|no debía|
		no hay|sí hay|no había|sí había|no tengo|no tenía|sí tenía|no era|sí era|lo era|lo es|lo soy|lo son|no estaba|sí estaba|si hace falta|si me dejan|si es posible|y eso|y así`),
	opposites:      set(`con sin`),
	interrogatives: set(`qué cómo cuál cuáles cuánto cuánta cuántos cuántas quién quiénes dónde adónde cuándo`),
	leading:        set(`a de con para desde en por hasta`),
	broad:          set(`cómo qué`),
	begins:         set(`es está son están hay puede podría tiene ha han quiere quería sería debería cree le podemos empezamos`),

	opensClause:   set(`y o pero entonces eh ehm perdón bueno pues sí no vale ah oh así`),
	joining:       set(`y pero porque así`),
	subjects:      set(`yo nosotros él ella ellos ellas esto eso el la los las mi nuestro luego después ahora me nos que`),
	subordinators: set(`cuando si aunque mientras desde hasta antes después como`),

	counts:   map[string]int{"uno": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "varios": 2, "varias": 2},
	digit:    set(`cero doble`),
	phones:   phrases(`número de teléfono|teléfono|número de móvil|móvil|número de celular`),
	dictated: phrases(`número de teléfono|teléfono|móvil|celular|número de cuenta|código postal|deletrear|deletree|correo electrónico|código de acceso|iban|dni`),
	things:   set(`cosas razones puntos ejemplos opciones pasos lados aspectos partes maneras motivos`),
	ordinals: set(`primero primera segundo segunda tercero tercera luego después además finalmente último última uno una otro otra`),
	firsts:   set(`primero`),
	yes:      set(`sí claro exacto`),
}
