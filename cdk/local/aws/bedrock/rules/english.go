package rules

import "regexp"

// What the interviewer says, in the one language that it speaks. %s is what it
// takes up.
var (
	thanks      = []string{"All right, thank you.", "Thank you.", "I see."}
	fines       = []string{"That is fine.", "No problem.", "Do not worry about that one.", "That happens."}
	heardClause = []string{"I see, %s.", "So %s.", "All right, %s.", "Thank you, so %s.", "Understood, %s."}
	heardThing  = []string{"I see, %s.", "All right, %s, then.", "Thank you, I noted %s.", "So, %s.", "Understood, %s."}
)

const (
	lineUnspoken  = "Without a language model I speak English, German and Spanish alone, so I go on in English."
	lineHello     = "Hello, and welcome to your interview."
	lineBegin     = "Please begin whenever you like."
	lineMore      = "Please tell me more about that."
	lineAdd       = "Please add whatever you think is missing."
	lineLook      = "Please look at your screen now: it shows %s."
	lineCutIn     = "Thank you, that gives me a good picture, and I would like to go on."
	lineClosing   = "That brings us to the end."
	lineGoOn      = "All right, let us go on."
	lineAgain     = "Of course."
	lineExplain   = "Let me say it in another way."
	lineNoHurry   = "There is no hurry."
	lineLeave     = "Let us leave that one."
	lineThink     = "Of course, take your time."
	lineHear      = "Yes, I hear you."
	lineWho       = "I am an AI interviewer, and this is practice."
	lineWhoNamed  = "I am %s, an AI interviewer, and this is practice."
	lineName      = "My name is %s, by the way."
	lineMisnamed  = "I am sorry that I had your name wrong."
	lineLanguage  = "I am sorry, this interview is held in English. Please go on in English, however simple."
	lineCalm      = "Let us stay with the interview."
	lineCalmStop  = "I see that you are not happy with this. We can go on, or we can stop here whenever you say so."
	lineStay      = "I will stay with the interview."
	lineNoPeeking = "That I keep to myself. You will get your feedback at the end."
	lineStop      = "Of course. Shall I end the interview here?"
	lineStopped   = "All right, then let us stop here. Thank you for your time."
	lineWish      = "All the best for your next interview."
	lineStay2     = "Good, then let us go on."
	lineDistress  = "I am sorry that this is hard. Take a breath, nothing depends on it. We can wait, take another question, or stop, just tell me."
	lineDanger    = "I am very sorry to hear that. Please call your local emergency number, or somebody near you, right now. " +
		"The interview does not matter, and we can stop at any time."
	lineTimeLeft  = "About %d minutes are left."
	linePlace     = "This is part %d of %d."
	lineTimeOpen  = "There is enough time."
	lineFact      = "I can tell you this: %s."
	lineNoFact    = "I have no figures on that, so make an assumption that you find sensible and tell me which."
	lineUpToYou   = "That is up to you. Take what shows best what you did."
	lineNotMine   = "That is a good question for the real interview. I only practise with you, so I cannot answer for a company."
	lineSmallStep = "That is fine, let us take a small step."

	lineRole     = "So you are here for the role of %s."
	lineOnceMore = "Now give me the whole answer once more, please, as you would in the real interview."

	askExample   = "Can you give me an example, or a number?"
	askSituation = "What was the situation?"
	askAction    = "What did you do yourself?"
	askResult    = "What was the result?"
)

// english is what is said and asked about a job.
var english = jobWords{
	role:   lineRole,
	done:   []string{"In what you sent me it says: %s. What was your own part in that?", "You also write: %s. What was hard about it?"},
	wanted: []string{"The advertisement says: %s. Where have you done that?", "The advertisement also says: %s. How would you go about that?"},
	why:    "What draws you to the role of %s?",
}

