const REDACTED = "[redacted]";

/** Shorter parts than this are no secrets of MAAS (18 and 32 characters), and would blot out ordinary words. */
const SHORTEST_SECRET = 8;

/** Longer than any part of a key of MAAS. What comes after that is no secret, and a pattern of it would take minutes to make. */
export const LONGEST_SECRET = 256;

/** HTML's names of the characters that a key may hold. */
const ENTITIES: Readonly<Record<string, string>> = Object.fromEntries(
  (
    "excl! quot\" num# dollar$ percnt% amp& apos' lpar( rpar) ast* plus+ comma, hyphen- period. sol/ colon: semi; lt< equals= gt> " +
    "quest? commat@ lsqb[ bsol\\ rsqb] Hat^ lowbar_ grave` lcub{ verbar| rcub}"
  )
    .split(" ")
    .map((entity) => [entity.slice(0, -1), entity.slice(-1)]),
);

/** The base64 that a text has inside a longer one, at each of the three places that it may begin at in a group. */
function base64Forms(text: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]);
    // The characters at both ends hold bits of the neighbours too.
    const from = Math.ceil((before * 8) / 6);
    const to = Math.floor((bytes.length * 8) / 6);
    return (["base64", "base64url"] as const).map((encoding) => bytes.toString(encoding).slice(from, to));
  });
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");

/** Digits of either case, such as those of `%2f`. */
const hexadecimal = (digits: string): string =>
  digits.replace(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);

const hexOf = (character: string): string => character.charCodeAt(0).toString(16).padStart(2, "0");

/** Each of these encodings may be applied more than once. */
const PERCENT = "%(?:25)*";
const ENTITY = "&(?:amp;)*";
/** A run of any length, from its start: a search from each of its characters would take minutes for megabytes of them. */
const BACKSLASH = String.raw`(?<!\\)\\+`;

/** A character as it is, in a URL, in HTML or XML, and in JSON. */
function anyEncoding(character: string): string {
  const code = character.charCodeAt(0);
  const hex = hexadecimal(hexOf(character));
  const names = Object.keys(ENTITIES).filter((name) => ENTITIES[name] === character);
  const ways = [
    ...[literal(character), PERCENT + hex, `${ENTITY}#0*${code};`, `${ENTITY}#[xX]0*${hex};`],
    ...[`${BACKSLASH}u00${hex}`, `${BACKSLASH}x${hex}`, BACKSLASH + literal(character)],
    ...names.map((name) => `${ENTITY}${name};`),
  ];
  return `(?:${ways.join("|")})`;
}

/** A break of long lines that is encoded, or has another mark before it. */
const ENCODED_BREAK = `${BACKSLASH}[nrt]|${PERCENT}(?:0[aAdD9]|20)|${ENTITY}#(?:0*(?:9|1[03])|[xX]0*[9aAdD]);|=\\r?\\n`;

/**
 * What may stand between two characters. So many breaks at most: a secret may begin with a letter of an encoded break, and a
 * search through all of a long run of them from each one would take minutes.
 */
const MOST_BREAKS = 8;
const BREAK = `\\s*(?:(?:${ENCODED_BREAK})\\s*){0,${MOST_BREAKS}}`;

/** Between two bytes in hexadecimal digits. */
const SEPARATOR = `(?:[:-]|\\\\+x|0x|,|\\s|${ENCODED_BREAK}){0,${MOST_BREAKS}}`;

const ENCODED = /[%&\\]/;

const ANY_BREAK = new RegExp(`${ENCODED_BREAK}|\\s`, "g");

const ANY_CODE = new RegExp(
  `${PERCENT}([0-9a-fA-F]{2})|${ENTITY}#0*(\\d{1,3});|${ENTITY}#[xX]0*([0-9a-fA-F]{1,2});|${BACKSLASH}(?:u00|x)([0-9a-fA-F]{2})|${ENTITY}(\\w{2,6});|${BACKSLASH}([^\\\\])`,
  "g",
);

const ofHex = (digits: string): string => String.fromCharCode(parseInt(digits, 16));

/** The text without breaks and encodings, to look for a secret in. Most texts have none. */
function plainOf(text: string): string {
  if (!ENCODED.test(text)) return text.replace(/\s+/g, "");
  return text
    .replace(ANY_BREAK, "")
    .replace(
      ANY_CODE,
      (all: string, url?: string, decimal?: string, hex?: string, json?: string, name?: string, bare?: string) => {
        const digits = url ?? hex ?? json;
        if (digits !== undefined) return ofHex(digits);
        if (decimal !== undefined) return String.fromCharCode(Number(decimal));
        return name === undefined ? (bare ?? all) : (ENTITIES[name] ?? all);
      },
    );
}

