// Prints how the Go types behind the built-in kinds are laid out, as JSON: what an OpenAPI document leaves out
// (which zero values are written, which fields are pointers, what a decoding error calls them).
package main

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/client-go/kubernetes/scheme"
	apiregistration "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
)

// A field is [JSON name, Go type, omitted when empty, patch strategy, patch merge key].
type field [5]string

type shape struct {
	Go     string  `json:"go"`
	Fields []field `json:"fields"`
}

var marshaler = reflect.TypeFor[json.Marshaler]()

var shapes = map[string]shape{}

// The name a type has in OpenAPI documents: the domain of its package turned around, dots for slashes.
func nameOf(t reflect.Type) string {
	parts := strings.Split(t.PkgPath(), "/")
	domain := strings.Split(parts[0], ".")
	for i, j := 0, len(domain)-1; i < j; i, j = i+1, j-1 {
		domain[i], domain[j] = domain[j], domain[i]
	}
	return strings.Join(append(append(domain, parts[1:]...), t.Name()), ".")
}

func visit(t reflect.Type) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		visit(t.Elem())
	case reflect.Struct:
		// A type that writes its own JSON (a quantity, a time) has no fields to tell of.
		if !strings.HasPrefix(t.PkgPath(), "k8s.io/") || reflect.PointerTo(t).Implements(marshaler) {
			return
		}
		name := nameOf(t)
		if _, done := shapes[name]; done {
			return
		}
		shapes[name] = shape{Go: t.String()}
		shapes[name] = shape{Go: t.String(), Fields: fieldsOf(t)}
	}
}

func fieldsOf(t reflect.Type) []field {
	fields := []field{}
	for i := range t.NumField() {
		member := t.Field(i)
		tag, tagged := member.Tag.Lookup("json")
		parts := strings.Split(tag, ",")
		isInline := member.Anonymous && parts[0] == ""
		if isInline {
			fields = append(fields, fieldsOf(member.Type)...)
			continue
		}
		if !tagged || parts[0] == "-" || parts[0] == "" {
			continue
		}
		omitted := ""
		for _, option := range parts[1:] {
			if option == "omitempty" || option == "omitzero" {
				omitted += option
			}
		}
		visit(member.Type)
		fields = append(fields, field{
			parts[0], kindOf(member.Type), omitted, member.Tag.Get("patchStrategy"), member.Tag.Get("patchMergeKey"),
		})
	}
	return fields
}

// The Go type, with the kind behind a named one: `v1.Protocol=string`.
func kindOf(t reflect.Type) string {
	if t.PkgPath() != "" && t.Kind() != reflect.Struct {
		return t.String() + "=" + t.Kind().String()
	}
	return t.String()
}

func main() {
	if err := apiextensions.AddToScheme(scheme.Scheme); err != nil {
		panic(err)
	}
	if err := apiregistration.AddToScheme(scheme.Scheme); err != nil {
		panic(err)
	}
	for _, t := range scheme.Scheme.AllKnownTypes() {
		visit(t)
	}
	encoder := json.NewEncoder(os.Stdout)
	if err := encoder.Encode(shapes); err != nil {
		panic(err)
	}
}
