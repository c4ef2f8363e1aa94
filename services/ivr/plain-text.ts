import { z } from 'zod';

/** How things are named that files refer to: nodes, opening hours, holidays, greetings, switches. In any script; no spaces, no control characters. */
export const plainName = z
  .string()
  .regex(/^[\p{Letter}\d][\p{Letter}\d-]{0,60}$/u, 'letters, digits and - only');

// Shown on screens and in logs, and kept by Postgres, which takes no NUL.
const noControls = [/^[^\p{Cc}\p{Cs}]*$/u, 'no control characters'] as const;

/** A value that a file gives, perhaps none. */
export const plainText = (longest: number) =>
  z
    .string()
    .max(longest)
    .regex(...noControls);
/** What a file says in words, without the space around them. */
export const plainWords = (longest: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(longest)
    .regex(...noControls);
