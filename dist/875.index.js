export const id = 875;
export const ids = [875,621,260];
export const modules = {

/***/ 6578:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   z: () => (/* binding */ supervise)
/* harmony export */ });
/**
 * Stands between us and a command, as a process of its own: @actions/exec can neither end what it started nor give
 * it a process group. It starts the command as the leader of a new group, and ends all of that group
 * - when it is told to (SIGTERM): time-out, cancelled run;
 * - when its standard input ends, which is how it learns that this action was killed;
 * - when the command has ended and left processes behind.
 * The group gets SIGTERM, and SIGKILL `grace` ms later. Exit code: the command's own, or 128 + signal, as shells do.
 * What we need to know stands on lines that begin with `mark`: its process id, and why a command could not be started.
 *
 * It is written as a function and handed to `node -e` as text, because the bundle is one file. So it must not refer
 * to anything outside of itself, imports included.
 *
 * Arguments: mark, grace in ms, program, arguments of the program.
 */
function supervise() {
    const { spawn } = process.getBuiltinModule('node:child_process');
    const { readdirSync, readFileSync, writeSync } = process.getBuiltinModule('node:fs');
    const { constants } = process.getBuiltinModule('node:os');
    const [mark = '', grace = '', program = '', ...args] = process.argv.slice(1);
    // First of all: from the next line on we can be told to end, and must not do so without the command.
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'])
        process.on(signal, end);
    // Before the command writes its first byte to the same pipe: that is why these lines are always whole.
    writeSync(1, `${mark} pid ${process.pid}\n`);
    const child = spawn(program, args, { detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
    let code;
    let deadline;
    /** Signal 0 only asks. False when nobody is left. */
    function toGroup(signal) {
        try {
            return process.kill(-child.pid, signal);
        }
        catch (error) {
            // EPERM: somebody is left who belongs to another user, and is out of our reach.
            return error.code === 'EPERM';
        }
    }
    /**
     * Whether somebody of the group still runs. For the kernel, those count too who have ended and were not collected,
     * which is for ever in a container whose first process collects nobody (as in a job's container on GitHub).
     */
    function populated() {
        if (!toGroup(0))
            return false;
        try {
            return readdirSync('/proc').some((entry) => /^\d+$/.test(entry) && runs(entry));
        }
        catch {
            return true; // No /proc here.
        }
    }
    function runs(pid) {
        try {
            const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
            const [state = '', , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
            return Number(group) === child.pid && !'ZX'.includes(state);
        }
        catch {
            return false; // Gone in this moment.
        }
    }
    function end() {
        if (deadline !== undefined || child.pid === undefined)
            return;
        deadline = Date.now() + Number(grace);
        toGroup('SIGTERM');
        setInterval(watch, 20);
    }
    function watch() {
        const expired = Date.now() >= deadline;
        if (expired)
            toGroup('SIGKILL');
        // The leader's own end is worth waiting for: it holds the exit code.
        if (code !== undefined && (expired || !populated()))
            process.exit(code);
        // What even SIGKILL does not end (it belongs to another user: sudo) must not hold up a deployment.
        if (Date.now() >= deadline + 1000)
            process.exit(128 + constants.signals.SIGKILL);
    }
    child.on('error', (error) => {
        writeSync(1, `${mark} error ${error.code}\n`);
        process.exit(error.code === 'ENOENT' ? 127 : 126);
    });
    child.on('exit', (status, signal) => {
        code = status ?? 128 + (signal === null ? 0 : constants.signals[signal]);
        if (!populated())
            process.exit(code);
        end();
    });
    process.stdin.on('close', end).on('error', end).resume();
}


/***/ }),

/***/ 7321:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   GW: () => (/* binding */ splitCommand),
/* harmony export */   fE: () => (/* binding */ formatCommand)
/* harmony export */ });
/* unused harmony export CommandError */
/**
 * Commands are run without a shell: nothing in a tag or a config can then become a command of its own. A string is
 * still split as a shell would split it, and what only a shell could do is refused instead of passed on literally.
 */
/** Why a string is no plain command: the fix, as the end of a sentence. */
class CommandError extends Error {
    name = 'CommandError';
}
const USE_SCRIPT = 'put it into a script file and run that, or write the command as a list of arguments';
const noShell = (what) => new CommandError(`${what} needs a shell, and none is used: ${USE_SCRIPT}`);
/** Characters that mean something to a shell wherever they stand unquoted. */
const OPERATORS = new Set(['|', '>', '<', '&', ';', '(', ')', '`', '\n']);
/**
 * Splits a command into its program and arguments: `'…'` is literal, in `"…"` a backslash escapes `"`, `\`, `$` and
 * the backtick, elsewhere a backslash escapes any character.
 * @throws CommandError for operators, substitutions, several lines, an open quote, or nothing at all
 */
