import { asText, type ParamValue } from "../api/params";
import { readAddress, showAddress } from "../text/addresses";
import { readInteger } from "../text/python";
import { Invalid } from "./errors";
import { idIn, match } from "./specifier";
import type { Region } from "./store";
import type { Row, Table } from "./table";

export const REQUIRED = "This field is required.";
const NO_CHOICE = "Select a valid choice. That choice is not one of the available choices.";

/** Reads one parameter as Django's form field of the same name does. */
export interface FormField {
  readonly required: boolean;
  /** What a seed gives for it. */
  readonly type: "text" | "integer" | "boolean" | "list" | "reference";
  /** A missing checkbox counts as given (false), so its model default is never taken. */
  readonly isCheckbox?: boolean;
  /**
   * @param live the object that is edited; undefined for a new one
   * @throws Invalid with the messages for this field
   */
  clean(value: ParamValue, region: Region, live?: Row): unknown;
}

export const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === "" ||
  (Array.isArray(value) && value.length === 0) ||
  (value?.constructor === Object && Object.keys(value).length === 0);

function requireValue(required: boolean, value: unknown): void {
  if (required && isEmpty(value)) throw Invalid.whole(REQUIRED);
}

export interface TextOptions {
  readonly required?: boolean;
  readonly maxLength?: number;
  /** What an empty text becomes: null for nullable columns. */
  readonly empty?: "" | null;
}

/** A CharField: trimmed text. */
export function text({ required = false, maxLength, empty = "" }: TextOptions = {}): FormField {
  return {
    required,
    type: "text",
    clean(value) {
      const bare = isEmpty(value) ? empty : asText(value).trim();
      const cleaned = bare === "" ? empty : bare;
      requireValue(required, cleaned);
      if (cleaned !== null) checkLength(cleaned, maxLength);
      return cleaned;
    },
  };
}

export function checkLength(value: string, maxLength: number | undefined): void {
  const length = [...value].length;
  if (maxLength !== undefined && length > maxLength) {
    throw Invalid.whole(`Ensure this value has at most ${maxLength} characters (it has ${length}).`);
  }
}

export interface IntegerOptions {
  readonly required?: boolean;
  readonly min?: number;
  readonly max?: number;
}

/** An IntegerField; empty is null. */
export function integer({ required = false, min, max }: IntegerOptions = {}): FormField {
  return {
    required,
    type: "integer",
    clean(value) {
      requireValue(required, value);
      if (isEmpty(value)) return null;
      const number = readInteger(asText(value).replace(/\.0*\s*$/, ""));
      if (number === undefined) throw Invalid.whole("Enter a whole number.");
      checkLimits(number, min, max);
      return number;
    },
  };
}

export function checkLimits(number: number, min: number | undefined, max: number | undefined): void {
  if (max !== undefined && number > max) throw Invalid.whole(`Ensure this value is less than or equal to ${max}.`);
  if (min !== undefined && number < min) throw Invalid.whole(`Ensure this value is greater than or equal to ${min}.`);
}

/** A BooleanField with its checkbox: only `false` in any case, and empty text, are false; missing is false too. */
export const checkbox: FormField = {
  required: false,
  type: "boolean",
  isCheckbox: true,
  clean: (value) => (typeof value === "string" ? value !== "" && value.toLowerCase() !== "false" : Boolean(value)),
};

/** A NullBooleanField: what it does not know is null. */
export const nullBoolean: FormField = {
  required: false,
  type: "boolean",
  clean(value) {
    if (value === true || value === "True" || value === "true" || value === "2") return true;
    if (value === false || value === "False" || value === "false" || value === "3") return false;
    return null;
  },
};

export interface ChoiceOptions {
  readonly required?: boolean;
  readonly choices: readonly string[];
  readonly ignoreCase?: boolean;
  readonly message?: (value: string) => string;
  /** What a seed gives for it; text by default. */
  readonly type?: FormField["type"];
}

/** A ChoiceField; empty is the empty text. */
export function choice(options: ChoiceOptions): FormField {
  const { required = false, choices, ignoreCase = false, message, type = "text" } = options;
  return {
    required,
    type,
    clean(value) {
      requireValue(required, value);
      if (isEmpty(value)) return "";
      const chosen = ignoreCase ? asText(value).toLowerCase() : asText(value);
      if (choices.includes(chosen)) return chosen;
      throw Invalid.whole(message?.(chosen) ?? `Select a valid choice. ${chosen} is not one of the available choices.`);
    },
  };
}

/** A GenericIPAddressField: the address in MAAS's spelling; empty is the empty text. */
export function ipAddress(required = false): FormField {
  return {
    required,
    type: "text",
    clean(value) {
      const bare = isEmpty(value) ? "" : asText(value).trim();
      requireValue(required, bare);
      if (bare === "") return "";
      return cleanIpAddress(bare);
    },
  };
}

