import { mermaid } from '../../services/ivr/graph/mermaid.ts';
import { svg } from '../../services/ivr/graph/svg.ts';
import { flowIn, type IvrCommand, say, trialWorld, WrongUse } from './command.ts';

/** The flow drawn. */
export const graph: IvrCommand = {
  usage: 'npm run ivr -- graph FLOW [--svg]          the flow as a Mermaid flowchart, or as an SVG picture',
  run([name, format, ...rest], config) {
    if ((format !== undefined && format !== '--svg') || rest.length > 0)
      throw new WrongUse(`graph takes a flow and --svg, not ${[format, ...rest].join(' ')}`);
    const flow = flowIn(trialWorld(config), name);
    say(format === '--svg' ? svg(flow) : mermaid(flow));
    return 0;
  },
};
