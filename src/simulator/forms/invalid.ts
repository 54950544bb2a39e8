import type { FieldMessages } from "../errors";

/** What a check found wrong: messages by field, `__all__` for the object as a whole. */
export class Invalid extends Error {
  override readonly name = "Invalid";

  constructor(readonly fields: FieldMessages) {
    super(JSON.stringify(fields));
  }

  static whole(...messages: string[]): Invalid {
    return new Invalid({ __all__: messages });
  }

  static field(field: string, ...messages: string[]): Invalid {
    return new Invalid({ [field]: messages });
  }

  /** The messages without their fields, for a check of one value. */
  get messages(): string[] {
    return Object.values(this.fields).flat();
  }
}