function splitCommand(text) {
    const args = [];
    // Not the empty string: '' and "" are arguments too.
    let word;
    let quote = '';
    const source = text.trim();
    for (let i = 0; i < source.length; i++) {
        const char = source[i];
        const next = source[i + 1];
        if (quote === "'") {
            if (char === "'")
                quote = '';
            else
                word += char;
        }
        else if (char === '\\') {
            if (next === undefined)
                throw new CommandError('it ends with a backslash: remove it');
            if (next === '\n')
                i++;
            else if (quote === '"' && !'"\\$`'.includes(next))
                word += char;
            else {
                word = (word ?? '') + next;
                i++;
            }
        }
        else if (char === '$' && /[\w{(@*#?!$-]/.test(next ?? '')) {
            throw noShell(`\`${/^\$(?:\w+|.)/.exec(source.slice(i, i + 40))}\``);
        }
        else if (char === '`') {
            throw noShell('a backtick');
        }
        else if (quote === '"') {
            if (char === '"')
                quote = '';
            else
                word += char;
        }
        else if (char === "'" || char === '"') {
            quote = char;
            word ??= '';
        }
        else if (OPERATORS.has(char)) {
            throw noShell(char === '\n' ? 'more than one line' : `\`${char}\``);
        }
        else if (/\s/.test(char)) {
            if (word !== undefined)
                args.push(word);
            word = undefined;
        }
        else
            word = (word ?? '') + char;
    }
    if (quote !== '')
        throw new CommandError(`a ${quote} is never closed: close it, or escape it with a backslash`);
    if (word !== undefined)
        args.push(word);
    checkProgram(args[0]);
    return args;
}
function checkProgram(program) {
    if (!program)
        throw new CommandError('write the program and its arguments');
    if (/^[A-Za-z_]\w*=/.test(program))
        throw noShell('setting a variable before the program');
}
/** The command as it could be typed: for logs and names. */
const formatCommand = (args) => args.map((arg) => (/^[\w@%+=:,./{}-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`)).join(' ');


/***/ }),

/***/ 7196:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  Y: () => (/* binding */ loadEnvironment)
});

// EXTERNAL MODULE: ./build/src/errors.js
var errors = __webpack_require__(7406);
;// CONCATENATED MODULE: ./build/src/config/duration.js
const UNITS = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };
/** A whole number and a unit. The JSON Schema carries the same pattern, so that editors agree with us. */
const DURATION = /^[0-9]{1,9}(ms|s|m|h)$/;
/** `500ms`, `30s`, `5m`, `1h` in milliseconds; nothing where the text isn't a duration. */
function parseDuration(text) {
    if (!DURATION.test(text))
        return undefined;
    const unit = text.replace(/^[0-9]+/, '');
    return Number.parseInt(text, 10) * UNITS[unit];
}
/** Milliseconds for people: `1m 30s`, `2h`, `450ms`. Whole milliseconds; below zero counts as zero. */
function formatDuration(ms) {
    let rest = Math.max(0, Math.round(ms));
    const parts = [];
    for (const [unit, size] of Object.entries(UNITS)) {
        const count = Math.floor(rest / size);
        rest -= count * size;
        if (count > 0)
            parts.push(`${count}${unit}`);
    }
    return parts.join(' ') || '0s';
}

// EXTERNAL MODULE: ./build/src/config/network.js
var network = __webpack_require__(5850);
// EXTERNAL MODULE: ./node_modules/zod/v4/mini/schemas.js + 5 modules
var schemas = __webpack_require__(8395);
// EXTERNAL MODULE: ./node_modules/zod/v4/core/api.js + 1 modules
var api = __webpack_require__(3305);
;// CONCATENATED MODULE: ./build/src/config/schema/fields.js


/** Describes a key. */
const about = ({ is, ...meta }) => schemas/* meta */.mIj({ description: is, ...meta });
/** YAML makes a number of `1.10` and a boolean of `true`: where text is wanted, quotes are missing. */
const textOr = (fix) => (issue) => ['number', 'boolean'].includes(typeof issue.input) ? `put it in quotes; ${fix}` : fix;
/** Text that matches. `fix` as in `write a name`. */
const fields_text = (pattern, fix) => schemas/* string */.YjP({ error: textOr(fix) }).check(api/* _regex */.Fk(pattern, { error: fix }));
/** Any text on one line. */
const line = (fix) => fields_text(/^[^\p{Cc}]{1,2000}$/u, `${fix}, on one line`);
const DURATION_FIX = 'write a whole number and a unit: `500ms`, `30s`, `5m` or `1h`';
/** Timers hold no more than 24 days, and GitHub ends a job after five. */
const LONGEST = 24 * 3_600_000;
/** Milliseconds from `30s`, at least `min` of them. */
const duration = (min = 0) => schemas/* pipe */.FsL(schemas/* string */.YjP({
    error: ({ input }) => (typeof input === 'number' ? `add a unit, as in \`${input}s\`` : DURATION_FIX),
})
    .check(api/* _regex */.Fk(DURATION, { error: DURATION_FIX }), schemas/* refine */.YPB((value) => (parseDuration(value) ?? min) >= min, {
    error: `write at least \`${formatDuration(min)}\``,
}), schemas/* refine */.YPB((value) => (parseDuration(value) ?? 0) <= LONGEST, { error: 'write at most `24h`' }), schemas/* meta */.mIj({ words: 'duration' })), schemas/* transform */.pdi((value) => parseDuration(value) ?? 0));
const whole = (min, max) => {
    const error = `write a whole number from ${min} to ${max}, without quotes`;
    return schemas/* int */.Whr({ error }).check(api/* _gte */.qm(min, { error }), api/* _lte */.Zm(max, { error }));
};
/** A share, in percent, from `1%` or `0.5%`. `fix` as in `write a share`. */
const percent = (fix) => schemas/* pipe */.FsL(schemas/* string */.YjP({ error: fix }).check(api/* _regex */.Fk(/^\d{1,3}(?:\.\d{1,3})?%$/, { error: fix }), schemas/* refine */.YPB((value) => Number.parseFloat(value) <= 100, { error: fix }), schemas/* meta */.mIj({ words: 'percentage' })), schemas/* transform */.pdi((value) => Number.parseFloat(value)));
const oneOf = (values) => schemas/* enum */.k5n(values, { error: `write ${values.map((value) => `\`${value}\``).join(' or ')}` });
/** A map with fixed keys. Unknown ones are reported by problems.ts, which knows what to suggest. */
const section = (shape, fix = 'write a map of keys') => schemas/* strictObject */.rej(shape, {
    error: (issue) => (issue.code === 'invalid_type' ? fix : undefined),
});
/** For checks of several keys: run them although one key is wrong, so that everything is told at once. */
const always = {
    when: ({ value }) => typeof value === 'object' && value !== null,
};
/** A list with at least `min` items. */
const list = (item, min = 0) => schemas/* array */.YOg(item, { error: 'write a list' }).check(api/* _minLength */.m9(min, { error: 'write at least one item' }));
/** A value for each color; the two must differ. */
const perColor = (value, what) => section({ blue: value, green: value }).check(schemas/* refine */.YPB(({ blue, green }) => blue !== green, {
    path: ['green'],
    error: `each color needs its own ${what}`,
}));

;// CONCATENATED MODULE: ./build/src/config/schema/host.js

/** Where a Docker engine is, and how it is known to be the right one. */
const NAME = '(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?|\\[[0-9A-Fa-f:.]{2,45}\\])';
const PORT = '(?::(?<port>\\d{1,5}))?';
const TCP = new RegExp(`^tcp://${NAME}${PORT}$`);
/** Neither user nor host may begin with `-`: ssh would take it for an option. */
const SSH = new RegExp(`^ssh://(?:[A-Za-z0-9_][A-Za-z0-9_.-]*@)?(?<name>${NAME})${PORT}(?:/[\\w.,@+/-]*)?$`);
const isPort = (port) => port === undefined || (Number(port) >= 1 && Number(port) <= 65535);
/** `tcp://address:port`, as the Docker host sees it. */
const isTcpAddress = (value) => {
    const port = TCP.exec(value)?.groups?.['port'];
    return port !== undefined && isPort(port);
};
/** An `ssh://` address in the form that we take. */
const isSshHost = (value) => sshError(value) === undefined;
const host = schemas/* string */.YjP({ error: 'write an address, as in `ssh://deploy@app-1.example.com`' }).check(schemas/* check */.z6Y(({ value, issues }) => {
    const complain = (message) => issues.push({ code: 'custom', input: value, message });
    if (/^[a-z]+:\/\/[^@]*:[^@]*@/.test(value))
        // Not shown: it is a secret.
        issues.push({
            code: 'custom',
            input: value,
            params: {
                says: 'has a password in it: take it out; a key logs in (`identity-file`, or the input `ssh-key`)',
            },
        });
    else if (value.startsWith('unix://')) {
        if (!/^unix:\/\/\/[^\s\p{Cc}]{1,100}$/u.test(value))
            complain('write the socket’s absolute path, as in `unix:///var/run/docker.sock`');
    }
    else if (value.startsWith('tcp://')) {
        if (!isTcpAddress(value))
            complain('write address and port only, as in `tcp://127.0.0.1:2375`');
    }
    else if (value.startsWith('ssh://')) {
        const message = sshError(value);
        if (message !== undefined)
            complain(message);
    }
    else
        complain('write `unix:///var/run/docker.sock`, `tcp://127.0.0.1:2375` or `ssh://deploy@app-1.example.com`');
}));
function sshError(value) {
    const match = SSH.exec(value);
    if (match === null)
        return /^ssh:\/\/[^/]+\//.test(value)
            ? 'write the path of the engine’s socket in letters, digits and `.,@+_-`, as in `ssh://deploy@app-1.example.com/run/user/1000/docker.sock`'
            : 'write user, host and port only, as in `ssh://deploy@app-1.example.com:22`';
    return isPort(match.groups?.['port']) ? undefined : 'its port must be from 1 to 65535';
}
/** How to get what proves an `ssh://` host. */
function knownHostsHint(value) {
    const { name = 'app-1.example.com', port } = SSH.exec(value)?.groups ?? {};
    const command = `ssh-keyscan -H ${port === undefined || port === '22' ? '' : `-p ${port} `}${name.replace(/^\[|\]$/g, '')}`;
    return `write what \`${command}\` shows (run it on a network that you trust), the path of a file with that, or the key’s fingerprint (\`SHA256:…\`)`;
}
const KNOWN_HOSTS_FIX = 'write lines of a known_hosts file (`ssh-keyscan -H app-1.example.com` shows them), the path of such a file, or the key’s fingerprint (`SHA256:…`)';
/** A private key in the wrong place is said, and never shown. */
const noPrivateKey = (value, where) => /PRIVATE KEY|PuTTY-User-Key/.test(value)
    ? {
        says: `has a private key in it, ${where}: take it out of the repository, make a new one, and give that in the input \`ssh-key\`, from a secret`,
    }
    : undefined;
const knownHosts = schemas/* string */.YjP({ error: KNOWN_HOSTS_FIX }).check(schemas/* check */.z6Y(({ value, issues }) => {
    const params = noPrivateKey(value, 'where the host’s public key belongs');
    if (params !== undefined)
        issues.push({ code: 'custom', input: value, params });
    else if (!isKnownHosts(value))
        issues.push({ code: 'custom', input: value, message: KNOWN_HOSTS_FIX });
}));
/** A fingerprint, lines as `ssh-keyscan` writes them, or else a path, which is on one line. */
function isKnownHosts(value) {
    const text = value.trim();
    if (/^(?:SHA256|MD5):/.test(text))
        return /^SHA256:[A-Za-z0-9+/]{43}=?$/.test(text);
    const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
    // A public key alone does not say whose it is.
    if (/^(?:ssh|ecdsa|sk)-\S+\s+AAAA/.test(text))
        return false;
    if (lines.some((line) => KEY_LINE.test(line)))
        return lines.every((line) => KEY_LINE.test(line));
    return /^[^-\p{Cc}][^\p{Cc}]{0,999}$/u.test(text);
}
/** Marker, names, kind of key, key, comment. */
const KEY_LINE = /^\s*(?:@[a-z-]+\s+)?[^\s@#]\S*\s+(?:ssh|ecdsa|sk-ssh|sk-ecdsa)-[a-z0-9@.-]+\s+[A-Za-z0-9+/]+=*(?:\s.*)?$/;
const identityFile = schemas/* string */.YjP({ error: 'write the path of a private key' }).check(schemas/* check */.z6Y(({ value, issues }) => {
    const params = noPrivateKey(value, 'and not its path');
    if (params !== undefined)
        issues.push({ code: 'custom', input: value, params });
    else if (!/^[^-\p{Cc}][^\p{Cc}]{0,999}$/u.test(value))
        issues.push({
            code: 'custom',
            input: value,
            message: 'write the path of a private key, as in `~/.ssh/id_ed25519`',
        });
}));

;// CONCATENATED MODULE: ./build/src/config/schema/image.js

/** A repository as `docker pull` takes it, without the tag: that comes with each deployment. */
const repository = fields_text(/^(?:[A-Za-z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$/, 'write the repository only, without a tag, as in `registry.example.com/shop`');

;// CONCATENATED MODULE: ./build/src/config/show.js
const show_LONGEST = 60;
/** A value as it is shown in a message: on one line, cut, with control characters made visible. */
function show(value) {
    if (typeof value === 'string')
        return JSON.stringify(cut(value, show_LONGEST));
    if (value === null || value === undefined)
        return 'empty';
    if (typeof value !== 'object')
        return String(value);
    if (Object.keys(value).length === 0)
        return 'empty';
    return Array.isArray(value) ? 'a list' : 'a map';
}
/** A path into the config: `environments.production.smoke[0].path`. */
function showPath(path) {
    let text = '';
    for (const part of path) {
        if (typeof part === 'number')
            text += `[${part}]`;
        else {
            const name = cut(String(part), show_LONGEST);
            const quoted = /^[\w-]+$/.test(name) ? name : JSON.stringify(name);
            text += text === '' ? quoted : `.${quoted}`;
        }
    }
    return text;
}
/** The start of a long text; never half a surrogate pair. */
const cut = (text, length) => text.length <= length ? text : `${text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '')}…`;
/** `` `a`, `b` and `c` `` */
function enumerate(names, conjunction = 'and') {
    const quoted = names.map((name) => `\`${name}\``);
    const last = quoted.pop() ?? '';
    return quoted.length === 0 ? last : `${quoted.join(', ')} ${conjunction} ${last}`;
}

;// CONCATENATED MODULE: ./build/src/config/schema/proxy.js




/** What shares out the traffic on a Docker host, and where to reach it. */
/** The name of a container, by Docker's grammar. */
const container = fields_text(/^[A-Za-z0-9][A-Za-z0-9_.-]{1,127}$/, 'write the name of the proxy’s container: letters, digits, `_`, `.` and `-`, beginning with a letter or digit');
/** What other containers call it: Docker's DNS takes no longer labels than any other. */
const alias = fields_text(/^[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/, 'write a network alias: letters, digits, `-`, `_` and `.`, at most 63, a letter or digit at both ends');
/** Neither blanks nor what separates commands on HAProxy's socket; no way up. */
const inside = (what, example) => {
    const error = `write the absolute path of the ${what} inside the container, as in \`${example}\``;
    return fields_text(/^\/[^\s\p{Cc};\\"']{1,250}$/u, error).check(schemas/* refine */.YPB((value) => !/\/(?:\.{0,2}\/|\.{0,2}$)/.test(value), { error }));
};
const SOCKET_FIX = 'write the socket’s absolute path on the host, as in `/run/haproxy/admin.sock`, or `tcp://127.0.0.1:9999`';
const socket = schemas/* string */.YjP({ error: SOCKET_FIX })
    .check(schemas/* refine */.YPB((value) => /^\/[^\s\p{Cc}]{1,100}$/u.test(value) || isTcpAddress(value), { error: SOCKET_FIX }));
const backend = fields_text(/^[A-Za-z0-9_.:-]{1,255}$/, 'write the name of the backend, which has letters, digits, `-`, `_`, `.` and `:`');
const haproxy = section({
    socket: socket.check(about({
        is: 'HAProxy’s admin socket: a path on the host, or `tcp://address:port` as the host sees it',
        examples: ['/run/haproxy/admin.sock', 'tcp://127.0.0.1:9999'],
    })),
    map: inside('map file', '/maps/active.map').check(about({
        is: 'The map file, a path inside the container, in a mounted directory that outlives it',
        examples: ['/maps/active.map'],
    })),
    shares: inside('map file', '/maps/shares.map').check(about({
        is: 'The map for a gradual `shift`, a path inside the container; `docs/docker.md` has the lines for `haproxy.cfg`',
        absent: '`shares.map` in the directory of `map`',
    })),
    container: container.check(about({ is: 'Container that HAProxy runs in', examples: ['edge'] })),
    key: fields_text(/^[A-Za-z0-9][A-Za-z0-9_.:/*-]{0,254}$/, 'write a key of the map: letters, digits, `-`, `_`, `.`, `:`, `/` and `*`, no blanks').check(about({
        is: 'The map’s key whose value is the live backend; missing, it is added',
        absent: '`<app>-<environment>`',
    })),
    backends: perColor(backend, 'backend').check(about({
        is: 'Names of the two backends',
        words: 'text for `blue` and for `green`',
        absent: '`<app>-<environment>-<color>`',
    })),
});
const ADMIN_FIX = 'write the address of Caddy’s admin endpoint as the host sees it, as in `http://127.0.0.1:2019`';
const caddy = section({
    flags: inside('directory', '/flags').check(about({ is: 'Directory of the flag files, a path inside the container', examples: ['/flags'] })),
    flag: fields_text(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/, 'write the beginning of a file name: letters, digits, `-`, `_` and `.`, at most 100').check(about({
        is: 'Flag files are `<flag>.blue` and `<flag>.green`; the newest wins',
        absent: '`<app>-<environment>`',
    })),
    container: container.check(about({ is: 'Container that Caddy runs in', examples: ['edge'] })),
    admin: schemas/* optional */.lqM(schemas/* string */.YjP({ error: ADMIN_FIX }).check(schemas/* refine */.YPB((value) => isTcpAddress(value.replace(/^http:/, 'tcp:')) && value.startsWith('http:'), {
        error: ADMIN_FIX,
    }), about({
        is: 'Caddy’s admin endpoint as the host sees it, to count requests in flight',
        absent: 'not counted: `retire.drain` is waited out',
        examples: ['http://127.0.0.1:2019'],
    }))),
});
const networkAlias = section({
    name: alias.check(about({ is: 'The network alias that your proxy resolves; it goes from one color to the other' })),
    'dns-ttl': schemas/* prefault */.SdS(duration().check(about({ is: 'How long your proxy keeps what it resolved' })), '2s'),
});
const KINDS = ['haproxy', 'caddy', 'alias'];
const proxy = section({
    haproxy: schemas/* optional */.lqM(haproxy.check(about({ is: 'HAProxy, switched by a map' }))),
    caddy: schemas/* optional */.lqM(caddy.check(about({ is: 'Caddy, switched by flag files' }))),
    alias: schemas/* optional */.lqM(networkAlias.check(about({ is: 'Any proxy that resolves a network alias: the alias moves' }))),
}, `write a map with one of ${enumerate(KINDS)}`).check(schemas/* check */.z6Y(({ value, issues }) => {
    const given = KINDS.filter((kind) => value[kind] !== undefined);
    if (given.length === 1)
        return;
    const has = given.length === 0 ? 'none of them' : enumerate(given);
    issues.push({
        code: 'custom',
        input: value,
        params: { says: `has ${has}: write exactly one of ${enumerate(KINDS)}` },
    });
}, always));

;// CONCATENATED MODULE: ./build/src/config/schema/docker.js





const COMPOSE_FIX = 'write the path of a Compose file in the workspace, as in `compose.yml`';
/** Docker's own: `bridge` knows no aliases, and a container on `host` or `none` has no address. */
const PREDEFINED = ['bridge', 'host', 'none'];
const ANYTHING = section({
    host: schemas/* optional */.lqM(host.check(about({
        is: 'Where the Docker engine is: `unix://`, `tcp://` or `ssh://`',
        absent: '`DOCKER_HOST`, else the local engine',
        examples: ['ssh://deploy@app-1.example.com'],
    }))),
    'known-hosts': schemas/* optional */.lqM(knownHosts.check(about({
        is: 'What proves an `ssh://` host: lines of a known_hosts file (`ssh-keyscan -H` shows them), the path of one, or a fingerprint (`SHA256:…`); the input `known-hosts` is stronger',
        absent: 'none; `ssh://` needs it',
    }))),
    'identity-file': schemas/* optional */.lqM(identityFile.check(about({
        is: 'Path of the private key for an `ssh://` host; the input `ssh-key` is stronger',
        absent: 'the agent’s, and those of the ssh config',
        examples: ['~/.ssh/id_ed25519'],
    }))),
    image: repository.check(about({ is: 'Repository of the image, without a tag', examples: ['registry.example.com/shop'] })),
    engine: schemas/* prefault */.SdS(oneOf(['compose']).check(about({ is: 'What runs the containers' })), 'compose'),
    compose: schemas/* prefault */.SdS(fields_text(/^[^\p{Cc}\\]{1,500}$/u, COMPOSE_FIX).check(schemas/* refine */.YPB((value) => !/^\/|^[A-Za-z]:|(?:^|\/)\.\.(?:\/|$)|\/$/.test(value), { error: COMPOSE_FIX }), about({
        is: 'Your Compose file, a path in the workspace; each color is a project of it, with `IMAGE`, `IMAGE_TAG`, `COLOR`, `APP` and `ENVIRONMENT` set',
    })), 'compose.yml'),
    service: fields_text(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'write the name of a service in your Compose file: letters, digits, `.`, `-` and `_`').check(about({
        is: 'Service of that file that takes the traffic; the others move along',
        examples: ['web'],
    })),
    port: whole(1, 65_535).check(about({ is: 'Port that it listens on inside the container' })),
    replicas: schemas/* optional */.lqM(whole(1, 1000).check(about({
        is: 'Containers of a new release',
        absent: 'what the live color runs; `1` where nothing runs',
    }))),
    network: fields_text(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/, 'write the name of the Docker network: letters, digits, `_`, `.` and `-`, beginning with a letter or digit').check(schemas/* refine */.YPB((value) => !PREDEFINED.includes(value), {
        error: 'Docker’s own networks know no aliases; make one of your own, as in `docker network create edge`',
    }), about({ is: 'Name of the Docker network that the containers share with the proxy', examples: ['edge'] })),
    aliases: perColor(alias, 'alias').check(about({
        is: 'Network alias of each color’s containers: what the proxy’s configuration calls them',
        words: 'text for `blue` and for `green`',
        absent: '`<app>-<environment>-<color>`',
    })),
    proxy: proxy.check(about({ is: 'What shares out the traffic: exactly one of three' })),
});
const docker = ANYTHING.check(schemas/* check */.z6Y(({ value, issues }) => {
    const at = (path, input, message) => issues.push({ code: 'custom', input, path, message });
    const { host: address, aliases } = value;
    const isSsh = typeof address === 'string' && address.startsWith('ssh://');
    // Without `host` it may be for a DOCKER_HOST that only the job knows.
    if (typeof address === 'string' && !isSsh)
        for (const key of ['known-hosts', 'identity-file'])
            if (value[key] !== undefined)
                issues.push({
                    code: 'custom',
                    input: value[key],
                    path: [key],
                    params: { says: 'means something for an `ssh://` host only: remove it' },
                });
    const moving = value.proxy?.alias?.name;
    for (const color of ['blue', 'green'])
        if (moving !== undefined && aliases?.[color] === moving)
            at(['proxy', 'alias', 'name'], moving, `the containers of ${color} have it always, by \`aliases\`; write another`);
}, always));

// EXTERNAL MODULE: ./build/src/config/merge.js
var merge = __webpack_require__(168);
;// CONCATENATED MODULE: ./build/src/config/schema/ecs.js




const nameFix = (what) => `write the name of the ${what}, which has letters, digits, \`-\` and \`_\``;
const ecs_name = (what) => fields_text(/^[A-Za-z0-9_-]{1,255}$/, nameFix(what));
const SERVICE_FIX = nameFix('service');
const REGION = /^[a-z]{2,4}(?:-[a-z]+){1,3}-\d{1,2}$/;
const ARN = 'arn:aws[a-z-]*:elasticloadbalancing:(?<region>[a-z0-9-]+):\\d{12}:';
const BALANCER = '(?:app|net|gwy)/[A-Za-z0-9-]+';
const LISTENER = new RegExp(`^${ARN}(?:listener/${BALANCER}(?:/[A-Za-z0-9]+){2}|listener-rule/${BALANCER}(?:/[A-Za-z0-9]+){3})$`);
const ROLE = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/;
const TOPIC = /^arn:aws[a-z-]*:sns:(?<region>[a-z0-9-]+):\d{12}:[\w-]{1,256}$/;
const TARGET_GROUP = new RegExp(`^${ARN}targetgroup/[A-Za-z0-9-]+/[A-Za-z0-9]+$`);
const listener = fields_text(LISTENER, 'write the ARN of a listener (`arn:aws:elasticloadbalancing:…:listener/app/…`) or of a listener rule').check(schemas/* refine */.YPB((arn) => !arn.includes(':listener/gwy/'), {
    error: 'gateway load balancers share out no requests; use a listener of an application or network load balancer',
}), schemas/* refine */.YPB((arn) => !/:listener-rule\/(?:net|gwy)\//.test(arn), {
    error: 'only application load balancers have rules; write the ARN of the listener',
}));
const targetGroup = fields_text(TARGET_GROUP, 'write the ARN of a target group (`arn:aws:elasticloadbalancing:…:targetgroup/…`)');
const alarms = section({
    'error-rate': schemas/* prefault */.SdS(percent('write a share, as in `5%`').check(about({ is: 'Share of 5xx among the answers of a color’s targets, above which `…-5xx` goes off' })), '5%'),
    'response-time': schemas/* prefault */.SdS(duration(1).check(about({
        is: 'Time to answer, 95th percentile of a color’s targets, above which `…-response-time` goes off',
    })), '1s'),
    'sns-topic': schemas/* optional */.lqM(fields_text(TOPIC, 'write the ARN of a topic (`arn:aws:sns:us-east-1:123456789012:…`)').check(about({ is: 'SNS topic that the alarms tell', words: 'ARN', absent: 'none' }))),
});
/** One service for each color, or a single one whose deployment strategy moves the traffic by itself. */
const services = section({
    blue: schemas/* optional */.lqM(ecs_name('service')),
    green: schemas/* optional */.lqM(ecs_name('service')),
    native: schemas/* optional */.lqM(ecs_name('service').check(about({ is: 'Name of a single service whose deployment strategy moves the traffic by itself' }))),
}).check(schemas/* check */.z6Y(({ value, issues }) => {
    if (!(0,merge/* isMap */.jh)(value))
        return;
    const { blue, green, native } = value;
    const at = (path, input, message) => issues.push({ code: 'custom', input, path: [path], message });
    if (native !== undefined) {
        if (blue !== undefined || green !== undefined)
            at('native', native, 'write `native` alone, or `blue` and `green`');
        return;
    }
    if (blue === undefined)
        at('blue', blue, SERVICE_FIX);
    if (green === undefined)
        at('green', green, SERVICE_FIX);
    else if (blue === green)
        at('green', green, 'each color needs its own service');
}, always));
const ecs_ANYTHING = section({
    region: schemas/* string */.YjP({ error: 'write it, or set `AWS_REGION`' })
        .check(api/* _regex */.Fk(REGION, { error: 'write an AWS region, as in `us-east-1`' }), about({ is: 'AWS region', absent: '`AWS_REGION`', examples: ['us-east-1'] })),
    cluster: ecs_name('cluster').check(about({ is: 'Name of the ECS cluster' })),
    image: repository.check(about({
        is: 'Repository of the image, without a tag',
        examples: ['123456789012.dkr.ecr.us-east-1.amazonaws.com/shop'],
    })),
    services: services.check(about({
        is: 'Names of the two services; or of one that ECS itself deploys blue/green (`native`)',
        words: 'text for `blue` and for `green`, or for `native`',
        examples: [{ blue: 'shop-blue', green: 'shop-green' }, { native: 'shop' }],
    })),
    listeners: schemas/* optional */.lqM(list(listener, 1).check(about({
        is: 'ARNs of the listeners or listener rules that carry the traffic; all move together',
        words: 'list of ARNs',
        absent: 'required with `blue` and `green`',
    }))),
    'target-groups': schemas/* optional */.lqM(perColor(targetGroup, 'target group').check(about({
        is: 'ARNs of the two target groups',
        words: 'ARN for `blue` and for `green`',
        absent: 'read from the services',
    }))),
    container: schemas/* optional */.lqM(ecs_name('container').check(about({ is: 'Container that gets the image', absent: 'the one that the load balancer points at' }))),
    images: schemas/* prefault */.SdS(schemas/* record */.g1P(ecs_name('container'), repository, { error: 'write a map of container names and repositories' })
        .check(about({
        is: 'Further containers that get the same tag, and their repositories',
        words: 'map of repositories',
        absent: 'none',
        examples: [{ sidecar: 'registry.example.com/sidecar' }],
    })), {}),
    workers: schemas/* prefault */.SdS(list(perColor(ecs_name('service').check(about({ is: 'Name of the service of that color', examples: ['shop-jobs'] })), 'service')).check(about({
        is: 'Services without traffic (queue workers) that get the same tag and move along: proven before the shift, stopped when their color is retired',
        words: 'list of names for `blue` and for `green`',
        absent: 'none',
        examples: [[{ blue: 'jobs-blue', green: 'jobs-green' }]],
    })), []),
    role: schemas/* optional */.lqM(fields_text(ROLE, 'write the ARN of a role (`arn:aws:iam::123456789012:role/…`)').check(about({
        is: 'Role that the action assumes by itself with the job’s OIDC token (`id-token: write`), and whose credentials it renews: for runs longer than an hour',
        words: 'ARN',
        absent: 'the credentials of the environment',
    }))),
    'desired-count': schemas/* optional */.lqM(whole(1, 5000).check(about({ is: 'Tasks of a new release', absent: 'what the live color runs; `1` where nothing runs' }))),
    'preview-priority': schemas/* prefault */.SdS(whole(1, 50_000).check(about({ is: 'Priority of the temporary listener rule (lock and preview)' })), 1),
    autoscaling: schemas/* prefault */.SdS(oneOf(['hand-over', 'ignore']).check(about({
        is: 'Application Auto Scaling: bounds and suspended processes go over to the new color, and the parked one is kept asleep; or it is left alone',
    })), 'hand-over'),
    alarms: schemas/* optional */.lqM(alarms.check(about({
        is: 'CloudWatch alarms that `operation: setup` makes for each color, named `<app>-<environment>-<color>-5xx` and `…-response-time`: for `stabilize.alarms`',
        absent: 'none',
    }))),
    propagation: schemas/* optional */.lqM(duration().check(about({
        is: 'How long a change of the load balancer may take to reach all of its nodes, where `identity` can’t prove it',
        absent: '`20s`; `10m` with a network load balancer',
    }))),
});
const ecs = ecs_ANYTHING.check(schemas/* check */.z6Y(({ value, issues }) => {
    const { region, listeners, container, images, services, workers } = value;
    const at = (path, input, message) => issues.push({ code: 'custom', input, path, message });
    const arns = (Array.isArray(listeners) ? listeners : []).map((arn, i) => [['listeners', i], arn]);
    if (listeners === undefined && (0,merge/* isMap */.jh)(value.services) && value.services['native'] === undefined)
        at(['listeners'], listeners, 'write a list');
    const seen = new Set();
    for (const [path, arn] of arns) {
        if (seen.has(arn))
            at(path, arn, 'it is in the list already; remove it');
        seen.add(arn);
    }
    const groups = ['blue', 'green'].map((color) => [['target-groups', color], value['target-groups']?.[color]]);
    const topic = [['alarms', 'sns-topic'], value.alarms?.['sns-topic']];
    for (const [path, arn] of [...arns, ...groups, topic]) {
        const other = typeof arn === 'string'
            ? (LISTENER.exec(arn) ?? TARGET_GROUP.exec(arn) ?? TOPIC.exec(arn))?.groups?.['region']
            : '';
        if (other && typeof region === 'string' && other !== region)
            at([...path], arn, `it is in ${other}, but \`region\` is ${region}; all must be in one region`);
    }
    const taken = new Set([services?.blue, services?.green]);
    for (const [i, worker] of (Array.isArray(workers) ? workers : []).entries())
        for (const color of ['blue', 'green']) {
            const service = worker?.[color];
            if (typeof service === 'string' &&
                taken.has(service) &&
                !(color === 'green' && worker?.blue === service))
                at(['workers', i, color], service, 'it moves already; each service is named once');
            taken.add(service);
        }
    if (typeof container === 'string' && images && Object.hasOwn(images, container))
        at(['images', container], images[container], '`container` gets `image` already; remove it');
}, always));

// EXTERNAL MODULE: ./build/src/config/template.js
var template = __webpack_require__(5476);
;// CONCATENATED MODULE: ./build/src/config/schema/http.js



/** Requests, and what must come back. */
/** Stands in where a value must be well-formed before `{color}` and `{image-tag}` are known. */
const SAMPLE = { color: 'blue', imageTag: 'v1' };
/** `//host` and `/\host` would be another host. */
const path = fields_text(/^\/(?![/\\])[^\s\\#\p{Cc}]*$/u, 'write a path that starts with one `/`, as in `/health`');
const URL_FIX = 'write an absolute URL, as in `https://shop.example.com`';
const url = fields_text(/^[^\s\p{Cc}]{1,2000}$/u, URL_FIX).check(schemas/* refine */.YPB((value) => URL.canParse((0,template/* fill */.GS)(value, SAMPLE)) && /^https?:\/\/[^/]/i.test(value), {
    error: URL_FIX,
}), schemas/* refine */.YPB((value) => !/^https?:\/\/[^/?#]*@/i.test(value), {
    error: 'take the user and password out; use an `Authorization` header',
}));
const headerName = fields_text(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, 'write a header name, as in `x-version`');
/** Values may be secrets: they are never shown. */
const headerValue = schemas/* string */.YjP({ error: 'put it in quotes' })
    .check(schemas/* refine */.YPB((value) => !/[^\t\P{Cc}]/u.test(value), { error: 'remove line breaks and control characters' }));
const headers = schemas/* record */.g1P(headerName, headerValue, {
    error: (issue) => (issue.code === 'invalid_type' ? 'write a map of names and values' : undefined),
});
function patternError(value) {
    const body = parseBody(value);
    if (body.kind === 'text')
        return undefined;
    if (/[^ims]/.test(body.flags))
        return 'the flags after the last `/` can be `i`, `m` and `s`';
    try {
        new RegExp((0,template/* fillPattern */.ut)(body.source, SAMPLE), body.flags);
        return undefined;
    }
    catch (error) {
        return `correct the regular expression: ${error.message.replace(/^.*\/[a-z]*: /s, '')}`;
    }
}
/** `/…/flags` is a regular expression, all else is text. */
function parseBody(value) {
    const match = /^\/(.+)\/([a-z]*)$/s.exec(value);
    if (!match)
        return { kind: 'text', text: value };
    return { kind: 'pattern', source: match[1], flags: match[2] };
}
const BODY_FIX = 'write the text that must be in the body, or a `/regular expression/`';
const body = schemas/* pipe */.FsL(schemas/* string */.YjP({ error: `put it in quotes; ${BODY_FIX}` }).check(api/* _minLength */.m9(1, { error: BODY_FIX }), schemas/* check */.z6Y((context) => {
    const message = patternError(context.value);
    if (message !== undefined)
        context.issues.push({ code: 'custom', input: context.value, message });
})), schemas/* transform */.pdi(parseBody));
/** Shared by everything that asks an address. `retries` and `timeout` have defaults of their own in each place. */
const expectation = {
    status: schemas/* optional */.lqM(whole(100, 599).check(about({ is: 'Status that must come back; redirects are not followed', absent: '`200`' }))),
    body: schemas/* optional */.lqM(body.check(about({
        is: 'What the body must contain: text, or a `/regular expression/` with the flags `i`, `m`, `s`',
        words: 'text',
        absent: 'any body',
        examples: ['"ok":true', '/"status": *"(ok|up)"/i'],
    }))),
    headers: schemas/* optional */.lqM(headers.check(about({
        is: 'Request headers',
        absent: 'none',
        words: 'map of text',
        examples: [{ Accept: 'application/json' }],
    }))),
};

;// CONCATENATED MODULE: ./build/src/config/schema/shift.js


const STEPS_FIX = 'write rising shares below `100%`, as in `[5%, 25%, 50%]`; all of it comes last by itself';
const gradual = section({
    steps: schemas/* optional */.lqM(list(percent(STEPS_FIX), 1).check(schemas/* refine */.YPB((steps) => steps.every((step, index) => step > (steps[index - 1] ?? 0) && step < 100), {
        error: STEPS_FIX,
    }), schemas/* refine */.YPB((steps) => steps.every(Number.isInteger), {
        error: 'write whole percents: load balancers know no finer ones',
    }), about({
        is: 'Shares of the traffic that a release gets before it gets all; whole, rising',
        absent: 'one of `steps` and `linear`',
        examples: [['5%', '25%', '50%']],
    }))),
    linear: schemas/* optional */.lqM(percent('write a share, as in `10%`').check(schemas/* refine */.YPB((step) => Number.isInteger(step) && step >= 1 && step <= 50, {
        error: 'write a whole share from `1%` to `50%`',
    }), about({ is: 'By how much its share rises each time', absent: 'one of the two', examples: ['10%'] }))),
    every: duration(1000).check(about({ is: 'How long it keeps each share, watched as in `stabilize`' })),
}).check(schemas/* check */.z6Y(({ value, issues }) => {
    if ((value.steps === undefined) === (value.linear === undefined))
        issues.push({
            code: 'custom',
            input: value,
            params: {
                says: `has ${value.steps === undefined ? 'neither `steps` nor `linear`' : 'both `steps` and `linear`'}: write one of them`,
            },
        });
}, always));
/** Becomes the shares in percent that come before all of the traffic; none where it moves at once. */
const shift = schemas/* pipe */.FsL(schemas/* union */.KCZ([oneOf(['all-at-once']), gradual], {
    error: 'write `all-at-once`, or steps as in `{ steps: [5%, 25%, 50%], every: 2m }`',
})
    .check(about({
    is: 'How the traffic moves: at once, or in steps',
    words: '`all-at-once`, or a map with `steps` or `linear`, and `every`',
    examples: [
        { steps: ['5%', '25%', '50%'], every: '2m' },
        { linear: '10%', every: '1m' },
    ],
})), schemas/* transform */.pdi((written) => {
    if (written === 'all-at-once')
        return { steps: [], every: 0 };
    const { steps, linear = 100, every } = written;
    const risen = Array.from({ length: Math.ceil(100 / linear) - 1 }, (_, index) => (index + 1) * linear);
    return { steps: steps ?? risen, every };
}));

// EXTERNAL MODULE: ./build/src/config/command.js
var config_command = __webpack_require__(7321);
;// CONCATENATED MODULE: ./build/src/config/schema/smoke.js





const RUN_FIX = 'write a command, or a list of the program and its arguments';
/** A string is split here, so that what a shell would have to do is refused before anything is deployed. */
const run = schemas/* union */.KCZ([schemas/* string */.YjP(), schemas/* array */.YOg(schemas/* string */.YjP())], { error: RUN_FIX }).check(schemas/* check */.z6Y(({ value, issues }) => {
    const message = typeof value === 'string' ? splitError(value) : argumentsError(value);
    if (message !== undefined)
        issues.push({ code: 'custom', input: value, message });
}));
function splitError(command) {
    try {
        (0,config_command/* splitCommand */.GW)(command);
        return undefined;
    }
    catch (error) {
        return error.message;
    }
}
const argumentsError = (args) => !args[0] || args.some((arg) => arg.includes('\0')) ? RUN_FIX : undefined;
const smoke_KINDS = ['path', 'url', 'run'];
/** Keys which mean nothing for a command. */
const HTTP_ONLY = ['status', 'body', 'headers'];
const test = section({
    path: schemas/* optional */.lqM(path.check(about({
        is: 'A request through the preview',
        absent: 'one of `path`, `url` and `run`',
        examples: ['/health'],
    }))),
    url: schemas/* optional */.lqM(url.check(about({
        is: 'A request to an address that leads to the idle color',
        absent: 'one of the three',
        examples: ['https://{color}.shop.example.com/health'],
    }))),
    run: schemas/* optional */.lqM(run.check(about({
        is: 'A command in the workspace, run without a shell; it is told `BLUE_GREEN_URL`, `_COLOR`, `_IMAGE`, `_ENVIRONMENT`, `_HEADER` and `_HEADER_VALUE`',
        words: 'command or list of arguments',
        absent: 'one of the three',
        examples: ['npm run test:smoke'],
    }))),
    ...expectation,
    timeout: schemas/* optional */.lqM(duration(100).check(about({ is: 'How long one attempt may take', absent: '`5s`, with `run` `5m`' }))),
    retries: schemas/* optional */.lqM(whole(0, 100).check(about({ is: 'Further attempts, a second apart', absent: '`5`, with `run` `0`' }))),
}).check(schemas/* check */.z6Y(({ value, issues }) => {
    const given = smoke_KINDS.filter((kind) => value[kind] !== undefined);
    if (given.length !== 1)
        issues.push({
            code: 'custom',
            input: value,
            params: {
                says: `has ${given.length === 0 ? 'no `path`, `url` or `run`' : enumerate(given)}: write exactly one of \`path\`, \`url\` and \`run\``,
            },
        });
    else if (given[0] === 'run')
        for (const key of HTTP_ONLY)
            if (value[key] !== undefined)
                issues.push({
                    code: 'custom',
                    input: value[key],
                    path: [key],
                    params: { says: 'means nothing for a command: remove it' },
                });
}, always));
function toSmokeTest({ path, url, run, status = 200, body, headers = {}, timeout, retries, }) {
    if (run !== undefined) {
        const args = typeof run === 'string' ? (0,config_command/* splitCommand */.GW)(run) : run;
        return { kind: 'run', run: args, timeout: timeout ?? 300_000, retries: retries ?? 0 };
    }
    const expected = { status, body, headers, timeout: timeout ?? 5000, retries: retries ?? 5 };
    if (path !== undefined)
        return { kind: 'path', path, ...expected };
    return { kind: 'url', url: url, ...expected };
}
const smoke = list(schemas/* pipe */.FsL(test, schemas/* transform */.pdi(toSmokeTest)));

;// CONCATENATED MODULE: ./build/src/config/schema/stabilize.js



const probe = section({
    path: path.check(about({ is: 'Path that is asked through `url` while the release is watched; needs `url`' })),
    ...expectation,
    post: schemas/* optional */.lqM(line('write what is posted').check(about({
        is: 'Body of a POST to `path` that is sent too while the traffic moves; say its type in `headers`',
        absent: 'only GET is sent',
        examples: ['{"ping":true}'],
    }))),
    timeout: schemas/* prefault */.SdS(duration(100).check(about({ is: 'How long one attempt may take' })), '5s'),
    retries: schemas/* prefault */.SdS(whole(0, 100).check(about({ is: 'Further attempts before a probe counts as failed' })), 0),
});
const stabilize = section({
    for: schemas/* prefault */.SdS(duration().check(about({ is: 'How long the new release is watched; `0s` for not at all' })), '30s'),
    interval: schemas/* optional */.lqM(duration(100).check(about({ is: 'Pause between two looks', absent: '`5s`, or `for` where that is shorter' }))),
    alarms: schemas/* prefault */.SdS(list(line('write the name of an alarm')).check(about({
        is: 'With `ecs`: CloudWatch alarms that must stay quiet; `{color}` is that of the new release',
        absent: 'none',
        examples: [['shop-5xx', 'shop-{color}-latency']],
    })), []),
    'insufficient-data': schemas/* prefault */.SdS(oneOf(['ignore', 'fail']).check(about({ is: 'What an alarm means that still has no data at the end of the watch' })), 'ignore'),
    'max-error-rate': schemas/* optional */.lqM(percent('write a share, as in `1%`').check(about({
        is: 'Share of errors in what the load balancer or HAProxy counts for the new color, above which the release is taken back; unless the old color has as many',
        absent: 'errors are not counted',
        examples: ['1%'],
    }))),
    'max-latency': schemas/* optional */.lqM(duration(1).check(about({
        is: 'Longest time to answer on the new color (95th percentile; with HAProxy the mean of its last 1024 requests); unless the old color is as slow',
        absent: 'not measured',
        examples: ['800ms'],
    }))),
    'min-requests': schemas/* prefault */.SdS(whole(1, 1_000_000).check(about({ is: 'Answers that there must be before `max-error-rate` and `max-latency` say anything' })), 50),
    probe: schemas/* optional */.lqM(probe.check(about({
        is: 'A request as users make it, through `url`',
        absent: 'none, unless `max-failed-probes` is set',
    }))),
    'max-failed-probes': schemas/* optional */.lqM(whole(0, 1000).check(about({
        is: 'With more failed probes than this, the release is taken back; requests that the action sends by itself while the traffic moves count as probes. Without `probe` they ask what the first smoke test with a `path` asks, for its status, else `/` for 200; needs `url`',
        absent: '`1` where there is a `probe`',
    }))),
}).check(schemas/* refine */.YPB(({ for: total, interval }) => !(total > 0 && interval > total), {
    path: ['interval'],
    error: 'write at most `for`',
    ...always,
}));
const watch = section({
    window: schemas/* prefault */.SdS(duration(60_000).check(about({
        is: 'For `operation: watch`: how long after it went live a release is still taken back by itself',
    })), '1h'),
    for: schemas/* prefault */.SdS(duration().check(about({ is: 'For `operation: watch`: how long it looks; `0s` for once' })), '0s'),
});

;// CONCATENATED MODULE: ./build/src/config/schema/environment.js









/** All keys of an environment. Their order is that of the documentation. */
/** A look at a Docker host costs nothing, and its containers start in seconds; AWS counts calls, and ECS takes minutes. */
const HEALTH_DEFAULTS = {
    ecs: { timeout: '10m', interval: '3s' },
    docker: { timeout: '2m', interval: '200ms' },
};
const byTarget = (key) => `\`${HEALTH_DEFAULTS.ecs[key]}\`; with \`docker\` \`${HEALTH_DEFAULTS.docker[key]}\``;
const health = section({
    path: schemas/* optional */.lqM(path.check(about({
        is: 'With `docker`: what each container is asked for; any 2xx or 3xx will do',
        absent: 'that it takes a connection is enough',
        examples: ['/health'],
    }))),
    timeout: schemas/* optional */.lqM(duration(1000).check(about({ is: 'How long a new release may take to become healthy', absent: byTarget('timeout') }))),
    interval: schemas/* optional */.lqM(duration(100).check(about({ is: 'Pause between two looks at its health', absent: byTarget('interval') }))),
    'stable-for': schemas/* prefault */.SdS(duration().check(about({ is: 'How long the new tasks or containers must stay healthy before they are trusted' })), '0s'),
});
const identity = section({
    header: headerName.check(about({
        is: 'Response header, sent by the release itself, by which an answer proves which release gave it; needs `url`',
        examples: ['x-version'],
    })),
    value: line('write the value').check(schemas/* refine */.YPB((value) => /\{(image-tag|color)\}/.test(value), {
        error: 'it is the same for every release; use `{image-tag}` or `{color}` in it',
    }), about({ is: 'What it says for a release: with `{image-tag}` or `{color}`', examples: ['{image-tag}'] })),
    path: schemas/* optional */.lqM(path.check(about({
        is: 'Path to ask for it',
        absent: 'the first `smoke[].path`, else `stabilize.probe.path`, else `/`',
    }))),
});
const KEEP = { error: 'write a whole number of tasks or containers, or `all`' };
const retire = section({
    drain: schemas/* prefault */.SdS(duration().check(about({ is: 'How long requests in flight on the old color may take to end' })), '30s'),
    keep: schemas/* prefault */.SdS(schemas/* union */.KCZ([schemas/* int */.Whr().check(api/* _gte */.qm(0, KEEP), api/* _lte */.Zm(5000, KEEP)), schemas/* literal */.euz('all')], KEEP).check(about({
        is: 'Tasks or containers of the old color that stay warm for a rollback',
        words: 'whole number or `all`',
    })), 0),
    prune: schemas/* prefault */.SdS(schemas/* boolean */.zMY({ error: 'write `true` or `false`' }).check(about({
        is: 'With `docker`: remove images of the repository that neither color needs, once the release is live',
        words: '`true`, `false`',
    })), false),
});
const lock = section({
    wait: schemas/* prefault */.SdS(duration().check(about({ is: 'How long to wait for another run to end; `0s` for not at all' })), '0s'),
    ttl: schemas/* prefault */.SdS(duration(30_000).check(about({ is: 'How long after its death a run still holds the lock; at least `30s`' })), '5m'),
});
const slack = section({
    on: schemas/* prefault */.SdS(list(oneOf(['start', 'success', 'failure', 'rollback'])).check(about({
        is: 'What to tell Slack of; `[]` for nothing. A release that is taken back counts as `rollback`',
    })), ['success', 'failure', 'rollback']),
    mention: schemas/* optional */.lqM(line('write a mention').check(schemas/* refine */.YPB((value) => !value.startsWith('@'), {
        error: 'Slack does not link that; write `<!here>`, `<!channel>`, `<@U…>` or `<!subteam^S…>`',
    }), about({
        is: 'Whom to mention when a release failed or was taken back, in Slack’s markup',
        absent: 'nobody',
        examples: ['<!here>', '<@U012AB3CD>'],
    }))),
});
const environment = section({
    url: schemas/* optional */.lqM(url.check(schemas/* refine */.YPB((value) => !/\{(color|image-tag)\}/.test(value), {
        error: 'users open one address, whatever the release; write it without `{color}` and `{image-tag}`',
    }), about({
        is: 'What users open; `identity` and `stabilize.probe` ask it, Slack and GitHub link to it',
        absent: 'none',
        examples: ['https://shop.example.com'],
    }))),
    // One of the two is not optional: load.ts says so.
    ecs: schemas/* optional */.lqM(ecs.check(about({ is: 'Deploy to Amazon ECS' }))),
    docker: schemas/* optional */.lqM(docker.check(about({ is: 'Deploy to a Docker host' }))),
    health: schemas/* prefault */.SdS(health.check(about({ is: 'When a new release counts as healthy' })), {}),
    smoke: schemas/* prefault */.SdS(smoke.check(about({ is: 'Tests of the idle color, in this order, before any user can reach it', absent: 'none' })), []),
    shift: schemas/* prefault */.SdS(shift, 'all-at-once'),
    identity: schemas/* optional */.lqM(identity.check(about({ is: 'How an answer proves which release gave it; needs `url`', absent: 'time is trusted' }))),
    stabilize: schemas/* prefault */.SdS(stabilize.check(about({ is: 'The time after the switch, in which the release is watched' })), {}),
    watch: schemas/* prefault */.SdS(watch.check(about({ is: 'The operation `watch`' })), {}),
    retire: schemas/* prefault */.SdS(retire.check(about({ is: 'What becomes of the old color' })), {}),
    lock: schemas/* prefault */.SdS(lock.check(about({ is: 'One run at a time' })), {}),
    slack: schemas/* prefault */.SdS(slack.check(about({ is: 'What Slack is told, where `slack-webhook-url` is given' })), {}),
}).check(schemas/* check */.z6Y(({ value, issues }) => {
    const { timeout, 'stable-for': stable } = value.health ?? {};
    const longest = timeout ?? parseDuration(HEALTH_DEFAULTS[value.docker ? 'docker' : 'ecs'].timeout);
    if (typeof longest === 'number' && stable >= longest)
        issues.push({
            code: 'custom',
            input: stable,
            path: ['health', 'stable-for'],
            message: 'write less than `timeout`',
        });
}, always), schemas/* check */.z6Y(({ value, issues }) => {
    if (value.url !== undefined)
        return;
    const needsUrl = (path) => issues.push({
        code: 'custom',
        input: value,
        path,
        params: { says: 'needs `url`, which is missing: write what users open' },
    });
    if (value.identity !== undefined)
        needsUrl(['identity']);
    if (value.stabilize?.probe !== undefined)
        needsUrl(['stabilize', 'probe']);
    if (value.stabilize?.['max-failed-probes'] !== undefined)
        needsUrl(['stabilize', 'max-failed-probes']);
}, always));
/** Names end up in tags, in Slack and in file names. */
const environment_name = (what) => fields_text(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, `write the name of the ${what}: letters, digits, \`.\`, \`-\` and \`_\`, at most 64`);

;// CONCATENATED MODULE: ./build/src/config/build.js




const INTERVAL = 5000;
/** How long an application load balancer's nodes may lag; and a network one's, for which ECS itself waits as long. */
const QUICK_MS = 20_000;
const SLOW_MS = 600_000;
/** Gives the checked data the form that the rest of the code knows, with the defaults that depend on other keys. */
function build(app, name, parsed, written = {}) {
    const { url, smoke, shift, identity, stabilize, watch, retire, lock, slack } = parsed;
    const target = targetOf(parsed);
    return {
        app,
        name,
        url,
        target,
        health: healthOf(parsed, target.kind === 'docker' ? 'docker' : 'ecs'),
        smoke,
        shift,
        identity: identity && { ...identity, path: identity.path ?? defaultPath(parsed) },
        stabilize: {
            ...stabilize,
            interval: stabilize.interval ?? Math.min(INTERVAL, stabilize.for || INTERVAL),
            'max-failed-probes': stabilize['max-failed-probes'] ?? 1,
            probe: probeOf(parsed),
        },
        watch,
        retire,
        lock,
        slack: { ...slack, ...('slack' in written && { isWritten: true }) },
    };
}
function targetOf({ ecs, docker }) {
    // load.ts has refused environments with none of the two, or with both.
    return docker === undefined ? ecsTarget(ecs) : { kind: 'docker', docker: dockerOf(docker) };
}
/** The schema has seen to it that there is either one service of each color, with listeners, or a single one. */
function ecsTarget(ecs) {
    const { services, listeners = [], alarms, autoscaling, 'desired-count': count, 'target-groups': groups, workers, ...any } = ecs;
    const { blue = '', green = '', native } = services;
    const propagation = any.propagation ?? (listeners.some(network/* isNetworkListener */.J) ? SLOW_MS : QUICK_MS);
    if (native !== undefined)
        return { kind: 'ecs-native', ecs: { ...any, propagation, services: { native } } };
    return {
        kind: 'ecs',
        ecs: {
            ...any,
            propagation,
            services: { blue, green },
            listeners,
            workers,
            autoscaling,
            ...(count !== undefined && { 'desired-count': count }),
            ...(groups !== undefined && { 'target-groups': groups }),
            ...(alarms !== undefined && { alarms }),
        },
    };
}
function dockerOf({ engine: _, proxy, ...docker }) {
    return { ...docker, proxy: proxyOf(proxy) };
}
/** The schema lets exactly one pass. */
function proxyOf({ haproxy, caddy, alias, }) {
    if (haproxy !== undefined)
        return { kind: 'haproxy', ...haproxy };
    if (caddy !== undefined)
        return { kind: 'caddy', ...caddy };
    return { kind: 'alias', ...alias };
}
function healthOf({ health }, kind) {
    const { timeout, interval } = HEALTH_DEFAULTS[kind];
    return {
        ...health,
        timeout: health.timeout ?? parseDuration(timeout),
        interval: health.interval ?? parseDuration(interval),
    };
}
const withDefaults = (probe) => ({
    ...probe,
    status: probe.status ?? 200,
    headers: probe.headers ?? {},
});
/** Whoever says how many probes may fail wants some. */
function probeOf({ smoke, stabilize }) {
    if (stabilize.probe !== undefined)
        return withDefaults(stabilize.probe);
    if (stabilize['max-failed-probes'] === undefined)
        return undefined;
    const test = firstPath(smoke);
    // Of what it expects, the body is the new release's alone.
    return test === undefined
        ? withDefaults(probe.parse({ path: '/' }))
        : { ...withDefaults(probe.parse({ path: test.path })), status: test.status, headers: test.headers };
}
function defaultPath({ smoke, stabilize }) {
    return firstPath(smoke)?.path ?? stabilize.probe?.path ?? '/';
}
const firstPath = (smoke) => smoke.find((test) => test.kind === 'path');

// EXTERNAL MODULE: external "node:path/posix"
var posix_ = __webpack_require__(3916);
;// CONCATENATED MODULE: ./build/src/config/docker-names.js



/** What Compose takes as (part of) a project's name. */
const PROJECT = /^[a-z0-9][a-z0-9_-]*$/;
const RULE = 'with `docker` it is part of Compose project names: use lowercase letters, digits, `-` and `_`, beginning with a letter or digit';
/** With `docker`, the names of app and environment become those of Compose projects. */
function namesOfProjects(app, environment) {
    const problems = [];
    if (typeof app === 'string' && !PROJECT.test(app))
        problems.push({ path: ['app'], says: `is ${show(app)}: ${RULE}` });
    if (!PROJECT.test(environment))
        problems.push({ path: ['environments', environment], says: `has a wrong name: ${RULE}` });
    return problems;
}
/** Gives what is called after app and environment its name where the user wrote none. `docker` is the caller's own copy. */
function nameDefaults(docker, app, environment) {
    // Where they are wrong, that is told; what would be wrong in consequence is not.
    const part = (name, instead) => typeof name === 'string' && PROJECT.test(name) ? name : instead;
    const stem = `${part(app, 'app')}-${part(environment, 'environment')}`;
    const colors = { blue: `${stem}-blue`, green: `${stem}-green` };
    const fill = (holder, key, value) => {
        if ((0,merge/* isMap */.jh)(holder) && !Object.hasOwn(holder, key))
            holder[key] = value;
    };
    fill(docker, 'aliases', colors);
    const { haproxy, caddy } = (0,merge/* isMap */.jh)(docker['proxy']) ? docker['proxy'] : {};
    fill(haproxy, 'key', stem);
    const map = (0,merge/* isMap */.jh)(haproxy) && typeof haproxy['map'] === 'string' ? haproxy['map'] : '';
    fill(haproxy, 'shares', (0,posix_.join)(/^\/[^\s\p{Cc};\\"']+$/u.test(map) ? (0,posix_.dirname)(map) : '/maps', 'shares.map'));
    fill(haproxy, 'backends', colors);
    fill(caddy, 'flag', stem);
}

;// CONCATENATED MODULE: ./build/src/config/native.js

/** Why a key means nothing where ECS itself moves the traffic, and what to do instead. */
const MEANINGLESS = {
    'ecs.listeners': 'ECS knows them from the service',
    'ecs.target-groups': 'ECS knows them from the service',
    'ecs.desired-count': 'ECS starts as many tasks of a release as the service has; change its desired count',
    'ecs.autoscaling': 'there is one service, which scales as it always did',
    'ecs.alarms': 'make them yourself, and give them to the service (`deploymentConfiguration.alarms` in ECS)',
    'ecs.workers': 'they move with a color, and here ECS moves it; deploy them as an environment of their own',
    shift: 'the strategy of the service decides (`deploymentConfiguration` in ECS)',
    'health.stable-for': 'ECS decides when tasks are steady',
    'stabilize.for': 'the bake time of the service decides (`bakeTimeInMinutes` in ECS)',
    'stabilize.alarms': 'give them to the service (`deploymentConfiguration.alarms` in ECS)',
    'stabilize.insufficient-data': 'it belongs to `stabilize.alarms`',
    'stabilize.max-error-rate': 'give the service an alarm on it (`deploymentConfiguration.alarms` in ECS), or set `stabilize.probe`',
    'stabilize.max-latency': 'give the service an alarm on it (`deploymentConfiguration.alarms` in ECS), or set `stabilize.probe`',
    retire: 'ECS keeps the former tasks for the bake time of the service, and none after it',
};
/**
 * Takes keys out of the environment (the caller's own copy) that mean nothing with `ecs.services.native`. They are
 * refused where the environment itself writes them; what stands in the defaults is meant for the other environments.
 */
function takeMeaningless(environment, written) {
    const { ecs } = environment;
    if (!(0,merge/* isMap */.jh)(ecs) || !(0,merge/* isMap */.jh)(ecs['services']) || ecs['services']['native'] === undefined)
        return [];
    const problems = [];
    for (const [path, why] of Object.entries(MEANINGLESS)) {
        const steps = path.split('.');
        if (remove(environment, steps) && has(written, steps))
            problems.push({ path: steps, says: `means nothing with \`services.native\`: ${why}` });
    }
    return problems;
}
const holderOf = (value, steps) => steps.slice(0, -1).reduce((at, step) => ((0,merge/* isMap */.jh)(at) ? at[step] : undefined), value);
function has(value, steps) {
    const holder = holderOf(value, steps);
    return (0,merge/* isMap */.jh)(holder) && Object.hasOwn(holder, steps.at(-1));
}
function remove(value, steps) {
    if (!has(value, steps))
        return false;
    delete holderOf(value, steps)[steps.at(-1)];
    return true;
}

;// CONCATENATED MODULE: ./build/src/config/not-yet.js


const NOT_YET = [
    { path: 'docker.engine', when: (value) => value === 'swarm', fix: 'write `compose`' },
    { path: 'docker.host', when: Array.isArray, fix: 'write one host' },
    { path: 'stabilize.alarms', on: 'docker', fix: 'remove it; a Docker host has none, CloudWatch does' },
    { path: 'health.path', on: 'ecs', fix: 'remove it; on ECS the health check of the target group counts' },
    { path: 'retire.prune', on: 'ecs', fix: 'remove it; it is for the images on a Docker host' },
];
/** Takes what is not built yet out of the environment, which is the caller's own copy, and says what it took. */
function takeNotYet(environment) {
    const problems = [];
    for (const { path, when, on, fix = 'remove it' } of NOT_YET) {
        if (on !== undefined && !Object.hasOwn(environment, on))
            continue;
        const steps = path.split('.');
        const key = steps.at(-1);
        const holder = steps
            .slice(0, -1)
            .reduce((at, step) => ((0,merge/* isMap */.jh)(at) ? at[step] : undefined), environment);
        if (!(0,merge/* isMap */.jh)(holder) || !Object.hasOwn(holder, key) || when?.(holder[key]) === false)
            continue;
        // Where other values are fine, name this one.
        const what = when === undefined || (0,merge/* isMap */.jh)(holder[key]) ? '' : `${show(holder[key])}, which is `;
        problems.push({ path: steps, says: `is ${what}not supported yet: ${fix}` });
        delete holder[key];
    }
    return problems;
}

;// CONCATENATED MODULE: ./build/src/config/schema/file.js



/** The whole file, as it is once `defaults` have been merged beneath each environment. */
const file = section({
    app: environment_name('app').check(about({ is: 'What is deployed', examples: ['shop'] })),
    defaults: schemas/* optional */.lqM(schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* unknown */.L5J(), { error: 'write a map of keys' }).check(about({
        is: 'Keys of an environment that all environments have; maps are merged, lists and values replaced',
        words: 'map of an environment’s keys',
        absent: 'none',
    }))),
    environments: schemas/* record */.g1P(environment_name('environment'), environment, {
        error: (issue) => (issue.code === 'invalid_type' ? 'write a map of environments' : undefined),
    })
        .check(schemas/* refine */.YPB((environments) => Object.keys(environments).length > 0, {
        error: 'write at least one environment',
    }), about({ is: 'Where it is deployed, by name', words: 'map of environments' })),
});

;// CONCATENATED MODULE: ./build/src/config/schema/walk.js
/** The schema without what only makes it optional or transforms its output. */
function bare(schema) {
    const definition = schema._zod.def;
    const inner = definition.innerType ?? (definition.type === 'pipe' ? definition.in : undefined);
    if (inner)
        return bare(inner);
    // Where a map is one of several forms, its keys are what can be misspelt.
    const map = definition.options?.map(bare).find(({ shape }) => shape !== undefined);
    return map ?? definition;
}
/** The keys of the map at the path; nothing where there is no map with fixed keys. */
function keysAt(schema, path) {
    const { shape, element, valueType } = bare(schema);
    const [step, ...rest] = path;
    if (step === undefined)
        return Object.keys(shape ?? {});
    const next = shape && Object.hasOwn(shape, step) ? shape[String(step)] : (element ?? valueType);
    return next ? keysAt(next, rest) : [];
}
/** Dotted paths of all keys below a schema, maps and leaves, in order; lists are not entered. */
function keyPaths(schema) {
    return Object.entries(bare(schema).shape ?? {}).flatMap(([key, value]) => [
        key,
        ...keyPaths(value).map((path) => `${key}.${path}`),
    ]);
}

// EXTERNAL MODULE: ./build/src/config/suggest.js
var suggest = __webpack_require__(234);
;// CONCATENATED MODULE: ./build/src/config/problems.js







const MOST = 50;
/** All problems as one error, in the order of the file. */
function configError(name, problems, parsed) {
    const lines = problems
        .map(({ path, says }) => {
        const { shown, line, offset } = locate(parsed, path);
        return { line, offset, text: `${shown} ${says}`.replace(/[^?]$/, '$&.') };
    })
        .sort((a, b) => a.offset - b.offset);
    // What is wrong in the defaults is found again in each environment.
    const told = [...new Set(lines.map(({ line, text }) => `line ${line}: ${text}`))];
    const more = told.length - MOST;
    const shown = more > 0 ? [...told.slice(0, MOST), `and ${more} more.`] : told;
    return new errors/* DeployError */.s(told.length === 1
        ? `${name}, ${told[0]}`
        : `${name} has ${told.length} problems:\n${shown.map((line) => `  ${line}`).join('\n')}`, { code: 'config-invalid', hint: 'README: Config explains every key.' });
}
/** What the schema has against the data. */
const fromIssues = (issues, parsed) => issues.flatMap((issue) => fromIssue(issue, parsed));
function fromIssue(issue, parsed) {
    const { path, message } = issue;
    if (issue.code === 'unrecognized_keys')
        return issue.keys.map((key) => ({
            path: [...path, key],
            says: `is an unknown key: ${instead(path, key, targetAt(path, parsed))}`,
        }));
    if (issue.code === 'invalid_key')
        return [{ path, says: `has a wrong name: ${issue.issues[0]?.message}` }];
    if (issue.code === 'custom' && issue.params?.['says'])
        return [{ path, says: String(issue.params['says']) }];
    // One of the forms is a map, and a map was written: what is wrong in it says more than that no form fits.
    if (issue.code === 'invalid_union' && (0,merge/* isMap */.jh)(locate(parsed, path).value))
        return issue.errors
            .at(-1)
            .flatMap((inner) => fromIssue({ ...inner, path: [...path, ...inner.path] }, parsed));
    // May be a secret.
    if (path.at(-2) === 'headers')
        return [{ path, says: `can’t be sent: ${message}` }];
    const { value, written } = locate(parsed, path);
    return [{ path, says: written ? `is ${show(value)}: ${message}` : `is missing: ${message}` }];
}
/** What somebody who wrote an unknown key may have meant, in an environment with this target. */
function instead(path, key, target) {
    const known = keysAt(file, path);
    const near = (0,suggest/* suggest */.Z)(key, known);
    const homes = keyPaths(environment).filter((one) => one === key || one.endsWith(`.${key}`));
    const other = target === undefined ? undefined : TARGETS.find((one) => one !== target);
    const isOthers = (home) => other !== undefined && home.startsWith(`${other}.`);
    const [home, another] = homes.filter((one) => !isOthers(one));
    // `services` is meant where it is written, and belongs to ECS; that `service` is near may be all the same.
    if (other !== undefined && home === undefined && homes.includes(`${other}.${key}`))
        return `it belongs to \`${other}\`, and this environment has \`${target}\`: ${near === undefined ? 'remove it' : `did you mean \`${near}\`?`}`;
    if (near !== undefined)
        return `did you mean \`${near}\`?`;
    if (home !== undefined && another === undefined)
        return path.length < 2
            ? `move it to ${showPath(['environments'])}.<name>.${home}`
            : `move it to ${showPath(path.slice(0, 2))}.${home}`;
    return known.length > 0 ? `there are ${enumerate(known)}` : 'remove it';
}
const TARGETS = ['ecs', 'docker'];
/** Where the environment that the path leads through is deployed; nothing where that is not clear. */
function targetAt([top, name = ''], parsed) {
    if (top !== 'environments')
        return undefined;
    const [target, another] = TARGETS.filter((one) => locate(parsed, [top, name, one]).written);
    return another === undefined ? target : undefined;
}
/** Where the path was written: in the environment itself, or in the defaults. */
function locate(parsed, path) {
    const here = parsed.find(path);
    const inherited = path[0] === 'environments' && path.length > 2 ? ['defaults', ...path.slice(2)] : undefined;
    const there = inherited && here.steps < path.length ? parsed.find(inherited) : undefined;
    const [where, { line, offset, steps }] = inherited && there?.steps === inherited.length ? [inherited, there] : [path, here];
    const value = where.reduce((at, step) => ((0,merge/* isMap */.jh)(at) || Array.isArray(at) ? Reflect.get(at, step) : undefined), parsed.data);
    return { shown: showPath(where) || 'the top level', line, offset, value, written: steps === where.length };
}

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
;// CONCATENATED MODULE: ./build/src/config/source.js





const LARGEST = 1024 * 1024;
/**
 * Finds the config: a path in the workspace, an absolute path, or the YAML itself when there is more than one line.
 * @throws DeployError `config-missing` or `config-invalid`
 */
async function readSource(config, workspace) {
    const inline = /[\r\n]/.test(config.trim());
    const source = inline ? { name: 'config', text: config } : await readConfigFile(config.trim(), workspace);
    if (source.text.length > LARGEST)
        throw invalid(`${source.name} has more than 1 MiB: give the config itself, without data.`);
    return source;
}
async function readConfigFile(config, workspace) {
    if (config === '' || config.includes('\0'))
        throw invalid(`config is ${show(config)}: write a path such as .github/blue-green.yml.`);
    const path = (0,external_node_path_.resolve)(workspace, config);
    const outside = (0,external_node_path_.relative)(workspace, path).split(external_node_path_.sep)[0] === '..';
    if (!(0,external_node_path_.isAbsolute)(config) && outside)
        throw invalid(`config is ${show(config)}, which leads out of the workspace: write a path inside of it, or an absolute one.`);
    try {
        const text = new TextDecoder('utf-8', { fatal: true }).decode(await (0,promises_.readFile)(path));
        return { name: cut(config, 200), text };
    }
    catch (cause) {
        const { code = cause } = cause;
        if (code === 'ENOENT' || code === 'ENOTDIR')
            throw await missing(config, path, workspace, cause);
        if (code === 'EISDIR')
            throw invalid(`config is ${show(config)}, a directory: write the path of a file.`, cause);
        if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
            throw invalid(`config is ${show(config)}, which is not UTF-8 text: save it as UTF-8.`, cause);
        throw invalid(`config is ${show(config)}, which can't be read: ${code}.`, cause);
    }
}
async function missing(config, path, workspace, cause) {
    const code = 'config-missing';
    const files = await (0,promises_.readdir)(workspace).catch(() => []);
    if (files.length === 0 && !(0,external_node_path_.isAbsolute)(config))
        return new errors/* DeployError */.s(`${config} is not there, because the workspace is empty: check the repository out first.\n` +
            '  - uses: actions/checkout@v5\n  - uses: OWNER/blue-green-deploy@v1', { code, cause });
    const sibling = path.replace(/\.ya?ml$/, (ending) => (ending === '.yml' ? '.yaml' : '.yml'));
    // Without git on the runner, actions/checkout leaves no .git either: hence a question.
    const question = (0,external_node_path_.isAbsolute)(config) || (0,external_node_fs_.existsSync)((0,external_node_path_.resolve)(workspace, '.git'))
        ? ''
        : 'Is the repository checked out (`- uses: actions/checkout@v5` before this step)? ';
    const hint = sibling !== path && (0,external_node_fs_.existsSync)(sibling)
        ? `There is ${sibling}: write its name in the input \`config\`.`
        : `${question}Create it (README: Config), or give its path in the input \`config\`.`;
    return new errors/* DeployError */.s(`There is no config at ${path}.`, { code, hint, cause });
}
const invalid = (message, cause) => new errors/* DeployError */.s(message, { code: 'config-invalid', cause });

// EXTERNAL MODULE: ./node_modules/yaml/dist/index.js
var dist = __webpack_require__(8815);
;// CONCATENATED MODULE: ./build/src/config/yaml.js



/** Far more than a config needs, and far less than what exhausts the stack of whoever walks it. */
const DEEPEST = 20;
/** Values that aliases may add to those that are written: a few lines of aliases of aliases make billions. */
const MOST_VALUES = 10_000;
/**
 * Reads YAML 1.2.
 * @throws DeployError `config-invalid` with everything that is wrong, each with line, column and the line itself
 */
function parseYaml({ name, text }) {
    const lines = new dist/* LineCounter */.HN();
    const document = parseWithin(name, text, lines);
    const complaints = [...document.errors, ...document.warnings].map(({ code, message, pos }) => new Complaint(EXPLAINED[code] ?? lower(message), pos[0]));
    let data;
    try {
        if (complaints.length === 0)
            data = toPlain(document.contents, document);
    }
    catch (error) {
        if (!(error instanceof Complaint))
            throw error;
        complaints.push(error);
    }
    if (complaints.length > 0)
        throw unreadable(name, text, lines, complaints);
    return {
        data,
        find(path) {
            const { steps, offset } = follow(document, path);
            return { steps, line: lines.linePos(offset).line, offset };
        },
    };
}
/** What is wrong, as one clause, and where: an offset in characters. */
class Complaint extends Error {
    offset;
    constructor(message, offset) {
        super(message);
        this.offset = offset;
    }
}
const EXPLAINED = {
    DUPLICATE_KEY: 'this key is there twice: keep one',
    TAB_AS_INDENT: 'tabs are not allowed as indentation: use spaces',
    TAG_RESOLVE_FAILED: 'tags are not supported: write the plain value',
    RESOURCE_EXHAUSTION: 'this is nested too deeply',
    MULTIPLE_DOCS: 'a second document starts here: keep one',
};
const lower = (message) => message.charAt(0).toLowerCase() + message.slice(1).split('\n')[0];
function parseWithin(name, text, lineCounter) {
    try {
        return (0,dist/* parseDocument */.Tp)(text, { lineCounter, prettyErrors: false, logLevel: 'error' });
    }
    catch (cause) {
        // The parser is recursive: absurd nesting ends its stack before it ends ours.
        const why = cause instanceof RangeError ? 'is nested too deeply' : `can't be read: ${cause.message}`;
        throw new errors/* DeployError */.s(`${name} ${why}.`, { code: 'config-invalid', cause });
    }
}
/** Own conversion, since the library's lets aliases multiply further, and makes a text of any key. */
function toPlain(root, document) {
    let values = 0;
    // `through`: where the alias stands that led here.
    const convert = (node, depth, at, through) => {
        const offset = through ?? node?.range?.[0] ?? at;
        if (depth > DEEPEST)
            throw new Complaint(`this is nested more than ${DEEPEST} levels deep`, offset);
        if (++values > MOST_VALUES)
            throw new Complaint(`there are more than ${MOST_VALUES} values`, offset);
        const inner = (child) => convert(child, depth + 1, offset, through);
        if ((0,dist/* isAlias */.Vj)(node)) {
            const target = node.resolve(document);
            if (target === undefined)
                throw new Complaint(`there is no anchor &${node.source} before this`, offset);
            return convert(target, depth + 1, offset, offset);
        }
        if ((0,dist/* isMap */.jh)(node))
            return Object.fromEntries(node.items.map((pair) => [keyOf(pair, offset), inner(pair.value)]));
        if ((0,dist/* isSeq */.oP)(node))
            return node.items.map(inner);
        return (0,dist/* isScalar */.jn)(node) ? node.value : null;
    };
    return convert(root, 0, 0);
}
function keyOf(pair, at) {
    const { key } = pair;
    const offset = key?.range?.[0] ?? at;
    if (!(0,dist/* isScalar */.jn)(key) || key.value === null)
        throw new Complaint('a key must be a plain word', offset);
    const name = String(key.value);
    if (name === '<<')
        throw new Complaint('`<<` is not supported: write what environments share under `defaults`', offset);
    if (name === '__proto__')
        throw new Complaint('`__proto__` can not be a key', offset);
    return name;
}
function follow(document, path) {
    let node = document.contents;
    let offset = node?.range?.[0] ?? 0;
    let steps = 0;
    for (const step of path) {
        if ((0,dist/* isAlias */.Vj)(node))
            node = node.resolve(document);
        if ((0,dist/* isMap */.jh)(node)) {
            const pair = node.items.find(({ key }) => (0,dist/* isScalar */.jn)(key) && String(key.value) === step);
            if (pair === undefined)
                break;
            offset = pair.key.range?.[0] ?? offset;
            node = pair.value;
        }
        else if ((0,dist/* isSeq */.oP)(node) && typeof step === 'number' && step in node.items) {
            node = node.items[step];
            offset = node?.range?.[0] ?? offset;
        }
        else
            break;
        steps++;
    }
    return { steps, offset };
}
function unreadable(name, text, lines, complaints) {
    const shown = complaints
        .map(({ message, offset }) => ({ message, ...lines.linePos(offset) }))
        .sort((a, b) => a.line - b.line || a.col - b.col)
        // What comes after the first on a line is mostly its consequence.
        .filter(({ line }, i, all) => line !== all[i - 1]?.line)
        .slice(0, 20)
        .map(({ message, line, col }) => {
        const source = text.split(/\r?\n/)[line - 1]?.trim() ?? '';
        return `line ${line}, column ${col}: ${message}: ${show(cut(source, 60))}`;
    });
    const heading = `${name} is not readable YAML`;
    return new errors/* DeployError */.s(shown.length === 1
        ? `${heading}: ${shown[0]}.`
        : `${heading}:\n${shown.map((one) => `  ${one}`).join('\n')}`, { code: 'config-invalid' });
}

;// CONCATENATED MODULE: ./build/src/config/load.js















/**
 * Reads the config, and checks all of it, so that a mistake in one environment is not found on the day it is needed.
 * @throws DeployError `config-missing`, `environment-unknown`, or `config-invalid` with everything that is wrong
 */
async function loadEnvironment(request) {
    const source = await readSource(request.config, request.workspace);
    const parsed = parseYaml(source);
    const problems = [];
    const data = resolve(parsed.data, request, problems);
    const result = file.safeParse(data, { reportInput: true });
    problems.push(...fromIssues(result.error?.issues ?? [], parsed));
    if (problems.length > 0 || !result.success)
        throw configError(source.name, problems, parsed);
    const { app, environments } = result.data;
    if (!Object.hasOwn(environments, request.environment))
        throw unknownEnvironment(request.environment, Object.keys(environments), source.name);
    // What was parsed is a map of maps.
    const written = data.environments[request.environment];
    return build(app, request.environment, environments[request.environment], written);
}
/** The file as if there were no `defaults`, names and region filled in, without what is not built yet. */
function resolve(data, request, problems) {
    if (!(0,merge/* isMap */.jh)(data) || !(0,merge/* isMap */.jh)(data['environments']))
        return data;
    const app = typeof data['app'] === 'string' ? data['app'] : '{app}';
    const environments = Object.entries(data['environments']).map(([name, written]) => {
        const own = (0,merge/* fillAll */.HG)((0,merge/* inherit */.IL)(data['defaults'], written), { app, environment: name });
        if ((0,merge/* isMap */.jh)(own)) {
            problems.push(...targetProblems(name, own, written));
            complete(own, app, name, request);
            problems.push(...unprovenHost(own, name, request));
            if ('docker' in own)
                problems.push(...namesOfProjects(data['app'], name));
        }
        return [name, own];
    });
    return { ...data, environments: Object.fromEntries(environments) };
}
/** Takes what can't be from the environment, the caller's own copy. */
function targetProblems(name, own, written) {
    const at = ['environments', name];
    const problems = [];
    const targets = ['ecs', 'docker'].filter((key) => key in own);
    if (targets.length === 0)
        problems.push({ path: at, says: 'has neither `ecs` nor `docker`: say there where to deploy' });
    if (targets.length === 2)
        problems.push({ path: at, says: 'has both `ecs` and `docker`: keep one, an environment has one target' });
    for (const { path, says } of [
        ...takeMeaningless(own, written),
        ...takeNotYet(own),
        ...(0,network/* networkProblems */.r)(own),
    ])
        problems.push({ path: [...at, ...path], says });
    return problems;
}
/** Writes into the environment, the caller's own copy, what follows from names and from the job. */
function complete(own, app, name, request) {
    const { ecs, docker } = own;
    const { region, dockerHost, knownHosts } = request;
    if ((0,merge/* isMap */.jh)(ecs) && !('region' in ecs) && region !== undefined && REGION.test(region))
        ecs['region'] = region;
    if (!(0,merge/* isMap */.jh)(docker))
        return;
    nameDefaults(docker, app, name);
    const isAsked = name === request.environment;
    // An ssh:// host needs more than the Docker CLI would do with it. Only here: it is the job's, not the file's.
    if (!('host' in docker) && isAsked && dockerHost !== undefined && isSshHost(dockerHost))
        docker['host'] = dockerHost;
    if (knownHosts !== undefined && knownHosts !== '' && isAsked && isSsh(docker['host']))
        docker['known-hosts'] = knownHosts;
}
/** Only of the environment that is asked for: the others may get it from the input of their own jobs. */
function unprovenHost({ docker }, name, { environment }) {
    if (name !== environment || !(0,merge/* isMap */.jh)(docker) || 'known-hosts' in docker)
        return [];
    const { host } = docker;
    if (!isSsh(host))
        return [];
    const path = ['environments', name, 'docker', 'known-hosts'];
    return [{ path, says: `is missing: ${knownHostsHint(host)}` }];
}
const isSsh = (host) => typeof host === 'string' && isSshHost(host);
function unknownEnvironment(given, known, file) {
    const near = (0,suggest/* suggest */.Z)(given, known);
    return new errors/* DeployError */.s(`environment is ${show(given)}: ${file} has ${enumerate(known)}.${near ? ` Did you mean \`${near}\`?` : ''}`, { code: 'environment-unknown' });
}


/***/ }),

/***/ 168:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   HG: () => (/* binding */ fillAll),
/* harmony export */   IL: () => (/* binding */ inherit),
/* harmony export */   jh: () => (/* binding */ isMap)
/* harmony export */ });
/* harmony import */ var _template_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5476);

const isMap = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
/**
 * What an environment inherits: maps are merged, lists and scalars replaced. Who chooses one kind of target, or of
 * proxy, wants nothing of another kind that stands in the defaults.
 */
function inherit(defaults, environment) {
    if (!isMap(defaults) || !isMap(environment))
        return environment;
    const base = { ...defaults };
    for (const [target, other] of [
        ['ecs', 'docker'],
        ['docker', 'ecs'],
    ]) {
        if (!(target in environment) || other in environment)
            continue;
        delete base[other];
        for (const [section, key] of ONLY[other]) {
            const { [key]: _, ...others } = isMap(base[section]) ? base[section] : {};
            if (isMap(base[section]))
                base[section] = others;
        }
    }
    const { docker } = environment;
    if (isMap(docker) && isMap(docker['proxy']))
        base['docker'] = withProxiesOf(docker['proxy'], base['docker']);
    return merge(base, environment);
}
/** The defaults' `docker`, of its proxies only those that the environment has too. */
function withProxiesOf(chosen, docker) {
    if (!isMap(docker) || !isMap(docker['proxy']) || Object.keys(chosen).length === 0)
        return docker;
    const others = Object.entries(docker['proxy']).filter(([kind]) => Object.hasOwn(chosen, kind));
    return { ...docker, proxy: Object.fromEntries(others) };
}
/** Keys outside of a target's own section that only environments with that target can have. */
const ONLY = {
    ecs: [['stabilize', 'alarms']],
    docker: [
        ['health', 'path'],
        ['retire', 'prune'],
    ],
};
function merge(beneath, above) {
    if (!isMap(beneath) || !isMap(above))
        return above;
    const merged = { ...beneath };
    for (const [key, value] of Object.entries(above))
        merged[key] = Object.hasOwn(beneath, key) ? merge(beneath[key], value) : value;
    return merged;
}
/** A copy with `{app}` and `{environment}` filled in, in every string value. Keys stay as they are. */
function fillAll(value, names) {
    if (typeof value === 'string')
        return (0,_template_js__WEBPACK_IMPORTED_MODULE_0__/* .fillNames */ ._E)(value, names);
    if (Array.isArray(value))
        return value.map((item) => fillAll(item, names));
    if (!isMap(value))
        return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillAll(item, names)]));
}


/***/ }),

/***/ 5850:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   J: () => (/* binding */ isNetworkListener),
/* harmony export */   r: () => (/* binding */ networkProblems)
/* harmony export */ });
/* harmony import */ var _merge_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(168);

const isNetworkListener = (arn) => typeof arn === 'string' && arn.includes(':listener/net/');
/** What can't be behind a network load balancer: it has no rules, hence no way to the idle color before users have it. */
function networkProblems({ ecs, smoke }) {
    const listeners = (0,_merge_js__WEBPACK_IMPORTED_MODULE_0__/* .isMap */ .jh)(ecs) ? ecs['listeners'] : undefined;
    if (!Array.isArray(listeners) || !listeners.some(isNetworkListener) || !Array.isArray(smoke))
        return [];
    return smoke.flatMap((test, index) => (0,_merge_js__WEBPACK_IMPORTED_MODULE_0__/* .isMap */ .jh)(test) && Object.hasOwn(test, 'path')
        ? [
            {
                path: ['smoke', index, 'path'],
                says: 'can’t be asked through a network load balancer, which has no preview: write `url` with an address of the idle color (`{color}` is replaced), or `run`',
            },
        ]
        : []);
}


/***/ }),

/***/ 234:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Z: () => (/* binding */ suggest)
/* harmony export */ });
/**
 * Which of the candidates somebody who wrote `given` most likely meant: the same word in another spelling, a few typos
 * away, or a part of it. Nothing when that would be a guess.
 */
function suggest(given, candidates) {
    // Nobody typed more than this by mistake, and the distance below takes the product of the lengths.
    if (given.length > 60)
        return undefined;
    const word = kebab(given);
    const ranked = candidates
        .map((candidate) => ({ candidate, distance: distance(word, kebab(candidate)) }))
        .sort((a, b) => a.distance - b.distance);
    const best = ranked[0];
    if (best && best.distance <= Math.max(1, Math.floor(word.length / 3)))
        return best.candidate;
    return candidates.find((one) => one.length > 2 && word.length > 2 && (word.startsWith(one) || one.startsWith(word)));
}
const kebab = (text) => text
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase();
/** Edits from one word to the other; two neighbours swapped count as one. */
function distance(a, b) {
    let before = [];
    let last = Array.from({ length: b.length + 1 }, (_, j) => j);
    for (let i = 1; i <= a.length; i++) {
        const row = [i];
        for (let j = 1; j <= b.length; j++) {
            const substitution = last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
            row[j] = Math.min(row[j - 1] + 1, last[j] + 1, substitution);
            if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
                row[j] = Math.min(row[j], before[j - 2] + 1);
        }
        before = last;
        last = row;
    }
    return last[b.length];
}


/***/ }),

/***/ 5476:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   GS: () => (/* binding */ fill),
/* harmony export */   _E: () => (/* binding */ fillNames),
/* harmony export */   ut: () => (/* binding */ fillPattern)
/* harmony export */ });
/** Replaces `{color}` and `{image-tag}`; all other braces are the user's own (`{"ok":true}`) and stay. */
const fill = (text, values) => text.replace(/\{(color|image-tag)\}/g, (_, name) => (name === 'color' ? values.color : values.imageTag));
/** `fill` for the source of a regular expression: the values match literally. */
const fillPattern = (source, { color, imageTag }) => fill(source, { color: literally(color), imageTag: literally(imageTag) });
/** Replaces `{app}` and `{environment}`, which are known as soon as the file is read. */
const fillNames = (text, names) => text.replace(/\{(app|environment)\}/g, (_, name) => (name === 'app' ? names.app : names.environment));
// RegExp.escape would do, but TypeScript's es2024 library does not know it. `\-` is an error under the flag `u`, and a
// bare `-` a range inside of a class: hence \x2d.
const literally = (text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replaceAll('-', '\\x2d');


/***/ }),

/***/ 4925:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   m: () => (/* binding */ systemClock)
/* harmony export */ });
/* harmony import */ var node_timers_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8500);

const systemClock = {
    now: () => Date.now(),
    async sleep(ms, signal) {
        signal.throwIfAborted();
        try {
            await (0,node_timers_promises__WEBPACK_IMPORTED_MODULE_0__.setTimeout)(ms, undefined, { signal });
        }
        catch (error) {
            signal.throwIfAborted();
            throw error;
        }
    },
};


/***/ }),

/***/ 4768:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   IP: () => (/* binding */ otherColor),
/* harmony export */   PT: () => (/* binding */ allOn),
/* harmony export */   TF: () => (/* binding */ isAllOn),
/* harmony export */   V7: () => (/* binding */ formatWeights),
/* harmony export */   lm: () => (/* binding */ COLORS),
/* harmony export */   uM: () => (/* binding */ share)
/* harmony export */ });
const COLORS = ['blue', 'green'];
const otherColor = (color) => (color === 'blue' ? 'green' : 'blue');
/** All traffic on one color. */
const allOn = (color) => share(color, 100);
/** So many percent of the traffic on one color, and the rest on the other. */
const share = (color, percent) => ({
    blue: color === 'blue' ? percent : 100 - percent,
    green: color === 'green' ? percent : 100 - percent,
});
/** Whether all traffic, in all places where it comes in, goes to one color. */
const isAllOn = (weights, color) => weights[color] === 100 && weights[otherColor(color)] === 0;
const formatWeights = (weights) => `blue ${weights.blue} %, green ${weights.green} %`;


/***/ }),

/***/ 7795:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   iO: () => (/* binding */ movedByHand),
/* harmony export */   uJ: () => (/* binding */ notAlike),
/* harmony export */   z4: () => (/* binding */ splitByHand)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7406);
/* harmony import */ var _color_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4768);


// Weights that no run of ours has made, or left half-way, are somebody else's doing, and not ours to overrule.
const foreign = (message, hint) => new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .DeployError */ .s(message, { code: 'foreign-weights', hint });
const movedByHand = (weights) => foreign(`Somebody moved the traffic during this run: ${(0,_color_js__WEBPACK_IMPORTED_MODULE_1__/* .formatWeights */ .V7)(weights)} now.`, 'Find out who, and set the weights to 100/0 for the color that users should have; then run again.');
const splitByHand = ({ blue, green }) => foreign(`Traffic is split, blue ${blue} % and green ${green} %, and not by a run of this action.`, 'Set the weights to 100/0 for the color that users should have, then run again.');
/** There are several places, and each may lead to another color. */
const notAlike = () => foreign('Not everything that carries the traffic leads to the same color.', 'Set the weights to 100/0 everywhere for the color that users should have, then run again.');


/***/ }),

/***/ 4426:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   HD: () => (/* binding */ readable),
/* harmony export */   cO: () => (/* binding */ tagOf),
/* harmony export */   wu: () => (/* binding */ isImage)
/* harmony export */ });
function parse(reference) {
    const [before = '', digest] = reference.split('@');
    // A colon before the last slash is a registry's port.
    const colon = before.indexOf(':', before.lastIndexOf('/') + 1);
    return colon === -1
        ? { name: before, digest }
        : { name: before.slice(0, colon), tag: before.slice(colon + 1), digest };
}
/** `v2` of `repo/app:v2`, also where its digest is known (`repo/app:v2@sha256:...`); else the digest. */
function tagOf(image) {
    const { tag, digest } = parse(image);
    return tag ?? digest ?? 'latest';
}
/**
 * Whether the image is the one that the user means by a tag, a digest, `repo:tag`, `repo@digest` or a full reference:
 * each part that the user names must be the same.
 */
function isImage(image, wanted) {
    if (image === wanted)
        return true;
    const own = parse(image);
    if (/^sha256:[0-9a-f]+$/.test(wanted))
        return own.digest === wanted;
    if (!/[:@/]/.test(wanted))
        return tagOf(image) === wanted;
    const { name, tag, digest } = parse(wanted);
    return (own.name === name &&
        (tag === undefined || own.tag === tag) &&
        (digest === undefined || own.digest === digest) &&
        (tag ?? digest) !== undefined);
}
/** For a line of text: of the digest only its beginning, which is enough to tell it from others. Outputs have all of it. */
const readable = (image) => image.replace(/(@sha256:[0-9a-f]{12})[0-9a-f]{52}$/, '$1');


/***/ }),

/***/ 672:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   MQ: () => (/* binding */ decodeJournal),
/* harmony export */   Q4: () => (/* binding */ encodeJournal),
/* harmony export */   T3: () => (/* binding */ JOURNAL_KEYS),
/* harmony export */   V6: () => (/* binding */ reached)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7406);

const PHASES = ['staging', 'staged', 'shifting', 'retiring'];
/** Whether the journal has come to `phase` or beyond. */
const reached = (journal, phase) => PHASES.indexOf(journal.phase) >= PHASES.indexOf(phase);
/** The keys of a record: what must be removed to remove the journal, whatever a stale read shows of it. */
const JOURNAL_KEYS = [
    'operation',
    'phase',
    'from',
    'image',
    'image-tag',
    'release',
    'parked-release',
    'parked-count',
    'scaling-blue',
    'scaling-green',
    'rollout',
];
const encodeJournal = (journal) => ({
    operation: journal.operation,
    phase: journal.phase,
    from: journal.from,
    image: journal.image,
    'image-tag': journal.imageTag,
    release: journal.release,
    'parked-release': journal.parkedRelease,
    'parked-count': String(journal.parkedCount),
    'scaling-blue': journal.scaling.blue,
    'scaling-green': journal.scaling.green,
    ...(journal.rollout === undefined ? {} : { rollout: journal.rollout }),
});
/**
 * Reads a journal back.
 * @throws DeployError `journal-unreadable` when it isn't one that this version wrote: nothing is guessed.
 */
function decodeJournal(record) {
    const journal = {
        operation: oneOf(record, 'operation', ['deploy', 'stage', 'rollback']),
        phase: oneOf(record, 'phase', PHASES),
        from: oneOf(record, 'from', ['blue', 'green']),
        image: record['image'] ?? '',
        imageTag: record['image-tag'] ?? '',
        release: record['release'] ?? '',
        parkedRelease: record['parked-release'] ?? '',
        parkedCount: Number(record['parked-count'] ?? 0),
        scaling: { blue: record['scaling-blue'] ?? '', green: record['scaling-green'] ?? '' },
        ...(record['rollout'] ? { rollout: record['rollout'] } : {}),
    };
    if (!Number.isInteger(journal.parkedCount) || journal.parkedCount < 0)
        throw unreadable('parked-count', record['parked-count']);
    return journal;
}
function oneOf(record, key, values) {
    const value = values.find((candidate) => candidate === record[key]);
    if (value === undefined)
        throw unreadable(key, record[key]);
    return value;
}
const unreadable = (key, value) => new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .DeployError */ .s(`The record of an unfinished run can't be read: ${key} is ${JSON.stringify(value ?? null)}.`, {
    code: 'journal-unreadable',
    hint: 'It was written by another version of this action, or by hand. Restore or remove its entries (docs/ecs.md, docs/docker.md), then run again.',
});


/***/ }),

/***/ 4000:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   BW: () => (/* binding */ fixOf),
/* harmony export */   J5: () => (/* binding */ refused),
/* harmony export */   Mz: () => (/* binding */ preflight),
/* harmony export */   Of: () => (/* binding */ refusalOf)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7406);
/* harmony import */ var _session_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2911);


/** Refuses what could not succeed, before anything is changed. */
const preflight = (session, request, further = () => Promise.resolve([])) => (0,_session_js__WEBPACK_IMPORTED_MODULE_1__/* .step */ .PM)(session, 'preflight', 'Look for what would go wrong', async () => {
    const problems = await (0,_session_js__WEBPACK_IMPORTED_MODULE_1__/* .patiently */ .d_)(session, async () => [
        ...(await session.target.preflight(request, { readOnly: false })),
        ...(await further()),
    ]);
    const refusal = refusalOf(refused(session, problems));
    if (refusal !== undefined)
        throw refusal;
});
/** Those that stand in the way; the others, which `force` overrules, are told as warnings. */
function refused({ job, emit }, problems) {
    const overruled = problems.filter(({ forceable }) => forceable && job.force);
    for (const { message } of overruled)
        emit({ type: 'warning', message: `${message} Going on, as force is set.` });
    return problems.filter((problem) => !overruled.includes(problem));
}
/** One error for all of them; nothing where there is none. */
function refusalOf(problems) {
    const [first, second] = problems;
    if (first === undefined)
        return undefined;
    if (second === undefined)
        return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .DeployError */ .s(first.message, { code: 'preflight', hint: fixOf(first) });
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .DeployError */ .s(`${problems.length} things stand in the way.`, {
        code: 'preflight',
        hint: 'Nothing was changed. Mend them, then run again.',
        details: problems.map((problem) => `${problem.message} ${fixOf(problem)}`),
    });
}
const fixOf = ({ fix, forceable }) => forceable ? `${fix} Or go on with force: true.` : fix;


/***/ }),

/***/ 3280:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  U: () => (/* binding */ resume),
  e: () => (/* binding */ run)
});

// EXTERNAL MODULE: ./build/src/errors.js
var errors = __webpack_require__(7406);
// EXTERNAL MODULE: ./build/src/target/driven.js
var driven = __webpack_require__(3481);
// EXTERNAL MODULE: ./build/src/release/color.js
var release_color = __webpack_require__(4768);
// EXTERNAL MODULE: ./build/src/release/session.js
var release_session = __webpack_require__(2911);
;// CONCATENATED MODULE: ./build/src/release/health.js


/** Waits until the release is proven on the idle color, for `stable-for` without a break. */
const healthy = (session, color) => {
    const { timeout, interval, 'stable-for': stableFor } = session.job.policy.health;
    const { clock } = session;
    const say = healthTeller(session, color);
    let since;
    let last;
    return (0,release_session/* step */.PM)(session, 'healthy', `Wait until ${color} is healthy`, () => (0,release_session/* waitFor */.fm)(session, {
        interval,
        timeout,
        look: async () => {
            last = await session.target.health(color);
            say(last);
            if (last.failure !== undefined)
                throw unhealthy(color, last.failure);
            if (!isProven(last))
                since = undefined;
            else
                since ??= clock.now();
            return since !== undefined && clock.now() - since >= stableFor ? last : undefined;
        },
        expired: async () => {
            const known = await diagnosis(session, color);
            const why = (known?.reason ?? last?.detail ?? 'no answer').replace(/\.$/, '');
            return new errors/* DeployError */.s(`${color} did not become healthy within health.timeout: ${why}.`, {
                code: 'health-timeout',
                hint: known?.hint ??
                    'If it only needs longer to start, raise health.timeout; otherwise look at its log and its health check.',
                details: known?.details ?? [],
            });
        },
    }), (health) => health.detail);
};
const isProven = (health) => health.failure === undefined && health.wanted > 0 && health.ready >= health.wanted;
const unhealthy = (color, { code, reason, hint, details }) => new errors/* DeployError */.s(code === undefined ? `${color} is not healthy: ${reason}` : `On ${color}, ${reason}`, {
    code: code ?? 'unhealthy',
    hint,
    details,
});
/** What the platform knows of a color that was given up without its verdict. Not to know is no second failure. */
async function diagnosis(session, color) {
    try {
        return await session.target.diagnose(color);
    }
    catch {
        session.signal.throwIfAborted();
        return undefined;
    }
}
/** Says what the platform told, and what health looks like, but only when it changed. */
function healthTeller(session, color) {
    let said = '';
    return ({ ready, wanted, detail, news = [] }) => {
        for (const message of news)
            session.emit({ type: 'progress', message: `${color}: ${message}` });
        if (detail === said)
            return;
        said = detail;
        session.emit({ type: 'health', color, ready, wanted, detail });
    };
}

// EXTERNAL MODULE: ./build/src/target/target.js
var target = __webpack_require__(9478);
// EXTERNAL MODULE: ./build/src/release/journal.js
var release_journal = __webpack_require__(672);
;// CONCATENATED MODULE: ./build/src/release/scaling.js





/** How a platform scales the colors that it doesn't scale. */
const NO_SCALING = { blue: '', green: '' };
/** How the platform scales both colors now, for the journal: read before anything is changed. */
async function savedScaling(session) {
    const { scaling } = session.target;
    if (scaling === undefined)
        return NO_SCALING;
    const { colors, warning } = await (0,release_session/* patiently */.d_)(session, () => scaling.save());
    if (warning !== undefined)
        session.emit({ type: 'warning', message: warning });
    return colors;
}
/** A staged release may wait for days: what the live color hands over is what it has now, not what it had then. */
async function refreshed(session, journal) {
    const { scaling } = session.target;
    if (scaling === undefined || !scales(journal))
        return journal;
    const { colors } = await (0,release_session/* patiently */.d_)(session, () => scaling.save());
    return { ...journal, scaling: { ...journal.scaling, [journal.from]: colors[journal.from] } };
}
/** The platform leaves the count of the color that the release comes up on alone: it is ours until the hand-over. */
const hold = (session, journal) => scalingChange(session, journal, (scaling) => scaling.hold((0,release_color/* otherColor */.IP)(journal.from)));
/**
 * Some users are on the new color: it grows with its share, and the old one does not shrink with its own. Tried once, and
 * not worth a failure: nobody watches the release meanwhile, and the hand-over sets all of it.
 */
async function shareScaling(session, journal) {
    const { scaling } = session.target;
    if (scaling === undefined || !scales(journal))
        return;
    const to = (0,release_color/* otherColor */.IP)(journal.from);
    try {
        await session.lease.fence();
        await scaling.share(to, journal.scaling);
    }
    catch (error) {
        session.signal.throwIfAborted();
        if (!(error instanceof errors/* DeployError */.s || error instanceof target/* TransientError */.N))
            throw error;
        if (error instanceof errors/* DeployError */.s && error.code === 'lock-lost')
            throw error;
        session.emit({
            type: 'warning',
            message: `Until it has all of the traffic, ${to} may not scale with its share: ${error.message}`,
        });
    }
}
/** Users are on the new color: it scales out as the old one did, and nothing wakes or shrinks that one any more. */
const handOver = (session, journal) => scalingChange(session, journal, (scaling) => scaling.handOver((0,release_color/* otherColor */.IP)(journal.from), journal.scaling, { scaleIn: false }));
/** The release is accepted: what is left to hand over is scaling in. */
const completeHandOver = (session, journal) => scalingChange(session, journal, (scaling) => scaling.handOver((0,release_color/* otherColor */.IP)(journal.from), journal.scaling, { scaleIn: true }));
/**
 * The color scales again as it did before the run; without `scaleIn`, it only grows yet. The live color was not touched
 * before users left it.
 */
async function restoreScaling(session, journal, color, options) {
    if (color === journal.from && !(0,release_journal/* reached */.V6)(journal, 'shifting'))
        return;
    await scalingChange(session, journal, (scaling) => scaling.restore(color, journal.scaling[color], options));
}
const scales = ({ scaling }) => scaling.blue !== '' || scaling.green !== '';
async function scalingChange(session, journal, body) {
    const { scaling } = session.target;
    if (scaling === undefined || !scales(journal))
        return;
    await (0,release_session/* change */.Zg)(session, () => body(scaling));
}

;// CONCATENATED MODULE: ./build/src/release/converge.js


/** Patience for the data plane beyond the platform's own word for it, in ms. */
const SETTLE_AT_LEAST_MS = 60_000;
/** How long requests may go elsewhere than they were sent, in ms, before that is taken for how it will stay. */
const STRAYING_MS = 10_000;
/**
 * Waits until the answers themselves prove that the shift has reached every address: the API's echo is no proof.
 * Without `identity` there is nothing to observe, and `drain` waits instead.
 */
async function converge(session, subject, expectation) {
    if (!session.checks.canIdentify)
        return false;
    let seen = '';
    await (0,release_session/* waitFor */.fm)(session, {
        interval: 500,
        timeout: Math.max(SETTLE_AT_LEAST_MS, 3 * session.target.propagationMs),
        look: async () => {
            const check = await session.checks.identify(subject, expectation, session.signal);
            if (check.ok || check.detail !== seen)
                session.emit({ type: 'check', purpose: 'identity', check });
            seen = check.detail;
            return check.ok ? true : undefined;
        },
        expired: () => new errors/* DeployError */.s(`The switch did not reach every address of url: ${seen}.`, {
            code: 'not-converged',
            hint: 'Check that identity.header and identity.value describe what the new release really answers at url.',
        }),
    });
    return true;
}
/**
 * What the platform itself has counted since the shift is the best witness of it that needs no help of the app: requests
 * on the color that was given them, and none on the other one. Where it does not count, gives no answer, or nobody came,
 * it proves nothing and refutes nothing. `strict`: some who go on elsewhere, beside others who came, refute it as well.
 * @returns whether it proves the shift
 * @throws DeployError `not-followed` where nobody comes, and others go on elsewhere; `not-converged` where some do
 */
async function provenByCount(session, { strict }) {
    const { clock, target } = session;
    let last = { follows: 'unknown' };
    let astray;
    await (0,release_session/* waitFor */.fm)(session, {
        interval: 250,
        upTo: 1_000,
        timeout: SETTLE_AT_LEAST_MS,
        onlySilence: true,
        look: async () => {
            last = { follows: 'unknown' };
            last = await target.following();
            const { follows, elsewhere = 0 } = last;
            if (follows !== false && follows !== 'partly')
                return true;
            astray ??= { since: clock.now(), requests: elsewhere };
            return clock.now() - astray.since >= STRAYING_MS ? true : undefined;
        },
        expired: () => silence,
    }).catch(unlessSilent);
    const { follows, elsewhere = 0, detail } = last;
    // A single one that was on its way, or had the old color's own address, is not how it will stay.
    const goesOn = astray !== undefined && elsewhere > astray.requests;
    if (goesOn && (follows === false || (follows === 'partly' && strict && !session.job.force)))
        throw notFollowed(target.description, last);
    if (detail !== undefined)
        session.emit({ type: 'warning', message: `${target.description}: ${detail}.` });
    return follows === true;
}
const silence = new errors/* DeployError */.s('No answer', { code: 'silence' });
function unlessSilent(error) {
    if (error !== silence)
        throw error;
}
/** Users' requests go on elsewhere, by the platform's own count. */
function notFollowed(platform, { follows, detail }) {
    const hint = 'Something else than what this action switches decides where they go: compare the configuration of the proxy with docs/docker.md (the map, its key, the names of the backends). The old color is left running.';
    return follows === 'partly'
        ? new errors/* DeployError */.s(`Some requests do not follow the switch: ${platform}: ${detail}.`, {
            code: 'not-converged',
            hint: `${hint} If they are no users’ (a monitor with a way of its own), go on with force: true.`,
        })
        : new errors/* DeployError */.s(`Users’ requests do not follow the switch: ${platform}: ${detail}.`, {
            code: 'not-followed',
            hint,
        });
}

// EXTERNAL MODULE: ./build/src/release/foreign-weights.js
var foreign_weights = __webpack_require__(7795);
;// CONCATENATED MODULE: ./build/src/release/watch/watched.js





/**
 * Watches a release for `duration` ms, under these weights; `last` where no other watch follows.
 * @throws DeployError when the release must be taken back, or somebody moved the traffic
 */
async function watched(session, watch, { weights, duration, last }) {
    const { interval } = session.job.policy.stabilize;
    const end = session.clock.now() + duration;
    const pause = Math.min(interval, Math.max(duration, 1));
    let isConfirming = false;
    await (0,release_session/* waitFor */.fm)(session, {
        interval: pause,
        // A platform that answers nothing must not keep the run for ever; it is no verdict either.
        timeout: duration + SETTLE_AT_LEAST_MS,
        onlySilence: true,
        look: async () => {
            const { weights: now } = await session.target.inspect();
            if (release_color/* COLORS */.lm.some((color) => now[color] !== weights[color]))
                throw (0,foreign_weights/* movedByHand */.iO)(now);
            const isOver = session.clock.now() >= end;
            await watch.look({ last: last && isOver });
            // A doubt of the last look needs one more: what is accepted now loses the color that users could go back to.
            if (isOver && last && !isConfirming && watch.isDoubtful()) {
                isConfirming = true;
                await session.clock.sleep(interval - pause, session.signal);
                return undefined;
            }
            return isOver ? true : undefined;
        },
        expired: () => new errors/* DeployError */.s('The platform did not answer while the release was watched.', {
            code: 'platform-unreachable',
            hint: 'A release that can not be watched is not left to users.',
        }),
    });
    await provenByCount(session, { strict: true });
}

;// CONCATENATED MODULE: ./build/src/release/shift.js







/** Gives the new color the traffic, in steps or at once, after one more proof in the moment before. */
const shift = (session, options) => {
    const { subject, gradual } = options;
    const to = subject.color;
    return (0,release_session/* step */.PM)(session, 'shift', gradual?.steps.length
        ? `Shift traffic to ${to} in ${gradual.steps.length + 1} steps`
        : `Switch traffic to ${to}`, async () => {
        const { colors, live } = await prove(session, to);
        // With nothing there, most users would have no answer until the last step, and nobody to compare with.
        if (gradual !== undefined && colors[live].running > 0)
            await takeSteps(session, options, gradual);
        await move(session, (0,release_color/* allOn */.PT)(to), options);
        const shiftedAt = session.clock.now();
        const proven = await converge(session, subject, 'is');
        await provenByCount(session, { strict: false });
        return { shiftedAt, proven };
    }, () => (0,release_color/* formatWeights */.V7)((0,release_color/* allOn */.PT)(to)));
};
async function takeSteps(session, options, { steps, every, watch, begun }) {
    const { color } = options.subject;
    for (const [index, percent] of steps.entries()) {
        const weights = (0,release_color/* share */.uM)(color, percent);
        await move(session, weights, options);
        if (index === 0)
            await begun();
        session.emit({ type: 'progress', message: `Watching ${color} with ${percent} % of the traffic.` });
        await watched(session, watch, { weights, duration: every, last: false });
        watch.moved();
    }
}
async function move(session, weights, { moves, done }) {
    moves?.();
    await (0,release_session/* change */.Zg)(session, () => session.target.shift(weights));
    done();
    session.emit({ type: 'weights', weights });
}
/** @throws DeployError where the color is not healthy in this very moment, or has traffic already */
async function prove(session, to) {
    const health = await (0,release_session/* patiently */.d_)(session, () => session.target.health(to));
    if (!isProven(health)) {
        const known = health.failure ?? (await diagnosis(session, to));
        throw new errors/* DeployError */.s(`${to} is no longer healthy (${known?.reason ?? health.detail}): traffic stays where it is.`, {
            code: known?.code ?? 'not-proven',
            hint: known?.hint ??
                'It was healthy before: look at its log for a crash, and set health.stable-for to notice it earlier.',
            details: known?.details ?? [],
        });
    }
    const situation = await (0,release_session/* patiently */.d_)(session, () => session.target.inspect());
    if (situation.live === to || situation.weights[to] !== 0)
        throw (0,foreign_weights/* movedByHand */.iO)(situation.weights);
    return situation;
}

// EXTERNAL MODULE: ./build/src/release/situation.js
var release_situation = __webpack_require__(459);
;// CONCATENATED MODULE: ./build/src/release/stabilize.js



/** Watches the new color while all users have it. Throws when it must be taken back. */
const stabilize = (session, color, watch) => (0,release_session/* step */.PM)(session, 'stabilize', `Watch ${color}`, async () => {
    const { for: duration } = session.job.policy.stabilize;
    await watched(session, watch, { weights: (0,release_color/* allOn */.PT)(color), duration, last: true });
}, watch.detail);

// EXTERNAL MODULE: ./build/src/release/image.js
var release_image = __webpack_require__(4426);
;// CONCATENATED MODULE: ./build/src/release/stage.js


/** Brings the release up on the idle color, without a user noticing. */
const stage = (session, color, release, count, options) => (0,release_session/* step */.PM)(session, 'stage', `Start ${count} of ${(0,release_image/* readable */.HD)(release.image)} on ${color}`, () => (0,release_session/* change */.Zg)(session, () => session.target.start(color, release, count, options)), () => `${release.id} on ${color}`);

;// CONCATENATED MODULE: ./build/src/release/top-up.js




/**
 * The live color may have grown while the release was started and tested (or since it was staged): the traffic that
 * made it grow is about to come over, so the new color gets as many first, and proves them. A count that the user
 * fixed stays what it is, but for a rollback, which takes what is there.
 */
async function topUp(session, journal) {
    const { policy } = session.job;
    const isFixed = policy.count !== undefined && journal.operation !== 'rollback';
    const [from, to] = [journal.from, (0,release_color/* otherColor */.IP)(journal.from)];
    let asked = 0;
    let askedWorkers = [];
    for (;;) {
        const { colors } = await (0,release_session/* patiently */.d_)(session, () => session.target.inspect());
        const [old, own] = [colors[from], colors[to]];
        const has = Math.max(asked, own.desired);
        const grown = !isFixed && old.desired > has;
        // What stands in for traffic there, a queue, goes on growing just the same.
        const workers = old.workers ?? [];
        const grownWorkers = workers.some((count, i) => count > Math.max(askedWorkers[i] ?? 0, own.workers?.[i] ?? 0));
        if (!grown && !grownWorkers)
            return;
        const count = grown ? old.desired : has;
        session.emit({
            type: 'progress',
            message: grown
                ? `${from} has grown to ${count} meanwhile: ${to} gets as many before it gets the traffic.`
                : `The workers of ${from} have grown meanwhile: those of ${to} get as many before it gets the traffic.`,
        });
        await stage(session, to, { id: journal.release, image: journal.image }, count, { warm: true });
        await healthy(session, to);
        asked = count;
        askedWorkers = workers;
    }
}

;// CONCATENATED MODULE: ./build/src/release/count-proof.js



/** How long the first counts may take to prove a switch, in ms: about what load balancers need to tell them. */
const PATIENCE_MS = 180_000;
/**
 * Without `identity`, what the load balancer itself counts is the best witness of a switch: requests on the color that
 * got the traffic, and none on the other one since the data plane had its time. Where nobody comes there is no proof;
 * then time, which has passed already, must do. Asked only where the user wants answers to be counted at all.
 */
async function proveByCount(session, to, since) {
    const { 'max-error-rate': rate, 'max-latency': latency } = session.job.policy.stabilize;
    const port = session.target.signals.answers;
    if (port === undefined || (rate === undefined && latency === undefined))
        return;
    const from = (0,release_color/* otherColor */.IP)(to);
    const tell = (message) => session.emit({ type: 'progress', message });
    const period = port.periodMs;
    let begin = period === undefined ? since : Math.ceil(since / period) * period;
    let seen;
    const counts = () => seen === undefined
        ? 'nothing is counted yet'
        : `${to} ${seen[to].requests} requests, ${from} ${seen[from].requests}`;
    tell(`Waiting until what is counted shows the switch: requests on ${to}, and none on ${from}.`);
    try {
        let meter = await (0,release_session/* patiently */.d_)(session, () => port.open(begin));
        await (0,release_session/* waitFor */.fm)(session, {
            interval: 1_000,
            upTo: 10_000,
            timeout: begin + PATIENCE_MS - session.clock.now(),
            look: async () => {
                seen = await meter.read();
                if (seen[to].requests > 0 && seen[from].requests === 0)
                    return true;
                if (seen[from].requests === 0)
                    return undefined;
                // Long requests are counted when they end: what comes later may be free of them.
                begin = period === undefined ? session.clock.now() : begin + period;
                meter = await port.open(begin);
                return undefined;
            },
            expired: () => new errors/* DeployError */.s(`It took longer than ${PATIENCE_MS / 1000} s`, { code: 'not-counted' }),
        });
        tell(`Proven by count: ${counts()}.`);
    }
    catch (error) {
        session.signal.throwIfAborted();
        const { message } = (0,errors/* toDeployError */.p)(error);
        tell(`Not proven by count (${counts()}), going on by time: ${message}`);
    }
}

;// CONCATENATED MODULE: ./build/src/release/retire.js





/** How many looks in a row must find nothing in flight: a request may just be on its way to be counted. */
const EMPTY_LOOKS = 2;
/**
 * Waits until nothing can reach the old color any more: first the data plane must have followed (proven by identity,
 * by the platform, or by time since `shiftedAt`), then its requests in flight get their time.
 * `byCount`: where it is by time, what the load balancer counts is to confirm it.
 */
const drain = (session, { color, shiftedAt, proven, byCount = false, }) => {
    const { clock, target } = session;
    const { drain: patience } = session.job.policy.retire;
    return (0,release_session/* step */.PM)(session, 'drain', `Let ${color} finish its requests`, async () => {
        const told = proven || (await followed(session, shiftedAt));
        if (!told && byCount)
            await proveByCount(session, (0,release_color/* otherColor */.IP)(color), shiftedAt + target.propagationMs);
        await lingering(session, shiftedAt);
        const end = clock.now() + patience;
        let left = 'unknown';
        let emptyLooks = 0;
        await (0,release_session/* waitFor */.fm)(session, {
            interval: 250,
            upTo: 1_000,
            timeout: patience,
            look: async () => {
                left = await target.inFlight(color);
                emptyLooks = left === 0 ? emptyLooks + 1 : 0;
                return emptyLooks >= EMPTY_LOOKS ? true : undefined;
            },
            expired: () => new errors/* DeployError */.s('drained by time', { code: 'drained-by-time' }),
        }).catch((error) => {
            // Time is up, or nobody counts: `retire.drain` is the user's word for long enough.
            if (!(error instanceof errors/* DeployError */.s && error.code === 'drained-by-time') || clock.now() < end)
                throw error;
            if (typeof left === 'number' && left > 0)
                session.emit({
                    type: 'progress',
                    message: `${left} requests (or WebSockets) are still under way on ${color} after retire.drain; they end with it.`,
                });
        });
    });
};
/** Sticky sessions: probes carry no cookie, so nothing but time tells that nobody is held to the old color any more. */
async function lingering(session, shiftedAt) {
    const { clock, target, signal } = session;
    const linger = await (0,release_session/* patiently */.d_)(session, () => target.lingerMs());
    if (linger === 0)
        return;
    // A node may have handed out its last cookie at the end of the time that a change takes to reach it.
    const left = shiftedAt + target.propagationMs + linger - clock.now();
    if (left <= 0)
        return;
    session.emit({
        type: 'progress',
        message: `Waiting ${Math.ceil(left / 1000)} s until sticky sessions from before the switch have run out.`,
    });
    await clock.sleep(left, signal);
}
/** @returns whether the platform itself told; else the time has passed that it takes */
async function followed(session, shiftedAt) {
    const { clock, target, signal } = session;
    // What was accepted, or taken back, is not judged once more by those who have a way of their own.
    if (await provenByCount(session, { strict: false }))
        return true;
    await clock.sleep(Math.max(0, shiftedAt + target.propagationMs - clock.now()), signal);
    // What decides at each request has been read back: with nobody on the way, its word is all there is.
    return target.propagationMs === 0;
}
/** Parks the old color, ready for a rollback. */
const retire = (session, color, keep) => (0,release_session/* step */.PM)(session, 'retire', `Park ${color}`, async () => {
    await (0,release_session/* change */.Zg)(session, () => session.target.park(color, keep));
    await (0,release_session/* shown */.SP)(session, color, { desired: keep });
}, () => (keep === 0 ? `${color} is parked` : `${color} is parked, ${keep} kept warm`));
/** How many instances of `color` stay warm, of those that it runs. */
function warmCount(session, situation, color) {
    const { keep } = session.job.policy.retire;
    const { desired } = situation.colors[color];
    return keep === 'all' ? desired : Math.min(keep, desired);
}

;// CONCATENATED MODULE: ./build/src/release/write.js



/** Writes down how far the run has got, before it goes there. */
async function write(session, journal) {
    await (0,release_session/* change */.Zg)(session, () => session.target.journal.write((0,release_color/* otherColor */.IP)(journal.from), (0,release_journal/* encodeJournal */.Q4)(journal)));
    return journal;
}

;// CONCATENATED MODULE: ./build/src/release/undo.js








/**
 * What becomes of a run that did not come to its end by itself, be it this run after a failure, the post step after a
 * cancel, or the next run after a crash: all read the journal and the weights, and do the same.
 *
 * - `finish`: the new release was accepted (`retiring`), or it is a rollback whose release, proven, has the traffic
 *   already: going "back" would mean going to the release that people fled from.
 * - `forget`: users have what was only staged, so somebody gave it to them by hand. That is theirs to decide.
 * - `undo`: everything else. Traffic first, then the idle color.
 */
function remedy(journal, { weights }) {
    const to = (0,release_color/* otherColor */.IP)(journal.from);
    if (!(0,release_journal/* reached */.V6)(journal, 'shifting'))
        return weights[to] > 0 ? 'forget' : 'undo';
    const accepted = journal.phase === 'retiring' || journal.operation === 'rollback';
    return accepted && (0,release_color/* isAllOn */.TF)(weights, to) ? 'finish' : 'undo';
}
/**
 * Puts everything back as the journal's run found it. Traffic goes back first, in one call.
 * `usersHadIt` must be true unless it is certain that no traffic was moved. With `urgent` it stops where it would have to wait (the process is about to be killed) and returns false: the post
 * step, or the next run, does the rest.
 */
async function undo(session, journal, { usersHadIt, urgent = false }) {
    const to = (0,release_color/* otherColor */.IP)(journal.from);
    // A switch that was cut off before it moved anybody may have made some of its changes.
    if (usersHadIt || (0,release_journal/* reached */.V6)(journal, 'shifting'))
        await giveTrafficBack(session, journal);
    if (usersHadIt && urgent)
        return false;
    // Its alarms still tell of the time when it had fewer users than now, and may go off as soon as they are let.
    await restoreScaling(session, journal, journal.from, { scaleIn: false });
    if (usersHadIt) {
        await leave(session, journal);
        if (journal.operation !== 'rollback')
            await markTaken(session, journal);
    }
    await (0,release_session/* step */.PM)(session, 'undo', `Put ${to} back as it was`, async () => {
        const { parkedRelease, parkedCount } = journal;
        // Before the count, while the color is within its bounds: a parked one would be pulled back into them.
        await restoreScaling(session, journal, to, { scaleIn: true });
        await (0,release_session/* change */.Zg)(session, () => session.target.restore(to, parkedRelease, parkedCount));
        await (0,release_session/* shown */.SP)(session, to, { releaseId: parkedRelease, desired: parkedCount });
        await restoreScaling(session, journal, journal.from, { scaleIn: true });
        await (0,release_session/* change */.Zg)(session, () => session.target.journal.clear());
    });
    return true;
}
/**
 * Whatever it was that took it from the users: no rollback leads there again by itself. Where an undo was cut off, the
 * color may hold its former release already, which nobody was taken from.
 */
async function markTaken(session, { from, release }) {
    const to = (0,release_color/* otherColor */.IP)(from);
    const { colors } = await (0,release_session/* patiently */.d_)(session, () => session.target.inspect());
    if (colors[to].release?.id !== release)
        return;
    await (0,release_session/* change */.Zg)(session, () => session.target.mark(to, 'rolled-back'));
}
const giveTrafficBack = (session, { from }) => (0,release_session/* step */.PM)(session, 'undo', `Give traffic back to ${from}`, async () => {
    const { weights } = await (0,release_session/* patiently */.d_)(session, () => session.target.inspect());
    // Also where nobody was moved: a switch may consist of several changes, and one that was cut off before it moved
    // anybody may have made some of them.
    await (0,release_session/* change */.Zg)(session, () => session.target.shift((0,release_color/* allOn */.PT)(from)));
    if (!(0,release_color/* isAllOn */.TF)(weights, from))
        session.emit({ type: 'weights', weights: (0,release_color/* allOn */.PT)(from) });
}, () => (0,release_color/* formatWeights */.V7)((0,release_color/* allOn */.PT)(from)));
/**
 * The way back must have reached every node too, before the color that users just left may be stopped. Answers alone
 * prove nothing here: a node that has not even heard of the way there gives the same ones as a node that is back. So
 * the data plane gets its full time as well.
 */
async function leave(session, { from, image, imageTag }) {
    const left = (0,release_color/* otherColor */.IP)(from);
    const shiftedAt = session.clock.now();
    try {
        // Where the platform itself tells, nothing must be asked of the answers; and with nothing to go back to there are none.
        if ((await session.target.following()).follows !== true &&
            (await session.target.inspect()).colors[from].running > 0)
            await converge(session, { color: left, image, imageTag }, 'is-not');
    }
    catch (error) {
        session.signal.throwIfAborted();
        // Traffic is back as far as the platform says, and a probe that can't see it must not stop the clean-up.
        session.emit({ type: 'warning', message: (0,errors/* toDeployError */.p)(error).message });
    }
    await drain(session, { color: left, shiftedAt, proven: false });
}
/**
 * The same for a run that was cut off, or failed on its way: the switch as well, which may consist of several changes
 * (HAProxy's memory, and the file that its next start goes by), so that users may be there before all are made.
 */
async function finishBroken(session, journal, { park }) {
    await (0,release_session/* change */.Zg)(session, () => session.target.shift((0,release_color/* allOn */.PT)((0,release_color/* otherColor */.IP)(journal.from))));
    await finish(session, journal, { shiftedAt: session.clock.now(), proven: false, park });
}
/** Carries an accepted release through: the old color is drained and parked, the standing of both is recorded. */
async function finish(session, journal, { shiftedAt, proven, park }) {
    const to = (0,release_color/* otherColor */.IP)(journal.from);
    if (!(0,release_journal/* reached */.V6)(journal, 'retiring'))
        await handOver(session, journal);
    await write(session, { ...journal, phase: 'retiring' });
    const situation = await (0,release_session/* patiently */.d_)(session, () => session.target.inspect());
    const isRollback = journal.operation === 'rollback';
    await (0,release_session/* change */.Zg)(session, () => session.target.mark(to, 'was-live', shiftedAt));
    // A color that ran nothing held no release that users ever had: it must not become the goal of a rollback.
    if (situation.colors[journal.from].desired > 0)
        await (0,release_session/* change */.Zg)(session, () => session.target.mark(journal.from, isRollback ? 'rolled-back' : 'was-live'));
    if (park) {
        // A rollback ends without them: people wait for it.
        const byCount = !isRollback && !session.checks.canIdentify;
        await drain(session, { color: journal.from, shiftedAt, proven, byCount });
        await retire(session, journal.from, isRollback ? 0 : warmCount(session, situation, journal.from));
    }
    // Last of all: its alarms still tell of the time when it had fewer users, and may go off as soon as they are let.
    await completeHandOver(session, journal);
    await (0,release_session/* change */.Zg)(session, () => session.target.journal.clear());
}

;// CONCATENATED MODULE: ./build/src/release/watch/own-traffic.js
/** Runs `body` under light traffic of our own, where a probe is configured, and tells what became of it. */
async function underOwnTraffic(session, subject, body) {
    const traffic = session.checks.ownTraffic(subject, session.signal);
    if (traffic === undefined)
        return body(undefined);
    const tell = () => session.emit({ type: 'own-traffic', ...traffic.figures() });
    try {
        const value = await body(traffic);
        await traffic.end();
        tell();
        return value;
    }
    catch (error) {
        // Users wait for the traffic to go back: a last request, which may hang as theirs do, is not waited for.
        void traffic.end();
        tell();
        throw error;
    }
}
/**
 * What fails before the first user has the release is not its doing, nor is what goes on failing while others still
 * answer: a release that mends a broken one must not be taken back for that one's failures.
 */
function fromMoveOn(session, traffic) {
    let failedBefore;
    const figures = () => {
        const all = traffic.figures();
        return failedBefore ? { ...all, failed: 0, lastFailure: '' } : all;
    };
    return {
        traffic: { ...traffic, figures },
        moves() {
            if (failedBefore !== undefined)
                return;
            const { failed, sent, lastFailure } = traffic.figures();
            failedBefore = failed > 0;
            if (failedBefore)
                session.emit({
                    type: 'warning',
                    message: `${failed} of ${sent} requests of our own failed before any user had the release (${lastFailure}): those made while the traffic moves do not count, the probes after it do.`,
                });
        },
    };
}

;// CONCATENATED MODULE: ./build/src/release/watch/alarms.js



/**
 * The platform's alarms, each against what it was when the watch began: one that was off already says nothing of this
 * release until it has been right again. One that goes off and recovers between two looks counts as well.
 * @param since from when on an alarm counts that went off, ms since the epoch; absent: from now on
 */
async function alarms(session, color, since) {
    const { alarms: configured, 'insufficient-data': withoutData } = session.job.policy.stabilize;
    const names = configured[color];
    const port = session.target.signals.alarms;
    if (names.length === 0 || port === undefined)
        return undefined;
    const known = new Map();
    /** Off before this release had a part in it. */
    const excused = new Set();
    const there = await (0,release_session/* patiently */.d_)(session, () => port.read(names));
    // A deployment was refused for it beforehand; `watch` has nothing but this look.
    const missing = names.find((name) => !there.some((alarm) => alarm.name === name));
    if (missing !== undefined)
        throw new errors/* DeployError */.s(`There is no alarm ${missing}.`, {
            code: 'unknown-alarm',
            hint: 'Correct stabilize.alarms, or make the alarm: nothing says that it is quiet.',
        });
    for (const alarm of there) {
        const isOld = since === undefined || alarm.since < since;
        if (isOld)
            known.set(alarm.name, alarm);
        if (!(isOld && alarm.state === 'alarm'))
            continue;
        excused.add(alarm.name);
        session.emit({
            type: 'warning',
            message: `${alarm.name} is in ALARM already (${alarm.reason}): it does not count until it has been OK.`,
        });
    }
    return {
        async look({ last }) {
            const now = await port.read(names);
            for (const alarm of now) {
                const before = known.get(alarm.name);
                const isNews = isNewsAfter(before, alarm);
                if (isNews)
                    tell(session, alarm);
                // In ALARM since another moment than before: it was something else in between.
                if (alarm.state !== 'alarm' || (before?.state === 'alarm' && isNews))
                    excused.delete(alarm.name);
                if (alarm.state === 'alarm' && !excused.has(alarm.name))
                    throw wentOff(alarm.name, alarm.reason);
            }
            // Only then: a history that is not told must not hide an alarm that is off.
            for (const alarm of now) {
                const before = known.get(alarm.name);
                // Its state has a new date: it was something else in between. Only its history tells what.
                const lastKnown = before?.since ?? since;
                const mayHide = isNewsAfter(before, alarm) && alarm.state !== 'alarm' && before?.state !== 'alarm';
                if (mayHide && lastKnown !== undefined) {
                    const reason = await port.wentOff(alarm.name, lastKnown);
                    if (reason !== undefined)
                        throw wentOff(alarm.name, `${reason}; it has recovered since`);
                }
                known.set(alarm.name, alarm);
                if (last && alarm.state === 'insufficient-data' && withoutData === 'fail')
                    throw new errors/* DeployError */.s(`The alarm ${alarm.name} still has no data (${alarm.reason}).`, {
                        code: 'alarm-without-data',
                        hint: 'Watch longer (stabilize.for), or set stabilize.insufficient-data: ignore.',
                    });
            }
        },
        detail: () => `${names.length} ${names.length === 1 ? 'alarm' : 'alarms'} quiet`,
    };
}
const isNewsAfter = (before, now) => before?.state !== now.state || before.since !== now.since;
function tell(session, { name, state, reason }) {
    session.emit({
        type: 'check',
        purpose: 'alarm',
        check: { name, ok: state !== 'alarm', detail: `${WORDS[state]}: ${reason}`, attempts: 1, ms: 0 },
    });
}
const WORDS = { ok: 'OK', alarm: 'ALARM', 'insufficient-data': 'INSUFFICIENT_DATA' };
const wentOff = (name, reason) => new errors/* DeployError */.s(`The alarm ${name} went off: ${reason}.`, {
    code: 'alarm',
    hint: 'Look at what the alarm measures and at the release’s log, mend it, then deploy again.',
});
/** A look at signals that was not answered is no news, and says so once: health and probes go on being looked at. */
function forgiving(session, sensor, what) {
    let silent = false;
    return {
        ...sensor,
        async look(options) {
            try {
                await sensor.look(options);
                silent = false;
            }
            catch (error) {
                if (!(error instanceof target/* TransientError */.N))
                    throw error;
                if (!silent)
                    session.emit({ type: 'progress', message: `No news of ${what} (${error.message}): asking again.` });
                silent = true;
            }
        },
        // What was seen before the silence says nothing of how the watch ended.
        detail: () => (silent ? `no news of ${what}` : sensor.detail()),
    };
}

// EXTERNAL MODULE: ./build/src/release/watch/answers.js
var answers = __webpack_require__(8678);
;// CONCATENATED MODULE: ./build/src/release/watch/instances.js

/** How many looks in a row may find too few healthy instances: a target may miss one health check. */
const UNHEALTHY_LOOKS = 2;
/**
 * The instances of the release: healthy, not stopped, not crashing.
 * @param since for who comes later: from when on what ended counts too, ms since the epoch
 */
function instances(session, color, since) {
    const say = healthTeller(session, color);
    let unhealthyLooks = 0;
    let seen = '';
    return {
        async look() {
            const health = await session.target.health(color, since);
            say(health);
            seen = health.detail;
            if (health.failure !== undefined)
                throw unhealthy(color, health.failure);
            unhealthyLooks = isProven(health) ? 0 : unhealthyLooks + 1;
            if (unhealthyLooks >= UNHEALTHY_LOOKS)
                throw unhealthy(color, (await diagnosis(session, color)) ?? { reason: health.detail, details: [] });
        },
        isDoubtful: () => unhealthyLooks > 0,
        // While a deployment runs, its log says so already.
        detail: () => (since === undefined ? '' : seen),
    };
}

;// CONCATENATED MODULE: ./build/src/release/watch/probes.js

/**
 * Requests as users make them: the configured probe at each look, and the light traffic of our own that runs while the
 * weights move. Both count against `max-failed-probes`.
 */
function probes(session, subject, traffic) {
    const allowed = session.job.policy.stabilize['max-failed-probes'];
    let failed = 0;
    let sent = 0;
    let isDoubtful = false;
    return {
        async look() {
            const own = traffic?.figures();
            if (own !== undefined && own.failed + failed > allowed)
                throw new errors/* DeployError */.s(`${own.failed} of ${own.sent} requests of our own failed while the traffic moved, the last: ${own.lastFailure}.`, {
                    code: 'probe-failed',
                    hint: 'Look at the release through its log, mend it, then deploy again.',
                });
            const probe = await session.checks.probe(subject, session.signal);
            if (probe === undefined)
                return;
            sent += 1;
            session.emit({ type: 'check', purpose: 'stabilize', check: probe });
            isDoubtful = !probe.ok;
            if (!probe.ok)
                failed += 1;
            if (failed + (own?.failed ?? 0) > allowed)
                throw new errors/* DeployError */.s(`${failed} of ${sent} probes failed on ${subject.color}, the last: ${probe.detail}.`, {
                    code: 'probe-failed',
                    hint: 'Look at the release through its log, mend it, then deploy again.',
                    details: probe.output ?? [],
                });
        },
        isDoubtful: () => isDoubtful,
        detail: () => (sent === 0 ? '' : `${sent} ${sent === 1 ? 'probe' : 'probes'}, ${failed} failed`),
    };
}

;// CONCATENATED MODULE: ./build/src/release/watch/watcher.js





/**
 * Everything that is looked at while users have a release, or some of them. Begun before the first of them gets it:
 * what was wrong before is not the release's doing.
 * @param since for who comes later: when users got the release, ms since the epoch
 */
async function watcher(session, subject, { traffic, since } = {}) {
    const { color } = subject;
    const [ofAlarms, ofAnswers] = [await alarms(session, color, since), await (0,answers/* answers */.GA)(session, color, since)];
    // Who comes later takes no silence for an answer: nothing hangs on it that would have to be decided in time.
    const patient = (sensor, what) => since === undefined ? forgiving(session, sensor, what) : sensor;
    const sensors = [
        instances(session, color, since),
        ...(ofAlarms ? [patient(ofAlarms, 'the alarms')] : []),
        ...(ofAnswers ? [patient(ofAnswers, 'what users were answered')] : []),
        probes(session, subject, traffic),
    ];
    return {
        /** Each sensor gets its look: one that has no news must not keep the others from telling theirs. */
        async look(options) {
            let noNews;
            for (const sensor of sensors)
                try {
                    await sensor.look(options);
                }
                catch (error) {
                    if (!(error instanceof target/* TransientError */.N))
                        throw error;
                    noNews ??= error;
                }
            if (noNews !== undefined)
                throw noNews;
        },
        isDoubtful: () => sensors.some((sensor) => sensor.isDoubtful?.() ?? false),
        moved() {
            for (const sensor of sensors)
                sensor.moved?.();
        },
        detail() {
            const told = sensors.map((sensor) => sensor.detail()).filter((text) => text !== '');
            return told.length === 0 ? 'nothing was wrong' : told.join('; ');
        },
    };
}

;// CONCATENATED MODULE: ./build/src/release/attempt.js













/** Writes the journal's first page: from here on, everything can be undone by whoever reads it. */
async function begin(session, situation, { color, image, imageTag, release, count }, operation) {
    announce(session, situation, { image, release: release.id, count });
    const parked = situation.colors[color];
    const journal = await write(session, {
        operation,
        phase: 'staging',
        from: situation.live,
        image,
        imageTag,
        release: release.id,
        parkedRelease: parked.release?.id ?? '',
        parkedCount: parked.desired,
        scaling: await savedScaling(session),
    });
    const isFirst = situation.colors[situation.live].desired === 0;
    return { journal, subject: { color, image, imageTag }, isFirst };
}
/** Starts the release on the idle color and waits until it is proven there. */
async function bringUp(session, { journal, subject }, release, count) {
    const color = subject.color;
    const prepared = await (0,release_session/* change */.Zg)(session, () => session.target.prepare());
    if (prepared !== undefined)
        session.emit({ type: 'progress', message: prepared });
    await stage(session, color, release, count, { warm: journal.operation === 'rollback' });
    // Not before: platforms pull a color that is held below its bounds into them, which would start the parked release.
    await hold(session, journal);
    await healthy(session, color);
}
/** Gives the proven release to the users, watches it, and parks the former one. */
async function accept(session, attempt) {
    const { from, operation, imageTag } = attempt.journal;
    const to = (0,release_color/* otherColor */.IP)(from);
    await topUp(session, attempt.journal);
    attempt.journal = await write(session, {
        ...(await refreshed(session, attempt.journal)),
        phase: 'shifting',
    });
    const shifted = operation === 'rollback' ? await shiftBack(session, attempt) : await shiftWatched(session, attempt);
    attempt.journal = { ...attempt.journal, phase: 'retiring' };
    // A rollback may come so soon after a shift that answers can't tell a node which is back from one that never left
    // (undo.ts, `leave`). Nothing hurries: users have their release already.
    const proven = shifted.proven && operation !== 'rollback';
    await finish(session, attempt.journal, { ...shifted, proven, park: true });
    return operation === 'rollback'
        ? { result: 'rolled-back', summary: `${imageTag} is live again, on ${to}.`, end: 'release' }
        : { result: 'deployed', summary: `${imageTag} is live on ${to}.`, end: 'release' };
}
/**
 * Whoever rolls back has nowhere better to go: what would be watched for could change nothing, and nobody wants to wait
 * for shares of the traffic.
 */
async function shiftBack(session, attempt) {
    const shifted = await shift(session, { subject: attempt.subject, done: isShifted(attempt) });
    await handOver(session, attempt.journal);
    return shifted;
}
/** The watch begins before the first user has the release: what was wrong by then is not its doing. */
async function shiftWatched(session, attempt) {
    const { subject, journal } = attempt;
    const move = async (traffic) => {
        const own = traffic && fromMoveOn(session, traffic);
        const watch = await watcher(session, subject, { traffic: own?.traffic });
        const gradual = {
            ...session.job.policy.shift,
            watch,
            begun: () => shareScaling(session, journal),
        };
        const done = isShifted(attempt);
        return { watch, shifted: await shift(session, { subject, gradual, moves: own?.moves, done }) };
    };
    // Before a first release nobody answers, which is no failure of it.
    const { watch, shifted } = await (attempt.isFirst ? move() : underOwnTraffic(session, subject, move));
    await handOver(session, journal);
    await stabilize(session, subject.color, watch);
    return shifted;
}
const isShifted = (attempt) => () => {
    attempt.shifted = true;
};
/** Tells the listeners what the run is going to do. */
function announce(session, situation, { image, release, count }) {
    session.emit({
        type: 'intent',
        from: situation.live,
        to: (0,release_color/* otherColor */.IP)(situation.live),
        image,
        release,
        previousImage: (0,release_situation/* runningImage */.$)(situation, situation.live),
        count,
    });
}

;// CONCATENATED MODULE: ./build/src/release/lock.js



const RETRY_MS = 3_000;
/** How long the platform is asked to take the lock back before it is left to end by itself. */
const RELEASE_MS = 30_000;
/**
 * A renewal holds for `lock.ttl`, at least 30 s, so nobody can have taken the lock over a moment after one. Renewing is
 * a change to the platform, and some have a budget for those: changes that follow each other share a renewal.
 */
const FENCE_MS = 1_000;
/** A lease that was renewed so many parts of its time ago is far from its end: to know that it is still ours is enough. */
const FRESH = 1 / 2;
/**
 * Runs `body` with the lock, which is renewed while it runs. The lock is let go at the end unless `body` says that
 * something is left for the post step.
 */
async function withLock(session, body) {
    const { warning } = session.target.lock;
    if (warning !== undefined)
        session.emit({ type: 'warning', message: warning });
    const lease = await (0,release_session/* step */.PM)(session, 'lock', 'Take the lock', () => acquire(session));
    return holding(session, lease, body);
}
/** Like `withLock`, for a lease that there already is. */
async function holding(session, held, body) {
    const lease = fenced(session, held);
    session.onPending(lease.handle);
    const lost = new AbortController();
    const done = new AbortController();
    const renewal = renewForever(session, lease, lost, done.signal);
    let end = 'release';
    try {
        const result = await body({
            ...session,
            lease,
            lost: lost.signal,
            signal: AbortSignal.any([session.signal, lost.signal]),
        });
        end = result.end;
        return result.value;
    }
    catch (error) {
        // Cancelled somewhere: the post step takes the lock up again, and looks whether anything is left to do.
        if (session.signal.aborted)
            end = 'keep';
        throw error;
    }
    finally {
        done.abort();
        await renewal;
        if (end !== 'keep' && !lost.signal.aborted)
            await letGo(session, lease, end === 'release-keep-preview');
        if (end !== 'keep')
            session.onPending(undefined);
    }
}
function fenced({ clock, job }, lease) {
    const { ttl } = job.policy.lock;
    const takenAt = clock.now();
    // As if long ago: how long taking the lock took is not known here.
    let renewedAt = Number.NEGATIVE_INFINITY;
    let knownAt = Number.NEGATIVE_INFINITY;
    const renew = async () => {
        const asked = clock.now();
        await lease.renew();
        renewedAt = asked;
        knownAt = asked;
    };
    return {
        ...lease,
        renew,
        fence: async () => {
            const now = clock.now();
            if (now - knownAt < FENCE_MS)
                return;
            const isFresh = now - renewedAt < ttl * FRESH;
            try {
                if (lease.confirm === undefined || !isFresh)
                    return await renew();
                await lease.confirm();
                knownAt = now;
            }
            catch (error) {
                // Throttled, cut off, a full disk: no news about the lock, which is ours until the lease ends.
                const isOurs = clock.now() - Math.max(takenAt, renewedAt) < ttl;
                if (error instanceof errors/* DeployError */.s || !isOurs)
                    throw error;
            }
        },
    };
}
/** Failing to unlock fails nothing: the lease runs out by itself. */
async function letGo(session, lease, keepPreview) {
    try {
        // Whoever cancelled wants the lock free all the same.
        const patient = { ...session, signal: AbortSignal.timeout(RELEASE_MS) };
        await (0,release_session/* patiently */.d_)(patient, () => (0,release_session/* abandonable */.G1)(patient.signal, () => lease.release({ keepPreview })));
    }
    catch (error) {
        session.emit({
            type: 'warning',
            message: `The lock could not be released (${(0,errors/* toDeployError */.p)(error).message}); it is free after lock.ttl.`,
        });
    }
}
async function renewForever(session, lease, lost, done) {
    // A third of the time to live: two renewals may fail before the lock is in danger.
    const pause = Math.max(1_000, session.job.policy.lock.ttl / 3);
    try {
        for (;;) {
            await session.clock.sleep(pause, done);
            try {
                await (0,release_session/* abandonable */.G1)(done, () => lease.renew());
            }
            catch (error) {
                if ((0,target/* isOutOfReach */.H)(error))
                    return;
                // Anything else is no word about who has it; whoever changes something asks first.
                if (error instanceof errors/* DeployError */.s)
                    throw error;
            }
        }
    }
    catch (error) {
        if (!done.aborted)
            lost.abort(error);
    }
}
/** Takes the lock, waiting for its holder as long as `lock.wait` says and taking it over from one that is dead. */
async function acquire(session) {
    const { target, job } = session;
    const { ttl, wait } = job.policy.lock;
    let shown = '';
    let holder;
    // A platform that gives no answer must not be taken for another run that holds the lock.
    const take = () => (0,release_session/* patiently */.d_)(session, () => target.lock.acquire(job.owner, ttl));
    return (0,release_session/* waitFor */.fm)(session, {
        interval: RETRY_MS,
        timeout: wait,
        look: async () => {
            // Trying is a change to the platform: only where nobody was seen to hold the lock.
            const lease = holder === undefined ? await take() : undefined;
            if (lease !== undefined)
                return lease;
            holder = await (0,release_session/* patiently */.d_)(session, () => target.lock.read());
            // Let go since: ours now, if nobody is quicker.
            if (holder === undefined)
                return take();
            const why = await whyFree(session, holder);
            if (why !== undefined) {
                session.emit({ type: 'progress', message: `Taking over the lock of ${describe(holder)}: ${why}.` });
                const dead = holder;
                holder = undefined;
                await (0,release_session/* patiently */.d_)(session, () => target.lock.break(dead));
                return take();
            }
            if (wait > 0 && shown !== holder.handle) {
                session.emit({ type: 'progress', message: `Waiting for ${describe(holder)}.` });
                shown = holder.handle;
            }
            return undefined;
        },
        expired: () => new errors/* DeployError */.s(`${holder === undefined ? 'Another run' : describe(holder)} is under way here.`, {
            code: 'lock-held',
            hint: wait > 0
                ? 'It did not end within lock.wait. Look at that run; cancelling it puts everything back.'
                : 'Wait for it (set lock.wait to let runs queue), or cancel it: cancelling puts everything back.',
            details: holder === undefined ? [] : holderDetails(holder),
        }),
    });
}
/** Why the lock is free although it exists; nothing when its owner may still live. */
async function whyFree({ clock, job, runStatus }, holder) {
    if (holder.expires <= clock.now())
        return 'its lease has ended';
    if (isEarlierAttempt(holder.owner.id, job.owner.id))
        return 'it was an earlier attempt of this very run';
    if (holder.owner.runUrl !== '' && (await runStatus(holder.owner.runUrl)) === 'completed')
        return 'GitHub says that its run has ended';
    return undefined;
}
/** Ids are `<run>/<attempt>`: GitHub begins another attempt of a run only when the one before has ended. */
function isEarlierAttempt(theirs, ours) {
    const [their, our] = [theirs, ours].map((id) => /^(.+)\/(\d+)$/.exec(id));
    return their?.[1] !== undefined && their[1] === our?.[1] && Number(their[2]) < Number(our[2]);
}
const describe = ({ owner }) => `${owner.operation || 'a run'}${owner.actor === '' ? '' : ` by ${owner.actor}`}${owner.runUrl === '' ? '' : ` (${owner.runUrl})`}`;
const holderDetails = ({ owner, expires }) => [
    ...(owner.runUrl === '' ? [] : [`run: ${owner.runUrl}`]),
    ...(owner.reason === '' ? [] : [`reason: ${owner.reason}`]),
    `its lease ends at ${new Date(expires).toISOString()} unless it is renewed`,
];
/** For `status`: who is at work, if anybody. */
async function currentHolder(session) {
    const state = await (0,release_session/* patiently */.d_)(session, () => session.target.lock.read());
    return state === undefined || (await whyFree(session, state)) !== undefined ? undefined : describe(state);
}

;// CONCATENATED MODULE: ./build/src/release/guarded.js




/** Runs the attempt; when it fails or is cancelled, `putRight` ends it in a defined state before the error is told. */
async function guarded(session, attempt, putRight, body) {
    try {
        return await body();
    }
    catch (thrown) {
        const error = (0,errors/* toDeployError */.p)(session.signal.aborted ? session.signal.reason : thrown);
        const end = (own, cancelled) => putRight(own, attempt, { error, cancelled }).catch((second) => failedTwice(error, second));
        if (session.lost.aborted || error.code === 'lock-lost')
            return regain(session, attempt.journal.release, error, (own) => end(own, false));
        return end({ ...session, signal: session.lost }, session.signal.aborted);
    }
}
/**
 * The lock is gone. Whoever took it over has read our journal, and does what must be done. But if nobody has it (its
 * owner's tools removed the rule) and our journal still stands, nobody else will: then we take it again to clean up.
 */
async function regain(session, release, error, cleanUp) {
    const { job, target } = session;
    const patient = { ...session, signal: AbortSignal.timeout(30_000) };
    const lease = await (0,release_session/* patiently */.d_)(patient, () => target.lock.acquire(job.owner, job.policy.lock.ttl)).catch(() => undefined);
    if (lease === undefined)
        throw error;
    const own = { ...session, signal: new AbortController().signal };
    return holding(own, lease, async (locked) => {
        const { journal } = await (0,release_session/* patiently */.d_)(locked, () => target.inspect());
        if (journal?.release !== release)
            throw error;
        const ended = await cleanUp(locked);
        return { value: ended, end: ended.end };
    });
}
/** Putting things right failed as well: what was under way stays recorded on the target. */
function failedTwice(error, thrown) {
    const second = (0,errors/* toDeployError */.p)(thrown);
    if (second.code === 'lock-lost')
        throw second;
    // Refused for the same reason, as a missing permission is: that is one thing to mend, not two.
    if (second.message === error.message) {
        // Without a way to the host, the lock can't be given back either; the post step looks for a new way.
        const end = (0,target/* isOutOfReach */.H)(second) ? 'keep' : 'release';
        return { result: 'failed', summary: error.message, error, end };
    }
    return {
        result: 'failed',
        summary: error.message,
        error: new errors/* DeployError */.s(`${error.message} Putting things back failed too: ${second.message}`, {
            code: 'undo-failed',
            hint: 'Run rollback (or deploy) again: what was under way is recorded on the target, and the next run goes on from there.',
            details: [...error.details, ...second.details],
            cause: thrown,
        }),
        // The post step tries once more.
        end: 'keep',
    };
}

// EXTERNAL MODULE: ./build/src/release/preflight.js
var preflight = __webpack_require__(4000);
;// CONCATENATED MODULE: ./build/src/release/put-right.js





/** Everything goes back or, once the release was accepted, forward, as `remedy` says. */
async function putRight(session, { journal, shifted = false }, broken) {
    const { error, cancelled } = broken;
    const situation = await (0,release_session/* patiently */.d_)(session, () => session.target.inspect());
    // Users have never left, and whoever is about to be stopped is who they have: a rollback goes back as well.
    const decision = error.code === 'not-followed' ? 'undo' : remedy(journal, situation);
    if (decision === 'finish')
        return carryThrough(session, journal, broken);
    if (decision === 'forget') {
        await (0,release_session/* change */.Zg)(session, () => session.target.journal.clear());
        return { result: 'failed', summary: error.message, error, end: 'release' };
    }
    // A shift that stopped half-way leaves both colors with traffic, each in another place.
    const usersHadIt = shifted || !(0,release_color/* isAllOn */.TF)(situation.weights, journal.from);
    const complete = await undo(session, journal, { usersHadIt, urgent: cancelled });
    // Back from a rollback is where people fled from.
    const result = usersHadIt && journal.operation !== 'rollback' ? 'rolled-back' : 'failed';
    return { result, summary: error.message, error, end: complete ? 'release' : 'keep' };
}
/** Users have the release, and it is the one they should have: what failed afterwards is said, and made good later. */
async function carryThrough(session, journal, { error, cancelled }) {
    const result = journal.operation === 'rollback' ? 'rolled-back' : 'deployed';
    const summary = `${journal.imageTag} is live on ${(0,release_color/* otherColor */.IP)(journal.from)}.`;
    // Before it is told: the post step and the next run go by what is written down, and would take back what is not.
    await write(session, journal);
    if (cancelled)
        return { result, summary, end: 'keep' };
    session.emit({
        type: 'warning',
        message: `${error.message} The release is live; the clean-up is tried again.`,
    });
    try {
        await finishBroken(session, journal, { park: true });
    }
    catch (thrown) {
        const { message } = (0,errors/* toDeployError */.p)(thrown);
        session.emit({ type: 'warning', message: `${message} The next run finishes what is left.` });
    }
    return { result, summary, end: 'release' };
}

;// CONCATENATED MODULE: ./build/src/release/recover.js






/** Looks at the target, and finishes or undoes what a dead run, or a staged release, left there. */
async function recover(session, { resuming = false } = {}) {
    const situation = await look(session);
    const { journal } = situation;
    if (journal === undefined) {
        refuseSplit(situation);
        return { situation };
    }
    const decision = remedy(journal, situation);
    await (0,release_session/* step */.PM)(session, 'recover', recover_describe(journal, decision, session.job.operation), () => Promise.resolve());
    if (decision === 'forget') {
        await (0,release_session/* change */.Zg)(session, () => session.target.journal.clear());
    }
    else if (decision === 'finish') {
        const hurried = !resuming && journal.operation !== 'rollback' && isWanted(session.job, situation, journal);
        await finishBroken(session, journal, { park: !hurried });
    }
    else {
        await undo(session, journal, { usersHadIt: (0,release_journal/* reached */.V6)(journal, 'shifting') });
    }
    return { situation: await look(session), rolledBack: rolledBack(journal, decision) };
}
/**
 * Whoever rolls back from a deployment wants the old color's instances, and now: they are not parked first. Only where
 * that is certain: else nobody would park them.
 */
function isWanted({ operation, imageTag }, { colors }, { from }) {
    const { release } = colors[from];
    if (operation !== 'rollback' || release === undefined)
        return false;
    return imageTag === '' || (0,release_image/* isImage */.wu)(release.image, imageTag);
}
function rolledBack({ operation, phase, imageTag }, decision) {
    if (operation === 'rollback')
        return decision === 'finish' ? `The rollback to ${imageTag} that was under way is finished.` : undefined;
    return decision === 'undo' && phase === 'shifting'
        ? `${imageTag} was half-way to users and is taken back.`
        : undefined;
}
const look = (session) => (0,release_session/* step */.PM)(session, 'inspect', 'Look at the target', async () => {
    const situation = await (0,release_session/* patiently */.d_)(session, () => session.target.inspect());
    session.emit({ type: 'situation', situation });
    return situation;
}, ({ live, colors }) => `${live} is live with ${(0,release_image/* readable */.HD)(colors[live].release?.image ?? 'nothing')}`);
/** Only what a run of ours has left half-way is ours to put right. */
function refuseSplit({ weights, live }) {
    if (weights[live] > 0 && weights[(0,release_color/* otherColor */.IP)(live)] === 0)
        return;
    throw weights.blue + weights.green > 100 ? (0,foreign_weights/* notAlike */.uJ)() : (0,foreign_weights/* splitByHand */.z4)(weights);
}
/** What is done about what another run left behind, as a title. */
function recover_describe(journal, decision, operation) {
    const to = (0,release_color/* otherColor */.IP)(journal.from);
    if (decision === 'forget')
        return `${journal.imageTag} was staged on ${to}, and somebody gave it the traffic: leave it there`;
    if (journal.phase === 'staged')
        return `${journal.imageTag} is staged on ${to}: ${operation === 'abort' ? 'drop it' : 'drop it first'}`;
    return decision === 'finish'
        ? `An earlier ${journal.operation} of ${journal.imageTag} ended half-way: finish it`
        : `An earlier ${journal.operation} of ${journal.imageTag} ended half-way: undo it`;
}

;// CONCATENATED MODULE: ./build/src/release/smoke.js


/** Asks the idle color who it is, where `identity` says how, and runs the smoke tests against it. */
const smoke = (session, subject) => (0,release_session/* step */.PM)(session, 'smoke', 'Smoke tests', async () => {
    const { smokeTests, canIdentify } = session.checks;
    if (smokeTests === 0 && !canIdentify)
        return;
    const preview = await (0,release_session/* patiently */.d_)(session, () => session.target.preview());
    if (preview !== undefined && canIdentify)
        await recognized(session, subject, preview);
    if (smokeTests === 0)
        return;
    if (preview !== undefined)
        await previewOpen(session, preview.since);
    const { ok, failed } = await session.checks.smoke(subject, preview, session.signal, (check) => session.emit({ type: 'check', purpose: 'smoke', check }));
    if (ok || failed === undefined)
        return;
    throw new errors/* DeployError */.s(`Smoke test ${failed.name} failed on ${subject.color}: ${failed.detail}.`, {
        code: 'smoke-failed',
        hint: 'Users were not affected. Mend the release (or the test), then deploy again.',
        details: failed.output ?? [],
    });
}, () => (session.checks.smokeTests === 0 ? 'none configured' : `${session.checks.smokeTests} passed`));
/** Without it, what is wrong in `identity` would be found after the shift, and a good release be taken back for it. */
async function recognized(session, subject, preview) {
    const check = await session.checks.recognize(subject, preview, session.signal);
    session.emit({ type: 'check', purpose: 'smoke', check });
    if (check.ok)
        return;
    throw new errors/* DeployError */.s(`${subject.color} does not answer as identity says: ${check.detail}.`, {
        code: 'identity-wrong',
        hint: 'Users were not affected. Make identity.header, identity.value and identity.path describe what the release really answers.',
    });
}
/**
 * Until every load-balancer node knows the way to the idle color, a request with the preview header may still be
 * answered by the live one, and a smoke test would prove the wrong release. With `identity` the answers tell.
 */
async function previewOpen(session, since) {
    if (session.checks.canIdentify)
        return;
    const left = since + session.target.propagationMs - session.clock.now();
    if (left <= 0)
        return;
    session.emit({
        type: 'progress',
        message: `Waiting ${Math.ceil(left / 1000)} s until every load-balancer node knows the preview rule.`,
    });
    await session.clock.sleep(left, session.signal);
}

;// CONCATENATED MODULE: ./build/src/release/staged.js


/** What waits for promote or abort. */
const staged = ({ journal }) => journal?.phase === 'staged' ? journal : undefined;
/** Why nothing can be promoted. What is staged stays so, with its preview. */
function refusePromote(job, situation) {
    const journal = staged(situation);
    if (journal === undefined)
        return new errors/* DeployError */.s('Nothing is staged here.', {
            code: 'nothing-staged',
            hint: 'Run operation: stage first; a deploy, rollback or abort since then has dropped what was staged.',
        });
    if (job.imageTag !== '' && job.imageTag !== journal.imageTag)
        return new errors/* DeployError */.s(`${journal.imageTag} is staged, not ${job.imageTag}.`, {
            code: 'other-release-staged',
            hint: 'Stage that release first, or leave out image-tag to promote what is staged.',
        });
    if (situation.live !== journal.from)
        return new errors/* DeployError */.s(`${situation.live} is live now; it was ${journal.from} when ${journal.imageTag} was staged.`, {
            code: 'live-color-changed',
            hint: 'Somebody moved the traffic since. Run operation: abort, then stage again.',
        });
    const { release } = situation.colors[(0,release_color/* otherColor */.IP)(journal.from)];
    if (release?.id !== journal.release)
        return new errors/* DeployError */.s(`${(0,release_color/* otherColor */.IP)(journal.from)} holds ${release?.id}, not ${journal.release} that was staged.`, {
            code: 'other-release-staged',
            hint: 'Somebody, or the circuit breaker of ECS, replaced it. Run operation: abort, then stage again.',
        });
    return undefined;
}
/** Why an abort that names a release leaves alone what is there: somebody may have staged another one since. */
function refuseAbort({ imageTag }, journal) {
    if (journal === undefined || imageTag === '' || imageTag === journal.imageTag)
        return undefined;
    return new errors/* DeployError */.s(`${journal.imageTag} is staged, not ${imageTag}.`, {
        code: 'other-release-staged',
        hint: 'Of that release nothing is left to abort; leave out image-tag to drop what is staged.',
    });
}
/** The end of an operation that leaves what is staged alone. */
const endRefused = (refusal, situation) => ({
    result: 'failed',
    summary: refusal.message,
    error: refusal,
    end: staged(situation) === undefined ? 'release' : 'release-keep-preview',
});

;// CONCATENATED MODULE: ./build/src/release/watch/problems.js
/**
 * What would keep the watch over a release on `color` from seeing what it is asked to look at. Says too, as a warning,
 * where it may look away before there is anything to see.
 */
async function watchProblems(session, color) {
    return [...(await alarmProblems(session, color)), ...(await answerProblems(session))];
}
async function alarmProblems(session, color) {
    const names = session.job.policy.stabilize.alarms[color];
    const port = session.target.signals.alarms;
    if (names.length === 0)
        return [];
    if (port === undefined)
        return [
            {
                message: 'There are no alarms to look at where this is deployed.',
                fix: 'Remove stabilize.alarms.',
                forceable: false,
            },
        ];
    const known = await port.read(names);
    // Asked only when an alarm's state has a new date: whether it may be asked is found out now.
    for (const { name } of known.slice(0, 1))
        await port.wentOff(name, session.clock.now());
    for (const alarm of known)
        warnOfShortWatch(session, `The alarm ${alarm.name}`, await windowOf(port, alarm));
    return names
        .filter((name) => !known.some((alarm) => alarm.name === name))
        .map((name) => ({
        message: `There is no alarm ${name}.`,
        fix: 'Correct stabilize.alarms, or make the alarm (operation: setup makes those of ecs.alarms).',
        forceable: false,
    }));
}
async function answerProblems(session) {
    const { 'max-error-rate': rate, 'max-latency': latency } = session.job.policy.stabilize;
    if (rate === undefined && latency === undefined)
        return [];
    const port = session.target.signals.answers;
    if (port !== undefined) {
        // The first look comes when users have the release already: a permission that lacks is found out now.
        await (await port.open()).read();
        warnOfShortWatch(session, 'What is counted of the answers', port.delayMs);
        return [];
    }
    return [
        {
            message: 'Nothing here counts what users are answered, color by color.',
            fix: 'Remove stabilize.max-error-rate and stabilize.max-latency; load balancers and HAProxy can count.',
            forceable: false,
        },
    ];
}
/** Alarms that sum up others are as slow as the slowest of them, a few levels down. */
async function windowOf(port, { windowMs, parts = [] }, levels = 3) {
    if (parts.length === 0 || levels === 0)
        return windowMs;
    const windows = (await port.read(parts)).map((part) => windowOf(port, part, levels - 1));
    return Math.max(windowMs, ...(await Promise.all(windows)));
}
/** Each step is there to notice something while few users have the release; the last watch, before the old one is parked. */
function warnOfShortWatch(session, what, needsMs) {
    const { shift, stabilize } = session.job.policy;
    const warn = (key, watched, ms) => {
        if (needsMs <= ms)
            return;
        session.emit({
            type: 'warning',
            message: `${what} needs ${seconds(needsMs)} to tell anything, and ${watched} for ${seconds(ms)}: raise ${key}.`,
        });
    };
    if (shift.steps.length > 0)
        warn('shift.every', 'each step is watched', shift.every);
    warn('stabilize.for', 'the release is watched', stabilize.for);
}
const seconds = (ms) => `${Math.ceil(ms / 1000)} s`;

;// CONCATENATED MODULE: ./build/src/release/deploy.js
















const deploy = (session) => bringNew(session, 'deploy', (attempt) => accept(session, attempt));
/** Like deploy, up to the moment before users could notice: the rest is `promote`, or `abort`. */
const stageOnly = (session) => bringNew(session, 'stage', async (attempt) => {
    attempt.journal = await write(session, { ...attempt.journal, phase: 'staged' });
    return {
        result: 'staged',
        summary: `${session.job.image} waits on ${attempt.subject.color} for promote or abort.`,
        end: 'release-keep-preview',
    };
});
/** Brings the job's image up on the idle color and proves it there; what becomes of it then, `proven` says. */
async function bringNew(session, operation, proven) {
    const { situation } = await recover(session);
    const planned = await planDeploy(session, situation);
    if ('result' in planned)
        return planned;
    const attempt = await begin(session, situation, planned, operation);
    return guarded(session, attempt, putRight, async () => {
        await bringUp(session, attempt, planned.release, planned.count);
        await smoke(session, attempt.subject);
        return proven(attempt);
    });
}
async function promote(session) {
    const situation = await look(session);
    const refusal = refusePromote(session.job, situation);
    if (refusal !== undefined)
        return endRefused(refusal, situation);
    const journal = staged(situation);
    const to = (0,release_color/* otherColor */.IP)(journal.from);
    const attempt = {
        journal,
        subject: { color: to, image: journal.image, imageTag: journal.imageTag },
        isFirst: situation.colors[journal.from].desired === 0,
    };
    // The config may be another one than when it was staged.
    const problems = (0,preflight/* refused */.J5)(session, await (0,release_session/* patiently */.d_)(session, () => ownProblems(session, to)));
    const error = (0,preflight/* refusalOf */.Of)(problems);
    if (error !== undefined)
        return endRefused(error, situation);
    announce(session, situation, { ...journal, count: situation.colors[to].desired });
    return guarded(session, attempt, putRight, async () => {
        await healthy(session, to);
        return accept(session, attempt);
    });
}
/** Drops what is staged, or half done. */
async function abort(session) {
    const situation = await look(session);
    const { journal } = situation;
    if (journal === undefined)
        return { result: 'unchanged', summary: 'Nothing is staged here.', end: 'release' };
    const refusal = refuseAbort(session.job, journal);
    if (refusal !== undefined)
        return endRefused(refusal, situation);
    const decision = remedy(journal, situation);
    const to = (0,release_color/* otherColor */.IP)(journal.from);
    await recover(session);
    if (decision === 'forget')
        return {
            result: 'unchanged',
            summary: `Somebody gave ${to} the traffic by hand: it stays there, and nothing is staged any more.`,
            end: 'release',
        };
    if (decision === 'finish' && journal.operation === 'rollback')
        return {
            result: 'rolled-back',
            summary: `The rollback to ${journal.imageTag} that was under way is finished.`,
            end: 'release',
        };
    if (decision === 'finish') {
        const error = new errors/* DeployError */.s(`${journal.imageTag} is live on ${to}: it was too late to abort.`, {
            code: 'already-live',
            hint: 'Run operation: rollback to go back to the release before.',
        });
        return { result: 'failed', summary: error.message, error, end: 'release' };
    }
    return (0,release_journal/* reached */.V6)(journal, 'shifting')
        ? { result: 'rolled-back', summary: `${journal.imageTag} is taken back from users.`, end: 'release' }
        : { result: 'aborted', summary: `${journal.imageTag} was dropped before users saw it.`, end: 'release' };
}
/** What a deploy or stage would do; an end where there is nothing to do. */
async function planDeploy(session, situation) {
    const { job, target } = session;
    const request = { color: (0,release_color/* otherColor */.IP)(situation.live), image: job.image, imageTag: job.imageTag };
    const live = situation.colors[situation.live];
    await (0,preflight/* preflight */.Mz)(session, request, () => ownProblems(session, request.color));
    const release = await (0,release_session/* change */.Zg)(session, () => target.createRelease(request));
    for (const message of release.remarks ?? [])
        session.emit({ type: 'progress', message });
    if ((0,release_situation/* isLive */.D)(release, live) && !job.force)
        return {
            result: 'unchanged',
            summary: `${job.image} is live already, on ${situation.live}; force: true deploys it again.`,
            end: 'release',
        };
    // As the target names it: with the digest where the registry told one.
    const count = job.policy.count ?? Math.max(1, live.desired);
    return { ...request, image: release.image, release, count };
}
/** What the procedure itself needs of the target to bring a release to the color and watch it there. */
const ownProblems = async (session, color) => [
    ...(session.job.policy.shift.steps.length === 0 ? [] : await session.target.splitting()),
    ...(await watchProblems(session, color)),
];

;// CONCATENATED MODULE: ./build/src/release/status.js



/** Looks, and says what is there. Changes nothing, and takes no lock. */
async function status_status(session) {
    const situation = await look(session);
    const holder = await currentHolder(session);
    const { live, weights, journal } = situation;
    const unfinished = journal === undefined
        ? ''
        : journal.phase === 'staged'
            ? ` ${journal.imageTag} is staged on ${(0,release_color/* otherColor */.IP)(journal.from)}.`
            : ` A ${journal.operation} of ${journal.imageTag} is unfinished (${journal.phase})${holder === undefined ? ': the next deploy or rollback finishes or undoes it' : ''}.`;
    const atWork = holder === undefined ? '' : ` At work: ${holder}.`;
    return {
        result: '',
        summary: `${live} is live (${(0,release_color/* formatWeights */.V7)(weights)}).${unfinished}${atWork}`,
        end: 'release',
    };
}

;// CONCATENATED MODULE: ./build/src/release/watch/verdict.js

/**
 * What tells against the release itself. Everything else that a look may end with (a permission is missing, somebody is
 * at work there, an alarm has no data) is to be mended, but no release is taken from users for it once it was accepted.
 */
const AGAINST_IT = [
    'unhealthy',
    'platform-rolled-back',
    'platform-stalled',
    'alarm',
    'error-rate',
    'latency',
    'probe-failed',
];
const isVerdict = (error) => error instanceof errors/* DeployError */.s && AGAINST_IT.includes(error.code);

;// CONCATENATED MODULE: ./build/src/release/watch-operation.js









/**
 * For a schedule, or a job after the deployment: looks whether the release that went live within `watch.window` still
 * does well, and takes it back where it does not. Holds no lock while it looks.
 */
async function watch(session, options) {
    const situation = await look(session);
    const young = youngIn(session, situation);
    if (typeof young === 'string')
        return { ...unchanged(young), seen: situation };
    const busy = await atWork(session, situation, options);
    if (busy !== undefined)
        return { ...unchanged(busy), seen: situation };
    const name = nameOf(young);
    const age = roughly(session.clock.now() - young.since);
    const watch = await watcher(session, young.subject, { since: young.since });
    let moved;
    try {
        moved = await (0,release_session/* step */.PM)(session, 'stabilize', `Look at ${name}, live for ${age}`, () => observe(session, young, watch), (why) => why ?? watch.detail());
    }
    catch (thrown) {
        // Cancelled, or the platform could not be asked: nothing is known against the release.
        if (session.signal.aborted || !isVerdict(thrown))
            throw thrown;
        return takeBack(session, young, thrown, options);
    }
    return unchanged(moved ?? `${name}, live for ${age}, does well: ${watch.detail()}.`);
}
/** What is to be looked at, or why nothing is. */
function youngIn({ clock, job }, { live, weights, colors, journal }) {
    const { release, liveSince, desired } = colors[live];
    if (journal?.phase === 'staged')
        return `${journal.imageTag} is staged on ${(0,release_color/* otherColor */.IP)(live)}: nothing is watched until it is promoted or dropped.`;
    if (journal !== undefined)
        return `A ${journal.operation} of ${journal.imageTag} is under way (${journal.phase}): it watches itself, or the next deploy or rollback finishes or undoes it.`;
    if (!(0,release_color/* isAllOn */.TF)(weights, live))
        return 'Traffic is split by hand: it is not told which release to judge.';
    if (release === undefined || desired === 0)
        return 'Nothing is live.';
    const subject = { color: live, image: release.image, imageTag: (0,release_image/* tagOf */.cO)(release.image) };
    const name = nameOf({ subject });
    if (liveSince === undefined)
        return `Nobody wrote down when ${name} went live: nothing is watched.`;
    const { window } = job.policy.watch;
    const age = clock.now() - liveSince;
    if (age > window)
        return `${name} went live ${roughly(age)} ago, longer than watch.window (${roughly(window)}): nothing is watched.`;
    return { subject, release, since: liveSince };
}
async function atWork(session, { live }, { platformIsAtWork }) {
    const holder = await currentHolder(session);
    if (holder !== undefined)
        return `At work: ${holder}. It watches what it does by itself; ${live} is live.`;
    return platformIsAtWork?.();
}
/**
 * Looks for `watch.for`, and for as long after that as a look leaves doubts. Returns why the watch is over before its
 * time, where it is.
 * @throws DeployError when the release must be taken back, or the platform gives no answer
 */
async function observe(session, young, watch) {
    const { clock, job, signal, target } = session;
    const end = clock.now() + job.policy.watch.for;
    for (let isFirst = true;; isFirst = false) {
        const last = clock.now() >= end;
        const moved = await (0,release_session/* waitFor */.fm)(session, {
            interval: 1_000,
            timeout: SETTLE_AT_LEAST_MS,
            look: async () => {
                if (!isFirst && !isStill(young, await target.inspect()))
                    return { value: true };
                await watch.look({ last });
                return { value: false };
            },
            expired: () => new errors/* DeployError */.s('The platform did not answer while the release was looked at.', {
                code: 'platform-unreachable',
                hint: 'Nothing is known of the release, and nothing was changed; the next watch looks again.',
            }),
        });
        if (moved.value)
            return 'Another run has begun since: it watches itself.';
        if (last && !watch.isDoubtful())
            return undefined;
        await clock.sleep(job.policy.stabilize.interval, signal);
    }
}
/** Whether users have exactly what they had, and nobody has begun to change that. */
const isStill = ({ subject, release, since }, { weights, colors, journal }) => {
    const now = colors[subject.color];
    return (journal === undefined &&
        (0,release_color/* isAllOn */.TF)(weights, subject.color) &&
        now.release?.id === release.id &&
        now.desired > 0 &&
        now.liveSince === since);
};
/** What was seen stays the error: a schedule must turn red, so that somebody looks at the release. */
async function takeBack(session, young, seen, { rollback }) {
    session.emit({ type: 'warning', message: `Taking ${nameOf(young)} back: ${seen.message}` });
    // To the release before, and never to one that was taken back itself.
    const job = { ...session.job, operation: 'rollback', imageTag: '', force: false };
    try {
        return await withLock({ ...session, job }, async (locked) => {
            const isSame = isStill(young, await (0,release_session/* patiently */.d_)(locked, () => locked.target.inspect()));
            if (!isSame)
                return {
                    value: unchanged(`${sentence(seen.message)} But users do not have ${nameOf(young)} any more.`),
                    end: 'release',
                };
            const ended = await rollback(locked);
            return { value: blame(ended, young, seen), end: ended.end };
        });
    }
    catch (thrown) {
        session.signal.throwIfAborted();
        const error = notTakenBack(young, seen, (0,errors/* toDeployError */.p)(thrown));
        return { result: 'failed', summary: error.message, error, end: 'release' };
    }
}
function blame(ended, young, seen) {
    if (ended.error === undefined && ended.result === 'rolled-back')
        return { ...ended, error: seen };
    const why = ended.error ?? new errors/* DeployError */.s(ended.summary, { code: 'not-taken-back' });
    const error = notTakenBack(young, seen, why);
    return { ...ended, result: 'failed', summary: error.message, error };
}
const notTakenBack = (young, seen, why) => new errors/* DeployError */.s(`${nameOf(young)} does not do well: ${sentence(seen.message)} It was not taken back: ${why.message}`, {
    code: 'not-taken-back',
    hint: why.hint ?? seen.hint,
    details: [...seen.details, ...why.details],
    cause: why,
});
const unchanged = (summary) => ({ result: 'unchanged', summary, end: 'release' });
const nameOf = ({ subject }) => `${subject.imageTag} on ${subject.color}`;
const sentence = (text) => text.replace(/\.?$/, '.');
/** How long ago, for people: `40 s`, `12 min`, `3 h`. */
function roughly(ms) {
    const seconds = Math.max(0, Math.round(ms / 1_000));
    if (seconds < 120)
        return `${seconds} s`;
    const minutes = Math.round(seconds / 60);
    return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

;// CONCATENATED MODULE: ./build/src/release/driven/attempt.js







const attemptOf = (journal) => ({
    journal,
    release: { id: journal.release, image: journal.image },
    subject: { color: (0,release_color/* otherColor */.IP)(journal.from), image: journal.image, imageTag: journal.imageTag },
    shifted: false,
    told: { text: '', weights: (0,release_color/* allOn */.PT)(journal.from) },
});
/** Writes the journal's first page: from here on, everything can be undone by whoever reads it. */
async function attempt_begin(session, situation, { release, imageTag }) {
    const { live, colors } = situation;
    const { operation } = session.job;
    announce(session, situation, { image: release.image, release: release.id, count: colors[live].desired });
    const journal = {
        operation: operation === 'rollback' || operation === 'stage' ? operation : 'deploy',
        phase: 'staging',
        from: live,
        image: release.image,
        imageTag,
        release: release.id,
        // The platform itself keeps what it goes back to; this is what a later rollback leads to.
        parkedRelease: colors[live].release?.id ?? '',
        parkedCount: 0,
        scaling: NO_SCALING,
    };
    return attemptOf(await write(session, journal));
}
/**
 * One look at our rollout, telling what has changed.
 * @throws DeployError when the platform goes back, has gone back or has stopped: that is never taken for success
 */
async function follow(session, attempt) {
    const rollout = await attempt_observe(session, attempt);
    if (rollout.state === 'under-way' || rollout.state === 'done')
        return rollout;
    const { failure = { reason: rollout.told, details: [] } } = rollout;
    // Why its tasks were no good, where that is known: the platform tells what it did about it.
    const known = failure.code === 'superseded' ? undefined : await evidence(session, rollout);
    throw unhealthy(rollout.color, {
        ...failure,
        reason: known === undefined ? failure.reason : `${failure.reason}; ${known.reason}`,
        hint: known?.hint ?? failure.hint,
        details: [...failure.details, ...(known?.details ?? [])],
    });
}
/** Like `follow`, whatever state the rollout is in. */
async function attempt_observe(session, attempt) {
    const rollout = await session.target.observe(attempt.journal.rollout ?? '');
    attempt_tell(session, attempt, rollout);
    return rollout;
}
function attempt_tell(session, attempt, rollout) {
    const { told } = attempt;
    if (rollout.weights[rollout.color] > 0)
        attempt.shifted = true;
    if ((0,release_color/* isAllOn */.TF)(rollout.weights, rollout.color))
        attempt.shiftedAt ??= session.clock.now();
    if (rollout.told !== told.text)
        session.emit({ type: 'progress', message: rollout.told });
    const { blue, green } = rollout.weights;
    if (blue !== told.weights.blue || green !== told.weights.green)
        session.emit({ type: 'weights', weights: rollout.weights });
    attempt.told = { text: rollout.told, weights: rollout.weights };
}
async function evidence(session, { color }) {
    try {
        await session.target.health(color);
    }
    catch {
        session.signal.throwIfAborted();
    }
    const known = await diagnosis(session, color);
    // Without an end of a task or a failed check to show, it would only repeat a count.
    return known !== undefined && known.details.length > 0 ? known : undefined;
}
/** Tells the rollout to go on where it pauses. */
async function goOn(session, attempt, rollout) {
    const { pause } = rollout;
    if (pause === undefined)
        return;
    await (0,release_session/* change */.Zg)(session, () => session.target.goOn(rollout.id, pause));
    // Until the platform shows that it has gone on, the same pause may be seen again: telling it twice does no harm.
    attempt.told = { ...attempt.told, text: '' };
}
/** What of the rollout that is not ours stands in the way. */
const busy = ({ told, release }) => new errors/* DeployError */.s(`The platform is deploying ${release.image || release.id}, and not for this action: ${told}.`, {
    code: 'platform-busy',
    hint: 'Wait until it has ended, or stop it; operation: status shows how far it is, and rollback takes it back once users have it.',
});

;// CONCATENATED MODULE: ./build/src/release/driven/undo.js







/**
 * No deadline of ours: the platform ends each of its stages, and the whole, by itself (ECS: a day, 30 days), and the
 * job's own time-out cancels the run, which calls the rollout back.
 */
const ITS_OWN_TIME_MS = 30 * 24 * 3_600_000;
/** Waits until the rollout, which was called back or goes back by itself, has ended: `gone-back`, if all went well. */
const ended = (session, attempt) => (0,release_session/* waitFor */.fm)(session, {
    interval: session.job.policy.health.interval,
    timeout: ITS_OWN_TIME_MS,
    look: async () => {
        const seen = await attempt_observe(session, attempt);
        return seen.state === 'under-way' || seen.state === 'going-back' ? undefined : seen;
    },
    expired: outOfTime,
});
const outOfTime = () => new errors/* DeployError */.s('The platform did not come to an end.', {
    code: 'platform-stalled',
    hint: 'Look at the service’s deployments and events.',
});
/**
 * Calls the rollout back, waits until users have the former release, and records it. With `urgent` it does not wait
 * (the process is about to be killed): the platform goes back by itself, and the next run records it.
 */
async function undo_undo(session, attempt, { urgent = false } = {}) {
    const { journal } = attempt;
    const rollout = await rolloutOf(session, journal);
    if (rollout === undefined) {
        // There is one, and a platform shows it late: whoever comes next finds it by the journal.
        if (attempt.asked && urgent)
            return 'under-way';
        await (0,release_session/* change */.Zg)(session, () => session.target.journal.clear());
        return 'nothing-begun';
    }
    attempt.journal = { ...journal, rollout: rollout.id };
    attempt_tell(session, attempt, rollout);
    // Its former tasks are leaving already: traffic would go back to nothing.
    if (isThrough(rollout))
        return 'too-late';
    const end = await (0,release_session/* step */.PM)(session, 'undo', `Go back to ${journal.from}`, async () => {
        if (rollout.state === 'under-way')
            await (0,release_session/* change */.Zg)(session, () => session.target.callBack(rollout.id));
        return urgent ? undefined : ended(session, attempt);
    });
    if (end === undefined)
        return 'under-way';
    if (end.state === 'done')
        return 'too-late';
    const became = end.state !== 'stopped' ? 'gone-back' : isReplaced(end) ? 'replaced' : 'stalled';
    await settle(session, attempt, became);
    return became;
}
const isReplaced = ({ failure }) => failure?.code === 'superseded';
/** Records that a rollout has come to nothing. */
async function settle(session, { journal, shifted }, became) {
    const hadIt = (shifted || (0,release_journal/* reached */.V6)(journal, 'shifting')) && became !== 'replaced';
    // Whatever it was that took it from the users: no rollback leads there again by itself.
    if (hadIt && journal.operation !== 'rollback')
        await (0,release_session/* change */.Zg)(session, () => session.target.rejected(journal.release));
    await (0,release_session/* change */.Zg)(session, () => session.target.journal.clear());
}
/** Records that users have the release: where a rollback leads from now on, and that nothing is under way. */
async function undo_accept(session, { journal, shiftedAt }) {
    const { target } = session;
    // The same release deployed anew takes nobody's place.
    const former = journal.parkedRelease === journal.release ? '' : journal.parkedRelease;
    const liveSince = shiftedAt ?? session.clock.now();
    await (0,release_session/* change */.Zg)(session, () => target.accepted(journal.release, former, liveSince));
    if (journal.operation === 'rollback' && former !== '')
        await (0,release_session/* change */.Zg)(session, () => target.rejected(former));
    await (0,release_session/* change */.Zg)(session, () => target.journal.clear());
}
/**
 * The rollout that a journal tells of; nothing when none was begun. A run that died while it began one could not write
 * its name down: then it is the newest, if that is of the journal's release and not the one from before.
 */
async function rolloutOf(session, journal) {
    const { target } = session;
    if (journal.rollout !== undefined) {
        const { rollout } = journal;
        try {
            return await (0,release_session/* patiently */.d_)(session, () => target.observe(rollout));
        }
        catch (error) {
            if (error instanceof errors/* DeployError */.s && error.code === 'rollout-gone')
                return undefined;
            throw error;
        }
    }
    const newest = await (0,release_session/* patiently */.d_)(session, () => target.newest());
    if (newest?.release.id !== journal.release)
        return undefined;
    // Deployed anew: one of the same release that is over was there before.
    return newest.state !== 'under-way' && journal.release === journal.parkedRelease ? undefined : newest;
}
/** What becomes of what the journal tells of, and of its rollout where it has begun one. */
async function outlook(session, journal) {
    const rollout = await rolloutOf(session, journal);
    const goesOn = rollout !== undefined && undo_isWanted(journal, rollout);
    const title = undo_describe(journal, rollout, goesOn, session.job.operation === 'abort');
    return { rollout, goesOn, title };
}
/** Looks at the target, and finishes or undoes what a dead run, or a staged release, left there. */
async function undo_recover(session) {
    const situation = await look(session);
    const { journal } = situation;
    if (journal === undefined) {
        const newest = await (0,release_session/* patiently */.d_)(session, () => session.target.newest());
        if (newest?.state === 'under-way' || newest?.state === 'going-back')
            throw busy(newest);
        refuseSplit(situation);
        return { situation };
    }
    const attempt = attemptOf(journal);
    const { rollout, goesOn, title } = await outlook(session, journal);
    await (0,release_session/* step */.PM)(session, 'recover', title, () => Promise.resolve());
    let rolledBack;
    if (goesOn && rollout !== undefined) {
        attempt.journal = { ...journal, rollout: rollout.id };
        await (0,release_session/* step */.PM)(session, 'retire', 'Wait until the platform is through', () => throughWith(session, attempt));
        await undo_accept(session, attempt);
        if (journal.operation === 'rollback')
            rolledBack = `The rollback to ${journal.imageTag} that was under way is finished.`;
    }
    else {
        const end = await undo_undo(session, attempt);
        if (end === 'too-late')
            await undo_accept(session, attempt);
        const hadIt = attempt.shifted || journal.phase === 'shifting';
        if (end === 'gone-back' && hadIt && journal.operation !== 'rollback')
            rolledBack = `${journal.imageTag} was on its way to users and is taken back.`;
    }
    const now = await undo_recover(session);
    return { ...now, ...(rolledBack === undefined ? {} : { rolledBack }) };
}
/** Ended well, accepted by its run, or a rollback that users have already: going "back" would be the wrong way. */
const undo_isWanted = (journal, rollout) => {
    const { state, weights } = rollout;
    if (isThrough(rollout))
        return true;
    if (state !== 'under-way')
        return false;
    return (journal.phase === 'retiring' ||
        (journal.operation === 'rollback' && (0,release_color/* isAllOn */.TF)(weights, (0,release_color/* otherColor */.IP)(journal.from))));
};
async function throughWith(session, attempt) {
    const { interval } = session.job.policy.health;
    await (0,release_session/* waitFor */.fm)(session, {
        interval,
        timeout: ITS_OWN_TIME_MS,
        look: async () => {
            const rollout = await follow(session, attempt);
            if (rollout.pause !== undefined) {
                const { pause } = rollout;
                await (0,release_session/* change */.Zg)(session, () => session.target.goOn(rollout.id, pause));
            }
            return rollout.state === 'done' ? true : undefined;
        },
        expired: outOfTime,
    });
}
function undo_describe(journal, rollout, goesOn, isAbort) {
    const what = `${journal.operation} of ${journal.imageTag}`;
    if (rollout === undefined)
        return `An earlier ${what} ended before it began anything: forget it`;
    if (isThrough(rollout))
        return `An earlier ${what} was left alone and went through: keep it`;
    if (rollout.state !== 'under-way')
        return `An earlier ${what} went back by itself: record it`;
    if (journal.phase === 'staged')
        return `${journal.imageTag} is staged: ${isAbort ? 'drop it' : 'drop it first'}`;
    return `An earlier ${what} ended half-way: ${goesOn ? 'finish it' : 'undo it'}`;
}
/** Users have it for good: the platform has taken the former release away, or is doing so. */
const isThrough = (rollout) => rollout.state === 'done' || (rollout.state === 'under-way' && (0,driven/* hasCome */.v0)(rollout, 'clearing'));
/** Users have it, at least partly, and the platform still keeps what they had before. */
const canBeCalledBack = (rollout) => rollout !== undefined &&
    !isThrough(rollout) &&
    (rollout.state === 'under-way' || rollout.state === 'going-back') &&
    rollout.weights[rollout.color] > 0;

;// CONCATENATED MODULE: ./build/src/release/driven/call-back.js









/**
 * A release that users have while the platform still keeps the former one is called back at once, whoever deployed it:
 * without the lock, which the run that watches it holds. The call touches exactly that rollout, and its run tells the
 * same end.
 * @param otherwise what is done where there is nothing to call back, or not any more
 */
async function callBackAtOnce(session, otherwise) {
    const situation = await look(session);
    const newest = await (0,release_session/* patiently */.d_)(session, () => session.target.newest());
    if (!canBeCalledBack(newest) || situation.journal?.operation === 'rollback')
        return otherwise(session);
    const former = situation.colors[(0,release_color/* otherColor */.IP)(newest.color)].release;
    const { imageTag } = session.job;
    if (imageTag !== '' && !(former !== undefined && (0,release_image/* isImage */.wu)(former.image, imageTag)))
        return otherwise(session);
    const attempt = attemptOf(situation.journal ?? foreignJournal(situation, newest));
    attempt.journal = { ...attempt.journal, rollout: newest.id };
    session.emit({
        type: 'intent',
        from: newest.color,
        to: (0,release_color/* otherColor */.IP)(newest.color),
        image: former?.image ?? '',
        release: former?.id ?? '',
        previousImage: newest.release.image,
        count: situation.colors[(0,release_color/* otherColor */.IP)(newest.color)].desired,
    });
    const end = await (0,release_session/* step */.PM)(session, 'undo', `Go back to ${(0,release_color/* otherColor */.IP)(newest.color)}`, async () => {
        await (0,release_session/* patiently */.d_)(session, () => (0,release_session/* repeatable */.EQ)(() => session.target.callBack(newest.id)));
        return ended(session, attempt);
    });
    // It ended, or another one took its place, in this very moment.
    if (end.state !== 'gone-back')
        return otherwise(withoutIntent(session));
    await tidyUp(session, newest);
    return {
        result: 'rolled-back',
        summary: `${newest.release.image || newest.release.id} is taken back from users.`,
        end: 'release',
    };
}
/** What the run does was told: where it is told twice, some listeners keep the first and others the second. */
const withoutIntent = (session) => ({
    ...session,
    emit: (event) => {
        if (event.type !== 'intent')
            session.emit(event);
    },
});
const foreignJournal = ({ live, colors }, { color, release }) => ({
    operation: 'deploy',
    phase: 'shifting',
    from: (0,release_color/* otherColor */.IP)(color),
    image: release.image,
    imageTag: (0,release_image/* tagOf */.cO)(release.image),
    release: release.id,
    parkedRelease: colors[live].release?.id ?? '',
    parkedCount: 0,
    scaling: NO_SCALING,
});
/** What a dead run left is recorded; a living one, which has the lock, does so itself. */
async function tidyUp(session, { release }) {
    const { policy } = session.job;
    const impatient = {
        ...session,
        job: { ...session.job, policy: { ...policy, lock: { ...policy.lock, wait: 0 } } },
    };
    try {
        await withLock(impatient, async (own) => {
            await undo_recover(own);
            await (0,release_session/* change */.Zg)(own, () => own.target.rejected(release.id));
            return { value: undefined, end: 'release' };
        });
    }
    catch (thrown) {
        session.signal.throwIfAborted();
        const { code, message } = (0,errors/* toDeployError */.p)(thrown);
        if (code !== 'lock-held')
            throw thrown;
        session.emit({ type: 'progress', message: `${message} It records what became of the release.` });
    }
}

;// CONCATENATED MODULE: ./build/src/release/driven/drive.js













/** How long the platform may take to show what it was asked for, in ms. */
const SHOWN_MS = 60_000;
/** Where the platform waits for the smoke tests: its last pause before users' traffic moves. */
const gateOf = (points) => points.findLast(({ stage }) => stage === 'started' || stage === 'testable');
/** Begins the rollout, and waits until its instances are proven and it waits at the gate (or is testable). */
async function drive_bringUp(session, attempt, gate) {
    const { target } = session;
    const { release, subject } = attempt;
    const { color } = subject;
    await (0,release_session/* step */.PM)(session, 'stage', `Let the platform deploy ${release.image} to ${color}`, async () => {
        await (0,release_session/* change */.Zg)(session, () => target.begin(release));
        attempt.asked = true;
        const rollout = await (0,release_session/* waitFor */.fm)(session, {
            interval: 500,
            upTo: 2_000,
            timeout: SHOWN_MS,
            look: () => target.begun(release),
            expired: () => new errors/* DeployError */.s('The platform does not show the deployment that it was asked for.', {
                code: 'not-shown',
                hint: 'Look at the service’s deployments: somebody may have begun another one in the same moment.',
            }),
        });
        attempt.journal = await write(session, { ...attempt.journal, rollout });
        return rollout;
    }, (rollout) => `${release.id} is deployment ${rollout}`);
    await drive_healthy(session, attempt, gate);
}
function drive_healthy(session, attempt, gate) {
    const { color } = attempt.subject;
    const { timeout, interval } = session.job.policy.health;
    const say = healthTeller(session, color);
    let detail = '';
    return (0,release_session/* step */.PM)(session, 'healthy', `Wait until ${color} is healthy`, async () => {
        await (0,release_session/* waitFor */.fm)(session, {
            interval,
            timeout,
            look: async () => {
                const rollout = await follow(session, attempt);
                const isUp = (0,driven/* hasCome */.v0)(rollout, 'started') || rollout.state === 'done';
                // Somebody paused it before anything runs: there is nothing to look at yet.
                if (!isUp)
                    await goOn(session, attempt, rollout);
                const health = await session.target.health(color);
                say(health);
                detail = health.detail;
                if (health.failure !== undefined) {
                    // The platform may have found the same: then its word counts, since it goes back already.
                    await follow(session, attempt);
                    throw unhealthy(color, health.failure);
                }
                return isUp ? true : undefined;
            },
            expired: async () => {
                const known = await diagnosis(session, color);
                return new errors/* DeployError */.s(`${color} did not become healthy within health.timeout: ${(known?.reason ?? detail).replace(/\.$/, '')}.`, {
                    code: 'health-timeout',
                    hint: known?.hint ??
                        'If it only needs longer to start, raise health.timeout; otherwise look at its log and its health check.',
                    details: known?.details ?? [],
                });
            },
        });
        await (0,release_session/* waitFor */.fm)(session, {
            interval,
            timeout: ITS_OWN_TIME_MS,
            look: async () => {
                const rollout = await follow(session, attempt);
                if ((0,driven/* hasCome */.v0)(rollout, 'shifting') || rollout.state === 'done')
                    return true;
                if (gate === undefined) {
                    if ((0,driven/* hasCome */.v0)(rollout, 'testable'))
                        return true;
                }
                else if (isAt(rollout, gate))
                    return true;
                await goOn(session, attempt, rollout);
                return undefined;
            },
            expired: outOfTime,
        });
    }, () => detail);
}
const isAt = (rollout, { name }) => rollout.pause !== undefined && rollout.at === name;
/** The smoke tests; whether the platform waits for them is `gate`'s matter. */
async function drive_prove(session, attempt) {
    await smoke(session, attempt.subject);
    await (0,release_session/* patiently */.d_)(session, () => follow(session, attempt));
}
/** Lets the platform give the release to the users, watches it, and waits until it has cleared up. */
async function drive_carryThrough(session, attempt) {
    const { operation, imageTag } = attempt.journal;
    const { color } = attempt.subject;
    await drive_shift(session, attempt);
    await drive_watch(session, attempt);
    attempt.journal = await write(session, { ...attempt.journal, phase: 'retiring' });
    await (0,release_session/* step */.PM)(session, 'retire', `Let the platform clear ${attempt.journal.from} up`, () => (0,release_session/* waitFor */.fm)(session, {
        interval: session.job.policy.health.interval,
        timeout: ITS_OWN_TIME_MS,
        look: async () => ((await follow(session, attempt)).state === 'done' ? true : undefined),
        expired: outOfTime,
    }), () => `${attempt.journal.from} has no tasks any more`);
    await (0,release_session/* shown */.SP)(session, color, { releaseId: attempt.release.id });
    await undo_accept(session, attempt);
    return operation === 'rollback'
        ? { result: 'rolled-back', summary: `${imageTag} is live again, on ${color}.`, end: 'release' }
        : { result: 'deployed', summary: `${imageTag} is live on ${color}.`, end: 'release' };
}
function drive_shift(session, attempt) {
    const { color } = attempt.subject;
    const { interval } = session.job.policy.health;
    const say = healthTeller(session, color);
    return (0,release_session/* step */.PM)(session, 'shift', `Let the platform switch traffic to ${color}`, async () => {
        await proven(session, attempt);
        if (!(0,release_journal/* reached */.V6)(attempt.journal, 'shifting'))
            attempt.journal = await write(session, { ...attempt.journal, phase: 'shifting' });
        await (0,release_session/* waitFor */.fm)(session, {
            interval,
            timeout: ITS_OWN_TIME_MS,
            look: async () => {
                const rollout = await follow(session, attempt);
                if ((0,driven/* hasCome */.v0)(rollout, 'shifted') || rollout.state === 'done')
                    return true;
                const health = await session.target.health(color);
                say(health);
                if (health.failure !== undefined) {
                    await follow(session, attempt);
                    throw unhealthy(color, health.failure);
                }
                await goOn(session, attempt, rollout);
                return undefined;
            },
            expired: outOfTime,
        });
        // After a rollback to a release that users had a moment ago, an answer proves nothing new; and nothing hangs on it.
        if (attempt.journal.operation !== 'rollback')
            await converge(session, attempt.subject, 'is');
    }, () => (0,release_color/* formatWeights */.V7)(attempt.told.weights));
}
/** One more proof in the moment before the platform is told to go on. */
async function proven(session, attempt) {
    const { color } = attempt.subject;
    const rollout = await (0,release_session/* patiently */.d_)(session, () => follow(session, attempt));
    // It did not wait for us: users have it, and what is wrong with it is found by watching.
    if (rollout.weights[color] > 0)
        return;
    const health = await (0,release_session/* patiently */.d_)(session, () => session.target.health(color));
    if (isProven(health))
        return;
    const known = health.failure ?? (await diagnosis(session, color));
    throw new errors/* DeployError */.s(`${color} is no longer healthy (${known?.reason ?? health.detail}): traffic stays where it is.`, {
        code: known?.code ?? 'not-proven',
        hint: known?.hint ?? 'It was healthy before: look at its log for a crash.',
        details: known?.details ?? [],
    });
}
/** For as long as the platform keeps the former release, which is how long there is a quick way back. */
async function drive_watch(session, attempt) {
    const { color } = attempt.subject;
    const watching = await watcher(session, attempt.subject);
    const isRollback = attempt.journal.operation === 'rollback';
    return (0,release_session/* step */.PM)(session, 'stabilize', `Watch ${color} while the platform keeps ${attempt.journal.from}`, async () => {
        await (0,release_session/* waitFor */.fm)(session, {
            interval: session.job.policy.stabilize.interval,
            timeout: ITS_OWN_TIME_MS,
            look: async () => {
                const rollout = await follow(session, attempt);
                if ((0,driven/* hasCome */.v0)(rollout, 'clearing') || rollout.state === 'done')
                    return true;
                if (!(0,release_color/* isAllOn */.TF)(rollout.weights, color))
                    throw (0,foreign_weights/* movedByHand */.iO)(rollout.weights);
                // Whoever rolls back has nowhere better to go: what would be watched for could change nothing.
                if (!isRollback)
                    await watching.look({ last: false });
                await goOn(session, attempt, rollout);
                return undefined;
            },
            expired: outOfTime,
        });
    }, watching.detail);
}

;// CONCATENATED MODULE: ./build/src/release/plan.js










/** What a deployment would do. Changes nothing, and takes no lock. */
async function plan(session) {
    const seen = await look(session);
    const { journal } = seen;
    const decision = journal === undefined ? undefined : remedy(journal, seen);
    const situation = decision === undefined ? seen : after(seen, decision);
    return planned(session, situation, {
        first: journal === undefined || decision === undefined
            ? []
            : [`${recover_describe(journal, decision, session.job.operation)}.`],
        problems: (request) => [
            async () => (journal === undefined ? problemOf(() => refuseSplit(seen)) : []),
            () => ownProblems(session, request.color),
        ],
        course: (release) => {
            const live = situation.colors[situation.live];
            if (release !== undefined && (0,release_situation/* isLive */.D)(release, live) && !session.job.force)
                return NOTHING_TO_DO;
            return courseOf(session.job, situation);
        },
    });
}
/** Where the release is live already, or holds nothing new: the lock is taken, and let go. */
const NOTHING_TO_DO = [
    { do: 'lock' },
    { do: 'check' },
    { do: 'create-release' },
    { do: 'unlock' },
];
async function planned(session, situation, prospect) {
    const { job, target } = session;
    const { live, colors } = situation;
    const request = { color: (0,release_color/* otherColor */.IP)(live), image: job.image, imageTag: job.imageTag };
    const found = await (0,release_session/* step */.PM)(session, 'preflight', 'Look for what would go wrong', async () => {
        const { value: holder, problems } = await attempt(session, () => currentHolder(session));
        const looks = [() => target.preflight(request, { readOnly: true }), ...prospect.problems(request)];
        const further = await Promise.all(looks.map((one) => attempt(session, one)));
        return {
            holder,
            problems: [...problems, ...further.flatMap((one) => [...one.problems, ...(one.value ?? [])])],
        };
    }, ({ problems }) => `${problems.length === 0 ? 'nothing' : problems.length} found`);
    const { value: told, problems } = await (0,release_session/* step */.PM)(session, 'plan', `Work out what a deployment of ${(0,release_image/* readable */.HD)(job.image)} would do`, () => attempt(session, () => target.plan(request, prospect.course)));
    // Where something is wrong, that is why there may be no plan.
    const all = found.problems.length === 0 ? problems : found.problems;
    const plan = {
        ...planOf(job, situation, request, told),
        first: [...(found.holder === undefined ? [] : [plan_atWork(found.holder)]), ...prospect.first],
        problems: (0,preflight/* refused */.J5)(session, distinct(all)),
    };
    session.emit({ type: 'plan', plan });
    const isThere = told?.release !== undefined && (0,release_situation/* isLive */.D)(told.release, colors[live]) && !job.force;
    const way = isThere
        ? `${(0,release_image/* readable */.HD)(plan.image)} is live already, on ${live}: a deployment would change nothing; with force: true it deploys it again.`
        : `${(0,release_image/* readable */.HD)(plan.image)} would take the place of ${(0,release_image/* readable */.HD)(plan.previousImage || 'nothing')}: ${plan.count} of it on ${plan.to}, ${plan.calls.length} calls.`;
    const error = (0,preflight/* refusalOf */.Of)(plan.problems);
    return { result: 'planned', summary: error === undefined ? way : error.message, error, end: 'release' };
}
function planOf({ policy, image }, situation, { color }, told) {
    const { live, colors } = situation;
    return {
        from: live,
        to: color,
        image: told?.image ?? image,
        previousImage: (0,release_situation/* runningImage */.$)(situation, live),
        release: told?.release?.id ?? '',
        previousRelease: colors[live].release?.id ?? '',
        count: countOf(policy, colors[live]),
        changes: told?.changes ?? [],
        calls: told?.calls ?? [],
        notes: told?.notes ?? [],
    };
}
/** What `deploy` does once it knows that there is something to do: deploy.ts and what it calls, in order. */
function courseOf({ policy }, { live, colors }) {
    const to = (0,release_color/* otherColor */.IP)(live);
    const { keep } = policy.retire;
    const { desired } = colors[live];
    const count = countOf(policy, colors[live]);
    const steps = colors[live].running > 0 ? policy.shift.steps : [];
    const shifts = [...steps.map((percent) => (0,release_color/* share */.uM)(to, percent)), (0,release_color/* allOn */.PT)(to)].map((weights) => ({ do: 'shift', weights }));
    return [
        { do: 'lock' },
        { do: 'check' },
        { do: 'create-release' },
        { do: 'note', phase: 'staging' },
        { do: 'prepare' },
        { do: 'start', color: to, count },
        { do: 'hold-scaling', color: to },
        { do: 'note', phase: 'shifting' },
        ...(steps.length > 0 ? shifts.toSpliced(1, 0, { do: 'share-scaling', to }) : shifts),
        { do: 'hand-scaling-over', to, scaleIn: false },
        { do: 'note', phase: 'retiring' },
        { do: 'mark', color: to },
        ...(desired > 0 ? [{ do: 'mark', color: live }] : []),
        { do: 'park', color: live, keep: keep === 'all' ? desired : Math.min(keep, desired) },
        { do: 'hand-scaling-over', to, scaleIn: true },
        { do: 'forget' },
        { do: 'unlock' },
    ];
}
const countOf = (policy, live) => policy.count ?? Math.max(1, live.desired);
/** What a run finds once what the journal tells of is dealt with. */
function after(seen, decision) {
    const { journal, colors } = seen;
    if (journal === undefined || decision === 'forget')
        return seen;
    const to = (0,release_color/* otherColor */.IP)(journal.from);
    if (decision === 'finish')
        return { ...seen, live: to, weights: (0,release_color/* allOn */.PT)(to) };
    const { parkedRelease: id, parkedCount: desired } = journal;
    const known = colors[to].release;
    // Of what was parked there, the journal knows no more than its name.
    const release = id === '' ? undefined : known?.id === id ? known : { id, image: '' };
    return {
        ...seen,
        live: journal.from,
        weights: (0,release_color/* allOn */.PT)(journal.from),
        colors: { ...colors, [to]: { ...colors[to], release, desired } },
    };
}
const plan_atWork = (holder) => `${holder} is at work: a deployment waits for its end as long as lock.wait says, and finds then what it has left.`;
/** What stands in the way, where a look itself was refused. */
async function attempt(session, body) {
    try {
        return { value: await (0,release_session/* patiently */.d_)(session, body), problems: [] };
    }
    catch (thrown) {
        session.signal.throwIfAborted();
        return { problems: [asProblem(thrown)] };
    }
}
function problemOf(refuse) {
    try {
        refuse();
        return [];
    }
    catch (thrown) {
        return [asProblem(thrown)];
    }
}
/** Without an answer there is no plan. @throws DeployError where that is so, or what was thrown is no refusal */
function asProblem(thrown) {
    const error = (0,errors/* toDeployError */.p)(thrown);
    if (NO_ANSWER.includes(error.code))
        throw error;
    return { message: error.message, fix: error.hint ?? '', forceable: false };
}
const NO_ANSWER = [
    'credentials-expired',
    'unexpected',
    'platform-unreachable',
    'host-unreachable',
];
/** Several looks may be refused for one reason. */
const distinct = (problems) => [
    ...new Map(problems.map((problem) => [problem.message, problem])).values(),
];

;// CONCATENATED MODULE: ./build/src/release/driven/plan.js









/** What a deployment would do where the platform moves the traffic by itself. Changes nothing, and takes no lock. */
async function plan_plan(session) {
    const seen = await look(session);
    const { journal } = seen;
    const left = journal === undefined ? undefined : await outlook(session, journal);
    const situation = journal === undefined || left?.rollout === undefined
        ? seen
        : { ...seen, live: left.goesOn ? (0,release_color/* otherColor */.IP)(journal.from) : journal.from };
    const points = await (0,release_session/* patiently */.d_)(session, () => session.target.pausePoints());
    return planned(session, situation, {
        first: left === undefined ? [] : [`${left.title}.`],
        problems: () => [
            async () => (journal === undefined ? problemsOfOthers(session, seen) : []),
            async () => gateProblems(gateOf(points), { isStage: false, smokeTests: session.checks.smokeTests }),
        ],
        course: (release) => {
            const live = situation.colors[situation.live];
            if (release !== undefined && (0,release_situation/* isLive */.D)(release, live) && !session.job.force)
                return NOTHING_TO_DO;
            return plan_courseOf(situation, points);
        },
    });
}
async function problemsOfOthers(session, situation) {
    const newest = await session.target.newest();
    return problemOf(() => {
        if (newest?.state === 'under-way' || newest?.state === 'going-back')
            throw busy(newest);
        refuseSplit(situation);
    });
}
/** What `deploy` does once it knows that there is something to do: deploy.ts and drive.ts, in order. */
function plan_courseOf({ live, colors }, points) {
    const to = (0,release_color/* otherColor */.IP)(live);
    const gate = gateOf(points);
    const isBefore = (point) => point !== gate && !(0,driven/* hasCome */.v0)(point, 'shifting');
    const goOn = ({ name }) => ({ do: 'go-on', at: name });
    return [
        { do: 'lock' },
        { do: 'check' },
        { do: 'create-release' },
        { do: 'note', phase: 'staging' },
        { do: 'start', color: to, count: colors[live].desired },
        // Once the platform has given its deployment a name.
        { do: 'note', phase: 'staging' },
        ...points.filter(isBefore).map(goOn),
        { do: 'note', phase: 'shifting' },
        ...points.filter((point) => !isBefore(point)).map(goOn),
        { do: 'note', phase: 'retiring' },
        { do: 'mark', color: to },
        { do: 'forget' },
        { do: 'unlock' },
    ];
}
/** What a gate is needed for, and is not there: said before anything is changed. */
function gateProblems(gate, { isStage, smokeTests }) {
    if (gate === undefined && isStage)
        return [
            {
                message: 'The platform gives users each release without waiting: nothing can be staged.',
                fix: 'Give the service a lifecycle hook of type PAUSE at POST_TEST_TRAFFIC_SHIFT (docs/ecs.md), or use operation: deploy.',
                forceable: false,
            },
        ];
    if (gate === undefined && smokeTests > 0)
        return [
            {
                message: 'The platform does not wait for the smoke tests: users may have the release before they are through.',
                fix: 'Give the service a lifecycle hook of type PAUSE at POST_TEST_TRAFFIC_SHIFT (docs/ecs.md).',
                forceable: true,
            },
        ];
    if (gate?.otherwise === 'goes on' && isStage)
        return [
            {
                message: `The hook at ${gate.name} goes on by itself when its time is over: what is staged would go to users.`,
                fix: 'Set timeoutConfiguration.action of that hook to ROLLBACK.',
                forceable: true,
            },
        ];
    return [];
}

;// CONCATENATED MODULE: ./build/src/release/driven/put-right.js





/** The rollout is called back, unless users have the release for good. */
async function put_right_putRight(session, attempt, broken) {
    const { error, cancelled } = broken;
    const { journal } = attempt;
    // What users were given may have been taken from them since: only the rollout tells.
    if (journal.phase === 'retiring' && (await outlook(session, journal)).goesOn)
        return accepted(session, journal, broken);
    const end = await undo_undo(session, attempt, { urgent: cancelled });
    if (end === 'too-late') {
        const situation = await (0,release_session/* patiently */.d_)(session, () => session.target.inspect());
        return { ...tooLate(journal, (0,release_situation/* runningImage */.$)(situation, situation.live), error), end: 'keep' };
    }
    const stuck = end === 'stalled' && error.code !== 'platform-stalled' ? stalled(attempt, error) : error;
    // Back from a rollback is where people fled from.
    const wentBack = end !== 'stalled' && end !== 'replaced';
    const isTakenBack = attempt.shifted && wentBack && journal.operation !== 'rollback';
    return {
        result: isTakenBack ? 'rolled-back' : 'failed',
        summary: error.message,
        error: stuck,
        end: end === 'under-way' ? 'keep' : 'release',
    };
}
/** Users have the release, and it was watched to the end: what failed afterwards is said, and recorded later. */
function accepted(session, journal, { error, cancelled }) {
    const result = journal.operation === 'rollback' ? 'rolled-back' : 'deployed';
    const summary = `${journal.imageTag} is live on ${(0,release_color/* otherColor */.IP)(journal.from)}.`;
    if (!cancelled)
        session.emit({
            type: 'warning',
            message: `${error.message} The release is live; what is left is done by the post step, or the next run.`,
        });
    return { result, summary, end: 'keep' };
}
const stalled = ({ told }, error) => new errors/* DeployError */.s(`${error.message} The platform did not get back to the former release: ${told.text}.`, {
    code: 'undo-failed',
    hint: 'Look at the service’s events and the weights of its listener rule, then deploy the release that users should have.',
    details: error.details,
    cause: error,
});
const tooLate = (journal, live, error) => ({
    result: 'failed',
    summary: error.message,
    error: new errors/* DeployError */.s(`${error.message} By then the platform was through: ${live || journal.image} is live.`, {
        code: error.code,
        hint: 'Run operation: rollback to go back to the release before.',
        details: error.details,
        cause: error,
    }),
});

;// CONCATENATED MODULE: ./build/src/release/driven/deploy.js















/** `stage` is a deploy up to the gate: the rest is `promote`, or `abort`. */
async function deploy_deploy(session) {
    const { job, target } = session;
    const isStage = job.operation === 'stage';
    const { situation } = await undo_recover(session);
    const { live } = situation;
    const request = { color: (0,release_color/* otherColor */.IP)(live), image: job.image, imageTag: job.imageTag };
    let gate;
    await (0,preflight/* preflight */.Mz)(session, request, async () => {
        const points = await target.pausePoints();
        gate = gateOf(points);
        return gateProblems(gate, { isStage, smokeTests: session.checks.smokeTests });
    });
    const release = await (0,release_session/* change */.Zg)(session, () => target.createRelease(request));
    for (const message of release.remarks ?? [])
        session.emit({ type: 'progress', message });
    if ((0,release_situation/* isLive */.D)(release, situation.colors[live]) && !job.force)
        return {
            result: 'unchanged',
            summary: `${job.image} is live already, on ${live}; force: true deploys it again.`,
            end: 'release',
        };
    const attempt = await attempt_begin(session, situation, { release, imageTag: job.imageTag });
    return guarded(session, attempt, put_right_putRight, async () => {
        await drive_bringUp(session, attempt, gate);
        await drive_prove(session, attempt);
        if (!isStage)
            return drive_carryThrough(session, attempt);
        attempt.journal = await write(session, { ...attempt.journal, phase: 'staged' });
        await tellDeadline(session, attempt);
        return {
            result: 'staged',
            summary: `${job.image} waits on ${attempt.subject.color} for promote or abort.`,
            end: 'release-keep-preview',
        };
    });
}
/** Nobody may know that what waits for them does not wait for ever. */
async function tellDeadline(session, { journal }) {
    const { pause } = await (0,release_session/* patiently */.d_)(session, () => session.target.observe(journal.rollout ?? ''));
    if (pause?.until === undefined)
        return;
    session.emit({
        type: 'progress',
        message: `The platform ${pause.otherwise} by itself at ${new Date(pause.until).toISOString()}.`,
    });
}
async function deploy_promote(session) {
    const situation = await look(session);
    const refusal = refusePromote(session.job, situation);
    if (refusal !== undefined)
        return endRefused(refusal, situation);
    const attempt = attemptOf(staged(situation));
    announce(session, situation, {
        ...attempt.journal,
        count: situation.colors[attempt.subject.color].desired,
    });
    return guarded(session, attempt, put_right_putRight, () => drive_carryThrough(session, attempt));
}
/** Drops what is staged, or half done. */
async function deploy_abort(session) {
    const found = await look(session);
    const { journal } = found;
    if (journal === undefined)
        return { result: 'unchanged', summary: 'Nothing is staged here.', end: 'release' };
    const refusal = refuseAbort(session.job, journal);
    if (refusal !== undefined)
        return endRefused(refusal, found);
    const { rolledBack, situation } = await undo_recover(session);
    if (rolledBack !== undefined)
        return { result: 'rolled-back', summary: rolledBack, end: 'release' };
    if (situation.live === journal.from && situation.colors[journal.from].release?.id !== journal.release)
        return {
            result: 'aborted',
            summary: `${journal.imageTag} was dropped before users saw it.`,
            end: 'release',
        };
    const error = new errors/* DeployError */.s(`${journal.imageTag} is live on ${situation.live}: it was too late to abort.`, {
        code: 'already-live',
        hint: 'Run operation: rollback to go back to the release before.',
    });
    return { result: 'failed', summary: error.message, error, end: 'release' };
}

;// CONCATENATED MODULE: ./build/src/release/rollback.js








async function rollback(session) {
    const start = await recover(session);
    const { situation } = start;
    if (start.rolledBack !== undefined && isAsked(session.job, situation))
        return { result: 'rolled-back', summary: start.rolledBack, end: 'release' };
    const idle = (0,release_color/* otherColor */.IP)(situation.live);
    const release = await rollbackRelease(session, start);
    if (release === undefined)
        return { result: 'unchanged', summary: `${session.job.imageTag} is live already.`, end: 'release' };
    const request = { color: idle, image: release.image, imageTag: (0,release_image/* tagOf */.cO)(release.image) };
    const count = Math.max(1, situation.colors[situation.live].desired);
    const attempt = await begin(session, situation, { ...request, release, count }, 'rollback');
    return guarded(session, attempt, putRight, async () => {
        await bringUp(session, attempt, release, count);
        return accept(session, attempt);
    });
}
/** Whether users have what was asked for: what undoing a dead run leads to need not be the release that is named. */
function isAsked({ imageTag }, { live, colors }) {
    const { release } = colors[live];
    return imageTag === '' || (release !== undefined && (0,release_image/* isImage */.wu)(release.image, imageTag));
}
/** The release to go back to; nothing when it is live already. */
async function rollbackRelease(session, { situation }) {
    const { imageTag, force } = session.job;
    const idle = (0,release_color/* otherColor */.IP)(situation.live);
    const { release: parked, standing } = situation.colors[idle];
    if (imageTag !== '' && isAsked(session.job, situation))
        return undefined;
    if (imageTag !== '' && !(parked !== undefined && (0,release_image/* isImage */.wu)(parked.image, imageTag))) {
        const found = await (0,release_session/* patiently */.d_)(session, () => session.target.findRelease(imageTag));
        if (found?.standing === 'rolled-back' && !force)
            throw wasRolledBack(found.image);
        if (found !== undefined)
            return found;
        throw new errors/* DeployError */.s(`No release with image tag ${imageTag} is known here.`, {
            code: 'unknown-release',
            hint: 'Leave image-tag out to go back to the release before, or deploy that tag.',
        });
    }
    if (parked === undefined || (standing === 'unknown' && !force))
        throw new errors/* DeployError */.s(parked === undefined
            ? `There is nothing on ${idle} to go back to.`
            : `${parked.image} on ${idle} was never live, as far as this action knows.`, {
            code: 'nothing-to-roll-back-to',
            hint: parked === undefined
                ? 'Deploy the release that you want.'
                : 'Deploy the release that you want, or go there all the same with force: true.',
        });
    if (standing === 'rolled-back' && !force)
        throw wasRolledBack(`${parked.image} on ${idle}`);
    return parked;
}
const wasRolledBack = (what) => new errors/* DeployError */.s(`${what} was rolled back from: going there again would undo that.`, {
    code: 'rolled-back-release',
    hint: 'Deploy the release that you want, or go there all the same with force: true.',
});

;// CONCATENATED MODULE: ./build/src/release/driven/rollback.js








async function rollback_rollback(session) {
    const start = await undo_recover(session);
    const { situation } = start;
    if (start.rolledBack !== undefined && isAsked(session.job, situation))
        return { result: 'rolled-back', summary: start.rolledBack, end: 'release' };
    const release = await rollbackRelease(session, start);
    if (release === undefined)
        return { result: 'unchanged', summary: `${session.job.imageTag} is live already.`, end: 'release' };
    const gate = gateOf(await (0,release_session/* patiently */.d_)(session, () => session.target.pausePoints()));
    const attempt = await attempt_begin(session, situation, { release, imageTag: (0,release_image/* tagOf */.cO)(release.image) });
    return guarded(session, attempt, put_right_putRight, async () => {
        await drive_bringUp(session, attempt, gate);
        return drive_carryThrough(session, attempt);
    });
}

;// CONCATENATED MODULE: ./build/src/release/driven/run.js













/**
 * The operations on a platform that brings releases up and moves the traffic by itself. The order and the promises are
 * those of the procedure (deploy.ts); the platform's own deployment takes the place of our steps.
 */
async function operateDriven(session) {
    switch (session.job.operation) {
        case 'status':
            return run_status(session);
        case 'plan':
            return plan_plan(session);
        case 'watch':
            return watch(session, { rollback: rollback_rollback, platformIsAtWork: () => platformIsAtWork(session) });
        case 'setup':
            throw new errors/* DeployError */.s('There is nothing that setup could make for a service which ECS itself deploys.', {
                code: 'not-supported',
                hint: 'docs/ecs.md says what must be there.',
            });
        case 'promote': {
            // Before the lock, which would close the preview that people are looking at.
            const refusal = refusePromote(session.job, await look(session));
            if (refusal !== undefined)
                throw refusal;
            return locked(session, deploy_promote);
        }
        case 'rollback':
            return callBackAtOnce(session, (own) => locked(own, rollback_rollback));
        case 'deploy':
        case 'stage':
            return locked(session, deploy_deploy);
        case 'abort': {
            const refusal = refuseAbort(session.job, (await look(session)).journal);
            if (refusal !== undefined)
                throw refusal;
            return locked(session, deploy_abort);
        }
    }
}
/** Takes up a run whose process was cancelled or killed. The post step's whole work. */
async function resumeDriven(session, handle) {
    const { target, job } = session;
    const lease = await (0,release_session/* patiently */.d_)(session, () => target.lock.resume(handle, job.policy.lock.ttl));
    if (lease === undefined)
        return 'nothing-to-do';
    return holding(session, lease, async (locked) => {
        const { journal } = await (0,release_session/* patiently */.d_)(locked, () => locked.target.inspect());
        if (journal === undefined)
            return { value: 'nothing-to-do', end: 'release' };
        // A promote that is undone is still recorded as staged: then only the rollout tells.
        if (journal.phase === 'staged' && isWaiting((await outlook(locked, journal)).rollout))
            return { value: 'nothing-to-do', end: 'release-keep-preview' };
        await undo_recover(locked);
        return { value: 'recovered', end: 'release' };
    });
}
/** Whether the rollout still waits for promote or abort. */
const isWaiting = (rollout) => rollout?.state === 'under-way' && !(0,driven/* hasCome */.v0)(rollout, 'shifting');
const locked = (session, body) => withLock(session, async (own) => {
    const value = await body(own);
    return { value, end: value.end };
});
async function run_status(session) {
    const ended = await status_status(session);
    const newest = await (0,release_session/* patiently */.d_)(session, () => session.target.newest());
    // One that went through says nothing that the situation does not.
    const own = newest === undefined || newest.state === 'done' ? '' : ` ${newest.told}.`;
    const why = newest?.failure === undefined ? '' : ` ${newest.failure.reason}.`;
    return { ...ended, summary: `${ended.summary}${own}${why}` };
}
/** Whoever began it: while the platform deploys, it is not told which release to judge. */
async function platformIsAtWork(session) {
    const newest = await (0,release_session/* patiently */.d_)(session, () => session.target.newest());
    const isAtWork = newest?.state === 'under-way' || newest?.state === 'going-back';
    return isAtWork ? `The platform is at work: ${newest.told}.` : undefined;
}

;// CONCATENATED MODULE: ./build/src/release/setup.js


/** Makes what the target needs before the first deployment, and says what that is before it does. */
async function setup(session) {
    const { target } = session;
    if (target.setup === undefined)
        throw new errors/* DeployError */.s('There is nothing that setup could make on this target yet.', {
            code: 'not-supported',
            hint: 'On ECS, the first deploy brings the listener into the form that it needs; docs/ecs.md says what must be there.',
        });
    /** Asked again after a throttle, the target only tells what is still missing: what was planned before is made by then. */
    const planned = new Set();
    const announce = (lines) => {
        for (const line of lines.filter((one) => !planned.has(one))) {
            planned.add(line);
            session.emit({ type: 'progress', message: `To make: ${line}` });
        }
    };
    const made = await (0,release_session/* step */.PM)(session, 'setup', 'Make what is missing', async () => {
        const lines = await (0,release_session/* change */.Zg)(session, () => target.setup?.(announce) ?? Promise.resolve([]));
        return [...new Set([...planned, ...lines])];
    }, (lines) => (lines.length === 0 ? 'everything is there already' : `${lines.length} made`));
    for (const message of made)
        session.emit({ type: 'progress', message: `Made: ${message}` });
    // Before the first deployment there may be nothing yet that could be looked at.
    const isStaged = await target.inspect().then(({ journal }) => journal?.phase === 'staged', () => false);
    const end = isStaged ? 'release-keep-preview' : 'release';
    return made.length === 0
        ? { result: 'unchanged', summary: 'Everything is there already; nothing was changed.', end }
        : { result: '', summary: `Made ${made.join(', ')}. The first deploy can come.`, end };
}

;// CONCATENATED MODULE: ./build/src/release/procedure.js















const isDrivenSession = (session) => (0,driven/* isDriven */.JT)(session.target);
/**
 * Runs the operation and tells how it ended. It throws nothing: a failure is an outcome, and the state of the target
 * is read once more for it, so that `liveColor` is true after every end.
 */
async function run(session) {
    let ended;
    let seen;
    const emit = (event) => {
        if (event.type === 'situation')
            seen = event.situation;
        if (event.type === 'weights' && seen !== undefined) {
            const live = release_color/* COLORS */.lm.find((color) => (0,release_color/* isAllOn */.TF)(event.weights, color)) ?? seen.live;
            seen = { ...seen, live, weights: event.weights };
        }
        session.emit(event);
    };
    try {
        const own = { ...session, emit };
        ended = await (isDrivenSession(own) ? operateDriven(own) : operate(own));
    }
    catch (thrown) {
        const error = (0,errors/* toDeployError */.p)(thrown);
        ended = { result: 'failed', summary: error.message, error, end: 'release' };
    }
    const outcome = await conclude(session, ended, () => seen);
    session.emit({ type: 'outcome', outcome });
    return outcome;
}
/** Takes up a run whose process was cancelled or killed: finishes or undoes it. The post step's whole work. */
async function resume(session, handle) {
    return isDrivenSession(session) ? resumeDriven(session, handle) : resumeOwn(session, handle);
}
async function resumeOwn(session, handle) {
    const { target, job } = session;
    const lease = await (0,release_session/* patiently */.d_)(session, () => target.lock.resume(handle, job.policy.lock.ttl));
    if (lease === undefined)
        return 'nothing-to-do';
    return holding(session, lease, async (locked) => {
        const situation = await (0,release_session/* patiently */.d_)(locked, () => locked.target.inspect());
        const { journal } = situation;
        if (journal === undefined)
            return { value: 'nothing-to-do', end: 'release' };
        // A promote that is undone is still recorded as staged: then only what stands there tells.
        const there = situation.colors[(0,release_color/* otherColor */.IP)(journal.from)].release?.id;
        if (journal.phase === 'staged' && there === journal.release)
            return { value: 'nothing-to-do', end: 'release-keep-preview' };
        await recover(locked, { resuming: true });
        return { value: 'recovered', end: 'release' };
    });
}
async function operate(session) {
    const { operation } = session.job;
    if (operation === 'status')
        return status_status(session);
    if (operation === 'plan')
        return plan(session);
    if (operation === 'watch')
        return watch(session, { rollback: rollback });
    if (operation === 'promote') {
        // Before the lock, which would close the preview that people are looking at.
        const refusal = refusePromote(session.job, await look(session));
        if (refusal !== undefined)
            throw refusal;
    }
    if (operation === 'abort') {
        const refusal = refuseAbort(session.job, (await look(session)).journal);
        if (refusal !== undefined)
            throw refusal;
    }
    return withLock(session, async (locked) => {
        const ended = await operations[operation](locked);
        return { value: ended, end: ended.end };
    });
}
const operations = { deploy: deploy, stage: stageOnly, promote: promote, abort: abort, rollback: rollback, setup: setup };
/** Reads the target once more, so that what is reported is what is true; at worst, what was seen last. */
async function conclude(session, { result, summary, error, seen }, lastSeen) {
    const after = { ...session, signal: AbortSignal.timeout(10_000) };
    let situation;
    let preview;
    try {
        const read = (body) => (0,release_session/* abandonable */.G1)(after.signal, body);
        situation = seen ?? (await (0,release_session/* patiently */.d_)(after, () => read(() => session.target.inspect())));
        session.emit({ type: 'situation', situation });
        // Where somebody moved the traffic since, asking would turn the way there: looking changes nothing.
        const { journal, live } = situation;
        if (journal?.phase === 'staged' && live === journal.from && session.job.operation !== 'plan')
            preview = await read(() => session.target.preview());
        if (preview !== undefined)
            session.emit({
                type: 'preview',
                url: preview.lastingUrl ?? preview.url,
                headers: preview.headers,
            });
    }
    catch (thrown) {
        situation ??= lastSeen();
        if (situation !== undefined)
            session.emit({
                type: 'warning',
                message: `What is reported was seen before the end: ${(0,errors/* toDeployError */.p)(thrown).message}`,
            });
    }
    const base = { result, summary, error, previewUrl: preview?.lastingUrl ?? preview?.url ?? '' };
    // A run that could never read the target has nothing to report on it; its error says why.
    if (situation === undefined)
        return { ...base, image: '', previousImage: '', release: '', previousRelease: '' };
    const { live } = situation;
    const idle = (0,release_color/* otherColor */.IP)(live);
    return {
        ...base,
        liveColor: live,
        idleColor: idle,
        image: (0,release_situation/* runningImage */.$)(situation, live),
        release: situation.colors[live].release?.id ?? '',
        previousImage: previousRelease(situation, idle)?.image ?? '',
        previousRelease: previousRelease(situation, idle)?.id ?? '',
    };
}
/** What users had before: the idle color's release, if they ever had it. */
const previousRelease = ({ colors }, idle) => colors[idle].standing === 'unknown' ? undefined : colors[idle].release;


/***/ }),

/***/ 2911:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   EQ: () => (/* binding */ repeatable),
/* harmony export */   G1: () => (/* binding */ abandonable),
/* harmony export */   PM: () => (/* binding */ step),
/* harmony export */   SP: () => (/* binding */ shown),
/* harmony export */   Zg: () => (/* binding */ change),
/* harmony export */   d_: () => (/* binding */ patiently),
/* harmony export */   fm: () => (/* binding */ waitFor)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7406);
/* harmony import */ var _target_target_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(9478);


/** Runs one step of the procedure and tells the listeners; what the body returns first is the step's detail. */
async function step(session, name, title, body, detail = () => '') {
    const started = session.clock.now();
    session.emit({ type: 'step-started', step: name, title });
    try {
        const value = await body();
        finish(true, detail(value));
        return value;
    }
    catch (error) {
        finish(false, (0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .toDeployError */ .p)(error).message);
        throw error;
    }
    function finish(ok, text) {
        session.emit({ type: 'step-finished', step: name, ok, detail: text, ms: session.clock.now() - started });
    }
}
/**
 * Makes one change to the target: only while the lock is ours. Renewing or confirming the lease is the fence: it fails
 * when another run has taken the lock over, and then this run stops before it changes anything. A change that the platform did not
 * take (it throttles) is asked for again, behind a new fence.
 */
const change = (session, body) => patiently(session, async () => {
    await session.lease.fence();
    return repeatable(body);
});
/** All changes here may be made again as they are; what users have must not hang on one lost answer. */
async function repeatable(body) {
    try {
        return await body();
    }
    catch (error) {
        if (error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .DeployError */ .s && error.code === 'no-answer')
            throw new _target_target_js__WEBPACK_IMPORTED_MODULE_1__/* .TransientError */ .N(error.message, { cause: error });
        throw error;
    }
}
/** How many times longer than wanted a pause becomes, at most, while the platform is slow or gives no answer. */
const SLOW_DOWN = 8;
/**
 * Looks until there is something to see. A look that the platform did not answer is no news: it is said once, the
 * pace slows down, and only the deadline ends it.
 */
async function waitFor(session, { interval: first, upTo = first, timeout, onlySilence = false, look, expired }) {
    let interval = first;
    const deadline = session.clock.now() + timeout;
    let unanswered = 0;
    for (;;) {
        session.signal.throwIfAborted();
        const looked = session.clock.now();
        try {
            const value = await look();
            if (value !== undefined)
                return value;
            if (unanswered > 0)
                session.emit({ type: 'progress', message: 'The platform answers again.' });
            unanswered = 0;
        }
        catch (error) {
            if (!(error instanceof _target_target_js__WEBPACK_IMPORTED_MODULE_1__/* .TransientError */ .N))
                throw error;
            unanswered += 1;
            if (unanswered === 1)
                session.emit({
                    type: 'progress',
                    message: `No answer (${error.message}): this is no verdict, asking again.`,
                });
        }
        const counts = !onlySilence || unanswered > 0;
        const left = counts ? deadline - session.clock.now() : Number.POSITIVE_INFINITY;
        if (left <= 0)
            throw await expired();
        const slowest = interval * SLOW_DOWN;
        // A look that took long had to wait for its turn: the platform's budget is shared, and others are short of it too.
        const took = session.clock.now() - looked;
        const pause = Math.max(Math.min(interval * 2 ** unanswered, slowest), Math.min(took, slowest));
        interval = Math.min(interval * 2, Math.max(upTo, interval));
        await session.clock.sleep(Math.min(jittered(pause), left), session.signal);
    }
}
/** Runs that began together must not ask together for ever: each pause is up to a tenth shorter or longer. */
const jittered = (ms) => Math.round(ms * (0.9 + 0.2 * Math.random()));
/** Asks until the platform answers; for what nothing can go on without. */
const patiently = (session, body) => waitFor(session, {
    interval: 1_000,
    timeout: 120_000,
    look: async () => ({ value: await body() }),
    expired: () => new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .DeployError */ .s('The platform did not answer for two minutes.', {
        code: 'platform-unreachable',
        hint: 'Run the operation again: it finds out what happened.',
    }),
}).then(({ value }) => value);
/**
 * Waits for an answer only until the signal is aborted: a platform that takes a question and is silent would else make
 * every limit longer by its own. What was asked may still be done, so this is for reads, and for a run's last act.
 */
async function abandonable(signal, body) {
    signal.throwIfAborted();
    const aborted = Promise.withResolvers();
    const abort = () => aborted.reject(signal.reason);
    signal.addEventListener('abort', abort);
    try {
        // The race also takes what comes of the other one later, a rejection too.
        return await Promise.race([body(), aborted.promise]);
    }
    finally {
        signal.removeEventListener('abort', abort);
    }
}
/**
 * Waits until the target shows what it was told: platforms answer a change before their reads know of it, and the next
 * run must not find the picture from before. Not worth a failure: the change itself was accepted.
 */
async function shown(session, color, expected) {
    await waitFor(session, {
        interval: 250,
        upTo: 2_000,
        timeout: 30_000,
        look: async () => {
            const { colors } = await abandonable(session.signal, () => session.target.inspect());
            const { release, desired, lags } = colors[color];
            const isShown = (expected.desired === undefined || desired === expected.desired) &&
                lags !== true &&
                (expected.releaseId === undefined || (release?.id ?? '') === expected.releaseId);
            return isShown ? true : undefined;
        },
        expired: () => new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .DeployError */ .s('not shown', { code: 'not-shown' }),
    }).catch((error) => {
        if (!(error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .DeployError */ .s && error.code === 'not-shown'))
            throw error;
        session.emit({
            type: 'warning',
            message: `The platform still does not show what it was told about ${color}.`,
        });
    });
}


/***/ }),

