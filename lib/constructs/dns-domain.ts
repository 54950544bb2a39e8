import { type Construct, type IConstruct, type ITerraformDependable, type TerraformMetaArguments } from "../cdk";
import { KINDS } from "../model/kinds";
import { DnsDomainBase } from "./generated/dns-domain";
import { MaasDataSource } from "./internal/elements";

export { type DnsDomainProps } from "./generated/dns-domain";

/** A DNS domain, managed or looked up. */
export interface IDnsDomain extends IConstruct, ITerraformDependable {
  /** Terraform's id of the domain. */
  readonly id: string;
  /** Name of the domain. */
  readonly name: string;
}

/** A DNS domain of MAAS: a zone that MAAS's own DNS serves, with the names of the machines in it. */
export class DnsDomain extends DnsDomainBase implements IDnsDomain {
  /** Looks up a domain that this stack does not manage. */
  static fromName(scope: Construct, id: string, name: string, options?: TerraformMetaArguments): IDnsDomain {
    return new ExistingDnsDomain(scope, id, name, options);
  }
}

class ExistingDnsDomain extends MaasDataSource implements IDnsDomain {
  constructor(scope: Construct, id: string, name: string, options?: TerraformMetaArguments) {
    super(scope, id, KINDS.dns_domain, { name }, options);
  }

  get name(): string {
    return this.getStringAttribute("name");
  }
}
