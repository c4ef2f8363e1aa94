/** What the server takes for a telephone number; whether it may be called is for the centre to say. */
export const isNumber = (text: string): boolean => /^\+?[\d -]{3,24}$/.test(text);
