import { Cidr } from "../../model/cidr";

/** A block of addresses that is not for machines. */
interface SpecialBlock {
  readonly block: Cidr;
  readonly use: string;
  /** Whether it only serves as an example in texts. */
  readonly documentation: boolean;
}

const unusable = (block: string, use: string): SpecialBlock => ({
  block: Cidr.parse(block),
  use,
  documentation: false,
});

const documentation = (block: string): SpecialBlock => ({
  block: Cidr.parse(block),
  use: "which is for documentation",
  documentation: true,
});

/** @see RFC 6890 and the IANA special-purpose address registries */
const BLOCKS: readonly SpecialBlock[] = [
  unusable("::/128", "the unspecified address"),
  unusable("::1/128", "the loopback address"),
  unusable("::ffff:0:0/96", "which stands for IPv4 addresses"),
  unusable("fe80::/10", "which is link-local"),
  unusable("ff00::/8", "which is multicast"),
  unusable("0.0.0.0/8", "which means this network"),
  unusable("127.0.0.0/8", "which is loopback"),
  unusable("169.254.0.0/16", "which is link-local"),
  unusable("224.0.0.0/4", "which is multicast"),
  documentation("2001:db8::/32"),
  documentation("3fff::/20"),
  documentation("192.0.2.0/24"),
  documentation("198.51.100.0/24"),
  documentation("203.0.113.0/24"),
];

/** A special block as messages need it. */
export interface SpecialNetwork {
  readonly block: string;
  readonly use: string;
  readonly documentation: boolean;
  /** Whether the network lies in the block; else it covers it. */
  readonly contained: boolean;
}

/** The special block that the network is in or covers. A network that only covers a documentation block is none. */
export function specialNetwork(network: Cidr): SpecialNetwork | undefined {
  // A prefix length of 0 covers everything, which is another rule's matter.
  if (network.prefixLength === 0) return undefined;
  const found = BLOCKS.find(
    ({ block, documentation }) =>
      block.overlaps(network) && (!documentation || network.prefixLength >= block.prefixLength),
  );
  if (found === undefined) return undefined;
  return {
    block: found.block.toString(),
    use: found.use,
    documentation: found.documentation,
    contained: network.prefixLength >= found.block.prefixLength,
  };
}
