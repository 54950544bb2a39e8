/** What the hosts of jsii's kernel introduce themselves with (`JSII_AGENT`), by language. */
export const AGENTS = {
  Python: "Python/3.12.1",
  Java: "Java/17.0.15",
  "C#": "DotNet/8.0.11/.NETCoreApp,Version=v8.0/1.112.0.0",
  Go: "go1.24.1/linux/amd64",
};

export type Language = keyof typeof AGENTS;