// inOtherWords explains a kind of question: the first whose pattern fits.
var inOtherWords = []struct {
	question *regexp.Regexp
	words    string
}{
	{regexp.MustCompile(`tell me about|a time when|example|something that`), "I mean one thing that really happened: how it began, what you did, and what came of it."},
	{regexp.MustCompile(`chart|exhibit|see`), "Take the figures on the screen one by one, and say which of them strikes you."},
	{regexp.MustCompile(`how much|how many|percent`), "I mean a figure, and you may work it out aloud, step by step."},
	{regexp.MustCompile(`go wrong|risk`), "I mean what might happen that you would not want."},
	{regexp.MustCompile(`would you|do you say|how do you`), "I mean how you would go about it. Think aloud, there is more than one good way."},
	{regexp.MustCompile(`why|draws|motivat`), "I mean your own reasons, in your own words."},
	{regexp.MustCompile(`job|role|position`), "I mean the kind of work that you would like to be hired for."},
	{regexp.MustCompile(`end|came of|result|work(ed)?$`), "I mean what was different afterwards, and how you could tell."},
	{regexp.MustCompile(``), "I mean it quite simply: say what comes to your mind first, and then why."},
}

// kind is what a candidate does with a turn.
type kind int

// The kinds, from the one that goes before all others to the one that is left.
const (
	danger kind = iota
	distress
	foreign
	instructs
	insults
	stops
	peeks
	repeats
	explains
	timing
	movesOn
	thinks
	misnames
	asksWho
	tests
	lost
	asks
	answers
)

// told is what a kind of turn sounds like. limit is the most words it may have:
// the same words in a long answer are part of a story; 0 = any number.
type told struct {
	kind  kind
	limit int
	re    *regexp.Regexp
}

const (
	// please is what polite people put before what they want.
	please = `^(?:(?:please|sorry|excuse me|well|okay|ok|oh|um|uh|so|yes|no|but|and|hey|hi|hello|actually|can we|could we|can you|could you|would you|will you|can i|could i|may we|may i|` +
		`let us|let's|shall we|should we|i want to|i would like to|i'd like to|i'd rather|we can|we could|i have to|i need to|i must|i've got to|i think i|just) )*`
	very = `(?:so |such an? |very |really |too |a bit |a little |quite |just |completely |totally |extremely |getting )*`
)

