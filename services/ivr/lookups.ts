/** What flows can look up, as `dialplans/lookups.yaml` names it. Loaded and checked by runtime/lookups-file.ts. */
export type Lookups = {
  readonly sources: ReadonlyMap<string, LookupSource>;
  readonly lookups: ReadonlyMap<string, Lookup>;
};

/** One question with what it takes and what it tells. How its source is asked is the adapters' business. */
export type Lookup = {
  readonly id: string;
  readonly source: string;
  /** All must be given; '' is a value too. */
  readonly parameters: readonly string[];
  /** All are told when something was found; '' for what is not known. They become the call's variables, by these names. */
  readonly results: ReadonlyMap<string, LookupResultType>;
  /** A caller is kept waiting no longer. */
  readonly timeoutMs: number;
  readonly question: LookupQuestion;
};

/**
 * `text` is for branches and the record only: it cannot be spoken. `digits` are spoken one by one, an `amount` is yuan with two
 * decimals, a `count` a whole number, a `date` YYYY-MM-DD, a `time` HH:MM; a `code` is one of few words that choose a prompt.
 */
export type LookupResultType =
  | { readonly kind: 'text' | 'digits' | 'amount' | 'count' | 'date' | 'time' }
  /** `codes`: those that are expected; another one is passed on as it is. */
  | { readonly kind: 'code'; readonly codes: readonly string[] };

export type LookupQuestion =
  /** One SELECT with `:name` for each parameter; its first row is the answer, with columns named like the results. */
  | { readonly kind: 'sql'; readonly text: string }
  /** Path and query below the source's address, with `{name}` for each parameter; 404 is not found, 200 a JSON object. */
  | { readonly kind: 'http'; readonly path: string };

export type LookupSource = {
  readonly id: string;
  /** Questions at the same time; further ones wait for their turn as long as their time allows. */
  readonly maxAtOnce: number;
  /** So many failures in a row, and it counts as down: it is not asked for `restMs`, and questions fail at once. */
  readonly failuresUntilRest: number;
  readonly restMs: number;
} & (
  | { readonly kind: 'sql' }
  /** `secret`: the name under `lookups` in `secrets.json` of the bearer token to send; null for none. */
  | { readonly kind: 'http'; readonly address: string; readonly secret: string | null }
);
