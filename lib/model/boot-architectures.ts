/**
 * The boot architectures that DHCP can leave out on a subnet, by MAAS's names, with the number of RFC 4578 that MAAS takes as
 * well. The same from MAAS 3.0, which brought them, to 3.7.
 *
 * @see MAAS provisioningserver/boot/__init__.py, forms/subnet.py (3.6.4)
 */
const OCTETS: Readonly<Record<string, string>> = {
  pxe: "00:00",
  uefi_amd64_tftp: "00:07",
  uefi_amd64_http: "00:10",
  uefi_ebc_tftp: "00:09",
  uefi_arm64_tftp: "00:0B",
  uefi_arm64_http: "00:13",
  "open-firmware_ppc64el": "00:0C",
  powernv: "00:0E",
  s390x: "00:1F",
  s390x_partition: "00:20",
};

/** MAAS's names of the boot architectures. */
export const BOOT_ARCHITECTURES: readonly string[] = Object.keys(OCTETS);

/** MAAS's name of the architecture, which may be given by its number, as `00:07` or `0x07`; other text as it is. */
export function bootArchitecture(text: string): string {
  const octet = text.replace("0x", "00:");
  return BOOT_ARCHITECTURES.find((name) => OCTETS[name] === octet) ?? text;
}
