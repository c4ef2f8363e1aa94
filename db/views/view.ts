/** A view of schema `public`: what it is for, and its query. */
export type View = {
  readonly name: string;
  /** Stored with the view: `\d+` and BI tools show it. */
  readonly comment: string;
  readonly query: string;
};
