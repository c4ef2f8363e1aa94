/**
 * A supervisor of its own process, to be killed by a test: `node supervise-and-hang.ts FOLDER`. Starts two tiny parts
 * and goes on until it is killed.
 */
import { supervise } from '../../infra/supervisor/supervise.ts';
import { tinyHome, tinyPart } from './tiny-part.ts';

const [dir] = process.argv.slice(2);
const home = tinyHome(dir);
const parts = [tinyPart(home, 'alpha', 'obedient'), tinyPart(home, 'beta', 'stubborn', { after: ['alpha'] })];
await supervise(parts, home.options).ready;
process.stdout.write('ready\n');
