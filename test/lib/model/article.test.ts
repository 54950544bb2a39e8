import { withArticle } from "../../../lib/model/article";
import { KINDS } from "../../../lib/model/kinds";

test("the title of every kind has its article", () => {
  expect(Object.values(KINDS).map(({ title }) => withArticle(title))).toEqual(
    expect.arrayContaining(["a fabric", "a VLAN", "a subnet", "an IP range", "a machine"]),
  );
});
