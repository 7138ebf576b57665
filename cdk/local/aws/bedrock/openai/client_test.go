package openai_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"casey.internal/cdk/local/aws/awswire"
	"casey.internal/cdk/local/aws/bedrock/converse"
	"casey.internal/cdk/local/aws/bedrock/openai"
)

func TestARequestIsWhatServersKnow(t *testing.T) {
	s := serve(t, reply{text: usesReady}, reply{text: saysYes})
	client := to(t, s, openai.Config{Model: "second", Key: "k3y"})
	if got := ask(t, client, request()); got.err != nil {
		t.Fatal(got.err)
	}
	sent := s.asked[1]
	data, err := json.Marshal(sent["messages"])
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"content":"You are Robin.","role":"system"},{"content":"I would look at the costs.","role":"user"},` +
		`{"content":"Good.","role":"assistant","tool_calls":[{"function":{"arguments":"{\"number\":1}","name":"show_exhibit"},"id":"t1","type":"function"}]},` +
		`{"content":"It is shown.","role":"tool","tool_call_id":"t1"}]`
	if string(data) != want {
		t.Errorf("messages %s\nwant     %s", data, want)
	}
	if sent["model"] != "second" || sent["stream"] != true || sent["max_tokens"] != 300.0 || len(sent["tools"].([]any)) != 2 {
		t.Errorf("sent %v", sent)
	}
	for _, key := range s.keys {
		if key != "Bearer k3y" {
			t.Errorf("key %q", key)
		}
	}
}

func TestTheFirstModelIsTakenWhereNoneIsNamed(t *testing.T) {
	_, s := connect(t, usesReady, reply{text: saysYes})
	if s.asked[0]["model"] != "first" || s.keys[0] != "" {
		t.Errorf("asked %v with key %q", s.asked[0]["model"], s.keys[0])
	}
}

// jsonAnswer is an answer by JSON in pieces, as a model gives it.
func jsonAnswer(pieces ...string) string {
	var b strings.Builder
	for _, p := range pieces {
		data, err := json.Marshal(p)
		if err != nil {
			panic(err)
		}
		fmt.Fprintf(&b, "data: {\"choices\":[{\"delta\":{\"content\":%s}}]}\n\n", data)
	}
	return b.String() + "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"
}

func TestAModelWithoutToolsAnswersByJSON(t *testing.T) {
	for name, c := range map[string]struct {
		pieces []string
		text   string
		use    string // name and input
		err    string
	}{
		"words alone":       {[]string{`{"say": "I se`, `e. What`, ` next?", "tool": "none"}`}, "I see. What next?", "", ""},
		"and a tool":        {[]string{`{"say":"Look.","tool":"show_exhibit","input":{"number":1}}`}, "Look.", "show_exhibit map[number:1]", ""},
		"a tool alone":      {[]string{`{"say":"","tool":"next_phase"}`}, "", "next_phase map[]", ""},
		"escapes in pieces": {[]string{`{"say":"A \`, `"b\`, `u00e9\n`, `\ud83d`, `\ude00 c","tool":"none"}`}, "A \"bé\n😀 c", "", ""},
		"in a fence":        {[]string{"```", "json\n{\"say\":", "\"Hi.\",\"tool\":\"none\"}\n```"}, "Hi.", "", ""},
		"no JSON at all":    {[]string{"I see", ". What next?"}, "I see. What next?", "", ""},
		"cut off":           {[]string{`{"say":"I see. What`}, "I see. What", "", ""},
		"another form":      {[]string{`{"answer":"I see."}`}, "", "", ""},
		"nothing of it":     {[]string{`{"sa`}, "", "", "not in the form"},
	} {
		t.Run(name, func(t *testing.T) {
			client, s := connect(t, saysYes, reply{text: jsonAnswer(c.pieces...)})
			got := ask(t, client, request())
			var used strings.Builder
			for _, u := range got.uses {
				used.WriteString(fmt.Sprint(u.Name, " ", u.Input))
			}
			if got.text != c.text || used.String() != c.use || (got.err != nil) != (c.err != "") || got.err != nil && !strings.Contains(got.err.Error(), c.err) {
				t.Errorf("%+v", got)
			}
			sent := s.asked[len(s.asked)-1]
			system := fmt.Sprint(sent["messages"].([]any)[0])
			if sent["tools"] != nil || sent["response_format"] == nil || !strings.Contains(system, "- show_exhibit: Show.") {
				t.Errorf("sent %v", sent)
			}
			if past := fmt.Sprint(sent["messages"].([]any)[2]); !strings.Contains(past, `{"say":"Good.","tool":"show_exhibit","input":{"number":1}}`) {
				t.Errorf("the past is told as %s", past)
			}
		})
	}
}

