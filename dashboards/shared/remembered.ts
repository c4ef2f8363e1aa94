/**
 * A small choice kept in this browser (language, light or dark). Reading gives null when nothing usable is kept;
 * a browser that keeps nothing (private mode, storage turned off) only forgets the choice.
 */
export function remembered<T extends string>(
  key: string,
  allowed: readonly T[],
): { read: () => T | null; write: (value: T) => void } {
  return {
    read: () => {
      try {
        const value = localStorage.getItem(key);
        return allowed.find((candidate) => candidate === value) ?? null;
      } catch {
        return null;
      }
    },
    write: (value) => {
      try {
        localStorage.setItem(key, value);
      } catch (error) {
        console.warn(`the choice "${value}" is not remembered in this browser`, error);
      }
    },
  };
}
