import { create, type DescField, type DescMessage, fromBinary, toBinary, ScalarType } from "@bufbuild/protobuf";
import fc from "fast-check";
import { file_tfplugin6, Provider } from "../../../src/provider/protocol/tfplugin6_pb";
import { RPCS, SERVICE } from "../../../src/provider/protocol/messages";
import { decodeMessage, encodeMessage, type MessageName } from "../../../src/provider/rpc/codec";

const withNested = (message: DescMessage): DescMessage[] => [message, ...message.nestedMessages.flatMap(withNested)];
const messages = file_tfplugin6.messages
  .flatMap(withNested)
  .map((message) => [message.typeName.replace("tfplugin6.", "") as MessageName, message] as const);

function scalar(type: ScalarType): fc.Arbitrary<unknown> {
  if (type === ScalarType.STRING) return fc.string({ unit: "binary", maxLength: 200 });
  if (type === ScalarType.BYTES) return fc.uint8Array({ maxLength: 300 });
  if (type === ScalarType.BOOL) return fc.boolean();
  return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
}

function valueOf(field: DescField, depth: number): fc.Arbitrary<unknown> {
  const message = (of: DescMessage): fc.Arbitrary<unknown> => messageOf(of, depth + 1);
  switch (field.fieldKind) {
    case "scalar":
      return scalar(field.scalar);
    case "enum":
      return fc.constantFrom(...field.enum.values.map(({ number }) => number));
    case "message":
      return message(field.message);
    case "list":
      return fc.array(field.message ? message(field.message) : fc.string(), { maxLength: 3 });
    case "map":
      return fc.dictionary(fc.string(), field.message ? message(field.message) : fc.string(), {
        maxKeys: 3,
        noNullPrototype: true,
      });
  }
}

/** Any content of a message, with some fields left out. */
function messageOf({ members }: DescMessage, depth = 0): fc.Arbitrary<Record<string, unknown>> {
  const own = members.filter((member) => depth < 4 || (member.kind === "field" && member.fieldKind === "scalar"));
  const entries = own.map((member) => [
    member.localName,
    member.kind === "field"
      ? valueOf(member, depth)
      : fc.oneof(
          ...member.fields.map((field) =>
            valueOf(field, depth).map((value) => ({ case: field.localName, value }) as const),
          ),
        ),
  ]);
  return fc.record(Object.fromEntries(entries) as Record<string, fc.Arbitrary<unknown>>, {
    requiredKeys: [],
    noNullPrototype: true,
  });
}

/** Without the names of types, which only protobuf-es gives. */
const plain = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, of]) => name !== "$typeName" && of !== undefined)
      .map(([name, of]) => [name, plain(of)]),
  );
};

test.each(messages)("%s of any content is written and read as protobuf-es does", (name, schema) => {
  fc.assert(
    fc.property(messageOf(schema), (content) => {
      const bytes = toBinary(schema, create(schema, content));
      expect(Buffer.from(encodeMessage(name, content)).toString("hex")).toBe(Buffer.from(bytes).toString("hex"));
      expect(plain(decodeMessage(name, bytes))).toEqual(plain(fromBinary(schema, bytes)));
    }),
    { numRuns: 40 },
  );
});

test("fields of a later Terraform are passed over, and a message that is cut off is refused", () => {
  const later = Uint8Array.from([0x0a, 1, 0x61, 0xfa, 0x01, 2, 1, 2, 0xf8, 0x02, 7]);
  expect(decodeMessage("StopProvider.Response", later)).toEqual({ error: "a" });
  expect(() => decodeMessage("StopProvider.Response", Uint8Array.from([0x0a, 9, 0x61]))).toThrow(RangeError);
  expect(() => decodeMessage("ReadResource.Request", Uint8Array.from([0x12, 1, 0x0a, 1, 0x61]))).toThrow(RangeError);
});

test("the table has the RPCs of the service", () => {
  expect(SERVICE).toBe(Provider.typeName);
  expect(RPCS.map(({ name }) => name)).toEqual(Provider.methods.map(({ name }) => name));
});
