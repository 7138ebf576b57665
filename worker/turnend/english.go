package turnend

var english = lexicon{
	fillers: set(`um uh er erm hmm hm mm ah like so basically`),

	// What is said before anything is.
	preambles: set(`um uh er erm hmm hm mm ah well oh gosh wow okay ok so honestly actually basically right yes yeah let me see that's that is a an good great interesting hard tough question the thing`),

	consents: set(`okay ok right yes yeah`),

	// A sentence that stops here has not stopped.
	wanting: set(`and or but because cause since although while if when where which who whose whether unless until than
		the a an my your his its our their this these those some any every each another
		of to in on at by for from with without into onto about over under between against during through after before around per via as
		i we he she they it's i'm we're they're he's she's i've we've there's
		is are was were am be been being have has had do does did don't didn't can could would should will might must shall wasn't
		very really quite more less about almost only just also
		i'd we'd you're they'd i'll we'll they'll that's what's who's where's
		across along among behind despite including like toward towards upon versus within
		own other whole main several various certain
		want wanted need needed make made put take took give gave told tell called became become trying tried going
		bring brought get getting got keep kept let mean means meant seem seems include includes involve involves`),

	openPhrases: phrases(`such as|for example|for instance|kind of|sort of|a lot of|going to|in order to|
		and then|but then|so then|because then|even though|is no|are no|was no|were no|there's no|have no|has no|had no|with no|so that|and so|which means|in other words|what i did was|the thing is|that is a good question|good question|
		it depends|that depends|first of all|at first|to begin with|on the one hand|on the other hand|in my case|as far as i know|a number of|
		all kinds of|hard to say|difficult to say|a bit complicated|that's complicated|one of the|the first thing|the main thing|the reason is|the problem is|the problem was|it was like|
		let me see|hold on|hang on`),

	// These want more where a clause begins with them: "the freedom, I think" does not.
	hedges: phrases(`you know|i mean|i think|i would say|i'd say|let's say|i guess|i suppose|i believe|in my opinion|to be honest|to be fair|as i said`),

	shortClosings: phrases(`that's it|that is it|that was it|that's all|that is all|that was all`),
	closings: phrases(`so that's it|so that was it|and that's it|and that is it|and that was it|but that's it|but that was it|yeah that's it|that's it really|that's all really|
		so that's all|and that's all|and that is all|and that was all|that's about it|so yeah|does that make sense|
		that's my answer|hope that answers your question|not really|not at all|not yet|so that's that|should i go on|shall i go on|does that answer your question|what was the question|what was the question again|
		could you repeat the question|can you repeat the question|is that enough|is that what you meant|that's the story|i'm done|i am done`),

	endings: phrases(`and so on|and so forth|by then|since then|ever since|now and then|off and on|on and on|over and over|by and by|more and more|less and less|through and through|
		out and about|a while|best i could|best we could|as it were|i know of|or the other|just about|each other|or other|more or less|or more|or less|not any more|once more|bit more|lot more|few more|little more|
		or before|or after|or without|ever before|never before|day before|year before|week before|month before|from before|as before|done before|done it before|done that before|seen before|seen it before|day after|year after|week after|month after|soon after|shortly after|
		handed over|walked over|took over|taken over|came over|went over|left over|move on|moved on|moved in|carried on|went on|going on|came in|logged in|checked in|stepped in|walked in|or during|went through|got through|came around|turned around`),

	anaphors: phrases(`had to|have to|has to|need to|needed to|want to|wanted to|used to|love to|like to|going to|tried to|meant to|able to|allowed to|supposed to|
		happy to|willing to|would have|could have|should have|might have|must have|used to be|meant to be|supposed to be|had been|have been|has been|
		know who|know when|know where|know which|remember who|remember when|remember where|remember which|
		if i can|if i could|if i may|if they let me|if possible|if necessary|if needed`),

	opposites: set(`before after during with without for against`),

	// These want another word only where one goes before that wants one, too: "it was really", not "both really".
	trailing: set(`really quite also just only each then`),

	corrections: phrases(`no sorry|no wait|wait no|i mean|or rather|actually no|sorry no|sorry`),

	// Whoever says one of these, and at most a little more of the kind, wants to
	// be left alone for a while.
	timeRequests: phrases(`let me think|let me have a think|give me a second|give me a moment|give me a minute|just a second|just a moment|one second|one moment|a moment please|
		take a moment|take a second|take a minute|think for a moment|think for a second|need a moment|need a second|need a minute|need some time to think|
		have a moment|have a second|bear with me|i have to think|i need to think`),
	timeTail: set(`about that this it for a an the moment second minute bit while to think please first here now okay thank you thanks`),

	believing:    set(`think hope guess believe suppose say said told do did or`),
	affirmations: set(`yes yeah yep right no nope sure certainly absolutely definitely not`),
	auxiliaries:  set(`am do does did have has had can will would is was are were should could be been might may must`),

	questionsBack: phrases(`what|which|who|how|why|when do|when will|when would|when was|when did|when is|where|could you|can you|would you|do you|did you|does|is it|is there|are there|are you|was it|is that|are those|are they|was that|were they|did they|you mean|should i|
		may i|can i|could i|shall i|would i|would it|do i|do we|will i|will there|am i|have you`),

	// What wants a story in any phase, and what does in one that is for them.
	storyQuestions:  phrases(`tell me about|describe a|describe an|describe the|walk me|talk me|how do you go about|give me an example`),
	reasonQuestions: phrases(`describe|explain|estimate how|estimate the|estimate what|why|how would you|what would you|what did you|what was hardest|how did you|what happened|more about|a time when|elaborate|have you ever had to|the last time you|in what way|proud of|where do you see yourself|do you think|what is your`),
	plainQuestions:  phrases(`how many|how much|how long|how old|how often|how frequently|how far|how soon|how big|how large|how small|how high|how tall|how late|how early|how fast|how heavy|how wide|how deep|how close|how are you|when|since when|where|who|whom|whose|what job|which|what share|what percentage|what proportion|what size|what price|what rate|what number|what amount|what time|what date|what year|what population|what age|what name|what is your|what's your name|who's|where's|what was your job|anything else|any questions|what do you expect|tell me your|please tell me your`),
	tags:            phrases(`right|correct|true|yes|yeah|no|huh|eh|or not|is that right|is that correct|am i right`),
	smallQuestions:  phrases(`how did you hear|how did you find us|how did you get here|what is your name|what is your current|like to ask me|want to ask me|have any questions|what questions do you have`),

	// Questions with a question word end as no other sentence does: "what is it for".
	openQuestions: phrases(`what|which|who|how|where|when would|when will|when do`),
	endsQuestion:  set(`be do have need want mean it that you with about from for to by on in at of`),
	attributes:    set(`new big great important typical average particular`),
	determiners:   set(`a an the my your his its our their this that these those some any another no very`),
	forms:         set(`is are was were be been being am i'm it's he's she's we're they're`),
	participles:   set(`needed made put taken given told called kept included involved`),
	modals:        set(`can could would should must will to`),
	saying: set(`say said says think thought know knew hope hoped believe believed mean means meant see saw find found show showed told tell me us them you feel felt
		asked so fact reason way thing things one sure is was saying thinking something everything idea problem`),
	leading:    set(`to for from with about roughly approximately exactly until by at in on`),
	does:       set(`do does did`),
	turned:     map[string]string{"i": "you", "me": "you", "my": "your", "am": "are"},
	broad:      set(`why how what`),
	degrees:    phrases(`that's right|that is right|that's correct|that is correct|very|quite|really|a bit|a little|a lot|sort of|kind of|of course|some|several|various|more|less|each|another|just about|mine`),
	begins:     set(`is are was were do does did have has can could would will should may am had might must isn't aren't don't doesn't didn't wasn't weren't haven't hasn't hadn't can't couldn't won't wouldn't shouldn't`),
	stated:     set(`you he she we they that it's there's`),
	quoting:    set(`mention mentioned say said tell told spoke talked described wrote think thought feel believe`),
	indefinite: set(`something anything nothing everything somebody anybody someone anyone`),
	pronouns:   set(`i we he she they it that`),

	opensClause:   set(`and so but then um uh sorry well yes no okay hmm or actually oh`),
	joining:       set(`and so but because`),
	subjects:      set(`i we he she they it you that this there the a my our then now`),
	subordinators: set(`when if although while since after before until whereas whenever`),

	counts:    map[string]int{"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "several": 2, "few": 2, "couple": 2},
	digit:     set(`zero oh double`),
	phones:    phrases(`phone number|telephone number|number of your phone|mobile number`),
	dictated:  phrases(`phone number|telephone number|number of your phone|mobile number|account number|reference number|letter by letter|e-mail address|email address|spell|postal code|zip code|area code|access code|iban`),
	adverbial: set(`that it this then all`),
	things:    set(`things reasons ways points parts examples options steps sides areas aspects`),
	ordinals:  set(`first firstly second secondly third thirdly one two another other finally lastly last fourth then next`),

	yes: set(`yes yeah right`), so: "so", that: "that", do: "do", when: "when", who: "who", or: "or", firsts: set(`first firstly`), negated: "n't",
}