/***/ 459:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $: () => (/* binding */ runningImage),
/* harmony export */   D: () => (/* binding */ isLive)
/* harmony export */ });
/** Whether users have exactly that release: then there is nothing to deploy. */
const isLive = (release, live) => release.id === live.release?.id && !release.differs && live.desired > 0;
/** The image that a color really runs; empty where it runs nothing. */
const runningImage = ({ colors }, color) => colors[color].desired > 0 ? (colors[color].release?.image ?? '') : '';


/***/ }),

/***/ 8678:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   GA: () => (/* binding */ answers),
/* harmony export */   KN: () => (/* binding */ percent),
/* harmony export */   zi: () => (/* binding */ errorRate)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7406);
/* harmony import */ var _color_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(4768);
/* harmony import */ var _session_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2911);



/**
 * What the load balancer or proxy counted: errors and latency of the new color, against the limit, and against the old
 * color at the same time. Where both do badly, it is something behind them, and going back would help nobody.
 * @param since from when on answers count, ms since the epoch, where the platform keeps them; absent: from now on
 */
async function answers(session, color, since) {
    const { 'max-error-rate': maxRate, 'max-latency': maxLatency, 'min-requests': least, } = session.job.policy.stabilize;
    const port = session.target.signals.answers;
    if (port === undefined || (maxRate === undefined && maxLatency === undefined))
        return undefined;
    const meter = await (0,_session_js__WEBPACK_IMPORTED_MODULE_1__/* .patiently */ .d_)(session, () => port.open(since));
    let seen = { blue: NOTHING, green: NOTHING };
    let atMove = seen;
    return {
        async look() {
            const now = await meter.read();
            if (JSON.stringify(now) !== JSON.stringify(seen))
                session.emit({ type: 'answers', colors: now, latency: port.latency });
            seen = now;
            const [own, old] = [now[color], now[(0,_color_js__WEBPACK_IMPORTED_MODULE_2__/* .otherColor */ .IP)(color)]];
            // What begins to fail only under more traffic must not be hidden by what went well under little.
            const recent = { own: difference(own, atMove[color]), old: difference(old, atMove[(0,_color_js__WEBPACK_IMPORTED_MODULE_2__/* .otherColor */ .IP)(color)]) };
            for (const one of [{ own, old }, recent])
                refuseErrors(color, one, { maxRate, least });
            refuseLatency(color, { own, old }, { maxLatency, least, kind: port.latency });
        },
        moved: () => {
            atMove = seen;
        },
        detail: () => (seen[color].requests === 0 ? 'no answers counted yet' : describe(color, seen[color])),
    };
}
const NOTHING = { requests: 0, errors: 0 };
const difference = (now, then) => ({
    requests: now.requests - then.requests,
    errors: now.errors - then.errors,
});
function refuseErrors(color, { own, old }, { maxRate, least }) {
    if (maxRate === undefined || own.requests < least)
        return;
    const rate = errorRate(own);
    const others = old.requests < least ? 0 : errorRate(old);
    if (rate <= maxRate || rate <= others)
        return;
    const compared = old.requests < least ? '' : `, ${percent(others)} on ${(0,_color_js__WEBPACK_IMPORTED_MODULE_2__/* .otherColor */ .IP)(color)} at the same time`;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .DeployError */ .s(`${percent(rate)} of the answers of ${color} are errors (${own.errors} of ${own.requests}${compared}).`, {
        code: 'error-rate',
        hint: `stabilize.max-error-rate is ${percent(maxRate)}. Look at the release’s log, mend it, then deploy again.`,
    });
}
function refuseLatency(color, { own, old }, { maxLatency, least, kind }) {
    const { latencyMs } = own;
    if (maxLatency === undefined || latencyMs === undefined || own.requests < least)
        return;
    const others = old.requests < least ? undefined : old.latencyMs;
    if (latencyMs <= maxLatency || latencyMs <= (others ?? 0))
        return;
    const compared = others === undefined ? '' : `, ${Math.round(others)} ms on ${(0,_color_js__WEBPACK_IMPORTED_MODULE_2__/* .otherColor */ .IP)(color)} at the same time`;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .DeployError */ .s(`Answers of ${color} take ${Math.round(latencyMs)} ms (${kind} of ${own.requests}${compared}).`, {
        code: 'latency',
        hint: `stabilize.max-latency is ${maxLatency} ms. Look at what has become slower, then deploy again.`,
    });
}
/** In percent. */
const errorRate = ({ requests, errors }) => requests === 0 ? 0 : (100 * errors) / requests;
const percent = (value) => `${Number(value.toFixed(2))} %`;
const describe = (color, { requests, errors, latencyMs }) => `${color} answered ${requests}, ${errors} with errors${latencyMs === undefined ? '' : `, in ${Math.round(latencyMs)} ms`}`;


