import type { Kind } from "../kind";
import { KINDS } from "../kinds";
import { type Attributes, isKnown, type Value, type Values } from "../known";
import { fault, type Problem, warning } from "../problem";
import { isPaired, keyOfPair, pairsOf, partIn } from "./pair";
import { tryText, withArticle, withThe } from "../text";

/** How the command that rewrites a configuration is called. */
const MIGRATE = "npx cdktf-maas migrate main.tf";

const isSet = (value: Value | undefined): value is Value => (value ?? null) !== null;

/** The ends of the ranges in blocks, as far as they are known. */
const endsOf = (blocks: readonly Value[]): string[] =>
  blocks.flatMap((block) => {
    const { start_ip: start, end_ip: end } = (isKnown(block) ? block : {}) as Attributes;
    return typeof start === "string" && typeof end === "string" ? [`${start}-${end}`] : [];
  });

/** The nested blocks that are in the schema only for canonical/maas's sake: each is an error that says what to do. */
function refusedBlocks({ title, terraform }: Kind, config: Values): Problem[] {
  return Object.entries(terraform?.refusedBlocks ?? {}).flatMap(([name, { instead }]) => {
    const blocks = config[name];
    if (!Array.isArray(blocks) || blocks.length === 0) return [];
    const ends = endsOf(blocks);
    return [
      fault("MAAS-MOV-02", name, {
        what: `${withArticle(title)} takes no blocks ${name}`,
        why: `canonical/maas has them. ${instead}`,
        fix:
          `Run \`${MIGRATE}\` with the file that has them: each block becomes a resource with an import block, so that nothing is made anew` +
          `${ends.length === 0 ? "" : ` (${ends.join(", ")})`}.`,
      }),
    ];
  });
}

/**
 * What of a configuration is in the words of canonical/maas: errors where these words have no place, and else warnings that name
 * the better ones.
 */
export function checkForeignWords(kind: Kind, config: Attributes): Problem[] {
  const pairs = pairsOf(kind).flatMap((pair): Problem[] => {
    const { field, owner } = pair;
    const [ownerValue, value] = [config[owner.name] ?? null, config[field.name] ?? null];
    if (ownerValue === null) return [];
    const part = partIn(pair, value);
    const key = part === undefined || !isPaired(pair, config) ? undefined : tryText(keyOfPair(pair, ownerValue, part));
    const { type, title } = KINDS[field.references ?? kind.name];
    const id = `${field.name} = ${type}.NAME.id`;
    const better = key === undefined ? id : `${id}, or ${field.name} = "${key}"`;
    return [
      warning("MAAS-MOV-01", owner.name, {
        what: `${owner.name} of ${withArticle(kind.title)} is canonical/maas's spelling`,
        why: `It works, and ${field.name} alone says which ${title} is meant, so that the two can't contradict each other.`,
        fix: `Write ${better} and leave ${owner.name} out.`,
      }),
    ];
  });
  const open = pairsOf(kind).flatMap(({ field, owner }): Problem[] => {
    const isOpen = field.presence === "optional" && !isSet(config[field.name]) && !isSet(config[owner.name]);
    if (!isOpen) return [];
    const { type, key } = KINDS[field.references ?? kind.name];
    return [
      warning("MAAS-MOV-01", field.name, {
        what: `${field.name} of ${withArticle(kind.title)} is not set`,
        why: `MAAS then chooses where ${withThe(kind.title)} is made: on the default VLAN of its default fabric.`,
        fix: `Write ${field.name} = ${type}.NAME.id, or ${field.name} = "${key.examples[0] ?? ""}".`,
      }),
    ];
  });
  return [...refusedBlocks(kind, config), ...pairs, ...open];
}

/** What is wrong with attributes of a data source of which one is to be set. */
export function checkAliases({ type, terraform }: Kind, config: Values): Problem[] {
  const aliases = Object.entries(terraform?.aliases ?? {});
  const fields = [...new Set(aliases.map(([, field]) => field))];
  return fields.flatMap((field): Problem[] => {
    const names = [field, ...aliases.flatMap(([alias, of]) => (of === field ? [alias] : []))];
    const set = names.filter((name) => isSet(config[name]));
    if (set.length === 1) {
      const [name = field] = set;
      if (name === field) return [];
      return [
        warning("MAAS-MOV-01", name, {
          what: `${name} of data ${type} is canonical/maas's word for ${field}`,
          fix: `Write ${field} = ${tryText(config[name]) ?? `…`}, and read data.${type}.NAME.${field}.`,
        }),
      ];
    }
    const how = set.length === 0 ? "is missing" : "is given twice";
    return [
      fault("MAAS-MOV-03", field, {
        what: `${field} of data ${type} ${how}`,
        why: `${names.join(" and ")} are two names of one attribute.`,
        fix: `Set ${field}, and leave ${names.slice(1).join(" and ")} out.`,
      }),
    ];
  });
}
