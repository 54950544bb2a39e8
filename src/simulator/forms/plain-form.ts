import { type FieldMessages, invalidFields } from "../errors";
import type { Params } from "../params";
import type { FormField } from "./fields";
import { Invalid } from "./invalid";

/** A form over no stored object: reads fields, then lets more be checked, then refuses with all messages at once. */
export class PlainForm {
  private readonly errors: FieldMessages = {};
  private readonly cleaned = new Map<string, unknown>();

  constructor(data: Params, fields: Readonly<Record<string, FormField>>) {
    for (const [name, field] of Object.entries(fields)) {
      try {
        this.cleaned.set(name, field.clean(data.get(name)));
      } catch (error) {
        if (!(error instanceof Invalid)) throw error;
        for (const message of error.messages) this.addError(name, message);
      }
    }
  }

  get<T>(name: string): T | undefined {
    return (this.cleaned.get(name) ?? undefined) as T | undefined;
  }

  addError(name: string, message: string): void {
    (this.errors[name] ??= []).push(message);
  }

  /** @throws MaasError when anything was found wrong */
  refuseErrors(): void {
    if (Object.keys(this.errors).length > 0) throw invalidFields(this.errors);
  }
}
