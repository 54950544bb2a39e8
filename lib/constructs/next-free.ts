import { type Construct, type TerraformMetaArguments, TerraformResource } from "../cdk";
import { KINDS } from "../model/kinds";
import { checkNextFree } from "../model/next-free";
import type { Spelling } from "../model/problem";
import { refuseConstruct } from "./construct-error";
import { checkReference, toValue } from "./internal/properties";
import { providerAddress } from "./internal/region";
import { elementConfig, onlyWithTerraform, placeOf } from "./internal/terraform-only";
import { hclAttributes } from "./internal/synthesised";
import type { ISubnet } from "./subnet";

/** Properties of a {@link NextFree}: `subnet` for an address or a range, or `prefix` for a network. Another value replaces the answer. */
export interface NextFreeProps extends TerraformMetaArguments {
  /**
   * The subnet that an address, or a range of `size` addresses, is wanted of.
   * @default - a network of `prefix` is wanted
   */
  readonly subnet?: ISubnet;
  /**
   * How many addresses in a row.
   * @default 1
   */
  readonly size?: number;
  /**
   * The prefix that a network is wanted of, such as `2001:db8:40::/48`. It need not be a subnet.
   * @default - an address of `subnet` is wanted
   */
  readonly prefix?: string;
  /**
   * Length of the network.
   * @default - 64, or 24 for IPv4
   */
  readonly prefixLength?: number;
}

const spelling: Spelling = (name) => (name === "prefix_length" ? "prefixLength" : name);

const FIELDS = [
  { name: "subnet", type: "string" },
  { name: "size", type: "number" },
  { name: "prefix", type: "string" },
  { name: "prefix_length", type: "number" },
] as const;

/**
 * Chooses what is free, once, at apply: the lowest free address or range of a subnet, or the lowest free network of a prefix. The answer is
 * kept in Terraform's state. Nothing is made in MAAS: give the answer to a link, a range or a subnet, which then has it.
 *
 * Only Terraform has it: there is none with `MaasEngine.APPLY_STEP`, and synth refuses it there.
 */
export class NextFree extends TerraformResource {
  /** Terraform's type of the resource, which CDKTF's matchers go by. */
  static readonly tfResourceType = "maas_next_free";

  /** The subnet that an address or a range is wanted of. */
  readonly subnet?: ISubnet;
  readonly #arguments: Readonly<Record<string, unknown>>;

  /** @throws ConstructError when the properties don't go together, or the subnet is no construct. */
  constructor(scope: Construct, id: string, props: NextFreeProps) {
    super(scope, id, elementConfig(NextFree.tfResourceType, props));
    const { subnet, size, prefix, prefixLength } = props;
    const wrong = subnet === undefined ? [] : checkReference("subnet", subnet, KINDS.subnet);
    refuseConstruct(this, "next free answer", wrong);
    const given = { subnet: subnet?.id, size, prefix, prefix_length: prefixLength };
    const values = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, toValue(value)]));
    refuseConstruct(this, "next free answer", checkNextFree(values), spelling);
    this.subnet = subnet;
    this.#arguments = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    onlyWithTerraform(this, subnet, {
      does: "chooses what is free when Terraform applies",
      fix: "Write the address or the network as text, such as from an AddressPlan, or use MaasEngine.PROVIDER.",
    });
  }

  /** The answer: an address, `START-END`, or a network. Known after apply. */
  get id(): string {
    return this.getStringAttribute("id");
  }

  /** The address, where one is asked for. */
  get ipAddress(): string {
    return this.getStringAttribute("ip_address");
  }

  /** First address of the answer. */
  get startIp(): string {
    return this.getStringAttribute("start_ip");
  }

  /** Last address of the answer, included. */
  get endIp(): string {
    return this.getStringAttribute("end_ip");
  }

  /** The network, where one of a prefix is asked for. */
  get cidr(): string {
    return this.getStringAttribute("cidr");
  }

  /** With the provider configuration of its subnet. */
  override get terraformMetaArguments(): Record<string, unknown> {
    return { ...super.terraformMetaArguments, provider: providerAddress(placeOf(this, this.subnet)) };
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { ...this.#arguments };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return hclAttributes({ fields: FIELDS }, this.#arguments);
  }
}
