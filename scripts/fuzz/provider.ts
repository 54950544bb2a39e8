import type { Value, Values } from "../../lib/model/known";
import { UNKNOWN } from "../../lib/model/known";
import { DOCUMENT_KINDS } from "../../lib/model/document/kinds";
import { TERRAFORM_KINDS } from "../../lib/model/terraform/kinds";
import { isManaged } from "../../lib/model/kinds";
import type { TypeExpression } from "../../src/provider/rpc/dynamic-value";
import { DATA_SOURCES } from "../../src/provider/data-sources";
import { PROVIDER_BLOCK, resourceBlock, typeOf } from "../../src/provider/schema";
import { movedState, readPrivate, upgradeState } from "../../src/provider/stored";
import type { RawState } from "../../src/provider/protocol/tfplugin6_pb";
import { ProviderDriver, type Told } from "../../test/support/provider-driver";
import { type Answer, refused, taken } from "./judge";
import { changedDocument, changedText } from "./mutate";
import { type Json, ODD_TEXTS } from "./odd";
import type { Random } from "./random";
import { startLab, storedInstances } from "./samples";
import { reads, type Target, target } from "./target";

const KINDS = TERRAFORM_KINDS.filter(isManaged).map((kind) => {
  const block = resourceBlock(kind);
  const choices = Object.fromEntries(
    kind.fields.flatMap(({ name, type, oneOf }) =>
      oneOf === undefined ? [] : [[name, oneOf.map((one) => (type === "string" ? String(one) : one))] as const],
    ),
  );
  return { kind, block, type: typeOf(block), choices };
});

/** What canonical/maas left in states, by type. */
const STORED: ReadonlyMap<string, readonly Json[]> = storedInstances();

/** Texts that are right somewhere. */
const LIKELY = [
  ...["1", "2", "5", "lab", "lab:10", "lab:0", "10.20.0.0/24", "2001:db8:20::/64", "10.20.0.9", "2001:db8:20::9"],
  ...[
    "dynamic",
    "reserved",
    "auto",
    "static",
    "dhcp",
    "rack-1",
    "node-1",
    "g8ghqf",
    "abc234",
    "eth0",
    "maas",
    "A",
    "AAAA",
  ],
  ...Object.values(DOCUMENT_KINDS).flatMap(({ key }) => key.examples),
];

const NUMBERS = [0, 1, 2, 10, 1500, 4094, 4095, 9000, -1, 0.5, 1e21, Number.MAX_SAFE_INTEGER];

/** A value of a type, as HCL could give it. */
function valueOf(type: TypeExpression, random: Random, mayBeUnknown: boolean): Value {
  if (mayBeUnknown && random.once(12)) return UNKNOWN;
  if (type === "string")
    return random.once(3) ? random.of(ODD_TEXTS).replace(/[\ud800-\udfff]/g, "") : random.of(LIKELY);
  if (type === "number") return random.of(NUMBERS);
  if (type === "bool") return random.once(2);
  const [collection, of] = type;
  if (collection === "object") return objectOf(of, random, { mayBeUnknown });
  const items = Array.from({ length: random.below(4) }, () => valueOf(of, random, mayBeUnknown));
  return collection === "map" ? Object.fromEntries(items.map((item, index) => [`key-${index}`, item])) : items;
}

interface ObjectOptions {
  /** Default: true. */
  readonly mayBeUnknown?: boolean;
  /** Members that are never left out. */
  readonly required?: readonly string[];
  /** What fits some of the members. */
  readonly choices?: Readonly<Record<string, readonly Value[]>>;
}

/** An object of those members. Each that is not required is left out in one of two. */
const objectOf = (
  members: Readonly<Record<string, TypeExpression>>,
  random: Random,
  { mayBeUnknown = true, required = [], choices = {} }: ObjectOptions = {},
): Values =>
  Object.fromEntries(
    Object.entries(members).map(([name, type]) => {
      if (!required.includes(name) && random.once(2)) return [name, null];
      const fitting = choices[name];
      return [name, fitting && random.once(2) ? random.of(fitting) : valueOf(type, random, mayBeUnknown)];
    }),
  );

