package store

import "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

// openIndex is the sparse index of the sessions that wait or run:
// open ("waiting" or "running"), since (when it began to wait).
const openIndex = "open"

// Key is an attribute that is part of a key.
type Key struct {
	Name   string
	Number bool // a number; else a string
}

func (k Key) definition() types.AttributeDefinition {
	kind := types.ScalarAttributeTypeS
	if k.Number {
		kind = types.ScalarAttributeTypeN
	}
	return types.AttributeDefinition{AttributeName: &k.Name, AttributeType: kind}
}

// Index is a global secondary index.
type Index struct {
	Name       string
	Hash, Sort Key
	Projected  []string // attributes that it carries beside the keys
}

// Shape is what a table must look like for a Store to work on it.
type Shape struct {
	Hash, Sort Key
	Index      Index
	Expires    string // the attribute by which rows expire: seconds since 1970
}

// TableShape returns the shape of casey's one table: CreateTable makes it
// locally, the stack on AWS.
func TableShape() Shape {
	return Shape{
		Hash: Key{Name: "pk"}, Sort: Key{Name: "sk"}, Expires: "expires",
		Index: Index{
			Name: openIndex, Hash: Key{Name: "open"}, Sort: Key{Name: "since", Number: true},
			Projected: projected,
		},
	}
}
