import { badRequest } from "../errors";
import type { Params } from "../params";
import { readStringBool } from "../text/python";

/** A boolean parameter of an operation. @throws MaasError for text that is no boolean */
export function flag(params: Params, name: string, missing: boolean): boolean {
  const given = params.text(name);
  if (given === undefined) return missing;
  const value = readStringBool(given);
  if (value === undefined) throw badRequest(`Invalid ${name}: Value should be 'true' or 'false'`);
  return value;
}

/** A parameter that must be there. @throws MaasError */
export function mandatory(params: Params, name: string): string {
  const given = params.text(name);
  if (given === undefined) throw badRequest(`No provided ${name}!`);
  return given;
}
