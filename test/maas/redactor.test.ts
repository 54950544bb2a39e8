import { holdsKey, passwordsOf, redactorOf, secretsOf, withoutKeys } from "../../src/maas/redactor";

const KEY = "cOnSuMeRConSumEr18:TOKENtokenTOKEN18x:SECRETsecretSECRETsecretSECRET32";

describe("an API key is known by its shape", () => {
  test.each([
    KEY,
    `http://${KEY}@region.example/MAAS`,
    `http://region.example/MAAS?key=${KEY}&x`,
    encodeURIComponent(KEY),
    KEY.replaceAll(":", " "),
    `"${KEY.replaceAll(":", '", "')}"`,
  ])("in %s", (text) => {
    expect(holdsKey(text)).toBe(true);
    expect(withoutKeys(text)).not.toMatch(/token|secret|consumer/i);
  });

  test.each([
    "http://region.example:5240/MAAS",
    "2001:db8:1234:5678:9abc:def0:1234:5678",
    "123e4567-e89b-12d3-a456-426614174000",
    "sha256-9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    KEY.slice(0, -1),
    `${KEY}x`,
  ])("but not in %s", (text) => expect(withoutKeys(text)).toBe(text));
});

describe("the secrets of an environment", () => {
  test.each([
    [{ HTTP_PROXY: "http://user:proxysecret@proxy:3128" }, "proxysecret"],
    [{ https_proxy: "user:proxysecret@proxy:3128" }, "proxysecret"],
    [{ HTTPS_PROXY: "http://user:proxy%40secret@proxy:3128" }, "proxy@secret"],
    [{ HTTP_PROXY: "http://user:%zzproxysecret@proxy:99999" }, "%zzproxysecret"],
    [{ TF_HTTP_ADDRESS: "https://user:backendsecret@backend.example/state" }, "backendsecret"],
    [{ TF_HTTP_LOCK_ADDRESS: "https://user:backendsecret@backend.example/lock" }, "backendsecret"],
    [{ TF_HTTP_PASSWORD: "backendsecret" }, "backendsecret"],
  ])("are passwords, as of %j", (environment, password) => {
    expect(passwordsOf(environment)).toContain(password);
    expect(redactorOf(...passwordsOf(environment))(`it was ${password}.`)).toBe("it was [redacted].");
  });

  test("are the API key too", () => expect(secretsOf({ MAAS_API_KEY: KEY })).toEqual([KEY]));

  test("are not in other variables, or in addresses without a password", () => {
    const environment = { HOME: "/home/user:name@host", HTTP_PROXY: "http://proxy:3128", TF_HTTP_USERNAME: "somebody" };
    expect(secretsOf(environment)).toEqual([]);
  });
});