// spoken are the ways to say it, against bare words of one sentence.
var spoken = []told{
	{danger, 0, regexp.MustCompile(`kill myself|suicid|end my life|take my life|want to die|wish i (?:was|were) dead|(?:hurt|harm|cut) myself|being (?:attacked|threatened) right now`)},
	{distress, 30, regexp.MustCompile(`\b(?:i am|i'm|i feel|i'm feeling|i am feeling|feeling) ` + very +
		`(?:nervous|anxious|scared|afraid|panicking|overwhelmed|stressed|upset|sick|unwell|terrible|awful|crying|shaking|dizzy|desperate|hopeless|worthless)`)},
	{distress, 30, regexp.MustCompile(`(?:panic|anxiety) attack|i (?:can't|cannot|can not) (?:do this|breathe|take (?:this|it)|cope)|(?:going to|want to|have to|about to) cry|` +
		`my (?:\w+ )?(?:died|passed away)|mind (?:is|went|has gone|goes) (?:completely )?blank`)},
	{instructs, 0, regexp.MustCompile(`(?:ignore|forget|disregard|override) (?:(?:all|any|your|the|my|of|previous|prior|above|these|those|every|everything|about) )*(?:instructions?|prompts?|rules|guidelines)|` +
		`system prompt|developer mode|jailbreak|(?:you are|you're) (?:now|no longer) (?:a|an|my|the|in)\b|from now on you|(?:reveal|print|show|tell|read)(?: me)?(?: out)? (?:your|the) (?:instructions|prompt|notes|rules)`)},
	{instructs, 25, regexp.MustCompile(please + `(?:pretend|act|behave|speak|talk) (?:to be|as if|as a|as an|like a|like an|that you)`)},
	{insults, 25, regexp.MustCompile(`(?:fuck|screw) (?:you|this|off|it)|shut up|go to hell|piss off|you suck|\b(?:asshole|bitch|bastard)\b|` +
		`(?:you are|you're|you|what an?|such an?) (?:\w+ )?(?:stupid|idiot|idiotic|dumb|useless|moron|imbecile|pathetic|terrible interviewer|worst|joke)|` +
		`(?:this|that) (?:is|question is|interview is) ` + very + `(?:a )?(?:bullshit|crap|stupid|ridiculous|waste of time|nonsense)|(?:stupid|ridiculous|idiotic|silly) (?:question|bot|machine|robot|computer|thing)`)},
	{stops, 20, regexp.MustCompile(`\b(?:stop|end|finish|quit|cancel|abort) (?:the|this) (?:interview|session|call|conversation)`)},
	{stops, 12, regexp.MustCompile(please + `(?:stop|quit|finish|end (?:it|this)|leave|go)(?: here| now| please| it| this| home| for today)*$`)},
	{stops, 12, regexp.MustCompile(`(?:i want|i'd like|i would like) to (?:stop|end|quit|leave)|i (?:have|need|got|must|gotta)(?: to)? (?:go|leave|stop)(?: now| here| sorry| please| i'm| i am| really| afraid)*$|` +
		`(?:don't|do not) want to (?:do this|continue|go on)|^(?:that's|that is|it's|i've had) enough(?: for (?:today|now))?$|^(?:i'm|i am) done(?: here| now| for today| with this)?$|^(?:good ?bye|bye)(?: bye)?$`)},
	{peeks, 30, regexp.MustCompile(`rubric|score ?card|answer key|(?:the|your|a) (?:right|correct|best|ideal|perfect|expected|model|sample) (?:answer|solution)|` +
		`(?:tell|give|show|read)(?: me)?(?: out)? (?:the|your) (?:answer|solution|notes|criteria|goals|guidance|checklist|scores?)|give me (?:a |the )?(?:\w+ )?(?:score|mark|grade|rating|points|stars)|` +
		`(?:what are|what's in|what is in) your (?:criteria|goals|notes|guidance|checklist)|how (?:do|will|are|am|would) (?:you|i|i being|you going to) (?:be )?(?:scor|grad|judg|rat|evaluat|assess|mark)|` +
		`what (?:do|would|are|did) you (?:want|like|looking|expect|hoping)(?: me)? (?:to hear|to say|for)|how (?:am i|did i|was i) (?:do|doing|done)|what (?:score|mark|grade|rating)`)},
	{peeks, 10, regexp.MustCompile(`^(?:so |and |well |but )?(?:was|is) (?:that|this|it|my answer) (?:\w+ )?(?:right|correct|good|okay|ok|wrong|enough|fine)$`)},
	{repeats, 20, regexp.MustCompile(please + `(?:kindly )?(?:repeat|say (?:it|that|this|the question) (?:again|once more|one more time)|ask (?:it|that|me|the question) again|come again|pardon|i beg your pardon|one more time|once more|again)`)},
	{repeats, 20, regexp.MustCompile(`what was (?:the|your|that) question|(?:didn't|did not|couldn't|could not|can't|don't) (?:quite |really )?(?:hear|catch|get) (?:you|that|it|the question|your question|what you)|` +
		`(?:read|give|tell|repeat) (?:me )?(?:the|that|your) question(?: again)?|(?:can|could|would|will) you (?:please )?(?:repeat|say) (?:it|that|this)(?: again| once more| one more time)|^(?:sorry )?(?:what|huh|what did you say|what was that)$`)},
	{explains, 25, regexp.MustCompile(`what (?:do|did|does|exactly do|exactly did) (?:you|that|it|this) (?:\w+ )?mean|` +
		`(?:explain|clarify|rephrase|simplify)(?: (?:it|that|this|the question|your question|what you mean|please|a bit|for me|more))*$|(?:put|say|ask) (?:it|that) (?:differently|another way|in other words)|` +
		`(?:don't|do not|didn't|did not) (?:really |quite |fully )?understand(?: (?:the|your|that|this|what you|you|it)(?: question| are asking| mean)?)?$|(?:not|isn't) (?:quite |really )?(?:sure|clear) what you|` +
		`what (?:exactly )?are you asking|what kind of (?:\w+ )?(?:do|are|would) you|in what sense`)},
	{timing, 20, regexp.MustCompile(`how much (?:more )?time (?:is|do|have|left|remains)|how much longer|how long (?:will|does|is|do) (?:this|it|the interview|we|the whole)|` +
		`how many (?:more )?(?:questions|minutes|parts|phases)(?: are| do| have| left| will| more)|are we (?:nearly |almost |about )?(?:done|finished|through|at the end)|is there (?:any |still |enough )?time|how far (?:are|in)`)},
	{movesOn, 15, regexp.MustCompile(please + `(?:move on|go on|skip|pass|continue|go ahead|next|proceed|carry on)(?: (?:this|that|it|the|one|to|with|on|please|now|question|part|next|another|thing))*$`)},
	{movesOn, 15, regexp.MustCompile(`(?:next|another|different|other) question(?: please)?$|(?:rather|prefer) not(?: to)?(?: (?:answer|say|talk about|discuss)| that| it|$)|(?:don't|do not) want to (?:answer|talk about|say)`)},
	{thinks, 12, regexp.MustCompile(please + `(?:give me|let me|i need|i'd need|one|just|wait|hold on|hang on)(?: \w+){0,3} (?:second|moment|minute|time|think|seconds)|let me think|i (?:have|need) to think|^(?:wait|hold on|hang on|hmm+)$`)},
	{misnames, 20, regexp.MustCompile(`(?:that's|that is) not my name|(?:got|had|have|said|pronounced|pronounce) my name (?:wrong|incorrectly)|my name (?:is not|isn't)|i(?:'m| am) not called|my name is actually`)},
	{asksWho, 15, regexp.MustCompile(`(?:are you|am i (?:talking|speaking) (?:to|with)|is this) (?:a |an )?(?:real |actual )?(?:human|robot|bot|ai|machine|computer|person|program)|^(?:and |so )?who are you|what(?:'s| is) your name|are you real`)},
	{tests, 10, regexp.MustCompile(`(?:can|do|did) you (?:still )?hear me|am i (?:audible|on mute|muted)|is (?:this|my (?:mic|microphone)) (?:on|working)|(?:is )?any(?:body|one) there|are you (?:still )?there|^hello(?: hello)*$`)},
	{lost, 14, regexp.MustCompile(`i (?:really |honestly |just )?(?:don't|do not) (?:really )?(?:know|have (?:an?|any) (?:idea|answer|example|experience)|remember)|no (?:idea|clue)|(?:can't|cannot|can not) (?:think of|remember|answer|recall)|` +
		`i have no|(?:i am|i'm) (?:\w+ )?(?:lost|stuck|not sure)$|^not sure|nothing comes to mind|never (?:had|did|done|happened)`)},
}