/***/ }),

/***/ 6621:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   AM: () => (/* binding */ closeGroup),
/* harmony export */   R8: () => (/* binding */ warn),
/* harmony export */   Sg: () => (/* binding */ openGroup),
/* harmony export */   TF: () => (/* binding */ annotateError),
/* harmony export */   WO: () => (/* binding */ debugStack),
/* harmony export */   say: () => (/* binding */ say)
/* harmony export */ });
/* unused harmony export harmless */
/* harmony import */ var _actions_core__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7264);
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(706);


/**
 * Text that the runner only shows. It takes a line that begins with `::` for a command, and `##[command]` anywhere in
 * one (actions/runner, ActionCommand.cs): a line of somebody's log must not set an output or fold ours away.
 */
const harmless = (text) => (0,_text_js__WEBPACK_IMPORTED_MODULE_1__/* .plain */ .pj)(text)
    .replaceAll('##[', '## [')
    .replace(/^(\s*):(?=:)/, '$1: ');
/** One line in the log. */
const say = (text) => _actions_core__WEBPACK_IMPORTED_MODULE_0__/* .info */ .pq(harmless(text));
/** Opens a part of the log that GitHub folds away. They do not nest. */
const openGroup = (title) => _actions_core__WEBPACK_IMPORTED_MODULE_0__/* .startGroup */ .Oh(harmless(title));
const closeGroup = () => _actions_core__WEBPACK_IMPORTED_MODULE_0__/* .endGroup */ .N4();
/** A warning: in the log, and above it. */
const warn = (text) => _actions_core__WEBPACK_IMPORTED_MODULE_0__/* .warning */ .$e(harmless(text));
/** Where an error comes from: only in logs with debug lines. */
const debugStack = (error) => {
    if (_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .isDebug */ ._o() && error instanceof Error && error.stack)
        _actions_core__WEBPACK_IMPORTED_MODULE_0__/* .debug */ .Yz(error.stack);
};
/** An error: in the log, and above it. May have several lines. */
const annotateError = (title, text) => _actions_core__WEBPACK_IMPORTED_MODULE_0__/* .error */ .z3(text.split('\n').map(harmless).join('\n'), { title: harmless(title) });


