import js from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist/**", "cdktf.out/**", "**/*_pb.ts", "lib/constructs/generated/**"] },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.recommendedTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", ignoreRestSiblings: true }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "no-restricted-properties": [
        "error",
        {
          object: "URL",
          property: "canParse",
          message:
            "Node 20 answers it wrongly for letters such as ß after some thousand calls: use tryUrl of src/maas/api-url.ts.",
        },
      ],
    },
  },
  {
    // Only these write to people, so that nothing reaches a terminal unescaped.
    files: ["lib/**/*.ts", "src/**/*.ts"],
    ignores: ["src/cli/output/terminal.ts", "src/provider/rpc/**"],
    rules: {
      "no-console": "error",
      "no-restricted-syntax": [
        "error",
        ...["MemberExpression[object.name='process'] > ", "VariableDeclarator[init.name='process'] Property > "].map(
          (within) => ({
            selector: `${within}:matches(Identifier, Literal):matches([name=/^std(out|err)$/], [value=/^std(out|err)$/])`,
            message: "Write with stdout or stderr of src/cli/output/terminal.ts, which escape what is written.",
          }),
        ),
      ],
      "no-restricted-imports": ["error", { paths: ["console", "node:console", "node:process", "process"] }],
    },
  },
  {
    // Jest's matchers are extended by merging into its own interfaces, with their type parameters.
    files: ["src/testing/index.ts", "src/testing/globals.ts"],
    rules: {
      "@typescript-eslint/no-namespace": "off",
      "@typescript-eslint/no-empty-object-type": "off",
      "@typescript-eslint/no-unused-vars": "off",
    },
  },
  {
    files: ["**/*.mjs", "**/*.js"],
    languageOptions: {
      globals: { process: "readonly", console: "readonly", module: "writable", require: "readonly", URL: "readonly" },
    },
  },
);
