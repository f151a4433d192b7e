/** Names, labels and keys: what they may look like, and what the API server says of those that do not. */

// The patterns as the API server has them, for its messages; each is matched by the literal beside it.
const labelPattern = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomainPattern = `${labelPattern}(\\.${labelPattern})*`;
const keyPattern = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const dnsLabel = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const dnsSubdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const serviceLabel = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const labelKey = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const dataKey = /^[-._a-zA-Z0-9]+$/;

const tooLong = (max: number): string => `must be no more than ${max} bytes`;

function patternProblem(text: string, pattern: string, examples: readonly string[]): string {
  const list = examples.map((example) => `'${example}', `).join(' or ');
  return `${text} (e.g. ${list}regex used for validation is '${pattern}')`;
}

/** Names of most kinds. */
export function subdomainProblems(name: string): readonly string[] {
  const text =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
  return [
    ...(name.length > 253 ? ['must be no more than 253 characters'] : []),
    ...(dnsSubdomain.test(name) ? [] : [patternProblem(text, subdomainPattern, ['example.com'])]),
  ];
}

/** Names of namespaces, Services and containers. */
export function labelNameProblems(name: string): readonly string[] {
  const text =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
  const wrong = dnsSubdomain.test(name)
    ? 'must not contain dots'
    : patternProblem(text, labelPattern, ['my-name', '123-abc']);
  return [...(name.length > 63 ? ['must be no more than 63 characters'] : []), ...(dnsLabel.test(name) ? [] : [wrong])];
}

/** Words of which names in the API are made: versions, kinds in small letters, plurals. */
export function wordProblems(name: string): readonly string[] {
  const text =
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character";
  const pattern = '[a-z]([-a-z0-9]*[a-z0-9])?';
  return [
    ...(name.length > 63 ? ['must be no more than 63 characters'] : []),
    ...(serviceLabel.test(name) ? [] : [patternProblem(text, pattern, ['my-name', 'abc-123'])]),
  ];
}

/** Names that only need to fit into a path: roles and bindings. */
export function pathSegmentProblems(name: string): readonly string[] {
  if (name === '.' || name === '..') return [`may not be '${name}'`];
  return ['/', '%'].filter((part) => name.includes(part)).map((part) => `may not contain '${part}'`);
}

/** Keys of labels and annotations, and finalizers. */
export function keyProblems(key: string): readonly string[] {
  const text =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
  const shown = patternProblem(text, keyPattern, ['MyName', 'my.name', '123-abc']);
  const parts = key.split('/');
  if (parts.length > 2)
    return [`a valid label key ${shown} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  const name = parts.at(-1) ?? '';
  const prefix = parts.length === 2 ? parts[0] : undefined;
  const prefixed = prefix === '' ? ['must be non-empty'] : prefix === undefined ? [] : subdomainProblems(prefix);
  const size = name === '' ? ['name part must be non-empty'] : name.length > 63 ? [`name part ${tooLong(63)}`] : [];
  return [
    ...prefixed.map((problem) => `prefix part ${problem}`),
    ...size,
    ...(labelKey.test(name) ? [] : [`name part ${shown}`]),
  ];
}

/** Values of labels. */
export function labelValueProblems(value: string): readonly string[] {
  const text =
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
  return [
    ...(value.length > 63 ? [tooLong(63)] : []),
    ...(value === '' || labelKey.test(value)
      ? []
      : [patternProblem(text, `(${keyPattern})?`, ['MyValue', 'my_value', '12345'])]),
  ];
}

/** Keys of ConfigMaps and Secrets. */
export function dataKeyProblems(key: string): readonly string[] {
  const text = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'";
  const climbing =
    key === '.' || key === '..' ? [`must not be '${key}'`] : key.startsWith('..') ? ["must not start with '..'"] : [];
  return [
    ...(key.length > 253 ? ['must be no more than 253 characters'] : []),
    ...(dataKey.test(key) ? [] : [patternProblem(text, '[-._a-zA-Z0-9]+', ['key.name', 'KEY_NAME', 'key-name'])]),
    ...climbing,
  ];
}

/** Ports of containers and Services. */
export function portProblems(port: number): readonly string[] {
  return port >= 1 && port <= 65_535 ? [] : ['must be between 1 and 65535, inclusive'];
}

/** Shares, such as `25%`. */
export function percentProblems(text: string): readonly string[] {
  const why = "a valid percent string must be a numeric string followed by an ending '%'";
  return /^[0-9]+%$/.test(text) ? [] : [patternProblem(why, '[0-9]+%', ['1%', '93%'])];
}