/***/ }),

/***/ 259:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $p: () => (/* binding */ readRunContext),
/* harmony export */   Bg: () => (/* binding */ commitUrl),
/* harmony export */   MI: () => (/* binding */ rollbackUrl),
/* harmony export */   XH: () => (/* binding */ compareUrl),
/* harmony export */   vg: () => (/* binding */ tempFolder)
/* harmony export */ });
/* harmony import */ var node_os__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8161);

/** The only place that reads the run's environment for the reports. */
function readRunContext(env) {
    const read = (name) => env[`GITHUB_${name}`] ?? '';
    const serverUrl = read('SERVER_URL') || 'https://github.com';
    const repository = read('REPOSITORY');
    const runId = read('RUN_ID');
    const runAttempt = read('RUN_ATTEMPT') || '1';
    const run = repository === '' || runId === '' ? '' : `${serverUrl}/${repository}/actions/runs/${runId}`;
    return {
        repository,
        serverUrl,
        runId,
        runAttempt,
        sha: read('SHA'),
        ref: read('REF'),
        actor: read('TRIGGERING_ACTOR') || read('ACTOR'),
        workflow: read('WORKFLOW'),
        runUrl: run === '' || runAttempt === '1' ? run : `${run}/attempts/${runAttempt}`,
    };
}
/** Where files may be left for later steps of the job: the runner empties it after the job. */
const tempFolder = (env) => env['RUNNER_TEMP'] || (0,node_os__WEBPACK_IMPORTED_MODULE_0__.tmpdir)();
/** The page with the button for a rollback. Empty outside of a workflow. */
const rollbackUrl = ({ repository, serverUrl }) => repository === '' ? '' : `${serverUrl}/${repository}/actions/workflows/rollback.yml`;
/** The page of the commit. Empty outside of a workflow. */
const commitUrl = ({ repository, serverUrl, sha }) => repository === '' || sha === '' ? '' : `${serverUrl}/${repository}/commit/${sha}`;
/** Of a commit, whole or shortened as git does. */
const COMMIT = /^[0-9a-f]{7,40}$/;
/** The page of what lies between two commits. Empty where one of them is none, or both are the same. */
const compareUrl = ({ repository, serverUrl }, from, to) => repository !== '' && from !== to && COMMIT.test(from) && COMMIT.test(to)
    ? `${serverUrl}/${repository}/compare/${from}...${to}`
    : '';


