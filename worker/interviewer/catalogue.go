package interviewer

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Card is what a candidate is told of an interview before they choose it, and
// all that is published of it.
type Card struct {
	Name        string  `json:"name"` // by which it is asked for, NAME.LEVEL at one of its levels
	Title       string  `json:"title"`
	GoodFor     string  `json:"goodFor"`
	Interviewer Persona `json:"interviewer"`
	Minutes     int     `json:"minutes"`
	Language    string  `json:"language,omitempty"` // empty = the worker's
	Levels      []Level `json:"levels,omitempty"`   // from the gentlest on

	// Languages are further ones that it can be held in, each asked for by its code
	// behind the name.
	Languages []Translation `json:"languages,omitempty"`
}

// Translation is what a card says of an interview in another of its languages.
type Translation struct {
	Language    string  `json:"language"`
	Title       string  `json:"title"`
	GoodFor     string  `json:"goodFor"`
	Interviewer Persona `json:"interviewer"`
	Minutes     int     `json:"minutes"`
}

// Catalogue returns the cards of all interviews; the first is that of the one that
// is held where nobody chose.
func (s *Shelf) Catalogue() []Card {
	var cards []Card
	for _, name := range s.Names() {
		i := s.interviews[name]
		c := Card{
			Name: name, Title: i.Title, GoodFor: i.GoodFor, Interviewer: i.Interviewer, Minutes: i.Minutes, Language: i.Language,
			Levels: i.levels(), Languages: s.translations(name),
		}
		if name == s.standard() {
			cards = slices.Insert(cards, 0, c)
			continue
		}
		cards = append(cards, c)
	}
	return cards
}

// translations are the further languages of an interview, by their codes.
func (s *Shelf) translations(name string) (all []Translation) {
	for _, other := range slices.Sorted(maps.Keys(s.interviews)) {
		if base, _, further := strings.Cut(other, "."); further && base == name {
			i := s.interviews[other]
			all = append(all, Translation{i.Language, i.Title, i.GoodFor, i.Interviewer, i.Minutes})
		}
	}
	return all
}

// GivesAway returns an error if a text that goes to a browser has a line of what is
// for the interviewer alone, in any of the interviews: it is for tests.
func (s *Shelf) GivesAway(text string) error {
	text = strings.ToLower(text)
	var all []error
	for name, i := range s.interviews {
		for _, secret := range i.secrets() {
			if strings.Contains(text, strings.ToLower(strings.Trim(secret, ". "))) {
				all = append(all, fmt.Errorf("interview %s: %q is given away", name, secret))
			}
		}
	}
	return errors.Join(all...)
}

// secrets are the lines for the interviewer alone. Questions are for asking.
func (i *Interview) secrets() []string {
	all := append(slices.Clone(i.Guidance), i.Persona, i.Brief)
	for _, p := range i.Phases {
		all = append(all, p.Goals...)
	}
	for _, f := range i.Facts {
		all = append(all, f.Fact)
	}
	for _, more := range i.Levels {
		all = append(all, more...)
	}
	for _, e := range i.Exhibits {
		all = append(all, e.Facts)
	}
	for _, c := range i.Rubric {
		all = append(all, c.LooksFor)
	}
	return all
}
