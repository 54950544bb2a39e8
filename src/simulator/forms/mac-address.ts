import { asText } from "../params";
import { type FormField, isEmpty, REQUIRED } from "./fields";
import { Invalid } from "./invalid";

const SPELLINGS = [
  /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i,
  /^([0-9a-f]{2}-){5}[0-9a-f]{2}$/i,
  /^([0-9a-f]{4}\.){2}[0-9a-f]{4}$/i,
];

/** A MAC address in lower case with colons; empty is null. `required` fields say so only where MAAS's own check does. */
export function macAddress({ required = false, emptyText = false } = {}): FormField {
  return {
    required,
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

/** @throws Invalid for text that is no MAC address */
export function normaliseMac(text: string): string {
  if (!SPELLINGS.some((spelling) => spelling.test(text))) {
    throw Invalid.whole(`'${text}' is not a valid MAC address.`);
  }
  const digits = text.toLowerCase().replace(/[^0-9a-f]/g, "");
  return (digits.match(/../g) ?? []).join(":");
}
