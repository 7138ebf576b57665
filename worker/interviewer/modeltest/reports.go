package modeltest

// report is an answer that is a report's tool.
func report(input string) []Written { return []Written{uses("", "report", input)} }

// cut is one that the limit of tokens cut.
func cut(input string) []Written { return []Written{uses("", "report", input).stopped("max_tokens")} }

// whole is a report as it was asked for, with which all others are compared.
const whole = `{"summary":"Well.","scores":{"Structure":{"score":4,"comment":"s"},"Evidence":{"score":3,"comment":"e"}},"good":["Clear"],"better":["Numbers"]}`

// reports are malformed reports of every kind that people have met.
var reports = []malformedReport{
	{"as it should be", report(whole), "Well.", "S4 E3", "Clear", "Numbers"},

	// Fields of another type.
	{"objects as JSON text", report(`{"summary":"Well.","scores":"{\"Structure\":{\"score\":4,\"comment\":\"s\"}}","good":["Clear"],"better":[]}`), "Well.", "S4", "Clear", ""},
	{"lists as JSON text", report(`{"summary":"Well.","scores":{},"good":"[\"Clear\",\"Short\"]","better":"[]"}`), "Well.", "", "Clear|Short", ""},
	{"everything as JSON text", report(`{"report":"{\"summary\":\"Well.\",\"good\":[\"Clear\"]}"}`), "Well.", "", "Clear", ""},
	{"an assessment as JSON text", report(`{"summary":"Well.","scores":{"Structure":"{\"score\":\"4\"}"}}`), "Well.", "S4", "", ""},
	{"one within another", report(`{"report":` + whole + `}`), "Well.", "S4 E3", "Clear", "Numbers"},
	{"lists as lines", report(`{"summary":"Well.","good":"- Clear\n- Short\n","better":"1. Numbers\n2. Names"}`), "Well.", "", "Clear|Short", "Numbers|Names"},
	{"lists of objects", report(`{"summary":"Well.","good":[{"point":"Clear"},{"text":"Short","quote":"x"}],"better":[{"description":"Numbers"}]}`), "Well.", "", "Clear|Short", "Numbers"},
	{"lists as objects", report(`{"summary":"Well.","good":{"1":"Clear","2":"Short"}}`), "Well.", "", "Clear|Short", ""},
	{"lists of lists", report(`{"summary":"Well.","good":[["Clear","Short"],[]]}`), "Well.", "", "Clear Short", ""},
	{"a summary of lines", report(`{"summary":["Well.","Go on."],"good":null}`), "Well. Go on.", "", "", ""},
	{"a summary in an object", report(`{"summary":{"text":"Well."}}`), "Well.", "", "", ""},
	{"a summary that is a number", report(`{"summary":5,"good":["Clear"]}`), "5", "", "Clear", ""},
	{"a summary that is null", report(`{"summary":null,"good":["Clear"]}`), "", "", "Clear", ""},
	{"a list with nulls", report(`{"summary":"Well.","good":["Clear",null,"",7,false]}`), "Well.", "", "Clear|7", ""},
	{"thoughts in a field", report(`{"summary":"<think>Hm.</think>Well."}`), "Well.", "", "", ""},

	// Scores.
	{"a score as a word", report(`{"summary":"Well.","scores":{"Structure":{"score":"four"},"Evidence":{"score":"Three"}}}`), "Well.", "S4 E3", "", ""},
	{"a score in text", report(`{"summary":"Well.","scores":{"Structure":{"score":"4"},"Evidence":{"score":" 3.0 "}}}`), "Well.", "S4 E3", "", ""},
	{"half a score", report(`{"summary":"Well.","scores":{"Structure":{"score":3.5},"Evidence":{"score":2.4}}}`), "Well.", "S4 E2", "", ""},
	{"a score of five", report(`{"summary":"Well.","scores":{"Structure":{"score":"4/5"},"Evidence":{"score":"3 out of 5"}}}`), "Well.", "S4 E3", "", ""},
	{"a score of ten", report(`{"summary":"Well.","scores":{"Structure":{"score":"8/10"},"Evidence":{"score":"60%"}}}`), "Well.", "S4 E3", "", ""},
	{"a score of two", report(`{"summary":"Well.","scores":{"Structure":{"score":"3-4"},"Evidence":{"score":"2 to 3"}}}`), "Well.", "S4 E3", "", ""},
	{"a score of stars", report(`{"summary":"Well.","scores":{"Structure":{"score":"★★★★☆"}}}`), "Well.", "S4", "", ""},
	{"a score with its reason", report(`{"summary":"Well.","scores":{"Structure":{"score":"4 - clear throughout"}}}`), "Well.", "S4", "", ""},
	{"scores too good and too bad", report(`{"summary":"Well.","scores":{"Structure":{"score":9},"Evidence":{"score":-3},"Listening":{"score":0},"Motivation":{"score":1e300}}}`), "Well.", "S5 M5", "", ""},
	{"scores that are none", report(`{"summary":"Well.","scores":{"Structure":{"score":null},"Evidence":{"score":"N/A"},"Listening":{"score":true},"Motivation":{"score":{}}}}`), "Well.", "", "", ""},
	{"scores alone", report(`{"summary":"Well.","scores":{"Structure":4,"Evidence":"3/5","Luck":2}}`), "Well.", "S4 E3", "", ""},
	{"scores in a list", report(`{"summary":"Well.","scores":[{"name":"Structure","score":4},{"criterion":"Evidence","rating":3},7]}`), "Well.", "S4 E3", "", ""},
	{"scores in a list of objects", report(`{"summary":"Well.","scores":[{"Structure":4},{"Evidence":{"score":3}}]}`), "Well.", "S4 E3", "", ""},
	{"scores in other letters", report(`{"Summary":"Well.","Scores":{"structure":{"Score":4},"EVIDENCE ":{"score":3}}}`), "Well.", "S4 E3", "", ""},
	{"scores that are text", report(`{"summary":"Well.","scores":"They did well."}`), "Well.", "", "", ""},
	{"other names", report(`{"overall":"Well.","strengths":["Clear"],"improvements":["Numbers"],"ratings":{"Structure":{"rating":4,"evidence":"x"}}}`), "Well.", "S4", "Clear", "Numbers"},

	// JSON that is none.
	{"cut in a list", cut(`{"summary":"Well.","scores":{"Structure":{"score":4,"comment":"s"}},"good":["Clear","Sho`), "Well.", "S4", "Clear|Sho", ""},
	{"cut in a key", cut(`{"summary":"Well.","scores":{"Structure":{"score":4,"comm`), "Well.", "S4", "", ""},
	{"cut in the summary", cut(`{"summary":"Well. You were`), "Well. You were", "", "", ""},
	{"cut after a comma", cut(`{"summary":"Well.",`), "Well.", "", "", ""},
	{"cut in an escape", cut(`{"summary":"Well.\u00`), "Well.", "", "", ""},
	{"single quotes", report(`{'summary': 'Well.', 'good': ['Clear'], 'better': None}`), "Well.", "", "Clear", ""},
	{"a comma too many", report(`{"summary":"Well.","good":["Clear",],}`), "Well.", "", "Clear", ""},
	{"a bracket too many", report(`{"summary":"Well.","good":["Clear"]}}`), "Well.", "", "Clear", ""},
	{"quotes within quotes", report(`{"summary":"You said "well" twice.","good":["Clear"]}`), `You said "well" twice.`, "", "Clear", ""},
	{"lines within quotes", report("{\"summary\":\"Well.\nGo on.\"}"), "Well.\nGo on.", "", "", ""},
	{"a fraction without quotes", report(`{"summary":"Well.","scores":{"Structure":{"score":4/5}}}`), "Well.", "S4", "", ""},
	{"in a fence", report("```json\n" + whole + "\n```"), "Well.", "S4 E3", "Clear", "Numbers"},
	{"in a list", report("[" + whole + "]"), "Well.", "S4 E3", "Clear", "Numbers"},
	{"control characters", report("{\"summary\":\"We\x00ll.\"}"), "Well.", "", "", ""},

	// No tool, or more than one.
	{"text alone", []Written{text("You did ", "well.")}, "You did well.", "", "", ""},
	{"thoughts, then text", []Written{text("<think>Hm.</think>", "You did well.")}, "You did well.", "", "", ""},
	{"the tool's input as text", []Written{text("Here it is:\n```json\n" + whole + "\n```")}, "Well.", "S4 E3", "Clear", "Numbers"},
	{"a summary as text, the rest as a tool", []Written{uses("You did well.", "report", `{"good":["Clear"]}`)}, "You did well.", "", "Clear", ""},
	{"text, and a tool of nothing", []Written{uses("You did well.", "report", `{}`)}, "You did well.", "", "", ""},
	{"text, and half a tool", []Written{uses("You did well.", "report", `{"sum`).stopped("max_tokens")}, "You did well.", "", "", ""},
	{"an empty tool, then one", []Written{{Uses: []Use{{"t1", "report", "{}"}, {"t2", "report", whole}}}}, "Well.", "S4 E3", "Clear", "Numbers"},

	// Nothing, and once more.
	{"nothing, then a report", append(report(`{}`), report(whole)...), "Well.", "S4 E3", "Clear", "Numbers"},
	{"blanks, then a report", append([]Written{text(" \n")}, report(whole)...), "Well.", "S4 E3", "Clear", "Numbers"},
	{"thoughts, then a report", append([]Written{text("<think>Hm.")}, report(whole)...), "Well.", "S4 E3", "Clear", "Numbers"},
	{"no JSON, then a report", append(report(`"x"`), report(whole)...), "Well.", "S4 E3", "Clear", "Numbers"},
	{"other fields, then a report", append(report(`{"parameters":null,"x":[1]}`), report(whole)...), "Well.", "S4 E3", "Clear", "Numbers"},
	{"nothing twice", append(report(`{}`), report(`[]`)...), "", "", "", ""},
}
