// Package checking is what the programs in this module share: how to say what is expected.
package checking

import (
	"encoding/binary"
	"fmt"
	"os"
	"reflect"
	"strings"
)

// URL of the registry, from the command line.
func URL() string {
	return os.Args[1]
}

// OnlyPolicies is true where the program is to check what it says about policies, and nothing else.
func OnlyPolicies() bool {
	return len(os.Args) > 2 && os.Args[2] == "policies"
}

// Equal ends the program if something is not as expected.
func Equal(what string, got, expected any) {
	if !reflect.DeepEqual(got, expected) {
		fail("%s: expected %#v, got %#v", what, expected, got)
	}
	fmt.Println("ok:", what)
}

// Refused ends the program unless there is an error that names all the parts.
func Refused(what string, err error, parts ...string) {
	if err == nil {
		fail("%s: expected a refusal", what)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			fail("%s: %q is missing in: %v", what, part, err)
		}
	}
	fmt.Println("ok:", what, parts)
}

// Must gives the value, or ends the program.
func Must[T any](value T, err error) T {
	if err != nil {
		fail("%v", err)
	}
	return value
}

// Done ends the program if there is an error.
func Done(err error) {
	if err != nil {
		fail("%v", err)
	}
}

// SchemaID is the id in the five bytes before a record.
func SchemaID(record []byte) int {
	Equal("magic byte", record[0], byte(0))
	return int(binary.BigEndian.Uint32(record[1:5]))
}

func fail(format string, arguments ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", arguments...)
	os.Exit(1)
}
