import { isDeepStrictEqual } from "node:util";
import type { Kind } from "../../../lib/model/kind";
import { findField } from "../../../lib/model/kinds";
import { type Attributes, isKnown } from "../../../lib/model/known";
import { fault, type Problem, text } from "../../../lib/model/problem";
import { canonical } from "../../../lib/model/spelling";
import { beforeKey, textOf } from "../../../lib/model/text";
import type { PlannedObject } from "../planned/planned-objects";
import { tryResolve } from "../references/lookups";
import type { Region } from "../region/region";
import type { Checked } from "./checked";

/** A natural key in one of its forms, with ids in place of references. */
interface Identity {
  readonly key: string;
  readonly shown: string;
  /** The attribute that tells such objects of one owner apart. */
  readonly attribute: string;
}

/** The value of a part of a key in its one spelling; undefined = it is not known, or not set. */
async function partOf(region: Region, kind: Kind, name: string, attributes: Attributes): Promise<string | undefined> {
  const field = findField(kind, name);
  const value = attributes[field.name] ?? null;
  if (value === null || !isKnown(value) || (typeof value !== "string" && typeof value !== "number")) return undefined;
  const spelled = textOf(canonical(field, value));
  if (field.references === undefined || /^\d+$/.test(spelled)) return spelled;
  return (await tryResolve(region, field.references, spelled)) ?? spelled;
}

/** The natural key in each form of which all parts are known. */
async function identitiesOf(region: Region, kind: Kind, attributes: Attributes): Promise<Identity[]> {
  const identities = kind.key.forms.map(async (form): Promise<Identity[]> => {
    const written = typeof form === "string" ? form : form.text;
    const names = [...written.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
    const parts = await Promise.all(names.map((name) => partOf(region, kind, name, attributes)));
    if (parts.includes(undefined)) return [];
    const shown = names.reduce(
      (text, name) => text.replace(`{${name}}`, textOf(attributes[name as never] ?? "")),
      written,
    );
    return [{ key: JSON.stringify([kind.name, written, ...parts]), shown, attribute: names.at(-1) ?? "" }];
  });
  return (await Promise.all(identities)).flat();
}

/**
 * That another object which this run is to create is the same one. Terraform plans an object that it is told to replace
 * twice, as it is and as one to be made, so that only two that are to be made, of different values, are two.
 */
export async function madeTwice({ region, kind, prior, own, planned: run }: Checked): Promise<Problem[]> {
  if (prior !== undefined || kind.sharesKey === true || kind.mayRepeat === true) return [];
  const identities = await identitiesOf(region, kind, own.attributes ?? {});
  // Nothing tells one that is planned again, as it was, from another one of the same values.
  const isOther = ({ attributes }: PlannedObject): boolean => !isDeepStrictEqual(attributes, own.attributes);
  const twice = identities
    .map((one) => ({ ...one, holder: run.claim(one.key, own) }))
    .find(({ holder }) => isOther(holder));
  if (twice === undefined) return [];
  const what = text`another ${kind.type} of this run is the ${beforeKey(kind.title)} ${twice.shown} too`;
  const why = `MAAS has one ${kind.title} for ${kind.key.words}, so that both would manage the same object, and each apply would undo what the other has done.`;
  const fix = `Drop one of the two, and refer to the other wherever it is used.`;
  return [fault("MAAS-CON-07", twice.attribute, { what, why, fix })];
}