func TestAReportByJSONHasToUseItsTool(t *testing.T) {
	client, s := connect(t, saysYes, reply{text: jsonAnswer(`{"say":"","tool":"report","input":{"summary":"Good."}}`)})
	r := request()
	r.Tools = []converse.Tool{{Name: "report", Schema: map[string]any{"type": "object", "required": []string{"summary"}}}}
	got := ask(t, client, r)
	if len(got.uses) != 1 || got.uses[0].Input["summary"] != "Good." {
		t.Errorf("%+v", got)
	}
	format, err := json.Marshal(s.asked[len(s.asked)-1]["response_format"])
	if err != nil || !strings.Contains(string(format), `"enum":["report"]`) || !strings.Contains(string(format), `"required":["summary"]`) {
		t.Errorf("format %s, %v", format, err)
	}
}

// What servers say where something that was asked for is not to be had, in their
// own words as far as they are known.
func TestWhatAServerCannotDoIsLeftOut(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		says   string
		lacks  string // of the second request
	}{
		"Ollama":           {400, `{"error":{"message":"registry.ollama.ai/library/gemma3:1b does not support tools","type":"api_error","param":null,"code":null}}`, "tools"},
		"llama.cpp":        {500, `{"error":{"code":500,"message":"tools param requires --jinja flag","type":"server_error"}}`, "tools"},
		"vLLM":             {400, `{"object":"error","message":"\"auto\" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set","type":"BadRequestError","param":null,"code":400}`, "tools"},
		"a strict server":  {422, `{"detail":[{"loc":["body","stream_options"],"msg":"Extra inputs are not permitted"}]}`, "stream_options"},
		"an old LM Studio": {400, `{"error":"Function calling is not supported by this model"}`, "tools"},
	} {
		t.Run(name, func(t *testing.T) {
			client, s := connect(t, usesReady, reply{status: c.status, kind: "application/json", text: c.says}, reply{text: saysYes})
			if got := ask(t, client, request()); got.err != nil {
				t.Fatal(got.err)
			}
			if n := len(s.asked); n != 3 || s.asked[2][c.lacks] != nil {
				t.Errorf("after %d requests %v is still asked for", n, c.lacks)
			}
			if got := ask(t, client, request()); got.err != nil || len(s.asked) != 4 || s.asked[3][c.lacks] != nil {
				t.Errorf("it is not remembered: %v", got.err)
			}
		})
	}
}

func TestASchemaThatIsRefusedIsLeftOut(t *testing.T) {
	client, s := connect(t, saysYes,
		reply{status: 400, kind: "application/json", text: `{"error":"'response_format.type' must be 'json_schema' or 'text'"}`}, reply{text: jsonAnswer(`{"say":"Hi.","tool":"none"}`)})
	if got := ask(t, client, request()); got.err != nil || got.text != "Hi." {
		t.Fatalf("%+v", got)
	}
	if last := s.asked[len(s.asked)-1]; last["response_format"] != nil || last["tools"] != nil {
		t.Errorf("sent %v", last)
	}
}

