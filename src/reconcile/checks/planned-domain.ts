import { APEX, dnsName, fqdnOf } from "../../../lib/model/dns";
import { type Attributes, textAt } from "../../../lib/model/known";
import { fault, type Problem, warning } from "../../../lib/model/problem";
import { textOf } from "../../../lib/model/text";
import type { ObjectJson } from "../../maas/codec";
import type { Checked } from "./checked";
import { checkWithReferences } from "./with-references";

const WHY =
  "MAAS moves the records at the name of a domain to the top of that domain when it is made, and reports them there: a record that " +
  "stays in the parent domain would be made again by each run.";

const fixFor = (domain: string): string =>
  `Set name = "${APEX}" and domain to the id of the domain ${domain}, or give the record another name.`;

/** That a record is at the name of a domain other than its own. */
export const atDomain = (fqdn: string, domain: string, own: string): Problem<string> =>
  fault("MAAS-OPS-04", "name", {
    what: `${fqdn} is a DNS domain of its own, so that MAAS has no record of that name in ${own}`,
    why: WHY,
    fix: fixFor(domain),
  });

/** The names of the domains that are there when the run is done, as far as it has been planned. */
async function domainNames({ region, planned }: Checked): Promise<readonly string[]> {
  const rows = await region.snapshot.list("domains");
  const there = rows.flatMap((row) => {
    const own = planned.find("dns_domain", textOf(row.id));
    return own === undefined ? [textOf(row.name)] : [textAt(own.attributes, "name")];
  });
  const made = [...planned.of("dns_domain")].flatMap(({ id, attributes }) =>
    id === undefined ? [textAt(attributes, "name")] : [],
  );
  return [...there, ...made].filter((name) => name !== undefined);
}

/** Checks that no domain has the full name of a record that is in another one. */
export async function checkRecord(checked: Checked, attributes: Attributes): Promise<Problem[]> {
  const found = await checkWithReferences(checked, attributes);
  const [name, domain] = [textAt(attributes, "name"), textAt(attributes, "domain")];
  if (!checked.own.isChanged || name === undefined || name === APEX || domain === undefined) return found;
  const rows = await checked.region.snapshot.list("domains");
  const row = rows.find(({ id, name: own }) => textOf(id) === domain || dnsName(textOf(own)) === dnsName(domain));
  const own = textOf(row?.name ?? domain);
  const fqdn = dnsName(fqdnOf(name, own));
  const other = (await domainNames(checked)).find((one) => dnsName(one) === fqdn);
  return other === undefined ? found : [...found, atDomain(fqdn, other, own)];
}

/** Checks that no record is left at the name of a domain that is made or renamed. */
export async function checkDomain(checked: Checked, attributes: Attributes): Promise<Problem[]> {
  const { region, planned, prior, moment, own } = checked;
  const found = await checkWithReferences(checked, attributes);
  const name = textAt(attributes, "name");
  if (!own.isChanged || moment !== "plan" || name === undefined || textAt(prior, "name") === name) return found;
  const rows = (await region.snapshot.list("dnsresources")).filter(
    (row) => dnsName(textOf(row.fqdn)) === dnsName(name) && row.name !== APEX,
  );
  if (rows.length === 0) return found;
  const isPlanned = ({ id }: ObjectJson): boolean =>
    !planned.has("dns_record", textOf(id)) || planned.find("dns_record", textOf(id)) !== undefined;
  await planned.untilQuiet(() => rows.every(isPlanned));
  const told = rows.flatMap((row): Problem[] => {
    const id = textOf(row.id);
    const record = planned.find("dns_record", id);
    const parent = textOf((row.domain as ObjectJson | null)?.name ?? "");
    const words = {
      what: `MAAS moves the ${textOf(row.type)} record ${textOf(row.fqdn)} out of ${parent} into the domain ${name}`,
      why: WHY,
      fix: fixFor(name),
    };
    if (record === undefined) return [warning("MAAS-OPS-07", "name", words)];
    const isKept = record.attributes !== undefined && textAt(record.attributes, "name") !== APEX;
    return isKept ? [fault("MAAS-OPS-07", "name", words)] : [];
  });
  return [...found, ...told];
}