const membersOf = (type: TypeExpression): Readonly<Record<string, TypeExpression>> =>
  typeof type !== "string" && type[0] === "object" ? type[1] : {};

/** What the provider told: an error has to say at which attribute, or in its text where. */
function answered(told: readonly Told[]): Answer {
  const text = told.map(({ summary, detail }) => `${summary}\n${detail}`).join("\n");
  return told.some(({ severity }) => severity === "error") ? refused(text) : taken(text);
}

/** Provider, in this process, on a region with an object of every kind. */
export async function providerTargets(): Promise<Target[]> {
  const simulator = await startLab();
  const driver = await ProviderDriver.here({
    ...{ MAAS_API_URL: simulator.url, MAAS_API_KEY: simulator.apiKey, MAAS_RETRY_TIMEOUT: "0" },
  });
  await driver.configure();

  interface Config {
    readonly type: string;
    readonly config: Values;
  }
  const states: Readonly<Record<string, Json>> = Object.fromEntries(
    KINDS.map(({ kind, block }) => [
      kind.type,
      Object.fromEntries(
        block.attributes.map(({ name, type }) => [name, type === "number" ? 1 : type === "bool" ? true : "1"]),
      ),
    ]),
  );
  const kept: Json = {
    configured: ["name"],
    original: { name: "x", mtu: 1500 },
    changedOutside: { cidr: "10.9.0.0/24", vid: 0 },
    isLost: true,
    madeAt: 1,
    unplanned: { "5": { madeAt: 2 } },
  };

  return [
    target<Config>({
      name: "values of HCL",
      input: (random) => {
        const { kind, type, choices } = random.of(KINDS);
        return { type: kind.type, config: objectOf(membersOf(type), random, { choices }) };
      },
      play: async ({ type, config }) => {
        const told = await driver.validate(type, config);
        if (told.some(({ severity }) => severity === "error")) return answered(told);
        return answered((await driver.plan(type, config)).told);
      },
    }),
    target<Config>({
      name: "values of data sources",
      input: (random) => {
        const { type, block } = random.of([...DATA_SOURCES.values()]);
        const required = block.attributes.flatMap((attribute) => (attribute.required ? [attribute.name] : []));
        // Terraform reads only what is known, and what has all that is required.
        return { type, config: objectOf(membersOf(typeOf(block)), random, { mayBeUnknown: false, required }) };
      },
      play: async ({ type, config }) => answered((await driver.look(type, config)).told),
    }),
    target<Values>({
      name: "provider blocks",
      input: (random) => objectOf(membersOf(typeOf(PROVIDER_BLOCK)), random),
      play: async (config) => answered(await driver.validateProvider(config)),
    }),
    target<{ type: string; id: string }>({
      name: "import ids",
      input: (random) => {
        const { kind } = random.of(KINDS);
        const id = random.of([...kind.key.examples, ...LIKELY]);
        return { type: kind.type, id: random.once(3) ? id : changedText(id, random) };
      },
      play: async ({ type, id }) => answered((await driver.import(type, id)).told),
      stop: async () => {
        await driver.stop();
        await simulator.stop();
      },
    }),
    target<{ kind: (typeof KINDS)[number]; text: string }>({
      name: "private state",
      input: (random) => ({ kind: random.of(KINDS), text: changedDocument(kept, random) }),
      play: reads(({ kind, text }) => readPrivate(new TextEncoder().encode(text), kind.kind)),
    }),
    target<{ kind: (typeof KINDS)[number]; text: string }>({
      name: "states of resources",
      input: (random) => {
        const kind = random.of(KINDS);
        const own = [states[kind.kind.type] ?? {}, ...(STORED.get(kind.kind.type) ?? [])];
        return { kind, text: changedDocument(random.of(own), random) };
      },
      play: reads(({ kind: { kind, block }, text }) => {
        const raw = { json: new TextEncoder().encode(text), flatmap: {} } as unknown as RawState;
        upgradeState(raw, kind, block);
        const from = { provider: "registry.terraform.io/canonical/maas", type: kind.type, private: raw.json };
        movedState(from, raw, kind, block);
      }),
    }),
  ];
}
