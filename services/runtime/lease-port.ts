/** The lease as it stands. */
export type LeaseRow = {
  /** The journal of the controller that acts, or acted last; null before there was any. */
  readonly holder: string | null;
  /** Grows with each taking. */
  readonly fence: number;
  /** Grows with each renewal. */
  readonly renewals: number;
  /** The holder has ended of its own accord. */
  readonly givenBack: boolean;
  /** Where the holder runs, for people. */
  readonly place: string;
};

/** Where all controllers look who may act. Every function rejects when there is no answer within about a second. */
export interface LeasePort {
  read(): Promise<LeaseRow>;
  /**
   * Takes the lease if it still is as it was seen; of another holder, to go on from its state (see InheritancePort). Returns its new fence; null when somebody was faster.
   */
  take(holder: string, place: string, seen: LeaseRow): Promise<number | null>;
  /** false when it is not this holder's, with this fence, any more. */
  renew(holder: string, fence: number): Promise<boolean>;
  /** So that another may take it at once. */
  giveBack(holder: string, fence: number): Promise<void>;
}