/***/ }),

/***/ 5845:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Ln: () => (/* binding */ span),
/* harmony export */   Nx: () => (/* binding */ capital),
/* harmony export */   Uq: () => (/* binding */ shortImage),
/* harmony export */   hl: () => (/* binding */ address),
/* harmony export */   vk: () => (/* binding */ elapsed)
/* harmony export */ });
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(706);

/** A length of time for people: `800 ms`, `2.5 s`, `42 s`, `1 min 12 s`, `1 h 2 min`. */
function span(ms) {
    if (ms < 1_000)
        return `${Math.max(0, Math.round(ms))} ms`;
    if (ms < 9_950)
        return `${Number((ms / 1_000).toFixed(1))} s`;
    const seconds = Math.round(ms / 1_000);
    if (seconds < 60)
        return `${seconds} s`;
    const minutes = Math.floor(seconds / 60);
    if (minutes < 60)
        return `${minutes} min ${seconds % 60} s`;
    return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
/** Time since the beginning, as a clock: `00:07`, `1:02:03`. */
function elapsed(ms) {
    const seconds = Math.max(0, Math.floor(ms / 1_000));
    const two = (value) => String(value).padStart(2, '0');
    const clock = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    return seconds < 3_600 ? clock : `${Math.floor(seconds / 3_600)}:${clock}`;
}
/** An image without its registry, and with the beginning of its digest only: what people call it. */
function shortImage(image) {
    const [reference = '', digest] = image.split('@');
    const name = (0,_text_js__WEBPACK_IMPORTED_MODULE_0__/* .excerpt */ .Kb)(reference.slice(reference.lastIndexOf('/') + 1), 100);
    if (digest === undefined || name.includes(':'))
        return name;
    return `${name}@${(0,_text_js__WEBPACK_IMPORTED_MODULE_0__/* .excerpt */ .Kb)(digest.slice(0, 'sha256:'.length + 12), 40)}`;
}
/** A web address in which nothing can end a link; `#` for what is none. */
function address(url) {
    const { protocol, href } = URL.parse(url) ?? { protocol: '', href: '' };
    if (protocol !== 'https:' && protocol !== 'http:')
        return '#';
    return href.replace(/[|()\\^`]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
/** `Healthy` of `healthy`. */
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);


/***/ }),

/***/ 9611:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  h: () => (/* binding */ createLog)
});

// EXTERNAL MODULE: ./build/src/release/color.js
var color = __webpack_require__(4768);
// EXTERNAL MODULE: ./build/src/release/image.js
var release_image = __webpack_require__(4426);
// EXTERNAL MODULE: ./build/src/text.js
var src_text = __webpack_require__(706);
// EXTERNAL MODULE: ./build/src/report/console.js
var console = __webpack_require__(6621);
// EXTERNAL MODULE: ./build/src/report/format.js
var format = __webpack_require__(5845);
// EXTERNAL MODULE: ./build/src/report/plan.js
var plan = __webpack_require__(421);
;// CONCATENATED MODULE: ./build/src/report/situation.js


/** What one look at the target showed: a line for each color. */
const describeSituation = ({ live, weights, colors }) => color/* COLORS */.lm.map((color) => {
    const { release, desired, running, standing } = colors[color];
    const role = color === live ? 'live' : 'idle';
    const what = release === undefined ? 'nothing was ever deployed here' : `${(0,release_image/* readable */.HD)(release.image)} (${release.id})`;
    const past = color !== live && standing === 'rolled-back' ? ', rolled back from' : '';
    const count = desired === 0 && running === 0 ? 'parked' : `${running} of ${desired} running`;
    return `${color}: ${role}, ${weights[color]} % of the traffic, ${what}${release === undefined ? '' : `, ${count}${past}`}`;
});

;// CONCATENATED MODULE: ./build/src/report/log.js







/** A reader of the log waits at most 15 s for a sign of life; a busy process needs some of that. */
const QUIET_MS = 12_000;
/** Tells in GitHub's log what happens, as it happens: a group per step, and what came of it below, outside. */
function createLog() {
    /** The step under way, and when it began by our own watch. */
    let open;
    let begin;
    /** What the heartbeat repeats. */
    let lastNews = '';
    let heartbeat;
    let closed = false;
    function line(at, text) {
        (0,console.say)(`${(0,format/* elapsed */.vk)(at - (begin ?? at))}  ${text}`);
    }
    function news(at, text) {
        lastNews = text;
        line(at, text);
    }
    function rearm() {
        clearTimeout(heartbeat);
        if (closed)
            return;
        heartbeat = setTimeout(() => {
            if (open !== undefined) {
                const so = lastNews === '' ? '' : `; last: ${(0,src_text/* excerpt */.Kb)(lastNews)}`;
                (0,console.say)(`... ${open.title}: ${(0,format/* span */.Ln)(Date.now() - open.since)} so far${so}`);
            }
            else
                (0,console.say)('... still at work');
            rearm();
        }, QUIET_MS);
        // The log must not keep a process alive that has nothing else to do.
        heartbeat.unref();
    }
    function endGroup() {
        if (open !== undefined)
            (0,console/* closeGroup */.AM)();
        open = undefined;
    }
    function listener(event) {
        begin ??= event.at;
        tell(event);
        rearm();
    }
    function tell(event) {
        const { at } = event;
        switch (event.type) {
            case 'step-started':
                endGroup();
                (0,console/* openGroup */.Sg)(event.title);
                open = { title: event.title, since: Date.now() };
                lastNews = '';
                break;
            case 'step-finished': {
                // Outside of the group, which GitHub folds: whoever reads only what is open reads the whole story.
                endGroup();
                const came = event.detail === '' ? '' : `: ${event.detail}`;
                line(at, `${(0,format/* capital */.Nx)(event.step)} ${event.ok ? 'done' : 'FAILED'} after ${(0,format/* span */.Ln)(event.ms)}${came}`);
                break;
            }
            case 'progress':
                news(at, event.message);
                break;
            case 'warning':
                (0,console/* warn */.R8)(event.message);
                break;
            case 'output':
                (0,console.say)(`  | ${event.line}`);
                break;
            case 'situation':
                for (const text of describeSituation(event.situation))
                    line(at, text);
                break;
            case 'intent':
                line(at, `From ${(0,release_image/* readable */.HD)(event.previousImage || 'nothing')} on ${event.from}`);
                line(at, `  to ${(0,release_image/* readable */.HD)(event.image)} on ${event.to}, ${event.count} of it`);
                break;
            case 'plan':
                for (const text of (0,plan/* planLines */.H)(event.plan))
                    line(at, text);
                break;
            case 'weights':
                news(at, `Traffic: ${(0,color/* formatWeights */.V7)(event.weights)}`);
                break;
            case 'health':
                news(at, `${event.color}: ${event.detail}`);
                break;
            case 'check':
                news(at, describeCheck(event));
                if (!event.check.ok)
                    for (const text of event.check.output ?? [])
                        (0,console.say)(`  | ${text}`);
                break;
            case 'answers':
                news(at, `Answers so far: ${describeAnswers(event)}`);
                break;
            case 'own-traffic': {
                const { sent, failed, worstMs, lastFailure } = event;
                const last = lastFailure === '' ? '' : `; the last that failed: ${lastFailure}`;
                line(at, `Requests of our own: ${sent} sent, ${failed} failed, slowest ${(0,format/* span */.Ln)(worstMs)}${last}`);
                break;
            }
            case 'preview': {
                const headers = Object.entries(event.headers).map(([name, value]) => ` -H '${name}: ${value}'`);
                line(at, `Preview: curl${headers.join('')} ${event.url}`);
                break;
            }
            case 'outcome':
                endGroup();
                break;
        }
    }
    return {
        listener,
        close() {
            closed = true;
            clearTimeout(heartbeat);
            endGroup();
        },
    };
}
function describeAnswers({ colors, latency }) {
    return color/* COLORS */.lm.map((color) => {
        const { requests, errors, latencyMs } = colors[color];
        const time = latencyMs === undefined ? '' : `, ${latency} ${Math.round(latencyMs)} ms`;
        return `${color} ${requests}, ${errors} with errors${time}`;
    }).join('; ');
}
function describeCheck({ purpose, check }) {
    const { name, ok, detail, attempts, ms } = check;
    // Until the shift has reached every address, the old answer is no failure.
    const result = ok ? 'ok' : purpose === 'identity' ? 'not yet' : 'FAILED';
    const tries = attempts > 1 ? `, ${attempts} attempts` : '';
    return `${result}  ${name}: ${detail} (${(0,format/* span */.Ln)(ms)}${tries})`;
}


/***/ }),

/***/ 75:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   EU: () => (/* binding */ fence),
/* harmony export */   aY: () => (/* binding */ code),
/* harmony export */   mG: () => (/* binding */ inline),
/* harmony export */   nf: () => (/* binding */ link),
/* harmony export */   tp: () => (/* binding */ table)
/* harmony export */ });
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(706);
/* harmony import */ var _format_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5845);


/** The longest foreign text inside a line or cell. */
const LONGEST = 300;
/**
 * Foreign text inside a line or table cell: nothing in it is Markdown, HTML, a link or a formula any more. Entities,
 * because a backslash before a pipe can not be escaped with another one inside of a table.
 */
const inline = (text, limit = LONGEST) => (0,_text_js__WEBPACK_IMPORTED_MODULE_0__/* .excerpt */ .Kb)(text, limit)
    .replace(/[&<>|\\`*_~[\]$@]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/:(?=\/\/)/g, '&#58;') // else GitHub makes a link of it
    .replace(/www(?=\.)/gi, (www) => `${www.slice(0, 2)}&#${www.charCodeAt(2)};`);
/** The same in the typeface of code, where GitHub finds no mentions, issue numbers or emoji either. */
const code = (text, limit = LONGEST) => text === '' ? '' : `<code>${inline(text, limit)}</code>`;
/** A link; its text is Markdown already. */
const link = (text, url) => `[${text}](${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .address */ .hl)(url)})`;
/** A code block that its own content can not end. */
function fence(lines) {
    const longest = Math.max(2, ...lines.flatMap((line) => line.match(/`+/g) ?? []).map((run) => run.length));
    const mark = '`'.repeat(longest + 1);
    return [`${mark}text`, ...lines.map(_text_js__WEBPACK_IMPORTED_MODULE_0__/* .plain */ .pj), mark].join('\n');
}
/** A table; the cells are Markdown already. */
function table(head, rows) {
    const row = (cells) => `| ${cells.join(' | ')} |`;
    return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}


/***/ }),

/***/ 421:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   H: () => (/* binding */ planLines),
/* harmony export */   l: () => (/* binding */ planSection)
/* harmony export */ });
/* harmony import */ var _release_image_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(4426);
/* harmony import */ var _release_preflight_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4000);
/* harmony import */ var _markdown_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(75);



