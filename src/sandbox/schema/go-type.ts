/** What a decoding error calls a type: its Go name, worked out from a packed code. */

const scalars: Readonly<Record<string, string>> = {
  s: 'string',
  B: '[]uint8',
  i: 'int32',
  l: 'int64',
  n: 'float64',
  b: 'bool',
  q: 'resource.Quantity',
  x: 'intstr.IntOrString',
  t: 'v1.Time',
  m: 'v1.MicroTime',
  f: 'v1.FieldsV1',
  r: 'runtime.RawExtension',
  j: 'v1.JSON',
};

/**
 * The Go type that a code most likely stands for; where it does not, the packed field says its name.
 *
 * Shape: `nameOf` gives the OpenAPI name of a row, of which the last two parts are Go's package and type.
 */
export function goTypeOfCode(code: string, nameOf: (row: number) => string): string {
  const rest = code.slice(1);
  switch (code.charAt(0)) {
    case '#':
      return nameOf(Number(rest)).split('.').slice(-2).join('.');
    case '~':
      return goTypeOfCode(rest, nameOf);
    case '[':
    case '(':
      return `[]${goTypeOfCode(rest, nameOf)}`;
    case '<':
      return `[]${goTypeOfCode(rest.slice(rest.indexOf('>') + 1).replace(/^\*/, ''), nameOf)}`;
    case '{':
      return `map[string]${goTypeOfCode(rest.replace(/^!/, ''), nameOf)}`;
    default:
      return scalars[code] ?? code;
  }
}
