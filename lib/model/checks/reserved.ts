import { withArticle } from "../article";
import { type Diagnostic, fault } from "../diagnostic";
import type { Kind } from "../field";
import type { Attributes } from "../known";

/**
 * Whether MAAS would refuse the name of an object that it has not named itself.
 *
 * @param id of the object; undefined while it is to be made
 * @see MAAS models/fabric.py and models/space.py, `validate_fabric_name`, "Reserved fabric name." (3.6.4)
 */
export function checkReserved(kind: Kind, attributes: Attributes, id?: string): Diagnostic[] {
  return kind.fields.flatMap(({ name, reserved }) => {
    const value = attributes[name];
    if (reserved === undefined || typeof value !== "string" || !reserved.test(value)) return [];
    if (id !== undefined && value === `${kind.name}-${id}`) return [];
    return [
      fault(
        name,
        `no ${kind.title} can be given the name "${value}" ("Reserved ${kind.title} name")`,
        `MAAS keeps it for ${withArticle(kind.title)} that it names itself, after its id. ` +
          `Give it a name of your own, such as "my-${value}"; one that has this name already can be imported.`,
      ),
    ];
  });
}
