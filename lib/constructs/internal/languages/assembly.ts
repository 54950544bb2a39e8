import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../package-root";

interface Parameter {
  readonly type?: { readonly fqn?: string };
}

interface Callable {
  readonly name?: string;
  readonly parameters?: readonly Parameter[];
}

/** A type in jsii's assembly, as far as it is looked at. */
interface AssemblyType {
  readonly fqn: string;
  readonly base?: string;
  readonly initializer?: Callable;
  readonly properties?: readonly { readonly name: string }[];
  readonly methods?: readonly (Callable & { readonly name: string })[];
}

interface Assembly {
  readonly name: string;
  readonly types: Readonly<Record<string, AssemblyType>>;
  readonly targets?: { readonly go?: { readonly packageName?: string } };
}

let read: Assembly | undefined;

/** jsii's assembly: beside what its kernel runs, and absent where a build is not packed. */
function assembly(): Assembly {
  const file = join(packageRoot(), ".jsii");
  read ??= existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Assembly) : { name: "", types: {} };
  return read;
}

/** Whether a type is ours. Others that messages name are CDKTF's. */
export const isOurs = (type: string): boolean => typeOf(type) !== undefined;

const typeOf = (type: string): AssemblyType | undefined => assembly().types[`${assembly().name}.${type}`];

/** What makes an object of a type: that of the class, or of the nearest class above it that says so. */
function initializerOf(type: AssemblyType | undefined): Callable | undefined {
  if (type === undefined || type.initializer !== undefined) return type?.initializer;
  return initializerOf(assembly().types[type.base ?? ""]);
}

/** The interface of the properties that an object of a type is made with: `SubnetProps` for `Ipv6Subnet`. */
export function propsOf(type: string): string {
  const fqn = initializerOf(typeOf(type))?.parameters?.at(-1)?.type?.fqn;
  return fqn?.split(".").at(-1) ?? `${type}${isOurs(type) ? "Props" : "Config"}`;
}

/** How many parameters a constructor or a static method has; undefined where that is not known. */
export function parametersOf(type: string, method?: string): number | undefined {
  const found = typeOf(type);
  const callable = method === undefined ? initializerOf(found) : found?.methods?.find(({ name }) => name === method);
  return callable && (callable.parameters?.length ?? 0);
}

/** The name of our package in Go. */
export const goPackage = (): string => assembly().targets?.go?.packageName ?? "cdktfmaas";

/** The CDK's name in Go: `cdktf` or `cdktn`. */
export const goCdk = (): string => goPackage().replace(/maas$/, "");

/** The names of all our properties and methods. */
export const memberNames = (): string[] =>
  Object.values(assembly().types).flatMap((type) =>
    [...(type.properties ?? []), ...(type.methods ?? [])].map(({ name }) => name),
  );
