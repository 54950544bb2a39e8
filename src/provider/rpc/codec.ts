import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { MESSAGES } from "../protocol/messages";

// Messages as protobuf-es has them, by a table in place of its descriptors: these take a quarter of the CPU of a start to read,
// and Terraform starts the plugin three to five times for a command.

/** A message of Terraform's protocol, by its name without the package: `ReadResource.Request`. */
export type MessageName = keyof typeof MESSAGES;

/** A field of a message. */
interface Field {
  readonly no: number;
  readonly name: string;
  readonly type: "string" | "bytes" | "bool" | "int64" | "enum" | "message";
  /** Of a field, or of the values of a map, that are messages. */
  readonly message?: MessageName;
  /** Maps have text as keys. */
  readonly as?: "list" | "map";
  /** The member of the message that holds this field or another one: `{ case: "attributeName", value: "cidr" }`. */
  readonly oneof?: string;
}

type Message = Record<string, unknown>;

/** A message as it is read and written. */
interface Shape {
  readonly fields: readonly Field[];
  readonly byNumber: readonly (Field | undefined)[];
  /** The message that mentions no field, without its lists and maps. */
  readonly empty: Message;
  readonly collections: readonly Field[];
}

const shapes = new Map<MessageName, Shape>();

function shapeOf(name: MessageName): Shape {
  let shape = shapes.get(name);
  if (shape === undefined) shapes.set(name, (shape = shapeWith(MESSAGES[name])));
  return shape;
}

function shapeWith(fields: readonly Field[]): Shape {
  const byNumber: Field[] = [];
  for (const field of fields) byNumber[field.no] = field;
  const single = fields.filter(({ as }) => as === undefined);
  const empty = single.map((field) =>
    field.oneof === undefined ? [field.name, absent(field)] : [field.oneof, { case: undefined }],
  );
  return {
    ...{ fields, byNumber, empty: Object.fromEntries(empty) as Message },
    collections: fields.filter(({ as }) => as !== undefined),
  };
}

const NO_BYTES = new Uint8Array();

/** What a field is that a message does not mention. */
function absent({ type }: Field): unknown {
  switch (type) {
    case "string":
      return "";
    case "bytes":
      return NO_BYTES;
    case "bool":
      return false;
    case "int64":
      return 0n;
    case "enum":
      return 0;
    case "message":
      return undefined;
  }
}

function readValue(reader: BinaryReader, { type, message }: Field): unknown {
  switch (type) {
    case "string":
      return reader.string();
    case "bytes":
      return reader.bytes();
    case "bool":
      return reader.bool();
    case "int64":
      return BigInt(reader.int64());
    case "enum":
      return reader.int32();
    case "message": {
      const length = reader.uint32();
      return message && readFields(reader, shapeOf(message), reader.pos + length);
    }
  }
}

/** One entry of a map is a message: its key is field 1, its value field 2. */
function readEntry(reader: BinaryReader, field: Field): readonly [string, unknown] {
  const { type, message } = field;
  const value = { no: 2, name: "value", type, ...(message && { message }) } as const;
  const shape = shapeWith([{ no: 1, name: "key", type: "string" }, value]);
  const length = reader.uint32();
  const entry = readFields(reader, shape, reader.pos + length);
  return [entry.key as string, entry.value];
}

function readFields(reader: BinaryReader, { byNumber, empty, collections }: Shape, end: number): Message {
  const read = { ...empty };
  for (const { name, as } of collections) read[name] = as === "list" ? [] : {};
  while (reader.pos < end) {
    const [no, wireType] = reader.tag();
    const field = byNumber[no];
    if (field === undefined) reader.skip(wireType, no);
    else if (field.oneof !== undefined) read[field.oneof] = { case: field.name, value: readValue(reader, field) };
    else if (field.as === "list") (read[field.name] as unknown[]).push(readValue(reader, field));
    else if (field.as === "map")
      Object.assign(read[field.name] as Message, Object.fromEntries([readEntry(reader, field)]));
    else read[field.name] = readValue(reader, field);
  }
  if (reader.pos > end) throw new RangeError("a part of the message is longer than the whole");
  return read;
}

/** The message in these bytes. Fields that it doesn't mention have their defaults, and unknown ones are left out. */
export function decodeMessage(name: MessageName, bytes: Uint8Array): Message {
  const reader = new BinaryReader(bytes);
  return readFields(reader, shapeOf(name), reader.len);
}

function writeValue(writer: BinaryWriter, { no, type, message }: Field, value: unknown): void {
  switch (type) {
    case "string":
      writer.tag(no, WireType.LengthDelimited).string(value as string);
      break;
    case "bytes":
      writer.tag(no, WireType.LengthDelimited).bytes(value as Uint8Array);
      break;
    case "bool":
      writer.tag(no, WireType.Varint).bool(value as boolean);
      break;
    case "int64":
      writer.tag(no, WireType.Varint).int64(value as bigint);
      break;
    case "enum":
      writer.tag(no, WireType.Varint).int32(value as number);
      break;
    case "message":
      writer.tag(no, WireType.LengthDelimited).fork();
      if (message !== undefined) writeFields(writer, MESSAGES[message], value as Message);
      writer.join();
  }
}

function writeFields(writer: BinaryWriter, fields: readonly Field[], message: Message): void {
  for (const field of fields) {
    const value = message[field.oneof ?? field.name];
    if (value === undefined) continue;
    if (field.oneof !== undefined) {
      const { case: chosen, value: own } = value as { readonly case?: string; readonly value?: unknown };
      if (chosen === field.name) writeValue(writer, field, own);
    } else if (field.as === "list") for (const item of value as readonly unknown[]) writeValue(writer, field, item);
    else if (field.as === "map")
      for (const [key, of] of Object.entries(value as Message)) {
        writer.tag(field.no, WireType.LengthDelimited).fork().tag(1, WireType.LengthDelimited).string(key);
        writeValue(writer, { ...field, no: 2 }, of);
        writer.join();
      }
    else if (!isAbsent(value)) writeValue(writer, field, value);
  }
}

/** Whether a field has the value that it has where it isn't mentioned. */
const isAbsent = (value: unknown): boolean =>
  value === "" || value === false || value === 0 || value === 0n || (value instanceof Uint8Array && value.length === 0);

/** The message as bytes. Fields that are absent are left out, as those that have their defaults are. */
export function encodeMessage(name: MessageName, message: object): Uint8Array {
  const writer = new BinaryWriter();
  writeFields(writer, MESSAGES[name], message as Message);
  return writer.finish();
}
