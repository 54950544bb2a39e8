/** Boot methods that a subnet can leave out, by MAAS's name; with the DHCP architecture number that is an alias. */
const METHODS: Readonly<Record<string, string | null>> = {
  ipxe: null,
  pxe: "00:00",
  uefi_amd64_tftp: "00:07",
  uefi_amd64_http: "00:10",
  uefi_ebc_tftp: "00:09",
  uefi_arm64_tftp: "00:0B",
  uefi_arm64_http: "00:13",
  "open-firmware_ppc64el": "00:0C",
  powernv: "00:0E",
  windows: null,
  s390x: "00:1F",
  s390x_partition: "00:20",
};

/** Methods with neither an architecture number nor an HTTP path: MAAS does not take them here. */
const UNSERVED = new Set(["ipxe", "windows"]);

/** MAAS's name for a boot method given by name or number; undefined when MAAS knows none. */
export function bootArchitecture(text: string): string | undefined {
  const number = text.replace("0x", "00:");
  const byNumber = Object.entries(METHODS).find(([, octet]) => octet === number)?.[0];
  const name = text in METHODS ? text : byNumber;
  return name === undefined || UNSERVED.has(name) ? undefined : name;
}
