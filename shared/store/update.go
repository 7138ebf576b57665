package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"casey.internal/shared/interview"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// update is one conditional update as it is written. Every name is aliased, so
// that none meets a reserved word, and every value is a placeholder.
type update struct {
	sets, removes, adds, deletes, conditions []string
	names                                    map[string]string
	values                                   item
}

func newUpdate() *update { return &update{names: map[string]string{}, values: item{}} }

// name returns the alias of an attribute.
func (u *update) name(attribute string) string {
	for alias, known := range u.names {
		if known == attribute {
			return alias
		}
	}
	alias := "#n" + strconv.Itoa(len(u.names))
	u.names[alias] = attribute
	return alias
}

// value returns the placeholder of a value.
func (u *update) value(v types.AttributeValue) string {
	placeholder := ":v" + strconv.Itoa(len(u.values))
	u.values[placeholder] = v
	return placeholder
}

func (u *update) set(attribute string, v types.AttributeValue) *update {
	u.sets = append(u.sets, u.name(attribute)+" = "+u.value(v))
	return u
}

// setFirst sets an attribute that is not there yet.
func (u *update) setFirst(attribute string, v types.AttributeValue) *update {
	name := u.name(attribute)
	u.sets = append(u.sets, fmt.Sprintf("%s = if_not_exists(%s, %s)", name, name, u.value(v)))
	return u
}

// extend appends to a list.
func (u *update) extend(attribute string, v types.AttributeValue) *update {
	name := u.name(attribute)
	u.sets = append(u.sets, fmt.Sprintf("%s = list_append(if_not_exists(%s, %s), %s)", name, name, u.value(list()), u.value(v)))
	return u
}

// add adds to a number or a set.
func (u *update) add(attribute string, v types.AttributeValue) *update {
	u.adds = append(u.adds, u.name(attribute)+" "+u.value(v))
	return u
}

// deleteFrom removes elements from a set.
func (u *update) deleteFrom(attribute string, v types.AttributeValue) *update {
	u.deletes = append(u.deletes, u.name(attribute)+" "+u.value(v))
	return u
}

func (u *update) remove(attributes ...string) *update {
	for _, a := range attributes {
		u.removes = append(u.removes, u.name(a))
	}
	return u
}

// when adds a condition. In it $name stands for an attribute, ? for the next
// value.
func (u *update) when(condition string, values ...types.AttributeValue) *update {
	var b strings.Builder
	for rest := condition; rest != ""; {
		i := strings.IndexAny(rest, "$?")
		if i < 0 {
			b.WriteString(rest)
			break
		}
		b.WriteString(rest[:i])
		if rest[i] == '?' {
			b.WriteString(u.value(values[0]))
			values, rest = values[1:], rest[i+1:]
			continue
		}
		word := rest[i+1:]
		if end := strings.IndexFunc(word, notLetter); end >= 0 {
			word = word[:end]
		}
		b.WriteString(u.name(word))
		rest = rest[i+1+len(word):]
	}
	u.conditions = append(u.conditions, "("+b.String()+")")
	return u
}

func notLetter(r rune) bool { return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') }

// whenState adds the condition that the session is in one of these states.
func (u *update) whenState(states ...interview.State) *update {
	var either []string
	for _, s := range states {
		if s == interview.Allotted {
			either = append(either, "attribute_not_exists("+u.name("state")+")")
		} else {
			either = append(either, u.name("state")+" = "+u.value(text(string(s))))
		}
	}
	u.conditions = append(u.conditions, "("+strings.Join(either, " OR ")+")")
	return u
}

func (u *update) expression() *string {
	var b strings.Builder
	for _, clause := range []struct {
		verb  string
		terms []string
	}{{"SET", u.sets}, {"REMOVE", u.removes}, {"ADD", u.adds}, {"DELETE", u.deletes}} {
		if len(clause.terms) > 0 {
			b.WriteString(clause.verb + " " + strings.Join(clause.terms, ", ") + " ")
		}
	}
	return new(strings.TrimSpace(b.String()))
}

// apply makes the update and returns the item as returns says. ErrRefused: a
// condition did not hold.
func (s *Store) apply(ctx context.Context, key item, u *update, returns types.ReturnValue) (item, error) {
	in := &dynamodb.UpdateItemInput{
		TableName: &s.table, Key: key, UpdateExpression: u.expression(),
		ExpressionAttributeNames: u.names, ExpressionAttributeValues: u.values, ReturnValues: returns,
	}
	if len(u.conditions) > 0 {
		in.ConditionExpression = new(strings.Join(u.conditions, " AND "))
	}
	out, err := s.client.UpdateItem(ctx, in)
	if _, refused := errors.AsType[*types.ConditionalCheckFailedException](err); refused {
		return nil, ErrRefused
	}
	if err != nil {
		return nil, err
	}
	return out.Attributes, nil
}