/** More rows than this help nobody. */
const MOST = 60;
/** What would be another afterwards, from what to what: the release's own first. */
const rowsOf = ({ from, to, image, previousImage, count, changes }) => [
    { what: 'live color', from, to },
    { what: 'image', from: (0,_release_image_js__WEBPACK_IMPORTED_MODULE_2__/* .readable */ .HD)(previousImage), to: (0,_release_image_js__WEBPACK_IMPORTED_MODULE_2__/* .readable */ .HD)(image) },
    { what: `instances on ${to}`, from: '', to: String(count) },
    ...changes,
];
/** The plan in the log: each part on lines of its own. */
function planLines(plan) {
    const { first, calls, notes, problems } = plan;
    return [
        ...first.map((one) => `First: ${one}`),
        ...rowsOf(plan).map(({ what, from, to }) => `Change: ${what}: ${from || 'nothing'} -> ${to || 'nothing'}`),
        ...calls.map((call, index) => `Call ${index + 1}: ${call}`),
        ...notes.map((note) => `Note: ${note}`),
        ...problems.map((problem) => `PROBLEM: ${problem.message} ${(0,_release_preflight_js__WEBPACK_IMPORTED_MODULE_0__/* .fixOf */ .BW)(problem)}`),
    ];
}
/** The plan in the job summary. */
function planSection(plan) {
    const { first, calls, notes, problems } = plan;
    const cell = (text) => (0,_markdown_js__WEBPACK_IMPORTED_MODULE_1__/* .code */ .aY)(text, 300) || 'nothing';
    const changes = rowsOf(plan)
        .slice(0, MOST)
        .map(({ what, from, to }) => [(0,_markdown_js__WEBPACK_IMPORTED_MODULE_1__/* .inline */ .mG)(what), cell(from), cell(to)]);
    return [
        part('Problems', problems.map((problem) => `- **${(0,_markdown_js__WEBPACK_IMPORTED_MODULE_1__/* .inline */ .mG)(problem.message)}** ${(0,_markdown_js__WEBPACK_IMPORTED_MODULE_1__/* .inline */ .mG)((0,_release_preflight_js__WEBPACK_IMPORTED_MODULE_0__/* .fixOf */ .BW)(problem))}`)),
        part('Before it', first.map((one) => `- ${(0,_markdown_js__WEBPACK_IMPORTED_MODULE_1__/* .inline */ .mG)(one)}`)),
        `### Plan\n\n${(0,_markdown_js__WEBPACK_IMPORTED_MODULE_1__/* .table */ .tp)(['What', 'Now', 'Then'], changes)}`,
        part('Calls', calls.map((call, index) => `${index + 1}. ${(0,_markdown_js__WEBPACK_IMPORTED_MODULE_1__/* .code */ .aY)(call)}`)),
        part('Good to know', notes.map((note) => `- ${(0,_markdown_js__WEBPACK_IMPORTED_MODULE_1__/* .inline */ .mG)(note)}`)),
    ]
        .filter((text) => text !== '')
        .join('\n\n');
}
const part = (title, lines) => lines.length === 0 ? '' : `### ${title}\n\n${lines.slice(0, MOST).join('\n')}`;


/***/ }),

/***/ 3141:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  QU: () => (/* binding */ maskSecrets),
  fA: () => (/* binding */ openSession),
  Gl: () => (/* binding */ workspace)
});

// EXTERNAL MODULE: ./node_modules/@actions/core/lib/core.js + 10 modules
var core = __webpack_require__(7264);
// EXTERNAL MODULE: ./build/src/release/clock.js
var release_clock = __webpack_require__(4925);
// EXTERNAL MODULE: external "node:dns/promises"
var promises_ = __webpack_require__(1553);
// EXTERNAL MODULE: external "node:net"
var external_node_net_ = __webpack_require__(7030);
// EXTERNAL MODULE: ./build/src/config/template.js
var template = __webpack_require__(5476);
// EXTERNAL MODULE: ./build/src/text.js
var src_text = __webpack_require__(706);
// EXTERNAL MODULE: external "node:vm"
var external_node_vm_ = __webpack_require__(714);
;// CONCATENATED MODULE: ./build/src/check/expectation.js



const OUTPUT_LINES = 20;
/** For matching one regular expression against one body. */
const PATTERN_MS = 1000;
/** Judges status and body of an answer. Pure. */
function judge(answer, expected, values) {
    if (answer.status !== expected.status)
        return refused(answer, `${answer.status}${target(answer)}, expected ${expected.status}`);
    if (expected.body === undefined)
        return { ok: true, detail: `${answer.status}` };
    const { ok, detail } = judgeBody(answer.body, expected.body, values);
    if (ok)
        return { ok, detail: `${answer.status}, ${detail}` };
    return refused(answer, `${answer.status}, but ${detail}`);
}
function judgeBody(body, expected, values) {
    if (expected.kind === 'text') {
        const text = (0,template/* fill */.GS)(expected.text, values);
        const ok = body.includes(text);
        return { ok, detail: `the body ${ok ? 'contains' : 'does not contain'} '${(0,src_text/* excerpt */.Kb)(text, 100)}'` };
    }
    const pattern = new RegExp((0,template/* fillPattern */.ut)(expected.source, values), expected.flags);
    const shown = (0,src_text/* excerpt */.Kb)(`${pattern}`, 100);
    const ok = matches(pattern, body);
    if (ok === undefined)
        return {
            ok: false,
            detail: `matching ${shown} took longer than ${PATTERN_MS} ms: simplify the expression`,
        };
    return { ok, detail: `the body ${ok ? 'matches' : 'does not match'} ${shown}` };
}
/**
 * Some expressions take years for some bodies, and while they do, nothing else runs: no time-out, no renewal of the
 * lock. Hence in a context that can be stopped. Nothing when it was.
 */
