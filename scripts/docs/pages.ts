import { isManaged } from "../../lib/model/kinds";
import { TERRAFORM_KINDS } from "../../lib/model/terraform/kinds";
import { LOOKUPS } from "../../src/provider/data-source";
import { DATA_SOURCES } from "../../src/provider/data-sources";
import { resourceBlock } from "../../src/provider/schema";
import {
  constructExample,
  exampleAddress,
  exampleOf,
  listConstructExample,
  listExample,
  lookupExample,
  resourceExample,
} from "./example";
import { nextFreePage } from "./next-free";
import { type Example, importSection, type Page, typePage } from "./page";

/** A page for each resource. */
export function resourcePages(): Page[] {
  return [...kindPages(), nextFreePage()].sort((a, b) => (a.file < b.file ? -1 : 1));
}

function kindPages(): Page[] {
  return TERRAFORM_KINDS.filter(isManaged).map((kind) => {
    const objects = exampleOf(kind.name);
    return typePage({
      ...{ type: kind.type, word: "Resource", block: resourceBlock(kind), fields: kind.fields },
      examples: [
        { language: "terraform", code: resourceExample(objects) },
        { language: "typescript", code: constructExample(objects) },
      ],
      more: importSection(kind, exampleAddress(objects)),
    });
  });
}

/** A page for each data source. */
export function dataSourcePages(): Page[] {
  const lookups = new Map(LOOKUPS.map((lookup) => [lookup.kind.type, lookup]));
  return [...DATA_SOURCES.values()].map(({ type, kind, block }) => {
    const lookup = lookups.get(type);
    const examples: Example[] =
      lookup === undefined
        ? [
            { language: "terraform", code: listExample(type, kind) },
            { language: "typescript", code: listConstructExample(type, kind) },
          ]
        : [{ language: "terraform", code: lookupExample(kind, lookup) }];
    return typePage({ type, word: "Data Source", block, examples });
  });
}
