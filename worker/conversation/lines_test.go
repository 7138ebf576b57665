package conversation_test

import (
	"reflect"
	"testing"

	"casey.internal/worker/conversation"
	"casey.internal/worker/language"
)

func TestEveryLanguageHasEveryLine(t *testing.T) {
	english := conversation.Defaults().Lines
	for _, l := range []language.Language{language.English, language.German, language.Spanish, "fr"} {
		in := conversation.Defaults().In(l)
		lines := reflect.ValueOf(in.Lines)
		for i := range lines.NumField() {
			if lines.Field(i).String() == "" {
				t.Errorf("%s has no %s", l, lines.Type().Field(i).Name)
			}
		}
		if foreign := in.Lines != english; foreign != (l == language.German || l == language.Spanish) {
			t.Errorf("%s has lines of its own: %v", l, foreign)
		}
	}
}
