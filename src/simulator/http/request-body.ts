import { MaasError } from "../model/errors";
import { Params } from "../api/params";

/**
 * Reads a body as MAAS does: url-encoded, multipart (MAAS's own client sends each part in base64) or JSON.
 * @throws MaasError 400 for a JSON body that is no object
 */
export async function readBody(contentType: string | undefined, body: Buffer | undefined): Promise<Params> {
  if (body === undefined || body.length === 0) return new Params();
  const type = (contentType ?? "").split(";")[0]?.trim().toLowerCase();
  if (type === "application/json") return readJson(body.toString());
  if (type === "multipart/form-data") return readMultipart(contentType ?? "", body);
  if (type === "application/x-www-form-urlencoded") return Params.of(new URLSearchParams(body.toString()));
  return new Params();
}

function readJson(text: string): Params {
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === "object" && !Array.isArray(value)) {
      return Params.fromObject(value as Record<string, unknown>);
    }
  } catch {
    // Fall through: MAAS answers unreadable JSON like any other bad request.
  }
  throw new MaasError(400, "text/plain", "Bad Request");
}

async function readMultipart(contentType: string, body: Buffer): Promise<Params> {
  try {
    const form = await new Response(body, { headers: { "content-type": contentType } }).formData();
    const params = new Params();
    for (const [name, value] of form) params.append(name, typeof value === "string" ? value : await value.text());
    return params;
  } catch {
    throw new MaasError(400, "text/plain", "Bad Request");
  }
}