var (
	// yes and no are how people answer whether to stop.
	yes = regexp.MustCompile(`^(?:(?:yes|yeah|yep|sure|okay|ok|please|correct|right|exactly|do (?:it|that|so)|stop|end|let's|i do|i am|that's|enough|of course|absolutely|definitely)\b ?)+`)
	// demands begins what wants to be told.
	demands = regexp.MustCompile(`^(?:(?:please|just|so|well|okay|can you|could you|why don't you) )*(?:tell|give|show) (?:me|us)\b`)
	// asking is how a question begins that has no mark at its end.
	asking = regexp.MustCompile(`^(?:(?:and|so|but|well|okay|um|uh) )*(?:what|how|which|when|where|who|why|is|are|was|were|do|does|did|can|could|may|should|shall|would|will|has|have)\b`)
	// permission is a question about how to answer.
	permission = regexp.MustCompile(`^(?:(?:and|so|but|well|okay|um|uh) )*(?:can|may|should|shall|could|must|do) (?:i|it|we)\b|(?:is it|would it be) (?:ok|okay|fine|possible|alright)`)
	// greeted is somebody being called by a name.
	greeted = regexp.MustCompile(`(?:^|[.!?,] )(?i:hello|hi|hey|thanks|thank you|good morning|good afternoon|good evening|okay|sure|yes|sorry|dear),? ([A-Z][a-z]+)(?:[,.!?]|$)`)
	// toInterviewer are words in a name's place that are none.
	noNames = regexp.MustCompile(`(?i)^(?:i|it|so|we|the|this|that|there|my|and|but|well|yes|no|thanks|thank|everyone|everybody|sir|madam|again|please|let|what|how|of|for|in|on|sure|ok|okay|casey)$`)
)

// foreignWords are the most frequent words of other languages that are none in
// English.
var foreignWords = map[string]string{
	"German":     "ich und der die das nicht ist mit habe haben wir ein eine auf für dem den zu sich auch war als wenn wie kann mein aber noch bei nach sie es ja nein bitte sehr über",
	"Spanish":    "que el la los las de y en un una por con para mi yo es no se lo como más pero muy tengo he hemos trabajo cuando porque este esta sí gracias puede usted",
	"French":     "je et les des est pas que une dans mais vous nous le la de un avec pour sur mon ma c'est j'ai à était très ce qui oui merci bien",
	"Italian":    "che di il la per con non una sono ho mi è del della gli come anche ma più questo perché quando grazie sì io",
	"Portuguese": "que de o a e um uma para com não eu do da em por mais como mas foi muito meu minha quando porque sim obrigado",
}
