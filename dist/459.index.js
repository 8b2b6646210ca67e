export const id = 459;
export const ids = [459];
export const modules = {

/***/ 1459:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  openHost: () => (/* binding */ openHost)
});

// EXTERNAL MODULE: ./build/src/errors.js
var errors = __webpack_require__(7406);
;// CONCATENATED MODULE: ./build/src/target/docker/local-host.js

/** The engine of this machine, or one that the Docker CLI reaches by itself (`tcp://`, a context). */
class LocalHost {
    description;
    env;
    #isRemote;
    /** The loopback of this machine is not that of the engine’s. */
    #isElsewhere;
    constructor(host) {
        const effective = host ?? process.env['DOCKER_HOST'] ?? '';
        this.#isRemote = effective.startsWith('tcp://');
        this.#isElsewhere = this.#isRemote && URL.canParse(effective) && !isLoopback(new URL(effective).hostname);
        this.description = effective === '' || effective.startsWith('unix://') ? 'this machine' : effective;
        this.env = host === undefined ? {} : { DOCKER_HOST: host };
    }
    dial(address) {
        if (this.#isRemote && 'path' in address)
            throw new errors/* DeployError */.s(`${address.path} is a socket on ${this.description}, which can’t be reached from here.`, {
                code: 'host-unreachable',
                hint: 'Use an ssh:// host, which carries such sockets too.',
            });
        if (this.#isElsewhere && 'host' in address && isLoopback(address.host))
            throw new errors/* DeployError */.s(`${address.host}:${address.port} is an address of the host of ${this.description} itself, which can’t be reached from here.`, {
                code: 'host-unreachable',
                hint: 'Use an ssh:// host, which carries connections to such addresses too.',
            });
        return Promise.resolve(address);
    }
    url({ host, port }) {
        return Promise.resolve(`http://${host}:${port}`);
    }
    close() {
        return Promise.resolve();
    }
}
const isLoopback = (host) => host === 'localhost' || /^127\.|^\[?::1\]?$/.test(host);

// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: external "node:timers/promises"
var promises_ = __webpack_require__(8500);
// EXTERNAL MODULE: ./build/src/text.js
var src_text = __webpack_require__(706);
// EXTERNAL MODULE: ./build/src/target/target.js
var target = __webpack_require__(9478);
;// CONCATENATED MODULE: ./build/src/target/docker/ssh/address.js

const ENGINE_SOCKET = '/var/run/docker.sock';
const EXAMPLE = 'ssh://deploy@app-1.example.com';
/**
 * A path that means the same to `ssh -L`, which cuts at colons, and to the login shell on the host, through which the
 * questions of diagnosis.ts go.
 */
const PLAIN_PATH = /^\/[\w.,@+/-]+$/;
/** Names and addresses only; nothing that ssh could take for an option. */
const NAME = /^[\w.:][\w.:%-]*$/;
/** @throws DeployError `config-invalid` */
function parseSshUrl(url) {
    const parsed = URL.canParse(url) ? new URL(url) : undefined;
    if (parsed === undefined || parsed.protocol !== 'ssh:' || parsed.hostname === '')
        throw invalid(`docker.host ${JSON.stringify(url)} is no address like ${EXAMPLE}.`);
    const user = decodeURIComponent(parsed.username);
    const host = decodeURIComponent(parsed.hostname).replace(/^\[(.*)\]$/, '$1');
    const path = decodeURIComponent(parsed.pathname);
    if (parsed.password !== '')
        throw invalid(`docker.host has a password in it, which no SSH client takes.`, 'Use a key: input `ssh-key`.');
    if (!NAME.test(host) ||
        (user !== '' && !/^\w[\w.@+\\-]*$/.test(user)) ||
        parsed.search + parsed.hash !== '')
        throw invalid(`docker.host ${JSON.stringify(url)} has more in it than a user, a host, a port and a path.`);
    const socket = path === '' || path === '/' ? ENGINE_SOCKET : path;
    if (!PLAIN_PATH.test(socket))
        throw invalid(`The socket's path ${JSON.stringify(socket)} in docker.host has characters that can’t be used.`);
    const at = `${user === '' ? '' : `${user}@`}${host.includes(':') ? `[${host}]` : host}`;
    return {
        user: user === '' ? undefined : user,
        host,
        port: parsed.port === '' ? undefined : parsed.port,
        socket,
        description: `ssh://${at}${parsed.port === '' ? '' : `:${parsed.port}`}${socket === ENGINE_SOCKET ? '' : socket}`,
    };
}
/** `user@host`, as ssh itself names it. */
const login = ({ user, host }) => (user === undefined ? host : `${user}@${host}`);
/** The far end of a forwarding as `ssh -L` takes it. */
function farEnd(address) {
    if ('path' in address) {
        if (!PLAIN_PATH.test(address.path))
            throw invalid(`The socket's path ${JSON.stringify(address.path)} has characters that can’t be used over SSH.`);
        return address.path;
    }
    const { host, port } = address;
    if (!NAME.test(host) || !Number.isInteger(port) || port < 1 || port > 65_535)
        throw invalid(`${host}:${port} is no address that SSH can reach.`);
    return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
const invalid = (message, hint = `Write it as ${EXAMPLE}, or ${EXAMPLE}:2222/run/user/1000/docker.sock.`) => new errors/* DeployError */.s(message, { code: 'config-invalid', hint });

;// CONCATENATED MODULE: ./build/src/target/docker/ssh/diagnosis.js

/**
 * sshd answers a refused way to a socket always with the same words, whether it is forbidden, not there, or not for
 * this user (serverloop.c: server_input_channel_open). So the host's own tools are asked, on the same connection.
 */
const socketQuestion = (path) => question(aboutSocket(path));
const engineQuestion = (path) => question([
    ...aboutSocket(path),
    `docker -H unix://${path} version >/dev/null 2>&1 && echo blue-green answers`,
]);
const aboutSocket = (path) => [
    'echo blue-green asked',
    'echo blue-green user $(id -un) $(id -u)',
    `test -e ${path} && echo blue-green exists`,
    `test -w ${path} && echo blue-green writable`,
    'test -S /run/user/$(id -u)/docker.sock && echo blue-green rootless',
];
/** One line, for whatever shell the user has there; paths have been checked for plain characters. */
const question = (commands) => `sh -c '${commands.join('; ')}'`;
function readAnswer(text) {
    const told = text.split(/\r?\n/).flatMap((line) => /^blue-green (.*)$/.exec(line)?.[1] ?? []);
    const [, user = '', uid = ''] = told.find((line) => line.startsWith('user '))?.split(' ') ?? [];
    const has = (word) => told.includes(word);
    return {
        asked: has('asked'),
        user,
        uid,
        exists: has('exists'),
        writable: has('writable'),
        rootless: has('rootless'),
        answers: has('answers'),
    };
}
/** Without AllowTcpForwarding, sshd forbids sockets as well (channels.c: channel_connect_to_path), which no manual says. */
const ALLOW = 'AllowStreamLocalForwarding yes, AllowTcpForwarding yes, no PermitOpen and no DisableForwarding';
/** Why the engine's socket can't be used through the tunnel. */
function engineFailure(address, answer, keyOptions) {
    const { description, socket } = address;
    const { asked, user, exists, writable, rootless, answers } = answer;
    // authorized_keys can forbid it as well: `restrict`, `no-port-forwarding`.
    const keyForbids = keyOptions !== undefined && !/\bport-forwarding\b/.test(keyOptions);
    const details = keyForbids ? [keyOptions] : [];
    if (asked && !exists)
        return new errors/* DeployError */.s(`There is no Docker engine’s socket ${socket} on ${description}.`, {
            code: 'docker-unreachable',
            hint: rootless
                ? 'There is a rootless engine only, whose containers can’t be reached at their addresses from outside: install Docker for the whole host (docker.com/engine/install), and start it there.'
                : 'Start Docker there (sudo systemctl start docker), or name its socket in docker.host: ssh://user@host/path/of/docker.sock',
        });
    if (asked && !writable)
        return new errors/* DeployError */.s(`${user} may not use the Docker engine on ${description} (${socket}).`, {
            code: 'docker-forbidden',
            hint: `On the host: sudo usermod -aG docker ${user}`,
        });
    if (keyForbids || (asked && answers))
        return new errors/* DeployError */.s(`${description} allows no forwarding to the Docker engine’s socket.`, {
            code: 'ssh-forwarding-forbidden',
            hint: keyForbids
                ? 'In authorized_keys on the host, add port-forwarding to the options of this key.'
                : `In the host’s sshd_config: ${ALLOW}, then reload sshd.`,
            details,
        });
    return new errors/* DeployError */.s(`The Docker engine on ${description} does not answer on ${socket}.`, {
        code: 'docker-unreachable',
        hint: asked
            ? `On the host: see that Docker runs (sudo systemctl start docker), and that sshd_config has ${ALLOW}.`
            : `On the host: see that Docker runs, that ${address.user ?? 'the user'} is in the group docker, and that sshd_config has ${ALLOW}. (It runs no command for us, which could tell more.)`,
        details,
    });
}
/** A way to a TCP address is forbidden, and not only that nobody listens there. */
const isForbidden = (reason) => /administratively prohibited/i.test(reason);
const tcpForbidden = (address, far) => new errors/* DeployError */.s(`${address.description} allows no forwarding to ${far}.`, {
    code: 'ssh-forwarding-forbidden',
    hint: 'In the host’s sshd_config: AllowTcpForwarding yes (or local; mind PermitOpen, too), then reload sshd; in authorized_keys, the key’s options must allow port-forwarding.',
});
const socketForbidden = (address, path, { user }) => new errors/* DeployError */.s(`${user} may not use ${path} on ${address.description}.`, {
    code: 'socket-forbidden',
    hint: `Let ${user} write to that socket: by its group and mode, or by another user in docker.host.`,
});

// EXTERNAL MODULE: external "node:http"
var external_node_http_ = __webpack_require__(7067);
;// CONCATENATED MODULE: ./build/src/target/docker/ssh/engine.js

/** Docker's own longest wait for a sign of life; an engine answers this in a millisecond. */
const PING_MS = 10_000;
/** Whether an engine answers on a socket here. Whatever it answers, also a proxy's `forbidden`, it is there. */
function engineAnswers(socketPath, signal) {
    return new Promise((resolve) => {
        const limit = AbortSignal.any([signal, AbortSignal.timeout(PING_MS)]);
        (0,external_node_http_.request)({ socketPath, path: '/_ping', headers: { host: 'docker' }, agent: false, signal: limit }, (answer) => {
            answer.resume();
            resolve(true);
        })
            .on('error', () => resolve(false))
            .end();
    });
}

// EXTERNAL MODULE: external "node:fs/promises"
var external_node_fs_promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
;// CONCATENATED MODULE: ./build/src/target/docker/ssh/folder.js




/**
 * The kernel takes 107 characters as a socket's path (103 on macOS), and ssh first creates its control socket beside
 * its place, with 17 characters more.
 */
const LONGEST_FOLDER = 103 - '/c.0123456789abcdef'.length;
/**
 * The folder of one host: sockets, known hosts, and the key while it is needed. Only this user can enter it, which
 * matters: whoever reaches the engine's socket owns the Docker host.
 */
class TempFolder {
    path;
    constructor(path) {
        this.path = path;
    }
    static async create() {
        const tried = [];
        for (const base of [process.env['RUNNER_TEMP'], (0,external_node_os_.tmpdir)(), '/tmp']) {
            if (base === undefined || base === '')
                continue;
            // Paths go into ssh's config and options, where spaces, colons and percent signs have meanings.
            const real = await (0,external_node_fs_promises_.realpath)(base).catch(() => base);
            tried.push(real);
            if (!/^\/[\w.,@+/-]*$/.test(real) || real.length + '/bg-XXXXXX'.length > LONGEST_FOLDER)
                continue;
            // 0700, as mkdtemp(3) has it.
            const path = await (0,external_node_fs_promises_.mkdtemp)((0,external_node_path_.join)(real, 'bg-')).catch(() => undefined);
            if (path !== undefined)
                return new TempFolder(path);
        }
        throw new errors/* DeployError */.s('There is no temporary folder that could hold the sockets of an SSH tunnel.', {
            code: 'temp-unusable',
            hint: `Set RUNNER_TEMP to a writable folder with a short path without spaces (sockets’ paths end at ${LONGEST_FOLDER} characters).`,
            details: tried,
        });
    }
    /** The control socket of the ssh process that holds the connection. */
    get control() {
        return (0,external_node_path_.join)(this.path, 'c');
    }
    get config() {
        return (0,external_node_path_.join)(this.path, 'config');
    }
    get knownHosts() {
        return (0,external_node_path_.join)(this.path, 'known_hosts');
    }
    /** The host's keys as they came, before one of them is found to be the right one. */
    get offered() {
        return (0,external_node_path_.join)(this.path, 'offered');
    }
    get key() {
        return (0,external_node_path_.join)(this.path, 'key');
    }
    /** The local end of the engine. */
    get engine() {
        return (0,external_node_path_.join)(this.path, 'docker.sock');
    }
    /** The local end of another forwarding. */
    socket(number) {
        return (0,external_node_path_.join)(this.path, `${number}.sock`);
    }
    async removeKey() {
        await (0,external_node_fs_promises_.rm)(this.key, { force: true });
    }
    /** Never throws: the runner empties RUNNER_TEMP, too. */
    async remove() {
        await (0,external_node_fs_promises_.rm)(this.path, { recursive: true, force: true }).catch(() => { });
    }
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
;// CONCATENATED MODULE: ./build/src/target/docker/ssh/known-hosts.js





const FINGERPRINT = /^SHA256:[A-Za-z0-9+/]{43}=?$/;
const KEY = '(?:ssh-[\\w-]+|ecdsa-[\\w-]+|sk-[\\w.@-]+)\\s+[A-Za-z0-9+/]{20,}={0,2}';
const BARE_KEY = new RegExp(`^${KEY}(?:\\s|$)`);
const LINE = new RegExp(`^(?:@[\\w-]+\\s+)?(\\S+)\\s+${KEY}(?:\\s|$)`);
/**
 * Reads the setting `known-hosts`: text, a path, or fingerprints. Of the text, a public key without a host's name is
 * good as well (what stands in the host's own /etc/ssh/ssh_host_ed25519_key.pub): people mix these forms up.
 * @throws DeployError when there is nothing in it that could be trusted
 */
async function readKnownHosts(setting, address, workspace) {
    const text = (setting ?? '').trim();
    if (text === '')
        throw new errors/* DeployError */.s(`docker.known-hosts is missing, so ${address.description} could be anyone.`, {
            code: 'known-hosts-missing',
            hint: `Put the host’s line there: ${howToGet(address)}`,
        });
    const words = text.split(/[\s,]+/);
    if (words.every((word) => FINGERPRINT.test(word)))
        return { kind: 'fingerprints', fingerprints: words.map((word) => word.replace(/=$/, '')) };
    if (/^(?:SHA256:|(?:MD5:)?(?:[0-9a-f]{2}:){15})/i.test(text))
        throw unusable('docker.known-hosts is no whole fingerprint of the kind SHA256.', address);
    if (!/\s/.test(text) || !text.split(/\r?\n/).some(isKey)) {
        if (text.includes('\n'))
            throw unusable('docker.known-hosts holds no line of a known_hosts file.', address);
        const path = (0,external_node_path_.resolve)(workspace, fromHome(text));
        const content = await (0,external_node_fs_promises_.readFile)(path, 'utf8').catch((error) => {
            throw new errors/* DeployError */.s(error.code === 'ENOENT'
                ? `docker.known-hosts: there is no file ${text}, nor is that a line of one or a fingerprint.`
                : `docker.known-hosts: ${text} can’t be read (${error.code}).`, {
                code: 'known-hosts-unusable',
                hint: `Put the host’s line there: ${howToGet(address)}`,
                cause: error,
            });
        });
        if (!content.split(/\r?\n/).some(isKey))
            throw unusable(`docker.known-hosts: ${text} holds no line of a known_hosts file.`, address);
        return { kind: 'lines', text: asFile(content) };
    }
    return { kind: 'lines', text: asFile(text) };
}
const isKey = (line) => BARE_KEY.test(line.trim()) || LINE.test(line.trim());
/** As ssh reads it: without carriage returns, each key with a name before it. */
const asFile = (text) => `${text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .map((line) => (BARE_KEY.test(line) ? `* ${line}` : line))
    .join('\n')}\n`;
/** The names that known_hosts lines are for, for an error; hashed ones can't be told. */
const namesIn = (text) => [
    ...new Set(text
        .split('\n')
        .map((line) => LINE.exec(line.trim())?.[1])
        .filter((name) => name !== undefined)
        .map((name) => (name.startsWith('|') ? 'a hashed name' : name))),
];
/** `SHA256:…` of the key on a known_hosts line, as ssh-keygen -lf shows it. */
function fingerprintOf(line) {
    const blob = /\s(AAAA[A-Za-z0-9+/]+={0,2})(?:\s|$)/.exec(line)?.[1];
    if (blob === undefined)
        return undefined;
    const digest = (0,external_node_crypto_.createHash)('sha256').update(Buffer.from(blob, 'base64')).digest('base64');
    return `SHA256:${digest.replace(/=+$/, '')}`;
}
/** How one gets the line and makes sure of it: never just by believing what came over the network. */
const howToGet = ({ host, port }) => `\`ssh-keyscan ${port === undefined ? '' : `-p ${port} `}${host}\` prints it; make sure that \`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub\` shows the same fingerprint on the host itself.`;
/** ssh goes by the user database; here HOME counts, which container jobs set to another folder. */
const fromHome = (path) => path.startsWith('~/') ? (0,external_node_path_.resolve)(process.env['HOME'] ?? (0,external_node_os_.homedir)(), path.slice(2)) : path;
const unusable = (message, address) => new errors/* DeployError */.s(message, {
    code: 'known-hosts-unusable',
    hint: `It takes lines of a known_hosts file, the path of one, or a fingerprint (SHA256:…). ${howToGet(address)}`,
});

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:child_process"
var external_node_child_process_ = __webpack_require__(1421);
;// CONCATENATED MODULE: ./build/src/target/docker/ssh/ssh-env.js

/**
 * Our own environment, without the action's inputs (the key is one of them), and with messages in the language that
 * we look for in them.
 */
const sshEnv = () => ({
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('INPUT_'))),
    LC_ALL: 'C',
});
const sshMissing = () => new errors/* DeployError */.s('There is no `ssh` command on this runner.', {
    code: 'ssh-missing',
    hint: 'Install OpenSSH’s client (apt-get install openssh-client), which GitHub’s own runners have.',
});

;// CONCATENATED MODULE: ./build/src/target/docker/ssh/control.js


/** One session on the host may have to start a shell there, with whatever its user lets that do. */
const ANSWER_MS = 10_000;
/**
 * Asks the ssh that holds the connection, over its control socket, for a way or a session more. Makes no connection of
 * its own in any case.
 */
function control(socket, args, signal) {
    return new Promise((resolve, reject) => {
        const { options = [], host, command } = args;
        const child = (0,external_node_child_process_.spawn)('ssh', [
            // No config: its LocalForward would be asked for once more with each -O forward.
            ...['-F', 'none', '-S', socket, '-T', '-a', '-x', '-o', 'ControlMaster=no'],
            // Where the host allows no session, ssh would go and connect by itself.
            ...['-o', 'BatchMode=yes', '-o', 'ProxyCommand=false', ...options, '--', host],
            ...(command === undefined ? [] : [command]),
        ], { stdio: ['ignore', 'pipe', 'pipe'], env: sshEnv() });
        // With SIGTERM, it would wait for the end of the session.
        const end = () => {
            child.kill('SIGKILL');
            // The ssh that it asked was handed them, and keeps them until the end of the session.
            child.stdout.destroy();
            child.stderr.destroy();
        };
        const timer = setTimeout(end, ANSWER_MS);
        signal.addEventListener('abort', end);
        if (signal.aborted)
            end();
        let stdout = '';
        let stderr = '';
        child.stdout.setEncoding('utf8').on('data', (chunk) => {
            stdout += chunk;
        });
        child.stderr.setEncoding('utf8').on('data', (chunk) => {
            stderr += chunk;
        });
        const settle = () => {
            clearTimeout(timer);
            signal.removeEventListener('abort', end);
        };
        child.on('error', (error) => {
            settle();
            reject(error);
        });
        child.on('close', (code) => {
            settle();
            resolve({ code, stdout, stderr });
        });
    });
}

// EXTERNAL MODULE: ./build/src/check/supervisor.js
var supervisor = __webpack_require__(6578);
;// CONCATENATED MODULE: ./build/src/target/docker/ssh/guard.js




/** Between SIGTERM and SIGKILL. */
const GRACE_MS = 2000;
/** How long a process that left the group (a ProxyCommand that calls setsid) may hold the output open after ssh's end. */
const STRAY_OUTPUT_MS = 1000;
/**
 * Runs ssh under the supervisor that smoke tests' commands have, too: it ends ssh and whatever that started when it is
 * told to, and as soon as its standard input ends, which the kernel sees to when this process dies. Then it removes the
 * folder, as nobody else will. It leads a process group of its own, so that Ctrl-C in a terminal does not cut the way on which the traffic is
 * just being given back.
 */
function startGuarded(args, folder) {
    const mark = (0,external_node_crypto_.randomUUID)();
    const child = (0,external_node_child_process_.spawn)(process.execPath, ['-e', guard(folder), '--', mark, String(GRACE_MS), 'ssh', ...args], {
        stdio: ['pipe', 'pipe', 'pipe'],
        detached: true,
        env: sshEnv(),
    });
    let isMissing = false;
    child.stdout.setEncoding('utf8').on('data', (text) => {
        if (text.includes(`${mark} error ENOENT`))
            isMissing = true;
    });
    // What it wrote has long been read then; whoever waits for its end waits for the end of these.
    child.on('exit', () => {
        const timer = setTimeout(() => {
            child.stdout.destroy();
            child.stderr.destroy();
        }, STRAY_OUTPUT_MS);
        child.on('close', () => clearTimeout(timer));
    });
    return { child, isMissing: () => isMissing, end: () => void child.kill('SIGTERM') };
}
const guard = (folder) => `
  let alone = false;
  process.stdin.on('close', () => { alone = true; });
  process.on('exit', () => {
    if (alone) require('node:fs').rmSync(${JSON.stringify(folder)}, { recursive: true, force: true });
  });
  (${supervisor/* supervise */.z})()`;

;// CONCATENATED MODULE: ./build/src/target/docker/ssh/transcript.js

/** With -v, the version, the login and the figures at the end are no debug lines. */
const CHATTER = /^(?:OpenSSH_|Authenticated to |Transferred: sent |Bytes per second: )/;
function readTranscript(lines) {
    const said = [];
    const hostKeys = [];
    let offered = [];
    let accepted = false;
    let keyOptions;
    for (const raw of lines) {
        const line = (0,src_text/* plain */.pj)(raw);
        const debug = /^debug\d: (.*)$/.exec(line)?.[1];
        if (debug === undefined) {
            if (line.trim() !== '' && !CHATTER.test(line))
                said.push(line);
            continue;
        }
        const hostKey = /^Server host key: (\S+) (\S+)/.exec(debug);
        if (hostKey) {
            hostKeys.push({ type: hostKey[1], fingerprint: hostKey[2] });
            // A further host: what was offered to a jump host before is its business.
            offered = [];
            accepted = false;
        }
        const key = /^Offering public key: (.*)$/.exec(debug)?.[1];
        if (key !== undefined)
            offered.push(key.replace(/ (?:explicit|agent)+/g, '').trim());
        if (debug.startsWith('Server accepts key: '))
            accepted = true;
        keyOptions = /^Remote: (.*key options:.*)$/.exec(debug)?.[1] ?? keyOptions;
    }
    return { said, hostKeys, offered, accepted, keyOptions };
}
/**
 * What became of the ways through the tunnel that the host did not open, by their far ends. ssh tells the far end when
 * a connection comes in, its channel's number with the next line, and a refusal by that number.
 */
class Refusals {
    #reasons = new Map();
    #channels = new Map();
    #coming;
    /** @param line one line of `ssh -v` */
    read(line) {
        const coming = /Connection to port -?\d+ forwarding to (\S+) port (-?\d+) requested/.exec(line);
        if (coming) {
            const [, host = '', port = ''] = coming;
            // A socket's path has the port -2.
            this.#coming = port.startsWith('-')
                ? host
                : `${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`;
            return;
        }
        const opened = /channel (\d+): new direct-/.exec(line)?.[1];
        if (opened !== undefined && this.#coming !== undefined) {
            this.#channels.set(opened, this.#coming);
            this.#coming = undefined;
            return;
        }
        const refused = /channel (\d+): open failed: (.*)$/.exec(line);
        const far = this.#channels.get(refused?.[1] ?? '');
        if (refused && far !== undefined)
            this.#reasons.set(far, (0,src_text/* plain */.pj)(refused[2]));
        const freed = /channel (\d+): free: direct-/.exec(line)?.[1];
        if (freed !== undefined)
            this.#channels.delete(freed);
    }
    /** Why the last try that was refused was; tells it once. */
    take(far) {
        const reason = this.#reasons.get(far);
        this.#reasons.delete(far);
        return reason;
    }
}

;// CONCATENATED MODULE: ./build/src/target/docker/ssh/connection.js








/** ssh ended before there was a connection; it said this. */
class NoConnection extends Error {
    name = 'NoConnection';
    lines;
    constructor(lines) {
        super('ssh gave no connection');
        this.lines = lines;
    }
}
/** The agreed keys, the login: what follows after the greeting, in ms. */
const LOGIN_MS = 20_000;
const KEPT_LINES = 1000;
/**
 * One OpenSSH connection: a master process, which holds the forwardings. Others are added to it as they are needed,
 * over its control socket and so without a further connection.
 */
class SshConnection {
    /** Resolves with the reason when the connection is gone. */
    ended;
    #ssh;
    #options;
    #refusals = new Refusals();
    #forwards = new Map();
    #said = [];
    #keyOptions;
    #isOver = false;
    constructor(ssh, options) {
        this.#ssh = ssh;
        this.#options = options;
        for (const { far } of options.forwards)
            this.#forwards.set(far, Promise.resolve());
        this.ended = new Promise((resolve) => ssh.child.on('close', (code) => {
            this.#isOver = true;
            resolve((0,src_text/* excerpt */.Kb)(this.#said.at(-1) ?? `ssh ended with ${code}`));
        }));
    }
    /** @throws NoConnection with what ssh said; DeployError `ssh-missing`; the signal's reason */
    static async open(options) {
        const { folder, patience, signal } = options;
        signal.throwIfAborted();
        // A master that was killed leaves its socket, and ssh takes an existing one for another master's.
        await (0,external_node_fs_promises_.rm)(folder.control, { force: true });
        const ssh = startGuarded(masterArgs(options), folder.path);
        const connection = new SshConnection(ssh, options);
        const lines = [];
        const late = () => {
            lines.push('The login timed out');
            ssh.end();
        };
        const timer = setTimeout(late, patience.connect * 1000 + LOGIN_MS);
        signal.addEventListener('abort', ssh.end);
        try {
            await new Promise((resolve, reject) => {
                let rest = '';
                let isReady = false;
                ssh.child.stderr.setEncoding('utf8').on('data', (text) => {
                    const all = (rest + text).split(/\r?\n/);
                    rest = all.pop() ?? '';
                    for (const line of all)
                        connection.#read(line, isReady ? undefined : lines);
                    // The control socket is the last thing that ssh opens, after all forwardings, and it says so.
                    if (isReady || !(0,external_node_fs_.existsSync)(folder.control))
                        return;
                    isReady = true;
                    resolve();
                });
                ssh.child.on('error', reject);
                ssh.child.on('close', () => {
                    if (rest !== '')
                        lines.push(rest);
                    reject(ssh.isMissing() ? sshMissing() : new NoConnection(lines));
                });
            });
        }
        catch (error) {
            signal.throwIfAborted();
            throw error;
        }
        finally {
            clearTimeout(timer);
            signal.removeEventListener('abort', ssh.end);
        }
        // sshd turns Nagle's algorithm off with the first session only (packet.c: ssh_packet_set_interactive); without one,
        // one of ten new connections through the tunnel waits 40 ms for a delayed acknowledgement. Needn't succeed.
        void connection.run('true').catch(() => { });
        return connection;
    }
    get isOver() {
        return this.#isOver;
    }
    /** What the host's authorized_keys allows our key. */
    get keyOptions() {
        return this.#keyOptions;
    }
    /** Opens a way, unless there is one. @throws TransientError when the connection broke */
    forward({ local, far }) {
        const known = this.#forwards.get(far);
        if (known !== undefined)
            return known;
        const { folder, address, signal } = this.#options;
        const options = ['-O', 'forward', '-L', `${local}:${far}`];
        const added = control(folder.control, { options, host: address.host }, signal).then(({ code, stderr }) => {
            if (code !== 0)
                throw new target/* TransientError */.N(`ssh opened no way to ${far}: ${(0,src_text/* excerpt */.Kb)(stderr)}`);
        });
        this.#forwards.set(far, added);
        added.catch(() => this.#forwards.delete(far));
        return added;
    }
    /** Why the host did not open a way when it was last used; tells each refusal once. */
    refusal(far) {
        return this.#refusals.take(far);
    }
    /** Runs a command on the host, through the user's shell there; what it wrote, whether or not it succeeded. */
    async run(command) {
        const { folder, address, signal } = this.#options;
        const { stdout } = await control(folder.control, { host: address.host, command }, signal);
        return stdout;
    }
    /** Ends it, and waits until all its processes are gone. */
    async end() {
        this.#ssh.end();
        await this.ended;
    }
    #read(line, beginning) {
        if (beginning !== undefined && beginning.length < KEPT_LINES)
            beginning.push(line);
        this.#refusals.read(line);
        const { said, keyOptions } = readTranscript([line]);
        this.#keyOptions = keyOptions ?? this.#keyOptions;
        if (beginning !== undefined)
            return;
        // Refused ways are no reason for an end.
        this.#said = [...this.#said, ...said.filter((text) => !/^channel \d+: /.test(text))].slice(-5);
    }
}
const masterArgs = ({ address, folder, keys, forwards, patience }) => [
    ...['-N', '-M', '-S', folder.control, '-v', '-T', '-a', '-x'],
    ...hostArgs(address, folder, keys, folder.knownHosts, patience),
    ...setting('StrictHostKeyChecking', 'yes'),
    ...setting('ControlPersist', 'no'),
    ...setting('ExitOnForwardFailure', 'yes'),
    // After a drop, the sockets of the connection before are still there.
    ...setting('StreamLocalBindUnlink', 'yes'),
    ...setting('ServerAliveInterval', String(patience.alive)),
    ...setting('ServerAliveCountMax', String(patience.aliveCount)),
    ...forwards.flatMap(({ local, far }) => ['-L', `${local}:${far}`]),
    '--',
    address.host,
];
/** What any connection to the host is made with, whatever the user's config says. */
const hostArgs = ({ user, port }, folder, keys, knownHosts, patience) => [
    ...['-F', folder.config],
    ...(port === undefined ? [] : ['-p', port]),
    ...(user === undefined ? [] : ['-l', user]),
    ...keys.flatMap((path) => ['-i', path]),
    // Else an agent's other keys come first, and sshd ends the connection after six.
    ...(keys.length === 0 ? [] : setting('IdentitiesOnly', 'yes')),
    ...setting('BatchMode', 'yes'),
    ...setting('UserKnownHostsFile', knownHosts),
    ...setting('GlobalKnownHostsFile', '/dev/null'),
    ...setting('VerifyHostKeyDNS', 'no'),
    ...setting('UpdateHostKeys', 'no'),
    ...setting('AddKeysToAgent', 'no'),
    ...setting('PermitLocalCommand', 'no'),
    ...setting('RemoteCommand', 'none'),
    ...setting('ConnectTimeout', String(patience.connect)),
];
const setting = (name, value) => ['-o', `${name}=${value}`];

;// CONCATENATED MODULE: ./build/src/target/docker/ssh/failures.js





/**
 * Why ssh gave no connection, from what it wrote with -v. Ordered: with a jump host, the processes of both tell their
 * part, and what is most precise comes first.
 */
function connectionFailure(lines, context) {
    const transcript = readTranscript(lines);
    const text = transcript.said.join('\n');
    return (hostKeyFailure(text, transcript, context) ??
        authenticationFailure(text, transcript, context) ??
        networkFailure(text, transcript, context) ?? {
        error: new errors/* DeployError */.s(`ssh gave no connection to ${context.address.description}: ${(0,src_text/* excerpt */.Kb)(transcript.said.at(-1) ?? 'it said nothing')}`, { code: 'ssh-failed', hint: tryIt(context.address), details: lastLines(transcript) }),
        lasting: 'now',
    });
}
function hostKeyFailure(text, { hostKeys }, { address, trustedNames }) {
    const came = hostKeys.at(-1);
    const shown = came === undefined ? [] : [`The key that came: ${came.type} ${came.fingerprint}`];
    const trusted = trustedNames.length === 0 ? [] : [`known-hosts has keys for: ${trustedNames.slice(0, 20).join(', ')}`];
    const changed = /^Host key for (\S+) has changed/m.exec(text)?.[1];
    if (changed !== undefined || /REMOTE HOST IDENTIFICATION HAS CHANGED|host key .*revoked/i.test(text))
        return {
            error: new errors/* DeployError */.s(`The host key of ${changed ?? address.host} is not the one in known-hosts: either the host was set up anew, or somebody stands in between.`, {
                code: 'host-key-changed',
                hint: `If the host was set up anew, replace its line in known-hosts: ${howToGet(whose(changed, address))}`,
                details: shown,
            }),
            lasting: 'final',
        };
    const unknown = /No (\S+) host key is known for (\S+)/.exec(text);
    if (unknown || /Host key verification failed/.test(text)) {
        const name = unknown?.[2] ?? address.host;
        return {
            error: new errors/* DeployError */.s(`known-hosts has no ${unknown?.[1] ?? ''} key for ${name}.`.replace('  ', ' '), {
                code: 'host-key-unknown',
                hint: `Add its line to known-hosts: ${howToGet(whose(name, address))}`,
                details: [...shown, ...trusted],
            }),
            lasting: 'final',
        };
    }
    return undefined;
}
/** ssh names a host `[name]:port` when the port isn't 22. */
function whose(name, address) {
    if (name === undefined)
        return address;
    const [, host = name, port] = /^\[(.*)\]:(\d+)$/.exec(name) ?? [];
    return { host, port };
}
function authenticationFailure(text, transcript, { address, keyFile }) {
    const denied = /^(\S+): Permission denied \((.*)\)/m.exec(text);
    const many = /Too many authentication failures/.test(text);
    if (!denied && !many)
        return undefined;
    const who = denied?.[1] ?? login(address);
    const keys = transcript.offered.map((key) => `Key tried: ${key.replace(keyFile, 'the input ssh-key')}`);
    const unusable = transcript.said.flatMap((line) => {
        const bad = /^Load key "(.*)": (.*)$/.exec(line);
        if (bad)
            return [`Key not usable: ${bad[1].replace(keyFile, 'the input ssh-key')}: ${bad[2]}`];
        const open = /^Permissions .* for '(.*)' are too open/.exec(line)?.[1];
        return open === undefined ? [] : [`Key not usable: others can read ${open} (chmod 600 ${open})`];
    });
    const said = transcript.said.filter((line) => !/Permission denied \(|^Load key|@{5}|UNPROTECTED|^Permissions|^It is (?:req|rec)|^This private key/.test(line));
    return {
        error: new errors/* DeployError */.s(many
            ? `${who} took none of the keys, and allows no further try.`
            : transcript.offered.length === 0
                ? `${who} wants a key, and there is none to offer.`
                : transcript.accepted
                    ? `${who} takes the key, but it can’t be used here: it has a passphrase, or the agent refused.`
                    : `${who} took none of the keys that it was offered.`, {
            code: 'ssh-permission-denied',
            hint: keys.length === 0 || unusable.length > 0 || transcript.accepted
                ? 'Give the whole private key, without a passphrase, as input `ssh-key` or docker.identity-file, or start an agent that has it.'
                : `On the host, add the public key (\`ssh-keygen -y -f <private key>\` prints it) to ~/.ssh/authorized_keys of ${who.split('@')[0]}.`,
            details: [
                ...(keys.length === 0 ? ['Key tried: none'] : keys),
                ...unusable,
                `The host takes: ${denied?.[2] ?? 'unknown'}`,
                ...said.slice(-3).map((line) => (0,src_text/* excerpt */.Kb)(line)),
            ],
        }),
        lasting: 'now',
    };
}
function networkFailure(text, transcript, { address }) {
    const unreachable = (message, hint) => ({
        error: new errors/* DeployError */.s(message, { code: 'host-unreachable', hint, details: lastLines(transcript) }),
        lasting: 'now',
    });
    const name = /Could not resolve hostname (\S+): (.*)/.exec(text);
    if (name)
        return unreachable(`The name ${name[1]} could not be resolved: ${name[2]}.`, 'See that docker.host is spelled rightly, and that this runner’s DNS knows it (or write its address).');
    const connect = /connect to (?:host|address) (\S+) port (\d+): (.*)/.exec(text);
    if (connect) {
        const [, host, port, why = ''] = connect;
        if (/refused/.test(why))
            return unreachable(`${host} refuses connections on port ${port}: no SSH server listens there.`, 'See that the port in docker.host is the right one and that sshd runs on the host.');
        return unreachable(`${host} can’t be reached on port ${port}: ${why}.`, OPEN);
    }
    if (/stdio forwarding failed|open failed: .*/.test(text) && /stdio forwarding|UNKNOWN/.test(text))
        return unreachable(`The jump host can’t reach ${address.host}: ${(0,src_text/* excerpt */.Kb)(/open failed: (.*)/.exec(text)?.[1] ?? 'it said nothing')}`, 'See that the host listens for SSH there, and that the jump host allows TCP forwarding.');
    if (/timed out/i.test(text))
        return unreachable(`${address.host} did not answer in time.`, OPEN);
    // sshd drops some of those who are not let in yet when there are many (MaxStartups 10:30:100), without a word.
    if (/kex_exchange_identification|Connection (?:closed|reset) by|banner exchange|Broken pipe/i.test(text))
        return {
            ...unreachable(`${address.host} closed the connection before it could be used.`, 'Its sshd may have too many connections that are just beginning (MaxStartups), or blocks this runner (PerSourcePenalties, fail2ban, hosts.deny): its log tells.'),
            lasting: 'busy',
        };
    return undefined;
}
const OPEN = 'See that the host runs, and that its firewall lets this runner in.';
const tryIt = ({ host, user, port }) => `Try it on this runner: ssh -v ${port === undefined ? '' : `-p ${port} `}${user === undefined ? '' : `${user}@`}${host}`;
const lastLines = ({ said }) => said.slice(-4).map((line) => (0,src_text/* excerpt */.Kb)(line));

;// CONCATENATED MODULE: ./build/src/target/docker/ssh/host-key.js






/** A host has at most one key of each; the first is what nearly all show. */
const KINDS = [
    'ssh-ed25519',
    'ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521',
    'rsa-sha2-512,rsa-sha2-256',
];
/**
 * Finds the host's key that has one of the fingerprints and writes its known_hosts line, which is all that is trusted
 * from then on. ssh itself is asked for the keys, and not ssh-keyscan: it alone goes through jump hosts and knows under
 * which name it will look for the key (HostName, HostKeyAlias). It tries no login.
 * @throws DeployError `host-key-unknown` when none of the host's keys is the right one; NoConnection
 */
async function trustByFingerprint(fingerprints, { address, folder, patience, signal, }) {
    const came = [];
    for (const kind of KINDS) {
        await (0,external_node_fs_promises_.rm)(folder.offered, { force: true });
        const lines = await said([
            ...['-N', '-T', '-a', '-x', '-v', '-S', 'none'],
            ...hostArgs(address, folder, [], folder.offered, patience),
            // Into a file of its own, that nothing else reads.
            ...['-o', 'StrictHostKeyChecking=accept-new', '-o', 'PreferredAuthentications=none'],
            ...['-o', 'ClearAllForwardings=yes', '-o', `HostKeyAlgorithms=${kind}`, '--', address.host],
        ], folder, (patience.connect + 10) * 1000, signal);
        signal.throwIfAborted();
        const line = await (0,external_node_fs_promises_.readFile)(folder.offered, 'utf8').catch(() => '');
        const fingerprint = fingerprintOf(line);
        if (fingerprint === undefined) {
            if (lines.some((text) => /no matching host key type found/.test(text)))
                continue;
            throw new NoConnection(lines);
        }
        if (fingerprints.includes(fingerprint)) {
            await (0,external_node_fs_promises_.writeFile)(folder.knownHosts, line);
            await (0,external_node_fs_promises_.rm)(folder.offered, { force: true });
            return;
        }
        came.push(`${line.split(' ')[1]} ${fingerprint}`);
    }
    await (0,external_node_fs_promises_.rm)(folder.offered, { force: true });
    throw new errors/* DeployError */.s(`None of the host keys of ${address.host} has the fingerprint in known-hosts.`, {
        code: 'host-key-unknown',
        hint: 'Either the host was set up anew, or somebody stands in between: see what `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` shows on the host itself.',
        details: [
            ...came.map((key) => `A key that came: ${key}`),
            ...fingerprints.map((fingerprint) => `known-hosts: ${fingerprint}`),
        ],
    });
}
/** What an ssh says that comes to an end by itself. @throws DeployError `ssh-missing` */
function said(args, folder, timeout, signal) {
    return new Promise((resolve, reject) => {
        const { child, isMissing, end } = startGuarded(args, folder.path);
        let text = '';
        const timer = setTimeout(() => {
            text += 'The greeting timed out\n';
            end();
        }, timeout);
        signal.addEventListener('abort', end);
        if (signal.aborted)
            end();
        child.stderr.setEncoding('utf8').on('data', (chunk) => {
            text += chunk;
        });
        child.on('error', reject);
        child.on('close', () => {
            clearTimeout(timer);
            signal.removeEventListener('abort', end);
            if (isMissing())
                reject(sshMissing());
            else
                resolve(text.split(/\r?\n/));
        });
    });
}

;// CONCATENATED MODULE: ./build/src/target/docker/ssh/ssh-config.js


/**
 * The config file that ssh gets with -F: the user's own ones, between what must be and what is the default. ssh hands
 * `-F` on to the processes for jump hosts, but none of the other options: whatever is to count for those stands here.
 * The first value wins; only IdentityFile adds up.
 *
 * Jump hosts' keys are checked, too: against the lines in `known-hosts`, and the user's own known_hosts, unless the
 * user's config says otherwise for them. What passes through a jump host is sealed for the host behind it.
 */
function sshConfig(folder, keys, connectTimeout) {
    const homes = [...new Set([process.env['HOME'] ?? (0,external_node_os_.homedir)(), (0,external_node_os_.userInfo)().homedir])];
    return [
        // Nobody is there to answer a question. A master of the user's own for a jump host could outlive us.
        'Host *',
        '  BatchMode yes',
        '  ControlMaster no',
        '  ControlPath none',
        '',
        // ssh itself looks only in the home that the user database names; container jobs have another HOME.
        ...homes.map((home) => `Include "${(0,external_node_path_.join)(home, '.ssh/config')}"`),
        'Include "/etc/ssh/ssh_config"',
        '',
        // For jump hosts; the host itself is told more strictly on the command line.
        'Host *',
        '  StrictHostKeyChecking yes',
        `  ConnectTimeout ${connectTimeout}`,
        `  UserKnownHostsFile ${[folder.knownHosts, ...homes.map((home) => (0,external_node_path_.join)(home, '.ssh/known_hosts'))].map(quoted).join(' ')}`,
        ...keys.map((path) => `  IdentityFile ${quoted(path)}`),
        '',
    ].join('\n');
}
/** ssh fills in what stands behind a percent sign. */
const quoted = (path) => `"${path.replaceAll('%', '%%')}"`;

;// CONCATENATED MODULE: ./build/src/target/docker/ssh/login.js








const PATIENCE = {
    connect: 10,
    // A dead network is noticed after 30 s.
    alive: 10,
    aliveCount: 2,
    busy: [500, 1000, 2000],
    // About a minute, the time in which a host restarts; with a dead network, each try takes `connect` besides.
    lost: [0, 500, 1000, 2000, 4000, 8000, 15_000, 30_000],
};
/** The way in: to a host that is known, with whatever key there is, and again where the host was only too busy. */
class Login {
    #options;
    #keyFiles;
    #trustedNames = [];
    constructor(options) {
        this.#options = options;
        const { identityFile, key, folder } = options;
        this.#keyFiles = [identityFile, key === undefined ? undefined : folder.key].filter((path) => path !== undefined);
    }
    /** The first one. @throws DeployError */
    async first(trusted, forwards) {
        const { address, folder, patience, signal } = this.#options;
        const config = sshConfig(folder, this.#keyFiles, patience.connect);
        await (0,external_node_fs_promises_.writeFile)(folder.config, config, { mode: 0o600 });
        if (trusted.kind === 'lines') {
            this.#trustedNames = namesIn(trusted.text);
            await (0,external_node_fs_promises_.writeFile)(folder.knownHosts, trusted.text, { mode: 0o600 });
        }
        else {
            await this.#withKey(() => this.#persist(() => trustByFingerprint(trusted.fingerprints, { address, folder, patience, signal })));
        }
        return this.#persist(() => this.connect(forwards));
    }
    /** One try. What it throws is for `failure`. */
    connect(forwards) {
        const { address, folder, patience, signal } = this.#options;
        return this.#withKey(() => SshConnection.open({ address, folder, keys: this.#keyFiles, forwards, patience, signal }));
    }
    /** Why a try came to nothing, and whether another one might. Throws the signal's reason where it was ended. */
    failure(error) {
        const { address, folder, signal } = this.#options;
        if (signal.aborted)
            throw signal.reason;
        if (!(error instanceof NoConnection))
            return { error: (0,errors/* toDeployError */.p)(error), lasting: 'final' };
        return connectionFailure(error.lines, {
            address,
            trustedNames: this.#trustedNames,
            keyFile: folder.key,
        });
    }
    /** Half as long up to one and a half times: many jobs that were refused together shall not come back together. */
    pause(ms) {
        return (0,promises_.setTimeout)(ms * (0.5 + Math.random()), undefined, { signal: this.#options.signal });
    }
    /** The key is a file only while somebody logs in with it. */
    async #withKey(work) {
        const { key, folder } = this.#options;
        if (key === undefined)
            return work();
        await (0,external_node_fs_promises_.writeFile)(folder.key, key, { mode: 0o600 });
        try {
            return await work();
        }
        finally {
            await folder.removeKey();
        }
    }
    /** Tries again where the host was only too busy. @throws DeployError */
    async #persist(work) {
        for (const pause of this.#options.patience.busy) {
            try {
                return await work();
            }
            catch (error) {
                const { error: failure, lasting } = this.failure(error);
                if (lasting !== 'busy')
                    throw failure;
                this.#options.progress(`${failure.message} Trying again.`);
                await this.pause(pause);
            }
        }
        return work().catch((error) => {
            throw this.failure(error).error;
        });
    }
}

;// CONCATENATED MODULE: ./build/src/target/docker/ssh/private-key.js


const HINT = 'Give the whole private key (what ssh-keygen wrote without .pub), from -----BEGIN to END-----, without a passphrase.';
/**
 * A private key as ssh reads it. Secrets lose their last line feed on the way through web forms, or gain carriage
 * returns; ssh then says only `error in libcrypto`.
 * @throws DeployError `ssh-key-unusable`
 */
function keyText(key) {
    const text = `${key.replaceAll('\r', '').trim()}\n`;
    if (/^(?:ssh-|ecdsa-|sk-)\S+ AAAA/.test(text))
        throw private_key_unusable('The input ssh-key is a public key; logging in takes the private one.');
    if (/^PuTTY-User-Key-File/.test(text))
        throw private_key_unusable('The input ssh-key is a key of PuTTY’s, which OpenSSH can’t read (puttygen exports it).');
    if (!/^-----BEGIN [A-Z ]*PRIVATE KEY-----\n[\s\S]*\n-----END [A-Z ]*PRIVATE KEY-----\n$/.test(text))
        throw private_key_unusable('The input ssh-key is no whole private key.');
    return text;
}
/** @throws DeployError `ssh-key-unusable` when the file can't be read */
async function readableKey(path) {
    await (0,external_node_fs_promises_.access)(path, external_node_fs_promises_.constants.R_OK).catch((error) => {
        throw new errors/* DeployError */.s(`docker.identity-file: ${path} can’t be read (${error.code}).`, {
            code: 'ssh-key-unusable',
            hint: 'Name a private key that is on this runner, or give the key itself as input `ssh-key`.',
        });
    });
    return path;
}
const private_key_unusable = (message) => new errors/* DeployError */.s(message, { code: 'ssh-key-unusable', hint: HINT });

// EXTERNAL MODULE: external "node:net"
var external_node_net_ = __webpack_require__(7030);
;// CONCATENATED MODULE: ./build/src/target/docker/ssh/relay.js

/** A port on loopback here which leads to an address that only the Docker host sees. */
class Relay {
    #server;
    #sockets = new Set();
    constructor(dial) {
        // Half-open as TCP has it: a client that has said everything still waits for the answer.
        this.#server = (0,external_node_net_.createServer)({ allowHalfOpen: true, noDelay: true }, async (client) => {
            this.#hold(client);
            try {
                const dialed = await dial();
                if (client.destroyed)
                    return;
                const far = (0,external_node_net_.connect)({ ...dialed, allowHalfOpen: true });
                this.#hold(far);
                client.on('close', () => far.destroy());
                // Without an error, what came from there may still be on its way to the client.
                far.on('close', (hadError) => (hadError ? client.destroy() : client.end()));
                client.pipe(far).pipe(client);
            }
            catch {
                // As a host that is away: whoever connected asks again.
                client.destroy();
            }
        });
        // It must not keep a process alive that has nothing else to do.
        this.#server.unref();
    }
    static async open(dial) {
        const relay = new Relay(dial);
        await new Promise((resolve, reject) => {
            relay.#server.once('error', reject);
            relay.#server.listen(0, '127.0.0.1', resolve);
        });
        return relay;
    }
    get url() {
        const address = this.#server.address();
        return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    }
    close() {
        this.#server.close();
        for (const socket of this.#sockets)
            socket.destroy();
    }
    #hold(socket) {
        this.#sockets.add(socket);
        socket.on('error', () => { });
        socket.on('close', () => this.#sockets.delete(socket));
    }
}

;// CONCATENATED MODULE: ./build/src/target/docker/ssh/ssh-host.js













/**
 * Opens the one SSH connection on which a run reaches its Docker host: for the engine at once, and for whatever else
 * is dialed. When this returns, the engine has answered.
 * @throws DeployError when anything is wrong that a person must put right: within a second or so, and at a host that
 *   does not answer at all after 10 s
 */
async function openSshHost(options) {
    const address = parseSshUrl(options.url);
    const trusted = await readKnownHosts(options.knownHosts, address, options.workspace);
    const identityFile = options.identityFile === undefined
        ? undefined
        : await readableKey((0,external_node_path_.resolve)(options.workspace, fromHome(options.identityFile)));
    const key = options.key === undefined || options.key.trim() === '' ? undefined : keyText(options.key);
    const host = new SshHost({
        address,
        folder: await TempFolder.create(),
        identityFile,
        key,
        patience: { ...PATIENCE, ...options.patience },
        progress: options.progress,
    });
    const cancel = () => host.stop(options.signal?.reason);
    options.signal?.addEventListener('abort', cancel);
    try {
        options.signal?.throwIfAborted();
        await host.open(trusted);
        return host;
    }
    catch (error) {
        await host.close();
        throw error;
    }
    finally {
        options.signal?.removeEventListener('abort', cancel);
    }
}
class SshHost {
    description;
    env;
    #address;
    #folder;
    #login;
    #patience;
    #progress;
    /** By their far ends; they keep their local ends for as long as the host is open. */
    #forwards = new Map();
    #relays = new Map();
    #stop = new AbortController();
    #connection;
    #reconnecting;
    /** Why there will be no connection any more. */
    #lost;
    constructor({ address, folder, patience, progress, ...keys }) {
        this.#address = address;
        this.#folder = folder;
        this.#patience = patience;
        this.#progress = progress;
        this.#login = new Login({ address, folder, patience, progress, ...keys, signal: this.#stop.signal });
        this.description = address.description;
        // An empty value turns TLS off, which a runner may have set for another engine.
        this.env = { DOCKER_HOST: `unix://${folder.engine}`, DOCKER_TLS_VERIFY: '', DOCKER_TLS: '' };
        this.#forwards.set(address.socket, { local: folder.engine, far: address.socket });
    }
    async open(trusted) {
        const connection = await this.#login.first(trusted, [...this.#forwards.values()]);
        this.#use(connection);
        if (await engineAnswers(this.#folder.engine, this.#stop.signal))
            return;
        this.#stop.signal.throwIfAborted();
        const answer = readAnswer(await connection.run(engineQuestion(this.#address.socket)));
        this.#stop.signal.throwIfAborted();
        throw engineFailure(this.#address, answer, connection.keyOptions);
    }
    async dial(address) {
        const far = farEnd(address);
        const connection = this.#current();
        // ssh tells of a refusal before it closes the way, but not on the same way: whoever has just seen it closed may be
        // ahead of what ssh said by one turn of the event loop, of which the first immediate only ends the present one.
        await (0,promises_.setImmediate)();
        await (0,promises_.setImmediate)();
        const reason = connection.refusal(far);
        if (reason !== undefined)
            await this.#explain(connection, address, far, reason);
        let forward = this.#forwards.get(far);
        if (forward === undefined) {
            forward = { local: this.#folder.socket(this.#forwards.size), far };
            this.#forwards.set(far, forward);
        }
        await connection.forward(forward);
        return { path: forward.local };
    }
    async url(address) {
        const far = farEnd(address);
        // Tells now, and not with each request, when there is no way.
        await this.dial(address);
        let relay = this.#relays.get(far);
        if (relay === undefined) {
            relay = Relay.open(() => this.dial(address));
            this.#relays.set(far, relay);
        }
        return (await relay).url;
    }
    tunnel() {
        const connection = this.#connection;
        return async () => {
            const answers = await engineAnswers(this.#folder.engine, this.#stop.signal);
            if (answers && connection !== undefined && connection === this.#connection)
                return;
            throw new target/* TransientError */.N(`The connection to ${this.description} broke under a question.`);
        };
    }
    lost() {
        return this.#lost;
    }
    /** From now on, nothing is waited for. */
    stop(reason) {
        this.#stop.abort(reason);
    }
    async close() {
        this.stop();
        for (const relay of await Promise.allSettled(this.#relays.values()))
            if (relay.status === 'fulfilled')
                relay.value.close();
        await this.#reconnecting;
        await this.#connection?.end();
        await this.#folder.remove();
    }
    /** @throws TransientError, DeployError `host-unreachable` */
    #current() {
        if (this.#stop.signal.aborted)
            throw new target/* TransientError */.N(`The connection to ${this.description} is closed.`);
        if (this.#lost !== undefined)
            throw this.#lost;
        if (this.#connection === undefined || this.#connection.isOver)
            throw new target/* TransientError */.N(`There is no connection to ${this.description} at the moment.`);
        return this.#connection;
    }
    /** @throws DeployError when a way that was refused is never going to be opened */
    async #explain(connection, address, far, reason) {
        if (!('path' in address)) {
            if (isForbidden(reason))
                throw tcpForbidden(this.#address, far);
            return;
        }
        const answer = readAnswer(await connection.run(socketQuestion(address.path)));
        if (answer.exists && !answer.writable)
            throw socketForbidden(this.#address, address.path, answer);
    }
    #use(connection) {
        this.#connection = connection;
        void connection.ended.then((reason) => {
            if (this.#stop.signal.aborted)
                return;
            this.#connection = undefined;
            this.#reconnecting = this.#reconnect(reason);
        });
    }
    /** Never throws: nobody waits for it. */
    async #reconnect(reason) {
        this.#progress(`The connection to ${this.description} broke (${reason}). Connecting again.`);
        const since = Date.now();
        let last;
        try {
            for (const pause of this.#patience.lost) {
                await this.#login.pause(pause);
                try {
                    this.#use(await this.#login.connect([...this.#forwards.values()]));
                    this.#progress(`Connected to ${this.description} again.`);
                    return;
                }
                catch (error) {
                    const failure = this.#login.failure(error);
                    last = failure.error;
                    if (failure.lasting === 'final')
                        break;
                }
            }
        }
        catch {
            return; // Closed meanwhile.
        }
        this.#lost = new errors/* DeployError */.s(`The connection to ${this.description} broke and could not be made again within ${(0,src_text/* duration */.p0)(Date.now() - since)}: ${last?.message ?? reason}`, { code: 'host-unreachable', hint: last?.hint, details: last?.details, cause: last });
        this.#progress(this.#lost.message);
    }
}

;// CONCATENATED MODULE: ./build/src/target/docker/open-host.js


/** The way to the host that the config, or the job's DOCKER_HOST, names. */
async function openHost(settings, { sshKey, workspace, progress, signal }) {
    const url = settings.host ?? process.env['DOCKER_HOST'] ?? '';
    if (!url.startsWith('ssh://'))
        return new LocalHost(settings.host);
    return openSshHost({
        url,
        knownHosts: settings['known-hosts'] ?? '',
        identityFile: settings['identity-file'],
        key: sshKey,
        workspace,
        progress,
        signal,
    });
}


/***/ })

};
