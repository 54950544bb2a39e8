import { decode, encode, ExtData } from "@msgpack/msgpack";
import fc from "fast-check";
import { UNKNOWN, type Value } from "../../../lib/model/known";
import {
  InexactNumberError,
  decodeDynamicValue,
  decodeJson,
  encodeDynamicValue,
  type TypeExpression,
} from "../../../src/provider/rpc/dynamic-value";

const json = (text: string) => Buffer.from(text);
const roundTrip = (value: Value, type: TypeExpression): Value => {
  const { msgpack } = encodeDynamicValue(value, type);
  return decodeDynamicValue({ msgpack: msgpack!, json: new Uint8Array() }, type);
};
const decodeWire = (wire: unknown, type: TypeExpression) =>
  decodeDynamicValue({ msgpack: encode(wire, { useBigInt64: true }), json: new Uint8Array() }, type);

const name = fc.stringMatching(/^[a-z][a-z_]{0,8}$/);

const types: fc.Arbitrary<TypeExpression> = fc.letrec<{ type: TypeExpression }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom<TypeExpression>("string", "number", "bool"),
    fc.tuple(fc.constantFrom("list" as const, "set" as const, "map" as const), tie("type")),
    fc.tuple(fc.constant("object" as const), fc.dictionary(name, tie("type"), { maxKeys: 4, noNullPrototype: true })),
  ),
})).type;

const numbers = fc.oneof(
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }).map((number) => number || 0),
);

function valueOf(type: TypeExpression): fc.Arbitrary<Value> {
  const special = fc.constantFrom<Value>(null, UNKNOWN);
  return fc.oneof({ arbitrary: special, weight: 1 }, { arbitrary: known(type), weight: 4 });
}

function known(type: TypeExpression): fc.Arbitrary<Value> {
  if (type === "string") return fc.string({ unit: "grapheme" });
  if (type === "number") return numbers;
  if (type === "bool") return fc.boolean();
  if (type[0] === "map") return fc.dictionary(name, valueOf(type[1]), { maxKeys: 4, noNullPrototype: true });
  if (type[0] === "object") {
    return fc.record(Object.fromEntries(Object.entries(type[1]).map(([key, of]) => [key, valueOf(of)])), {
      noNullPrototype: true,
    });
  }
  return fc.array(valueOf(type[1]), { maxLength: 4 });
}

const typedValues = types.chain((type) => valueOf(type).map((value) => ({ type, value })));

function reversed(value: Value): Value {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== "object" || value === UNKNOWN) return value;
  return Object.fromEntries(
    Object.entries(value as Record<string, Value>)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  );
}

describe("a value that is encoded and decoded", () => {
  it("is the same, unknowns included, for every type", () => {
    fc.assert(fc.property(typedValues, ({ type, value }) => expect(roundTrip(value, type)).toStrictEqual(value)));
  });

  it("does not depend on the order of keys", () => {
    fc.assert(
      fc.property(typedValues, ({ type, value }) => expect(roundTrip(reversed(value), type)).toStrictEqual(value)),
    );
  });
});

describe("encoding", () => {
  const wire = (value: Value, type: TypeExpression) => decode(encodeDynamicValue(value, type).msgpack!);

  it("writes an unknown as Terraform does", () => {
    expect(Buffer.from(encodeDynamicValue(UNKNOWN, "string").msgpack!).toString("hex")).toBe("d40000");
  });

  it("writes whole numbers as integers, at any size that is exact", () => {
    expect(Buffer.from(encodeDynamicValue(4094, "number").msgpack!).toString("hex")).toBe("cd0ffe");
    expect(Buffer.from(encodeDynamicValue(2 ** 40, "number").msgpack!).toString("hex")).toBe("cf0000010000000000");
  });

  it("writes a fraction as decimal text, because Terraform's 0.1 is not the double 0.1", () => {
    expect(wire(0.1, "number")).toBe("0.1");
  });

  it("fills in attributes that are absent with null", () => {
    expect(wire({ cidr: "2001:db8::/64" }, ["object", { cidr: "string", name: "string" }])).toStrictEqual({
      cidr: "2001:db8::/64",
      name: null,
    });
  });

  it("names the path of an attribute that the type does not list", () => {
    expect(() =>
      encodeDynamicValue({ ranges: [{ begin: "x" }] }, ["object", { ranges: ["list", ["object", {}]] }]),
    ).toThrow("The value of ranges[0].begin is not in the schema.");
  });

  it("names the path and both types of a mismatch, and not the value", () => {
    const encoding = () => encodeDynamicValue({ key: { a: "secret" } }, ["object", { key: ["map", "number"] }]);
    expect(encoding).toThrow(new TypeError('The value of key["a"] must be a number, and is a string.'));
  });

  it.each([NaN, Infinity, 2 ** 53])("refuses %d", (number) => {
    expect(() => roundTrip(number, "number")).toThrow();
  });
});

describe("decoding", () => {
  it.each([0, 12])("takes extension %i for an unknown", (extension) => {
    expect(
      decodeWire({ id: new ExtData(extension, new Uint8Array([0x81, 1, 2])) }, ["object", { id: "string" }]),
    ).toStrictEqual({
      id: UNKNOWN,
    });
  });

  it.each([
    ["an integer", 64],
    ["a float", new Float64Array([64])[0]],
    ["a 64-bit integer", 64n],
    ["decimal text", "64"],
  ])("takes a number that is %s", (_, wire) => {
    expect(decodeWire(wire, "number")).toBe(64);
  });

  it.each([["9007199254740993"], [2n ** 60n], [-(2n ** 60n)], [1e300], ["1e400"]])(
    "refuses the number %s, which a double does not hold",
    (wire) => expect(() => decodeWire({ vid: wire }, ["object", { vid: "number" }])).toThrow(InexactNumberError),
  );

  it.each(["", "ten", true])("refuses %j for a number", (wire) => {
    expect(() => decodeWire(wire, "number")).toThrow(TypeError);
  });

  it("takes JSON", () => {
    const type: TypeExpression = ["object", { tags: ["set", "string"], vid: "number" }];
    expect(decodeDynamicValue({ msgpack: new Uint8Array(), json: json('{"vid":7,"tags":["a"]}') }, type)).toStrictEqual(
      {
        vid: 7,
        tags: ["a"],
      },
    );
  });

  it("drops attributes of another schema version and adds those it lacked", () => {
    expect(decodeJson(json('{"gone":1,"name":"x"}'), ["object", { name: "string", added: "bool" }])).toStrictEqual({
      name: "x",
      added: null,
    });
  });

  it("takes no value at all for null", () => {
    expect(decodeDynamicValue(undefined, "string")).toBeNull();
    expect(decodeDynamicValue({ msgpack: new Uint8Array(), json: new Uint8Array() }, "string")).toBeNull();
  });
});
