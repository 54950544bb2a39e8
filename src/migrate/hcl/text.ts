import { toTemplate } from "../../../lib/model/expression";

/** The escapes of JSON that HCL does not have. */
const CODES: Readonly<Record<string, string>> = { b: "\\u0008", f: "\\u000c" };

/** A text in quotes that Terraform reads as this text: `${` and `%{` begin nothing in it. */
export const hclText = (text: string): string =>
  JSON.stringify(toTemplate(text)).replace(/\\(.)/g, (escape, letter: string) => CODES[letter] ?? escape);

/** The index of an instance after its address: `[0]`, `["a"]`. */
export const hclIndex = (index: string | number | undefined): string =>
  index === undefined ? "" : `[${typeof index === "number" ? index : hclText(index)}]`;
