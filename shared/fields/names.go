package fields

import "reflect"

// TypeNames turns tables of the types of messages by their name round: the name
// of each type, whichever table it is in.
func TypeNames(tables ...map[string]reflect.Type) map[reflect.Type]string {
	names := map[reflect.Type]string{}
	for _, table := range tables {
		for name, kind := range table {
			names[kind] = name
		}
	}
	return names
}