func TestRefusalsAreToldAsAWSTellsThem(t *testing.T) {
	for name, c := range map[string]struct {
		reply reply
		want  string // name and a part of the message
	}{
		"unknown model, Ollama":  {reply{status: 404, kind: "application/json", text: `{"error":{"message":"model \"nonsense\" not found, try pulling it first","type":"api_error"}}`}, "ResourceNotFoundException: The model server has no model"},
		"unknown model, vLLM":    {reply{status: 404, kind: "application/json", text: `{"object":"error","message":"The model 'x' does not exist.","type":"NotFoundError","code":404}`}, "ResourceNotFoundException: The model server has no model"},
		"unknown model, LocalAI": {reply{status: 500, kind: "application/json", text: `{"error":{"code":500,"message":"could not load model - all backends returned error","type":""}}`}, "ResourceNotFoundException: The model server has no model"},
		"loading, llama.cpp":     {reply{status: 503, kind: "application/json", text: `{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}`}, "ServiceUnavailableException: The model server is not ready. It says: Loading model"},
		"too long, llama.cpp":    {reply{status: 400, kind: "application/json", text: `{"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error"}}`}, "ValidationException: The model server refuses"},
		"no key":                 {reply{status: 401, kind: "application/json", text: `{"error":{"message":"Invalid API Key"}}`}, "AccessDeniedException: The model server at"},
		"too much to do":         {reply{status: 429, kind: "application/json", text: `{"error":"busy"}`}, "ThrottlingException: "},
		"a web page":             {reply{kind: "text/html; charset=utf-8", text: "<html>Ollama is running</html>"}, "ResourceNotFoundException: "},
		"a page of a proxy":      {reply{status: 502, kind: "text/html", text: "<html>Bad Gateway</html>"}, "web page"},
		"nothing there":          {reply{status: 404, kind: "text/plain", text: "404 page not found"}, "There is no chat/completions at"},
		"a failure":              {reply{status: 500, kind: "text/plain", text: "panic"}, "InternalServerException: The model server failed with HTTP 500. It says: panic"},
	} {
		t.Run(name, func(t *testing.T) {
			client, _ := connect(t, usesReady, c.reply)
			got := ask(t, client, request())
			shown, ok := errors.AsType[*awswire.Error](got.err)
			if !ok || !strings.Contains(shown.Error(), c.want) || shown.Status < 400 {
				t.Errorf("%v; want %q", got.err, c.want)
			}
		})
	}
}

func TestAServerThatStallsIsGivenUp(t *testing.T) {
	const patience = time.Second // what begins an answer has to come within it
	hold := func(r *http.Request) { <-r.Context().Done() }
	then := func(_ http.ResponseWriter, r *http.Request) { hold(r) }
	for want, stalls := range map[string]reply{
		"ModelTimeoutException: The model server at":  {first: hold},
		"ModelStreamErrorException: The model server": {then: then},
		"said nothing for 1s in the middle of an ans": {text: `data: {"choices":[{"delta":{"content":"I se"}}]}` + "\n\n", then: then},
	} {
		s := serve(t, reply{text: usesReady}, stalls)
		got := ask(t, to(t, s, openai.Config{Patience: patience}), request())
		if shown, ok := errors.AsType[*awswire.Error](got.err); !ok || !strings.Contains(shown.Error(), want) || !strings.Contains(shown.Message, patience.String()) {
			t.Errorf("%v; want %q", got.err, want)
		}
	}
}

func TestAServerThatIsNotThereIsTold(t *testing.T) {
	s := serve(t, reply{text: usesReady})
	client := to(t, s, openai.Config{})
	s.Close()
	got := ask(t, client, request())
	if shown, ok := errors.AsType[*awswire.Error](got.err); !ok || shown.Name != "ServiceUnavailableException" || !strings.Contains(shown.Message, "No model server answers at") {
		t.Errorf("%v", got.err)
	}
}

