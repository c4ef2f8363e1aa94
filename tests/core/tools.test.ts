import { describe, expect, test } from 'vitest';
import { CommandFailed } from '../../infra/setup/run.ts';
import { parsePlan } from '../../infra/tools/apt.ts';
import { BUNDLES, recipeHash } from '../../infra/tools/bundles.ts';
import { explainAptFailure, mirrorIn } from '../../infra/tools/release.ts';
import { isGoodVersion } from '../../infra/tools/system-asterisk.ts';

const failed = (stderr: string) =>
  new CommandFailed('apt-get', { code: 100, signal: null, stdout: '', stderr });

describe('finding the programs', () => {
  test("the mirror is the one of the machine's own release, not of its updates or security fixes", () => {
    const printed = [
      "'http://mirror.example/debian/dists/bookworm-updates/InRelease' x 0 ",
      "'http://mirror.example/debian-security/dists/bookworm-security/InRelease' x 0 ",
      "'http://mirror.example/debian/dists/bookworm/InRelease' x 0 ",
    ].join('\n');
    expect(mirrorIn(printed, 'bookworm')).toBe('http://mirror.example/debian');
    expect(mirrorIn(printed, 'trixie')).toBeNull();
    expect(mirrorIn("'mirror+file:/etc/apt/mirrors/debian.list/dists/trixie/InRelease' x 0 ", 'trixie')).toBe(
      'mirror+file:/etc/apt/mirrors/debian.list',
    );
  });

  test("apt's plan is read with names that carry an epoch", () => {
    const printed = "Reading…\n'http://m.example/a' asterisk_1%3a22.10.1-1_amd64.deb 2534036 SHA256:ab\n";
    expect(parsePlan(printed)).toEqual([
      { name: 'asterisk', file: 'asterisk_1%3a22.10.1-1_amd64.deb', sizeBytes: 2534036 },
    ]);
  });

  test.each([
    ['22.10.1', true],
    ['22.10', true],
    ['23.4.0', true],
    ['22.9.9', false],
    ['20.6.0', false],
    ['unknown', false],
  ])("the machine's Asterisk %s is good enough: %s", (version, good) => {
    expect(isGoodVersion(version)).toBe(good);
  });

  test('every bundle has a folder of its own, which moves when what it holds changes', () => {
    const hashes = BUNDLES.map((bundle) => recipeHash(bundle, 'forky'));
    expect(new Set(hashes).size).toBe(BUNDLES.length);
    for (const bundle of BUNDLES) {
      expect(recipeHash({ ...bundle, packages: [...bundle.packages, 'x'] }, 'forky')).not.toBe(
        recipeHash(bundle, 'forky'),
      );
      expect(recipeHash(bundle, 'trixie')).not.toBe(recipeHash(bundle, 'forky'));
    }
  });
});

describe('a failed download says in one line what, where and what to do', () => {
  test.each([
    [
      'E: Write error - write (28: No space left on device)',
      /postgres: the disk of \/t is full; free some space/,
    ],
    [
      "E: Failed to fetch x  Temporary failure resolving 'm.example'",
      /mirror cannot be reached .*check the network/,
    ],
    ['W: noise\nE: Unable to locate package asterisk', /postgres: .*asterisk/],
  ])('%s', (stderr, wanted) => {
    const { message } = explainAptFailure(failed(stderr), 'postgres', '/t');
    expect(message).toMatch(wanted);
    expect(message).not.toContain('\n');
  });
});
