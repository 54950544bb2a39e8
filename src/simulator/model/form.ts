import { Params, type ParamValue } from "../api/params";
import type { Column } from "./columns";
import { type FieldMessages, Invalid, invalidFields, onInvalid } from "./errors";
import { type FormField, isEmpty } from "./fields";
import type { Region } from "./store";
import type { Row, Table } from "./table";

/** A row that is being made or changed: not stored yet, columns may be missing. */
export type Draft<R extends Row> = { -readonly [K in keyof R]?: R[K] };

/** What creating and editing check beyond the columns, in MAAS's order. Every check may throw {@link Invalid}. */
export interface FormRules<R extends Row> {
  /** The columns that the form sets; by default all that have a field. */
  readonly only?: readonly (keyof R & string)[];
  /** How the form reads columns that it reads in another way than they say, or that no form sets otherwise. */
  readonly fields?: Readonly<Partial<Record<keyof R & string, FormField>>>;
  /** Parameters that are no columns. */
  readonly parameters?: Readonly<Record<string, FormField>>;
  /** The stored value of parameters that are no columns, for a PUT that leaves them out. */
  initial?(row: R): Readonly<Record<string, ParamValue>>;
  /** Completes what was sent, before it is read. */
  prepare?(data: Params, region: Region, live: R | undefined): void;
  /** A check of one field after it was read. */
  readonly clean?: { readonly [K in keyof R]?: (value: unknown, form: Form<R>) => unknown };
  /** The check of the form as a whole. */
  cleanForm?(form: Form<R>): void;
  /** The model's own check of the draft; a save makes it again. */
  cleanModel?(form: Form<R>): void;
  /** The field and the message for a value that another row has already; fields in `except` are not asked about. */
  unique?(form: Form<R>, except: ReadonlySet<string>): readonly [field: string, message: string] | undefined;
  /** Only a save asks for uniqueness, not the form. */
  readonly isUniqueOnSaveOnly?: boolean;
  /** Right before the model checks itself once more and is written. */
  beforeSave?(form: Form<R>): void;
  /** The messages as the reply has them, where the call changes them. */
  report?(messages: FieldMessages, form: Form<R>): FieldMessages;
  /** Writes the draft; by default as it is. */
  write?(form: Form<R>): R;
}

/**
 * A form over a stored object, step for step as Django's ModelForm and MAAS's mixins run it, since the order of the
 * steps decides which messages a refusal carries: fields, whole form, model fields, model, uniqueness.
 */
export class Form<R extends Row> {
  readonly errors: FieldMessages = {};
  readonly cleaned = new Map<string, unknown>();
  readonly draft: Draft<R>;
  readonly data: Params;
  private readonly columns: readonly (readonly [name: string, column: Column, field: FormField])[];
  private readonly fields: ReadonlyMap<string, FormField>;
  private readonly rules: FormRules<R>;
  private readonly given: Draft<R>;

  /** @param given columns of a new object that the call itself says; what was sent for them is not stored */
  constructor(
    readonly table: Table<R>,
    readonly region: Region,
    submitted: Params,
    /** The object that is edited; undefined for a new one. */
    readonly live?: R,
    { rules = table.resource.rules ?? {}, given = {} }: { rules?: FormRules<R>; given?: Draft<R> } = {},
  ) {
    this.rules = rules;
    this.draft = live === undefined ? { ...table.resource.defaults } : { ...live };
    this.given = live === undefined ? given : {};
    this.data = live === undefined ? submitted.copy() : overridden(this.initial(live), submitted);
    rules.prepare?.(this.data, region, live);
    this.columns = Object.entries(table.resource.columns).flatMap(([name, column]) => {
      const field = rules.fields?.[name as keyof R & string] ?? column.field;
      const isSet = rules.only === undefined || (rules.only as readonly string[]).includes(name);
      const exists = column.since === undefined || region.version.features[column.since];
      return field !== undefined && isSet && exists ? [[name, column, field] as const] : [];
    });
    this.fields = new Map<string, FormField>([
      ...this.columns.map(([name, , field]) => [name, field] as const),
      ...Object.entries(rules.parameters ?? {}),
    ]);
  }

  /** What MAAS fills the form with before it reads what was sent. */
  private initial(live: R): Record<string, ParamValue> {
    const values: Record<string, ParamValue> = {};
    for (const [name, { references, by }] of Object.entries(this.table.resource.columns)) {
      const stored = live[name as keyof R] as ParamValue;
      if (references === undefined || by === undefined) values[name] = stored;
      else {
        const found = this.region.store.table(references).get(stored as number | null);
        values[name] = (found as unknown as Record<string, string> | undefined)?.[by];
      }
    }
    return { ...values, ...this.rules.initial?.(live) };
  }

  /** The value that was read of a parameter; undefined for none. */
  get<T>(name: string): T | undefined {
    return (this.cleaned.get(name) ?? undefined) as T | undefined;
  }

  /** Adds a message without taking back the field's value. */
  addError(name: string, message: string): void {
    (this.errors[name] ??= []).push(message);
  }

  hasError(name: string): boolean {
    return name in this.errors;
  }

  /** Checks everything and writes. @throws MaasError with all messages, as MAAS's reply. */
  save(): R {
    const { rules, table, live } = this;
    this.check();
    Object.assign(this.draft, this.given);
    rules.beforeSave?.(this);
    this.cleanOnSave();
    if (rules.write !== undefined) return rules.write(this);
    return live === undefined ? table.insert(this.draft) : this.writeTo(live);
  }

