import { type Construct, ImportableResource, type TerraformProvider, TerraformStack } from "../../cdk";
import { type Kind } from "../../model/kind";
import { isManaged } from "../../model/kinds";
import { MaasEngine } from "../maas-engine";
import { PROVIDER } from "./package";
import { defaultRegion, regionFor } from "./region";

/** What `generateConfigForImport` of a class was given. */
interface Request {
  readonly scope: Construct;
  readonly importToId: string;
  readonly importFromId: string;
  readonly provider: TerraformProvider | undefined;
}

/** Why Terraform could not import it, in one message. */
function problems(kind: Kind, path: string, { scope, importFromId, provider }: Request): string[] {
  if (!isManaged(kind)) {
    const { example } = kind.construct;
    return [
      `${path} is to import a ${kind.title}, which is looked up and never made. ` +
        `Fix: use ${example(importFromId)} in place of generateConfigForImport.`,
    ];
  }
  const region = regionFor(TerraformStack.of(scope), provider);
  if (region?.engine !== MaasEngine.APPLY_STEP) return [];
  return [
    `${path} is to be imported by Terraform, which has no provider of this region: with MaasEngine.APPLY_STEP there are no resources. ` +
      `Fix: use MaasEngine.PROVIDER, or make the ${kind.title} with adoptExisting: true.`,
  ];
}

/** Has Terraform import an object and write its configuration, from the region that is given, else the stack's default one. */
export function importConfig(kind: Kind, request: Request): ImportableResource {
  const { scope, importToId, importFromId, provider } = request;
  const importable = new ImportableResource(scope, importToId, {
    terraformResourceType: kind.type,
    importId: importFromId,
    // The stack's provider may be made later.
    get provider() {
      const own = provider ?? defaultRegion(TerraformStack.of(scope))?.provider;
      return own?.fqn === PROVIDER.name ? undefined : own;
    },
  });
  importable.node.addValidation({ validate: () => problems(kind, importable.node.path, request) });
  return importable;
}
