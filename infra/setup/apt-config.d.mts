/** Makes `dir` an apt state of its own; answers the file to give to `apt-get -c`. `sources` null = the machine's. */
export function writeAptConfig(dir: string, sources: string | null): string;