function matches(pattern, body) {
    try {
        return (0,external_node_vm_.runInNewContext)('pattern.test(body)', { pattern, body }, { timeout: PATTERN_MS });
    }
    catch (error) {
        if (error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
            return undefined;
        throw error;
    }
}
function refused(answer, what) {
    const shown = (0,src_text/* excerpt */.Kb)(answer.body);
    const body = shown === '' ? 'the body is empty' : `the body is: ${shown}`;
    const part = answer.truncated ? '; only its beginning was read' : '';
    const output = (0,src_text/* firstLines */.UV)(answer.body, OUTPUT_LINES);
    return {
        ok: false,
        detail: `${what}; ${body}${part}`,
        ...((output.length > 1 || shown.endsWith('…')) && { output }),
    };
}
/** People expect redirects to be followed: say where this one leads, and that it was not. */
function target({ status, headers }) {
    if (status < 300 || status > 399 || headers.location === undefined)
        return '';
    return ` to ${(0,src_text/* excerpt */.Kb)(headers.location, 100)} (redirects are not followed)`;
}
/** Which release gave an answer: the header's value is compared exactly, without the blanks around it. Pure. */
function judgeIdentity(answer, identity, values) {
    const wanted = (0,template/* fill */.GS)(identity.value, values).trim();
    const expected = `${identity.header}: ${wanted}`;
    const raw = answer.headers[identity.header.toLowerCase()];
    if (raw === undefined)
        return { verdict: 'absent', got: `no ${identity.header}`, expected };
    const value = String(raw).trim();
    return {
        verdict: value === wanted ? 'subject' : 'other',
        got: `${identity.header}: ${(0,src_text/* excerpt */.Kb)(value, 100)}`,
        expected,
    };
}

;// CONCATENATED MODULE: ./build/src/check/failure.js
const TLS = {
    DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is self-signed',
    SELF_SIGNED_CERT_IN_CHAIN: 'the certificate was issued by an authority that this machine does not know',
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the certificate was issued by an authority that this machine does not know',
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the server does not send the intermediate certificates',
    CERT_HAS_EXPIRED: 'the certificate has expired',
    CERT_NOT_YET_VALID: 'the certificate is not valid yet',
    ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another name',
};
const NETWORK = {
    ENOTFOUND: 'the name does not exist in DNS',
    EAI_AGAIN: 'DNS does not answer',
    EAI_FAIL: 'DNS does not answer',
    ECONNREFUSED: 'the connection was refused',
    ECONNRESET: 'the connection was closed without an answer',
    EPIPE: 'the connection was closed without an answer',
    ETIMEDOUT: 'the connection could not be opened in time',
    EHOSTUNREACH: 'there is no way to the host',
    ENETUNREACH: 'there is no way to the network',
    HPE_HEADER_OVERFLOW: 'the response headers are larger than 16 KiB',
};
/** The code that Node gave an error; for several attempts at several addresses, the first one's. */
function codeOf(error) {
    const code = error?.code;
    if (typeof code === 'string')
        return code;
    return error instanceof AggregateError && error.errors.length > 0 ? codeOf(error.errors[0]) : '';
}
/** Why there was no answer, in words that need no knowledge of Node or OpenSSL. One line, no full stop. */
function explain(error) {
    const code = codeOf(error);
    const message = error instanceof Error ? error.message.trim() : String(error);
    if (code in TLS) {
        const names = code === 'ERR_TLS_CERT_ALTNAME_INVALID' ? ` (${message})` : ` (${code})`;
        return `TLS failed: ${TLS[code]}${names}`;
    }
    if (/wrong version number|packet length too long/i.test(message))
        return 'TLS failed: what answers there does not speak TLS (is it http?)';
    if (code === 'EPROTO' || code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS'))
        return `TLS failed: ${message}`;
    if (code in NETWORK)
        return `${NETWORK[code]} (${where(error, code)})`;
    if (code.startsWith('HPE_'))
        return `what came back is not HTTP (${code})`;
    return code === '' || message.includes(code) ? message : `${message} (${code})`;
}
/** `ECONNREFUSED 127.0.0.1:80`: the code with each address that it is about. */
function where(error, code) {
    const errors = error instanceof AggregateError ? error.errors : [error];
    const addresses = errors.flatMap((each) => {
        const { address, port, hostname } = each;
        if (hostname !== undefined)
            return [hostname];
        if (address === undefined)
            return [];
        return [`${address.includes(':') ? `[${address}]` : address}:${port}`];
    });
    return [code, addresses.join(', ')].filter(Boolean).join(' ');
}

// EXTERNAL MODULE: external "node:http"
var external_node_http_ = __webpack_require__(7067);
// EXTERNAL MODULE: external "node:https"
var external_node_https_ = __webpack_require__(4708);
;// CONCATENATED MODULE: ./build/src/check/http.js





const MAX_BODY = 1024 * 1024;
/** Node gives each of a name's addresses only 250 ms to answer the handshake: too little for a far or busy one. */
const NEXT_ADDRESS_AFTER_MS = 1000;
/**
 * One request, on a connection of its own unless it brings an agent, so that the answer shows where a new user would end
 * up, not where an old connection leads. Redirects are not followed: a 301 is an answer, and must be expected as one. HTTP_PROXY is not
 * used: a check must see what users see, internal hosts (the preview of a private load balancer) are not reachable
 * through a proxy anyway, and a proxy could answer from its cache.
 *
 * Whatever goes wrong is an answer of its own kind. Only an abort rejects, with the signal's reason.
 */
async function send(request) {
    const { signal, timeout } = request;
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
        const progress = { stage: 'looking up the name', received: 0 };
        const timer = setTimeout(() => end(late(timeout, progress)), timeout);
        signal.addEventListener('abort', aborted);
        let outgoing;
        try {
            outgoing = http_open(request);
            outgoing.on('error', (error) => end(noAnswer(error)));
            follow(outgoing, progress, request.url.protocol === 'https:');
            outgoing.on('response', (response) => read(response, request.maxBody ?? MAX_BODY, progress).then(end, (error) => end(broken(error, progress))));
            // 101 was not asked for, and leads to no body: an answer like any other.
            outgoing.on('upgrade', ({ statusCode = 101, headers }, socket) => {
                socket.destroy();
                end({ kind: 'answer', status: statusCode, headers, body: '', truncated: false });
            });
            outgoing.end(request.post);
        }
        catch (error) {
            // Node refuses what can not be sent: a line break in a header, for one.
            end(noAnswer(error));
        }
        function end(result) {
            // A connection whose answer was read to its end goes back to the agent by itself.
            const isWhole = result.kind === 'answer' && !result.truncated && request.agent !== undefined;
            cleanUp(isWhole);
            resolve(result);
        }
        function aborted() {
            cleanUp();
            reject(signal.reason);
        }
        function cleanUp(isWhole = false) {
            clearTimeout(timer);
            signal.removeEventListener('abort', aborted);
            if (!isWhole)
                outgoing?.destroy();
        }
    });
}
function http_open({ url, address, headers, userAgent, post, agent }) {
    const { Agent, request } = url.protocol === 'https:' ? external_node_https_ : external_node_http_;
    const sent = {
        host: url.host,
        'user-agent': userAgent,
        accept: '*/*',
        // The body is compared as text, and nobody unpacks it here.
        'accept-encoding': 'identity',
    };
    if (post !== undefined)
        sent['content-length'] = String(Buffer.byteLength(post));
    for (const [name, value] of Object.entries(headers))
        sent[name.toLowerCase()] = value;
    const hostname = unbracketed(url.hostname);
    const named = unbracketed(URL.parse(`http://${sent['host']}`)?.hostname ?? hostname);
    return request({
        // An agent of its own, never the global one: that may hold open connections, or a proxy.
        agent: agent ?? new Agent({ keepAlive: false }),
        method: post === undefined ? 'GET' : 'POST',
        protocol: url.protocol,
        host: address ?? hostname,
        port: url.port === '' ? undefined : Number(url.port),
        // TLS allows no IP address as a server name.
        ...((0,external_node_net_.isIP)(named) === 0 && { servername: named }),
        path: `${url.pathname}${url.search}`,
        ...(url.username !== '' && {
            auth: `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`,
        }),
        headers: sent,
        autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_AFTER_MS,
    });
}
function follow(outgoing, progress, secure) {
    outgoing.on('socket', (socket) => {
        const asked = 'waiting for the response headers';
        // Open already: it gets nothing to tell any more, and would collect listeners from request to request.
        if (outgoing.reusedSocket) {
            progress.stage = asked;
            return;
        }
        socket.on('lookup', () => (progress.stage = 'connecting'));
        socket.on('connect', () => (progress.stage = secure ? 'in the TLS handshake' : asked));
        socket.on('secureConnect', () => (progress.stage = asked));
        if ((0,external_node_net_.isIP)(unbracketed(outgoing.host)) !== 0)
            progress.stage = 'connecting';
    });
}
async function read(response, maxBody, progress) {
    progress.stage = 'body';
    const chunks = [];
    for await (const chunk of response) {
        chunks.push(chunk);
        progress.received += chunk.length;
        if (progress.received > maxBody)
            break;
    }
    return {
        kind: 'answer',
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: Buffer.concat(chunks).subarray(0, maxBody).toString('utf8'),
        truncated: progress.received > maxBody,
    };
}
const noAnswer = (error) => ({
    kind: 'no-answer',
    reason: explain(error),
    code: codeOf(error),
});
const broken = (error, { received }) => ({
    kind: 'no-answer',
    reason: `the connection broke in the middle of the answer, after ${received} bytes of the body`,
    code: codeOf(error),
});
const late = (timeout, { stage, received }) => ({
    kind: 'no-answer',
    reason: stage === 'body'
        ? `the body did not end within ${(0,src_text/* duration */.p0)(timeout)} (${received} bytes so far)`
        : `no answer within ${(0,src_text/* duration */.p0)(timeout)} (${stage})`,
    code: 'ETIMEDOUT',
});
/** IPv6 addresses stand in brackets in a URL, and only there. */
const unbracketed = (hostname) => hostname.replace(/^\[(.*)\]$/, '$1');

;// CONCATENATED MODULE: ./build/src/check/http-check.js



/** Asks once, and judges the answer. Rejects only when the signal is aborted. */
async function checkOnce(check) {
    const { expected, values, identity } = check;
    const url = URL.parse((0,template/* fill */.GS)(check.url, values));
    if (url === null)
        return { ok: false, detail: `${(0,template/* fill */.GS)(check.url, values)} is not a URL` };
    const own = Object.entries(expected.headers).map(([name, value]) => [name, (0,template/* fill */.GS)(value, values)]);
    const answer = await send({
        url,
        headers: { ...Object.fromEntries(own), ...check.wayIn },
        timeout: expected.timeout,
        userAgent: check.userAgent,
        signal: check.signal,
    });
    if (answer.kind === 'no-answer')
        return { ok: false, detail: answer.reason };
    const judgement = judge(answer, expected, values);
    if (identity === undefined)
        return judgement;
    const proof = judgeIdentity(answer, identity, values);
    if (proof.verdict === 'subject')
        return judgement.ok ? { ok: true, detail: `${judgement.detail}, ${proof.got}` } : judgement;
    // Without the header, a refused 5xx is more likely the load balancer's own word on the idle color: a failure.
    if (proof.verdict === 'absent' && answer.status >= 500 && !judgement.ok)
        return judgement;
    return elsewhere(answer, proof);
}
/**
 * Load-balancer nodes learn of the preview rule one after the other. Until then they give the request to the live
 * color, and however good that answer is, it says nothing of the release that is to be proven.
 */
function elsewhere(answer, { verdict, got, expected }) {
    const rule = verdict === 'other'
        ? 'the request went to another release, past the preview rule'
        : 'either the request went past the preview rule, or the release does not send the header here';
    return {
        ok: false,
        elsewhere: true,
        detail: `${answer.status} with ${got}, expected ${expected}: ${rule}`,
    };
}
/** The address for a path below a base URL, whose own path is kept. */
const below = (base, path) => {
    const url = new URL(base);
    const credentials = url.username === '' ? '' : `${url.username}:${url.password}@`;
    return `${url.protocol}//${credentials}${url.host}${url.pathname.replace(/\/+$/, '')}${path}`;
};

;// CONCATENATED MODULE: ./build/src/check/identity.js








const systemResolve = async (hostname) => (await (0,promises_.lookup)(hostname, { all: true })).map(({ address }) => address);
/** So many answers in a row make an address count: a load balancer's node may be many processes. */
const CONSECUTIVE = 5;
const TIMEOUT_MS = 5000;
/** This machine has no way to such addresses at all, whoever answers there. */
const NO_IPV6 = new Set(['ENETUNREACH', 'EADDRNOTAVAIL', 'EAFNOSUPPORT']);
/**
 * One look at who answers at `url`: resolves its name anew, asks each address until it gave `CONSECUTIVE` answers in a
 * row that are as expected, or one that is not. It keeps nothing between calls: each look is a whole proof, an address
 * that has left DNS no longer counts, a new one does. `detail` stays the same while nothing changes. Rejects only when
 * the signal is aborted.
 */
async function identifyOnce(identity, base, subject, expectation, context) {
    const started = context.clock.now();
    const url = new URL(below(base, (0,template/* fill */.GS)(identity.path, subject)));
    const result = (ok, attempts, detail) => ({
        name: `GET ${url.pathname}${url.search} at each address of ${url.hostname}`,
        ok,
        detail,
        attempts,
        ms: context.clock.now() - started,
    });
    let addresses;
    try {
        addresses = await resolveAll(url.hostname, context);
        if (addresses.length === 0)
            throw new Error('it has no address');
    }
    catch (error) {
        context.signal.throwIfAborted();
        return result(false, 0, `${url.hostname} could not be resolved: ${explain(error)}`);
    }
    const looks = await Promise.all(addresses.map((address) => look(address, (answer) => judged(answer, identity, subject, expectation), url, context)));
    const asked = looks.reduce((sum, { requests }) => sum + requests, 0);
    const usable = looks.some(({ unreachable }) => !unreachable)
        ? looks.filter(({ unreachable }) => !unreachable)
        : looks;
    const skipped = looks.length - usable.length;
    const unused = skipped === 0 ? '' : `; ${skipped} IPv6 not asked, as this machine has no IPv6`;
    const wrong = usable.filter(({ problem }) => problem !== undefined);
    const value = `${identity.header}: ${(0,template/* fill */.GS)(identity.value, subject).trim()}`;
    const of = `${usable.length} ${usable.length === 1 ? 'address' : 'addresses'}`;
    if (wrong.length > 0) {
        const problems = wrong.map(({ address, problem }) => `${address} ${problem}`).join(', ');
        const wanted = `expected ${expectation === 'is' ? value : `anything but ${value}`}`;
        return result(false, asked, `${problems}; ${wanted} (${usable.length - wrong.length} of ${of} as expected${unused})`);
    }
    const held = expectation === 'is' ? `answered with ${value}` : `no longer answered with ${value}`;
    return result(true, asked, `${of} ${held}, ${CONSECUTIVE} times in a row each${unused}`);
}
async function look(address, judge, url, { signal, userAgent, timeout = TIMEOUT_MS }) {
    for (let requests = 1; requests <= CONSECUTIVE; requests += 1) {
        const answer = await send({ url, address, headers: {}, timeout, userAgent, signal });
        if (answer.kind === 'no-answer') {
            const unreachable = (0,external_node_net_.isIPv6)(address) && NO_IPV6.has(answer.code);
            return { address, requests, problem: `did not answer: ${answer.reason}`, unreachable };
        }
        const problem = judge(answer);
        if (problem !== undefined)
            return { address, requests, problem, unreachable: false };
    }
    return { address, requests: CONSECUTIVE, unreachable: false };
}
/** What is wrong with an answer; nothing when it is as expected. */
function judged(answer, identity, subject, expectation) {
    const { verdict, got } = judgeIdentity(answer, identity, subject);
    if (expectation === 'is')
        return verdict === 'subject' ? undefined : `answered ${answer.status} with ${got}`;
    // A load balancer says this in its own name when the color behind it is dead, and that may well be the subject.
    const ofLoadBalancer = verdict === 'absent' && answer.status >= 502 && answer.status <= 504;
    if (verdict !== 'subject' && !ofLoadBalancer)
        return undefined;
    return `answered ${answer.status} with ${got}`;
}
/** Lookups can neither be aborted nor given a time limit: they are left behind. */
async function resolveAll(hostname, context) {
    const { signal, resolve, timeout = TIMEOUT_MS } = context;
    signal.throwIfAborted();
    const literal = hostname.replace(/^\[(.*)\]$/, '$1');
    if ((0,external_node_net_.isIP)(literal) !== 0)
        return [literal];
    const ended = Promise.withResolvers();
    const aborted = () => ended.reject(signal.reason);
    const timer = setTimeout(() => ended.reject(new Error(`no answer within ${(0,src_text/* duration */.p0)(timeout)}`)), timeout);
    signal.addEventListener('abort', aborted);
    try {
        return [...new Set(await Promise.race([resolve(hostname), ended.promise]))];
    }
    finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', aborted);
    }
}

;// CONCATENATED MODULE: ./build/src/check/own-traffic.js





/** Between the beginnings of two requests, in ms: light for any site, and enough to notice a gap of half a second. */
const PACE_MS = 200;
/**
 * Sends GET (and POST, where the probe has `post`) through users' address on connections that are kept alive, as browsers
 * and API clients do: those suffer first from a proxy that reloads, or a target that is gone. Nothing is tried again. Both
 * colors may answer, so only the status counts, not the body.
 */
function startOwnTraffic({ probe, url, subject, clock, signal, userAgent, }) {
    const address = new URL(below(url, (0,template/* fill */.GS)(probe.path, subject)));
    const { Agent } = address.protocol === 'https:' ? external_node_https_ : external_node_http_;
    const agent = new Agent({ keepAlive: true, maxSockets: 2 });
    const stop = new AbortController();
    const headers = Object.fromEntries(Object.entries(probe.headers).map(([name, value]) => [name, (0,template/* fill */.GS)(value, subject)]));
    const request = {
        ...{ url: address, headers, timeout: probe.timeout, userAgent, agent },
        // Not `stop`: what is under way when the traffic has moved is the most interesting of all.
        signal,
    };
    const bodies = probe.post === undefined ? [undefined] : [undefined, (0,template/* fill */.GS)(probe.post, subject)];
    let [sent, failed, worstMs, lastFailure] = [0, 0, 0, ''];
    async function once(post) {
        const began = clock.now();
        sent += 1;
        const answer = await send(post === undefined ? request : { ...request, post });
        worstMs = Math.max(worstMs, clock.now() - began);
        if (answer.kind === 'answer' && answer.status === probe.status)
            return;
        failed += 1;
        const what = answer.kind === 'answer' ? `status ${answer.status}` : answer.reason;
        lastFailure = `${post === undefined ? 'GET' : 'POST'} ${address.pathname}: ${what}`;
    }
    async function run() {
        const ended = AbortSignal.any([signal, stop.signal]);
        for (let turn = 0; !ended.aborted; turn += 1) {
            const pause = clock.sleep(PACE_MS, ended).catch(() => { });
            await once(bodies[turn % bodies.length]);
            await pause;
        }
    }
    // A cancelled run ends the last request too: that is no failure of the release.
    const running = run().catch(() => { });
    return {
        figures: () => ({ sent, failed, worstMs, lastFailure }),
        async end() {
            stop.abort();
            await running;
            agent.destroy();
        },
    };
}

;// CONCATENATED MODULE: ./build/src/check/attempts.js
/** Between two attempts, in ms. */
const PAUSE_MS = 1000;
/** Tries until one attempt is good, or none is left. Rejects only when the signal is aborted. */
async function attempt({ name, retries, patience = 0, once }, { clock, signal, progress }) {
    const started = clock.now();
    let told = '';
    let counted = 0;
    for (let made = 1;; made += 1) {
        const { ok, detail, output, elsewhere = false } = await once();
        if (!elsewhere)
            counted += 1;
        const again = !ok && (elsewhere ? clock.now() - started < patience : counted <= retries);
        if (!again)
            return { name, ok, detail, attempts: made, ms: clock.now() - started, ...(output && { output }) };
        if (detail !== told)
            progress(`${name}: ${detail}; trying again.`);
        told = detail;
        await clock.sleep(PAUSE_MS, signal);
    }
}

;// CONCATENATED MODULE: ./build/src/check/probe.js



/** One look through users' own URL, at whatever answers there. Rejects only when the signal is aborted. */
const probeOnce = (probe, url, subject, context) => attempt({
    name: `GET ${(0,template/* fill */.GS)(probe.path, subject)}`,
    retries: probe.retries,
    once: () => checkOnce({
        url: below(url, probe.path),
        expected: probe,
        values: subject,
        userAgent: context.userAgent,
        signal: context.signal,
    }),
}, context);

;// CONCATENATED MODULE: ./build/src/check/recognition.js






const RETRIES = 5;
/** How long answers of another release are put up with at least, in ms: a new rule may come late to a busy node. */
const PATIENCE_MS = 10_000;
const recognition_TIMEOUT_MS = 5000;
/**
 * Whether the release answers through the preview as `identity` says. One answer that does is enough: then header and
 * value are right, and what they will prove after the shift can be proven. Rejects only when the signal is aborted.
 */
async function recognizeOnce(identity, preview, subject, context) {
    const { clock, signal, userAgent, propagation, timeout = recognition_TIMEOUT_MS } = context;
    const path = (0,template/* fill */.GS)(identity.path, subject);
    return attempt({
        name: `GET ${path} for ${identity.header}`,
        retries: RETRIES,
        // Until every node knows the preview rule, another release may answer: that says nothing of this one.
        patience: Math.max(PATIENCE_MS, preview.since + propagation - clock.now()),
        once: async () => {
            const url = new URL(below(preview.url, path));
            const answer = await send({ url, headers: preview.headers, timeout, userAgent, signal });
            if (answer.kind === 'no-answer')
                return { ok: false, detail: answer.reason };
            return recognition_judged(answer, identity, subject);
        },
    }, context);
}
function recognition_judged(answer, identity, subject) {
    const { verdict, got, expected } = judgeIdentity(answer, identity, subject);
    if (verdict === 'subject')
        return { ok: true, detail: `${answer.status}, ${got}` };
    const detail = `${answer.status} with ${got}, expected ${expected}${meant(answer, identity, subject)}`;
    // Without the header, a 5xx is more likely the proxy's own word.
    const elsewhere = verdict === 'other' || answer.status < 500;
    return { ok: false, detail, elsewhere };
}
/** Where another header has the value, that one may be meant. */
function meant({ headers }, identity, subject) {
    const wanted = (0,template/* fill */.GS)(identity.value, subject).trim();
    const [name] = Object.entries(headers).find(([header, value]) => header !== identity.header.toLowerCase() && [value].flat().some((one) => one?.trim() === wanted)) ?? [];
    return name === undefined ? '' : `; it is in ${(0,src_text/* excerpt */.Kb)(name, 100)}`;
}

// EXTERNAL MODULE: ./build/src/config/command.js
var command = __webpack_require__(7321);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
// EXTERNAL MODULE: ./node_modules/@actions/exec/lib/exec.js + 3 modules
var exec = __webpack_require__(1260);
// EXTERNAL MODULE: external "node:string_decoder"
var external_node_string_decoder_ = __webpack_require__(6193);
;// CONCATENATED MODULE: ./build/src/check/lines.js

/** Longer lines are broken, so that a stream without line ends can not fill the memory. */
const LONGEST = 8192;
/**
 * Cuts the bytes of a stream into lines. (@actions/exec's own lines lose the last one when it has no line end, and
 * break characters which stand on the border of two chunks.) Of a line that was overwritten, as progress bars do,
 * only the last state is kept.
 */
function lineCutter(line) {
    const decoder = new external_node_string_decoder_.StringDecoder('utf8');
    let rest = '';
    const give = (text) => {
        const states = text.replace(/\r+$/, '').split('\r');
        line(states.at(-1) ?? '');
    };
    return {
        write(chunk) {
            const lines = (rest + decoder.write(chunk)).split('\n');
            rest = lines.pop() ?? '';
            for (const text of lines)
                give(text);
            while (rest.length > LONGEST) {
                give(rest.slice(0, LONGEST));
                rest = rest.slice(LONGEST);
            }
        },
        end() {
            rest += decoder.end();
            if (rest !== '')
                give(rest);
            rest = '';
        },
    };
}

// EXTERNAL MODULE: ./build/src/check/supervisor.js
var check_supervisor = __webpack_require__(6578);
;// CONCATENATED MODULE: ./build/src/check/command.js






const GRACE_MS = 5000;
const KEPT_LINES = 20;
/** How long a process that left the group may hold the output open after the command's end, in ms. */
const STRAY_OUTPUT_MS = 2000;
/**
 * Runs a command and judges its exit code. At the time-out and on an abort, the command and all processes of its group
 * are ended, and are gone when this returns. Rejects only when the signal is aborted, with its reason.
 */
async function runCommand(command) {
    const { argv, cwd, env, timeout, grace = GRACE_MS, output, signal } = command;
    signal.throwIfAborted();
    const mark = (0,external_node_crypto_.randomUUID)();
    const kept = [];
    let supervisor;
    let spawnError = '';
    let late = false;
    let ending = false;
    const stdout = lineCutter((line) => (line.startsWith(mark) ? told(line) : keep(line)));
    const stderr = lineCutter(keep);
    const timer = setTimeout(() => {
        late = true;
        end();
    }, timeout);
    signal.addEventListener('abort', end);
    try {
        const script = `(${check_supervisor/* supervise */.z})()`;
        const code = await (0,exec/* exec */.m)(`"${process.execPath}"`, ['-e', script, '--', mark, String(grace), ...argv], {
            cwd,
            env,
            silent: true,
            ignoreReturnCode: true,
            delay: STRAY_OUTPUT_MS,
            listeners: { stdout: (chunk) => stdout.write(chunk), stderr: (chunk) => stderr.write(chunk) },
        });
        stdout.end();
        stderr.end();
        signal.throwIfAborted();
        return judgeEnd({ program: argv[0] ?? '', code, spawnError, kept, late: late ? timeout : undefined });
    }
    catch (error) {
        signal.throwIfAborted();
        return { ok: false, detail: `it could not be started: ${error.message}` };
    }
    finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
    }
    function keep(line) {
        kept.push(line);
        if (kept.length > KEPT_LINES)
            kept.shift();
        output(line);
    }
    /** A line of the supervisor's own: see there. */
    function told(line) {
        const [, what, value = ''] = line.split(' ');
        if (what === 'error')
            spawnError = value;
        if (what !== 'pid')
            return;
        supervisor = Number(value);
        if (ending)
            end();
    }
    function end() {
        ending = true;
        if (supervisor === undefined)
            return; // Not up yet: its first line calls us again.
        try {
            process.kill(supervisor, 'SIGTERM');
        }
        catch {
            // It has ended by itself in this moment.
        }
    }
}
function judgeEnd({ program, code, spawnError, kept, late }) {
    if (spawnError !== '')
        return { ok: false, detail: notStarted(program, spawnError) };
    const output = kept.map((line) => (0,src_text/* excerpt */.Kb)(line));
    const last = output.findLast((line) => line !== '');
    const said = last === undefined ? 'it wrote nothing' : `its last line: ${last}`;
    if (late !== undefined)
        return { ok: false, detail: `it did not end within ${(0,src_text/* duration */.p0)(late)} and was ended; ${said}`, output };
    if (code === 0)
        return { ok: true, detail: 'exit code 0' };
    return { ok: false, detail: `exit code ${code}${signalOf(code)}; ${said}`, output };
}
function notStarted(program, code) {
    if (code === 'ENOENT')
        return `${program} was not found: it is neither in PATH nor in the workspace, or the program in its #! line is missing`;
    if (code === 'EACCES')
        return `${program} is not executable (chmod +x, and commit that)`;
    return `${program} could not be started (${code})`;
}
/** Shells and our supervisor give 128 + signal. */
function signalOf(code) {
    const signal = Object.entries(external_node_os_.constants.signals).find(([, value]) => value === code - 128);
    return code > 128 && signal !== undefined ? ` (${signal[0]})` : '';
}

;// CONCATENATED MODULE: ./build/src/check/command-env.js
/**
 * What a command must not see: this action's inputs (tokens, webhooks) and state, the runner's own credentials for
 * artifacts, cache and OIDC, the job's GitHub token, and the files through which it could set this action's outputs
 * and state. Everything else of the job stays, cloud credentials included: smoke tests may need them.
 */
const WITHHELD = /^(INPUT_|STATE_|ACTIONS_)|^(GITHUB_TOKEN|GH_TOKEN|GITHUB_OUTPUT|GITHUB_STATE)$/i;
/** The environment of a command: the job's, without secrets of this action, with what a test needs to know. */
function commandEnv(env, environment, subject, preview) {
    const kept = {};
    for (const [name, value] of Object.entries(env))
        if (value !== undefined && !WITHHELD.test(name))
            kept[name] = value;
    // A preview needs one header or none; a command that wants to send it can't do with a list.
    const [header = '', headerValue = ''] = Object.entries(preview?.headers ?? {})[0] ?? [];
    return {
        ...kept,
        BLUE_GREEN_URL: preview?.url ?? '',
        BLUE_GREEN_COLOR: subject.color,
        BLUE_GREEN_IMAGE: subject.image,
        BLUE_GREEN_ENVIRONMENT: environment,
        BLUE_GREEN_HEADER: header,
        BLUE_GREEN_HEADER_VALUE: headerValue,
    };
}

;// CONCATENATED MODULE: ./build/src/check/smoke.js







/**
 * Runs the tests in order, tells each result, and stops at the first that fails: that one is returned. Rejects only
 * when the signal is aborted.
 */
async function runSmokeTests(tests, context, seen) {
    for (const test of tests) {
        const result = await attempt(prepared(test, context), context);
        seen(result);
        if (!result.ok)
            return result;
    }
    return undefined;
}
function prepared(test, context) {
    switch (test.kind) {
        case 'path':
            return pathTest(test, context);
        case 'url':
            return urlTest(test, context);
        case 'run':
            return runTest(test, context);
    }
}
function pathTest(test, context) {
    const { subject: values, preview, identity, propagation, clock, userAgent, signal } = context;
    const name = `GET ${(0,template/* fill */.GS)(test.path, values)}`;
    if (preview === undefined) {
        const detail = 'there is no preview through which to reach the idle color; use `url` or `run` instead';
        return { name, retries: 0, once: async () => ({ ok: false, detail }) };
    }
    const budget = (test.retries + 1) * test.timeout + test.retries * PAUSE_MS;
    return {
        name,
        retries: test.retries,
        // The test's own time, or what the platform itself needs to open the preview on all of its nodes.
        patience: Math.max(budget, preview.since + propagation - clock.now()),
        once: () => checkOnce({
            url: below(preview.url, test.path),
            expected: test,
            values,
            wayIn: preview.headers,
            ...(identity && { identity }),
            userAgent,
            signal,
        }),
    };
}
function urlTest(test, { subject: values, userAgent, signal }) {
    const url = (0,template/* fill */.GS)(test.url, values);
    // A password in the URL is sent, not shown.
    const shown = url.replace(/^(\w+:\/\/)[^/?#]*@/, '$1');
    return {
        name: `GET ${(0,src_text/* excerpt */.Kb)(shown)}`,
        retries: test.retries,
        once: () => checkOnce({ url, expected: test, values, userAgent, signal }),
    };
}
function runTest(test, context) {
    const { subject, preview, environment, workspace, grace, output, signal } = context;
    const argv = test.run.map((argument) => (0,template/* fill */.GS)(argument, subject));
    return {
        name: (0,src_text/* excerpt */.Kb)((0,command/* formatCommand */.fE)(argv)),
        retries: test.retries,
        once: () => runCommand({
            argv,
            cwd: workspace,
            env: commandEnv(context.env, environment, subject, preview),
            timeout: test.timeout,
            ...(grace !== undefined && { grace }),
            output,
            signal,
        }),
    };
}

;// CONCATENATED MODULE: ./build/src/check/checks.js






/** The checks that an environment asks for, over HTTP and by command. */
function createChecks(options) {
    const { environment, version, log, clock = release_clock/* systemClock */.m, resolve = systemResolve } = options;
    const { name, url, smoke, identity, stabilize } = environment;
    const userAgent = `blue-green-deploy/${version}`;
    const progress = (text) => log.progress(text);
    return {
        smokeTests: smoke.length,
        async smoke(subject, preview, signal, seen) {
            const { workspace, env, propagation, grace } = options;
            const failed = await runSmokeTests(smoke, {
                ...{ clock, signal, progress, output: (line) => log.output(line) },
                ...{ subject, preview, identity, propagation, environment: name, workspace, env, userAgent, grace },
            }, seen);
            return failed === undefined ? { ok: true } : { ok: false, failed };
        },
        async probe(subject, signal) {
            if (stabilize.probe === undefined || url === undefined)
                return undefined;
            return probeOnce(stabilize.probe, url, subject, { clock, signal, progress, userAgent });
        },
        ownTraffic(subject, signal) {
            const { probe } = stabilize;
            if (probe === undefined || url === undefined)
                return undefined;
            return startOwnTraffic({ probe, url, subject, clock, signal, userAgent });
        },
        canIdentify: identity !== undefined && url !== undefined,
        async recognize(subject, preview, signal) {
            if (identity === undefined)
                throw new TypeError('recognize() needs `identity`: ask canIdentify first');
            const { propagation } = options;
            return recognizeOnce(identity, preview, subject, { clock, signal, progress, userAgent, propagation });
        },
        async identify(subject, expectation, signal) {
            if (identity === undefined || url === undefined)
                throw new TypeError('identify() needs `identity` and `url`: ask canIdentify first');
            return identifyOnce(identity, url, subject, expectation, { clock, signal, resolve, userAgent });
        },
    };
}

// EXTERNAL MODULE: ./build/src/inputs.js + 1 modules
var inputs = __webpack_require__(4788);
;// CONCATENATED MODULE: ./build/src/run-status.js
/**
 * Asks GitHub whether the workflow run behind a URL has ended, so that a lock whose owner is dead is free at once.
 * Anything but a clear answer (no token, another server, no permission) is `unknown`: then the lease decides.
 */
function askGitHub({ token, serverUrl }) {
    return async (runUrl) => {
        const run = /^\/([^/]+)\/([^/]+)\/actions\/runs\/(\d+)/.exec(runUrl.startsWith(`${serverUrl}/`) ? runUrl.slice(serverUrl.length) : '');
        if (token === '' || run === null)
            return 'unknown';
        const [, owner = '', repo = '', id = ''] = run;
        try {
            const { getOctokit } = await __webpack_require__.e(/* import() */ 413).then(__webpack_require__.bind(__webpack_require__, 2413));
            const { data } = await getOctokit(token, {
                request: { signal: AbortSignal.timeout(10_000) },
            }).rest.actions.getWorkflowRun({ owner, repo, run_id: Number(id) });
            return data.status === 'completed' ? 'completed' : 'running';
        }
        catch {
            return 'unknown';
        }
    };
}

// EXTERNAL MODULE: ./build/src/state.js
var state = __webpack_require__(3260);
// EXTERNAL MODULE: ./build/src/version.js + 1 modules
var version = __webpack_require__(990);
;// CONCATENATED MODULE: ./build/src/session.js







/** Puts together what a run works with, from what the user asked for and wrote. */
function openSession(options) {
    const { request, environment, context, target, listener, signal } = options;
    const emit = (event) => listener({ at: release_clock/* systemClock */.m.now(), ...event });
    return {
        job: {
            operation: request.operation,
            policy: policyOf(environment),
            image: imageOf(request, environment),
            imageTag: request.imageTag,
            force: request.force,
            owner: {
                id: `${context.repository}/${context.runId}/${context.runAttempt}`,
                runUrl: context.runUrl,
                actor: context.actor,
                reason: request.reason,
                operation: request.operation,
            },
        },
        target,
        checks: createChecks({
            environment,
            version: version/* version */.r,
            workspace: workspace(),
            env: process.env,
            propagation: target.propagationMs,
            log: {
                progress: (message) => emit({ type: 'progress', message }),
                output: (line) => emit({ type: 'output', line }),
            },
        }),
        clock: release_clock/* systemClock */.m,
        runStatus: askGitHub({ token: request.githubToken, serverUrl: context.serverUrl }),
        emit,
        signal,
        onPending: (handle) => state.state.setPending(handle),
    };
}
/** The checked-out repository. */
const workspace = () => process.env['GITHUB_WORKSPACE'] ?? process.cwd();
function policyOf({ health, shift, stabilize, watch, retire, lock, target }) {
    const alarms = (color) => stabilize.alarms.map((name) => name.replaceAll('{color}', color));
    return {
        count: target.kind === 'docker' ? target.docker.replicas : target.ecs['desired-count'],
        health,
        shift,
        stabilize: { ...stabilize, alarms: { blue: alarms('blue'), green: alarms('green') } },
        watch,
        retire,
        lock,
    };
}
/** The full reference that is asked for; empty where the operation needs none. */
function imageOf({ image, imageTag }, { target }) {
    if (image !== '' || imageTag === '')
        return image;
    const repository = target.kind === 'docker' ? target.docker.image : target.ecs.image;
    return `${repository}${imageTag.startsWith('sha256:') ? '@' : ':'}${imageTag}`;
}
/** Secrets are masked before anything is logged. */
function maskSecrets(request) {
    for (const secret of (0,inputs/* secretsOf */.Fj)(request))
        core/* setSecret */.Pq(secret);
}


/***/ }),

/***/ 3260:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   state: () => (/* binding */ state)
/* harmony export */ });
/* harmony import */ var _actions_core__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7264);

/**
 * What the main step leaves for the post step, all of it. The runner keeps it also when the main step was cancelled or
 * killed. index.ts reads `isPost` and `pending` by their environment names, before anything is loaded.
 */
const state = {
    /** Called first: the same file runs as main and as post. */
    markMain: () => _actions_core__WEBPACK_IMPORTED_MODULE_0__/* .saveState */ .LZ('isPost', 'true'),
    /** The lock's handle while something may be left to clean up. */
    setPending: (handle) => _actions_core__WEBPACK_IMPORTED_MODULE_0__/* .saveState */ .LZ('pending', handle ?? ''),
    pending: () => _actions_core__WEBPACK_IMPORTED_MODULE_0__/* .getState */ .Gu('pending'),
};


/***/ }),

/***/ 3481:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   JT: () => (/* binding */ isDriven),
/* harmony export */   v0: () => (/* binding */ hasCome)
/* harmony export */ });
/* unused harmony export ROLLOUT_STAGES */
/**
 * How far a platform that deploys by itself has come, in order:
 * `starting` instances of the new release are made; `started` they run; `testable` test traffic leads to them;
 * `shifting` users' traffic moves; `shifted` users have it, the former release is still there; `clearing` the former
 * release is taken away: from here on there is no quick way back.
 */
const ROLLOUT_STAGES = ['starting', 'started', 'testable', 'shifting', 'shifted', 'clearing'];
/** Whether a rollout has come to `stage` or beyond. */
const hasCome = ({ stage }, to) => ROLLOUT_STAGES.indexOf(stage) >= ROLLOUT_STAGES.indexOf(to);
const isDriven = (target) => 'moves' in target;


/***/ }),

/***/ 1307:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   A: () => (/* binding */ openTarget)
/* harmony export */ });
/** The one place where an adapter is chosen. Loaded on demand: a Docker deployment needs no AWS SDK. */
async function openTarget(environment, context) {
    const { app, name, url, target, health, retire } = environment;
    switch (target.kind) {
        case 'ecs': {
            const { EcsTarget } = await Promise.all(/* import() */[__webpack_require__.e(207), __webpack_require__.e(930), __webpack_require__.e(628)]).then(__webpack_require__.bind(__webpack_require__, 4628));
            return new EcsTarget({ app, environment: name, url, settings: target.ecs, signal: context.signal });
        }
        case 'ecs-native': {
            const { NativeTarget } = await Promise.all(/* import() */[__webpack_require__.e(207), __webpack_require__.e(930), __webpack_require__.e(733)]).then(__webpack_require__.bind(__webpack_require__, 5733));
            return new NativeTarget({ app, environment: name, url, settings: target.ecs, signal: context.signal });
        }
        case 'docker': {
            const [{ DockerTarget }, { openHost }] = await Promise.all([
                __webpack_require__.e(/* import() */ 900).then(__webpack_require__.bind(__webpack_require__, 900)),
                __webpack_require__.e(/* import() */ 459).then(__webpack_require__.bind(__webpack_require__, 1459)),
            ]);
            const settings = target.docker;
            const host = await openHost(settings, context);
            return new DockerTarget({
                app,
                environment: name,
                url,
                settings,
                host,
                health,
                prune: retire.prune,
                ...context,
            });
        }
    }
}


/***/ }),

/***/ 9478:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   H: () => (/* binding */ isOutOfReach),
/* harmony export */   N: () => (/* binding */ TransientError)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7406);

/** The platform could not be asked. Never a verdict: ask again. */
class TransientError extends Error {
    name = 'TransientError';
}
/** There is no way to the platform any more, nor will this process find one: that is no news about anything there. */
const isOutOfReach = (error) => error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .DeployError */ .s && error.code === 'host-unreachable';


/***/ }),

/***/ 706:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Kb: () => (/* binding */ excerpt),
/* harmony export */   UV: () => (/* binding */ firstLines),
/* harmony export */   p0: () => (/* binding */ duration),
/* harmony export */   pj: () => (/* binding */ plain)
/* harmony export */ });
/* harmony import */ var node_util__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7975);

/**
 * Foreign text on one line that can do no harm in a log, a summary or a Slack message: without colors, control
 * characters and marks that turn the direction of writing.
 */
const plain = (text) => (0,node_util__WEBPACK_IMPORTED_MODULE_0__.stripVTControlCharacters)(text)
    .replace(/[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu, ' ')
    .trimEnd();
/** The beginning of a text, plain and on one line: at most `limit` characters. */
function excerpt(text, limit = 200) {
    // Cut before it is cleaned: a body can be a mebibyte, and its excerpt must not cost more than the request.
    const line = plain(text.slice(0, 10 * limit))
        .replace(/\s+/g, ' ')
        .trim();
    if (line.length <= limit && text.length <= 10 * limit)
        return line;
    return `${line.slice(0, limit - 1).toWellFormed()}…`;
}
/** The first lines of a text, each plain and bounded. */
const firstLines = (text, count, limit = 200) => text
    .slice(0, 10 * count * limit)
    .trim()
    .split(/\r?\n/, count)
    .map((line) => excerpt(line, limit));
/** `800 ms`, `2.5 s`. */
const duration = (ms) => ms < 1000 ? `${ms} ms` : `${Number((ms / 1000).toFixed(1))} s`;


/***/ }),

/***/ 990:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  r: () => (/* binding */ version)
});

;// CONCATENATED MODULE: ./build/package.json
const package_namespaceObject = {"rE":"1.0.0"};
;// CONCATENATED MODULE: ./build/src/version.js

/** Of this action; shown in every report. */
const version = package_namespaceObject.rE;


/***/ })

};
