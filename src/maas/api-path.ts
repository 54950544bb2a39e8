/**
 * An API path with its dynamic parts percent-encoded: apiPath`subnets/${id}/`.
 *
 * @throws TypeError for a part that would change the path's shape: empty, `.` or `..`.
 */
export function apiPath(fixed: TemplateStringsArray, ...parts: readonly (string | number)[]): string {
  return fixed.reduce((path, text, index) => path + encodePart(parts[index - 1]) + text);
}

/** Like {@link apiPath}, from a template such as `subnets/cidr:{cidr}/`. */
export function pathOf(template: string, parts: Readonly<Record<string, string | undefined>>): string {
  return template
    .split("/")
    .map((segment) => (segment.includes("{") ? encodePart(filled(segment, parts)) : segment))
    .join("/");
}

/** A template with the parts in place of their names in braces. */
export const filled = (template: string, parts: Readonly<Record<string, string | undefined>>): string =>
  template.replace(/\{(\w+)\}/g, (_, name: string) => parts[name] ?? "");

function encodePart(part: string | number | undefined): string {
  const text = String(part ?? "");
  if (["", ".", ".."].includes(text)) throw new TypeError(`"${text}" cannot be a part of a MAAS API path`);
  return encodeURIComponent(text);
}
