package fields_test

import (
	"errors"
	"testing"

	"casey.internal/shared/apperr"
	"casey.internal/shared/fields"
)

func parse(t *testing.T, data string) *fields.Object {
	t.Helper()
	o, err := fields.Parse([]byte(data), 1000)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestMembersReadAsTheirType(t *testing.T) {
	o := parse(t, `{"text":"a\nb","line":"a b","name":"a-b_c.d=","n":-3,"yes":true,"no":false,"in":{"n":4},"null":null}`)
	if got := o.Text("text", 3); got != "a\nb" {
		t.Errorf("text is %q", got)
	}
	if got := o.Line("line", 3); got != "a b" {
		t.Errorf("line is %q", got)
	}
	if got := o.Name("name", 8); got != "a-b_c.d=" {
		t.Errorf("name is %q", got)
	}
	if n, there := o.Integer("n", -3, 3); n != -3 || !there {
		t.Errorf("n is %d, %t", n, there)
	}
	if !o.Bool("yes") || o.Bool("no") || o.Bool("none") {
		t.Error("a bool is wrong")
	}
	if n, _ := o.Object("in", apperr.Malformed).Integer("n", 0, 9); n != 4 {
		t.Errorf("in.n is %d", n)
	}
	if !o.Has("null") || o.Has("none") || o.Text("null", 9) != "" || o.Object("null", apperr.Malformed) != nil {
		t.Error("null is not like absent")
	}
	if err := o.Err(); err != nil {
		t.Error(err)
	}
}

func TestTheFirstWrongMemberIsTheError(t *testing.T) {
	for want, read := range map[string]func(*fields.Object){
		"malformed: n must be a string":                                           func(o *fields.Object) { o.Text("n", 9); o.Text("text", 1) },
		"too_large: text has 3 bytes; send at most 2":                             func(o *fields.Object) { o.Text("text", 2) },
		"malformed: text must be a string without control characters":             func(o *fields.Object) { o.Line("text", 9) },
		"malformed: text must be at most 9 letters, digits, '-', '_', '.' or '='": func(o *fields.Object) { o.Name("text", 9) },
		"malformed: n must be a whole number from 0 to 2":                         func(o *fields.Object) { o.Integer("n", 0, 2) },
		"malformed: n must be true or false":                                      func(o *fields.Object) { o.Bool("n") },
		"bad_offer: n must be an object":                                          func(o *fields.Object) { o.Object("n", apperr.BadOffer) },
		"bad_offer: in.n must be a string":                                        func(o *fields.Object) { o.Object("in", apperr.BadOffer).Text("n", 9) },
		"full: by hand":                                                           func(o *fields.Object) { o.Fail(apperr.Full, "by %s", "hand"); o.Bool("n") },
	} {
		o := parse(t, `{"text":"a\nb","n":3,"in":{"n":4}}`)
		read(o)
		if err := o.Err(); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestAfterAnErrorEverythingReadsAsZero(t *testing.T) {
	o := parse(t, `{"a":1,"text":"x"}`)
	o.Text("a", 9)
	if got := o.Text("text", 9); got != "" {
		t.Errorf("read %q after an error", got)
	}
}

func TestWhatIsNoObject(t *testing.T) {
	for data, code := range map[string]apperr.Code{
		"": apperr.Malformed, "[]": apperr.Malformed, "{": apperr.Malformed, `{"a":1,"a":2}`: apperr.Malformed,
		`{"a":[[[[[[[[1]]]]]]]]}`: apperr.Malformed, `{"a":"12345678901234567890"}`: apperr.TooLarge,
	} {
		_, err := fields.Parse([]byte(data), 24)
		if refused, ok := errors.AsType[*apperr.Error](err); !ok || refused.Code != code {
			t.Errorf("%s: %v, want %s", data, err, code)
		}
	}
}
