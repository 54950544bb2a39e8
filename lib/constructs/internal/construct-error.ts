import type { IConstruct } from "../../cdk";
import type { Diagnostic } from "../../model/diagnostic";
import type { Kind } from "../../model/kind";
import { propertyOf } from "../../model/construct-view";
import { printable } from "../../model/printable";

/** A construct whose literal properties MAAS would refuse. The message names every one of them, why, and the fix. */
export class ConstructError extends Error {
  override readonly name = "MaasConstructError";

  constructor(
    /** Path of the construct in the app. */
    readonly path: string,
    title: string,
    readonly diagnostics: readonly Diagnostic[],
  ) {
    const lines = diagnostics.map(({ attribute, summary, detail }) =>
      [...(attribute === undefined ? [] : [`${attribute}: `]), `${summary}. ${detail}`].join(""),
    );
    super(printable(`[${path}] this ${title} can't be right:\n${lines.map((line) => `  - ${line}`).join("\n")}`));
  }
}

/** @throws ConstructError with all diagnostics, unless there are none. @param title what the construct is, for its message */
export function refuseConstruct(construct: IConstruct, title: string, diagnostics: readonly Diagnostic[]): void {
  if (diagnostics.length > 0) throw new ConstructError(construct.node.path, title, diagnostics);
}

/** The diagnostic in the words of the construct: `gatewayIp` where the field table says `gateway_ip`. */
function inPropertyNames(kind: Kind, diagnostic: Diagnostic): Diagnostic {
  const renamed = kind.fields
    .map((field) => ({ from: field.name, to: propertyOf(kind, field) }))
    .filter(({ from, to }) => from !== to);
  const rename = (text: string) =>
    renamed.reduce((result, { from, to }) => result.replace(new RegExp(`\\b${from}\\b`, "g"), to), text);
  const { attribute, summary, detail } = diagnostic;
  return {
    ...diagnostic,
    ...(attribute === undefined ? {} : { attribute: rename(attribute) }),
    summary: rename(summary),
    detail: rename(detail),
  };
}

/** The same for an object of a kind, in the words of its construct. */
export function refuse(
  construct: IConstruct,
  kind: Kind,
  diagnostics: readonly Diagnostic[],
  title = kind.title,
): void {
  const shown = diagnostics.map((diagnostic) => inPropertyNames(kind, diagnostic));
  refuseConstruct(construct, title, shown);
}
