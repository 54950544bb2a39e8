import { findField, isManaged, KINDS } from "../../../lib/model/kinds";
import type { Field } from "../../../lib/model/field";

const everyField: [string, Field][] = Object.values(KINDS).flatMap((kind) =>
  kind.fields.map((field): [string, Field] => [`${kind.type}.${field.name}`, field]),
);

describe("the field table", () => {
  it.each(Object.values(KINDS))("names each attribute of $type once", ({ fields }) => {
    const names = fields.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).not.toContain("id");
  });

  it.each(everyField)("%s has a source, a documentation and a name in snake case", (_, field) => {
    expect(field.source).toMatch(/\d+\.\d+/);
    expect(field.doc.length).toBeGreaterThanOrEqual(10);
    expect(field.name).toMatch(/^[a-z][a-z_]*$/);
  });

  it.each(everyField)("%s can be read back, or is optional and says so", (_, field) => {
    if (field.jsonPath === undefined && field.presence === "computed")
      expect(["ip_addresses", "subnets"]).toContain(field.name);
    if (field.jsonPath === undefined && field.presence === "optional" && field.default === undefined) {
      expect(field.doc).toMatch(/never returns/);
    }
  });

  const computed = Object.values(KINDS)
    .filter(isManaged)
    .flatMap((kind) =>
      kind.fields
        .filter(({ presence }) => presence === "computed")
        .map((field) => [`${kind.type}.${field.name}`, kind, field] as const),
    );

  it.each(computed)("%s is computed, and follows from fields that there are", (_, kind, { follows }) => {
    for (const source of follows ?? ["(says what it follows from)"]) {
      const [name = "", attribute] = source.split(".");
      const { references } = findField(kind, name);
      if (attribute !== undefined)
        expect(KINDS[references ?? "machine"].fields.map((field) => field.name)).toContain(attribute);
    }
  });

  it.each(everyField)("%s has a default only where the user may be silent", (_, field) => {
    if (field.default !== undefined) expect(field.presence).toBe("optional");
    if (field.follows !== undefined) expect(field.presence).not.toBe("required");
  });
});
