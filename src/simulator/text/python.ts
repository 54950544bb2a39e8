import { readDigits } from "../../../lib/model/text";

/** An integer as Python's `int(text)` reads it: digits of any script, surrounding blanks, a sign, no fraction. */
export function readInteger(text: string): number | undefined {
  const [, sign, digits = ""] = /^\s*([+-]?)(\p{Nd}+)\s*$/u.exec(text) ?? [];
  const number = readDigits(digits);
  return sign === "-" && number !== undefined ? -number : number;
}

/** MAAS's reading of ids in paths and specifiers: decimal, or `0x`/`0b` prefixed. */
export function readAnyInteger(text: string): number | undefined {
  const bare = text.trim().toLowerCase();
  if (/^0x[0-9a-f]+$/.test(bare) || /^0b[01]+$/.test(bare)) return Number(bare);
  return readInteger(bare);
}

/** A share as `{:.0%}` shows it: rounded half to even, as Python does. */
export function showPercent(share: number): string {
  const percent = share * 100;
  const floor = Math.floor(percent);
  const rest = percent - floor;
  const up = rest > 0.5 || (rest === 0.5 && floor % 2 === 1);
  return `${up ? floor + 1 : floor}%`;
}

/** Truth as formencode's StringBool reads it; undefined for other text. */
export function readStringBool(text: string): boolean | undefined {
  const bare = text.trim().toLowerCase();
  if (["true", "t", "yes", "y", "on", "1"].includes(bare)) return true;
  if (["false", "f", "no", "n", "off", "0"].includes(bare)) return false;
  return undefined;
}
