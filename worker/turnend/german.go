package turnend

var german = lexicon{
	fillers: set(`äh ähm öh öhm hm hmm mhm tja also halt quasi irgendwie sozusagen naja`),

	preambles: set(`äh ähm öh öhm hm hmm mhm tja also ja gut okay ok nun naja na ach so oh genau richtig klar ehrlich gesagt mal moment das ist ja eine gute sehr schwierige schwere interessante spannende frage puh`),

	consents: set(`okay ok ja gut genau richtig klar`),

	// Prepositions that verbs are divided from end a sentence as well: ich fange an.
	wanting: set(`und oder aber denn weil da obwohl während wenn als wie wo welche welcher welches wer dessen ob bis bevor nachdem damit sodass dass sowie sowohl entweder weder
		der die das den dem des ein eine einen einem einer eines mein meine meinen meinem meiner meines dein sein seine seinen seinem seiner ihr ihre ihren ihrem ihrer unser unsere unseren unserem unserer euer
		dieser diese dieses diesen diesem jeder jede jedes jeden jedem kein keine keinen keinem keiner manche einige mehrere viele alle andere anderen
		von vom in im ins am ans beim zum zur ohne für gegen unter zwischen seit hinter neben wegen trotz per pro laut innerhalb außerhalb
		sehr ziemlich besonders fast etwa ungefähr mehr weniger nur dann außerdem deshalb deswegen darum sondern nämlich beziehungsweise
		zirka circa zwar indem sobald solange woraufhin wobei wodurch weshalb weswegen`),

	openPhrases: phrases(`zum beispiel|und zwar|unter anderem|das heißt|so dass|und ich|und wir|und da|und dann|und so|weil ich|weil wir|weil es|dass ich|dass wir|dass es|dass man|wenn ich|wenn man|wenn wir|als ich|als wir|ob ich|aber ich|aber wir|
		ich habe|ich hatte|ich war|ich bin|wir haben|wir hatten|wir waren|wir sind|es ist|es war|das ist|das war|es gibt|es gab|ich wollte|ich will|ich möchte|ich muss|ich musste|ich kann|ich konnte|ich würde|ich werde|wir mussten|wir wollten|wir konnten|
		ich würde sagen|sagen wir|erstens|zweitens|zunächst|zuerst|als erstes|zum einen|auf der einen seite|auf der anderen seite|in meinem fall|soweit ich weiß|eine reihe von|es kommt darauf an|das kommt darauf an|kommt drauf an|
		das problem ist|das problem war|der grund ist|die sache ist|der punkt ist|einer der|eine der|eines der|was ich gemacht habe|schwer zu sagen|gute frage|eine gute frage|lassen sie mich sehen|mal sehen|mal überlegen`),

	hedges: phrases(`ich glaube|ich denke|ich meine|ich finde|ich schätze|meiner meinung nach|meines erachtens|ehrlich gesagt|um ehrlich zu sein|wissen sie|weißt du|wie gesagt`),

	closings: phrases(`das war's|das wär's|das war es|das wäre es|das war alles|das ist alles|mehr nicht|mehr fällt mir nicht ein|ich bin fertig|so war das|das ist meine antwort|das wäre meine antwort|
		ergibt das sinn|beantwortet das ihre frage|soll ich weitermachen|soll ich weiter erzählen|wie war die frage|wie war noch mal die frage|reicht das|reicht ihnen das|ich hoffe das beantwortet ihre frage|eigentlich nicht|überhaupt nicht|noch nicht|gar nicht|ja das war's`),

	corrections: phrases(`nein moment|moment nein|ich meine|besser gesagt|oder vielmehr|oder besser|nein falsch|entschuldigung|entschuldigung nein|quatsch`),

	timeRequests: phrases(`lassen sie mich nachdenken|lassen sie mich überlegen|lassen sie mich kurz nachdenken|lassen sie mich kurz überlegen|lassen sie mich mal überlegen|lass mich nachdenken|lass mich überlegen|einen moment|moment mal|
		einen augenblick|augenblick bitte|eine sekunde|sekunde bitte|geben sie mir einen moment|geben sie mir eine sekunde|ich muss nachdenken|ich muss überlegen|ich muss kurz nachdenken|ich muss kurz überlegen|
		da muss ich nachdenken|da muss ich überlegen|da muss ich kurz überlegen|da muss ich kurz nachdenken|ich brauche einen moment|darf ich kurz nachdenken|darf ich kurz überlegen|ich überlege kurz`),
	timeTail: set(`bitte noch kurz mal darüber da jetzt erst zum um nachdenken überlegen nachzudenken zu danke okay`),

	affirmations: set(`ja nein jawohl genau richtig klar sicher natürlich absolut selbstverständlich doch nö überhaupt gar`),
	auxiliaries:  set(`bin habe kann will war hatte`),

	questionsBack: phrases(`was meinen|was meinst|was genau|was ist|was wäre|was heißt|was bedeutet|wie meinen|wie meinst|wie genau|wie lange|wie viel|wie viele|wie war|wie bitte|welche|welcher|welches|wer|warum|wann|wo|
		können sie|könnten sie|kannst du|könntest du|würden sie|haben sie|meinen sie|sind sie|ist das|ist es|gibt es|gab es|soll ich|sollte ich|darf ich|kann ich|könnte ich|muss ich|müsste ich|werde ich|wird es|geht es`),
	statements: phrases(`dann ist|dann gibt|dann gab|dann kann|dann könnte|dann muss|dann müsste|dann soll|dann sollte|dann darf|dann werde|dann wird|dann geht|dann haben|dann sind|dann können|
		nun ist|nun gibt|so ist|so gibt|so gab|so kann|so sind|so haben|und ist|und gibt|und gab`),
	openQuestions: phrases(`was meinen|was meinst|was genau|was ist|was heißt|was bedeutet|wie meinen|wie meinst|wie genau|wie lange|wie viel|wie viele|warum|wann`),
	endsQuestion:  set(`das`),

	storyQuestions:  phrases(`erzählen sie|erzählen sie mir|beschreiben sie|schildern sie|berichten sie|führen sie mich|nennen sie mir ein beispiel|geben sie mir ein beispiel|wie gehen sie vor`),
	reasonQuestions: phrases(`beschreiben|erklären|erläutern|wie würden sie|was würden sie|was haben sie|wie haben sie|warum|weshalb|wieso|schätzen sie|glauben sie|wo sehen sie sich|was war am schwersten|was ist passiert|mehr darüber|eine situation|schon einmal|was geschah|worauf sind sie stolz|wie sind sie`),
	plainQuestions:  phrases(`wie viele|wie viel|wie lange|wie alt|wie oft|wie weit|wie groß|wie hoch|wie spät|wie schnell|wie teuer|wie geht|wann|ab wann|wo|wer|wen|wem|wessen|wie heißen sie|wie ist ihr name|welche|welchen|welcher|welches|welchem|was erwarten sie|nennen sie mir ihren|nennen sie mir ihre`),
	tags:            phrases(`oder|oder nicht|nicht wahr|nicht|richtig|stimmt's|stimmt das|gell|korrekt`),
	smallQuestions:  phrases(`wie haben sie von uns erfahren|wie sind sie auf uns|wie sind sie hergekommen|haben sie gut hergefunden|mich fragen|haben sie fragen|haben sie noch fragen|welche fragen haben sie`),

	when:           "wann",
	who:            "wer",
	or:             "oder",
	degrees:        phrases(`das stimmt|stimmt|das ist richtig|sehr|ziemlich|mehrere|einige|viele|alle|fast alle|keine|keiner|keinen|mehr|weniger|etwas`),
	endings:        phrases(`nicht mehr|nie mehr|nichts mehr|noch mehr|viel mehr|etwas mehr|oder weniger|kann sein|könnte sein|mag sein|muss sein|müsste sein|dürfte sein|sollte sein|wird sein|so sein|so ist es|so ungefähr|hier und da|mehr und mehr|kaum mehr|wir alle|uns alle|sie alle|bis dann|erst dann|genau das|die anderen|der andere|die andere`),
	anaphors:       phrases(`ich musste|ich muss|ich wollte|ich konnte|ich kann|ich darf|wir mussten|wir wollten|wir konnten|es sein muss|wenn es geht|wenn möglich|wenn nötig|und so`),
	opposites:      set(`vor nach mit ohne für gegen`),
	interrogatives: set(`wer wen wem wessen was wie wo wohin woher wann warum weshalb wieso weswegen welche welcher welches welchen welchem wofür womit worauf wovon woran worüber wozu wodurch worin wobei wonach inwiefern inwieweit worum woraus wovor wogegen`),
	leading:        set(`zu mit bei von für seit auf an in um aus bis ungefähr etwa`),
	turned:         map[string]string{"ich": "sie", "mich": "sie", "mein": "ihr", "meine": "ihre", "habe": "haben", "bin": "sind", "kann": "können"},
	broad:          set(`warum wieso weshalb wie was`),
	begins:         set(`sind ist war waren haben hat hatte hatten können könnten kann darf dürfen würden wollen möchten soll sollen werden wird gibt gab geht müssen muss mögen`),

	opensClause:   set(`und also aber dann äh ähm entschuldigung ja nein okay hm oder ach gut doch so nun`),
	joining:       set(`und aber denn weil also`),
	subjects:      set(`ich wir er sie es das dies da man die der mein unser dann jetzt`),
	subordinators: set(`als wenn obwohl während seit nachdem bevor bis da weil sobald solange falls`),

	counts:   map[string]int{"eins": 1, "zwei": 2, "zwo": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "mehrere": 2, "paar": 2},
	digit:    set(`null doppel`),
	phones:   phrases(`telefonnummer|handynummer|mobilnummer|rufnummer`),
	dictated: phrases(`telefonnummer|handynummer|mobilnummer|rufnummer|kontonummer|postleitzahl|buchstabieren|e-mail-adresse|kundennummer|iban|zugangscode`),
	things:   set(`dinge gründe punkte beispiele möglichkeiten schritte seiten aspekte teile bereiche sachen ursachen`),
	ordinals: set(`erstens zweitens drittens erste zweite dritte erster zweiter dritter erstes zweites drittes zuerst zunächst danach dann außerdem schließlich letztens letzte zuletzt ein eine einer andere anderer anderen`),
	firsts:   set(`erstens zunächst zuerst`),
	yes:      set(`ja genau richtig klar`),
}
