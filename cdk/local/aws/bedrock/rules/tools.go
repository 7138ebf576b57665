package rules

import "casey.internal/cdk/local/aws/bedrock/converse"

// use fills in a tool's input by its schema; nil if it is not offered.
func use(r converse.Request, name string) *converse.Use {
	for _, t := range r.Tools {
		if t.Name == name {
			input, _ := fill(t.Schema, 0, nil).(map[string]any)
			if input == nil {
				input = map[string]any{}
			}
			return &converse.Use{Name: name, Input: input}
		}
	}
	return nil
}

// deepest bounds how deep a schema is filled in.
const deepest = 8

// fill returns a value that the schema admits: enough of JSON Schema for the
// inputs of tools. known are the members whose value is not made up.
func fill(schema map[string]any, depth int, known map[string]any) any {
	if depth > deepest {
		return nil
	}
	if values, ok := schema["enum"].([]any); ok && len(values) > 0 {
		return values[0]
	}
	switch schema["type"] {
	case "object", nil:
		return object(schema, depth, known)
	case "array":
		return []any{}
	case "integer", "number":
		least, _ := schema["minimum"].(float64)
		return int(least)
	case "boolean":
		return false
	}
	return notJudged
}

func object(schema map[string]any, depth int, known map[string]any) map[string]any {
	out := map[string]any{}
	members, _ := schema["properties"].(map[string]any)
	for name, member := range members {
		if value, ok := known[name]; ok {
			out[name] = value
		} else if m, ok := member.(map[string]any); ok {
			out[name] = fill(m, depth+1, known)
		}
	}
	return out
}