func TestConnectSaysWhatToDo(t *testing.T) {
	gone := serve(t, reply{})
	gone.Close()
	page := http.NewServeMux()
	page.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<html>")
	})
	web := serve(t, reply{})
	web.Config.Handler = page
	unknown := serve(t, reply{status: 404, kind: "application/json", text: `{"error":{"message":"model \"x\" not found, try pulling it first"}}`})
	for name, c := range map[string]struct{ url, want string }{
		"no address":    {"localhost:11434", "is no address: it looks like http://localhost:11434/v1"},
		"nobody":        {gone.URL, "No model server answers at " + gone.URL + "/v1 (connection refused). Start it, or look at LLM=."},
		"a web page":    {web.URL, "answers with a web page: LLM= is the address of the API"},
		"unknown model": {unknown.URL, "The model server has no model \"x\": name another one by MODEL="},
	} {
		t.Run(name, func(t *testing.T) {
			client, err := openai.Connect(t.Context(), openai.Config{URL: c.url, Model: "x", Patience: 10 * time.Second})
			if err == nil {
				client.Close()
				t.Fatal("it connects")
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v; want %q", err, c.want)
			}
		})
	}
}

func TestAThinkingModelGetsRoomForIt(t *testing.T) {
	spent := `data: {"choices":[{"delta":{"reasoning":"They want the"},"finish_reason":"length"}]}` + "\n\ndata: [DONE]\n\n"
	client, s := connect(t, spent, reply{text: usesReady}, reply{text: saysYes})
	if got := ask(t, client, request()); got.err != nil || got.text != "Yes." {
		t.Errorf("%+v", got)
	}
	if first, second, third := s.asked[0]["max_tokens"].(float64), s.asked[1]["max_tokens"].(float64), s.asked[2]; first > 100 || second < 2000 || third["max_tokens"].(float64) < 2000 || third["tools"] == nil {
		t.Errorf("%v, then %v tokens, then %v", first, second, third)
	}
}

func TestThoughtsThatTheTemplateBeganAreNotSpoken(t *testing.T) {
	thinks := `data: {"choices":[{"delta":{"content":"They want the tool.</think>Yes."},"finish_reason":"stop"}]}` + "\n\ndata: [DONE]\n\n"
	client, _ := connect(t, thinks, reply{text: saysYes}, reply{text: jsonAnswer("What to ask now?</think>", `{"say":"What next?","tool":"none"}`)})
	if got := ask(t, client, request()); got.err != nil || got.text != "What next?" {
		t.Errorf("%+v", got)
	}
}

func TestAnAnswerCanBeBrokenOff(t *testing.T) {
	gone := make(chan struct{})
	hold := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done(); close(gone) }
	client, _ := connect(t, usesReady, reply{text: `data: {"choices":[{"delta":{"content":"I see"}}]}` + "\n\n", then: hold})
	pieces, err := client.Converse(t.Context(), request())
	if err != nil {
		t.Fatal(err)
	}
	for range pieces {
		break
	}
	<-gone // the server is told
}

func TestTheEndOfAContextIsItsOwn(t *testing.T) {
	hold := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	client, _ := connect(t, usesReady, reply{text: `data: {"choices":[{"delta":{"content":"I see"}}]}` + "\n\n", then: hold})
	enough := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	pieces, err := client.Converse(ctx, request())
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range pieces {
		cancel(enough)
		if err != nil && !errors.Is(err, enough) {
			t.Errorf("%v", err)
		}
	}
	if _, err := client.Converse(ctx, request()); !errors.Is(err, enough) {
		t.Errorf("%v", err)
	}
}

func TestManyAtOnce(t *testing.T) {
	client, _ := connect(t, usesReady, reply{text: saysYes})
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if got := ask(t, client, request()); got.err != nil || got.text != "Yes." {
				t.Errorf("%+v", got)
			}
		})
	}
	all.Wait()
}
