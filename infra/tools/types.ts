/** A program that can be run: callers append their own arguments to `args` and merge `env` over their own environment. */
export type Program = {
  /** Absolute path of what is executed (often the private root's own loader, not the program itself). */
  command: string;
  /** Arguments that come before the caller's. */
  args: readonly string[];
  /** Variables the program needs beside the caller's environment. */
  env: Readonly<Record<string, string>>;
};

/** What a command needs: `run` = to serve calls; `test` = callers, phones and a browser for the test suite. */
export type ToolGroup = 'run' | 'test';

/** Programs and folders needed to run the service. All paths are absolute and read-only for users of them. */
export type RunTools = {
  asterisk: Program;
  /** e.g. "22.10.1". */
  asteriskVersion: string;
  /** For `astmoddir`. */
  asteriskModulesDir: string;
  /** For `astdatadir`: a folder of ours with documentation, rest-api and static-http linked in. No sounds. */
  asteriskDataDir: string;
  /** Folder of Asterisk's own API description (`resources.json`, `channels.json` …). */
  asteriskRestApiDir: string;
  prometheus: Program;
  promtool: Program;
  espeak: Program;
  sox: Program;
  /** Folder that holds initdb, postgres, pg_ctl, psql; run them with the Programs below (they need `env`). */
  postgresBinDir: string;
  /** e.g. 15. A data directory belongs to one major version. */
  postgresMajor: number;
  initdb: Program;
  postgres: Program;
  pgCtl: Program;
  psql: Program;
};

/** Programs the test suite needs beside {@link RunTools}. */
export type TestTools = {
  sipp: Program;
  baresip: Program;
  /** For baresip's `module_path`. */
  baresipModulesDir: string;
  /** Chromium without its wrapper script; a CJK font is found by its `env`. */
  chromium: Program;
};

export type Tools = RunTools & TestTools;

/** Something the set-up cannot repair by itself. The message says what, where and what to do, in one line. */
export class ToolsError extends Error {
  override readonly name = 'ToolsError';
}