/** @throws Invalid for text that is no address. */
export function cleanIpAddress(bare: string): string {
  const address = readAddress(bare);
  if (address !== undefined) return showAddress(address);
  throw Invalid.whole(bare.includes(":") ? "This is not a valid IPv6 address." : "Enter a valid IPv4 or IPv6 address.");
}

/** A SimpleArrayField of texts: one value, split at commas; a list as it is. */
export const textArray: FormField = {
  required: false,
  type: "list",
  clean(value) {
    if (isEmpty(value)) return [];
    const items = Array.isArray(value) ? (value as ParamValue[]).map(asText) : asText(value).split(",");
    const cleaned = items.map((item) => item.trim());
    const messages = cleaned
      .map((item, at) => (item === "" ? `Item ${at + 1} in the array did not validate: ${REQUIRED}` : undefined))
      .filter((message) => message !== undefined);
    if (messages.length > 0) throw Invalid.whole(...messages);
    return cleaned;
  },
};

const SPELLINGS_OF_MAC = [
  /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i,
  /^([0-9a-f]{2}-){5}[0-9a-f]{2}$/i,
  /^([0-9a-f]{4}\.){2}[0-9a-f]{4}$/i,
];

/** A MAC address in lower case with colons; empty is null. `required` fields say so only where MAAS's own check does. */
export function macAddress({ required = false, emptyText = false } = {}): FormField {
  return {
    required,
    type: "text",
    clean(value) {
      const bare = isEmpty(value) ? "" : asText(value).trim();
      if (bare === "") {
        if (required && !emptyText) throw Invalid.whole(REQUIRED);
        return emptyText ? "" : null;
      }
      return normaliseMac(bare);
    },
  };
}

/** @throws Invalid for text that is not a MAC address */
export function normaliseMac(text: string): string {
  if (!SPELLINGS_OF_MAC.some((spelling) => spelling.test(text))) {
    throw Invalid.whole(`'${text}' is not a valid MAC address.`);
  }
  const digits = text.toLowerCase().replace(/[^0-9a-f]/g, "");
  return (digits.match(/../g) ?? []).join(":");
}

export interface ReferenceOptions {
  readonly required?: boolean;
  /** Which rows may be chosen; all by default. */
  readonly isOffered?: (row: Row, live: Row | undefined) => boolean;
}

const choicesOf = (region: Region, table: string, live: Row | undefined, isOffered: ReferenceOptions["isOffered"]) => {
  const rows = region.store.table(table);
  const offered = (row: Row | undefined) => (row !== undefined && isOffered?.(row, live) !== false ? row : undefined);
  return { rows, get: (id: number) => offered(rows.get(id)), offered };
};

/** A ModelChoiceField: a row of the table by its id; empty is null. */
export function byId(table: string, { required = false, isOffered }: ReferenceOptions = {}): FormField {
  return {
    required,
    type: "reference",
    clean(value, region, live) {
      requireValue(required, value);
      if (isEmpty(value)) return null;
      const found = findById(choicesOf(region, table, live, isOffered).get, value);
      if (found === undefined) throw Invalid.whole(NO_CHOICE);
      return found;
    },
  };
}

/** A SpecifierOrModelChoiceField: a row of the table by its id, or by MAAS's specifier text. */
export function bySpecifier(table: string, { required = false, isOffered }: ReferenceOptions = {}): FormField {
  return {
    required,
    type: "reference",
    clean(value, region, live) {
      requireValue(required, value);
      if (isEmpty(value)) return null;
      const { rows, get, offered } = choicesOf(region, table, live, isOffered);
      const found = findById(get, value);
      if (found !== undefined) return found;
      if (typeof value !== "string") throw Invalid.whole(NO_CHOICE);
      const id = idIn(rows, value);
      if (id === undefined) {
        const matches = match(region.store, rows, value).filter(offered);
        if (matches.length === 1) return matches[0];
        throw Invalid.whole(NO_CHOICE);
      }
      const byIdInText = get(id);
      if (byIdInText === undefined) throw Invalid.whole(`None found with id=${value}.`);
      return byIdInText;
    },
  };
}

/** A row of the table by a column that is unique, such as a username; empty is null. */
export function byColumn(table: string, column: string): FormField {
  return {
    required: false,
    type: "reference",
    clean(value, { store }) {
      if (isEmpty(value)) return null;
      const found = (store.table(table) as unknown as Table<Row & Record<string, string>>).by(column, asText(value))[0];
      if (found === undefined) throw Invalid.whole(NO_CHOICE);
      return found;
    },
  };
}

function findById(find: (id: number) => Row | undefined, value: ParamValue): Row | undefined {
  const id = typeof value === "number" ? value : typeof value === "string" ? readInteger(value) : undefined;
  return id === undefined ? undefined : find(id);
}
