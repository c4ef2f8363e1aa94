/** A template names a value nobody gave, or a value does not fit on its line. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

/**
 * Fills `{{name}}` placeholders. A value may hold a line break only when its placeholder stands alone on its line, so that
 * no value can add a setting of its own.
 * @param where named in errors, for example the template's path.
 * @throws {TemplateError}
 */
export function fillTemplate(
  template: string,
  values: Readonly<Record<string, string | number>>,
  where: string,
): string {
  return template
    .split('\n')
    .map((line) =>
      line.replaceAll(/\{\{(\w+)\}\}/g, (placeholder, name: string) => {
        const value = values[name];
        if (value === undefined) throw new TemplateError(`${where}: ${placeholder} has no value`);
        const text = String(value);
        if (/[\r\n\0]/.test(text) && line !== placeholder) {
          throw new TemplateError(`${where}: the value of ${placeholder} has a line break`);
        }
        return text;
      }),
    )
    .join('\n');
}
