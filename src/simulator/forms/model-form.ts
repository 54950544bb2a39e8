import { invalidFields, type FieldMessages } from "../errors";
import { Params, type ParamValue } from "../params";
import type { Region } from "../region";
import type { Row } from "../store/table";
import { type FormField, isEmpty } from "./fields";
import { Invalid } from "./invalid";

/** A row that is being made or changed: not stored yet, columns may be missing. */
export type Draft<R extends Row> = { -readonly [K in keyof R]?: R[K] };

/** How a form field becomes a column of the row, and what the model itself checks of it. */
export interface Column<R extends Row> {
  readonly key: keyof R & string;
  /** The column may be empty. */
  readonly blank?: boolean;
  /** The model's default is kept when the parameter is missing. */
  readonly hasDefault?: boolean;
  /** References are not checked again on save. */
  readonly isRelation?: boolean;
  /** From the cleaned value to the stored one. */
  readonly store?: (cleaned: unknown) => unknown;
  /** The model field's own reading and checks. @throws Invalid */
  readonly check?: (stored: unknown) => unknown;
}

/**
 * A form over a stored object, step for step as Django's ModelForm and MAAS's mixins run it, since the order of the
 * steps decides which messages a refusal carries: fields, whole form, model fields, model, uniqueness.
 */
export abstract class ModelForm<R extends Row> {
  protected readonly errors: FieldMessages = {};
  protected readonly cleaned = new Map<string, unknown>();
  protected readonly draft: Draft<R>;
  protected readonly data: Params;

  protected abstract readonly fields: Readonly<Record<string, FormField>>;
  protected abstract readonly columns: Readonly<Record<string, Column<R>>>;
  /** Fields whose null is a value ("cleared"), not "leave alone". */
  protected readonly nullable: ReadonlySet<string> = new Set();
  /** Whether the form asks for uniqueness itself; a save asks in any case. */
  protected readonly checksUniqueness: boolean = true;

  constructor(
    protected readonly region: Region,
    submitted: Params,
    protected readonly instance: R | undefined,
    defaults: Draft<R>,
    initial: Readonly<Record<string, ParamValue>>,
  ) {
    this.draft = instance === undefined ? { ...defaults } : { ...instance };
    this.data = instance === undefined ? submitted.copy() : overridden(initial, submitted);
  }

  /** A check of one field after it was read. @throws Invalid */
  protected cleanField(_name: string, value: unknown): unknown {
    return value;
  }

  /** The whole-form check. @throws Invalid */
  protected cleanForm(): void {
    return;
  }

  /** The model's own check of the draft. @throws Invalid */
  protected cleanModel(): void {
    return;
  }

  /** Messages for values that another row has already; fields in `except` are not asked about. */
  protected uniquenessMessages(_except: ReadonlySet<string>): FieldMessages {
    return {};
  }

  /** Writes the draft. */
  protected abstract write(): R;

  /** Checks everything and writes. @throws MaasError with all messages, as MAAS's reply. */
  save(): R {
    this.check();
    this.cleanOnSave();
    return this.write();
  }

  /** The form's checks alone. @throws MaasError */
  check(): void {
    for (const [name, field] of Object.entries(this.fields)) this.readField(name, field);
    this.collect(() => this.cleanForm());
    for (const [name, value] of this.cleaned) {
      if (value === null && !this.nullable.has(name)) this.cleaned.delete(name);
    }
    this.construct();
    const excluded = this.excludedFromModel();
    this.collect(() => this.cleanColumns((name) => !excluded.has(name)));
    this.collect(() => this.cleanModel());
    if (this.checksUniqueness) this.addAll(this.uniquenessMessages(new Set(Object.keys(this.errors))));
    if (Object.keys(this.errors).length > 0) throw invalidFields(this.errors);
  }

  /** Adds a message without taking back the field's value. */
  protected addError(name: string, message: string): void {
    (this.errors[name] ??= []).push(message);
  }

  protected hasError(name: string): boolean {
    return name in this.errors;
  }

  /** What MAAS's models check again when they are saved, whatever the form left out. */
  protected cleanOnSave(): void {
    const messages: FieldMessages = {};
    const collect = (step: () => void) => {
      try {
        step();
      } catch (error) {
        if (!(error instanceof Invalid)) throw error;
        for (const [name, found] of Object.entries(error.fields)) (messages[name] ??= []).push(...found);
      }
    };
    collect(() => this.cleanColumns((name) => this.columns[name]?.isRelation !== true));
    collect(() => this.cleanModel());
    if (Object.keys(messages).length === 0) Object.assign(messages, this.uniquenessMessages(new Set()));
    if (Object.keys(messages).length > 0) throw invalidFields(messages);
  }

  private readField(name: string, field: FormField): void {
    try {
      this.cleaned.set(name, field.clean(this.data.get(name)));
      this.cleaned.set(name, this.cleanField(name, this.cleaned.get(name)));
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      this.cleaned.delete(name);
      for (const message of error.messages) this.addError(name, message);
    }
  }

  private construct(): void {
    for (const [name, column] of Object.entries(this.columns)) {
      if (!this.cleaned.has(name)) continue;
      const value = this.cleaned.get(name);
      const isOmitted = !this.data.has(name) && this.fields[name]?.isCheckbox !== true;
      if (column.hasDefault === true && isOmitted && isEmpty(value)) continue;
      this.draft[column.key] = (column.store ? column.store(value) : value) as R[typeof column.key];
    }
  }

  private excludedFromModel(): ReadonlySet<string> {
    const names = Object.entries(this.columns)
      .filter(([name, column]) => {
        if (this.hasError(name)) return true;
        return column.blank !== true && this.fields[name]?.required !== true && isEmpty(this.cleaned.get(name));
      })
      .map(([name]) => name);
    return new Set(names);
  }

  private cleanColumns(isChecked: (name: string) => boolean): void {
    const messages: FieldMessages = {};
    for (const [name, column] of Object.entries(this.columns)) {
      if (column.check === undefined || !isChecked(name)) continue;
      const stored = this.draft[column.key];
      if (column.blank === true && isEmpty(stored)) continue;
      try {
        this.draft[column.key] = column.check(stored) as R[typeof column.key];
      } catch (error) {
        if (!(error instanceof Invalid)) throw error;
        messages[name] = error.messages;
      }
    }
    if (Object.keys(messages).length > 0) throw new Invalid(messages);
  }

  private collect(step: () => void): void {
    try {
      step();
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      this.addAll(error.fields);
      for (const name of Object.keys(error.fields)) this.cleaned.delete(name);
    }
  }

  private addAll(messages: FieldMessages): void {
    for (const [name, found] of Object.entries(messages)) for (const message of found) this.addError(name, message);
  }
}

/** What a PUT leaves out keeps the stored value: MAAS fills the form from the object first. */
function overridden(initial: Readonly<Record<string, ParamValue>>, submitted: Params): Params {
  const data = Params.fromObject(initial);
  for (const name of submitted.names()) data.setAll(name, submitted.all(name));
  return data;
}
