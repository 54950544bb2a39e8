/**
 * Every text in a Terraform configuration is a template: `${` begins an expression, `%{` a directive. Doubled, as in
 * `$${`, each stands for itself.
 */
const MARKERS = /[$%]\{/g;

const DOUBLED = /([$%])\1\{/g;

/** The template that Terraform reads as this text. */
export function toTemplate(text: string): string {
  return text.replace(MARKERS, (marker) => `${marker.charAt(0)}${marker}`);
}

/** The text that Terraform reads a template as; undefined when there is an expression in it, which only Terraform knows. */
export function fromTemplate(template: string): string | undefined {
  return template.replace(DOUBLED, " ").search(/[$%]\{/) >= 0 ? undefined : template.replace(DOUBLED, "$1{");
}
