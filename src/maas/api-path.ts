/**
 * An API path with its dynamic parts percent-encoded: apiPath`subnets/${id}/`.
 *
 * @throws TypeError for a part that would change the path's shape: empty, `.` or `..`.
 */
export function apiPath(fixed: TemplateStringsArray, ...parts: readonly (string | number)[]): string {
  return fixed.reduce((path, text, index) => path + encodePart(parts[index - 1]) + text);
}

function encodePart(part: string | number | undefined): string {
  const text = String(part ?? "");
  if (["", ".", ".."].includes(text)) throw new TypeError(`"${text}" cannot be a part of a MAAS API path`);
  return encodeURIComponent(text);
}
