/** May a check ask this URL? Only what the operator's settings allow, and nothing by default. */

/**
 * Shape: undefined when it may; else why not, for the author. An allowed URL stands for all below it, step by step:
 *   `https://a/b` allows `https://a/b?c` and `https://a/b/c`, and never `https://a/bc`, nor another port.
 */
export function refuseURL(text: string, allowed: readonly string[]): string | undefined {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return `${text} is no http:// or https:// URL`;
  // A name before an @ is easily mistaken for the host.
  if (url.username !== '' || url.password !== '') return 'a URL of a check holds no user and no password';
  const isAllowed = allowed.some((each) => {
    const prefix = URL.parse(each);
    return prefix !== null && prefix.origin === url.origin && isBelow(url.pathname, prefix.pathname);
  });
  return isAllowed ? undefined : `${url.origin}${url.pathname} is not among \`checks.allow\` of the settings`;
}

// `%2f` and `\` are steps to some servers and none to us.
const isBelow = (path: string, prefix: string): boolean =>
  !/%2f|%5c/i.test(path) && (path === prefix || path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`));
