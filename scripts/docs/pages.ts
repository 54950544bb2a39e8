import { isManaged } from "../../lib/model/kinds";
import { TERRAFORM_KINDS } from "../../lib/model/terraform/kinds";
import { LOOKUPS } from "../../src/provider/data-source";
import { dataSourceBlock, resourceBlock } from "../../src/provider/schema";
import { constructExample, exampleAddress, exampleOf, lookupExample, resourceExample } from "./example";
import { importSection, type Page, typePage } from "./page";

/** A page for each resource. */
export function resourcePages(): Page[] {
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
  return LOOKUPS.map(({ kind, given, aliases }) =>
    typePage({
      ...{ type: kind.type, word: "Data Source", block: dataSourceBlock(kind, given, aliases) },
      examples: [{ language: "terraform", code: lookupExample(kind, given) }],
    }),
  );
}
