// Prints how the built-in kinds are written in protobuf, as JSON lines: the numbers of their fields, which no OpenAPI
// document has, and the names these fields have in JSON.
//
// Usage: go run ./distill/messages > ../../src/sandbox/api/data/messages.json, in test/cluster.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"sort"
	"strings"

	"k8s.io/client-go/kubernetes/scheme"
)

// Types that write themselves in JSON, by what reads them back.
var special = map[string]string{
	"v1.Time": "T", "v1.MicroTime": "M", "v1.Duration": "D", "resource.Quantity": "Q", "intstr.IntOrString": "I",
	"runtime.RawExtension": "R", "v1.FieldsV1": "R",
}

// The versions that are served; the others' types are only there for old clients.
var served = map[string]bool{"v1": true, "autoscaling/v2": true}

type message struct {
	Name   string   `json:"name"`
	Kinds  []string `json:"kinds,omitempty"`
	Fields []string `json:"fields"`
}

var (
	order    = map[reflect.Type]int{}
	messages = []message{}
)

func indexOf(t reflect.Type) int {
	if index, known := order[t]; known {
		return index
	}
	index := len(messages)
	order[t] = index
	messages = append(messages, message{Name: t.String()})
	messages[index].Fields = fieldsOf(t)
	return index
}

// A field is `number:JSON name:type`; one without a name lends its own fields to the message around it.
func fieldsOf(t reflect.Type) []string {
	fields := []string{}
	for i := range t.NumField() {
		member := t.Field(i)
		tag, tagged := member.Tag.Lookup("protobuf")
		if !tagged || tag == "-" {
			continue
		}
		parts := strings.Split(tag, ",")
		name := strings.Split(member.Tag.Get("json"), ",")[0]
		fields = append(fields, fmt.Sprintf("%s:%s:%s", parts[1], name, typeOf(member.Type)))
	}
	return fields
}

func typeOf(t reflect.Type) string {
	if code, known := special[t.String()]; known {
		return code
	}
	switch t.Kind() {
	case reflect.Pointer:
		return typeOf(t.Elem())
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return "b"
		}
		return "[" + typeOf(t.Elem())
	case reflect.Map:
		return "{" + typeOf(t.Elem())
	case reflect.String:
		return "s"
	case reflect.Bool:
		return "t"
	case reflect.Int32, reflect.Int64, reflect.Uint8:
		return "i"
	case reflect.Float64:
		return "d"
	case reflect.Struct:
		// A named slice is a message with one field in protobuf; none is reached but through special types.
		return fmt.Sprintf("#%d", indexOf(t))
	default:
		panic("no code for " + t.String())
	}
}

func main() {
	kinds := map[string]reflect.Type{}
	for gvk, t := range scheme.Scheme.AllKnownTypes() {
		gv := gvk.GroupVersion().String()
		isOwn := strings.HasPrefix(t.PkgPath(), "k8s.io/api/") && !strings.HasSuffix(gvk.Kind, "List")
		if isOwn && (served[gvk.Version] || served[gv]) && gvk.Group != "imagepolicy.k8s.io" {
			kinds[gv+"/"+gvk.Kind] = t
		}
		if gv == "v1" && gvk.Kind == "DeleteOptions" {
			kinds["v1/DeleteOptions"] = t
		}
	}
	names := []string{}
	for name := range kinds {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		index := indexOf(kinds[name])
		messages[index].Kinds = append(messages[index].Kinds, name)
	}
	fmt.Println(`{"about":"How Kubernetes writes its kinds in protobuf (Apache-2.0), printed by test/cluster/distill/messages. Not edited by hand.",`)
	fmt.Println(`"messages": [`)
	for i, m := range messages {
		line, err := json.Marshal(m)
		if err != nil {
			panic(err)
		}
		end := ","
		if i == len(messages)-1 {
			end = ""
		}
		fmt.Fprintln(os.Stdout, string(line)+end)
	}
	fmt.Println("]}")
}
