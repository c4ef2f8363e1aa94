/** An SQL text whose `:name`s became `$1`, `$2` …; `names` in that order, each once. */
export type NumberedSql = {
  readonly text: string;
  readonly names: readonly string[];
  readonly statements: number;
};

/** Quoted texts and names, dollar quotes, comments, casts (`::`), parameters, and what ends a statement. */
const token =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$[A-Za-z_]*\$)[\s\S]*?\1|--[^\n]*|\/\*[\s\S]*?\*\/|::|:([A-Za-z_]\w*)|;/g;

/**
 * Turns `:name` into Postgres's own numbered parameters, so that values travel apart from the text. What stands in quotes and
 * comments is left alone. A parameter is given as text: `:account` becomes `$1::text`.
 */
export function namedParameters(sql: string): NumberedSql {
  const names: string[] = [];
  let ends = 0;
  const text = sql.replace(
    token,
    (found: string, _quote: string | undefined, name: string | undefined, at: number) => {
      if (found === ';') {
        if (sql.slice(at + 1).trim() !== '') ends += 1;
        return '';
      }
      if (name === undefined) return found;
      if (!names.includes(name)) names.push(name);
      return `$${names.indexOf(name) + 1}::text`;
    },
  );
  return { text, names, statements: ends + 1 };
}
