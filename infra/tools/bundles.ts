import { createHash } from 'node:crypto';
import type { ToolGroup } from './types.ts';

/**
 * A set of programs unpacked together into one private root.
 * `newer`: from a newer Debian, run through that root's own loader (it brings its own C library).
 * `own`: from the machine's release, for programs that start siblings of themselves and so need the machine's loader.
 */
export type Bundle = {
  name: 'telephony' | 'postgres' | 'phones' | 'browser';
  group: ToolGroup;
  release: 'newer' | 'own';
  packages: readonly string[];
  /** Names of packages that are dependencies on paper only: nothing we run opens them. */
  leaveOut: RegExp;
};

/** Raise when the way a bundle is unpacked changes, so that old ones are not taken for new. */
const RECIPE_VERSION = 1;

/** Package management and maintainer scripts' needs: no script runs in a private root. */
const NEVER_RUN =
  'perl|perl-base|perl-modules-.*|dpkg|tar|passwd|adduser|debconf|ucf|init-system-helpers|sensible-utils';

export const BUNDLES: readonly Bundle[] = [
  {
    name: 'telephony',
    group: 'run',
    release: 'newer',
    packages: ['asterisk', 'prometheus', 'espeak-ng', 'sox', 'libsox-fmt-base'],
    leaveOut: new RegExp(`^(${NEVER_RUN}|libsnmp-base)$`),
  },
  {
    name: 'postgres',
    group: 'run',
    release: 'own',
    packages: ['postgresql'],
    // The C library must be the one of the loader, the machine's. LLVM serves just-in-time compilation only (removed below).
    leaveOut: new RegExp(
      `^(${NEVER_RUN}|libc6|libc-bin|libc-l10n|locales|libllvm.*|libz3-.*|libperl.*|openssl)$`,
    ),
  },
  {
    name: 'phones',
    group: 'test',
    release: 'newer',
    packages: ['sip-tester', 'baresip-core'],
    leaveOut: new RegExp(`^(${NEVER_RUN}|python3.*|libpython3.*|openssl.*)$`),
  },
  {
    name: 'browser',
    group: 'test',
    release: 'own',
    packages: ['chromium', 'fonts-wqy-microhei', 'fonts-dejavu-core'],
    // Headless Chromium draws with its own software renderer.
    leaveOut: new RegExp(
      `^(${NEVER_RUN}|libc6|libc-bin|libllvm.*|libz3-.*|libgl1-mesa-dri|libperl.*|systemd.*|libsystemd-shared|adwaita-icon-theme|hicolor-icon-theme|dbus.*|openssl)$`,
    ),
  },
];

/** Changes whenever what a bundle holds could change: its folder's name, so that a new recipe never meets an old root. */
export function recipeHash(bundle: Bundle, release: string): string {
  const recipe = [RECIPE_VERSION, release, bundle.packages, bundle.leaveOut.source];
  return createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 12);
}
