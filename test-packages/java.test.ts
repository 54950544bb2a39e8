import { readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { succeeded } from "../test/support/command-line";
import { CACHE, kernelEnvironment, notTested } from "./support/bindings";
import { documentOf, exampleIn, readmesDocument, reportsOf, synthesised } from "./support/examples";
import { artefact, Project } from "./support/project";

/** What the program does besides, by the name that it is started with. One program, as Maven takes long. */
const VARIANTS = {
  gateway: 'Ipv4Subnet.Builder.create(stack, "bad").vlan(pxe).cidr("10.21.0.0/24").gatewayIp("10.22.0.1").build();',
  step: 'new cdktf.maas.ApplyStep(new TerraformStack(app, "two"), "apply");',
  caveat:
    'cdktf.maas.Vlan alone = cdktf.maas.Vlan.Builder.create(stack, "alone").fabric(lab).vid(30).build();' +
    'Ipv6Subnet.Builder.create(stack, "v6only").vlan(alone).cidr("2001:db8:30::/64").gatewayIp("2001:db8:30::1").build();',
  lookups:
    'cdktf.maas.Vlan.Builder.create(stack, "storage").fabric(lab).vid(20).dependsOn(Arrays.asList(pxe,' +
    'cdktf.maas.Space.fromName(stack, "space", "default"), Fabric.fromName(stack, "other", "fabric-9"))).build();',
};

const dependency = (group: string, artifact: string, version: string): string =>
  `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>lab</groupId><artifactId>network</artifactId><version>1</version>
  <properties>
    <maven.compiler.source>1.8</maven.compiler.source><maven.compiler.target>1.8</maven.compiler.target>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  <dependencyManagement><dependencies>
    ${dependency("software.constructs", "constructs", "10.7.2")}
    ${dependency("software.amazon.jsii", "jsii-runtime", "1.112.0")}
  </dependencies></dependencyManagement>
  <dependencies>${dependency("cdktf.maas", "cdktf-maas", "0.1.0")}</dependencies>
</project>
`;

/** The program, compiled in a Maven project of its own, which has the packed jar from the repository where `npm run package` built it. */
function compiled(): Project | undefined {
  const project = new Project();
  try {
    const jar = artefact("java", "cdktf-maas-", "0.jar");
    const cases = Object.entries(VARIANTS).map(([name, code]) => `case "${name}": { ${code} break; }`);
    const more = `switch (System.getenv().getOrDefault("VARIANT", "")) { ${cases.join("\n")} }`;
    project.write("pom.xml", POM);
    project.write("src/main/java/Main.java", exampleIn("java").replace(/^ *app\.synth\(\);/m, `${more}\n$&`));
    const given = [
      `-Dfile=${jar}`,
      `-DpomFile=${artefact("java", "cdktf-maas-", ".pom")}`,
      "-Dmdep.outputFile=path.txt",
    ];
    const goals = ["install:install-file", "compile", "dependency:build-classpath"];
    project.succeed("mvn", ["-q", "-B", `-Dmaven.repo.local=${join(CACHE, "maven")}`, ...given, ...goals], {
      MAVEN_OPTS: "-XX:+UseSerialGC -XX:TieredStopAtLevel=1",
    });
    return project;
  } catch (error) {
    // A program that does not compile is a fault of ours.
    if (String(error).includes("Main.java:")) throw error;
    project.remove();
    return notTested("Java", error);
  }
}

const project = compiled();

(project === undefined ? describe.skip : describe)("a stack in Java", () => {
  const at = project ?? new Project();
  const stack = (VARIANT?: keyof typeof VARIANTS) => {
    const path = ["target/classes", readFileSync(join(at.folder, "path.txt"), "utf8").trim()].join(delimiter);
    const options = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];
    return at.run("java", [...options, "-cp", path, "Main"], { ...kernelEnvironment(at), ...(VARIANT && { VARIANT }) });
  };

  afterAll(() => {
    at.remove();
  });

  it("is the example of the guide, with the packed jar, and says what the README's says", () => {
    succeeded(stack());
    expect(documentOf(at)).toEqual(readmesDocument());
  });

  it("can wait for what is looked up", () => {
    succeeded(stack("lookups"));
    const { resource } = JSON.parse(synthesised(at, "cdk.tf.json")) as { resource: { maas_vlan: unknown } };
    const waitsFor = ["data.maas_space.space", "data.maas_fabric.other"];
    expect(resource.maas_vlan).toMatchObject({ storage: { depends_on: expect.arrayContaining(waitsFor) as unknown } });
  });

  it("is told in Java what is wrong, and where", () => {
    const { code, output } = stack("gateway");
    expect([code, output]).toEqual([1, expect.stringContaining("[lab-network/bad] this subnet can't be right")]);
    expect(output).toContain("gatewayIp: the gateway 10.22.0.1 is outside 10.21.0.0/24");
    expect(stack("step").output).toContain('such as MaasProvider.Builder.create(stack, "maas").apiUrl(apiUrl).build()');
  });

  it("stops at a broken caveat, and reports no place in jsii's kernel, the same each time", () => {
    const { code, output } = stack("caveat");
    expect([code, output]).toEqual([1, expect.stringContaining("MAAS6-DUA-02[lab-network/v6only]")]);
    const [first, second] = [stack(), stack()].map(() => reportsOf(at));
    expect(second).toBe(first);
    expect(first).not.toMatch(/program\.js|jsii|\/tmp/);
  });
});
