/** Shows the runner's workflow commands as GitHub's log page does: groups open, annotations coloured. */
export function createLogView(write: (text: string) => void, color: boolean): (line: string) => void {
  const paint = (code: string, text: string) => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  let indent = '';
  return (line) => {
    const [, command = '', text = ''] = /^::([\w-]+)[^:]*::(.*)$/.exec(line) ?? [];
    switch (command) {
      case 'group':
        write(`${paint('1', `▼ ${decode(text)}`)}\n`);
        indent = '  ';
        break;
      case 'endgroup':
        indent = '';
        break;
      case 'error':
        write(`${paint('31', `Error: ${decode(text)}`)}\n`);
        break;
      case 'warning':
      case 'notice':
        write(`${paint('33', `${command === 'warning' ? 'Warning' : 'Notice'}: ${decode(text)}`)}\n`);
        break;
      case '':
        write(`${indent}${line}\n`);
        break;
      default: // add-mask, stop-commands: GitHub shows none of them
    }
  };
}

const decode = (text: string) => text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
