import * as fc from "fast-check";

/** Names that mean something to a language that they may be written into: none may be more than a name there. */
export const hostileNames: readonly string[] = [
  // HTML, XML, JavaScript, Mermaid
  `"><img src=x onerror=alert(1)>`,
  "</title></style></script></svg><script>alert(1)</script>",
  "]]><!-- <![CDATA[ &lt; &amp;#34; -->",
  `'"\`\${alert(1)}`,
  `"] --> x["end`,
  "%%{init: {'theme': 'dark'}}%%",
  "$$\\frac{1}{2}$$ fa:fa-bolt #quot; A:::error",
  "end",
  "*/ evil(); /*",
  "${evil()}",
  "`evil()`",
  "\u2028evil();//",
  // XML can't hold these
  "\ufffe\uffff\ud800",
  // configurations of routers, YAML, file names
  "!\nevil",
  "\nevil: {}",
  "a: b # c",
  "../../evil",
  "*/ set system evil",
  "\r\nno shutdown",
  "};\ninterface evil {",
  // Markdown
  "| evil |",
  "@evil",
  // terminals
  "\u202eevil",
  "\u001b]0;evil\u0007",
  // logs of CI systems
  "\n::error file=evil.ts,line=1::evil",
  "##vso[task.setvariable variable=evil]evil",
  "##[error]evil",
  // shells
  "$(evil)",
  "'; evil; '",
  "-rf",
  "a\\'b\\",
  // HCL
  "%{ if true }evil%{ endif }",
  '${file("/etc/passwd")}',
  "$${evil} %%{evil}",
  "<<EOT\nevil\nEOT\n",
];

const SYNTAX = [..."<>\"'&`$%{}[]()\\#;:|=-!*@~/.\n\r\t\u0000\u001b\u2028\u202e\ufffe\ud800"];

/** Any name that somebody may have given to an object, a rack or a file to break out of what it is written into. */
export const hostileName: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...hostileNames),
  fc
    .array(fc.oneof(fc.constantFrom(...SYNTAX, "script", "end", "evil", "::", "##[", " "), fc.string()), {
      maxLength: 20,
    })
    .map((parts) => parts.join("")),
);
