/**
 * What an entry is checked with: all of it has to match.
 * @throws {SyntaxError} if the text is no regular expression; the checker has said so before a flow is built
 */
export const entryPattern = (text: string): RegExp => new RegExp(`^(?:${text})$`, 'u');