  /** Writes the draft to the row. */
  writeTo(row: R): R {
    this.table.update(row, this.draft);
    return row;
  }

  private check(): void {
    const { rules } = this;
    for (const [name, field] of this.fields) this.readField(name, field);
    this.collect(() => rules.cleanForm?.(this));
    const { columns } = this.table.resource;
    for (const [name, value] of this.cleaned) {
      if (value === null && columns[name]?.nullable !== true) this.cleaned.delete(name);
    }
    this.construct();
    const excluded = this.excludedFromModel();
    this.collect(() => this.cleanColumns((name) => !excluded.has(name)));
    this.collect(() => rules.cleanModel?.(this));
    if (rules.isUniqueOnSaveOnly !== true) {
      const taken = rules.unique?.(this, new Set(Object.keys(this.errors)));
      if (taken !== undefined) this.addError(...taken);
    }
    if (Object.keys(this.errors).length > 0) throw invalidFields(rules.report?.(this.errors, this) ?? this.errors);
  }

  /** What MAAS's models check again when they are saved, whatever the form left out. References are not among it. */
  private cleanOnSave(): void {
    const { rules } = this;
    const messages: FieldMessages = {};
    const collect = (step: () => void) => {
      onInvalid(step, ({ fields }) => {
        for (const [name, found] of Object.entries(fields)) (messages[name] ??= []).push(...found);
      });
    };
    collect(() => this.cleanColumns((_name, { references }) => references === undefined));
    collect(() => rules.cleanModel?.(this));
    if (Object.keys(messages).length > 0) throw invalidFields(messages);
    const taken = rules.unique?.(this, new Set());
    if (taken !== undefined) throw invalidFields({ [taken[0]]: [taken[1]] });
  }

  private readField(name: string, field: FormField): void {
    onInvalid(
      () => {
        this.cleaned.set(name, field.clean(this.data.get(name), this.region, this.live));
        const clean = this.rules.clean?.[name as keyof R];
        if (clean !== undefined) this.cleaned.set(name, clean(this.cleaned.get(name), this));
      },
      ({ messages }) => {
        this.cleaned.delete(name);
        for (const message of messages) this.addError(name, message);
      },
    );
  }

  private construct(): void {
    for (const [name, column, field] of this.columns) {
      if (!this.cleaned.has(name)) continue;
      const value = this.cleaned.get(name);
      const isOmitted = !this.data.has(name) && field.isCheckbox !== true;
      if (column.default !== undefined && isOmitted && isEmpty(value)) continue;
      this.draft[name as keyof R] = stored(column, value) as R[keyof R];
    }
  }

  private excludedFromModel(): ReadonlySet<string> {
    const excluded = this.columns.filter(([name, column, field]) => {
      if (this.hasError(name)) return true;
      return column.blank !== true && !field.required && isEmpty(this.cleaned.get(name));
    });
    return new Set(excluded.map(([name]) => name));
  }

  private cleanColumns(isChecked: (name: string, column: Column) => boolean): void {
    const messages: FieldMessages = {};
    for (const [name, column] of this.columns) {
      const { check, blank } = column;
      if (check === undefined || !isChecked(name, column)) continue;
      const key = name as keyof R;
      if (blank === true && isEmpty(this.draft[key])) continue;
      onInvalid(
        () => {
          this.draft[key] = check(this.draft[key], this.region) as R[keyof R];
        },
        (invalid) => {
          messages[name] = invalid.messages;
        },
      );
    }
    if (Object.keys(messages).length > 0) throw new Invalid(messages);
  }

  private collect(step: () => void): void {
    onInvalid(step, ({ fields }) => {
      this.addAll(fields);
      for (const name of Object.keys(fields)) this.cleaned.delete(name);
    });
  }

  private addAll(messages: FieldMessages): void {
    for (const [name, found] of Object.entries(messages)) for (const message of found) this.addError(name, message);
  }
}

/** A reference is read as the row and stored as its id. */
const stored = ({ references }: Column, cleaned: unknown): unknown =>
  references === undefined ? cleaned : ((cleaned as Row | null)?.id ?? null);

/** What a PUT leaves out keeps the stored value: MAAS fills the form from the object first. */
function overridden(initial: Readonly<Record<string, ParamValue>>, submitted: Params): Params {
  const data = Params.fromObject(initial);
  for (const name of submitted.names()) data.setAll(name, submitted.all(name));
  return data;
}

/** A form over no stored object: reads fields, then lets more be checked, then refuses with all messages at once. */
export class PlainForm {
  private readonly errors: FieldMessages = {};
  private readonly cleaned = new Map<string, unknown>();

  constructor(region: Region, data: Params, fields: Readonly<Record<string, FormField>>) {
    for (const [name, field] of Object.entries(fields)) {
      onInvalid(
        () => this.cleaned.set(name, field.clean(data.get(name), region)),
        ({ messages }) => {
          for (const message of messages) this.addError(name, message);
        },
      );
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

/** Another row than the drafted one has this value of the column. */
export const isTaken = <R extends Row>({ draft }: Form<R>, rows: readonly R[]): boolean =>
  rows.some((row) => row.id !== draft.id);
