import * as z from "zod/mini";
import type { ObjectJson } from "./codec";
import { MaasDecodeError, type MaasRequest } from "./errors";

// Checks the form of what MAAS answers, or of what stands between answers in its place. It looks at no row's inside, which
// differs by release: the codec reads that field by field.

const ROW = z.custom<ObjectJson>((value) => typeof value === "object" && value !== null && !Array.isArray(value));
const ROWS = z.array(ROW);
const ANSWER = z.union([ROW, ROWS]);

/** Whether the JSON of a success is an object or a list of objects, as every answer of the API is. */
export const isAnswer = (json: unknown): boolean => ANSWER.safeParse(json).success;

/** The list that a GET of this path was answered with. @throws MaasDecodeError when it is none */
export function rowsAnswered(path: string, answer: unknown): readonly ObjectJson[] {
  const { success, data } = ROWS.safeParse(answer);
  if (success) return data;
  const request: MaasRequest = { method: "GET", path, url: path };
  throw new MaasDecodeError(
    request,
    `GET ${path} was answered with something that is not from the MAAS API: it is not a list of objects.`,
    "check that api_url is the region itself, and not a log-in page or a proxy before it.",
  );
}
