import { Invalid } from "../model/errors";
import { checkLength } from "../model/fields";
import { type Form, isTaken } from "../model/form";
import type { Row } from "../model/table";

const NAME = /^[\p{L}\p{N}_-]+$/u;

/** What MAAS's models take for names of VLANs, fabric classes and the like. @throws Invalid */
export function checkModelName(value: unknown): unknown {
  if (typeof value !== "string") return value;
  if (!/^[\p{L}\p{N}_][ \p{L}\p{N}_-]*$/u.test(value)) throw Invalid.whole("Enter a valid value.");
  checkLength(value, 256);
  return value;
}

/** The check of a fabric's or a space's name: letters, digits, dashes. */
export const checkNameOf =
  (kind: "fabric" | "space") =>
  (value: unknown): unknown => {
    if (typeof value !== "string") return value;
    if (!NAME.test(value)) throw Invalid.whole(`Invalid ${kind} name: ${value}.`);
    checkLength(value, 256);
    return value;
  };

/** `<kind>-<number>` belongs to the object of that id. @throws Invalid */
export function refuseReservedName<R extends Row & { name: string | null }>(
  { draft: { name, id } }: Form<R>,
  kind: "fabric" | "space",
): void {
  if (!name) return;
  const isReserved = new RegExp(`^${kind}-\\p{Nd}+$`, "u").test(name) || (kind === "space" && name === "undefined");
  if (isReserved && name !== `${kind}-${id}`) throw Invalid.field("name", `Reserved ${kind} name.`);
}

/** The field and the message for a name that another row has already. */
export function uniqueName<R extends Row & { name: string | null }>(
  form: Form<R>,
  except: ReadonlySet<string>,
): readonly [string, string] | undefined {
  const { name } = form.draft;
  if (!name || except.has("name")) return undefined;
  const others = form.table.by("name", name);
  return isTaken(form, others) ? ["name", `${form.table.resource.model} with this Name already exists.`] : undefined;
}

/** The check of each label that MAAS's column type of DNS names makes. @throws Invalid */
export function checkDomainLabels(name: string): void {
  if (name.length > 255) throw Invalid.whole("Hostname is too long.  Maximum allowed is 255 characters.");
  for (const label of name.split(".")) {
    if (label.length === 0) throw Invalid.whole("DNS name contains an empty label.");
    if (label.length > 63) {
      throw Invalid.whole(`Label is too long: '${label}'.  Maximum allowed is 63 characters.`);
    }
    if (/^-|-$/.test(label)) throw Invalid.whole(`Label cannot start or end with hyphen: '${label}'.`);
    if (/[^a-zA-Z0-9-]/.test(label)) throw Invalid.whole(`Label contains disallowed characters: '${label}'.`);
  }
}
