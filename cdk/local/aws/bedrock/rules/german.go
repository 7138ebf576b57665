package rules

import "regexp"

var german = tongue{
	thanks: []string{"Gut, danke.", "Danke.", "Verstehe.", "In Ordnung, danke schön."},

	hello: "Guten Tag und willkommen zu Ihrem Gespräch.", begin: "Fangen Sie bitte an, wann Sie möchten.",
	more: "Ergänzen Sie bitte, was Ihrer Meinung nach noch fehlt.", look: "Sehen Sie bitte auf Ihren Bildschirm: Dort ist jetzt %s.",
	cutIn: "Danke, das gibt mir ein gutes Bild, und ich würde gern weitergehen.", closing: "Damit sind wir am Ende.", wish: "Alles Gute für Ihr nächstes Gespräch.",
	goOn: "Gut, gehen wir weiter.", again: "Natürlich.", explain: "Ich meine es ganz einfach: Sagen Sie, was Ihnen zuerst einfällt, und dann, warum.",
	noHurry: "Es eilt nicht.", leave: "Lassen wir diese Frage.", think: "Natürlich, lassen Sie sich Zeit.", hear: "Ja, ich höre Sie.", fine: "Das macht nichts.",
	stay: "Ich bleibe bei unserem Gespräch.", calm: "Bleiben wir bei unserem Gespräch.", peek: "Das behalte ich für mich. Am Ende bekommen Sie Ihre Rückmeldung.",
	stop: "Natürlich.", sure: "Soll ich das Gespräch hier beenden?", stopped: "Gut, dann hören wir hier auf. Danke für Ihre Zeit.", onward: "Gut, dann machen wir weiter.",
	distress: "Es tut mir leid, dass das schwer ist. Atmen Sie durch, es hängt nichts davon ab. Wir können warten, eine andere Frage nehmen oder aufhören, sagen Sie es mir einfach.",
	danger: "Es tut mir sehr leid, das zu hören. Bitte rufen Sie jetzt den Notruf oder jemanden in Ihrer Nähe an. " +
		"Das Gespräch ist nicht wichtig, und wir können jederzeit aufhören.",
	foreign: "Es tut mir leid, dieses Gespräch wird auf Deutsch geführt. Sprechen Sie bitte auf Deutsch weiter, so einfach Sie mögen.", misnamed: "Entschuldigen Sie, dass ich Ihren Namen falsch hatte.",
	who: "Ich bin %s, eine künstliche Intelligenz, und das hier ist eine Übung.", place: "Das ist Teil %d von %d.", left: "Es bleiben etwa %d Minuten.", open: "Es ist genug Zeit.",
	fact: "Dazu kann ich sagen: %s.", without: "Dazu habe ich keine Angaben; nehmen Sie an, was Ihnen vernünftig erscheint, und sagen Sie mir, was.",
	upToYou: "Das überlasse ich Ihnen.",

	kinds: []told{
		{danger, 0, regexp.MustCompile(`(?:mich|mir das leben) (?:umbringen|nehmen)|selbstmord|suizid|will (?:nicht mehr leben|sterben)`)},
		{distress, 30, regexp.MustCompile(`\b(?:ich bin|mir ist|ich fühle mich) (?:\w+ )?(?:nervös|aufgeregt|schlecht|verzweifelt|überfordert|gestresst|übel)|panikattacke|ich (?:kann|schaffe das) nicht mehr|black ?out`)},
		{foreign, 0, regexp.MustCompile(`^(?:\S+ )*?(?:i|the|my|we) (?:am|was|were|have|had|think|work|would|is|project|don't)\b`)},
		{instructs, 0, regexp.MustCompile(`(?:ignoriere?n?|vergiss|vergessen) (?:\S+ ){0,3}(?:anweisungen|anweisung|instruktionen|regeln|prompt)|systemprompt|system prompt|du bist (?:jetzt|ab jetzt|kein)`)},
		{insults, 25, regexp.MustCompile(`arschloch|halt die (?:klappe|fresse)|(?:du|sie) (?:bist|sind) (?:\S+ )?(?:dumm|blöd|idiot|nutzlos|unfähig)|scheiß|leck mich|so ein (?:quatsch|schwachsinn)`)},
		{stops, 14, regexp.MustCompile(`(?:gespräch|interview|hier|jetzt) (?:bitte )?(?:beenden|abbrechen|aufhören|stoppen)|ich (?:möchte|will|würde gern) (?:\S+ ){0,3}(?:aufhören|abbrechen|beenden|schluss machen)|lassen sie uns aufhören|ich muss (?:jetzt )?(?:gehen|los|weg)|auf wiedersehen|^tschüss`)},
		{peeks, 25, regexp.MustCompile(`bewertungs(?:bogen|kriterien|schema)|kriterien|(?:richtige|beste|ideale) (?:antwort|lösung)|wie (?:war ich|bewerten sie|werde ich bewertet)|war das (?:richtig|gut|okay)|welche note|was wollen sie hören`)},
		{repeats, 16, regexp.MustCompile(`(?:bitte )?(?:wiederholen|noch ?mal|noch einmal)(?: bitte| sagen| die frage| wiederholen)*$|wiederholen sie|^wie bitte|^bitte$|was war (?:die|ihre) frage|nicht (?:gehört|verstanden|mitbekommen|mitgekriegt)$|akustisch`)},
		{explains, 20, regexp.MustCompile(`(?:was|wie) (?:genau )?(?:meinen|meinst) (?:sie|du)|was (?:heißt|bedeutet) (?:das|die frage)|(?:erklären|erläutern|umformulieren|anders (?:sagen|formulieren))(?: sie)?(?: das| die frage| bitte)*|verstehe (?:die frage |sie |das )?nicht|(?:frage|das) nicht verstanden`)},
		{timing, 16, regexp.MustCompile(`wie (?:viel zeit|lange (?:dauert|noch|geht)|viele (?:fragen|minuten))|wieviel zeit|sind wir (?:bald )?fertig|haben wir noch zeit`)},
		{movesOn, 12, regexp.MustCompile(`(?:nächste|andere) frage|^(?:bitte )?weiter(?: bitte)?$|(?:gehen|machen) wir weiter|überspringen|möchte (?:ich )?(?:dazu |darauf )?(?:nichts|nicht) (?:sagen|antworten)`)},
		{thinks, 12, regexp.MustCompile(`(?:moment|augenblick|sekunde)(?: bitte| mal)?$|(?:nachdenken|überlegen)(?: bitte)?$`)},
		{misnames, 14, regexp.MustCompile(`(?:heiße|ist) nicht|mein name ist nicht|nicht mein name`)},
		{asksWho, 12, regexp.MustCompile(`(?:sind sie|bist du) (?:ein |eine )?(?:\S+ )?(?:mensch|roboter|ki|maschine|computer|echt)|wer sind sie|wie heißen sie`)},
		{tests, 8, regexp.MustCompile(`(?:hören sie|hörst du|können sie) mich|sind sie (?:noch )?da|^hallo(?: hallo)*$|ist (?:das|mein) mikrofon`)},
		{lost, 12, regexp.MustCompile(`weiß (?:ich )?(?:es )?(?:leider )?nicht$|keine ahnung|fällt mir (?:gerade |leider |dazu )*(?:nichts|kein \S+) ein|(?:habe|hatte) ich (?:noch )?nie|kann ich nicht (?:sagen|beantworten)|kein beispiel`)},
	},
	yes:   regexp.MustCompile(`^(?:ja|gern|gerne|bitte|okay|ok|genau|jawohl|richtig|natürlich|beenden|machen sie das)\b`),
	wants: regexp.MustCompile(`^(?:bitte )?(?:erzählen|beschreiben|erklären|nennen|schildern|stellen|führen|geben|sagen) sie\b`),
	asks:  regexp.MustCompile(`^(?:(?:und|also|aber|ähm|okay) )*(?:was|wie|welche[rsn]?|wann|wo|wer|warum|darf ich|soll ich|kann ich|muss ich|gibt es|haben sie|ist das)\b`),
	has:   regexp.MustCompile(`(?i)\d|(?:^|\s)(?:zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|zwanzig|dreißig|vierzig|fünfzig|hundert|tausend|million\w*|prozent|hälfte|doppelt)(?:\s|[.,]|$)`),
	words: reportWords{
		counted: "Kein Sprachmodell hat dieses Gespräch gelesen, hier steht also kein Urteil: Was folgt, ist in Ihren Worten gezählt.", none: "Sie haben keine Antwort gegeben.",
		summary: "Antworten: %d, mit zusammen %d Wörtern, im Schnitt %d.",
		numbers: "Zahlen kamen in %d von %d Antworten vor.", numberless: "Keine Antwort hatte eine Zahl.", short: "Weniger als %d Wörter hatte zum Beispiel diese Antwort: „%s“.",
		judged: "Nicht bewertet: Kein Sprachmodell hat dieses Gespräch gelesen.", said: "Ihre Antwort hatte %d Wörter und begann mit „%s“.",
		number: "Sie hat Zahlen.", lacks: "Sie hat keine Zahl.", few: "Sie hat weniger als %d Wörter.",
	},
}
