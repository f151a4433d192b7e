/** A piece of somebody's manifest, fit for a message. */

const lengthMax = 60;

// What a terminal may obey, or what turns the order of letters around.
const unprintable = /[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** In double quotes, on one line, and not too long. */
export function excerpt(text: string): string {
  const short = text.length > lengthMax ? `${text.slice(0, lengthMax).toWellFormed()}…` : text;
  return JSON.stringify(short).replaceAll(unprintable, '\ufffd');
}
