import * as cdktf from "cdktf";
import { Fabric, MaasProvider, RackNetplan } from "cdktf-maas";
import * as cdktn from "cdktn";
import { messageOf, temporaryApp } from "../../support/synth";

/** A stack in an app of CDK Terrain, to our edition for CDKTF, as a program in JavaScript would give it. */
const strangeStack = (): cdktf.TerraformStack => {
  class Lab extends cdktn.TerraformStack {}
  return new Lab(new cdktn.App(), "lab") as unknown as cdktf.TerraformStack;
};

describe("constructs in an app of CDK Terrain", () => {
  it("are refused when they are made, with what to import", () => {
    const expected = 'Import from "cdktn-maas" in place of "cdktf-maas", or App and TerraformStack from "cdktf"';
    expect(() => new MaasProvider(strangeStack(), "maas")).toThrow(expected);
    expect(() => new Fabric(strangeStack(), "fabric", { name: "fabric" })).toThrow(
      /^\[lab\/fabric\].*\n.*\(cdktf\), and lab|the app/,
    );
  });

  it("are refused where they make no resource too", () => {
    const props = { rack: "rack1", interfaceName: "eth1", addresses: ["2001:db8::5/64"] };
    expect(() => new RackNetplan(strangeStack(), "netplan", props)).toThrow("MAAS-CON-22");
  });

  it("are refused beside constructs of other packages that are made for it, when the app is synthesised", () => {
    const app = temporaryApp();
    const stack = new cdktf.TerraformStack(app, "lab");
    new MaasProvider(stack, "maas");
    new cdktn.TerraformVariable(stack, "name", { type: "string" });
    const message = messageOf(() => app.synth());
    expect(message).toContain("lab/name is made with CDK Terrain (cdktn), and its stack has constructs of cdktf-maas");
    expect(message).toContain('Import it from "cdktf"');
  });

  it("are refused below a construct of CDKTF too, since the app counts", () => {
    const mixed = new cdktf.TerraformStack(new cdktn.App(), "mixed");
    expect(() => new Fabric(mixed, "fabric", { name: "fabric" })).toThrow("the app is made with CDK Terrain (cdktn)");
  });
});