/** Bytes in hexadecimal digits, more of them than a MAC address has. */
const HEX = /(?:[0-9a-f]{2}[^0-9a-z"]{0,2}(?:0?x)?){8,}/gi;

interface Form {
  readonly plain: string;
  readonly inHex: string;
}

const formOf = (plain: string): Form => ({ plain, inHex: [...plain].map(hexOf).join("") });

/** All ways to write it. */
function anyway({ plain }: Form): RegExp {
  const characters = [...plain];
  const encoded = characters.map(anyEncoding).join(BREAK);
  const hex = characters.map((character) => hexadecimal(hexOf(character))).join(SEPARATOR);
  return new RegExp(`${encoded}|${hex}`, "g");
}

/**
 * Blots out every form of some texts, all of it or in part: plain, in base64 and base64url, in hexadecimal digits, encoded
 * for URLs, HTML, XML and JSON, in lines of any length.
 */
function redactor(secrets: readonly string[]): (text: string) => string {
  const texts = secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]);
  const forms = [...new Set(texts.flatMap((text) => [text, ...base64Forms(text)]))]
    .filter((form) => form.length >= SHORTEST_SECRET)
    .sort((a, b) => b.length - a.length)
    .map(formOf);
  if (forms.length === 0) return (text) => text;
  const isHeldIn = (text: string): boolean => {
    const plain = plainOf(text);
    const digits = (plain.match(HEX) ?? []).map((run) => run.toLowerCase().replace(/0?x|[^0-9a-z]/g, "")).join();
    return forms.some((form) => plain.includes(form.plain) || digits.includes(form.inHex));
  };
  // Made when a text first holds a secret: most runs of a program have none, and the patterns are long.
  let patterns: readonly RegExp[] | undefined;
  return (text) => {
    if (!isHeldIn(text)) return text;
    patterns ??= forms.map(anyway);
    const left = patterns.reduce((rest, pattern) => rest.replace(pattern, REDACTED), text);
    // Written in yet another way, all of it goes.
    return isHeldIn(left) ? REDACTED : left;
  };
}

/**
 * An API key by its shape, whoever's it is and whatever joins its parts: 18, 18 and 32 letters and digits. Nothing else that
 * people write into settings looks so.
 */
const KEY_SHAPE = /(?<![A-Za-z0-9])(?:[A-Za-z0-9]{18}(?:%3[aA]|[^A-Za-z0-9]{1,4})){2}[A-Za-z0-9]{32}(?![A-Za-z0-9])/g;

/** The text without what looks like an API key of MAAS: one that nobody has named as such, since it stands in the wrong place. */
export const withoutKeys = (text: string): string => text.replace(KEY_SHAPE, REDACTED);

/** Whether something in the text looks like an API key of MAAS. */
export const holdsKey = (text: string): boolean => withoutKeys(text) !== text;

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** The password in an address, which need not be a URL that anybody takes. */
function passwordIn(address: string): string[] {
  const [, password = ""] = /^(?:\w+:\/*)?[^/@:]*:(.*)@/.exec(address) ?? [];
  return password === "" ? [] : [password, decoded(password)];
}

/** The passwords that an environment has: of backends, and in the addresses of proxies and backends. */
export function passwordsOf(environment: NodeJS.ProcessEnv): string[] {
  return Object.entries(environment).flatMap(([name, value = ""]) => {
    if (name === "TF_HTTP_PASSWORD") return [value];
    return /^https?_proxy$|^TF_HTTP_(?:\w+_)?ADDRESS$/i.test(name) ? passwordIn(value) : [];
  });
}

/** What an environment has that nobody may be shown: the API key, and {@link passwordsOf}. */
export const secretsOf = (environment: NodeJS.ProcessEnv): string[] => [
  ...(environment.MAAS_API_KEY === undefined ? [] : [environment.MAAS_API_KEY]),
  ...passwordsOf(environment),
];

/** A key has three; what is pasted in its place may have some more. */
const MOST_PARTS = 10;

/** What blots API keys and passwords out of a text, also ones that nobody would take. Without any the text stays as it is. */
export function redactorOf(...secrets: readonly (string | undefined)[]): (text: string) => string {
  const wholes = secrets.map((secret) => secret?.trim() ?? "");
  const parts = wholes.flatMap((whole) => [whole, ...whole.split(":", MOST_PARTS)]);
  const all = parts.map((part) => part.slice(0, LONGEST_SECRET));
  return redactor([...new Set(all)].filter((secret) => secret.length >= SHORTEST_SECRET));
}
