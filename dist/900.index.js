export const id = 900;
export const ids = [900];
export const modules = {

/***/ 900:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  DockerTarget: () => (/* binding */ DockerTarget)
});

// EXTERNAL MODULE: ./build/src/errors.js
var errors = __webpack_require__(7406);
// EXTERNAL MODULE: ./build/src/release/color.js
var release_color = __webpack_require__(4768);
// EXTERNAL MODULE: ./build/src/release/image.js
var release_image = __webpack_require__(4426);
// EXTERNAL MODULE: ./build/src/release/journal.js
var release_journal = __webpack_require__(672);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./build/src/text.js
var src_text = __webpack_require__(706);
;// CONCATENATED MODULE: ./build/src/target/docker/docker-error.js
/** A command that Docker refused: its own words, without `Error response from daemon:`. */
class DockerError extends Error {
    name = 'DockerError';
    /** All that it wrote to stderr. */
    output;
    constructor(message, output = message) {
        super(message);
        this.output = output;
    }
}
/** Docker has no such container, image or network (any more). */
const isMissing = (error) => error instanceof DockerError &&
    /no such (?:container|image|network|volume|object)|not found/i.test(error.message);

;// CONCATENATED MODULE: ./build/src/target/docker/compose-command.js



/** Of 2023: the oldest whose `config`, `up` and merge rules are known to be those that are relied on here. */
const OLDEST = [2, 20];
/** `docker compose` for the user's file, as one project. */
function compose(docker, { project, files, variables }, args, options = {}) {
    const { app, environment, color, image, imageTag } = variables;
    return docker.run(['compose', '--project-name', project, ...files.flatMap((file) => ['--file', file]), ...args], {
        ...options,
        env: {
            APP: app,
            ENVIRONMENT: environment,
            COLOR: color,
            IMAGE: image,
            IMAGE_TAG: imageTag,
            // What is read of its words must not hang on the job's own settings.
            COMPOSE_ANSI: 'never',
            COMPOSE_PROGRESS: 'plain',
            COMPOSE_STATUS_STDOUT: 'false',
            // Refused together with --remove-orphans.
            COMPOSE_IGNORE_ORPHANS: 'false',
        },
    });
}
/**
 * Makes sure that the CLI has its Compose plugin, and one that can do what is needed.
 * @throws DeployError `compose-plugin-missing`, `compose-plugin-old`
 */
async function checkPlugin(docker) {
    const hint = 'Install the package docker-compose-plugin (Docker’s own repository) or docker-compose-v2 (Ubuntu’s) on the runner; GitHub’s ubuntu runners have it.';
    const version = await docker.run(['compose', 'version', '--short']).catch((error) => {
        // Without the plugin the CLI takes `compose` for an unknown command, or its flags for its own.
        if (!(error instanceof DockerError))
            throw error;
        throw new errors/* DeployError */.s('The Docker CLI of this runner has no Compose plugin (`docker compose`).', {
            code: 'compose-plugin-missing',
            hint,
            details: [(0,src_text/* excerpt */.Kb)(error.output)],
        });
    });
    const [major = 0, minor = 0] = version.trim().replace(/^v/, '').split('.').map(Number.parseFloat);
    if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]))
        return;
    throw new errors/* DeployError */.s(`The Compose plugin of this runner is ${version.trim()}; ${OLDEST.join('.')} or newer is needed.`, { code: 'compose-plugin-old', hint });
}
/** Compose's own words about the user's file, with the place and what to do. */
function invalidFile(error, file) {
    const said = error.output
        .trim()
        .split('\n')
        .filter((line) => !/level=warning/.test(line))
        .join(' ')
        .replaceAll(`validating ${file.path}: `, '')
        .replaceAll(`${file.path}: `, '');
    const yaml = /^(?:failed to parse .*: )?yaml: /.test(said) ? file.broken() : undefined;
    const why = yaml ?? (0,src_text/* excerpt */.Kb)(said, 500);
    return new errors/* DeployError */.s(`Compose does not take ${placeOf(said, file)}: ${why.replace(/\.$/, '')}.`, {
        code: 'compose-invalid',
        hint: adviceFor(said),
    });
}
/** The service and key that Compose names: `services.web Additional property …`, `service "web" refers to …`. */
function placeOf(said, file) {
    const path = /\b((?:services|networks|volumes|secrets|configs)(?:\.[\w-]+)+)/.exec(said)?.[1]?.split('.');
    if (path !== undefined) {
        const property = /Additional property (\S+) is not allowed/.exec(said)?.[1];
        return file.at(property === undefined ? path : [...path, property]);
    }
    const [, service, kind, name] = /^service "([^"]+)"(?: refers to undefined (network|volume|secret|config) ([^\s:]+))?/.exec(said) ?? [];
    if (service === undefined)
        return file.name;
    return file.at(['services', service, ...(kind === undefined ? [] : [`${kind}s`])], name);
}
function adviceFor(said) {
    const variable = /required variable (\w+) is missing/.exec(said)?.[1];
    if (variable !== undefined)
        return `Give ${variable} in \`env:\` of the workflow’s step, or in .env beside the Compose file.`;
    if (/env file .* not found|no such file or directory/.test(said))
        return 'Write that file in a step before this one, or take it out of the Compose file.';
    const missing = /refers to undefined (network|volume|secret|config) ([^\s:]+)/.exec(said);
    if (missing !== null)
        return `Declare ${missing[2]} under \`${missing[1]}s:\` at the top level of the file.`;
    return 'Mend the file; `docker compose config` shows the same on your machine.';
}
/** Compose's warnings, without time and level: mostly variables that are not set. */
function warningOf(line) {
    const message = /level=warning msg="((?:[^"\\]|\\.)*)"/.exec(line)?.[1];
    return message?.replaceAll('\\"', '"').replaceAll('\\n', ' ');
}

;// CONCATENATED MODULE: ./build/src/target/docker/compose-config.js
/** How many containers of a service Compose runs by itself. */
const scaleOf = ({ scale, deploy }) => scale ?? deploy?.replicas ?? 1;
/** Somebody else makes it: Compose only uses it. */
const isExternal = ({ external }) => external !== undefined && external !== false;

;// CONCATENATED MODULE: ./build/src/target/docker/names.js
/** Compose's own labels: by them a container belongs to a project and a service. */
const COMPOSE_PROJECT = 'com.docker.compose.project';
const COMPOSE_SERVICE = 'com.docker.compose.service';
const COMPOSE_NUMBER = 'com.docker.compose.container-number';
/** Labels of ours, on each container of a color. None of them holds anything secret. */
const LABELS = {
    /** `Release.id` */
    release: 'blue-green.release',
    /** `Release.image` */
    image: 'blue-green.image',
    /** The restart policy that the container has while it is live, as `docker update --restart` takes it. */
    restart: 'blue-green.restart',
    /** What the Compose file said of its service: service-digests.ts. */
    config: 'blue-green.config',
    /** Where Compose copied files into it: injected-files.ts. */
    files: 'blue-green.files',
    app: 'blue-green.app',
    environment: 'blue-green.environment',
    color: 'blue-green.color',
};
/** What a color's Compose project is called, and by default its network alias and its HAProxy backend. */
const projectName = (app, environment, color) => `${app}-${environment}-${color}`;

;// CONCATENATED MODULE: ./build/src/target/docker/compose-facts.js

/** The label by which Compose knows a network that it made: the key in the file. */
const COMPOSE_NETWORK = 'com.docker.compose.network';
/** Asks the engine, four short questions at once. */
async function readFacts(docker, networks) {
    const [containers, found, volumes] = await Promise.all([
        docker.lines([
            'ps',
            '--all',
            '--format',
            `{"name":{{json .Names}},"project":{{json (.Label "${COMPOSE_PROJECT}")}},"ports":{{json .Ports}}}`,
        ]),
        docker.inspect('network', networks),
        docker.run(['volume', 'ls', '--quiet']),
    ]);
    return {
        containers: containers.map(({ name, project, ports }) => ({
            name,
            project,
            ports: publishedPorts(ports),
        })),
        networks: new Map(found.map(({ Name, Scope, Attachable, Labels }) => [
            Name,
            { name: Name, scope: Scope, attachable: Attachable, labels: Labels ?? {} },
        ])),
        volumes: new Set(volumes.split('\n').filter((name) => name !== '')),
    };
}
/** Reads `0.0.0.0:8080->80/tcp, :::8080->80/tcp, 9000/tcp, 127.0.0.1:9001-9002->9001-9002/udp`. */
const publishedPorts = (text) => text.split(', ').flatMap((one) => {
    const match = /^(.*):(\d+)(?:-(\d+))?->[\d-]+\/(\w+)$/.exec(one);
    if (match === null)
        return [];
    const [, ip = '', first = '', last = first, protocol = 'tcp'] = match;
    return [{ ip: anyAddress(ip), first: Number(first), last: Number(last), protocol }];
});
/** An address, or nothing where it means all of them. */
const anyAddress = (ip) => {
    const bare = ip.replace(/^\[|\]$/g, '');
    return bare === '0.0.0.0' || bare === '::' ? '' : bare;
};

;// CONCATENATED MODULE: ./build/src/target/docker/compose-failure.js



const LOG_LINES = 50;
/** `docker compose up` did not come to its end: its own words, and the log of whatever kept it. */
async function upFailure(docker, project, 
/** What Compose said; nothing when it was ended since it took too long. */
said, timeoutMs) {
    // What went wrong is known; that there is no more to it because the engine does not answer is no second failure.
    const culprits = await findCulprits(docker, project, said).catch(() => []);
    const details = await Promise.all(culprits.map((one) => describe(docker, one).catch(() => [])));
    const names = culprits.map(serviceOf).join(', ');
    if (said === undefined)
        return new errors/* DeployError */.s(`${names === '' ? 'What the others depend on' : names} did not come up within health.timeout (${timeoutMs / 1000} s), and other services wait for it (\`depends_on\`).`, {
            code: 'health-timeout',
            hint: 'If it only needs longer, raise health.timeout; otherwise look at its log and its health check.',
            details: details.flat(),
        });
    return new errors/* DeployError */.s(`Compose could not bring ${project} up: ${(0,src_text/* plain */.pj)(said).replace(/\.$/, '')}.`, {
        code: 'compose-up-failed',
        hint: hintFor(said, names),
        details: details.flat(),
    });
}
/** Compose's last words, without the progress before them. */
function lastWords(error) {
    const lines = error.output
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '' && !/^(?:Container|Network|Volume|Image) |level=warning/.test(line))
        .map((line) => line.replace(/^error response from daemon:\s*/i, ''));
    return (0,src_text/* excerpt */.Kb)(lines.length === 0 ? error.message : [...new Set(lines)].join(' '), 500);
}
async function findCulprits(docker, project, said = '') {
    const ids = await docker.run([
        'ps',
        '--all',
        '--quiet',
        '--no-trunc',
        '--filter',
        `label=${COMPOSE_PROJECT}=${project}`,
    ]);
    const all = await docker.inspect('container', ids.split('\n').filter((id) => id !== ''));
    const named = all.filter((one) => said.includes(one.Name.slice(1)) || said.includes(`"${serviceOf(one)}"`));
    if (named.length > 0)
        return named;
    return all.filter(({ State }) => (State.Status === 'exited' && State.ExitCode !== 0) ||
        State.Error !== '' ||
        (State.Health !== undefined && State.Health.Status !== 'healthy' && State.Status === 'running'));
}
async function describe(docker, container) {
    const { Id, Name, State } = container;
    const health = State.Health?.Log?.at(-1)?.Output ?? '';
    const lines = [];
    if (State.Status !== 'created')
        await docker.run(['logs', '--tail', String(LOG_LINES), Id], { onProgress: (line) => lines.push(line) });
    return [
        `${Name.slice(1)}: ${stateOf(State)}`,
        ...(health === '' ? [] : [`health check: ${(0,src_text/* excerpt */.Kb)(health)}`]),
        ...lines.slice(-LOG_LINES).map((line) => `  ${(0,src_text/* excerpt */.Kb)(line, 300)}`),
    ];
}
function stateOf({ Status, ExitCode, OOMKilled, Error: error, Health }) {
    if (error !== '')
        return (0,src_text/* excerpt */.Kb)(error, 300);
    if (OOMKilled)
        return 'killed, out of memory';
    if (Status === 'exited')
        return `exited with ${ExitCode}`;
    return Health === undefined ? Status : `${Status}, ${Health.Status}`;
}
const serviceOf = ({ Config, Name }) => Config.Labels?.[COMPOSE_SERVICE] ?? Name.slice(1);
function hintFor(said, names) {
    if (/port is already allocated|address already in use/.test(said))
        return 'Something else on the host has that port: remove it from `ports:`, or end what has it.';
    if (/no such image/i.test(said))
        return 'The image was removed from the host after it was pulled (a `docker image prune`?): run again.';
    if (/didn't complete successfully|dependency failed|exited \(\d+\)|is unhealthy/.test(said))
        return `Look at the log of ${names || 'that service'} below; other services wait for it (\`depends_on\`).`;
    if (/executable file not found|permission denied|exec format error|no such file or directory/.test(said))
        return 'Check `command:` and `entrypoint:`, and that the image is built for this host.';
    return 'Nothing of it reached users. Mend that, then deploy again.';
}

// EXTERNAL MODULE: ./node_modules/yaml/dist/index.js
var dist = __webpack_require__(8815);
;// CONCATENATED MODULE: ./build/src/target/docker/compose-file.js




/**
 * The user's Compose file as it is written, so that a message can name the line. What it means, Compose alone knows:
 * nothing but places is read here, and a file that can't be read as YAML has none.
 */
class ComposeFile {
    /** As in the config: `compose.yml`. */
    name;
    /** Absolute. */
    path;
    #document;
    #lines = new dist/* LineCounter */.HN();
    constructor(name, path, text) {
        this.name = name;
        this.path = path;
        this.#document = (0,dist/* parseDocument */.Tp)(text, {
            lineCounter: this.#lines,
            merge: true,
            prettyErrors: false,
            logLevel: 'silent',
            uniqueKeys: false,
        });
    }
    /**
     * Where something is written: `compose.yml:12`. The file alone where it isn't in this file (`extends`, `include`).
     * `holding` picks the item of a list, or the value, which has that text in it.
     */
    at(path, holding) {
        const line = this.#line(path, holding);
        return line === undefined ? this.name : `${this.name}:${line}`;
    }
    /** Whether the path is there, as far as this file tells. */
    has(path) {
        return this.#follow(path).steps === path.length;
    }
    /** Where the YAML itself is broken: `line 3, column 5: …`. */
    broken() {
        const error = this.#document.errors[0];
        if (error === undefined)
            return undefined;
        const { line, col } = this.#lines.linePos(error.pos[0]);
        return `line ${line}, column ${col}: ${error.message.split('\n')[0]}`;
    }
    #line(path, holding) {
        const { node, offset, steps } = this.#follow(path);
        // A service that isn't in this file at all has no line in it.
        if (offset === undefined || steps < Math.min(2, path.length))
            return undefined;
        const item = holding !== undefined && steps === path.length && (0,dist/* isSeq */.oP)(node)
            ? node.items.find((one) => JSON.stringify(one.toJSON()).includes(holding))
            : undefined;
        return this.#lines.linePos(item?.range?.[0] ?? offset).line;
    }
    #follow(path) {
        let node = this.#document.contents;
        let offset;
        let steps = 0;
        for (const step of path) {
            if ((0,dist/* isAlias */.Vj)(node))
                node = node.resolve(this.#document);
            if (!(0,dist/* isMap */.jh)(node))
                break;
            const pair = node.items.find(({ key }) => (0,dist/* isScalar */.jn)(key) && String(key.value) === step);
            if (pair === undefined)
                break;
            offset = pair.key.range?.[0];
            node = pair.value;
            steps += 1;
        }
        return { node, offset, steps };
    }
}
/**
 * Reads the user's Compose file.
 * @throws DeployError `compose-missing`, `compose-outside`
 */
async function readComposeFile(name, workspace) {
    const path = (0,external_node_path_.resolve)(workspace, name);
    const text = await (0,promises_.readFile)(path, 'utf8').catch((cause) => {
        throw new errors/* DeployError */.s(cause.code === 'ENOENT' || cause.code === 'ENOTDIR'
            ? `There is no Compose file ${name} in the workspace.`
            : `Compose file ${name} can’t be read: ${cause.code}.`, {
            code: 'compose-missing',
            hint: 'Check the repository out before this step (actions/checkout), and write the path from its root in docker.compose.',
            cause,
        });
    });
    // A symbolic link must not lead out of what was checked out either.
    const inside = (0,external_node_path_.relative)(await (0,promises_.realpath)(workspace), await (0,promises_.realpath)(path));
    if (inside.split(external_node_path_.sep)[0] === '..' || (0,external_node_path_.isAbsolute)(inside))
        throw new errors/* DeployError */.s(`Compose file ${name} is outside of the workspace.`, {
            code: 'compose-outside',
            hint: 'Write a path inside of the repository in docker.compose.',
        });
    return new ComposeFile(name, path, text);
}

;// CONCATENATED MODULE: ./build/src/target/docker/docker-json.js

/**
 * JSON that Docker wrote. It may hold secrets (what a container's environment says), and JavaScript's own error would quote
 * it where it breaks off.
 * @param source who wrote it, for people
 */
function parseJson(text, source, reviver) {
    try {
        return JSON.parse(text, reviver);
    }
    catch {
        throw new errors/* DeployError */.s(`${source} did not answer in JSON (${text.length} characters).`, {
            code: 'unexpected',
            hint: 'A wrapper of `docker`, or a plugin, may write something of its own: run it on the runner to see.',
        });
    }
}
/**
 * JSON whose numbers come out as they went in: Docker's are 64 bits wide (an unlimited ulimit is 2^63 - 1), and what
 * JavaScript would make of those, Docker refuses.
 */
const parseExact = (text, source = 'Docker') => parseJson(text, source, reviver);
/** What TypeScript's library does not know yet of JSON in Node 24. */
const { rawJSON } = JSON;
function reviver(_key, value, context) {
    const isInexact = typeof value === 'number' &&
        context?.source !== undefined &&
        !Number.isSafeInteger(value) &&
        Number.isInteger(value);
    return isInexact ? rawJSON(context.source) : value;
}

;// CONCATENATED MODULE: ./build/src/target/docker/overlap-subject.js
/** A tag that nobody has: where it comes back, the user's file says `${IMAGE_TAG}`. */
const PROBE_TAG = 'blue-green-probe';
/** The user's word for what both colors may share, or each have their own of: `x-blue-green: { accept: [uploads] }`. */
function accepted({ configs, color }) {
    const extension = configs[color]['x-blue-green'];
    const list = isRecord(extension) ? extension['accept'] : undefined;
    return new Set(Array.isArray(list) ? list.filter((one) => typeof one === 'string') : []);
}
const isRecord = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const problem = (message, fix, forceable = false) => ({
    message,
    fix,
    forceable,
});

;// CONCATENATED MODULE: ./build/src/target/docker/overlap-names.js


/** Fixed names of containers: an engine has each once. */
function nameProblems(overlap) {
    const { settings, file, configs, color, replicas, facts } = overlap;
    const other = configs[(0,release_color/* otherColor */.IP)(color)];
    return Object.entries(configs[color].services).flatMap(([name, { container_name: fixed }]) => {
        if (fixed === undefined || fixed === '')
            return [];
        const at = file.at(['services', name, 'container_name']);
        const isTraffic = name === settings.service;
        if (Object.values(other.services).some(({ container_name }) => container_name === fixed))
            return [
                problem(`Service ${name} (${at}) names its container ${fixed}, and both colors can’t have that name.`, isTraffic && replicas > 1
                    ? 'Remove that line.'
                    : `Remove that line, or write \`container_name: ${fixed}-\${COLOR}\`.`),
            ];
        if (isTraffic && replicas > 1)
            return [
                problem(`Service ${name} (${at}) names its container ${fixed}, but is to run ${replicas} times.`, 'Remove that line.'),
            ];
        const holder = facts.containers.find((one) => one.name === fixed && one.project !== configs[color].name);
        return holder === undefined
            ? []
            : [
                problem(`Service ${name} (${at}) names its container ${fixed}, and there is such a container already, of ${holder.project === '' ? 'no project' : `the project ${holder.project}`}.`, 'Remove that line, or write a name that is free.'),
            ];
    });
}

;// CONCATENATED MODULE: ./build/src/target/docker/overlap-networks.js




/** Networks that are not there, or that the second color could not have. */
const networkProblems = (overlap) => [
    ...sharedProblems(overlap),
    ...declaredProblems(overlap),
    ...addressProblems(overlap),
];
/** The network that the containers share with the proxy. */
function sharedProblems({ settings: { network: name }, facts }) {
    const network = facts.networks.get(name);
    if (network === undefined)
        return [
            problem(`The Docker network ${name} (docker.network) does not exist.`, `Create it with \`docker network create ${name}\`, and put your proxy on it (operation: setup does both).`),
        ];
    if (network.scope === 'swarm' && !network.attachable)
        return [
            problem(`The Docker network ${name} (docker.network) is for Swarm services only.`, `Create it anew with \`docker network create --driver overlay --attachable ${name}\`.`),
        ];
    return [];
}
function declaredProblems({ settings, file, configs, color, facts }) {
    const networks = configs[color].networks ?? {};
    const others = configs[(0,release_color/* otherColor */.IP)(color)].networks ?? {};
    return Object.entries(networks).flatMap(([key, network]) => {
        // The proxy's: declared as it must be by us, and looked at above.
        if (network.name === settings.network)
            return [];
        const at = file.at(['networks', key]);
        const there = facts.networks.get(network.name);
        if (isExternal(network))
            return there !== undefined
                ? []
                : [
                    problem(`The external network ${network.name} (${at}) does not exist.`, `Create it with \`docker network create ${network.name}\`.`),
                ];
        if (others[key]?.name === network.name)
            // One network for both: fine, unless it is somebody else's, which Compose refuses.
            return there === undefined || there.labels[COMPOSE_NETWORK] === key
                ? []
                : [
                    problem(`The network ${network.name} (${at}) exists already, and was not made by Compose.`, `Add \`external: true\` to it in ${file.name}.`),
                ];
        const subnet = subnetsOf(network).find((one) => subnetsOf(others[key]).includes(one));
        return subnet === undefined
            ? []
            : [
                problem(`The network ${key} (${at}) wants the subnet ${subnet} for each color, and an engine has it only once.`, 'Remove `ipam:` from it, or make it one network of both colors: `external: true` with a `name:`.'),
            ];
    });
}
/** A fixed address on a network of both colors. */
function addressProblems({ file, configs, color, replicas, settings }) {
    const { services, networks = {} } = configs[color];
    const other = configs[(0,release_color/* otherColor */.IP)(color)];
    return Object.entries(services).flatMap(([name, service]) => Object.entries(service.networks ?? {}).flatMap(([key, attachment]) => {
        const address = attachment?.ipv4_address ?? attachment?.ipv6_address;
        if (address === undefined)
            return [];
        const theirs = other.services[name]?.networks?.[key];
        const isShared = networks[key]?.name === other.networks?.[key]?.name &&
            (theirs?.ipv4_address ?? theirs?.ipv6_address) === address;
        if (!isShared && !(name === settings.service && replicas > 1))
            return [];
        return [
            problem(`Service ${name} (${file.at(['services', name, 'networks', key])}) wants the address ${address}, which only one container can have.`, `Remove it: other containers find the service by its name, ${name}.`),
        ];
    }));
}
const subnetsOf = (network) => (network?.ipam?.config ?? []).flatMap(({ subnet }) => (subnet === undefined ? [] : [subnet]));

;// CONCATENATED MODULE: ./build/src/target/docker/overlap-ports.js




/** Ports of the host, of which there is one each. */
const portProblems = (overlap) => Object.entries(overlap.configs[overlap.color].services).flatMap(([name, service]) => [
    ...(service.ports ?? []).flatMap((port) => publishProblems(overlap, name, service, port)),
    ...hostModeProblems(overlap, name, service),
]);
function publishProblems({ settings, file, configs, color, facts }, name, service, port) {
    const wanted = hostPort(port);
    // Without the host's side the engine takes any free one.
    if (wanted === undefined)
        return [];
    const at = file.at(['services', name, 'ports'], String(wanted.first));
    const shown = show(wanted);
    if (name === settings.service)
        return [
            problem(`Service ${name} (${at}) publishes port ${shown} on the host, which only one color, and one container, could have.`, `Remove it from \`ports:\`: the proxy reaches the containers over the network ${settings.network}. To publish it is the proxy’s part.`),
        ];
    const project = configs[color].name;
    const fix = `Remove it from \`ports:\` (containers of the file reach it as ${name}:${port.target}), or leave the choice to Docker: \`- "${port.target}"\`.`;
    const other = configs[(0,release_color/* otherColor */.IP)(color)].services[name];
    const count = scaleOf(service);
    const theirs = (other?.ports ?? [])
        .map(hostPort)
        .filter((one) => one !== undefined && overlaps(one, wanted));
    const needed = count + (theirs.length > 0 && other !== undefined ? scaleOf(other) : 0);
    const foreign = facts.containers.filter((container) => container.project !== project && container.ports.some((taken) => overlaps(taken, wanted)));
    const size = wanted.last - wanted.first + 1;
    // Of a range each container takes one that is free.
    if (theirs.length > 0 && needed > size)
        return [
            problem(`Service ${name} (${at}) publishes port ${shown} on the host, which both colors would need.`, fix),
        ];
    const [holder] = foreign.filter((one) => one.project !== configs[(0,release_color/* otherColor */.IP)(color)].name || theirs.length === 0);
    return holder === undefined || size > count
        ? []
        : [
            problem(`Service ${name} (${at}) publishes port ${shown} on the host, which ${holder.name} has.`, fix),
        ];
}
/** What listens on the host's own network collides without saying where. */
function hostModeProblems({ settings, file, configs, color }, name, { network_mode: mode }) {
    const isShared = configs[(0,release_color/* otherColor */.IP)(color)].services[name]?.network_mode === 'host';
    if (mode !== 'host' || !isShared || name === settings.service)
        return [];
    return [
        problem(`Service ${name} (${file.at(['services', name, 'network_mode'])}) uses the host’s network, where both colors would listen on the same ports.`, 'Remove that line, or run it in a Compose project of its own, which stays while the colors change.', true),
    ];
}
function hostPort({ published, host_ip: ip = '', protocol = 'tcp' }) {
    const [first = 0, last = first] = String(published ?? '')
        .split('-')
        .map(Number);
    return first === 0 ? undefined : { ip: anyAddress(ip), first, last, protocol };
}
const overlaps = (a, b) => a.protocol === b.protocol &&
    a.first <= b.last &&
    b.first <= a.last &&
    (a.ip === '' || b.ip === '' || a.ip === b.ip);
const show = ({ ip, first, last, protocol }) => `${ip === '' ? '' : `${ip}:`}${first === last ? first : `${first}-${last}`}${protocol === 'tcp' ? '' : `/${protocol}`}`;

// EXTERNAL MODULE: ./build/src/config/suggest.js
var suggest = __webpack_require__(234);
;// CONCATENATED MODULE: ./build/src/target/docker/pull-error.js


/**
 * What engines say when they can't pull, in the words of 20.10 up to 28, of registries, and of containerd. The order
 * matters: Docker Hub says `denied` and `not found` in one breath of what it does not want to tell apart.
 */
const KINDS = [
    {
        code: 'image-platform',
        says: /no matching manifest for|no match for platform|does not match the specified platform|exec format error/i,
        why: () => 'is not built for the platform of the Docker host',
        hint: () => 'Build it for that platform too (`platforms:` of docker/build-push-action), or say `platform:` in the Compose file where the host emulates another one.',
    },
    {
        code: 'no-space',
        says: /no space left on device|disk quota exceeded/i,
        why: () => 'does not fit on the disk of the Docker host',
        hint: () => 'Free space there (`docker system df` shows what uses it, `docker image prune` removes untagged images), then run again.',
    },
    {
        code: 'image-denied',
        says: /pull access denied|unauthorized|denied|no basic auth credentials|authentication required|forbidden|insufficient_scope/i,
        why: (image) => `is refused by ${registryOf(image)}, or is not there`,
        hint: (image) => `Log in to ${registryOf(image)} in a step before this one (docker/login-action${loginHint(registryOf(image))}), and check the name of the image.`,
    },
    {
        code: 'pull-limit',
        says: /toomanyrequests|too many requests|rate limit/i,
        why: (image) => `is not given out by ${registryOf(image)} at the moment: too many pulls`,
        hint: (image) => `Log in to ${registryOf(image)} in a step before this one for a higher limit, or run again later.`,
    },
    {
        code: 'image-missing',
        says: /manifest unknown|manifest for .* not found|name unknown|repository .* not found|: not found|404 not found/i,
        why: (image) => `is not in ${registryOf(image)}`,
        hint: () => 'Check the tag, and that the step which pushes the image runs before this one and ended well.',
    },
    {
        code: 'registry-unreachable',
        says: /no such host|connection refused|i\/o timeout|tls handshake timeout|x509:|certificate|server gave http response to https client|request canceled|deadline exceeded|network is unreachable|no route to host|connection reset|\beof\b|unexpected http status|service unavailable|bad gateway|internal server error/i,
        why: (image) => `can’t be had: the Docker host does not reach ${registryOf(image)}`,
        hint: (image) => `Check the name ${registryOf(image)}, and the network, DNS and certificates of the Docker host; nothing was changed.`,
    },
];
/** One clear sentence of what the engine said about an image that it could not pull. */
function pullError({ image, services }, said) {
    const kind = KINDS.find(({ says }) => says.test(said));
    const whose = services.length === 1 ? `service ${services[0]}` : `services ${services.join(', ')}`;
    const details = [(0,src_text/* excerpt */.Kb)(said, 500)];
    if (kind === undefined)
        return new errors/* DeployError */.s(`Image ${image} (${whose}) could not be pulled: ${(0,src_text/* excerpt */.Kb)(said).replace(/\.$/, '')}.`, {
            code: 'pull-failed',
            hint: 'Nothing was changed. Mend that, then run again.',
            details,
        });
    return new errors/* DeployError */.s(`Image ${image} (${whose}) ${kind.why(image)}.`, {
        code: kind.code,
        hint: kind.hint(image),
        details,
    });
}
/** The image is there, but the host can't run it. */
const wrongPlatform = ({ image, services }, own, host) => new errors/* DeployError */.s(`Image ${image} (service ${services.join(', ')}) is built for ${own}, and the Docker host is ${host}.`, {
    code: 'image-platform',
    hint: `Build it for ${host} (\`platforms:\` of docker/build-push-action), or say \`platform: ${own}\` in the Compose file if the host emulates that.`,
});
/** `ghcr.io` of `ghcr.io/acme/shop:v1`; names without a host are Docker Hub's. */
function registryOf(image) {
    const [first = '', ...rest] = image.split('/');
    const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
    return isHost ? first.replace(/^(?:index\.)?docker\.io$/, 'Docker Hub') : 'Docker Hub';
}
function loginHint(registry) {
    if (registry === 'ghcr.io')
        return ', with `registry: ghcr.io` and the permission `packages: read`';
    if (/\.dkr\.ecr\./.test(registry))
        return ' after aws-actions/configure-aws-credentials, or amazon-ecr-login';
    return registry === 'Docker Hub' ? '' : `, with \`registry: ${registry}\``;
}

;// CONCATENATED MODULE: ./build/src/target/docker/pull.js



/** How often, at most, the progress of one image is told. */
const TELL_EVERY_MS = 5_000;
/** Large images on slow lines; a cancelled run ends it at once. */
const PULL_TIMEOUT_MS = 60 * 60_000;
/**
 * As long as one layer may take to come, or to be unpacked: a line tells of each one's beginning and end, and none of
 * what is between. A pull that stalls would else hold the lock, on a runner that is paid by the minute, until the end.
 */
const SILENCE_MS = 30 * 60_000;
/** The images of all services that run, each once, with the strictest policy of those who want it. */
function neededImages({ services }) {
    const needed = new Map();
    for (const [name, { image, platform, pull_policy }] of Object.entries(services)) {
        if (image === undefined)
            continue;
        const key = `${image} ${platform ?? ''}`;
        const known = needed.get(key);
        const policy = policyOf(pull_policy);
        needed.set(key, {
            image,
            ...(platform === undefined ? {} : { platform }),
            services: [...(known?.services ?? []), name],
            policy: known === undefined ? policy : stricter(known.policy, policy),
        });
    }
    return [...needed.values()];
}
/** Without a word of the user a tag is asked for anew: `up` would take what an earlier pull left under it. */
function policyOf(written) {
    if (written === 'never' || written === 'build')
        return 'never';
    return written === 'missing' || written === 'if_not_present' ? 'missing' : 'always';
}
const ORDER = ['never', 'missing', 'always'];
const stricter = (a, b) => ORDER[Math.max(ORDER.indexOf(a), ORDER.indexOf(b))];
/**
 * Brings all the images to the host, all at once, with the logins of the runner's own Docker config.
 * @returns what is there then, in the order of `needed`
 * @throws DeployError which says of one image why it can't be had
 */
async function pullAll(docker, needed, { progress, signal, silence = SILENCE_MS, }) {
    // The first that fails ends the others: nothing can be deployed without it.
    const abort = new AbortController();
    const either = AbortSignal.any([signal, abort.signal]);
    const host = docker.run(['version', '--format', '{{.Server.Os}}/{{.Server.Arch}}']);
    // Told where it is waited for, which may be minutes later.
    host.catch(() => { });
    try {
        return await Promise.all(needed.map(async (one) => {
            const image = await pullOne(docker, one, { progress, signal: either, silence });
            const [own, theirs] = [`${image.Os}/${image.Architecture}`, (await host).trim()];
            if (one.platform === undefined && own !== theirs)
                throw wrongPlatform(one, own, theirs);
            return image;
        }));
    }
    catch (error) {
        abort.abort(error);
        await host.catch(() => { });
        throw error;
    }
}
/** Whether `pullAll` would ask a registry for it. */
const isPulled = async (docker, needed) => needed.policy !== 'never' && (await present(docker, needed)) === undefined;
/** One that is there, where it is good enough: what a digest names can't have changed since. */
async function present(docker, { image, policy }) {
    if (policy === 'always' && !image.includes('@sha256:'))
        return undefined;
    return (await docker.inspect('image', [image]))[0];
}
async function pullOne(docker, needed, { progress, signal, silence, }) {
    const { image, platform, policy } = needed;
    const there = await present(docker, needed);
    if (there !== undefined)
        return there;
    if (policy === 'never')
        throw pullError(needed, `it is not on the Docker host, and pull_policy is never`);
    progress(`Pulling ${image}.`);
    const stalled = new AbortController();
    const why = () => pullError(needed, `no layer began or ended for ${(0,src_text/* duration */.p0)(silence)}`);
    const timer = setTimeout(() => stalled.abort(why()), silence);
    const tell = layerTeller(image, progress);
    try {
        await docker.run(['pull', ...(platform === undefined ? [] : ['--platform', platform]), image], {
            signal: AbortSignal.any([signal, stalled.signal]),
            timeout: PULL_TIMEOUT_MS,
            onProgress: (line) => {
                timer.refresh();
                tell(line);
            },
        });
    }
    catch (error) {
        throw error instanceof DockerError ? pullError(needed, error.message) : error;
    }
    finally {
        clearTimeout(timer);
    }
    const [pulled] = await docker.inspect('image', [image]);
    if (pulled === undefined)
        throw pullError(needed, 'it was removed while it was pulled');
    return pulled;
}
/** Counts layers: without a terminal `docker pull` tells each one's beginning and end. */
function layerTeller(image, progress) {
    const layers = new Set();
    const done = new Set();
    let told = Date.now();
    return (line) => {
        const [, layer, state] = /^([0-9a-f]{12}): (.+)$/.exec(line) ?? [];
        if (layer === undefined || state === undefined)
            return;
        layers.add(layer);
        if (/^(?:Pull complete|Already exists)/.test(state))
            done.add(layer);
        if (Date.now() - told < TELL_EVERY_MS || done.size === layers.size)
            return;
        told = Date.now();
        progress(`Pulling ${image}: ${done.size} of ${layers.size} layers.`);
    };
}
/** The reference with the digest that its registry gave it; as it is where none did. */
function pinned(image, { RepoDigests }) {
    if (image.includes('@'))
        return image;
    const own = familiar(repositoryOf(image));
    const digest = (RepoDigests ?? []).find((one) => familiar(one.split('@')[0] ?? '') === own)?.split('@')[1];
    return digest === undefined ? image : `${image}@${digest}`;
}
/** Without the tag; a colon before the last slash is a registry's port. */
const repositoryOf = (image) => image.replace(/:[^/:]*$/, '');
/** Whether both are of the same repository, whatever their tags and digests are. */
const isSameRepository = (one, other) => {
    const [a, b] = [one, other].map((image) => familiar(repositoryOf(image.split('@')[0] ?? '')));
    return a === b;
};
/** Docker Hub's images have long names and short ones. */
const familiar = (repository) => repository.replace(/^(?:index\.)?docker\.io\//, '').replace(/^library\//, '');

;// CONCATENATED MODULE: ./build/src/target/docker/overlap-traffic.js




/** What is wrong with the service that takes the traffic, and with images that nobody can pull. */
function trafficProblems(overlap) {
    const { settings, configs, color } = overlap;
    const service = configs[color].services[settings.service];
    const images = buildProblems(overlap);
    if (service === undefined)
        return [missing(overlap), ...images];
    return [...imageProblems(overlap), ...replicaProblems(overlap), ...modeProblems(overlap), ...images];
}
function missing({ settings, file, configs, color }) {
    const name = settings.service;
    const at = ['services', name];
    if (file.has([...at, 'profiles']))
        return problem(`Service ${name} (${file.at([...at, 'profiles'])}) is in a profile that is not active.`, 'Remove `profiles:` from it, or set COMPOSE_PROFILES in `env:` of the workflow’s step.');
    const known = Object.keys(configs[color].services);
    const near = (0,suggest/* suggest */.Z)(name, known);
    return problem(`${file.name} has no service ${name}: docker.service must name the one that takes the traffic.`, near === undefined
        ? `Its services are ${known.join(', ')}: write one of them in docker.service.`
        : `Write \`service: ${near}\` in docker.`);
}
/** A service with an image of its own would be the same release for ever, whatever tag is deployed. */
function imageProblems(overlap) {
    const { settings, file, configs, images, color } = overlap;
    const { image } = configs[color].services[settings.service];
    const other = color === 'blue' ? 'green' : 'blue';
    const others = configs[other].services[settings.service]?.image;
    if (image === images[color] && others === images[other])
        return [];
    const at = file.at(['services', settings.service, 'image']);
    const fix = `Write \`image: \${IMAGE}\` there; this action sets IMAGE to the full reference.`;
    if (followsTag(overlap)) {
        // By its tag alone, what is pulled may be another one by now.
        if (!images.blue.includes('@'))
            return [];
        return [
            problem(`Service ${settings.service} (${at}) takes its image by IMAGE_TAG, and this deployment names it by its digest, which a tag can’t hold.`, `${fix} Or deploy by a tag alone.`),
        ];
    }
    return [
        problem(image === undefined
            ? `Service ${settings.service} (${file.at(['services', settings.service])}) has no \`image:\`.`
            : `Service ${settings.service} (${at}) runs ${image}, and not the image that is deployed: every deployment would be the same.`, fix),
    ];
}
/** `image: repository:${IMAGE_TAG}`, with the repository of what is deployed. */
const followsTag = ({ byTag, images }) => byTag?.endsWith(`:${PROBE_TAG}`) === true && isSameRepository(byTag, images.blue);
function replicaProblems({ settings, file, configs, color, replicas }) {
    const name = settings.service;
    const service = configs[color].services[name];
    const written = scaleOf(service);
    const key = service.deploy?.replicas !== undefined && service.scale === undefined;
    const path = [
        'services',
        name,
        ...(file.has(['services', name, 'scale']) || !key ? ['scale'] : ['deploy', 'replicas']),
    ];
    if (service.deploy?.mode === 'global')
        return [
            problem(`Service ${name} (${file.at(['services', name, 'deploy', 'mode'])}) has the mode \`global\`, which has no number of containers.`, 'Remove that line, and write the number in docker.replicas.'),
        ];
    if ((service.scale === undefined && service.deploy?.replicas === undefined) || written === replicas)
        return [];
    return [
        problem(`Service ${name} is to run ${written} times by ${file.at(path)}, but ${replicas} times by docker.replicas${settings.replicas === undefined ? ' (left out: as many as the live color runs, at first 1)' : ''}.`, `Remove the line from ${file.name}, and write \`replicas: ${written}\` in docker, if that is the number.`, true),
    ];
}
/** Without an address of its own on the proxy's network, no container can be told from another. */
function modeProblems({ settings, file, configs, color }) {
    const mode = configs[color].services[settings.service].network_mode;
    if (mode === undefined || mode === '')
        return [];
    return [
        problem(`Service ${settings.service} (${file.at(['services', settings.service, 'network_mode'])}) has \`network_mode: ${mode}\`, so its containers have no address of their own for the proxy.`, `Remove that line: the service is put on the network ${settings.network} for you.`),
    ];
}
/** Nothing is built during a deployment: what runs must be what was pushed and tested. */
const buildProblems = ({ file, configs, color, settings }) => Object.entries(configs[color].services)
    .filter(([name, { image, build }]) => image === undefined && build !== undefined && name !== settings.service)
    .map(([name]) => problem(`Service ${name} (${file.at(['services', name, 'build'])}) has \`build:\` but no \`image:\`, and nothing is built while it is deployed.`, `Push its image in a step before, and name it: \`image: <repository>:\${IMAGE_TAG}\`.`));

;// CONCATENATED MODULE: ./build/src/target/docker/overlap-volumes.js




/** What both colors would write to at once, and what only one of them would have. */
function volumeProblems(overlap) {
    const { configs, color } = overlap;
    const mounts = Object.entries(configs[color].services).flatMap(([service, { volumes = [] }]) => volumes.map((mount) => ({ service, mount })));
    return [
        ...missingProblems(overlap),
        ...mounts.flatMap(({ service, mount }) => [
            ...overlap_volumes_sharedProblems(overlap, service, mount),
            ...workspaceProblems(overlap, service, mount),
        ]),
        ...fileProblems(overlap),
        ...storeProblems(overlap),
    ];
}
/** An engine's own things, or made to be shared: a socket, devices, the clock. */
const HARMLESS = /^\/(?:dev|proc|sys|etc\/localtime|etc\/timezone)(?:\/|$)|\.sock$/;
function missingProblems({ file, configs, color, facts }) {
    return Object.entries(configs[color].volumes ?? {})
        .filter(([, volume]) => isExternal(volume) && !facts.volumes.has(volume.name))
        .map(([key, { name }]) => problem(`The external volume ${name} (${file.at(['volumes', key])}) does not exist.`, `Create it with \`docker volume create ${name}\`.`));
}
function overlap_volumes_sharedProblems(overlap, service, mount) {
    const { file, configs, color } = overlap;
    const written = whatIsWritten(configs[color], mount);
    if (written === undefined || mount.source === undefined)
        return [];
    const other = configs[(0,release_color/* otherColor */.IP)(color)];
    const isShared = Object.values(other.services)
        .flatMap(({ volumes = [] }) => volumes)
        .some((theirs) => whatIsWritten(other, theirs) === written);
    const accepts = accepted(overlap);
    if (!isShared || accepts.has(mount.source) || accepts.has(written) || accepts.has(service))
        return [];
    const isVolume = mount.type === 'volume';
    const at = file.at(['services', service, 'volumes'], mount.target);
    return [
        problem(`Service ${service} (${at}) writes to ${isVolume ? `the volume ${written}` : written} at ${mount.target}, and so would the other color at the same time.`, `Mount it read-only (\`:ro\`), or run what owns the data in a Compose project of its own; where two versions may write to it at once, add \`x-blue-green: { accept: [${isVolume ? mount.source : written}] }\` to ${file.name}.`, true),
    ];
}
/** What the engine knows it by; nothing for what is read-only, anonymous, in memory or harmless. */
function whatIsWritten(config, mount) {
    if (mount.read_only === true || mount.source === undefined)
        return undefined;
    if (mount.type === 'bind')
        return HARMLESS.test(mount.source) ? undefined : mount.source;
    return mount.type === 'volume' ? (config.volumes?.[mount.source]?.name ?? mount.source) : undefined;
}
/** Compose turns `./nginx.conf` into a path of this machine; the engine looks for it on its own. */
function workspaceProblems(overlap, service, mount) {
    const { file } = overlap;
    const inside = mount.type === 'bind' ? insideWorkspace(overlap, mount.source) : undefined;
    if (inside === undefined)
        return [];
    return [
        problem(`Service ${service} (${file.at(['services', service, 'volumes'], mount.target)}) mounts ./${inside} of the workspace, which is not on the Docker host.`, 'Put it into the image, or on the host under an absolute path.', true),
    ];
}
/** Secrets and configs with `file:` are mounts as well. */
function fileProblems(overlap) {
    const { file, configs, color } = overlap;
    const services = Object.entries(configs[color].services);
    return ['secrets', 'configs'].flatMap((kind) => Object.entries(configs[color][kind] ?? {}).flatMap(([key, source]) => {
        const inside = insideWorkspace(overlap, source.file);
        const users = services.filter(([, service]) => service[kind]?.some((one) => one.source === key));
        if (inside === undefined || users.length === 0)
            return [];
        return [
            problem(`The ${kind.slice(0, -1)} ${key} (${file.at([kind, key])}) of ${users.map(([name]) => name).join(' and ')} is ./${inside} of the workspace, which is not on the Docker host.`, 'Write the absolute path of a file on the host, or take its text from a variable of the job (`environment:`).', true),
        ];
    }));
}
/** The path in the workspace, where that is not on the Docker host; nothing for any other path. */
function insideWorkspace({ remoteWorkspace }, path) {
    if (remoteWorkspace === undefined || path === undefined)
        return undefined;
    const inside = (0,external_node_path_.relative)(remoteWorkspace, path);
    return inside.split(external_node_path_.sep)[0] === '..' ? undefined : inside;
}
/** Images whose whole point is data that must be there after the switch too. */
const STORES = /(?:^|\/)(?:postgres(?:ql)?|postgis|timescaledb(?:-ha)?|pgvector|mysql|mariadb|percona|mongo(?:db)?|mssql|cassandra|clickhouse(?:-server)?|couchdb|cockroach|elasticsearch|opensearch|influxdb|minio|neo4j|rabbitmq)(?::|@|$)/;
/** A database that moves with the color is another one, with other data, for each color. */
function storeProblems(overlap) {
    const { file, configs, color, settings } = overlap;
    const accepts = accepted(overlap);
    return Object.entries(configs[color].services)
        .filter(([name]) => !accepts.has(name) && hasStoreOfItsOwn(overlap, name))
        .map(([name, { image }]) => problem(`Service ${name} (${file.at(['services', name])}) runs ${image} with data of its own for each color: after a switch, users would not find what they saved.`, `Run it in a Compose project of its own on the network ${settings.network}; or, if that is meant, add \`x-blue-green: { accept: [${name}] }\` to ${file.name}.`, true));
}
/** Whether the service is a database of which each color would have another one. */
function hasStoreOfItsOwn({ configs, color, settings }, name) {
    const [own, other] = [configs[color], configs[(0,release_color/* otherColor */.IP)(color)]];
    const { image = '', volumes = [] } = own.services[name] ?? {};
    if (name === settings.service || !STORES.test(image))
        return false;
    const theirs = (other.services[name]?.volumes ?? []).map((mount) => whatIsWritten(other, mount));
    // One store for both colors is told above.
    return !volumes.some((mount) => {
        const written = whatIsWritten(own, mount);
        return written !== undefined && theirs.includes(written);
    });
}

;// CONCATENATED MODULE: ./build/src/target/docker/overlap.js





/**
 * Why the two colors of this file can't run beside each other on this engine, or why the one can't at all. Each says
 * the service, the line and what to write there.
 */
function findOverlaps(overlap) {
    return [
        ...trafficProblems(overlap),
        ...networkProblems(overlap),
        ...portProblems(overlap),
        ...nameProblems(overlap),
        ...volumeProblems(overlap),
    ];
}

;// CONCATENATED MODULE: ./build/src/target/docker/scrap-tar.js
/**
 * As much of the tar format as Docker wants and gives for a few small files. It spares a temp folder on the
 * runner, where a parked container's environment (secrets) must never lie.
 */
const BLOCK = 512;
/** A tar of text files, by name; a `/` in a name makes a folder. */
function packTar(files) {
    const parts = [];
    for (const [name, text] of Object.entries(files)) {
        const content = Buffer.from(text, 'utf8');
        parts.push(header(name, content.length), content, Buffer.alloc(padding(content.length)));
    }
    return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}
/** What is in a tar. What is cut off is left out: nobody may take half a file for a whole one. */
function entriesOf(tar) {
    const entries = [];
    for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0;) {
        const octal = (offset, length) => Number.parseInt(field(tar, at + offset, length), 8) || 0;
        const size = octal(124, 12);
        const begin = at + BLOCK;
        const prefix = field(tar, at + 345, 155);
        const type = TYPES[String.fromCharCode(tar[at + 156] ?? 0)] ?? 'other';
        if (begin + size <= tar.length)
            entries.push({
                name: prefix === '' ? field(tar, at, 100) : `${prefix}/${field(tar, at, 100)}`,
                type,
                mode: octal(100, 8),
                modified: octal(136, 12) * 1000,
                target: field(tar, at + 157, 100),
                content: tar.subarray(begin, begin + size),
            });
        at = begin + size + padding(size);
    }
    return entries;
}
/**
 * An archive of one file as Docker gives it, by the file's full path: unpacked at the root, it makes the folders that are
 * missing. Owner, mode and time are as they were. Nothing where there is no file in it.
 */
function relocated(tar, path) {
    for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0;) {
        const size = Number.parseInt(field(tar, at + 124, 12), 8) || 0;
        const end = at + BLOCK + size;
        const type = TYPES[String.fromCharCode(tar[at + 156] ?? 0)];
        if (type === 'file' && end <= tar.length) {
            const block = Buffer.from(tar.subarray(at, at + BLOCK));
            rename(block, path.replace(/^\/+/, ''));
            return Buffer.concat([block, tar.subarray(at + BLOCK, end), Buffer.alloc(padding(size) + 2 * BLOCK)]);
        }
        at = end + padding(size);
    }
    return undefined;
}
/** A path of up to 255 bytes is kept in two parts, which meet at a slash. */
function rename(block, path) {
    const cut = Buffer.byteLength(path) <= 100 ? -1 : path.indexOf('/', Math.max(0, path.length - 101));
    const [prefix, name] = [path.slice(0, Math.max(cut, 0)), path.slice(cut + 1)];
    if (Buffer.byteLength(name) > 100 || Buffer.byteLength(prefix) > 155)
        throw new RangeError(`The path ${path} is too long for an archive`);
    block.fill(0, 0, 100).write(name, 0);
    block.fill(0, 345, 500).write(prefix, 345);
    checksum(block);
}
const TYPES = { '0': 'file', '\0': 'file', '2': 'link' };
/** The regular files of a tar, by name. */
const unpackTar = (tar) => new Map(entriesOf(tar)
    .filter(({ type }) => type === 'file')
    .map(({ name, content }) => [name, content.toString('utf8')]));
function header(name, size) {
    const block = Buffer.alloc(BLOCK);
    block.write(name, 0, 100);
    // Only root on the host can look into a container's files; nobody else is given leave to.
    block.write('0000600\0', 100);
    block.write('0000000\0', 108);
    block.write('0000000\0', 116);
    block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
    block.write('00000000000\0', 136);
    block.write('0', 156);
    block.write('ustar\x0000', 257);
    checksum(block);
    return block;
}
/** Its own eight bytes count as spaces. */
function checksum(block) {
    block.write(' '.repeat(8), 148);
    const sum = block.reduce((total, byte) => total + byte, 0);
    block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
}
const padding = (size) => (BLOCK - (size % BLOCK)) % BLOCK;
function field(tar, from, length) {
    const text = tar.toString('latin1', from, from + length);
    const end = text.indexOf('\0');
    return (end < 0 ? text : text.slice(0, end)).trim();
}

;// CONCATENATED MODULE: ./build/src/target/docker/injected-files.js



/**
 * Secrets and configs whose text Compose itself has (`environment:`, `content:`) are no mounts: it copies them into a
 * container once that is created, and no inspect tells of them. So where they are is said in a label, and whoever makes
 * a container again, or one more like it, copies them too.
 */
function injectedPaths({ secrets = {}, configs = {} }, service) {
    const hasText = (one) => one?.environment !== undefined || one?.content !== undefined;
    const placed = (folder, { source, target = source }) => target.startsWith('/') ? target : `${folder}${target}`;
    return [
        ...(service.secrets ?? [])
            .filter(({ source }) => hasText(secrets[source]))
            .map((one) => placed('/run/secrets/', one)),
        ...(service.configs ?? [])
            .filter(({ source }) => hasText(configs[source]))
            .map((one) => placed('/', one)),
    ];
}
const encodePaths = (paths) => JSON.stringify(paths);
function pathsOf({ Config, Mounts = [] }) {
    try {
        const paths = JSON.parse(Config.Labels?.[LABELS.files] ?? '[]');
        // What is mounted comes back by itself.
        return paths.filter((path) => !Mounts.some(({ Destination }) => Destination === path));
    }
    catch {
        return [];
    }
}
/** Each file as an archive to be unpacked at the root, with its owner and mode; what the application removed is left out. */
async function readInjected(docker, raw) {
    const archives = [];
    for (const path of pathsOf(raw))
        try {
            const archive = relocated(await docker.api.getArchive(raw.Id, path), path);
            if (archive !== undefined)
                archives.push(archive);
        }
        catch (error) {
            if (!(error instanceof DockerError &&
                /could not find the file|no such container:path/i.test(error.message)))
                throw error;
        }
    return archives;
}
/** May be done again: the files are replaced. */
async function writeInjected(docker, id, archives) {
    for (const archive of archives)
        await docker.api.putArchive(id, '/', archive);
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
;// CONCATENATED MODULE: ./build/src/target/docker/release-content.js



/** Larger than what people mount from a repository, and quick to read. */
const MOST_FILES = 1_000;
const MOST_BYTES = 32 * 1024 * 1024;
/** `Release.id`: 12 hex digits that are the same exactly for what runs the same. */
async function releaseId(content) {
    const { config, workspace, folder, ...rest } = content;
    const files = await digestFiles(config, workspace);
    const text = JSON.stringify(sorted({ ...rest, config, files, ...(await variablesOf(config, folder)) }));
    const prefix = JSON.stringify(workspace).slice(1, -1);
    return (0,external_node_crypto_.createHash)('sha256').update(text.replaceAll(prefix, '.')).digest('hex').slice(0, 12);
}
/** Compose tells of a secret's variable its name only. Nothing where there are none: most ids stay as they were. */
async function variablesOf({ secrets = {}, configs = {} }, folder) {
    const names = [...Object.values(secrets), ...Object.values(configs)]
        .map(({ environment }) => environment)
        .filter((name) => name !== undefined);
    if (names.length === 0)
        return {};
    const variables = Object.fromEntries(names.flatMap((name) => {
        const value = process.env[name];
        return value === undefined ? [] : [[name, value]];
    }));
    // What the job has not is taken from there, if it is there.
    const isComplete = names.every((name) => name in variables);
    const dotEnv = isComplete ? undefined : await (0,promises_.readFile)((0,external_node_path_.join)(folder, '.env')).catch(() => undefined);
    return {
        variables,
        ...(dotEnv && { dotEnv: (0,external_node_crypto_.createHash)('sha256').update(dotEnv).digest('hex') }),
    };
}
/** The files of the workspace that the containers get to see: configuration as much as what the Compose file says. */
async function digestFiles(config, workspace) {
    const mounted = Object.values(config.services).flatMap(({ volumes = [] }) => volumes.filter(({ type }) => type === 'bind').map(({ source }) => source));
    const sources = [...Object.values(config.configs ?? {}), ...Object.values(config.secrets ?? {})];
    const digests = {};
    const left = { files: MOST_FILES, bytes: MOST_BYTES };
    for (const path of [...mounted, ...sources.map(({ file }) => file)].toSorted())
        if (path !== undefined && isInside(workspace, path))
            await digestPath(path, digests, left);
    return digests;
}
async function digestPath(path, digests, left) {
    const known = await (0,promises_.stat)(path).catch(() => undefined);
    if (known === undefined || left.files <= 0)
        return;
    if (known.isDirectory()) {
        for (const name of (await (0,promises_.readdir)(path)).toSorted())
            await digestPath((0,external_node_path_.join)(path, name), digests, left);
        return;
    }
    if (!known.isFile() || known.size > left.bytes)
        return;
    // What this user may not read, it can't have changed by checking out either.
    const bytes = await (0,promises_.readFile)(path).catch(() => undefined);
    if (bytes === undefined)
        return;
    left.files -= 1;
    left.bytes -= bytes.length;
    digests[path] = (0,external_node_crypto_.createHash)('sha256').update(bytes).digest('hex');
}
const isInside = (folder, path) => {
    const inside = (0,external_node_path_.relative)(folder, path);
    return inside !== '' && inside.split(external_node_path_.sep)[0] !== '..';
};
/** With all keys in one order: Compose's own differs between its versions. */
function sorted(value) {
    if (Array.isArray(value))
        return value.map(sorted);
    if (typeof value !== 'object' || value === null)
        return value;
    return Object.fromEntries(Object.entries(value)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, one]) => [key, sorted(one)]));
}

;// CONCATENATED MODULE: ./build/src/target/docker/service-digests.js


/** What the container itself tells. No digest of a variable is written down: it could be guessed from that. */
const LEFT_OUT = new Set(['environment', 'image']);
const LENGTH = 8;
/**
 * What the Compose file says of a service, a digest for each key: written on its containers, so that it can be told
 * later in which keys another release differs.
 * @param workspace an absolute path, which differs from runner to runner
 */
function serviceDigests(service, workspace) {
    const prefix = JSON.stringify(workspace).slice(1, -1);
    const digest = (value) => (0,external_node_crypto_.createHash)('sha256')
        .update(JSON.stringify(sorted(value)).replaceAll(prefix, '.'))
        .digest('hex')
        .slice(0, LENGTH);
    return new Map(Object.entries(service)
        .filter(([key, value]) => !LEFT_OUT.has(key) && value !== null && value !== undefined)
        .map(([key, value]) => [key, digest(value)]));
}
/** `command=1a2b3c4d networks=…`, as a label's value. */
const encodeDigests = (digests) => [...digests]
    .map(([key, digest]) => `${key}=${digest}`)
    .toSorted()
    .join(' ');
/** Nothing for a text that is none of ours: the containers were made without this action, or by an older version. */
function decodeDigests(text) {
    if (text === '')
        return undefined;
    return new Map(text.split(' ').map((pair) => {
        const at = pair.lastIndexOf('=');
        return [pair.slice(0, at), pair.slice(at + 1)];
    }));
}

;// CONCATENATED MODULE: ./build/src/target/docker/override.js



/**
 * What is laid over the user's file, as the text of a second one: labels and the restart policy of every service, and
 * for the one that takes the traffic the network that it shares with the proxy. Everything else stays the user's.
 * JSON is YAML.
 */
function overrideFor(config, options) {
    const { settings, release } = options;
    const released = config.services[settings.service]?.image;
    const shared = sharedNetwork(config, settings.network);
    const services = Object.entries(config.services).map(([name, service]) => {
        const isTraffic = name === settings.service;
        const over = {
            // By its digest, where the file has only the tag, which may move.
            ...(service.image !== undefined && service.image === released ? { image: release.image } : {}),
            ...parkedRestart(service),
            labels: { ...labelsOf(service, options, isTraffic), ...filesLabel(config, service) },
            ...(isTraffic ? { networks: networksOf(service, shared, settings.aliases[options.color]) } : {}),
        };
        return [name, over];
    });
    const override = {
        services: Object.fromEntries(services),
        networks: { [shared]: { name: settings.network, external: true } },
    };
    // Compose fills in variables here too: `$` is written `$$`.
    return JSON.stringify(override).replaceAll('$', '$$$$');
}
/**
 * The key under which the user's file knows the proxy's network; a free one where it doesn't. A second key for the
 * same network would be a second endpoint in it.
 */
function sharedNetwork(config, name) {
    const networks = config.networks ?? {};
    const known = Object.entries(networks).find(([, network]) => network?.name === name);
    if (known !== undefined)
        return known[0];
    return name in networks ? `blue-green-${name}` : name;
}
/**
 * The proxy's network, beside those of the user, which stay by themselves. But Compose gives `default` only to a
 * service without any, so one that we put on a network would lose it, and with it the way to its database.
 */
function networksOf({ networks = {} }, shared, alias) {
    const keepsDefault = shared !== 'default' && 'default' in networks && networks['default'] === null;
    // Lists are appended when files are merged: the user's aliases on this network stay.
    return { ...(keepsDefault ? { default: null } : {}), [shared]: { aliases: [alias] } };
}
/**
 * No restarts while the release is staged: a crash is an exit then, seen at once, and after a reboot of the host only
 * what is live comes up. `deploy.restart_policy` wins over `restart` in Compose, and is refused with attempts left.
 */
function parkedRestart({ deploy }) {
    return {
        restart: 'no',
        ...(deploy?.restart_policy === undefined
            ? {}
            : { deploy: { restart_policy: { condition: 'none', max_attempts: 0 } } }),
    };
}
function labelsOf(service, options, isTraffic) {
    const { app, environment, color, release, workspace } = options;
    return {
        [LABELS.app]: app,
        [LABELS.environment]: environment,
        [LABELS.color]: color,
        [LABELS.release]: release.id,
        [LABELS.image]: release.image,
        [LABELS.restart]: restartOf(service, isTraffic),
        [LABELS.config]: encodeDigests(serviceDigests(service, workspace)),
    };
}
function filesLabel(config, service) {
    const paths = injectedPaths(config, service);
    return paths.length === 0 ? {} : { [LABELS.files]: encodePaths(paths) };
}
/** The restart policy that a service's containers get with the traffic. */
const restartOf = (service, isTraffic) => liveRestart(service) ?? (isTraffic ? 'unless-stopped' : 'no');
/** The user's restart policy, as `docker update --restart` takes it; nothing where there is none. */
function liveRestart({ restart, deploy }) {
    const policy = deploy?.restart_policy;
    if (policy === undefined)
        return restart === undefined || restart === '' ? undefined : restart;
    const { condition = 'any', max_attempts: attempts } = policy;
    if (condition === 'none')
        return 'no';
    if (condition !== 'on-failure')
        return 'always';
    return attempts === undefined || attempts === 0 ? 'on-failure' : `on-failure:${attempts}`;
}

;// CONCATENATED MODULE: ./build/src/target/docker/own-volumes.js




/**
 * Volumes that are another one for each color, with other data: right for a cache, and a loss for what users save. Only
 * the user knows which it is, so it is said and not refused; where it is a database, overlap-volumes.ts refuses it.
 */
function ownVolumeNotes(overlap) {
    const { file, configs, color } = overlap;
    const accepts = accepted(overlap);
    const [own, other] = [configs[color], configs[(0,release_color/* otherColor */.IP)(color)]];
    return Object.entries(own.volumes ?? {}).flatMap(([key, volume]) => {
        const theirs = other.volumes?.[key];
        if (theirs === undefined || theirs.name === volume.name || isExternal(volume))
            return [];
        if (accepts.has(key) || accepts.has(volume.name))
            return [];
        const writers = Object.entries(own.services)
            .filter(([name]) => !accepts.has(name) && !hasStoreOfItsOwn(overlap, name))
            .flatMap(([name, { volumes = [] }]) => volumes
            .filter(({ type, source, read_only }) => type === 'volume' && source === key && read_only !== true)
            .map(({ target }) => `${name} at ${target}`));
        if (writers.length === 0)
            return [];
        return [
            `The volume ${key} (${file.at(['volumes', key])}), which is written to by ${writers.join(' and ')}, is another one for each color: ${configs.blue.volumes?.[key]?.name} and ${configs.green.volumes?.[key]?.name}. What is saved there before a switch is not there after it, and an older copy comes back with the next one. Data that must stay belongs in a database or a storage outside of this file, or in one volume for both (a fixed \`name:\`, or \`external: true\`), if two releases may write to it at once; then, or if it is only a cache, add \`x-blue-green: { accept: [${key}] }\` to ${file.name}.`,
        ];
    });
}

;// CONCATENATED MODULE: ./build/src/target/docker/compose.js



















/** A reference that no registry gives out: where it comes back, the user's file says `${IMAGE}`. */
const PROBE_IMAGE = 'blue-green.invalid/probe';
/** Creating and starting containers, apart from what they wait for each other. */
const UP_TIMEOUT_MS = 5 * 60_000;
/** The user's Compose file as two projects, one for each color. */
class Compose {
    #options;
    /** A run sees one version of the file: what was checked is what is brought up. */
    #resolved = new Map();
    #file;
    #warned = new Set();
    constructor(options) {
        this.#options = options;
    }
    /**
     * Everything in the file that would keep the color from coming up beside the other one. `replicas`: how many there
     * will be, where the config doesn't say.
     */
    async preflight(request, replicas) {
        const { docker, settings } = this.#options;
        try {
            await checkPlugin(docker);
            const { configs, ...subject } = await this.#subject(request, replicas);
            const facts = await readFacts(docker, foreignNetworks(configs, settings.network));
            return findOverlaps({ ...subject, configs, facts });
        }
        catch (error) {
            if (!(error instanceof errors/* DeployError */.s && REFUSALS.has(error.code)))
                throw error;
            return [{ message: error.message, fix: error.hint ?? '', forceable: false }];
        }
    }
    /** What the file says that may be meant, or may be a mistake. */
    async notes(request) {
        return ownVolumeNotes(await this.#subject(request, 1));
    }
    /** The same for the log: once in a run, though it may look again. */
    async tellNotes(request) {
        for (const note of await this.notes(request)) {
            if (!this.#warned.has(note))
                this.#options.progress(`Note: ${note}`);
            this.#warned.add(note);
        }
    }
    /**
     * What Compose makes of the file for a color.
     * @throws DeployError `compose-invalid` with Compose's own line
     */
    resolve(color, image, imageTag) {
        const key = JSON.stringify([color, image, imageTag]);
        const known = this.#resolved.get(key) ?? this.#resolve(color, image, imageTag);
        this.#resolved.set(key, known);
        // What was not answered may be asked again.
        known.catch(() => this.#resolved.delete(key));
        return known;
    }
    /**
     * Brings the images of all services to the host and says what the release is; nothing is started.
     * @throws DeployError which says why an image can't be had
     */
    async createRelease({ image, imageTag }) {
        const { docker, settings, progress, signal, workspace } = this.#options;
        const config = await this.resolve('blue', image, imageTag);
        const needed = neededImages(config);
        const images = await pullAll(docker, needed, { progress, signal });
        const own = config.services[settings.service]?.image;
        const index = needed.findIndex((one) => one.image === own);
        const local = images[index];
        if (own === undefined || local === undefined)
            throw new errors/* DeployError */.s(`${settings.compose} has no service ${settings.service} with an image.`, {
                code: 'compose-invalid',
                hint: 'Name the service that takes the traffic in docker.service.',
            });
        const reference = pinned(own, local);
        const imageIds = Object.fromEntries(needed.map((one, i) => [one.image, images[i]?.Id ?? '']));
        const { service, network } = settings;
        const folder = (0,external_node_path_.dirname)((await this.#composeFile()).path);
        const id = await releaseId({ config, image: reference, imageIds, service, network, workspace, folder });
        return { id, image: reference };
    }
    async up(color, release, replicas) {
        const { docker, app, environment, settings, workspace, signal, healthTimeoutMs } = this.#options;
        const project = projectName(app, environment, color);
        const imageTag = tagAsGiven(release.image);
        const file = await this.#composeFile();
        const config = await this.resolve(color, release.image, imageTag);
        const override = overrideFor(config, { app, environment, color, release, settings, workspace });
        const patience = new Patience(healthTimeoutMs);
        const variables = { app, environment, color, image: release.image, imageTag };
        try {
            await withFile(override, (over) => compose(docker, { project, files: [file.path, over], variables }, [
                'up',
                '--detach',
                '--no-build',
                '--pull=never',
                // The same containers may be there, parked: none of them is what is deployed.
                '--force-recreate',
                // Otherwise the new release would write to the anonymous volumes of the parked one.
                '--renew-anon-volumes',
                '--remove-orphans',
                // Stronger than `scale` and `deploy.replicas`, whichever the file has.
                `--scale=${settings.service}=${replicas}`,
            ], {
                signal: AbortSignal.any([signal, patience.signal]),
                timeout: UP_TIMEOUT_MS + healthTimeoutMs,
                onProgress: (line) => this.#tell(line, project, patience),
            }));
        }
        catch (error) {
            signal.throwIfAborted();
            if (patience.signal.aborted)
                throw await upFailure(docker, project, undefined, healthTimeoutMs);
            if (error instanceof DockerError)
                throw await upFailure(docker, project, lastWords(error), healthTimeoutMs);
            throw error;
        }
        finally {
            patience.end();
        }
    }
    async #resolve(color, image, imageTag) {
        const { docker, app, environment, signal } = this.#options;
        const file = await this.#composeFile();
        const project = projectName(app, environment, color);
        try {
            const text = await compose(docker, { project, files: [file.path], variables: { app, environment, color, image, imageTag } }, ['config', '--format', 'json'], { signal, onProgress: (line) => this.#warn(line) });
            // `$` is written `$$` there, so that the text could be a Compose file again.
            return parseJson(text.replaceAll('$$', '$'), 'docker compose config');
        }
        catch (error) {
            throw error instanceof DockerError ? invalidFile(error, file) : error;
        }
    }
    /** The file as both colors have it; only what the engine knows is missing. */
    async #subject({ color, image, imageTag }, replicas) {
        const { settings, workspace } = this.#options;
        const probe = `${PROBE_IMAGE}:${imageTag.replace(':', '-')}`;
        const file = await this.#composeFile();
        const [blue, green] = await Promise.all([
            this.resolve('blue', image, imageTag),
            this.resolve('green', probe, imageTag),
        ]);
        return {
            settings,
            file,
            configs: { blue, green },
            images: { blue: image, green: probe },
            ...(green.services[settings.service]?.image === probe
                ? {}
                : { byTag: (await this.resolve('green', probe, PROBE_TAG)).services[settings.service]?.image }),
            color,
            replicas: settings.replicas ?? replicas,
            ...(this.#isRemote() ? { remoteWorkspace: workspace } : {}),
        };
    }
    #composeFile() {
        this.#file ??= readComposeFile(this.#options.settings.compose, this.#options.workspace);
        return this.#file;
    }
    /** Compose's progress: only what somebody may wonder about, which is what it waits for. */
    #tell(line, project, patience) {
        this.#warn(line);
        const waiting = /^Container (\S+)\s+Waiting$/.exec(line)?.[1];
        if (waiting === undefined)
            return;
        patience.begin();
        this.#options.progress(`${waiting.replace(`${project}-`, '')}: other services wait for it.`);
    }
    #warn(line) {
        const warning = warningOf(line);
        if (warning === undefined || this.#warned.has(warning))
            return;
        this.#warned.add(warning);
        this.#options.progress(`${this.#options.settings.compose}: ${warning}`);
    }
    #isRemote() {
        const host = this.#options.settings.host ?? process.env['DOCKER_HOST'] ?? '';
        return /^(?:ssh|tcp):/.test(host);
    }
}
/** Those that are not a color's own, and so may be there or be missing whatever it does. */
const foreignNetworks = ({ blue, green }, proxys) => {
    const theirs = Object.values(green.networks ?? {});
    const named = Object.values(blue.networks ?? {}).filter(({ name }) => theirs.some((one) => one.name === name));
    const external = [...Object.values(blue.networks ?? {}), ...theirs].filter(isExternal);
    return [...new Set([proxys, ...[...named, ...external].map(({ name }) => name)])];
};
/** What the user can mend in the file or on the runner: told together with everything else that is wrong. */
const REFUSALS = new Set([
    'compose-invalid',
    'compose-missing',
    'compose-outside',
    'compose-plugin-missing',
    'compose-plugin-old',
]);
/** The time that services have for each other, from when the first of them waits. */
class Patience {
    #controller = new AbortController();
    #ms;
    #timer;
    constructor(ms) {
        this.#ms = ms;
    }
    get signal() {
        return this.#controller.signal;
    }
    begin() {
        this.#timer ??= setTimeout(() => this.#controller.abort(), this.#ms);
    }
    end() {
        clearTimeout(this.#timer);
    }
}
/** `v2` of `shop:v2@sha256:…`, which is what the user gave; the digest where that was all. */
const tagAsGiven = (image) => {
    const [name = ''] = image.split('@');
    const tagged = name.slice(name.lastIndexOf('/') + 1).includes(':');
    return (0,release_image/* tagOf */.cO)(tagged ? name : image);
};
/** A file of our own for as long as `use` needs it, in the job's temporary folder; only this user may read it. */
async function withFile(text, use) {
    const folder = await (0,promises_.mkdtemp)((0,external_node_path_.join)(process.env['RUNNER_TEMP'] || (0,external_node_os_.tmpdir)(), 'blue-green-'));
    try {
        const path = (0,external_node_path_.join)(folder, 'override.json');
        await (0,promises_.writeFile)(path, text, { mode: 0o600 });
        return await use(path);
    }
    finally {
        await (0,promises_.rm)(folder, { recursive: true, force: true });
    }
}

;// CONCATENATED MODULE: ./build/src/target/docker/containers.js


/** Set by Compose on what `compose run` made: not a part of the running application. */
const COMPOSE_ONE_OFF = 'com.docker.compose.oneoff';
/** Set by Compose on every container: a hash of the service's configuration, in hex. */
const COMPOSE_CONFIG_HASH = 'com.docker.compose.config-hash';
/** Reads what both colors consist of. */
async function readColors(options) {
    const { docker, app, environment, settings } = options;
    const projects = new Map(release_color/* COLORS */.lm.map((color) => [projectName(app, environment, color), color]));
    // Filters on one label can't be alternatives, so this lists every project and picks ours.
    const listed = await docker.containers({ label: [COMPOSE_PROJECT] });
    const ids = listed.filter((one) => projects.has(one.Labels?.[COMPOSE_PROJECT] ?? '')).map(({ Id }) => Id);
    const containers = (await docker.inspect('container', ids))
        .filter((one) => labelOf(one, COMPOSE_ONE_OFF).toLowerCase() !== 'true')
        .map((one) => ({ color: projects.get(labelOf(one, COMPOSE_PROJECT)), container: containerOf(one) }));
    const of = (color) => grouped(containers.filter((one) => one.color === color).map(({ container }) => container), settings.service);
    return { blue: of('blue'), green: of('green') };
}
/** A container of a Compose project, from its inspect. */
const containerOf = (inspected) => ({
    id: inspected.Id,
    name: inspected.Name.replace(/^\//, ''),
    service: labelOf(inspected, COMPOSE_SERVICE),
    number: Number(labelOf(inspected, COMPOSE_NUMBER)) || 0,
    release: releaseOf(inspected),
    isUp: inspected.State.Running || inspected.State.Status === 'restarting',
    restart: labelOf(inspected, LABELS.restart) || containers_policyOf({ inspected }),
    inspected,
});
const labelOf = ({ Config }, name) => Config.Labels?.[name] ?? '';
/** Orders containers by service and number, and parts those that take the traffic from the others. */
function grouped(containers, service) {
    const all = containers.toSorted((a, b) => a.service.localeCompare(b.service) || a.number - b.number);
    return {
        all,
        traffic: all.filter((one) => one.service === service),
        others: all.filter((one) => one.service !== service),
    };
}
/** What the color is, but for its standing. */
function containers_stateOf({ traffic }) {
    // While one release is being replaced by another, both are there: the newer one is what the color is becoming.
    const newest = traffic.toSorted((a, b) => timeOf(b.inspected.Created) - timeOf(a.inspected.Created))[0];
    return {
        ...(newest === undefined ? {} : { release: newest.release }),
        desired: traffic.filter((one) => one.isUp || containers_policyOf(one) !== 'no').length,
        running: traffic.filter(({ inspected }) => inspected.State.Status === 'running').length,
    };
}
/** The containers that take the traffic now, as a proxy reaches them. */
const instancesOf = (containers, settings) => runningOf(containers, settings).filter(({ address }) => address !== '');
/** The same with those that run without being on the network, as a switch that died can leave them. */
const runningOf = ({ traffic }, { network, port }) => traffic
    .filter(({ inspected }) => inspected.State.Status === 'running')
    .map((container) => {
    const { id, name, inspected } = container;
    const startedAt = timeOf(inspected.State.StartedAt);
    return { id, name, address: addressOf(container, network), port, startedAt };
});
/** Its address on the network; empty where it has none. */
function addressOf({ inspected }, network) {
    const { IPAddress = '', GlobalIPv6Address = '' } = inspected.NetworkSettings.Networks?.[network] ?? {};
    return IPAddress === '' ? GlobalIPv6Address : IPAddress;
}
/** The restart policy that it has now, as `docker update --restart` takes it. */
function containers_policyOf({ inspected }) {
    const { Name = '', MaximumRetryCount = 0 } = inspected.HostConfig.RestartPolicy ?? {};
    if (Name === '')
        return 'no';
    return MaximumRetryCount > 0 ? `${Name}:${MaximumRetryCount}` : Name;
}
/** Docker's times have nanoseconds, and the year 1 stands for never. */
const timeOf = (text) => Math.max(Date.parse(text) || 0, 0);
/**
 * What was brought up by hand (before this action was used) has no label of ours. It is a release all the same, to be
 * kept and gone back to, so it gets an id from what Compose itself, or Docker, tells it from others by.
 */
function releaseOf(inspected) {
    const own = labelOf(inspected, COMPOSE_CONFIG_HASH) || inspected.Image.replace(/^sha256:/, '');
    return {
        id: labelOf(inspected, LABELS.release) || own.slice(0, 12),
        image: labelOf(inspected, LABELS.image) || inspected.Config.Image,
    };
}

// EXTERNAL MODULE: external "node:child_process"
var external_node_child_process_ = __webpack_require__(1421);
// EXTERNAL MODULE: external "node:string_decoder"
var external_node_string_decoder_ = __webpack_require__(6193);
// EXTERNAL MODULE: ./build/src/target/target.js
var target = __webpack_require__(9478);
// EXTERNAL MODULE: external "node:http"
var external_node_http_ = __webpack_require__(7067);
// EXTERNAL MODULE: external "node:stream/consumers"
var consumers_ = __webpack_require__(8321);
// EXTERNAL MODULE: external "node:stream"
var external_node_stream_ = __webpack_require__(7075);
;// CONCATENATED MODULE: ./build/src/target/docker/dial-stdio.js



/**
 * A connection to whatever engine the Docker CLI would talk to: `docker system dial-stdio` connects its stdin and stdout
 * to it, so TLS, contexts and tunnels are the CLI's. To `http.Agent` it looks like a socket that it may keep.
 */
class DialStdio extends external_node_stream_.Duplex {
    #child;
    constructor(env) {
        // With the engine's end it is over, as a socket is.
        super({ allowHalfOpen: false });
        this.#child = (0,external_node_child_process_.spawn)('docker', ['system', 'dial-stdio'], { env, stdio: ['pipe', 'pipe', 'pipe'] });
        const { stdin, stdout, stderr } = this.#child;
        let said = '';
        stderr.setEncoding('utf8').on('data', (text) => {
            said += text;
        });
        stdout.on('data', (chunk) => {
            if (!this.push(chunk))
                stdout.pause();
        });
        // Whoever writes to an engine that has gone away is told by the command's end.
        stdin.on('error', () => { });
        this.#child.on('error', (error) => this.destroy(error));
        this.#child.on('close', () => {
            if (this.destroyed)
                return;
            if (said.trim() !== '')
                this.destroy(new Error((0,src_text/* excerpt */.Kb)(said)));
            else if (this.readableLength === 0)
                this.destroy();
            // What came before it is still read.
            else
                this.push(null);
        });
    }
    _read() {
        this.#child.stdout.resume();
    }
    _write(chunk, _encoding, done) {
        this.#child.stdin.write(chunk, done);
    }
    _final(done) {
        this.#child.stdin.end(done);
    }
    _destroy(error, done) {
        // It hears SIGTERM and goes on (seen with Docker 28): one with a question under way kept this process for minutes. All
        // that it has is the connection.
        this.#child.kill('SIGKILL');
        this.unref();
        done(error);
    }
    // What `http` asks of a socket. A connection that nobody waits on must not keep this process alive.
    setKeepAlive = () => this;
    setNoDelay = () => this;
    setTimeout = () => this;
    ref = () => this.#each('ref');
    unref = () => this.#each('unref');
    #each(what) {
        this.#child[what]();
        // They are pipes, which can be left out of account as well; their types don't say so.
        for (const stream of [this.#child.stdin, this.#child.stdout, this.#child.stderr])
            stream[what]();
        return this;
    }
}

;// CONCATENATED MODULE: ./build/src/target/docker/engine-api.js







/**
 * The engine answers within milliseconds, and within a few seconds on a host that has no time. Whoever asks it asks again:
 * what is longer than this only makes every limit above it longer.
 */
const ANSWER_MS = 20_000;
/** Creating a container copies what its image has in volumes, which may be gigabytes, and nothing asks for that twice. */
const CHANGE_MS = 60_000;
/** More than are ever asked for at once, on a host with many containers, would each start a process here. */
const CONNECTIONS = 4;
/**
 * The engine's own HTTP API, on connections that are kept: the CLI takes 15 ms to start for each question, and ten times
 * that on a busy machine, where the engine answers within one. A deployment asks a hundred times.
 */
class EngineApi {
    #options;
    #agent;
    #version;
    #closed = new AbortController();
    constructor(options) {
        this.#options = options;
        this.#agent = new Agent(options.env);
    }
    /**
     * All of these throw
     * - DockerError with what the engine said when it refused
     * - TransientError when it gave no answer; what was asked for may have been done
     */
    async get(path) {
        return parseJson(String(await this.#ask('GET', path)), `The engine, asked GET ${path},`);
    }
    /** POSTs JSON and returns the answer's. */
    async post(path, body) {
        const answer = String(await this.#ask('POST', path, Buffer.from(JSON.stringify(body))));
        return parseJson(answer || '{}', `The engine, asked POST ${path},`);
    }
    async delete(path) {
        await this.#ask('DELETE', path);
    }
    /** A file or folder of a container, running or not, as a tar. A link is not followed, unless `/.` comes after it. */
    getArchive(container, path) {
        return this.#ask('GET', archive(container, path));
    }
    /** Unpacks a tar in a folder of a container, which must be there. */
    async putArchive(container, folder, tar) {
        await this.#ask('PUT', archive(container, folder), tar);
    }
    /** Ends all connections. What is still asked, or about to be, gets no answer: a connection would keep this process. */
    close() {
        this.#closed.abort(new Error('the run is over'));
        this.#agent.close();
    }
    async #ask(method, path, body) {
        const version = await this.#apiVersion();
        if (this.#closed.signal.aborted)
            throw new target/* TransientError */.N(`${method} ${path} was not asked: the run is over`);
        const { status, answer } = await this.#patiently(method, `/v${version}${path}`, body);
        if (status < 300)
            return answer;
        throw new DockerError(messageOf(String(answer)) || `the engine answered ${method} ${path} with status ${status}`);
    }
    #apiVersion() {
        this.#version ??= this.#options.version();
        this.#version.catch(() => (this.#version = undefined));
        return this.#version;
    }
    /** A kept connection may have broken since it was used last. What can be asked twice then is, on a new one. */
    async #patiently(method, path, body) {
        const { answer, change } = this.#options.limits ?? { answer: ANSWER_MS, change: CHANGE_MS };
        // One for both times.
        const limit = AbortSignal.timeout(method === 'POST' ? change : answer);
        const signal = AbortSignal.any([limit, this.#closed.signal]);
        try {
            return await exchange(this.#agent, { method, path, body, signal });
        }
        catch (error) {
            if (!(error instanceof StaleConnection) || method === 'POST')
                throw this.#unanswered(method, path, error);
        }
        try {
            return await exchange(this.#agent, { method, path, body, signal });
        }
        catch (error) {
            throw this.#unanswered(method, path, error);
        }
    }
    #unanswered(method, path, error) {
        return (this.#options.host.lost?.() ??
            new target/* TransientError */.N(`the engine gave no answer to ${method} ${path}: ${(0,src_text/* excerpt */.Kb)(error.message)}`));
    }
}
/** What broke was a connection from before. */
class StaleConnection extends Error {
}
class Agent extends external_node_http_.Agent {
    #env;
    #isClosed = false;
    constructor(env) {
        super({ keepAlive: true, maxSockets: CONNECTIONS });
        this.#env = env;
    }
    /** For each connection that ends, Node asks for another one if somebody waits: here, that would start a process. */
    createConnection(_options, done) {
        if (!this.#isClosed)
            return new DialStdio(this.#env());
        done?.(new Error('the run is over'));
        return undefined;
    }
    close() {
        this.#isClosed = true;
        this.destroy();
    }
    /** Connections to one engine are alike; another one's are others. */
    getName() {
        return this.#env()['DOCKER_HOST'] ?? '';
    }
}
const exchange = (agent, { method, path, body, signal }) => new Promise((resolve, reject) => {
    if (signal.aborted)
        return reject(signal.reason);
    const request = external_node_http_.request({
        // The engine wants some host, whichever.
        headers: {
            host: 'docker',
            ...(body !== undefined && {
                'content-type': method === 'PUT' ? 'application/x-tar' : 'application/json',
                'content-length': body.length,
            }),
        },
        method,
        path,
        agent,
        signal,
    });
    const fail = (error) => 
    // Our own end of it says nothing of the connection.
    reject(request.reusedSocket && !signal.aborted
        ? new StaleConnection(error.message, { cause: error })
        : error);
    request.once('response', (response) => {
        (0,consumers_.buffer)(response).then((answer) => resolve({ status: response.statusCode ?? 0, answer }), fail);
    });
    request.once('error', fail);
    // One that still waits for a connection is told of its end by nobody before it has one.
    signal.addEventListener('abort', () => fail(signal.reason));
    request.end(body);
});
const archive = (container, path) => `/containers/${encodeURIComponent(container)}/archive?path=${encodeURIComponent(path)}`;
function messageOf(answer) {
    try {
        return String(JSON.parse(answer).message ?? '');
    }
    catch {
        return (0,src_text/* excerpt */.Kb)(answer);
    }
}

;// CONCATENATED MODULE: ./build/src/target/docker/docker-cli.js








/** The job's environment, which Compose files fill in variables from, without this action's own inputs and state. */
const OUTER = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(INPUT|STATE)_/i.test(name)));
/** Most commands are answered in milliseconds; none of ours waits for anything but `compose up` and pulls. */
const TIMEOUT_MS = 60_000;
/** How long a command has to end once it is asked to; then it is made to. A cancelled job has ten seconds in all. */
const KILL_AFTER_MS = 5_000;
/** What the CLI says when there is no engine at the other end, or the connection to it broke. */
const NO_ANSWER = /cannot connect to the docker daemon|failed to connect to the docker api|error during connect|connection (?:refused|reset)|broken pipe|unexpected eof|i\/o timeout|use of closed network connection|no such host|(?:^|: )eof$|the docker daemon is not running|context deadline exceeded/im;
/** An engine that passes on whom it could not reach (a registry) is itself there. */
const ANSWERED = /error response from daemon/i;
/**
 * The Docker CLI: whatever way to an engine the user has (a socket, TLS, a context), it knows it, and Compose is only
 * to be had there. Arguments go to it as they are, never through a shell. What is asked often goes to the engine itself.
 */
class DockerCli {
    /** The engine's HTTP API, on the CLI's own way to it. */
    api;
    #host;
    #closed = new AbortController();
    /** An engine that never answered is missing; one that did is only away for a moment. */
    #answered = false;
    constructor(host) {
        this.#host = host;
        this.api = new EngineApi({
            host,
            env: () => this.#env,
            // What a stopped container is made again from is read and written in one version, which the CLI knows as well.
            version: async () => (await this.run(['version', '--format', '{{.Client.APIVersion}}'], { timeout: ANSWER_MS })).trim(),
        });
    }
    /**
     * Runs `docker <args>` and returns what it wrote to stdout.
     * @throws DockerError with what Docker said when it refused
     * @throws TransientError when the engine was there before and can't be reached now
     * @throws DeployError `docker-missing`, `docker-unreachable`; `host-unreachable` when the way there is lost for good
     */
    async run(args, options = {}) {
        const { signal, timeout = TIMEOUT_MS } = options;
        if (this.#closed.signal.aborted)
            throw new target/* TransientError */.N(`docker ${args[0]} was not asked: the run is over`);
        const limit = AbortSignal.timeout(timeout);
        const { code, stdout, stderr } = await this.#spawn(args, options, signal === undefined ? limit : AbortSignal.any([signal, limit]));
        signal?.throwIfAborted();
        if (code === 0) {
            this.#answered = true;
            return stdout;
        }
        if (this.#closed.signal.aborted)
            throw new target/* TransientError */.N(`docker ${args[0]} was ended: the run is over`);
        if (limit.aborted)
            throw new target/* TransientError */.N(`docker ${args[0]} gave no answer within ${timeout / 1000} s`);
        if (NO_ANSWER.test(stderr) && !ANSWERED.test(stderr)) {
            const lost = this.#host.lost?.();
            if (lost !== undefined)
                throw lost;
            // Before it, Compose tells how far it got.
            const said = (0,src_text/* excerpt */.Kb)(stderr.split('\n').find((line) => NO_ANSWER.test(line)) ?? stderr);
            if (this.#answered)
                throw new target/* TransientError */.N(`docker ${args[0]}: ${said}`);
            throw new errors/* DeployError */.s(`No Docker engine answers on ${this.#host.description}: ${said}`, {
                code: 'docker-unreachable',
                hint: 'Run the job on a machine with Docker (`runs-on: ubuntu-latest`, or a runner of your own on the host), or say under `docker:` in the config where the engine is (`host: ssh://deploy@app-1.example.com`).',
            });
        }
        this.#answered = true;
        throw new DockerError(saidBy(stderr) || `docker ${args[0]} ended with ${code}`, stderr);
    }
    /** `run`, for commands with `--format json` and its like: one JSON value for each line. */
    async lines(args, options) {
        const text = await this.run(args, options);
        return text
            .split('\n')
            .filter((line) => line.trim() !== '')
            .map((line) => parseJson(line, `docker ${args[0]}`));
    }
    /** `docker inspect` of what there is; names and ids that are gone are left out. */
    async inspect(type, names) {
        const found = await Promise.all(names.map((name) => this.api.get(inspectPath(type, name)).catch(unlessMissing)));
        return found.filter((one) => one !== undefined);
    }
    /** All containers, running or not, that every one of the filters lets through. */
    containers(filters) {
        return this.api.get(`/containers/json?all=1&filters=${encodeURIComponent(JSON.stringify(filters))}`);
    }
    /** The tags, as `repository:tag`, of what is in these repositories. */
    async tagsOf(repositories) {
        const filters = encodeURIComponent(JSON.stringify({ reference: repositories }));
        const images = await this.api.get(`/images/json?filters=${filters}`);
        return images
            .flatMap(({ RepoTags }) => RepoTags ?? [])
            .filter((tag) => repositories.includes(tag.slice(0, tag.lastIndexOf(':'))));
    }
    /** Ends what still runs, at once: whoever asked is through, as when one of several questions failed. */
    close() {
        this.#closed.abort();
        this.api.close();
    }
    get #env() {
        return { ...OUTER, ...this.#host.env };
    }
    #spawn(args, { input, env, cwd, onProgress }, signal) {
        return new Promise((resolve, reject) => {
            const child = (0,external_node_child_process_.spawn)('docker', args, {
                cwd,
                env: { ...this.#env, ...env },
                stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
            });
            let last;
            const end = () => {
                child.kill('SIGKILL');
                // A plugin that it started may hold them, and is waited for no longer.
                child.stdout.destroy();
                child.stderr.destroy();
            };
            const ask = () => {
                child.kill('SIGTERM');
                last = setTimeout(end, KILL_AFTER_MS);
            };
            const done = () => {
                signal.removeEventListener('abort', ask);
                this.#closed.signal.removeEventListener('abort', end);
                clearTimeout(last);
            };
            signal.addEventListener('abort', ask);
            this.#closed.signal.addEventListener('abort', end);
            if (signal.aborted)
                ask();
            const out = [];
            const decoder = new external_node_string_decoder_.StringDecoder('utf8');
            let stderr = '';
            const tellOut = lineTeller(onProgress);
            const tellErr = lineTeller(onProgress);
            child.stdout.on('data', (chunk) => {
                out.push(chunk);
                tellOut(decoder.write(chunk));
            });
            child.stderr.setEncoding('utf8').on('data', (chunk) => {
                stderr += chunk;
                tellErr(chunk);
            });
            // A command that ends without reading its input is told by its exit code.
            child.stdin?.on('error', () => { });
            child.stdin?.end(input);
            child.on('error', (error) => {
                done();
                if (error.code !== 'ENOENT')
                    return reject(error);
                reject(new errors/* DeployError */.s('There is no `docker` command on this runner.', {
                    code: 'docker-missing',
                    hint: 'Use a runner with the Docker CLI and its Compose plugin, as GitHub’s have them: `runs-on: ubuntu-latest`.',
                }));
            });
            child.on('close', (code) => {
                done();
                tellOut('\n');
                tellErr('\n');
                resolve({ code, stdout: Buffer.concat(out).toString('utf8'), stderr });
            });
        });
    }
}
/** Cuts what comes in pieces into lines. The last one is told once it is ended. */
function lineTeller(tell) {
    if (tell === undefined)
        return () => { };
    let rest = '';
    return (chunk) => {
        const lines = (rest + chunk).split(/\r?\n|\r/);
        rest = lines.pop() ?? '';
        for (const line of lines)
            if (line.trim() !== '')
                tell(line.trim());
    };
}
/** The last lines hold what went wrong; before them there may be progress. */
const saidBy = (stderr) => stderr
    .trim()
    .split('\n')
    .slice(-5)
    .map((line) => line.replace(/^\s*(?:error response from daemon|error):\s*/i, '').trim())
    .filter((line) => line !== '')
    .join(' ');
function inspectPath(type, name) {
    // Names of images have slashes of their own.
    const escaped = name.split('/').map(encodeURIComponent).join('/');
    return type === 'network' ? `/networks/${escaped}` : `/${type}s/${escaped}/json`;
}
function unlessMissing(error) {
    if (!isMissing(error))
        throw error;
}

;// CONCATENATED MODULE: ./build/src/target/docker/engine-problems.js

/** A proxy before the engine's socket may let this question not through: it is no reason to deploy nothing. */
function unlessRefused(error) {
    if (error instanceof DockerError)
        return {};
    throw error;
}
/** Why containers of this engine could not be asked for their health, whatever they run. */
async function engineProblems(docker, description) {
    const { SecurityOptions } = await docker.api.get('/info').catch(unlessRefused);
    const isRootless = (SecurityOptions ?? []).some((one) => one.split(',').includes('name=rootless'));
    if (!isRootless)
        return [];
    return [
        {
            message: `The Docker engine of ${description} is a rootless one: its containers’ addresses are in a network of its own, where nobody outside can reach them, so that no release could be proven healthy.`,
            fix: 'Use the engine of the whole host: leave out the socket in docker.host (and DOCKER_HOST of the job, and `docker context use default`), and install Docker there if there is only a rootless one.',
            // Somebody may have made a way there.
            forceable: true,
        },
    ];
}

;// CONCATENATED MODULE: ./build/src/target/docker/following.js

/** So many requests fewer than expected are chance once in a million times: e^-14. */
const BEYOND_CHANCE = 14;
/**
 * Whether requests go where a proxy was told to send them, by how many it has given each color since it was told. A map
 * that nobody looks up takes an entry as well as any other and reads it back.
 */
class RequestsFollow {
    #counts;
    #weights;
    /** When it was told, and at the last look. */
    #first = { blue: 0, green: 0 };
    #last = { blue: 0, green: 0 };
    /** @param counts requests that each color has been given since the proxy started, those under way with them */
    constructor(counts) {
        this.#counts = counts;
    }
    /** Called once the proxy has been told. The same again goes on from what was seen since the first time. */
    async told(weights) {
        const told = this.#weights;
        if (told !== undefined && release_color/* COLORS */.lm.every((color) => told[color] === weights[color]))
            return;
        const counts = await this.#counts();
        [this.#weights, this.#first, this.#last] = [weights, counts, counts];
    }
    async look() {
        if (this.#weights === undefined)
            return { follows: 'unknown' };
        const now = await this.#counts();
        // It has begun anew, and with what its file says.
        if (release_color/* COLORS */.lm.some((color) => now[color] < this.#last[color]))
            [this.#first, this.#last] = [
                { blue: 0, green: 0 },
                { blue: 0, green: 0 },
            ];
        const ofLate = since(this.#last, now);
        this.#last = now;
        return verdict(this.#weights, since(this.#first, now), ofLate);
    }
}
/** @param ofLate what has come since the look before: a request that was on its way is no evidence for ever */
function verdict(weights, all, ofLate) {
    const has = release_color/* COLORS */.lm.find((color) => (0,release_color/* isAllOn */.TF)(weights, color));
    if (has === undefined)
        return verdictOnShare(weights, all);
    const other = (0,release_color/* otherColor */.IP)(has);
    if (all[has] > 0 && ofLate[other] === 0)
        return { follows: true };
    if (all[other] === 0)
        return { follows: 'unknown' };
    return {
        follows: all[has] > 0 ? 'partly' : false,
        elsewhere: all[other],
        detail: toldBut(weights, all),
    };
}
/** Where clients stay with their color, a few of them may all be on the other one: that is worth a word, no verdict. */
function verdictOnShare(weights, all) {
    if (release_color/* COLORS */.lm.every((color) => all[color] > 0))
        return { follows: true };
    const expected = (color) => ((all.blue + all.green) * weights[color]) / 100;
    const isOdd = release_color/* COLORS */.lm.some((color) => all[color] === 0 && expected(color) >= BEYOND_CHANCE);
    return { follows: 'unknown', ...(isOdd && { detail: toldBut(weights, all) }) };
}
const toldBut = (weights, { blue, green }) => `it was told ${(0,release_color/* formatWeights */.V7)(weights)}, and has given blue ${blue} and green ${green} requests since`;
const since = (then, now) => ({
    blue: now.blue - then.blue,
    green: now.green - then.green,
});

;// CONCATENATED MODULE: ./build/src/target/docker/causes.js
/**
 * The catalog, the surest causes first: the first one that fits is told. The words are those of dockerd, runc and the
 * kernel, and of this target's own probe (probe.ts) and reading of ends (ends.ts).
 */
const CAUSES = [
    {
        title: 'the image was built for another processor',
        symptoms: { start: /exec format error/i, ends: /exec format error/i, log: /exec format error/i },
        hint: 'Build it for the host’s platform (docker build --platform), or as a multi-platform image.',
    },
    {
        title: 'the container took more memory than it may',
        symptoms: { ends: /out of memory/i },
        hint: 'Raise deploy.resources.limits.memory (mem_limit) of the service, or find out what the application needs it for.',
    },
    {
        title: 'the application ran out of memory',
        symptoms: {
            log: /heap out of memory|java\.lang\.OutOfMemoryError|cannot allocate memory|^MemoryError/im,
        },
        hint: 'Give the application more memory (its own limit, as --max-old-space-size, or the service’s), or find out what it needs it for.',
    },
    {
        title: 'a port of the host that the container wants is taken',
        symptoms: {
            start: /port is already allocated|address already in use.*(?:0\.0\.0\.0|\[::\])|Bind for .* failed/i,
        },
        hint: 'Take `ports` out of the service: both colors run at once, and the proxy reaches them on its network.',
    },
    {
        title: 'the disk of the host is full',
        symptoms: { start: /no space left on device/i, log: /no space left on device|ENOSPC/i },
        hint: 'Make room on the host: `docker system df` shows what takes it, and retire.prune removes old images of the app.',
    },
    {
        title: 'a file or folder that is mounted does not exist on the host',
        symptoms: { start: /bind source path does not exist|error mounting|invalid mount/i },
        hint: 'Compare the volumes of the service with what is on the host.',
    },
    {
        title: 'a network of the container does not exist any more',
        symptoms: { start: /network \S+ not found|could not find a network/i },
        hint: 'Create the network again and deploy; a parked container can’t be moved to it.',
    },
    {
        title: 'the host lacks a device that the container wants',
        symptoms: { start: /could not select device driver|no such device|error gathering device information/i },
        hint: 'Compare devices and deploy.resources.reservations of the service with the host.',
    },
    {
        title: 'the command of the container is not in the image, or not executable',
        symptoms: {
            start: /executable file not found|exec: .*no such file or directory|exec: .*permission denied|is a directory/i,
            ends: /exited with code 12[67]\b/,
        },
        hint: 'Check command and entrypoint of the service against what is in the image.',
    },
    {
        title: 'the process crashed',
        symptoms: { ends: /exited with code 13[2459]\b/ },
        hint: 'It broke in native code (a library for another system, a bug): run the image with the same environment to see it.',
    },
    {
        title: 'the container was killed',
        symptoms: { ends: /exited with code 137\b/ },
        hint: 'Somebody sent it SIGKILL; most often that is the kernel when the host itself has no memory left (its log says so).',
    },
    {
        title: 'the container was stopped from outside',
        symptoms: { ends: /exited with code 143\b/ },
        hint: 'Somebody sent it SIGTERM: look for another deployment, or a person, at work on this host.',
    },
    {
        title: 'the application started again by itself',
        symptoms: { ends: /was restarted/ },
        hint: 'Its log says why it ended.',
    },
    {
        title: 'the application ended by itself',
        symptoms: { ends: /exited with code/ },
        hint: 'Its log says why; run the image with the same environment to see it.',
    },
    {
        title: 'the application listens only for connections from inside its container',
        symptoms: { listening: /listens on (?:127\.|\[::1\])/ },
        hint: 'Let it listen on 0.0.0.0 instead of localhost.',
    },
    {
        title: 'the application listens on another port than docker.port',
        symptoms: { listening: /listens on/ },
        hint: 'Set docker.port to the port that the application listens on inside the container.',
    },
    {
        title: 'the runner can’t reach the containers',
        symptoms: {
            probes: /EHOSTUNREACH|ENETUNREACH|no route to host|network is unreachable|no connection within/i,
        },
        hint: 'They are asked at their own addresses, from the machine whose engine it is: run the job on that one and not in a container of its own, or use an ssh:// host; look for a firewall there.',
    },
    {
        title: 'nothing listens on docker.port',
        symptoms: { probes: /refused|closed the connection/i },
        hint: 'Let the application listen on 0.0.0.0 and docker.port; if it only starts slowly, raise health.timeout.',
    },
    {
        title: 'the application does not know the path of the health check',
        symptoms: { probes: /answered 404\b/ },
        hint: 'Set health.path to one that the application answers with 2xx or 3xx.',
    },
    {
        title: 'the application refuses the health check',
        symptoms: { probes: /answered (?:400|401|403|421)\b/ },
        hint: 'Let it answer health.path without a login, and for any Host header.',
    },
    {
        title: 'the application says that it is not healthy',
        symptoms: { probes: /answered [45]\d\d\b/ },
        hint: 'Its answer and its log say why.',
    },
    {
        title: 'the application does not answer in time',
        symptoms: { probes: /no answer within|did not end within/ },
        hint: 'It takes connections but hangs: look at its log, and at what it waits for (a database, a lock).',
    },
    {
        title: 'the container’s own health check fails',
        symptoms: { checks: /unhealthy/ },
        hint: 'Run the test of the healthcheck in the container; allow for a slow start with its start_period.',
    },
    {
        title: 'the container’s own health check has not passed yet',
        symptoms: { checks: /starting/ },
        hint: 'Shorten the interval of the healthcheck, or raise health.timeout.',
    },
];
/** The cause that the symptoms speak for, if any. */
const causeOf = (found) => CAUSES.find(({ symptoms }) => Object.entries(symptoms).some(([place, pattern]) => pattern.test(found[place] ?? '')));

;// CONCATENATED MODULE: ./build/src/target/docker/listening.js

/** All that asking may cost, in ms. */
const listening_TIMEOUT_MS = 5_000;
/** The kernel's name for a socket that takes connections. */
const LISTEN = '0A';
/** Docker's own name server in each container. */
const DOCKER_DNS = '127.0.0.11:';
/**
 * Where processes in a container listen, `127.0.0.1:8080`, as the kernel says: read from this machine where it is the
 * Docker host, else by `cat` where the image has it. Empty where neither tells. Never throws.
 */
async function listeningAddresses(docker, container) {
    try {
        return parseListening((await fromHere(container)) ?? (await fromInside(docker, container)));
    }
    catch {
        return [];
    }
}
async function fromHere({ id, inspected }) {
    const { Pid = 0 } = inspected.State;
    try {
        // The number means something only on the Docker host, and only while the container lives.
        const isIt = Pid > 0 && (await (0,promises_.readFile)(`/proc/${Pid}/cgroup`, 'utf8')).includes(id);
        if (!isIt)
            return undefined;
        const tables = await Promise.all(['tcp', 'tcp6'].map((table) => (0,promises_.readFile)(`/proc/${Pid}/net/${table}`, 'utf8').catch(() => '')));
        return tables.join('\n');
    }
    catch {
        return undefined;
    }
}
/** What `cat` could not find it says on stderr, and gives the rest. */
const fromInside = (docker, { id }) => docker.run(['container', 'exec', id, 'cat', '/proc/net/tcp', '/proc/net/tcp6'], { timeout: listening_TIMEOUT_MS });
/** The addresses in lines of /proc/net/tcp and /proc/net/tcp6. */
function parseListening(table) {
    const found = table.split('\n').flatMap((line) => {
        const [, local = '', , state] = line.trim().split(/\s+/);
        const [address = '', port = ''] = local.split(':');
        return state === LISTEN && address.length >= 8
            ? [`${readable(address)}:${Number.parseInt(port, 16)}`]
            : [];
    });
    return [...new Set(found)].filter((address) => !address.startsWith(DOCKER_DNS)).sort();
}
/** The kernel writes addresses as 32-bit words in the machine's order: little-endian wherever Docker runs by the most. */
function readable(hex) {
    const bytes = hex.match(/.{8}/g).flatMap((word) => word.match(/../g).reverse());
    if (bytes.length === 4)
        return bytes.map((byte) => Number.parseInt(byte, 16)).join('.');
    const text = bytes.join('').toLowerCase();
    if (/^0+$/.test(text))
        return '[::]';
    if (/^0+1$/.test(text))
        return '[::1]';
    if (/^0{20}ffff/.test(text))
        return bytes
            .slice(12)
            .map((byte) => Number.parseInt(byte, 16))
            .join('.');
    return `[${text.match(/.{4}/g).join(':')}]`;
}

;// CONCATENATED MODULE: ./build/src/target/docker/log-tail.js


const LINES = 50;
/** A log line can be a mebibyte. */
const MAX_LINE = 500;
/** All that a log may cost a verdict, in ms. */
const log_tail_TIMEOUT_MS = 10_000;
/** The last lines that a container wrote to stdout and stderr, in the order in which Docker got them. */
async function logTail(docker, id) {
    try {
        const told = [];
        // Docker gives the two streams apart, and this hears both; by their times they are one again.
        await docker.run(['container', 'logs', '--timestamps', '--tail', String(LINES), id], {
            timeout: log_tail_TIMEOUT_MS,
            onProgress: (line) => told.push(line),
        });
        const lines = merge(told);
        return lines.length > 0 ? { lines } : { lines, remark: 'it wrote nothing to its log' };
    }
    catch (error) {
        return { lines: [], remark: `its log can't be read: ${(0,errors/* toDeployError */.p)(error).message}` };
    }
}
/** Lines with a time before them, by that time and without it, fit to be shown. */
const merge = (lines) => lines
    .map((line) => /^(\d{4}-\d\d-\d\dT[\d:.]+Z) ?(.*)$/s.exec(line))
    .filter((match) => match !== null)
    .map(([, time = '', text = '']) => ({ time: time.replace('Z', '').padEnd(29, '0'), text }))
    .toSorted((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))
    .slice(-LINES)
    .map(({ text }) => (0,src_text/* plain */.pj)(text.slice(0, MAX_LINE)));

;// CONCATENATED MODULE: ./build/src/target/docker/diagnosis.js




/** The most containers of which the evidence tells. */
const MOST = 5;
/**
 * Everything that is known of a failure, as one block: what happened and the most likely cause (`reason`), what to do
 * (`hint`), and the evidence: ends of containers, answers to the probe and to Docker's health checks, the last lines of
 * the log.
 */
async function diagnose({ seen, detail, proxy }, { docker, port }) {
    // What ended first took the others with it.
    const ends = seen.flatMap(({ end }) => end ?? []).sort((a, b) => a.at - b.at);
    const failing = seen.filter(({ probed }) => probed?.ok === false);
    const unchecked = seen.filter(({ container, end }) => end === undefined && !['', 'none', 'healthy'].includes(healthOf(container)));
    const culprit = ends[0]?.container ?? failing[0]?.container ?? unchecked[0]?.container;
    const refused = failing.find(({ probed }) => probed?.refused);
    const addresses = refused === undefined ? [] : await listeningAddresses(docker, refused.container);
    const listening = refused === undefined ? '' : listeningLine(refused.container, addresses, port);
    const tail = culprit === undefined ? undefined : await logTail(docker, culprit.id);
    const endLines = ends.map(({ container, text }) => `${container.name} ${text}`);
    const probeLines = failing.map(({ container, probed }) => `${container.name}: ${probed?.text ?? ''}`);
    const checkLines = unchecked.map(({ container }) => checkLine(container));
    const cause = causeOf({
        ends: endLines.join('\n'),
        probes: ends.length > 0 ? '' : probeLines.join('\n'),
        listening,
        checks: ends.length > 0 ? '' : checkLines.join('\n'),
        log: ends.length > 0 ? (tail?.lines.join('\n') ?? '') : '',
    });
    const what = endLines[0] ?? (listening === '' ? undefined : listening) ?? probeLines[0] ?? checkLines[0] ?? detail;
    const isProxy = culprit === undefined && proxy !== '';
    return {
        reason: cause === undefined ? what : `${cause.title}: ${what}`,
        hint: cause?.hint ??
            (isProxy
                ? 'The containers answer by themselves: look at the proxy’s health check and at the names or addresses of its servers.'
                : undefined),
        details: [
            ...endLines.slice(0, MOST),
            ...probeLines.slice(0, MOST),
            ...(listening === '' ? [] : [listening]),
            ...checkLines.slice(0, MOST),
            ...(proxy === '' ? [] : [`proxy: ${proxy}`]),
            ...(culprit === undefined || tail === undefined ? [] : logLines(culprit, tail)),
        ],
    };
}
/** Docker's own word on a container's health; empty where the container has no health check. */
const healthOf = ({ inspected }) => inspected.State.Health?.Status ?? '';
/** `web-1: Docker's health check: unhealthy: connection refused` */
function checkLine(container) {
    const last = container.inspected.State.Health?.Log?.at(-1);
    const output = (0,src_text/* excerpt */.Kb)(last?.Output ?? '');
    return `${container.name}: Docker's health check says ${healthOf(container)}${last === undefined ? '' : ` (exit code ${last.ExitCode}${output === '' ? '' : `: ${output}`})`}`;
}
/** Where the application does listen, when that is not where it is asked; else what its image promises. */
function listeningLine({ name, inspected }, addresses, port) {
    const isLoopback = (address) => /^(?:127\.|\[::1\])/.test(address);
    const onPort = addresses.filter((address) => address.endsWith(`:${port}`));
    // By now it listens where it should.
    if (onPort.some((address) => !isLoopback(address)))
        return '';
    const open = addresses.filter((address) => !isLoopback(address));
    const told = onPort.length > 0 ? onPort : open.length > 0 ? open : addresses;
    if (told.length > 0)
        return `${name} listens on ${told.join(', ')}`;
    const exposed = Object.keys(inspected.Config.ExposedPorts ?? {}).map((one) => one.replace('/tcp', ''));
    return exposed.length === 0 || exposed.includes(String(port))
        ? ''
        : `${name}: nothing answers on port ${port}; its image names ${exposed.join(', ')} (EXPOSE)`;
}
function logLines({ name }, { lines, remark }) {
    if (remark !== undefined)
        return [`log of ${name}: ${remark}`];
    return [`log of ${name}, its last lines:`, ...lines.map((line) => `  ${line}`)];
}

;// CONCATENATED MODULE: ./build/src/target/docker/ends.js

/**
 * As the container is now; with `since`, as it was then, which is what it is now where nothing happened. What started it
 * again meanwhile was its restart policy only where the engine counted it: a reboot of the host is no end of its own.
 */
function baselineOf({ inspected: { RestartCount, State } }, since) {
    if (since !== undefined && RestartCount > 0 && timeOf(State.StartedAt) > since)
        return { restarts: 0, startedAt: new Date(since).toISOString(), oom: false };
    // A start by anybody but the engine itself counts from 0.
    if (State.Status === 'exited')
        return { restarts: 0, startedAt: State.FinishedAt, oom: false, isDown: true };
    return { restarts: RestartCount, startedAt: State.StartedAt, oom: State.OOMKilled && State.Running };
}
/**
 * How the container ended, if it did. Whoever takes the traffic must not end at all; another service may have done its
 * work, or a piece of it, and then ends with 0.
 */
async function endOf(docker, container, baseline, { takesTraffic, isKept }) {
    const { RestartCount, State, HostConfig } = container.inspected;
    const { Status, ExitCode, OOMKilled, StartedAt, FinishedAt } = State;
    const at = timeOf(FinishedAt);
    const limit = limitOf(HostConfig.Memory);
    if (Status === 'exited' || Status === 'dead') {
        if (ExitCode === 0 && !takesTraffic)
            return undefined;
        return { container, text: ended(ExitCode, OOMKilled, limit, State.Error), at };
    }
    // Docker could not start it, and says so here and nowhere else.
    if (Status === 'created' && State.Error !== '')
        return { container, text: ended(ExitCode, false, limit, State.Error), at };
    const isOther = timeOf(baseline.startedAt) > 0 && StartedAt !== baseline.startedAt;
    const wasRestarted = RestartCount > baseline.restarts || (isOther && !baseline.isDown);
    if (wasRestarted || Status === 'restarting') {
        const { codes, oom } = await eventsOf(docker, container, baseline);
        if (codes.length === 0 && Status === 'restarting')
            codes.push(ExitCode);
        // The engine forgets all but its last few hundred events: what runs again and is not known to have failed has not. One
        // that goes on failing is seen between two runs, or in the events that are left.
        if (isKept && codes.every((one) => one === 0) && !oom)
            return undefined;
        const code = isKept ? (codes.findLast((one) => one !== 0) ?? codes.at(-1)) : codes.at(-1);
        const how = code === undefined ? 'ended' : ended(code, oom || OOMKilled, limit, '');
        return { container, text: `was restarted, as it ${how}`, at };
    }
    // One of its processes, and not the first.
    if (OOMKilled && !baseline.oom)
        return { container, text: `had a process killed (out of memory${limit})`, at: timeOf(StartedAt) };
    return undefined;
}
const ended = (code, oom, limit, error) => [
    `exited with code ${code}`,
    oom ? ` (out of memory${limit})` : (SIGNALS[code] ?? ''),
    error === '' ? '' : `: ${error}`,
].join('');
/** Shells and Docker say by 128 + n that signal n ended it. */
const SIGNALS = {
    130: ' (SIGINT)',
    132: ' (SIGILL)',
    134: ' (SIGABRT)',
    135: ' (SIGBUS)',
    137: ' (SIGKILL)',
    139: ' (SIGSEGV)',
    143: ' (SIGTERM)',
};
const limitOf = (bytes = 0) => bytes === 0 ? '' : `, its limit is ${Number((bytes / 1024 / 1024).toFixed(1))} MiB`;
/** ms */
const EVENT_DELAY_MS = 20;
/**
 * Once a container runs again, inspect no longer knows how it ended: only the engine's events do, and of those it
 * remembers a few hundred. The times are the engine's own, in the past, so that this hardly waits.
 */
async function eventsOf(docker, { id, inspected: { State } }, baseline) {
    // The event comes a moment after the time of the end that inspect shows.
    const last = Math.max(timeOf(State.FinishedAt), timeOf(State.StartedAt)) + EVENT_DELAY_MS;
    const events = await docker.lines([
        ...[
            'events',
            '--since',
            baseline.startedAt,
            '--until',
            new Date(last).toISOString(),
            '--format',
            '{{json .}}',
        ],
        ...['--filter', `container=${id}`, '--filter', 'event=die', '--filter', 'event=oom'],
    ]);
    const codes = events
        .filter(({ Action }) => Action === 'die')
        .flatMap(({ Actor }) => Actor?.Attributes?.['exitCode'] ?? [])
        .map(Number);
    return { codes, oom: events.some(({ Action }) => Action === 'oom') };
}

// EXTERNAL MODULE: external "node:net"
var external_node_net_ = __webpack_require__(7030);
;// CONCATENATED MODULE: ./build/src/target/docker/probe.js



/** How much of a body is read, in bytes: enough to say why. */
const MAX_BODY = 4096;
/**
 * A tunnel takes every connection, and closes it again when it finds nobody at the other end. How long to wait for
 * that, in ms: longer than a way there and back.
 */
const TUNNEL_MS = 500;
/**
 * Asks one container whether it is there for users: an answer below 400, or just a connection, on one of its own.
 * @throws TransientError when there is no way to the host at the moment
 */
async function probe(request) {
    const { host, address, port } = request;
    const stillStands = host.tunnel?.();
    const dialed = await host.dial({ host: address, port });
    const isTunnel = 'path' in dialed || dialed.host !== address || dialed.port !== port;
    const probed = await (request.path === undefined
        ? connect(request, dialed, isTunnel)
        : get(request, dialed));
    if (probed.refused && isTunnel) {
        // It may be the tunnel itself that broke under the question, which says nothing of the container.
        await stillStands?.();
        // Tells when the host opens no such way at all.
        await host.dial({ host: address, port });
    }
    return probed;
}
function get({ address, port, path, timeout }, dialed) {
    const what = `GET ${path}`;
    return new Promise((resolve) => {
        const request = external_node_http_.request({
            ...('path' in dialed ? { socketPath: dialed.path } : dialed),
            path,
            // As a load balancer would ask. No agent that could hold a connection from before.
            headers: {
                host: `${address.includes(':') ? `[${address}]` : address}:${port}`,
                'user-agent': 'blue-green-deploy health',
                accept: '*/*',
            },
            agent: new external_node_http_.Agent({ keepAlive: false }),
        });
        let isConnected = false;
        request.once('socket', (socket) => socket.once('connect', () => (isConnected = true)));
        const timer = setTimeout(() => end(late(what, isConnected, timeout)), timeout);
        request.on('error', (error) => end(noAnswer(what, error)));
        request.on('response', (response) => {
            const status = response.statusCode ?? 0;
            if (status >= 200 && status < 400)
                return end({ ok: true, text: `${what} answered ${status}`, refused: false });
            let body = '';
            const say = () => end({
                ok: false,
                text: `${what} answered ${status}${body.trim() === '' ? '' : `: ${(0,src_text/* excerpt */.Kb)(body)}`}`,
                refused: false,
            });
            response.setEncoding('utf8');
            response.on('data', (chunk) => {
                body += chunk;
                if (body.length > MAX_BODY)
                    say();
            });
            response.on('end', say);
            response.on('error', say);
        });
        request.end();
        function end(result) {
            clearTimeout(timer);
            request.destroy();
            resolve(result);
        }
    });
}
function connect({ port, timeout }, dialed, isTunnel) {
    const what = `connection to port ${port}`;
    return new Promise((resolve) => {
        const socket = external_node_net_.connect(dialed);
        let timer = setTimeout(() => end(late(what, false, timeout)), timeout);
        socket.on('error', (error) => end(noAnswer(what, error)));
        socket.on('connect', () => {
            if (!isTunnel)
                return end(taken);
            // Somebody who speaks first is there.
            socket.once('data', () => end(taken));
            socket.once('close', () => end({ ok: false, text: `${what}: the tunnel closed the connection`, refused: true }));
            clearTimeout(timer);
            timer = setTimeout(() => end(taken), Math.min(TUNNEL_MS, timeout));
        });
        const taken = { ok: true, text: `${what} was taken`, refused: false };
        function end(result) {
            clearTimeout(timer);
            resolve(result);
            socket.destroy();
        }
    });
}
/** Who takes no connection at all is most often not to be reached from here: nobody refuses it either. */
const late = (what, isConnected, timeout) => ({
    ok: false,
    text: `${what}: no ${isConnected ? 'answer' : 'connection'} within ${(0,src_text/* duration */.p0)(timeout)}`,
    refused: false,
});
function noAnswer(what, error) {
    const { code = '' } = error;
    // Through a tunnel, nobody there shows as a connection that is closed without a word.
    const refused = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(code);
    const reason = code === 'ECONNREFUSED'
        ? 'connection refused'
        : refused
            ? 'the other end closed the connection'
            : (0,src_text/* excerpt */.Kb)(error.message);
    return { ok: false, text: `${what}: ${reason}`, refused };
}

;// CONCATENATED MODULE: ./build/src/target/docker/project-order.js

/** Set by Compose: `db:service_healthy:false,migrate:service_completed_successfully:false`. */
const DEPENDS_ON = 'com.docker.compose.depends_on';
const COMPLETED = 'service_completed_successfully';
const HEALTHY = 'service_healthy';
/** What the service of a container waits for, by the user's Compose file. */
const dependencies = ({ inspected }) => labelOf(inspected, DEPENDS_ON)
    .split(',')
    .filter((part) => part !== '')
    .map((part) => {
    const [service = '', condition = ''] = part.split(':');
    return { service, condition };
});
/**
 * Containers in groups that can be started at once, one after the other: those that depend on nothing first. To stop
 * them, take the groups from the end.
 */
function inOrder(containers) {
    const groups = [];
    const here = new Set(containers.map(({ service }) => service));
    const placed = new Set();
    let left = [...containers];
    while (left.length > 0) {
        const next = left.filter((one) => dependencies(one).every(({ service }) => placed.has(service) || !here.has(service)));
        // A circle, which Compose refuses: nobody's order is better than another.
        const group = next.length > 0 ? next : left;
        groups.push(group);
        for (const { service } of group)
            placed.add(service);
        left = left.filter((one) => !group.includes(one));
    }
    return groups;
}
/** What the `waiting` ones need more of than that it was started, `among` those that are to run with them. */
function awaitedBy(waiting, among) {
    const needed = new Map();
    for (const { service, condition } of waiting.flatMap(dependencies))
        for (const container of among.filter((one) => one.service === service))
            if (condition === COMPLETED)
                needed.set(container, { container, until: 'completed' });
            else if (condition === HEALTHY && !needed.has(container))
                needed.set(container, { container, until: 'healthy' });
    return [...needed.values()];
}
/**
 * Those that Docker starts anew whenever they end: they have no end that would be their last, only pauses which the
 * policy `no` makes longer. But where another service waits for one's success, its end is what it is for.
 */
function keptRunning(containers) {
    const awaited = awaitedServices(containers);
    return new Set(containers.filter(({ restart, service }) => (restart === 'always' || restart === 'unless-stopped') && !awaited.has(service)));
}
/**
 * Those that had ended well by themselves while the rest of their release ran: a migration, a seed. They are no part of what
 * is started again. Either another service waits for their success, or they ended before the containers that take the
 * traffic were stopped: those are stopped first. Both times are the engine's.
 */
function finishedJobs(containers, trafficService) {
    const awaited = awaitedServices(containers);
    const kept = keptRunning(containers);
    const stoppedAt = Math.max(0, ...containers
        .filter(({ service }) => service === trafficService)
        .map((one) => (one.isUp ? Number.POSITIVE_INFINITY : timeOf(one.inspected.State.FinishedAt))));
    return new Set(containers.filter((one) => {
        const { Status, ExitCode, FinishedAt } = one.inspected.State;
        if (one.service === trafficService || Status !== 'exited' || ExitCode !== 0)
            return false;
        return awaited.has(one.service) || (!kept.has(one) && timeOf(FinishedAt) < stoppedAt);
    }));
}
/** Services whose success another one waits for. */
const awaitedServices = (containers) => new Set(containers
    .flatMap(dependencies)
    .filter(({ condition }) => condition === COMPLETED)
    .map(({ service }) => service));

;// CONCATENATED MODULE: ./build/src/target/docker/health.js





/** How long a container may take to answer, in ms: one that hangs must not keep a look from being one. */
const PROBE_MS = 5_000;
/** Looks at the health of a color's containers, by identity: those that this run started, or found. */
class ContainerHealth {
    #options;
    #anchors = new Map();
    constructor(options) {
        this.#options = options;
    }
    /** To be called once the color's containers were started: from now on, exactly those count. */
    async started(color, count) {
        const { all } = (await readColors(this.#options))[color];
        this.#anchors.set(color, anchorOf(all, count));
    }
    /**
     * One look. What this process did not start is known by its release.
     * @param since from when on a restart counts that this process did not see, ms since the epoch
     */
    async look(color, since) {
        const containers = (await readColors(this.#options))[color];
        const anchor = this.#anchors.get(color) ?? found(containers, since);
        this.#anchors.set(color, anchor);
        const { wanted } = anchor;
        const missing = [...anchor.members].filter(([id]) => !containers.all.some((one) => one.id === id));
        if (missing.length > 0)
            return superseded(missing.map(([, { name }]) => name), wanted);
        const seen = await this.#see(containers, anchor);
        if (seen.some(({ end }) => end !== undefined)) {
            anchor.last = { seen, detail: '', proxy: '' };
            const failure = await this.#diagnose(anchor.last);
            return { ready: 0, wanted, detail: failure.reason, failure };
        }
        const kept = keptRunning(containers.all);
        for (const one of seen.filter(({ takesTraffic }) => !takesTraffic)) {
            const { id } = one.container;
            if (kept.has(one.container)) {
                // What it did until now is well, and is not asked of the engine's events again.
                if (!isRestarting(one.container))
                    anchor.members.set(id, memberOf(one.container));
            }
            else if (isDone(one)) {
                // A job that has done its work may be removed by whoever clears up.
                anchor.members.delete(id);
            }
        }
        const proven = seen.filter(isProven);
        const pending = seen.filter((one) => !one.takesTraffic && isPending(one));
        const strangers = containers.traffic.filter((one) => one.isUp && !anchor.members.has(one.id)).length;
        const instances = instancesOf({ ...containers, traffic: proven.map(({ container }) => container) }, this.#options.settings);
        const proxy = instances.length === 0 ? { ready: 0, detail: '' } : await this.#options.proxy.ready(color, instances);
        // Users would get what another release still runs; and what a service needs must be there before they come.
        const most = strangers > 0 || pending.length > 0 ? Math.max(wanted - 1, 0) : wanted;
        const ready = Math.min(proxy.ready, proven.length, most);
        const detail = health_describe(ready, wanted, seen, pending, strangers, proxy.detail);
        anchor.last = { seen, detail, proxy: proxy.detail };
        return { ready, wanted, detail };
    }
    /** What `look` saw last, put together for when patience is over. */
    async diagnose(color) {
        const last = this.#anchors.get(color)?.last;
        return last === undefined ? undefined : this.#diagnose(last);
    }
    #diagnose(sight) {
        const { docker, settings } = this.#options;
        return diagnose(sight, { docker, port: settings.port });
    }
    /** All containers that count, at once. */
    #see({ all, traffic }, { members }) {
        const { docker, host, path, settings } = this.#options;
        const kept = keptRunning(all);
        return Promise.all(all
            .filter(({ id }) => members.has(id))
            .map(async (container) => {
            const takesTraffic = traffic.includes(container);
            const { baseline } = members.get(container.id);
            const role = { takesTraffic, isKept: !takesTraffic && kept.has(container) };
            const end = await endOf(docker, container, baseline, role);
            const address = addressOf(container, settings.network);
            const isRunning = container.inspected.State.Status === 'running';
            if (end !== undefined || !takesTraffic || !isRunning || address === '')
                return { container, takesTraffic, end };
            const probed = await probe({ host, address, port: settings.port, path, timeout: PROBE_MS });
            return { container, takesTraffic, probed };
        }));
    }
}
const anchorOf = (containers, wanted, since) => ({
    members: new Map(containers.map((one) => [one.id, memberOf(one, since)])),
    wanted,
});
const memberOf = (container, since) => ({
    name: container.name,
    baseline: baselineOf(container, since),
});
/** A color that another process started: everything on it that carries the release's label. */
function found(containers, since) {
    const { release } = containers_stateOf(containers);
    const traffic = containers.traffic.filter((one) => one.release.id === release?.id);
    return anchorOf([...traffic, ...containers.others], traffic.length, since);
}
const superseded = (names, wanted) => {
    const reason = `${names.join(', ')} was removed by somebody else`;
    return {
        ready: 0,
        wanted,
        detail: reason,
        failure: {
            code: 'superseded',
            reason,
            hint: 'Look for another deployment, a person, or a clean-up job at work on this host.',
            details: [],
        },
    };
};
const isProven = ({ container, takesTraffic, probed }) => takesTraffic && probed?.ok === true && ['', 'none', 'healthy'].includes(healthOf(container));
/**
 * Of another service, without an end that would be told: it has done its work, or is between two runs. What Docker is to
 * keep running comes back with its policy, which only the release's being staged keeps it from (Lifecycle.live).
 */
const isDone = ({ container, takesTraffic }) => !takesTraffic && (container.inspected.State.Status === 'exited' || isRestarting(container));
const isRestarting = ({ inspected }) => inspected.State.Status === 'restarting';
/** Another service that is not there yet. */
const isPending = ({ container, takesTraffic }) => !isDone({ container, takesTraffic }) &&
    (container.inspected.State.Status !== 'running' || !['', 'none', 'healthy'].includes(healthOf(container)));
/** `1 of 3 healthy; 2 GET /health answered 503; db starting`, and whatever else stands in the way. */
function health_describe(ready, wanted, seen, pending, strangers, proxy) {
    const counts = new Map();
    for (const one of seen.filter((each) => each.takesTraffic && !isProven(each))) {
        const text = stateText(one);
        counts.set(text, (counts.get(text) ?? 0) + 1);
    }
    return [
        `${ready} of ${wanted} healthy`,
        ...[...counts].map(([text, count]) => `${count} ${text}`),
        ...pending.map((one) => `${one.container.name} ${stateText(one)}`),
        ...(strangers > 0 ? [`${strangers} of another release still run`] : []),
        ...(proxy === '' ? [] : [`proxy: ${proxy}`]),
    ].join('; ');
}
function stateText({ container, probed }) {
    const { Status } = container.inspected.State;
    if (Status !== 'running')
        return Status;
    if (probed?.ok === false)
        return probed.text;
    const health = healthOf(container);
    return health === '' || health === 'none' ? 'without an address on the network' : health;
}

;// CONCATENATED MODULE: ./build/src/target/docker/journal.js


/** Labels of a journal's volumes: whose they are, which is the newest, and what it says. */
const APP = 'blue-green.journal.app';
const ENVIRONMENT = 'blue-green.journal.environment';
const NUMBER = 'blue-green.journal.number';
const RECORD = 'blue-green.journal.record.';
/**
 * What must outlive a run: labels of volumes that nothing mounts, which are there only while a run is unfinished or a
 * release is staged. A volume's labels can't change, so each record is a volume of its own, and the newest counts; it is
 * written whole or not at all. Measured on Docker 20.10: that takes the engine 2 ms, and a file in a container 70 ms,
 * during which the users wait for the release. Only who holds the lock writes.
 */
class VolumeJournal {
    #options;
    #prefix;
    constructor(options) {
        this.#options = options;
        this.#prefix = `${options.app}-${options.environment}-journal-`;
    }
    /** The newest record; nothing when no run is unfinished. */
    async read() {
        const newest = (await this.#volumes()).at(-1);
        if (newest === undefined)
            return undefined;
        const ours = Object.entries(newest.Labels ?? {}).filter(([name]) => name.startsWith(RECORD));
        return Object.fromEntries(ours.map(([name, value]) => [name.slice(RECORD.length), value]));
    }
    /** @throws DeployError `name-taken` when a volume of somebody else has the name */
    async write(_color, record) {
        const { docker, app, environment, stash } = this.#options;
        const newest = (await this.#volumes()).at(-1);
        // Whoever removed the volumes of an earlier run by hand has left what went with them: it is not this run's.
        if (newest === undefined && record['phase'] === 'staging')
            await stash.remove();
        const number = (newest === undefined ? 0 : numberOf(newest)) + 1;
        const name = `${this.#prefix}${number}`;
        const entries = Object.entries(record).map(([key, value]) => [`${RECORD}${key}`, value]);
        const labels = {
            ...Object.fromEntries(entries),
            [APP]: app,
            [ENVIRONMENT]: environment,
            [NUMBER]: String(number),
        };
        // Where there is one of that name already, the engine answers with that, and changes nothing.
        const made = await docker.api.post('/volumes/create', { Name: name, Labels: labels });
        if (made.Labels?.[APP] !== app || made.Labels[ENVIRONMENT] !== environment)
            throw new errors/* DeployError */.s(`The name of the journal’s volume, ${name}, belongs to another volume.`, {
                code: 'name-taken',
                hint: 'Remove that volume, or give the app or the environment another name.',
            });
    }
    /** What goes with the journal first, then the records, the newest last: whatever is cut off here, it tells the truth. */
    async clear() {
        const volumes = await this.#volumes();
        await this.#options.stash.remove();
        for (const { Name } of volumes)
            try {
                await this.#options.docker.api.delete(`/volumes/${encodeURIComponent(Name)}`);
            }
            catch (error) {
                if (!isMissing(error))
                    throw error;
            }
    }
    /** The oldest first. */
    async #volumes() {
        const { docker, app, environment } = this.#options;
        const label = [`${APP}=${app}`, `${ENVIRONMENT}=${environment}`];
        const filters = encodeURIComponent(JSON.stringify({ label }));
        const { Volumes } = await docker.api.get(`/volumes?filters=${filters}`);
        return (Volumes ?? []).toSorted((a, b) => numberOf(a) - numberOf(b));
    }
}
const numberOf = ({ Labels }) => Number(Labels?.[NUMBER] ?? 0);

;// CONCATENATED MODULE: ./build/src/target/docker/recreate.js

/** What Docker reports of an endpoint that works, but does not want to be told. */
const OPERATIONAL = new Set([
    ...['NetworkID', 'EndpointID', 'Gateway', 'IPAddress', 'IPPrefixLen', 'IPv6Gateway'],
    ...['GlobalIPv6Address', 'GlobalIPv6PrefixLen', 'MacAddress', 'DNSNames'],
]);
/** Networks that are none: they take no settings. */
const NO_NETWORK = /^(?:host|none|container:.*)$/;
/**
 * A container as it was, from its inspect: same name, labels, image, settings, networks and volumes. Everything that is
 * not named here goes back as Docker gave it. The restart policy is `no`: what is recreated is parked.
 */
function recreation(raw, { image, ids }) {
    const main = mainNetwork(raw);
    const isMain = ({ network }) => network === main;
    const endpoints = endpointsOf(raw).sort((a, b) => Number(isMain(b)) - Number(isMain(a)));
    const [first] = endpoints;
    return {
        name: raw.Name.replace(/^\//, ''),
        body: {
            ...configOf(raw, image),
            HostConfig: { ...hostConfigOf(raw, ids), RestartPolicy: { Name: 'no', MaximumRetryCount: 0 } },
            ...(first !== undefined && {
                NetworkingConfig: { EndpointsConfig: { [first.network]: first.settings } },
            }),
        },
        endpoints,
    };
}
/**
 * One more container like this one, under the next number: what must be its own (address, host name by id, anonymous
 * volumes) is left to Docker.
 */
function copy(raw, { image, name, number }) {
    const oldName = raw.Name.replace(/^\//, '');
    const own = anonymousVolumes(raw);
    const networks = Object.entries(raw.NetworkSettings.Networks ?? {}).map(([network, endpoint]) => [
        network,
        endpoint === null
            ? null
            : {
                ...endpoint,
                IPAMConfig: null,
                Aliases: (endpoint.Aliases ?? []).map((alias) => (alias === oldName ? name : alias)),
            },
    ]);
    return recreation({
        ...raw,
        Name: name,
        Config: {
            ...raw.Config,
            Labels: { ...raw.Config.Labels, [COMPOSE_NUMBER]: String(number) },
        },
        HostConfig: {
            ...raw.HostConfig,
            // What one container handed on to its successor is anonymous still, though it is mounted by its name.
            Binds: (raw.HostConfig.Binds ?? []).filter((bind) => !own.has(bind.split(':')[0] ?? '')),
        },
        NetworkSettings: { Networks: Object.fromEntries(networks) },
        Mounts: [],
    }, { image, ids: new Map() });
}
function configOf(raw, image) {
    const { Hostname, ...config } = raw.Config;
    const mode = raw.HostConfig.NetworkMode ?? '';
    // Docker sets the beginning of the id by itself, and takes no host name in somebody else's network.
    const isOwn = Hostname !== undefined && Hostname !== raw.Id.slice(0, 12) && !NO_NETWORK.test(mode);
    return {
        ...config,
        ...(isOwn && { Hostname }),
        Image: image,
        // Nothing at all would mean the image's; this is how Docker is told that there is none.
        Entrypoint: config.Entrypoint ?? [''],
        // They came from the image, and do so again; with this mode Docker refuses to hear of them.
        ...(mode.startsWith('container:') && { ExposedPorts: undefined, Domainname: undefined }),
    };
}
function hostConfigOf(raw, ids) {
    const renamed = (value) => {
        const other = typeof value === 'string' ? /^container:(.+)$/.exec(value)?.[1] : undefined;
        return other === undefined ? value : `container:${ids.get(other) ?? other}`;
    };
    const modes = Object.fromEntries(['IpcMode', 'PidMode', 'UTSMode']
        .filter((key) => key in raw.HostConfig)
        .map((key) => [key, renamed(raw.HostConfig[key])]));
    return {
        ...raw.HostConfig,
        NetworkMode: renamed(mainNetwork(raw)),
        ...modes,
        ...volumesFrom(raw, ids),
        ...volumes(raw),
    };
}
/** Compose names the first network by its id. By its name it is still found when it was made anew meanwhile. */
function mainNetwork({ HostConfig, NetworkSettings }) {
    const mode = HostConfig.NetworkMode ?? 'default';
    const byId = Object.entries(NetworkSettings.Networks ?? {}).find(([, one]) => one?.NetworkID === mode);
    return byId?.[0] ?? mode;
}
function volumesFrom({ HostConfig }, ids) {
    const list = HostConfig.VolumesFrom;
    if (list === undefined || list === null)
        return {};
    return {
        VolumesFrom: list.map((entry) => {
            const [other = '', ...mode] = entry.split(':');
            return [ids.get(other) ?? other, ...mode].join(':');
        }),
    };
}
/** Anonymous volumes are named, so that what is in them is kept. */
function volumes({ HostConfig, Mounts = [] }) {
    const mounts = HostConfig.Mounts?.map((mount) => {
        const found = Mounts.find(({ Type, Destination }) => Type === 'volume' && Destination === mount.Target);
        return mount.Type === 'volume' && !mount.Source && found?.Name ? { ...mount, Source: found.Name } : mount;
    });
    const mounted = new Set([
        ...(HostConfig.Binds ?? []).map((bind) => bind.split(':')[1]),
        ...(mounts ?? []).map(({ Target }) => Target),
    ]);
    const added = Mounts.filter(({ Type, Name, Destination }) => Type === 'volume' && Name && !mounted.has(Destination));
    return {
        ...(mounts !== undefined && { Mounts: mounts }),
        ...(added.length > 0 && {
            Binds: [
                ...(HostConfig.Binds ?? []),
                ...added.map(({ Name, Destination, RW }) => `${Name}:${Destination}${RW ? '' : ':ro'}`),
            ],
        }),
    };
}
/** Names of volumes that Docker made up: 64 hex digits. */
const anonymousVolumes = ({ Mounts = [] }) => new Set(Mounts.flatMap(({ Type, Name = '' }) => (Type === 'volume' && /^[0-9a-f]{64}$/.test(Name) ? [Name] : [])));
function endpointsOf({ Id, HostConfig, NetworkSettings, }) {
    if (NO_NETWORK.test(HostConfig.NetworkMode ?? ''))
        return [];
    return Object.entries(NetworkSettings.Networks ?? {}).map(([network, endpoint]) => ({
        network,
        settings: Object.fromEntries(Object.entries(endpoint ?? {})
            .filter(([key]) => !OPERATIONAL.has(key))
            // Older engines add the beginning of the id by themselves, and show it.
            .map(([key, value]) => key === 'Aliases' && Array.isArray(value)
            ? [key, value.filter((alias) => alias !== Id.slice(0, 12))]
            : [key, value])),
    }));
}

;// CONCATENATED MODULE: ./build/src/target/docker/creator.js



/** Creates containers from the inspect of others, without starting them. */
class Creator {
    #docker;
    constructor(docker) {
        this.#docker = docker;
    }
    /**
     * @param files what had been copied into it (injected-files.ts)
     * @returns the new container's id
     */
    async recreate(raw, ids, files) {
        const id = await this.#create(recreation(raw, { image: await this.#imageOf(raw), ids }));
        await writeInjected(this.#docker, id, files);
        return id;
    }
    /** One more like the container of this id. */
    async copy(id, name, number) {
        const raw = await this.#inspect(id);
        const files = await readInjected(this.#docker, raw);
        const made = await this.#create(copy(raw, { image: await this.#imageOf(raw), name, number }));
        await writeInjected(this.#docker, made, files);
        return made;
    }
    /** Completes one that was made like `template`: with those of its networks, and of the files, that it lacks. */
    async complete(template, { id, name, number, inspected }) {
        if (inspected.State.Status === 'created')
            await writeInjected(this.#docker, id, await readInjected(this.#docker, await this.#inspect(template.id)));
        const present = Object.keys(inspected.NetworkSettings.Networks ?? {});
        const wanted = Object.keys(template.inspected.NetworkSettings.Networks ?? {});
        const missing = wanted.filter((network) => !present.includes(network));
        if (missing.length === 0)
            return;
        const { endpoints } = copy(await this.#inspect(template.id), { image: '', name, number });
        await this.#connect(id, endpoints.filter((one) => missing.includes(one.network)));
    }
    async #create({ name, body, endpoints }) {
        const { Id } = await this.#docker.api.post(`/containers/create?name=${encodeURIComponent(name)}`, body);
        // The first one is in the body.
        await this.#connect(Id, endpoints.slice(1));
        return Id;
    }
    async #connect(id, endpoints) {
        for (const { network, settings } of endpoints)
            await this.#docker.api.post(`/networks/${encodeURIComponent(network)}/connect`, {
                Container: id,
                EndpointConfig: settings,
            });
    }
    async #inspect(id) {
        const [raw] = parseExact(await this.#docker.run(['container', 'inspect', id]), 'docker container inspect');
        return raw;
    }
    /** The image's name, for people, while it still means this image; else its id: a tag that moved changes nothing. */
    async #imageOf({ Image, Config }) {
        const [named] = await this.#docker.inspect('image', [Config.Image]);
        return named?.Id === Image ? Config.Image : Image;
    }
}

// EXTERNAL MODULE: ./build/src/release/clock.js
var release_clock = __webpack_require__(4925);
;// CONCATENATED MODULE: ./build/src/target/docker/dependency-wait.js





const LOOK_MS = 250;
/**
 * Waits for what `depends_on` waits for with a condition, where containers are started that Compose made: it would wait,
 * and Docker does not. Otherwise a service that ends when its cache is not ready ends at each rollback.
 */
class DependencyWait {
    #options;
    #clock;
    #told = new Set();
    #deadline = Number.POSITIVE_INFINITY;
    constructor(options) {
        this.#options = options;
        this.#clock = options.clock ?? release_clock/* systemClock */.m;
    }
    /**
     * Before the `waiting` ones are started: until those `among` all that they need are there.
     * @throws DeployError `dependency-failed` when one of these ended, or is not healthy; `health-timeout`
     */
    async before(waiting, among) {
        const needed = awaitedBy(waiting.filter((one) => !one.isUp), among);
        if (needed.length === 0)
            return;
        this.#deadline = Math.min(this.#deadline, this.#clock.now() + this.#options.limitMs);
        const { docker, signal } = this.#options;
        const ids = needed.map(({ container }) => container.id);
        for (;;) {
            const found = (await docker.inspect('container', ids)).map(containerOf);
            const states = found.map((container) => ({
                container,
                ...dependency_wait_stateOf(container, needed.find((one) => one.container.id === container.id)),
            }));
            for (const { container, failed } of states)
                if (failed !== undefined)
                    throw await this.#failure(container, failed);
            const missing = states.filter(({ isThere }) => !isThere).map(({ container }) => container);
            if (missing.length === 0)
                return;
            if (this.#clock.now() >= this.#deadline)
                throw await this.#late(missing);
            this.#tell(missing);
            await this.#clock.sleep(LOOK_MS, signal ?? new AbortController().signal);
        }
    }
    /** As a deployment does for what Compose waits for. */
    #tell(missing) {
        for (const { name } of missing) {
            if (!this.#told.has(name))
                this.#options.progress(`${name}: other services wait for it.`);
            this.#told.add(name);
        }
    }
    async #failure(container, how) {
        return new errors/* DeployError */.s(`${container.name} ${how}, and other services wait for it (\`depends_on\`).`, {
            code: 'dependency-failed',
            hint: 'Look at its log below, and at its health check.',
            details: await this.#log(container),
        });
    }
    async #late(missing) {
        const names = missing.map(({ name }) => name).join(', ');
        const details = await Promise.all(missing.map((one) => this.#log(one)));
        return new errors/* DeployError */.s(`${names} did not come up within ${this.#options.limitMs / 1000} s, and other services wait for it (\`depends_on\`).`, {
            code: 'health-timeout',
            hint: 'If it only needs longer, raise health.timeout; otherwise look at its log and its health check.',
            details: details.flat(),
        });
    }
    async #log({ id, name }) {
        const { lines, remark } = await logTail(this.#options.docker, id);
        if (remark !== undefined)
            return [`log of ${name}: ${remark}`];
        return [`log of ${name}, its last lines:`, ...lines.map((line) => `  ${line}`)];
    }
}
function dependency_wait_stateOf({ inspected: { State } }, { until }) {
    const { Status, ExitCode, Health } = State;
    const hasEnded = Status === 'exited' || Status === 'dead';
    if (until === 'completed')
        return hasEnded && ExitCode !== 0
            ? { isThere: false, failed: `exited with code ${ExitCode}` }
            : { isThere: hasEnded };
    if (hasEnded)
        return { isThere: false, failed: `exited with code ${ExitCode}` };
    if (Health?.Status === 'unhealthy')
        return { isThere: false, failed: 'is unhealthy' };
    // Without a health check there is nothing to wait for.
    const isHealthy = Health === undefined || Health === null || Health.Status === 'none' || Health.Status === 'healthy';
    return { isThere: isHealthy };
}

;// CONCATENATED MODULE: ./build/src/target/docker/image-tags.js

/**
 * Takes a tag of ours off its image. The last one is replaced by `instead`, as without any the image would be gone.
 */
async function removeTag(docker, reference, instead) {
    const [image] = await docker.inspect('image', [reference]);
    if (image === undefined)
        return;
    const references = (image.RepoTags?.length ?? 0) + (image.RepoDigests?.length ?? 0);
    if (references <= 1)
        await docker.run(['image', 'tag', reference, reference.replace(/:.*$/, `:${instead}`)]);
    try {
        await docker.run(['image', 'rm', '--no-prune', reference]);
    }
    catch (error) {
        if (!(error instanceof DockerError))
            throw error;
    }
}

;// CONCATENATED MODULE: ./build/src/target/docker/restart-notes.js





/** `restart-0123456789ab-on-failure.3-worker` */
const TAG = /^restart-([0-9a-f]+)-(always|unless-stopped|on-failure(?:\.\d+)?)-(.+)$/;
/**
 * What was brought up by hand has no label that says which restart policy it had, and while it is parked it must have
 * none: after a reboot `always` would come back, and `on-failure` as well, though it was stopped. So it is written down
 * where standings are, in tags on the release's image: that image stays as long as the containers do.
 */
class RestartNotes {
    #options;
    constructor(options) {
        this.#options = options;
    }
    /** Before the policies are taken off. */
    async keep(color, { all, traffic }) {
        const restarting = all.filter((one) => !isLabelled(one) && containers_policyOf(one) !== 'no');
        const image = traffic[0]?.inspected.Image;
        if (restarting.length === 0 || image === undefined)
            return;
        const { docker, progress } = this.#options;
        const known = await this.#notes(color);
        for (const one of restarting) {
            const own = known.filter((note) => isOf(note, one));
            const reference = this.#reference(color, one);
            if (!own.some((note) => note.reference === reference))
                try {
                    await docker.run(['image', 'tag', image, reference]);
                }
                catch (error) {
                    if (!(error instanceof DockerError))
                        throw error;
                    progress(`${one.name} will have no restart policy after a rollback: ${containers_policyOf(one)} can't be kept: ${error.message}`);
                }
            await this.#remove(own.filter((note) => note.reference !== reference));
        }
    }
    /** The containers with the policies that were taken off them. */
    async applied(color, containers) {
        const isBare = (one) => !isLabelled(one) && containers_policyOf(one) === 'no';
        if (!containers.all.some(isBare))
            return containers;
        const notes = await this.#notes(color);
        const apply = (one) => {
            const note = isBare(one) ? notes.find((each) => isOf(each, one)) : undefined;
            return note === undefined ? one : { ...one, restart: note.policy };
        };
        const all = containers.all.map(apply);
        const of = (group) => all.filter(({ id }) => group.some((one) => one.id === id));
        return { all, traffic: of(containers.traffic), others: of(containers.others) };
    }
    /** Once containers that were replaced never come back. */
    async forgetGone(colors) {
        for (const color of release_color/* COLORS */.lm) {
            const left = colors[color].all.filter((one) => !isLabelled(one));
            const notes = await this.#notes(color);
            await this.#remove(notes.filter((note) => !left.some((one) => isOf(note, one))));
        }
    }
    async #notes(color) {
        const tags = await this.#options.docker.tagsOf([this.#project(color)]);
        return tags.flatMap((reference) => {
            const [, release, policy, service] = TAG.exec(reference.slice(reference.lastIndexOf(':') + 1)) ?? [];
            if (release === undefined || policy === undefined || service === undefined)
                return [];
            return [{ reference, release, policy: policy.replace('.', ':'), service }];
        });
    }
    async #remove(notes) {
        for (const { reference, release } of notes)
            await removeTag(this.#options.docker, reference, `kept-${release}`);
    }
    #reference(color, one) {
        const policy = containers_policyOf(one).replace(':', '.');
        return `${this.#project(color)}:restart-${one.release.id}-${policy}-${one.service}`;
    }
    #project(color) {
        return projectName(this.#options.app, this.#options.environment, color);
    }
}
const isLabelled = ({ inspected }) => labelOf(inspected, LABELS.restart) !== '';
/** Also of one that was made again: what it is known by is in Compose's labels, which stay. */
const isOf = ({ release, service }, one) => release === one.release.id && service === one.service;

;// CONCATENATED MODULE: ./build/src/target/docker/restart-policy.js



/**
 * Sets what Docker does when a container ends, or the host starts, as `docker update --restart` does. Containers that are
 * gone are left out, and those that are there get it whatever becomes of the others.
 * @param policy `no`, `always`, `unless-stopped`, `on-failure` or `on-failure:<times>`
 */
async function setRestartPolicy(docker, ids, policy) {
    const [Name, times = '0'] = policy.split(':');
    const body = { RestartPolicy: { Name, MaximumRetryCount: Number(times) } };
    const updated = await Promise.allSettled(ids.map((id) => docker.api.post(`/containers/${encodeURIComponent(id)}/update`, body)));
    for (const one of updated)
        if (one.status === 'rejected' && !isMissing(one.reason))
            throw one.reason;
}
/** The same, where it is another one. */
async function setPolicy(docker, containers, policy) {
    const ids = containers.filter((one) => containers_policyOf(one) !== policy).map(({ id }) => id);
    await setRestartPolicy(docker, ids, policy);
}
/** Gives each the policy that it is to have while its color is live. */
async function setLivePolicies(docker, containers, trafficService) {
    const byPolicy = Map.groupBy(containers, (one) => livePolicy(one, trafficService));
    for (const [policy, own] of byPolicy)
        await setPolicy(docker, own, policy);
}
const hasLivePolicies = (containers, trafficService) => containers.every((one) => containers_policyOf(one) === livePolicy(one, trafficService));
/** With none of its own, what takes the traffic is to be there after a reboot, too. */
const livePolicy = ({ inspected, service, restart }, trafficService) => service === trafficService && restart === 'no' && labelOf(inspected, LABELS.restart) === ''
    ? 'unless-stopped'
    : restart;

;// CONCATENATED MODULE: ./build/src/target/docker/stash.js






/** The parked containers of a color as they were before a release replaced them, until that is accepted or refused. */
class Stash {
    #options;
    constructor(options) {
        this.#options = options;
    }
    /**
     * Writes down what the color holds, be it nothing. Only the first time in a run: by the second, the new release's own
     * containers may be there. Jobs that have done their work are left out, as there is nothing to go back to in them.
     */
    async keep(color, { all }) {
        const { docker, stash, service } = this.#options;
        const finished = finishedJobs(all, service);
        const ids = all.filter((one) => !finished.has(one)).map(({ id }) => id);
        if ((await stash.read()) !== undefined)
            return;
        const inspected = ids.length === 0 ? '[]' : await docker.run(['container', 'inspect', ...ids]);
        const files = {};
        for (const raw of parseExact(inspected, 'docker container inspect'))
            files[raw.Id] = (await readInjected(docker, raw)).map((archive) => archive.toString('base64'));
        await stash.write(`{"color":"${color}","containers":${inspected},"files":${JSON.stringify(files)}}`);
    }
    /** What was stashed of this color; nothing when nothing was started there. */
    async read(color) {
        const text = await this.#options.stash.read();
        if (text === undefined)
            return undefined;
        const stash = parseExact(text);
        if (stash.color !== color)
            return undefined;
        return stash.containers.map((raw) => ({
            container: containerOf(raw),
            raw,
            files: (stash.files?.[raw.Id] ?? []).map((archive) => Buffer.from(archive, 'base64')),
        }));
    }
    /** The anonymous volumes of what was stashed: Docker names them by 64 hex digits. */
    async anonymousVolumes() {
        const text = await this.#options.stash.read();
        if (text === undefined)
            return [];
        const { containers } = parseExact(text);
        const names = containers.flatMap(({ Mounts }) => (Mounts ?? []).filter(({ Type }) => Type === 'volume').map(({ Name = '' }) => Name));
        return [...new Set(names)].filter((name) => /^[0-9a-f]{64}$/.test(name));
    }
    /** Whether the container is this one, or was created from it, completely. */
    static isSame(container, { container: before }) {
        if (container.id === before.id)
            return true;
        const networks = Object.keys(before.inspected.NetworkSettings.Networks ?? {});
        return (container.name === before.name &&
            container.release.id === before.release.id &&
            container.inspected.Image === before.inspected.Image &&
            // Whoever created it may have been killed before it was connected everywhere.
            networks.every((network) => network in (container.inspected.NetworkSettings.Networks ?? {})));
    }
    /** Creates again those that are not `present`, in the order in which they need each other. */
    async putBack(stashed, present) {
        const ids = new Map();
        for (const { container } of inOrder(stashed.map((one) => one.container))
            .flat()
            .map((one) => of(stashed, one))) {
            const before = of(stashed, container);
            const here = present.find((one) => Stash.isSame(one, before));
            // Whoever created it may have been killed before it had its files.
            if (here !== undefined && here.id !== container.id && here.inspected.State.Status === 'created')
                await writeInjected(this.#options.docker, here.id, before.files);
            ids.set(container.id, here?.id ?? (await this.#create(before, ids)));
        }
    }
    async #create({ container, raw, files }, ids) {
        try {
            return await this.#options.creator.recreate(raw, ids, files);
        }
        catch (error) {
            if (!(error instanceof DockerError))
                throw error;
            throw new errors/* DeployError */.s(`${container.name}, which was parked, can't be created again: ${error.message}`, {
                code: 'parked-release-lost',
                hint: `Mend that and run again; or give that release up with \`docker rm -v ${this.#options.stash.name}\`.`,
                cause: error,
            });
        }
    }
}
const of = (stashed, container) => stashed.find((one) => one.container === container);

;// CONCATENATED MODULE: ./build/src/target/docker/lifecycle.js












/** How long Docker waits for a container to end when nothing is set, in seconds. */
const STOP_TIMEOUT_S = 10;
/** What Docker itself may take beyond that, in ms. */
const PATIENCE_MS = 60_000;
/** How long users, or whoever undoes a release, wait for a service beside the one that they come for, in ms. */
const BRIEFLY_MS = 10_000;
/**
 * The containers of a color through its life: started, given the users, parked, put back. Each of these reads first what
 * is there and does what is missing, so that it can be done again by whoever comes after a run that died in it.
 */
class Lifecycle {
    #options;
    #creator;
    #stash;
    #notes;
    constructor(options) {
        this.#options = options;
        this.#creator = new Creator(options.docker);
        this.#stash = new Stash({ ...options, creator: this.#creator, service: options.settings.service });
        this.#notes = new RestartNotes(options);
    }
    /**
     * `Target.start`: the parked containers themselves when they are wanted `warm` and hold this release; else all anew,
     * once what is there has been stashed.
     */
    async start(color, release, count, { warm }) {
        const found = await this.#read(color);
        const isThere = found.traffic.length > 0 && found.traffic.every((one) => one.release.id === release.id);
        if (warm && isThere)
            return this.#wake(color, found, count);
        if (warm)
            throw new errors/* DeployError */.s(`The containers of ${release.image} are no longer on ${color}.`, {
                code: 'release-gone',
                hint: 'Somebody removed or replaced them. Deploy that image instead.',
            });
        await this.#stash.keep(color, found);
        await this.#options.projects.up(color, release, count);
    }
    /**
     * Right before the color gets all the traffic: from now on, a reboot of the host brings it back. Those that take the
     * traffic come last: as long as one of them lacks its policy, a run that died in here is gone on from.
     */
    async live(color) {
        const { all, traffic, others } = await this.#read(color);
        const isLive = hasLivePolicies(all, this.#options.settings.service);
        await this.#setLivePolicies(others);
        if (!isLive)
            await this.#startKept(all, others);
        await this.#setLivePolicies(traffic);
    }
    /**
     * Right before the color gets a share of the users: what Docker is to keep running, and only stays down as it isn't
     * let, runs. Where it is let, somebody stopped it by hand, who will have a reason.
     */
    async complete(color) {
        const { all, others } = await this.#read(color);
        const isLet = (one) => containers_policyOf(one) === one.restart;
        await this.#startKept(all, others.filter((one) => !isLet(one)));
    }
    /** `Target.park`: the color's containers stop, but for `keep` of those that took the traffic, and what they need. */
    async park(color, keep) {
        await this.#settle(color, await this.#read(color), keep);
    }
    /** `Target.restore`: the release that was refused is gone, and the one that was parked here is as it was. */
    async restore(color, releaseId, count) {
        const { all } = await this.#read(color);
        const stashed = await this.#stash.read(color);
        if (stashed?.length === 0 && releaseId === '') {
            await this.#remove(all);
            await this.#removeNetworks(color);
            return;
        }
        if (stashed === undefined) {
            // Nothing was started, or somebody's clean-up took the stash. What is not of that release was added by the one that
            // is refused.
            const isForeign = (one) => labelOf(one.inspected, LABELS.release) !== '' && one.release.id !== releaseId;
            await this.#remove(all.filter(isForeign));
        }
        else {
            const present = all.filter((one) => stashed.some((before) => Stash.isSame(one, before)));
            // Jobs that are done were not stashed, but as long as they are there, they may stay.
            const finished = finishedJobs(all, this.#options.settings.service);
            const isDone = (one) => finished.has(one) && one.release.id === releaseId;
            await this.#remove(all.filter((one) => !present.includes(one) && !isDone(one)));
            await this.#stash.putBack(stashed, present);
        }
        await this.#settle(color, await this.#read(color), count);
    }
    /**
     * A release was accepted: the containers that it replaced never come back, nor do the anonymous volumes which Docker
     * had made for them. Volumes that something else has come to use stay, as Docker refuses to remove them.
     */
    async dropReplaced() {
        const { docker } = this.#options;
        for (const volume of await this.#stash.anonymousVolumes())
            try {
                await docker.run(['volume', 'rm', volume]);
            }
            catch (error) {
                if (!(error instanceof DockerError))
                    throw error;
            }
        await this.#notes.forgetGone(await readColors(this.#options));
    }
    async #read(color) {
        return this.#notes.applied(color, (await readColors(this.#options))[color]);
    }
    /** Starts the containers that are there, and as many more like them as are wanted. */
    async #wake(color, containers, count) {
        const { settings } = this.#options;
        const { all, traffic } = containers;
        // As with a new release: until it has the users, a crash must be an end that can be seen, not a loop.
        await this.#takePolicies(color, containers);
        const [template, ...copies] = traffic;
        // A run may have died over a copy before that was connected everywhere, or had its files.
        for (const one of copies)
            await this.#creator.complete(template, one);
        const { docker, progress, signal, healthTimeoutMs: limitMs } = this.#options;
        const wait = new DependencyWait({ docker, progress, signal, limitMs });
        const finished = finishedJobs(all, settings.service);
        const wanted = all.filter((one) => !finished.has(one));
        // Whoever goes back has nowhere better to go; if it can't do without, health will say so.
        const before = (waiting) => wait.before(waiting, wanted).catch(tellTo(progress, signal));
        for (const group of inOrder(wanted)) {
            await before(group);
            await this.#startAll(color, group);
        }
        let number = Math.max(...traffic.map((one) => one.number));
        const added = [];
        for (let missing = count - traffic.length; missing > 0; missing -= 1) {
            number += 1;
            const name = `${projectName(this.#options.app, this.#options.environment, color)}-${settings.service}-${number}`;
            const id = await this.#creator.copy(template.id, name, number);
            added.push({ ...template, id, name, isUp: false });
        }
        await before(added);
        await this.#startAll(color, added);
    }
    /** No restart by itself any more, and exactly `count` containers of the traffic's service up; with none, nothing is. */
    async #settle(color, containers, count) {
        const { all, traffic, others } = containers;
        await this.#takePolicies(color, containers);
        if (count === 0) {
            // First who takes the traffic, then what that needs: so their ends tell which of the others had ended before.
            await this.#stop(traffic);
            for (const group of inOrder(others).toReversed())
                await this.#stop(group);
            return;
        }
        const finished = finishedJobs(all, this.#options.settings.service);
        const staying = traffic
            .toSorted((a, b) => Number(b.isUp) - Number(a.isUp) || a.number - b.number)
            .slice(0, count);
        const wanted = [...others.filter((one) => !finished.has(one)), ...staying];
        const { docker, progress } = this.#options;
        // Not until the run is cancelled: this may be what is done after that.
        const wait = new DependencyWait({ docker, progress, limitMs: BRIEFLY_MS });
        for (const group of inOrder(wanted)) {
            // What only stays warm is no reason to fail: whoever goes back to it starts what ended.
            await wait.before(group, wanted).catch(tellTo(progress));
            await this.#startAll(color, group);
        }
        await this.#stop(traffic.filter((one) => !staying.includes(one)));
    }
    async #takePolicies(color, containers) {
        await this.#notes.keep(color, containers);
        await setPolicy(this.#options.docker, containers.all, 'no');
    }
    #setLivePolicies(containers) {
        return setLivePolicies(this.#options.docker, containers, this.#options.settings.service);
    }
    /**
     * Starts what Docker would, had we let it. One that can't be started keeps nobody from users, as this may be their
     * way back from a bad release; on their way to a new one, whoever watches its health sees what is missing.
     */
    async #startKept(all, which) {
        const kept = keptRunning(all);
        // What was brought up by hand, and has its policy, is down by its owner's will.
        const isTheirs = (one) => labelOf(one.inspected, LABELS.restart) === '' && containers_policyOf(one) !== 'no';
        const down = which.filter((one) => kept.has(one) && !one.isUp && !isTheirs(one));
        for (const group of inOrder(down)) {
            const started = await Promise.allSettled(group.map((one) => this.#startOne(one, BRIEFLY_MS)));
            for (const one of started) {
                if (one.status === 'fulfilled')
                    continue;
                if (!(one.reason instanceof errors/* DeployError */.s || one.reason instanceof target/* TransientError */.N))
                    throw one.reason;
                this.#options.progress(one.reason.message);
            }
        }
    }
    /** At once; those that can be started are, whatever becomes of the others. */
    async #startAll(color, containers) {
        const down = containers.filter((one) => !one.isUp);
        if (down.length === 0)
            return;
        const ids = down.filter((one) => one.service === this.#options.settings.service).map(({ id }) => id);
        if (ids.length > 0)
            await this.#options.beforeStart?.(color, ids);
        const started = await Promise.allSettled(down.map((one) => this.#startOne(one)));
        for (const one of started)
            if (one.status === 'rejected')
                throw one.reason;
    }
    async #startOne({ id, name }, timeout = PATIENCE_MS) {
        try {
            await this.#options.docker.run(['container', 'start', id], { timeout });
        }
        catch (error) {
            if (!(error instanceof DockerError))
                throw error;
            const cause = causeOf({ start: error.message });
            throw new errors/* DeployError */.s(`${name} can't be started: ${cause === undefined ? '' : `${cause.title}: `}${error.message}`, {
                code: 'start-failed',
                hint: cause?.hint ?? 'Docker’s own words say what stands in its way.',
                cause: error,
            });
        }
    }
    async #stop(containers) {
        const up = containers.filter((one) => one.isUp);
        if (up.length === 0)
            return;
        const longest = Math.max(...up.map(({ inspected }) => inspected.Config.StopTimeout ?? STOP_TIMEOUT_S));
        // A negative time-out means that Docker waits as long as it takes.
        const timeout = longest < 0 ? 3_600_000 : longest * 1000 + PATIENCE_MS;
        await lifecycle_unlessMissing(this.#options.docker.run(['container', 'stop', ...up.map(({ id }) => id)], { timeout }));
    }
    /**
     * Removes what was refused, with the anonymous volumes that were made for it. Nobody is left whom its containers
     * serve; workers beside them get their time to put down what they hold.
     */
    async #remove(containers) {
        if (containers.length === 0)
            return;
        const { docker, settings } = this.#options;
        await this.#stop(containers.filter(({ service }) => service !== settings.service));
        await lifecycle_unlessMissing(docker.run(['container', 'rm', '--force', '--volumes', ...containers.map(({ id }) => id)], {
            timeout: PATIENCE_MS,
        }));
    }
    /** Those that Compose made for the project; what somebody else uses stays. */
    async #removeNetworks(color) {
        const { docker, app, environment } = this.#options;
        const project = projectName(app, environment, color);
        const listed = await docker.run([
            ...['network', 'ls', '--quiet', '--filter', `label=${COMPOSE_PROJECT}=${project}`],
        ]);
        for (const id of listed.split('\n').filter((line) => line !== ''))
            try {
                await docker.run(['network', 'rm', id]);
            }
            catch (error) {
                if (!(error instanceof DockerError))
                    throw error;
            }
    }
}
/** Of several containers, Docker does what it can and then complains of those that are gone. */
async function lifecycle_unlessMissing(running) {
    try {
        await running;
    }
    catch (error) {
        if (!isMissing(error))
            throw error;
    }
}
/** What has a reason is told, and no reason to stop; but for the end of the run itself. */
const tellTo = (progress, signal) => (error) => {
    if (!(error instanceof errors/* DeployError */.s) || signal?.aborted)
        throw error;
    progress(error.message);
};

// EXTERNAL MODULE: ./build/src/target/lock.js
var lock = __webpack_require__(8184);
;// CONCATENATED MODULE: ./build/src/target/docker/scrap.js




/** Labels of a scrap container: whose it is. */
const scrap_APP = 'blue-green.scrap.app';
const scrap_ENVIRONMENT = 'blue-green.scrap.environment';
/** How often a create is tried whose image another run removes at the same time. */
const TRIES = 3;
/**
 * A container that is created and never started: a name that only one can have, labels that can't change, and a place
 * for files which `docker cp` reads and writes. It needs no shell, no image of the user's and no folder on the host,
 * and what is in it is as safe from other users as a container's environment is.
 *
 * Its image is an empty one of our own: any other would lend it its labels (Compose's among them, by which it would
 * count as one of the color's containers) and its VOLUMEs, which Docker makes and fills when a container is created.
 */
class Scrap {
    name;
    #repository;
    #options;
    constructor(options) {
        const { app, environment, purpose } = options;
        this.#options = options;
        this.name = `${app}-${environment}-${purpose}`;
        this.#repository = `${app}-${environment}-scrap`;
    }
    /**
     * @throws DeployError `name-taken` when a container of somebody else has the name
     */
    async find() {
        const { docker, app, environment, purpose } = this.#options;
        const [found] = await docker.inspect('container', [this.name]);
        // `docker inspect` takes the beginning of an id for a name, too.
        if (found === undefined || found.Name !== `/${this.name}`)
            return undefined;
        const labels = found.Config.Labels ?? {};
        if (labels[scrap_APP] === app && labels[scrap_ENVIRONMENT] === environment)
            return { id: found.Id, labels };
        throw new errors/* DeployError */.s(labels[scrap_APP] === undefined
            ? `The name of the ${purpose} container, ${this.name}, belongs to a container of your own.`
            : `The name of the ${purpose} container, ${this.name}, is used by ${labels[scrap_APP]} ${labels[scrap_ENVIRONMENT] ?? ''}.`, { code: 'name-taken', hint: 'Rename that container, or give the app or the environment another name.' });
    }
    /** Atomic: creates the container and returns its id, or nothing when there is one of that name already. */
    async create(labels) {
        const { docker, app, environment } = this.#options;
        const all = { ...labels, [scrap_APP]: app, [scrap_ENVIRONMENT]: environment };
        const flags = Object.entries(all).flatMap(([key, value]) => ['--label', `${key}=${value}`]);
        for (let left = TRIES;; left -= 1) {
            const image = await this.#provideImage();
            try {
                const id = await docker.run([
                    ...['container', 'create', '--name', this.name, '--network', 'none', '--pull', 'never'],
                    ...flags,
                    image,
                    // It never runs, but Docker wants to be told what would.
                    'none',
                ]);
                return id.trim();
            }
            catch (error) {
                if (isNameTaken(error))
                    return undefined;
                // Another run has just let go of its lock, and of the image with it.
                if (!isMissing(error) || left <= 1)
                    throw error;
            }
        }
    }
    /**
     * Writes files into the container, whose id or name is given, whole or not at all but for the last one.
     * @returns false when there is no such container (any more)
     */
    async write(container, files) {
        const { docker } = this.#options;
        try {
            await docker.api.putArchive(container, '/', packTar(files));
            return true;
        }
        catch (error) {
            if (!isMissing(error))
                throw error;
            return false;
        }
    }
    /** The files of a folder in the container, by their names in it; none when the folder, or the container, is missing. */
    async read(container, folder) {
        try {
            const files = unpackTar(await this.#options.docker.api.getArchive(container, `/${folder}`));
            return new Map([...files].map(([path, text]) => [path.slice(path.indexOf('/') + 1), text]));
        }
        catch (error) {
            if (isMissing(error) ||
                (error instanceof DockerError && /could not find the file/i.test(error.message)))
                return new Map();
            throw error;
        }
    }
    /** Removes exactly this container; quietly does nothing when it is gone. */
    async remove(container) {
        try {
            await this.#options.docker.run(['container', 'rm', '--volumes', container]);
        }
        catch (error) {
            const isGoing = error instanceof DockerError && /removal .* already in progress/i.test(error.message);
            if (!isMissing(error) && !isGoing)
                throw error;
        }
    }
    /** Removes what was imported, unless a container of its kind still needs it. */
    async removeImages() {
        const images = await this.#images();
        if (images.length === 0)
            return;
        try {
            await this.#options.docker.run(['image', 'rm', ...images]);
        }
        catch (error) {
            if (!(error instanceof DockerError))
                throw error;
        }
    }
    /** One that is there already, or a new one. Its tag is its own: if two runs import at once, no tag moves. */
    async #provideImage() {
        const [present] = await this.#images();
        if (present !== undefined)
            return present;
        const image = `${this.#repository}:${(0,external_node_crypto_.randomBytes)(6).toString('hex')}`;
        await this.#options.docker.run(['image', 'import', '-', image], { input: packTar({}) });
        return image;
    }
    #images() {
        return this.#options.docker.tagsOf([this.#repository]);
    }
}
/** Whose a container is, by its labels; nothing where it is no scrap container. */
function scopeOf(labels) {
    const { [scrap_APP]: app, [scrap_ENVIRONMENT]: environment } = labels;
    return app === undefined || environment === undefined ? undefined : { app, environment };
}
const isNameTaken = (error) => error instanceof DockerError && /name .* is already in use/i.test(error.message);

;// CONCATENATED MODULE: ./build/src/target/docker/lock.js



const label = (name) => `blue-green.lock.${name}`;
const FOLDER = 'lease';
/**
 * The lock: a container that is created and never started, under a fixed name. Docker gives a name to one container
 * only; the container's id is the fencing token, since whoever takes the lock over makes another container. Its labels
 * tell who holds it; until when is in a file, which the owner renews by id.
 */
class LockContainer {
    #scrap;
    /** One for the process: a container whose creation was answered too late, or never, is known for ours by it. */
    #nonce = (0,external_node_crypto_.randomBytes)(16).toString('hex');
    constructor(options) {
        this.#scrap = new Scrap({ ...options, purpose: 'lock' });
    }
    async read() {
        const found = await this.#scrap.find();
        if (found === undefined)
            return undefined;
        const text = (name) => found.labels[label(name)] ?? '';
        const renewal = latest(await this.#scrap.read(found.id, FOLDER));
        return {
            owner: (0,lock/* ownerFrom */.K)(text),
            expires: Date.parse(renewal ?? text('expires')) || 0,
            handle: found.id,
        };
    }
    async acquire(owner, ttlMs) {
        const taken = await this.#scrap.find();
        if (taken !== undefined)
            return this.#own(taken, ttlMs);
        const created = await this.#scrap.create({
            ...labelled((0,lock/* ownerTexts */.a)(owner)),
            // Holds until the first renewal.
            [label('expires')]: (0,lock/* expiry */.IC)(ttlMs),
            [label('nonce')]: this.#nonce,
        });
        if (created !== undefined)
            return this.#lease(created, ttlMs);
        // Somebody was quicker; or it is ours, and Docker's answer came too late.
        const quicker = await this.#scrap.find();
        return quicker === undefined ? undefined : this.#own(quicker, ttlMs);
    }
    resume(handle, ttlMs) {
        return (0,lock/* renewed */.Fv)(this.#lease(handle, ttlMs));
    }
    async break({ handle }) {
        await this.#scrap.remove(handle);
    }
    #own({ id, labels }, ttlMs) {
        return labels[label('nonce')] === this.#nonce ? this.#lease(id, ttlMs) : undefined;
    }
    #lease(id, ttlMs) {
        let slot = 0;
        return {
            handle: id,
            renew: async () => {
                const expires = (0,lock/* expiry */.IC)(ttlMs);
                // Each renewal is a file of its own, and the last one counts: one that was cut off takes nothing away. Two
                // names are enough, as only the newest can be cut off.
                slot = 1 - slot;
                if (!(await this.#scrap.write(id, { [`${FOLDER}/${slot}`]: expires })))
                    throw (0,lock/* lockLost */.wV)();
            },
            // The engine mounts a container's files for each write, which takes it a tenth of a second; this takes it a
            // hundredth of that. Whoever takes the lock over removes this container first.
            confirm: async () => {
                if ((await this.#scrap.find())?.id !== id)
                    throw (0,lock/* lockLost */.wV)();
            },
            // A staged release stays in the journal, which are volumes: with or without it, the lock goes.
            release: async () => {
                await this.#scrap.remove(id);
                await this.#scrap.removeImages();
            },
        };
    }
}
/** Of which apps and environments there is a run on this host: a lock whose lease has not ended. */
async function heldLocks(docker) {
    const listed = await docker.containers({ label: [label('expires')] });
    const scopes = listed.flatMap(({ Labels }) => scopeOf(Labels ?? {}) ?? []);
    const states = await Promise.all(scopes.map((scope) => new LockContainer({ docker, ...scope }).read()));
    return scopes.filter((_, index) => (states[index]?.expires ?? 0) > Date.now());
}
const labelled = (texts) => Object.fromEntries(Object.entries(texts).map(([name, text]) => [label(name), text]));
/** The latest of the times that can be read. */
const latest = (files) => [...files.values()]
    .filter((text) => ISO_TIME.test(text))
    .sort()
    .at(-1);
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

// EXTERNAL MODULE: external "node:path/posix"
var posix_ = __webpack_require__(3916);
;// CONCATENATED MODULE: ./build/src/target/docker/plan-proxy.js


/**
 * By what each kind of proxy moves the traffic, as its own file does it.
 * @param containers of the service that takes the traffic, by name
 */
function proxyCalls(proxy, weights, { network, containers }) {
    const to = release_color/* COLORS */.lm.find((color) => (0,release_color/* isAllOn */.TF)(weights, color));
    switch (proxy.kind) {
        case 'haproxy':
            return to === undefined ? shares(proxy, weights) : haproxy(proxy, to);
        case 'caddy':
            return to === undefined
                ? []
                : [`docker cp - ${proxy.container}:${proxy.flags} (the flag ${proxy.flag}.${to})`];
        case 'alias':
            return to === undefined
                ? []
                : [
                    ...containers[to].flatMap((name) => realias(network, name, `with the alias ${proxy.name}`)),
                    ...containers[(0,release_color/* otherColor */.IP)(to)].flatMap((name) => realias(network, name, `without the alias ${proxy.name}, on the same address`)),
                ];
    }
}
const haproxy = ({ container, map, shares: shareMap, key, backends }, to) => [
    `haproxy set map ${map} ${key} ${backends[to]}`,
    `docker cp - ${container}:${(0,posix_.dirname)(map)} (${(0,posix_.basename)(map)}: ${key} ${backends[to]}; then its entry in ${shareMap} goes, if it had a share)`,
];
/** In HAProxy's memory only: a restart leads back to the color that had all. */
const shares = ({ shares: map, backends }, weights) => [
    `haproxy set map ${map} (${release_color/* COLORS */.lm.map((color) => `${backends[color]} ${weights[color]} %`).join(', ')})`,
];
const realias = (network, name, how) => [
    `docker network disconnect ${network} ${name}`,
    `docker network connect ${network} ${name} (${how})`,
];

;// CONCATENATED MODULE: ./build/src/target/docker/release-changes.js



/** What the Compose file says otherwise than what runs. Of an environment variable only its name is told. Pure. */
function releaseChanges({ wanted, live, imageEnv, workspace }) {
    const names = new Set([...Object.keys(wanted.services), ...live.map(({ service }) => service)]);
    const changes = [];
    const unknown = [];
    for (const name of [...names].toSorted()) {
        const what = `services.${name}`;
        const service = wanted.services[name];
        const container = live.find((one) => one.service === name);
        if (service === undefined)
            changes.push({ what, from: imageOf(container), to: '' });
        else if (container === undefined)
            changes.push({ what, from: '', to: service.image ?? '' });
        else {
            const { Image } = container.inspected;
            changes.push(...imageChanges(what, container, service), ...environmentChanges(what, container, service, imageEnv.get(Image) ?? []));
            const recorded = decodeDigests(labelOf(container.inspected, LABELS.config));
            if (recorded === undefined)
                unknown.push(name);
            else
                changes.push(...keyChanges(what, recorded, serviceDigests(service, workspace)));
        }
    }
    return { changes, unknown };
}
const HIDDEN = '(not shown)';
const imageOf = (container) => container?.inspected.Config.Image ?? '';
/** An image with the digest that its tag stood for is the same to whoever wrote the tag. */
function imageChanges(what, container, { image = '' }) {
    const from = imageOf(container);
    return from === image || from.startsWith(`${image}@`) ? [] : [{ what: `${what}.image`, from, to: image }];
}
function environmentChanges(what, { inspected }, { environment = {} }, ofImage) {
    const [now, brought] = [variables(inspected.Config.Env ?? []), variables(ofImage)];
    const then = new Map(Object.entries(environment).flatMap(([name, value]) => value === null ? [] : [[name, String(value)]]));
    // Where the image has the same value, nobody knows whether the file had it too: that it stays is no change.
    const own = [...now].filter(([name, value]) => then.has(name) || brought.get(name) !== value);
    const names = [...new Set([...own.map(([name]) => name), ...then.keys()])].toSorted();
    return names
        .filter((name) => now.get(name) !== then.get(name))
        .map((name) => ({
        what: `${what}.environment.${name}`,
        from: now.has(name) ? HIDDEN : '',
        to: then.has(name) ? HIDDEN : '',
    }));
}
const variables = (lines) => new Map(lines.map((line) => {
    const [name = '', ...value] = line.split('=');
    return [name, value.join('=')];
}));
function keyChanges(what, before, after) {
    return [...new Set([...before.keys(), ...after.keys()])]
        .filter((key) => before.get(key) !== after.get(key))
        .toSorted()
        .map((key) => ({
        what: `${what}.${key}`,
        from: before.has(key) ? HIDDEN : '',
        to: after.has(key) ? HIDDEN : '',
    }));
}

;// CONCATENATED MODULE: ./build/src/target/docker/plan.js









/** Looks up what `DockerTarget` would change in a deployment, and by which commands; gives none of them. */
async function planDeployment(options) {
    const { request, course, docker, compose, workspace, colors } = options;
    const { color, image, imageTag } = request;
    const live = (0,release_color/* otherColor */.IP)(color);
    // What differs by color is no change.
    const [config, asLive] = [
        await compose.resolve(color, image, imageTag),
        await compose.resolve(live, image, imageTag),
    ];
    const ids = [...new Set(colors[live].all.map(({ inspected }) => inspected.Image))];
    const images = await docker.inspect('image', ids);
    const { changes, unknown } = releaseChanges({
        wanted: asLive,
        live: colors[live].all,
        imageEnv: new Map(images.map(({ Id, Config }) => [Id, Config.Env ?? []])),
        workspace,
    });
    const pulls = [];
    for (const one of neededImages(config))
        if (await isPulled(docker, one))
            pulls.push(one.image);
    // Which release it is hangs on what the tags stand for, and that is known once they are pulled.
    const moves = course(undefined);
    const count = moves.find((move) => move.do === 'start')?.count ?? 0;
    const facts = { ...options, config, pulls, count };
    return {
        image,
        changes,
        calls: moves.flatMap((move) => callsOf(move, facts)),
        notes: [
            ...(unknown.length === 0
                ? []
                : [
                    `What the Compose file said of ${unknown.join(', ')} when ${live} was started is not recorded: only images and environment variables are compared.`,
                ]),
            ...(colors[color].all.some(({ isUp }) => isUp)
                ? [`${color} is not parked: what runs there is replaced.`]
                : []),
            ...(await compose.notes(request)),
        ],
    };
}
/** By which commands `DockerTarget` makes a change: kept in step with it by test/e2e/docker/plan.test.ts. */
function callsOf(move, facts) {
    const { app, environment, settings, config, colors, request, pulls } = facts;
    const project = (color) => projectName(app, environment, color);
    const [lock, journal, stash] = ['lock', 'journal', 'stash'].map((what) => `${app}-${environment}-${what}`);
    switch (move.do) {
        case 'lock':
            return [
                `docker container create ${lock} (the lock: never started, and renewed by docker container cp)`,
            ];
        case 'unlock':
            return [`docker container rm ${lock}`];
        case 'create-release':
            return pulls.map((image) => `docker pull ${image}`);
        case 'note':
            return [`docker volume create ${journal}-… (the run is ${move.phase})`];
        case 'start':
            return [
                `docker container create ${stash} (never started)`,
                `docker container cp - ${stash}:/ (what ${move.color} holds now)`,
                `docker compose --project-name ${project(move.color)} up (${services(facts)})`,
            ];
        case 'shift': {
            const to = request.color;
            const started = Array.from({ length: facts.count }, (_, i) => `${project(to)}-${settings.service}-${i + 1}`);
            const old = colors[(0,release_color/* otherColor */.IP)(to)].traffic.map(({ name }) => name);
            return [
                ...(move.weights[to] === 100 ? restarts(config, settings, project(to)) : []),
                ...proxyCalls(settings.proxy, move.weights, {
                    network: settings.network,
                    containers: to === 'blue' ? { blue: started, green: old } : { blue: old, green: started },
                }),
            ];
        }
        case 'mark':
            return [
                `docker image tag ${project(move.color)}:was-live-… (kept for a rollback; older tags of its kind go)`,
            ];
        case 'park':
            return [...park(project(move.color), colors[move.color], settings, move.keep), ...cleanUp(facts)];
        case 'forget':
            return [`docker container rm ${stash}`, `docker volume rm ${journal}-…`];
        default:
            return [];
    }
}
/** `2 web, 1 worker` */
const services = ({ config, settings, count }) => Object.entries(config.services)
    .map(([name, service]) => `${name === settings.service ? count : scaleOf(service)} ${name}`)
    .join(', ');
/** From the moment at which users may be there, a reboot brings them back. */
function restarts({ services }, settings, project) {
    const names = Object.keys(services).toSorted((a, b) => a.localeCompare(b));
    const byPolicy = Map.groupBy(names, (name) => restartOf(services[name] ?? {}, name === settings.service));
    return [...byPolicy]
        .filter(([policy]) => policy !== 'no')
        .map(([policy, own]) => `docker container update --restart ${policy} (${own.map((name) => `${project}-${name}`).join(', ')})`);
}
function park(project, { all, traffic, others }, { service }, keep) {
    const restarting = all.filter((one) => containers_policyOf(one) !== 'no');
    const bare = restarting.filter(({ inspected }) => labelOf(inspected, LABELS.restart) === '');
    const update = [
        ...bare.map((one) => `docker image tag ${project}:restart-… (the policy ${containers_policyOf(one)} of ${one.name}, kept for a rollback)`),
        ...(restarting.length === 0 ? [] : [`docker container update --restart no ${namesOf(restarting)}`]),
    ];
    if (keep > 0) {
        const finished = finishedJobs(all, service);
        const staying = traffic
            .toSorted((a, b) => Number(b.isUp) - Number(a.isUp) || a.number - b.number)
            .slice(0, keep);
        const needed = [...others.filter((one) => !finished.has(one)), ...staying];
        const down = needed.filter(({ isUp }) => !isUp);
        return [
            ...update,
            ...down.map(({ name }) => `docker container start ${name}`),
            ...stop(traffic.filter((one) => !staying.includes(one))),
        ];
    }
    return [...update, ...stop(traffic), ...inOrder(others).toReversed().flatMap(stop)];
}
const stop = (containers) => {
    const up = containers.filter(({ isUp }) => isUp);
    return up.length === 0 ? [] : [`docker container stop ${namesOf(up)}`];
};
const namesOf = (containers) => containers.map(({ name }) => name).join(' ');
const cleanUp = ({ prune, settings }) => prune ? [`docker image rm (of ${settings.image}, what no container needs any more)`] : [];

;// CONCATENATED MODULE: ./build/src/target/docker/proxy/endpoints.js


/**
 * A Docker network, as its name server sees it: an alias leads to every *running* container that has it, in no order,
 * whatever their health is, from just before they start until just after they ended.
 */
class Endpoints {
    #docker;
    network;
    constructor(docker, network) {
        this.#docker = docker;
        this.network = network;
    }
    /** Of all containers that belong to the network. */
    async all() {
        const containers = await this.#docker.containers({ network: [this.network] });
        return await this.of(containers.map(({ Id }) => Id));
    }
    /** Of those containers that there are and that belong to the network. */
    async of(ids) {
        const containers = await this.#docker.inspect('container', ids);
        return containers.flatMap(({ Id, Name, State, NetworkSettings }) => {
            const place = NetworkSettings.Networks[this.network];
            if (place === undefined)
                return [];
            return [
                {
                    id: Id,
                    name: Name.replace(/^\//, ''),
                    isRunning: State.Running,
                    address: place.IPAddress,
                    fixedAddress: place.IPAMConfig?.IPv4Address ?? '',
                    // Engines before 25 list the beginning of the id here, which every container has by itself.
                    aliases: [...new Set(place.Aliases ?? [])].filter((alias) => alias !== Id.slice(0, 12)),
                    driverOptions: place.DriverOpts ?? {},
                },
            ];
        });
    }
    /**
     * Gives the container other aliases, which Docker can do only by taking it off the network and back on. On the same
     * address its connections live on: they stand still for some milliseconds, and TCP sends again what was lost.
     * @param address the one to keep; empty for one that Docker chooses, at each of its starts anew
     */
    async realias({ id, name, driverOptions }, aliases, address) {
        await this.#docker.run(['network', 'disconnect', this.network, id]).catch((error) => {
            // A run that died here did it already.
            if (!(error instanceof DockerError && /is not connected/i.test(error.message)))
                throw error;
        });
        const options = [
            ...aliases.flatMap((alias) => ['--alias', alias]),
            ...Object.entries(driverOptions).flatMap(([key, value]) => ['--driver-opt', `${key}=${value}`]),
        ];
        const connect = (...more) => this.#docker.run(['network', 'connect', ...options, ...more, this.network, id]);
        if (address === '')
            return void (await connect());
        try {
            await connect('--ip', address);
        }
        catch (error) {
            if (!(error instanceof DockerError))
                throw error;
            // Somebody else has the address by now. Better another one than none, which would be no way back.
            await connect();
            throw new errors/* DeployError */.s(`${name} could not keep its address ${address} on ${this.network}: ${error.message}`, {
                code: 'address-taken',
                hint: 'Connections that it had were cut. Find out what else starts on that network at the same time.',
                cause: error,
            });
        }
    }
    /**
     * Whether containers may ask for an address: only where somebody chose the network's subnet. `network inspect` shows
     * a chosen one and one of Docker's own alike, so Docker is asked for what it must refuse in any case, to connect a
     * container where it is connected, and says in its refusal which of the two was the reason.
     */
    async hasOwnSubnet() {
        const one = (await this.all()).find(({ isRunning, address }) => isRunning && address !== '');
        if (one === undefined)
            return 'unknown';
        try {
            await this.#docker.run(['network', 'connect', '--ip', one.address, this.network, one.id]);
        }
        catch (error) {
            if (!(error instanceof DockerError))
                throw error;
            if (/user configured subnets?/i.test(error.message))
                return false;
            return /already (?:exists|attached|connected)/i.test(error.message) ? true : 'unknown';
        }
        return 'unknown';
    }
}
/**
 * Which of the instances an alias leads to, as the proxy will find them; none at all while it leads to anything else,
 * which would get a part of the users' requests.
 */
function ledTo(alias, endpoints, instances) {
    const found = endpoints.filter(({ isRunning, aliases }) => isRunning && aliases.includes(alias));
    const strangers = found.filter(({ id }) => !instances.some((instance) => instance.id === id));
    if (strangers.length > 0) {
        const names = strangers.map(({ name }) => name).join(', ');
        return { ready: 0, detail: `the alias ${alias} leads to ${names} as well` };
    }
    const missing = instances.filter(({ id, address }) => !found.some((one) => one.id === id && one.address === address));
    return {
        ready: instances.length - missing.length,
        detail: missing.length === 0
            ? ''
            : `the alias ${alias} does not lead to ${missing.map(({ name, address }) => `${name} (${address || 'no address'})`).join(', ')}`,
    };
}

;// CONCATENATED MODULE: ./build/src/target/docker/proxy/alias.js





/**
 * Any proxy that asks Docker's name server for one alias, again and again. The color that holds the alias is live. A
 * switch gives it to the new color, waits until the proxy has asked again, and takes it from the old one: in between
 * both take requests. Containers are taken off the network and put back for it, as Docker can't change their aliases;
 * those with users at once and on the same address, which their connections survive.
 */
class AliasSwitch {
    description;
    /** The proxy may go on with what it was told before. */
    propagationMs;
    #docker;
    #name;
    #aliases;
    #endpoints;
    #clock;
    constructor({ docker, settings, network, aliases }, clock = release_clock/* systemClock */.m) {
        this.#docker = docker;
        this.#name = settings.name;
        this.#aliases = aliases;
        this.#endpoints = new Endpoints(docker, network);
        this.#clock = clock;
        this.propagationMs = settings['dns-ttl'];
        this.description = `the alias ${settings.name} on ${network}`;
    }
    async preflight() {
        const { network } = this.#endpoints;
        const [found] = await this.#docker.inspect('network', [network]);
        const create = (subnet) => `docker network create --subnet ${subnet} ${network}`;
        if (found === undefined)
            return [
                {
                    message: `There is no network ${network}.`,
                    fix: `Run \`${create('172.30.0.0/24')}\`, or with another subnet that is free.`,
                    forceable: false,
                },
            ];
        const problems = [];
        if ((await this.#endpoints.hasOwnSubnet()) === false) {
            // Docker never gives away by itself what somebody chose, so the same addresses can be chosen once it is removed.
            const subnet = found.IPAM.Config?.[0]?.Subnet ?? '172.30.0.0/24';
            problems.push({
                message: `Nobody chose the subnet of the network ${network}, so that a container can’t keep its address while its alias is taken away: users’ connections would break.`,
                fix: `Stop what is on it, run \`docker network rm ${network} && ${create(subnet)}\`, and start it again.`,
                forceable: false,
            });
        }
        const endpoints = await this.#endpoints.all();
        const holders = endpoints.filter((one) => this.#holds(one));
        for (const { name } of holders.filter((one) => this.#colorOf(one) === undefined))
            problems.push({
                message: `${name} answers to the alias ${this.#name} too, and belongs to neither color.`,
                fix: 'Take the alias from it, or stop it: it gets a part of the users’ requests.',
                forceable: true,
            });
        for (const { name, address } of holders) {
            const rival = endpoints.find((other) => other.name !== name && address !== '' && other.fixedAddress === address);
            if (rival === undefined)
                continue;
            problems.push({
                message: `${name} has the address ${address}, which ${rival.name} asks for when it starts.`,
                fix: `Give ${rival.name} another address: while ${name} changes its aliases, it could take this one.`,
                forceable: true,
            });
        }
        return problems;
    }
    /** Stopped containers count: one that died is live all the same, until another takes its place. */
    async weights() {
        const holders = (await this.#endpoints.all()).filter((one) => this.#holds(one));
        const [first, second] = release_color/* COLORS */.lm.filter((color) => holders.some((one) => this.#colorOf(one) === color));
        if (first !== undefined && second !== undefined)
            return { blue: 50, green: 50 };
        return (0,release_color/* allOn */.PT)(first ?? 'blue');
    }
    /**
     * There is no proxy to ask. What can be proven is that its name server leads to exactly these containers: they are on
     * the network at the address where they were found healthy, under the color's own alias, as nothing else is.
     */
    async ready(color, instances) {
        return ledTo(this.#aliases[color], await this.#endpoints.all(), instances);
    }
    async shift(to, instances, before) {
        await before?.();
        for (const color of release_color/* COLORS */.lm)
            await this.#bringBack(color, instances[color].map(({ id }) => id));
        const endpoints = await this.#endpoints.all();
        const from = (0,release_color/* otherColor */.IP)(to);
        const old = endpoints.filter((one) => this.#holds(one) && this.#colorOf(one) === from);
        // Before the first deployment there was nothing: back to that, only the other color's alias is taken away.
        if (old.length > 0 && instances[to].length === 0 && endpoints.some((one) => this.#colorOf(one) === to))
            throw new errors/* DeployError */.s(`Nothing runs on ${to} that could take the alias ${this.#name}.`, {
                code: 'nothing-to-switch-to',
                hint: 'Run again: it starts the release first.',
            });
        for (const { id } of instances[to]) {
            const one = endpoints.find((endpoint) => endpoint.id === id);
            if (one === undefined || this.#holds(one))
                continue;
            // One that never had users need not keep its address: what was asked for once is asked for at every start, and a
            // container that comes back after a crash could find it taken. But one that lost the alias a moment ago, and gets
            // it back as the new release is no good, still has requests in flight, and they live on its address.
            await this.#endpoints.realias(one, [...one.aliases, this.#name], one.fixedAddress);
        }
        if (old.length === 0)
            return;
        // Also when only this was left to do: who knows how long ago the run that died gave the alias to the new color.
        await this.#clock.sleep(this.propagationMs, new AbortController().signal);
        for (const one of old)
            await this.#endpoints.realias(one, one.aliases.filter((alias) => alias !== this.#name), one.address);
    }
    /** Stopped containers ask for the address that they kept when they lost the alias: by now it may be another's. */
    async beforeStart(color, ids) {
        await this.#bringBack(color, ids);
        for (const one of await this.#endpoints.of(ids))
            if (!one.isRunning && one.fixedAddress !== '')
                await this.#endpoints.realias(one, one.aliases, '');
    }
    inFlight() {
        return Promise.resolve('unknown');
    }
    /** A run that died in the middle of a change of aliases left a container off the network. */
    async #bringBack(color, ids) {
        const connected = await this.#endpoints.of(ids);
        const missing = ids.filter((id) => !connected.some((endpoint) => endpoint.id === id));
        for (const { Id, Name, Config } of await this.#docker.inspect('container', missing)) {
            // Its service's name is an alias that Compose gave.
            const aliases = [this.#aliases[color], Config.Labels?.[COMPOSE_SERVICE] ?? ''];
            await this.#endpoints.realias({ id: Id, name: Name.replace(/^\//, ''), driverOptions: {} }, aliases.filter((alias) => alias !== ''), '');
        }
    }
    #holds({ aliases }) {
        return aliases.includes(this.#name);
    }
    #colorOf({ aliases }) {
        return release_color/* COLORS */.lm.find((color) => aliases.includes(this.#aliases[color]));
    }
}

;// CONCATENATED MODULE: ./build/src/target/docker/proxy/caddy-admin.js



const caddy_admin_TIMEOUT_MS = 10_000;
/** Caddy's admin endpoint, of which we only read. */
class CaddyAdmin {
    #host;
    #base;
    /** An endpoint that never answered is missing; one that did is only away for a moment. */
    #answered = false;
    /** @param base `http://127.0.0.1:2019`, as the Docker host sees it */
    constructor(host, base) {
        this.#host = host;
        this.#base = new URL(base);
    }
    /**
     * @throws DeployError `caddy-unreachable`, `caddy-refused`
     * @throws TransientError when it answered before
     */
    async get(path) {
        const { hostname, port, host } = this.#base;
        const dialed = await this.#host.dial({
            host: hostname.replace(/^\[|\]$/g, ''),
            port: port === '' ? 80 : Number(port),
        });
        const address = 'path' in dialed ? { socketPath: dialed.path } : { host: dialed.host, port: dialed.port };
        let answer;
        try {
            answer = await new Promise((resolve, reject) => {
                // Caddy refuses names that it doesn't know itself by: through a tunnel, the name stays what it is on the host.
                const asked = (0,external_node_http_.request)({ ...address, path, headers: { host }, agent: false });
                // For all of it: what comes in drops, without an end, is no answer either.
                const late = () => asked.destroy(new Error(`no answer within ${caddy_admin_TIMEOUT_MS / 1000} s`));
                const timer = setTimeout(late, caddy_admin_TIMEOUT_MS);
                asked.on('close', () => clearTimeout(timer));
                asked.on('error', reject);
                asked.on('response', (response) => {
                    let body = '';
                    response.setEncoding('utf8').on('data', (chunk) => {
                        body += chunk;
                    });
                    response.on('error', reject);
                    response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
                });
                asked.end();
            });
        }
        catch (error) {
            const message = `Caddy’s admin endpoint ${host} on ${this.#host.description} does not answer: ${error.message}`;
            if (this.#answered)
                throw new target/* TransientError */.N(message, { cause: error });
            throw new errors/* DeployError */.s(`${message}.`, {
                code: 'caddy-unreachable',
                hint: 'Let it listen (`admin 0.0.0.0:2019`) and publish it on the host’s loopback only (`127.0.0.1:2019:2019`), or leave out proxy.caddy.admin.',
                cause: error,
            });
        }
        this.#answered = true;
        if (answer.status !== 200)
            throw new errors/* DeployError */.s(`Caddy’s admin endpoint ${host} answered ${answer.status} for ${path}.`, {
                code: 'caddy-refused',
                hint: 'Check that proxy.caddy.admin is Caddy’s admin endpoint, and which `origins` it allows.',
            });
        return JSON.parse(answer.body);
    }
}

;// CONCATENATED MODULE: ./build/src/target/docker/proxy/tar.js
/** The blocks that tar archives are made of, in bytes. */
const tar_BLOCK = 512;
/**
 * An archive of one file, as `docker cp - <container>:<directory>` takes it. Unlike a copy of a file of ours it says
 * mode and time exactly, whatever the runner's umask and clock are.
 */
function tarOf(name, { content, mode, modified }) {
    if (Buffer.byteLength(name) > 100)
        throw new RangeError(`The name ${name} is too long for an archive`);
    const header = Buffer.alloc(tar_BLOCK);
    header.write(name, 0);
    const number = (value, offset, length) => header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, offset);
    number(mode, 100, 8);
    number(0, 108, 8); // owner: root
    number(0, 116, 8); // group
    number(content.length, 124, 12);
    number(Math.floor(modified / 1000), 136, 12);
    header.write('        ', 148); // its own checksum counts as spaces
    header.write('0', 156); // a plain file
    header.write('ustar\u000000', 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    const padding = Buffer.alloc((tar_BLOCK - (content.length % tar_BLOCK)) % tar_BLOCK);
    // Two empty blocks end an archive.
    return Buffer.concat([header, content, padding, Buffer.alloc(2 * tar_BLOCK)]);
}

;// CONCATENATED MODULE: ./build/src/target/docker/proxy/container-files.js




/** More than anybody puts one after the other. */
const MOST_LINKS = 8;
/**
 * Files in a container, running or not, that has neither a shell nor `cat`: as `docker cp` reads and writes them, which
 * goes through mounts as the container does.
 */
class ContainerFiles {
    #docker;
    #container;
    constructor(docker, container) {
        this.#docker = docker;
        this.#container = container;
    }
    /** The file; nothing when it isn't there. */
    async read(path) {
        let place = path;
        for (let links = 0; links < MOST_LINKS; links += 1) {
            const entry = (await this.#entries(place))?.find(({ type }) => type !== 'other');
            if (entry === undefined)
                return undefined;
            if (entry.type === 'file')
                return fileOf(entry);
            // Followed, as the proxy does.
            place = entry.target.startsWith('/') ? entry.target : (0,posix_.join)((0,posix_.dirname)(place), entry.target);
        }
        return undefined;
    }
    /** The files directly in a directory, by name; nothing when it isn't there. */
    async list(path) {
        // So, it may be a link as well.
        const entries = await this.#entries(`${path}/.`);
        if (entries === undefined)
            return undefined;
        // The directory itself comes first.
        const [self] = entries;
        const inside = entries.filter(({ name, type }) => type === 'file' && (0,posix_.join)((0,posix_.dirname)(name), '/') === (0,posix_.join)(self?.name ?? '', '/'));
        return new Map(inside.map((entry) => [(0,posix_.basename)(entry.name), fileOf(entry)]));
    }
    /** Replaces the file, in a directory that must be there. */
    async write(path, { text, mode, modified }) {
        const archive = tarOf((0,posix_.basename)(path), { content: Buffer.from(text, 'latin1'), mode, modified });
        await this.#docker.api.putArchive(this.#container, (0,posix_.dirname)(path), archive);
    }
    async #entries(path) {
        try {
            return entriesOf(await this.#docker.api.getArchive(this.#container, path));
        }
        catch (error) {
            // Engines before 23 say `No such container:path`, also for a file in a container that is there.
            if (error instanceof DockerError &&
                /no such container:path|could not find the file/i.test(error.message))
                return undefined;
            throw error;
        }
    }
}
const fileOf = ({ content, mode, modified }) => ({
    text: content.toString('latin1'),
    mode: mode & 0o777,
    modified,
});

;// CONCATENATED MODULE: ./build/src/target/docker/proxy/proxy-container.js

/** The proxy's container where it is fit for work, else what is wrong with it. */
async function findProxyContainer(docker, name, network) {
    const container = await runningProxy(docker, name);
    if (isProblem(container))
        return container;
    const { NetworkMode: mode } = container.HostConfig;
    // From there it may reach every container by address, but Docker’s name server does not serve it.
    if (/^(?:host|none|container:.*)$/.test(mode))
        return {
            message: `The proxy’s container ${name} has \`network_mode: ${mode}\`, and so no place on the network ${network}, where Docker tells the names of the containers.`,
            fix: `Make it again without that line, on the network ${network}, with the ports for its users in \`ports:\`. Docker connects no container with that mode to a network.`,
            forceable: false,
        };
    if (!Object.hasOwn(container.NetworkSettings.Networks, network))
        return {
            message: `The proxy’s container ${name} is not on the network ${network}.`,
            fix: `Run \`docker network connect ${network} ${name}\`, and name that network in the proxy’s own Compose file.`,
            forceable: false,
        };
    return container;
}
async function runningProxy(docker, name) {
    const [container] = await docker.inspect('container', [name]);
    if (container === undefined)
        return {
            message: `There is no container ${name} for the proxy.`,
            fix: 'Start the proxy (operation: setup brings up an example), or correct proxy.container.',
            forceable: false,
        };
    if (!container.State.Running)
        return {
            message: `The proxy’s container ${name} is ${container.State.Status}, not running.`,
            fix: `Run \`docker start ${name}\`, and look at \`docker logs ${name}\` if it does not stay up.`,
            forceable: false,
        };
    return container;
}
/** A proxy that does not answer, told by why that is: its container is missing, or down; else as it was told. */
async function unanswered(error, docker, name) {
    const found = await runningProxy(docker, name);
    if (!isProblem(found))
        return error;
    return new errors/* DeployError */.s(found.message, { code: 'proxy-missing', hint: found.fix, cause: error });
}
const isProblem = (value) => 'fix' in value;
/** The mount that a path is in; nothing when it is in the container's own layer. */
const mountOf = ({ Mounts }, path) => Mounts.filter(({ Destination }) => path === Destination || path.startsWith(`${Destination.replace(/\/$/, '')}/`))
    .sort((one, other) => other.Destination.length - one.Destination.length)
    .at(0);
/** A volume without a name of its own: whoever removes the container with `-v`, or makes it anew, gets another. */
const isAnonymous = ({ Type, Name = '' }) => Type === 'volume' && /^[0-9a-f]{64}$/.test(Name);

;// CONCATENATED MODULE: ./build/src/target/docker/proxy/caddy.js








/** `docker cp` tells times in whole seconds; two apart stays later after both are cut off. */
const STEP_MS = 2_000;
/**
 * Caddy with a `file` matcher that looks, on each request, which of two flag files is the newer. A switch writes one
 * file and touches no configuration: every change of Caddy's configuration closes idle connections of users.
 */
class Caddy {
    description;
    propagationMs = 0;
    #docker;
    #settings;
    #aliases;
    #port;
    #files;
    #admin;
    #endpoints;
    #clock;
    constructor({ docker, host, settings, network, aliases, port }, clock = release_clock/* systemClock */.m) {
        this.#docker = docker;
        this.#settings = settings;
        this.#aliases = aliases;
        this.#port = port;
        this.#files = new ContainerFiles(docker, settings.container);
        this.#admin = settings.admin === undefined ? undefined : new CaddyAdmin(host, settings.admin);
        this.#endpoints = new Endpoints(docker, network);
        this.#clock = clock;
        this.description = `Caddy in ${settings.container}`;
    }
    async preflight() {
        const { container: name, flags } = this.#settings;
        const container = await findProxyContainer(this.#docker, name, this.#endpoints.network);
        if (isProblem(container))
            return [container];
        if ((await this.#files.list(flags)) === undefined)
            return [
                {
                    message: `There is no directory ${flags} in ${name}.`,
                    fix: 'Mount a volume there, and let the `file` matcher of the Caddyfile look into it.',
                    forceable: false,
                },
            ];
        return [...this.#mountProblems(container), ...(await this.#configurationProblems())];
    }
    async weights() {
        return (0,release_color/* allOn */.PT)(newer(await this.#times()));
    }
    /**
     * Caddy's own checks, where there are any, can't be asked for: `/reverse_proxy/upstreams` doesn't have them. It finds
     * the containers by their alias at each new connection. So what is proven is that the alias leads to exactly those
     * containers that were found healthy, at the very addresses at which they were.
     */
    async ready(color, instances) {
        return ledTo(this.#aliases[color], await this.#endpoints.all(), instances);
    }
    async shift(to, _instances, before) {
        await before?.();
        const times = await this.#times();
        if (times[to] !== undefined && newer(times) === to)
            return;
        const other = times[(0,release_color/* otherColor */.IP)(to)];
        // The newer file wins, and its time is the runner's, whose clock may be behind that of the run before.
        const modified = Math.max(this.#clock.now(), (other ?? 0) + STEP_MS);
        await this.#files.write(this.#path(to), { text: `${to}\n`, mode: 0o644, modified });
        const after = await this.#times();
        if (after[to] !== undefined && newer(after) === to)
            return;
        throw new errors/* DeployError */.s(`Caddy’s flag ${this.#path(to)} was written, and is not the newer one.`, {
            code: 'shift-not-taken',
            hint: 'Find out what else writes these files, then run again.',
        });
    }
    async inFlight(color) {
        if (this.#admin === undefined)
            return 'unknown';
        const upstreams = await this.#upstreams(this.#admin);
        const address = this.#address(color);
        // One address may be in several handlers; Caddy counts it once for all of them.
        const upstream = upstreams.find((one) => one.address === address);
        return upstream?.num_requests ?? 'unknown';
    }
    #path(color) {
        return `${this.#settings.flags}/${this.#settings.flag}.${color}`;
    }
    #address(color) {
        return `${this.#aliases[color]}:${this.#port}`;
    }
    async #times() {
        const { flags, flag, container } = this.#settings;
        const files = await this.#files.list(flags).catch(async (error) => {
            throw isMissing(error) ? await unanswered(error, this.#docker, container) : error;
        });
        if (files === undefined)
            throw new errors/* DeployError */.s(`There is no directory ${flags} in the container ${container}.`, {
                code: 'caddy-no-flags',
                hint: 'Start Caddy with a volume mounted there, or correct proxy.caddy.flags and container.',
            });
        return {
            blue: files.get(`${flag}.blue`)?.modified,
            green: files.get(`${flag}.green`)?.modified,
        };
    }
    #mountProblems(container) {
        const { flags, container: name } = this.#settings;
        const mount = mountOf(container, `${flags}/flag`);
        if (mount === undefined ? !container.HostConfig.ReadonlyRootfs : mount.RW)
            return [];
        return [
            {
                message: `The flags can’t be written: ${flags} in ${name} is read-only.`,
                fix: mount === undefined ? `Mount a volume at ${flags}.` : `Mount ${mount.Destination} without \`ro\`.`,
                forceable: false,
            },
        ];
    }
    /** A flag that Caddy never looks at would be a switch that moves nobody; only its admin endpoint can tell. */
    async #configurationProblems() {
        if (this.#admin === undefined)
            return [];
        const { flag } = this.#settings;
        const [upstreams, configuration] = [
            await this.#upstreams(this.#admin),
            JSON.stringify(await this.#admin.get('/config/')),
        ];
        const problems = [];
        for (const color of release_color/* COLORS */.lm) {
            if (!upstreams.some(({ address }) => address === this.#address(color)))
                problems.push({
                    message: `Caddy has no upstream ${this.#address(color)}.`,
                    fix: `Add \`reverse_proxy ${this.#address(color)}\` to the Caddyfile, or correct docker.port or the alias.`,
                    // Upstreams can be found dynamically as well, and are listed by address then.
                    forceable: true,
                });
            if (!configuration.includes(`${flag}.${color}`))
                problems.push({
                    message: `Caddy’s configuration never looks for the flag ${flag}.${color}.`,
                    fix: 'Let a `file` matcher look for it (examples/docker-caddy has one), or correct proxy.caddy.flag.',
                    forceable: true,
                });
        }
        return problems;
    }
    async #upstreams(admin) {
        return ((await admin.get('/reverse_proxy/upstreams')) ?? []);
    }
}
/** No flag means blue, and so do two of the same second: then Caddy takes the first that it looks for. */
const newer = ({ blue, green }) => green !== undefined && (blue === undefined || green > blue) ? 'green' : 'blue';

;// CONCATENATED MODULE: ./build/src/target/docker/proxy/haproxy-tables.js
/** What HAProxy's socket tells, read by the names in its headers: columns move from version to version. */
function parseStats(text) {
    return rows(text).map((field) => ({
        name: field('svname'),
        current: Number(field('scur')),
        queued: Number(field('qcur')),
        given: Number(field('stot')),
        status: field('status'),
        // `* L7OK`: the next one is on its way, this is what the last one said.
        check: field('check_status').replace(/^\* /, ''),
        address: field('addr'),
        lastChange: Number(field('lastchg')),
    }));
}
/**
 * Measured on HAProxy 2.6.12 and 3.0.11:
 * - A request counts in `hrsp_*` when it has come to its end, with the status that the client got: 502, 503 and 504 of
 *   HAProxy's own are `hrsp_5xx`, though the server has answered nothing. `econ` and `eresp` count the same once more.
 * - An answer that the server cut off in the middle stays what its status was, and is in `srv_abrt`, which nothing else
 *   of the above is in.
 * - `stot` counts requests that are under way as well.
 * - `ttime` has WebSockets and slow clients in it.
 */
function parseTally(text) {
    const field = rows(text).find((one) => one('svname') === 'BACKEND');
    if (field === undefined)
        return undefined;
    const sum = (...names) => names.reduce((total, name) => total + Number(field(name)), 0);
    return {
        requests: sum('hrsp_1xx', 'hrsp_2xx', 'hrsp_3xx', 'hrsp_4xx', 'hrsp_5xx', 'hrsp_other'),
        errors: sum('hrsp_5xx', 'srv_abrt'),
        meanMs: sum('qtime', 'ctime', 'rtime'),
    };
}
/** Each line as a look-up by the name of a column. */
function rows(text) {
    const [header = '', ...lines] = text.split('\n').filter((line) => line !== '');
    const names = header.replace(/^# /, '').split(',');
    return lines.map((line) => {
        const values = line.split(',');
        return (name) => values[names.indexOf(name)] ?? '';
    });
}
function parseServerNames(text) {
    // The first line is the format's version.
    const [, header = '', ...lines] = text.split('\n').filter((line) => line !== '');
    const names = header.replace(/^# /, '').split(' ');
    return lines.map((line) => {
        const values = line.split(' ');
        const host = values[names.indexOf('srv_fqdn')] ?? '-';
        return { host: host === '-' ? '' : host, port: Number(values[names.indexOf('srv_port')]) };
    });
}
/** The entries of `show map <file>`: an address in memory, the key, the value. */
function parseMap(text) {
    return text.split('\n').flatMap((line) => {
        const [, key, value] = /^0x[0-9a-f]+ (\S+) (.*)$/.exec(line) ?? [];
        return key === undefined || value === undefined ? [] : [[key, value.trim()]];
    });
}
/** What a map file holds for a key. Lines are `key value`, blank, or comments. */
const readEntry = (file, key) => file
    .split('\n')
    .map((line) => entryOf(line))
    .find((entry) => entry?.key === key)?.value;
/** The file with exactly one entry for the key, where the first one was or at the end; all else stays as it is. */
function withEntry(file, key, value) {
    const entry = `${key} ${value}`;
    let isSet = false;
    const lines = file.split('\n').flatMap((line) => {
        if (entryOf(line)?.key !== key)
            return [line];
        if (isSet)
            return [];
        isSet = true;
        return [line.endsWith('\r') ? `${entry}\r` : entry];
    });
    if (isSet)
        return lines.join('\n');
    const before = file === '' || file.endsWith('\n') ? file : `${file}\n`;
    return `${before}${entry}\n`;
}
function entryOf(line) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#'))
        return undefined;
    const [, key = '', value = ''] = /^(\S+)\s*(.*)$/.exec(trimmed) ?? [];
    return { key, value };
}

;// CONCATENATED MODULE: ./build/src/target/docker/proxy/haproxy-stats.js


/** `show stat <name> <types> <server>`: bits for backends and servers. */
const BACKEND_TYPE = '2';
const SERVER_TYPE = '4';
const serversOf = async (socket, backend) => parseStats(await socket.ask('show', 'stat', backend, SERVER_TYPE, '-1'));
async function backendOf(socket, backend) {
    const stats = parseStats(await socket.ask('show', 'stat', backend, BACKEND_TYPE, '-1'));
    return stats.find(({ name }) => name === 'BACKEND') ?? haproxy_stats_missing(backend);
}
/** What a backend has answered since HAProxy's start. */
async function tallyOf(socket, backend) {
    return parseTally(await socket.ask('show', 'stat', backend, BACKEND_TYPE, '-1')) ?? haproxy_stats_missing(backend);
}
/** Also for a frontend of that name, which HAProxy does not tell apart. */
function haproxy_stats_missing(backend) {
    throw new errors/* DeployError */.s(`${backend} is no backend of HAProxy.`, {
        code: 'haproxy-backend-missing',
        hint: 'Set proxy.haproxy.backends to the names that haproxy.cfg has; `show backend` on the socket lists them.',
    });
}

;// CONCATENATED MODULE: ./build/src/target/docker/proxy/haproxy-answers.js


/**
 * How many requests HAProxy's means are about, which it calls the last 1024: each request after that many changes the
 * mean by 1/512 of its difference. Measured on 2.6.12 and 3.0.11.
 */
const WINDOW = 512;
/** HAProxy tells means in whole ms; no more than this, in ms, may that be wrong by in what is made of them. */
const ROUGHEST_MS = 20;
/** What HAProxy counts of each color's backend. It keeps nothing of the time before, so a meter counts from now. */
class HaproxyAnswers {
    latency = 'mean';
    /** Requests count as soon as they have ended. */
    delayMs = 0;
    #socket;
    #backends;
    constructor(socket, backends) {
        this.#socket = socket;
        this.#backends = backends;
    }
    async open() {
        const tally = (color) => tallyOf(this.#socket, this.#backends[color]);
        const [blue, green] = await Promise.all(release_color/* COLORS */.lm.map(tally));
        const counts = { blue: new Count(blue), green: new Count(green) };
        return {
            async read() {
                const [ofBlue, ofGreen] = await Promise.all(release_color/* COLORS */.lm.map(tally));
                return { blue: counts.blue.at(ofBlue), green: counts.green.at(ofGreen) };
            },
        };
    }
}
const NOTHING = { requests: 0, errors: 0, meanMs: 0 };
/** What has come since the first tally, though HAProxy may have begun anew in between. */
class Count {
    #first;
    #last;
    /** What came before HAProxy began anew. */
    #kept = { requests: 0, errors: 0 };
    constructor(first) {
        this.#first = first;
        this.#last = first;
    }
    at(now) {
        if (now.requests < this.#last.requests || now.errors < this.#last.errors) {
            this.#kept = this.#sum(this.#last);
            this.#first = NOTHING;
        }
        this.#last = now;
        const latencyMs = meanSince(this.#first, now);
        return { ...this.#sum(now), ...(latencyMs !== undefined && { latencyMs }) };
    }
    #sum({ requests, errors }) {
        return {
            requests: this.#kept.requests + requests - this.#first.requests,
            errors: this.#kept.errors + errors - this.#first.errors,
        };
    }
}
/**
 * The mean without what was in it before. A release that follows a slow one on its color would else have that one's
 * latency for hundreds of requests, and a slow one would seem fast for as long.
 * @returns nothing while there is too little in it that is new
 */
function meanSince(first, now) {
    const old = weightOfOld(first.requests, now.requests);
    if (1 - old < 1 / ROUGHEST_MS)
        return undefined;
    return Math.max(0, Math.round((now.meanMs - old * first.meanMs) / (1 - old)));
}
/** How much of the mean is still from the first requests: it is a plain mean until the window is full. */
function weightOfOld(first, now) {
    if (now === 0)
        return 1;
    const filling = first < WINDOW ? first / Math.min(now, WINDOW) : 1;
    return filling * (1 - 1 / WINDOW) ** (now - Math.max(Math.min(now, WINDOW), first));
}

// EXTERNAL MODULE: external "node:timers/promises"
var external_node_timers_promises_ = __webpack_require__(8500);
;// CONCATENATED MODULE: ./build/src/target/docker/proxy/haproxy-checks.js

/** More than the seconds of `lastchg` and of the containers' clocks can be wrong by. */
const CLOCK_SLACK_MS = 2_000;
const WAITING = 'waiting for a check of this very container';
/** How long that check is waited for right away. */
const NEXT_CHECK_MS = 150;
/**
 * Whether HAProxy's own checks have proven an instance. `UP` and `L7OK` alone are no proof that they are about *this*
 * container. Seen with HAProxy 2.6.12 and 3.0.11, `server-template` and Docker's name server:
 * - Docker gives a freed address to the next container at once. A server that keeps its address stays `UP`, `L7OK` from
 *   the container before, until its next check fails; with a new container on the address that may never happen.
 * - A name that is gone leaves servers their last address: they go `DOWN`, or stay as they are when someone answers.
 * - A name server that answers with other addresses gives them to the servers without taking their state from them.
 * - A server that gets an address after `MAINT (resolution)` is `UP 1/3` before any check; with `fall 1` it is `UP`.
 * - There is no count of passed checks, and `lastchg` is in whole seconds.
 * - `set server <backend>/<name> health down` takes the state away at once, and nothing but a passed check brings `UP`
 *   back. It is no administrative state (`drain`, `maint`): a run that dies here leaves nothing behind. Unlike that,
 *   `maint` then `ready` is `UP 1/3` again without a check.
 *
 * So an instance counts when the server that has its address is exactly `UP` and `L7OK`, and was seen otherwise since
 * the container started; or went up since, by `lastchg`. Where neither is known, the server loses its state and has to
 * earn it anew: one more check's time, on a color without users.
 */
class HaproxyChecks {
    #docker;
    #socket;
    /** The instances whose server was seen not to be up, or known to have gone up since they began, by the server's name. */
    #earned = new Map();
    constructor(docker, socket) {
        this.#docker = docker;
        this.#socket = socket;
    }
    async ready(question) {
        const reasons = await Promise.all(question.instances.map(async (instance) => {
            const reason = await this.#missing(question, instance);
            return reason === undefined ? [] : [`${instance.name}: ${reason}`];
        }));
        const missing = reasons.flat();
        return { ready: question.instances.length - missing.length, detail: missing.join('; ') };
    }
    /** What is missing until HAProxy has proven the instance; nothing when it has. */
    async #missing(question, instance) {
        const { backend, servers } = question;
        const server = servers.find(({ address }) => address === instance.endpoint);
        if (server === undefined)
            return servers.every(({ status, address }) => address !== '' && !isResolving(status))
                ? `${backend} has only ${servers.length} servers, all with other addresses`
                : `HAProxy has not found ${instance.endpoint} yet`;
        const key = `${backend}/${server.name}`;
        const who = `${instance.id} ${instance.startedAt} ${instance.endpoint}`;
        if (!isUp(server)) {
            this.#earned.set(key, who);
            return haproxy_checks_describe(server);
        }
        if (this.#earned.get(key) === who)
            return undefined;
        if (await this.#wentUpSince(instance, server)) {
            // Once and for all: `lastchg` is in whole seconds, so the next look could come to another end.
            this.#earned.set(key, who);
            return undefined;
        }
        // Users' requests would find no server. Their color was proven before they were sent to it.
        if (await question.isLive())
            return undefined;
        await this.#socket.ask('set', 'server', key, 'health', 'down');
        const look = async () => (await question.look()).find(({ name }) => name === server.name);
        const now = await look();
        if (now?.address !== instance.endpoint || isUp(now))
            return WAITING;
        this.#earned.set(key, who);
        // The check that follows takes no time worth another look: `downinter` is 50 ms in our examples.
        const deadline = Date.now() + NEXT_CHECK_MS;
        while (Date.now() < deadline) {
            await (0,external_node_timers_promises_.setTimeout)(NEXT_CHECK_MS / 10);
            const checked = await look();
            if (checked?.address !== instance.endpoint)
                return WAITING;
            if (isUp(checked))
                return undefined;
        }
        return WAITING;
    }
    /** By the host's own clock, which `startedAt` is from; the runner's may be wrong by minutes. */
    async #wentUpSince({ startedAt }, { lastChange }) {
        const needed = lastChange * 1_000 + CLOCK_SLACK_MS;
        // For a container that has just started the answer is known, and not worth the time to ask.
        if (Math.abs(Date.now() - startedAt) < needed)
            return false;
        const now = Date.parse((await this.#docker.run(['info', '--format', '{{.SystemTime}}'])).trim());
        return now - startedAt > needed;
    }
}
const isUp = ({ status, check }) => status === 'UP' && check === 'L7OK';
const isResolving = (status) => status.startsWith('MAINT (resolution)');
function haproxy_checks_describe({ name, status, check }) {
    if (/^(?:MAINT|DRAIN|NOLB)/.test(status) && !isResolving(status))
        return `somebody set HAProxy’s server ${name} to ${status}`;
    return `HAProxy says ${[status, check].filter((part) => part !== '').join(', ')}`;
}

;// CONCATENATED MODULE: ./build/src/target/docker/proxy/haproxy-live.js



/** A reload, or a run of another app, may come between two of the steps; hardly ever twice. */
const haproxy_live_TRIES = 5;
/** Which backend is live: an entry of a map, in HAProxy's memory and in its file. */
class HaproxyLive {
    #settings;
    #map;
    #files;
    constructor({ settings, map, files }) {
        this.#settings = settings;
        this.#map = map;
        this.#files = files;
    }
    /** The live backend in memory; nothing where the map has no entry, which means blue. */
    entry() {
        return this.#map.read(this.#settings.key);
    }
    /** What the file says, which is what a restart or a reload leads to. */
    async file() {
        const { map, key } = this.#settings;
        const file = await this.#files.read(map);
        return file && { entry: readEntry(file.text, bytes(key)) };
    }
    colorOf(backend) {
        if (backend === undefined)
            return 'blue';
        return release_color/* COLORS */.lm.find((color) => this.#settings.backends[color] === backend);
    }
    async color() {
        const backend = await this.entry();
        const color = this.colorOf(backend);
        if (color !== undefined)
            return color;
        const { key, map, backends } = this.#settings;
        throw new errors/* DeployError */.s(`HAProxy sends ${key} to the backend ${backend}, which is neither ${backends.blue} nor ${backends.green}.`, {
            code: 'foreign-backend',
            hint: `Correct proxy.haproxy.backends or key, or set the entry right: \`set map ${map} ${key} ${backends.blue}\` on the admin socket.`,
        });
    }
    /**
     * In memory first, which is what the users get, and then in the file, which is what a restart leads to: to write a file
     * in a container takes the engine a tenth of a second. Both colors run until both say the same, and whoever goes on
     * from a run that ended in between does this again: so nothing that comes in between (a restart, the end of this
     * process, a full disk) sends anybody where nothing answers; and a release that is taken back does not keep its users
     * for a file's sake.
     */
    async give(to, { before, moved }) {
        const backend = this.#settings.backends[to];
        await before();
        for (let left = haproxy_live_TRIES;; left -= 1) {
            if ((await this.entry()) !== backend)
                await this.#map.write(this.#settings.key, backend);
            if (left === haproxy_live_TRIES)
                await moved();
            // Read right before it is written, and again after that. It may have entries of other apps, each with a lock of its
            // own: a run of another one that had read the file before we wrote it writes over our entry.
            const file = await this.#files.read(this.#settings.map);
            const isSaid = this.#says(file, backend);
            const now = await this.entry();
            if (isSaid && now === backend)
                return;
            if (left <= 1)
                throw this.#notTaken(backend, now);
            if (!isSaid)
                await this.#writeFile(file, backend);
        }
    }
    #notTaken(backend, now) {
        const { key, map } = this.#settings;
        return new errors/* DeployError */.s(now === backend
            ? `HAProxy sends ${key} to ${backend}, but something else keeps changing the file ${map}.`
            : `HAProxy was told to send ${key} to ${backend}, and sends it to ${now ?? 'blue'}.`, { code: 'shift-not-taken', hint: 'Find out what else changes that map, then run again.' });
    }
    #says(file, backend) {
        return file !== undefined && readEntry(file.text, bytes(this.#settings.key)) === bytes(backend);
    }
    async #writeFile(file, backend) {
        const { map, key } = this.#settings;
        await this.#files.write(map, {
            text: withEntry(file?.text ?? '', bytes(key), bytes(backend)),
            // Docker gives the file to root; HAProxy must be able to read it, whoever it runs as.
            mode: (file?.mode ?? 0) | 0o644,
            modified: Date.now(),
        });
    }
}
/** Text as `ContainerFile` has it. */
const bytes = (text) => Buffer.from(text, 'utf8').toString('latin1');

;// CONCATENATED MODULE: ./build/src/target/docker/proxy/haproxy-map.js


/** A map in HAProxy's memory: what `haproxy.cfg` looks up for each request. */
class HaproxyMap {
    #socket;
    #path;
    /** @param path as haproxy.cfg has it */
    constructor(socket, path) {
        this.#socket = socket;
        this.#path = path;
    }
    /** @throws DeployError `haproxy-map-unknown` where haproxy.cfg has no such map; so do the others */
    async read(key) {
        const entries = parseMap(await this.#socket.ask('show', 'map', this.#path));
        return entries.find(([name]) => name === key)?.[1];
    }
    async isKnown() {
        return (await this.#socket.ask('show', 'map', this.#path).catch(unlessUnknown)) !== undefined;
    }
    async write(key, value) {
        // `set` refuses a key that is missing, and `add` one that is there makes a second entry.
        const verb = (await this.read(key)) === undefined ? 'add' : 'set';
        await this.#socket.ask(verb, 'map', this.#path, key, value);
    }
    async remove(key) {
        if ((await this.read(key)) !== undefined)
            await this.#socket.ask('del', 'map', this.#path, key);
    }
}
/** For a map that haproxy.cfg may do without. */
function unlessUnknown(error) {
    if (error instanceof errors/* DeployError */.s && error.code === 'haproxy-map-unknown')
        return undefined;
    throw error;
}

;// CONCATENATED MODULE: ./build/src/target/docker/proxy/haproxy-problems.js





/** What would make the next switch fail, or be lost. */
class HaproxyProblems {
    #options;
    #settings;
    constructor(options) {
        this.#options = options;
        this.#settings = options.settings;
    }
    async find() {
        const { docker, network, socket } = this.#options;
        const container = await findProxyContainer(docker, this.#settings.container, network);
        if (isProblem(container))
            return [container];
        const level = await socket.ask('show', 'cli', 'level');
        if (level !== 'admin')
            return [this.#notAdmin(level)];
        const problems = [...this.#mountProblems(container), ...(await this.#mapProblems())];
        for (const color of release_color/* COLORS */.lm)
            problems.push(...(await this.#backendProblems(color)));
        return problems;
    }
    #notAdmin(level) {
        return {
            message: `HAProxy’s socket ${this.#settings.socket} has the level ${level}.`,
            fix: 'Put `level admin` on its `stats socket` line in haproxy.cfg.',
            forceable: false,
        };
    }
    #mountProblems(container) {
        const { map, container: name } = this.#settings;
        const mount = mountOf(container, map);
        if (mount === undefined) {
            if (container.HostConfig.ReadonlyRootfs)
                return [
                    {
                        message: `The map ${map} can’t be written: the file system of ${name} is read-only.`,
                        fix: 'Mount a volume at its directory.',
                        forceable: false,
                    },
                ];
            return [mapIsLost(map, name, 'in the container’s own layer')];
        }
        if (!mount.RW)
            return [
                {
                    message: `The map ${map} can’t be written: ${mount.Destination} of ${name} is mounted read-only.`,
                    fix: `Mount ${mount.Destination} without \`ro\`.`,
                    forceable: false,
                },
            ];
        if (mount.Destination === map)
            // A file that is mounted by itself can’t be replaced, and keeps showing what an editor has replaced on the host.
            return [
                {
                    message: `The map ${map} of ${name} is mounted as a single file, which can’t be replaced.`,
                    fix: 'Mount the directory that it is in.',
                    forceable: false,
                },
            ];
        if (mount.Type === 'tmpfs')
            return [mapIsLost(map, name, 'in memory')];
        if (isAnonymous(mount))
            return [mapIsLost(map, name, 'in a volume without a name')];
        return [];
    }
    async #mapProblems() {
        const { map, key, container } = this.#settings;
        const { live } = this.#options;
        const [file, entry] = await Promise.all([live.file(), live.entry()]);
        if (file === undefined)
            return [
                {
                    message: `There is no file ${map} in ${container}.`,
                    fix: 'Set proxy.haproxy.map to the path of the map inside the container.',
                    forceable: false,
                },
            ];
        const kept = file.entry;
        if (live.colorOf(kept) === live.colorOf(entry))
            return [];
        return [
            {
                message: `HAProxy sends ${key} to ${entry ?? 'blue'}, but its file ${map} says ${kept ?? 'blue'}: a restart or reload would move the users.`,
                fix: `Write \`${key} ${entry ?? this.#settings.backends.blue}\` into that file.`,
                // The switch writes both.
                forceable: true,
            },
        ];
    }
    async #backendProblems(color) {
        const name = this.#settings.backends[color];
        const { socket, port } = this.#options;
        const alias = this.#options.aliases[color];
        let names;
        try {
            names = parseServerNames(await socket.ask('show', 'servers', 'state', name));
        }
        catch (error) {
            if (!(error instanceof errors/* DeployError */.s && error.code === 'haproxy-backend-missing'))
                throw error;
            return [
                {
                    message: `HAProxy has no backend ${name}.`,
                    fix: `Add it to haproxy.cfg, or correct proxy.haproxy.backends.${color}.`,
                    forceable: false,
                },
            ];
        }
        if (names.length === 0)
            return [
                {
                    message: `HAProxy’s backend ${name} has no servers.`,
                    fix: `Add \`server-template ${color}- 20 ${alias}:${port} check resolvers docker init-addr none\`.`,
                    forceable: false,
                },
            ];
        const problems = [];
        if (!names.some((one) => sameName(one.host, alias) && one.port === port)) {
            const has = [...new Set(names.map((one) => `${one.host || 'a fixed address'}:${one.port}`))].join(', ');
            problems.push({
                message: `HAProxy’s backend ${name} looks for its servers at ${has}, and not at ${alias}:${port}.`,
                fix: `Let it resolve ${alias}:${port}, or correct docker.port or the alias.`,
                // Names of containers, which Compose makes from the project’s, lead to the same.
                forceable: true,
            });
        }
        const servers = await serversOf(socket, name);
        if (servers.some(({ status }) => status === 'no check'))
            problems.push({
                message: `HAProxy does not check the servers of ${name}.`,
                fix: 'Add `check` to their line, and `option httpchk` to the backend: a switch needs proof that HAProxy reaches them.',
                forceable: false,
            });
        const plain = servers.find(({ status, check }) => status === 'UP' && check !== '' && !check.startsWith('L7'));
        if (plain !== undefined)
            problems.push({
                message: `HAProxy checks the servers of ${name} with ${plain.check}, which proves only a connection.`,
                fix: 'Add `option httpchk` to the backend.',
                forceable: false,
            });
        return problems;
    }
}
const sameName = (one, other) => one.replace(/\.$/, '').toLowerCase() === other.toLowerCase();
const mapIsLost = (map, container, place) => ({
    message: `The map ${map} of ${container} is ${place}: when the container is replaced, users go back to blue.`,
    fix: 'Mount a named volume, or a directory of the host, at its directory.',
    forceable: true,
});

;// CONCATENATED MODULE: ./build/src/target/docker/proxy/haproxy-shares.js




/**
 * A share of the requests for the color that is not live. haproxy.cfg throws dice for each request (`rand(100)`), and
 * looks up in a second map how many percent a backend gets though it is not the live one:
 *
 *     http-request set-var(txn.dice) rand(100)
 *     use_backend shop-green if { str(shop-green),map_str_int(/maps/shares.map,0),sub(txn.dice) gt 0 }
 *
 * An entry is there only while a release is tried out, and in memory only: the file stays as it is, so that a restart or
 * a reload in the middle leads back to the color that had all. And as an entry says to whom its share belongs, the live
 * color can change while it is there: `shift` makes the backend with the share the live one, which sends it the rest, and
 * then takes the entry away. No request goes back to the color that is given up, not even for a moment.
 */
class HaproxyShares {
    #settings;
    #map;
    #files;
    #live;
    constructor({ settings, map, files, live }) {
        this.#settings = settings;
        this.#map = map;
        this.#files = files;
        this.#live = live;
    }
    async problems() {
        const { shares, backends } = this.#settings;
        if (!(await this.#map.isKnown()))
            return [
                {
                    message: `HAProxy does not know a map ${shares}: it can’t give a color a share of the traffic.`,
                    fix: `Make that file, empty; add to haproxy.cfg, before the \`use_backend\` that looks up the live color, ${this.#lines()}; then reload HAProxy. It is in examples/docker-haproxy.`,
                    forceable: false,
                },
            ];
        const file = await this.#files.read(shares);
        return release_color/* COLORS */.lm.flatMap((color) => {
            const kept = file && readEntry(file.text, backends[color]);
            if (kept === undefined || kept === '0')
                return [];
            return [
                {
                    message: `The file ${shares} gives ${backends[color]} ${kept} % of the traffic whenever HAProxy starts.`,
                    fix: 'Remove that line: shares belong in HAProxy’s memory only.',
                    forceable: true,
                },
            ];
        });
    }
    async set(weights) {
        const live = await this.#live.color();
        const tried = (0,release_color/* otherColor */.IP)(live);
        const { backends } = this.#settings;
        await this.#map.remove(backends[live]);
        await this.#map.write(backends[tried], String(weights[tried]));
        await this.#confirm(weights);
    }
    /** Leaves all to the live color. */
    async end() {
        // A haproxy.cfg from before there were shares: all goes to the live color, always.
        if (!(await this.#map.isKnown()))
            return;
        for (const color of release_color/* COLORS */.lm)
            await this.#map.remove(this.#settings.backends[color]);
        await this.#confirm((0,release_color/* share */.uM)(await this.#live.color(), 100));
    }
    /** What each color gets, by the two maps that HAProxy looks at. */
    async weights() {
        const tried = (0,release_color/* otherColor */.IP)(await this.#live.color());
        return (0,release_color/* share */.uM)(tried, await this.#percentOf(tried));
    }
    async #confirm(weights) {
        const now = await this.weights();
        if (release_color/* COLORS */.lm.every((color) => now[color] === weights[color]))
            return;
        throw new errors/* DeployError */.s(`HAProxy was told to share out ${(0,release_color/* formatWeights */.V7)(weights)}, and has ${(0,release_color/* formatWeights */.V7)(now)}.`, { code: 'shift-not-taken', hint: 'Find out what else changes its maps, then run again.' });
    }
    async #percentOf(color) {
        const value = await this.#map.read(this.#settings.backends[color]).catch(unlessUnknown);
        return Math.min(100, Math.max(0, Number.parseInt(value ?? '', 10) || 0));
    }
    #lines() {
        const { backends, shares } = this.#settings;
        const forColor = (color) => `\`use_backend ${backends[color]} if { str(${backends[color]}),map_str_int(${shares},0),sub(txn.dice) gt 0 }\``;
        return `\`http-request set-var(txn.dice) rand(100)\`, ${forColor('blue')} and ${forColor('green')}`;
    }
}

;// CONCATENATED MODULE: ./build/src/target/docker/proxy/haproxy-socket.js




/** Commands are answered in less than a millisecond; a tunnel adds tens. */
const haproxy_socket_TIMEOUT_MS = 10_000;
/**
 * HAProxy's admin socket. One command for each connection: HAProxy then closes it, and a command whose answer was lost
 * can't be mistaken for another's.
 */
class HaproxySocket {
    #host;
    #address;
    /** As the user wrote it. */
    #socket;
    #limit;
    /** A socket that never answered is missing or wrong; one that did is only away for a moment. */
    #answered = false;
    /**
     * @param socket a path, or `tcp://address:port`, as the Docker host sees it
     * @param limit for a whole answer, in ms; for tests
     */
    constructor(host, socket, limit = haproxy_socket_TIMEOUT_MS) {
        this.#limit = limit;
        this.#host = host;
        this.#socket = socket;
        this.#address = socketAddress(socket);
    }
    /**
     * Sends one command and returns the answer, without the empty line that ends it.
     * @param words escaped as HAProxy wants them
     * @throws DeployError `haproxy-unreachable`, `haproxy-denied`, `haproxy-not-admin`, `haproxy-map-unknown`,
     * `haproxy-backend-missing`, `haproxy-refused`
     * @throws TransientError when it answered before
     */
    async ask(...words) {
        const command = words.map(escaped).join(' ');
        const answer = await this.#exchange(command);
        this.#answered = true;
        this.#refuse(command, answer);
        return answer;
    }
    async #exchange(command) {
        const dialed = await this.#host.dial(this.#address);
        let text;
        try {
            text = await haproxy_socket_exchange(dialed, `${command}\n`, this.#limit);
        }
        catch (error) {
            if (this.#answered)
                throw new target/* TransientError */.N(`HAProxy’s socket ${this.#socket}: ${error.message}`, {
                    cause: error,
                });
            throw this.#unreachable(error);
        }
        // Every answer ends with an empty line, in 2.6 as in 3.0; for `set map` and its like that is all of it. Less is an
        // answer that was cut off: a tunnel that breaks ends a connection just as its end does.
        if (text === '\n')
            return '';
        if (text.endsWith('\n\n'))
            return text.slice(0, -2);
        const cut = new Error(text === '' ? 'it was closed without an answer' : 'the answer was cut off');
        if (this.#answered || text !== '')
            throw new target/* TransientError */.N(`HAProxy’s socket ${this.#socket}: ${cut.message}`);
        throw this.#unreachable(cut);
    }
    #unreachable(error) {
        const place = `${this.#socket} on ${this.#host.description}`;
        const options = { cause: error };
        switch (error.code) {
            case 'ENOENT':
                return new errors/* DeployError */.s(`There is no HAProxy socket at ${place}.`, {
                    ...options,
                    code: 'haproxy-unreachable',
                    hint: 'Start HAProxy with `stats socket … level admin` in a directory that is mounted from the host, and set proxy.haproxy.socket to its path on the host.',
                });
            case 'EACCES':
            case 'EPERM':
                return new errors/* DeployError */.s(`This user may not open HAProxy’s socket ${place}.`, {
                    ...options,
                    code: 'haproxy-denied',
                    hint: 'Give the socket the group of this user: `stats socket … mode 660 gid <number>`; in examples/docker-haproxy that is ADMIN_GID.',
                });
            case 'ECONNREFUSED':
                return new errors/* DeployError */.s(`Nobody listens at HAProxy’s socket ${place}.`, {
                    ...options,
                    code: 'haproxy-unreachable',
                    hint: 'Start HAProxy, or correct proxy.haproxy.socket.',
                });
            default:
                return new errors/* DeployError */.s(`HAProxy’s socket ${place} does not answer: ${error.message}.`, {
                    ...options,
                    code: 'haproxy-unreachable',
                    // sshd takes the connection first and only then finds that there is no such socket, or that it may not open it.
                    hint: 'Through SSH, a socket that is missing or that the user may not open looks like this: check its path and its group on the host.',
                });
        }
    }
    #refuse(command, answer) {
        const known = haproxy_socket_REFUSALS.find(([pattern]) => pattern.test(answer));
        if (known === undefined)
            return;
        const [, code, hint] = known;
        throw new errors/* DeployError */.s(`HAProxy refused \`${command}\`: ${(0,src_text/* excerpt */.Kb)(answer)}`, { code, hint });
    }
}
/** What HAProxy 2.6 and 3.0 say, and what it means. There is no status: an answer is only text. */
const haproxy_socket_REFUSALS = [
    [
        /^Permission denied/,
        'haproxy-not-admin',
        'Put `level admin` on the `stats socket` line of haproxy.cfg that proxy.haproxy.socket names.',
    ],
    [
        /^Unknown map identifier/,
        'haproxy-map-unknown',
        'Set proxy.haproxy.map to the path of the map exactly as haproxy.cfg has it; `show map` on the socket lists them.',
    ],
    [
        /^(?:No such (?:proxy|backend|server)|Can't find backend)/,
        'haproxy-backend-missing',
        'Set proxy.haproxy.backends to the names that haproxy.cfg has; `show backend` on the socket lists them.',
    ],
    [
        /^Unknown command/,
        'haproxy-refused',
        'Set proxy.haproxy.socket to the `stats socket` of an HAProxy 2.6 or later, not to its master socket.',
    ],
];
const socketAddress = (socket) => {
    if (!socket.startsWith('tcp://'))
        return { path: socket };
    const { hostname, port } = new URL(socket);
    return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) };
};
/** Spaces and semicolons end words and commands; a line break would begin another command, which nothing escapes. */
function escaped(word) {
    if (/[\r\n]/.test(word))
        throw new TypeError(`A line break in ${JSON.stringify(word)}`);
    return word.replace(/[\\ ;]/g, '\\$&');
}
const haproxy_socket_exchange = (address, request, limit) => new Promise((resolve, reject) => {
    const socket = (0,external_node_net_.connect)(address);
    let text = '';
    // For all of it: what comes in drops, without an end, is no answer either.
    const timer = setTimeout(() => socket.destroy(new Error(`no answer within ${limit / 1000} s`)), limit);
    socket.on('close', () => clearTimeout(timer));
    socket.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
    });
    socket.on('error', reject);
    socket.on('end', () => resolve(text));
    // Not `end`: HAProxy may drop a command whose sender has closed its half before the answer.
    socket.write(request);
});

;// CONCATENATED MODULE: ./build/src/target/docker/proxy/haproxy-workers.js

/**
 * HAProxy's processes in its container. After a reload the worker from before goes on with the connections that it has,
 * until each had one more answer (`option idle-close-on-response`) or `hard-stop-after` is over. It goes by the maps as
 * they were, and can't be told of a switch: a request on such a connection still goes to the color that was live then.
 */
class HaproxyWorkers {
    #docker;
    #container;
    constructor(docker, container) {
        this.#docker = docker;
        this.#container = container;
    }
    /** How many workers from before a reload still serve somebody; 0 where the host has no `ps` to tell. */
    async former() {
        const columns = encodeURIComponent('-eo pid,ppid,args');
        try {
            const path = `/containers/${encodeURIComponent(this.#container)}/top?ps_args=${columns}`;
            const { Processes } = await this.#docker.api.get(path);
            return Math.max(0, workersIn(Processes ?? []).length - 1);
        }
        catch (error) {
            if (error instanceof DockerError)
                return 0;
            throw error;
        }
    }
}
/** The master has children, a worker has none. */
function workersIn(processes) {
    const parents = new Set(processes.map(([, parent]) => parent));
    return processes
        .filter(([pid, , ...args]) => !parents.has(pid) && /(?:^|\/)haproxy\b/.test(args.join(' ')))
        .map(([pid = '']) => pid);
}

;// CONCATENATED MODULE: ./build/src/target/docker/proxy/haproxy.js














/**
 * HAProxy with one backend for each color and a map that says which one is live. `use_backend %[…,map(file)]` looks it
 * up for each request, so a switch touches no connection: requests in flight and WebSockets stay where they are, and
 * the next request on the same connection goes to the new color. The runtime API changes the map in memory only, and a
 * reload reads the file again: a switch is done when both say the same. A second map gives the other color a share
 * meanwhile.
 */
class Haproxy {
    description;
    /** A request that comes after `set map` finds the new entry. */
    propagationMs = 0;
    shares;
    answers;
    #docker;
    #container;
    #backends;
    #socket;
    #live;
    #checks;
    #problems;
    #workers;
    constructor(options) {
        const { docker, host, settings } = options;
        const socket = new HaproxySocket(host, settings.socket);
        const files = new ContainerFiles(docker, settings.container);
        const live = new HaproxyLive({ settings, files, map: new HaproxyMap(socket, settings.map) });
        this.description = `HAProxy in ${settings.container}`;
        this.shares = new HaproxyShares({ settings, files, live, map: new HaproxyMap(socket, settings.shares) });
        this.answers = new HaproxyAnswers(socket, settings.backends);
        this.#docker = docker;
        this.#container = settings.container;
        this.#backends = settings.backends;
        this.#socket = socket;
        this.#live = live;
        this.#checks = new HaproxyChecks(docker, socket);
        this.#problems = new HaproxyProblems({ ...options, socket, live });
        this.#workers = new HaproxyWorkers(docker, settings.container);
    }
    preflight() {
        return this.#problems.find();
    }
    async weights() {
        try {
            return await this.shares.weights();
        }
        catch (error) {
            if (!(error instanceof errors/* DeployError */.s && error.code === 'haproxy-unreachable'))
                throw error;
            throw await unanswered(error, this.#docker, this.#container);
        }
    }
    async ready(color, instances) {
        const backend = this.#backends[color];
        return await this.#checks.ready({
            backend,
            servers: await serversOf(this.#socket, backend),
            instances: instances.map((instance) => ({ ...instance, endpoint: endpointOf(instance) })),
            isLive: async () => (await this.weights())[color] > 0,
            look: () => serversOf(this.#socket, backend),
        });
    }
    async shift(to, _instances, before) {
        // HAProxy takes any text for a value, and answers 503 where there is no such backend.
        await backendOf(this.#socket, this.#backends[to]);
        // Given back: users who have the other color must not wait for files.
        if (this.#live.colorOf(await this.#live.entry()) === to)
            await this.shares.end();
        await this.#live.give(to, { before: async () => before?.(), moved: () => this.shares.end() });
    }
    arrivals = async () => {
        const [blue, green] = await Promise.all(release_color/* COLORS */.lm.map((color) => backendOf(this.#socket, this.#backends[color])));
        return { blue: blue.given, green: green.given };
    };
    /**
     * WebSockets count as well: they stay on the color that they began on, and are requests that never end. So does a worker
     * from before a reload, whose requests nobody can count any more.
     */
    async inFlight(color) {
        const [{ current, queued }, former] = await Promise.all([
            backendOf(this.#socket, this.#backends[color]),
            this.#workers.former(),
        ]);
        return current + queued + former;
    }
}
/** How HAProxy writes an address. */
const endpointOf = ({ address, port }) => (0,external_node_net_.isIPv6)(address) ? `[${address}]:${port}` : `${address}:${port}`;

;// CONCATENATED MODULE: ./build/src/target/docker/proxy/open.js



/** The proxy that the settings ask for. Asks nobody yet. */
function openProxy(options) {
    const { settings } = options;
    switch (settings.kind) {
        case 'haproxy':
            return new Haproxy({ ...options, settings });
        case 'caddy':
            return new Caddy({ ...options, settings });
        case 'alias':
            return new AliasSwitch({ ...options, settings });
    }
}

;// CONCATENATED MODULE: ./build/src/target/docker/prune.js




/**
 * Removes the images of the app's repository that no container on the host uses, be it one that is parked for a
 * rollback, or of another environment. To be called once nothing is unfinished.
 *
 * A run of another environment, or another app, may have pulled one of them and not started it yet: while there is one,
 * nothing more is removed. It is looked for before each image, as between its lock and its first container there is far
 * more than between that look and the removal. What stays is removed by the next run that is accepted.
 * @param keep ids of images that stay whatever uses them
 */
async function pruneImages({ docker, app, environment, image }, keep = new Set()) {
    const used = await usedImages(docker);
    const repositories = [image, ...release_color/* COLORS */.lm.map((color) => projectName(app, environment, color))];
    const listed = await docker.run([
        ...['image', 'ls', '--no-trunc', '--quiet'],
        ...repositories.flatMap((repository) => ['--filter', `reference=${repository}`]),
    ]);
    const ids = [...new Set(listed.split('\n').filter((line) => line !== ''))];
    const images = await docker.inspect('image', ids.filter((id) => !used.has(id) && !keep.has(id)));
    const removed = [];
    for (const { RepoTags, RepoDigests } of images) {
        const all = [...(RepoTags ?? []), ...(RepoDigests ?? [])].filter((one) => !one.includes('<none>'));
        const ours = all.filter((one) => repositories.includes(prune_repositoryOf(one)));
        // Also in another repository: somebody else's, who decides when it goes.
        if (ours.length === 0 || ours.length < all.length)
            continue;
        const other = (await heldLocks(docker)).find((one) => one.app !== app || one.environment !== environment);
        if (other !== undefined)
            return { removed, waitsFor: `${other.app} ${other.environment}` };
        for (const reference of ours)
            try {
                await docker.run(['image', 'rm', reference]);
                if (RepoTags?.includes(reference))
                    removed.push(reference);
            }
            catch (error) {
                // With its last tag Docker has removed its digests as well; or a container came to use it meanwhile.
                if (!(error instanceof DockerError))
                    throw error;
            }
    }
    return { removed };
}
/** By id: a container that was started by a tag says so even after the tag has moved. */
async function usedImages(docker) {
    const ids = (await docker.run(['container', 'ls', '--all', '--quiet', '--no-trunc']))
        .split('\n')
        .filter((line) => line !== '');
    const containers = await docker.inspect('container', ids);
    return new Set(containers.map(({ Image }) => Image));
}
/** `host:5000/shop:v1` and `host:5000/shop@sha256:…` without what follows the name. */
const prune_repositoryOf = (reference) => reference.replace(/@.*$/, '').replace(/:[^:/]*$/, '');

;// CONCATENATED MODULE: ./build/src/target/docker/setup-custom.js



/**
 * The examples know the default names; what differs is the user's own proxy, which only the user can make.
 * @throws DeployError `setup-custom-proxy`
 */
function refuseCustom(options, proxy) {
    const custom = [
        ...(hasOwnNames(options, options.settings.aliases) ? ['docker.aliases'] : []),
        ...(proxy.kind === 'haproxy' ? ofHaproxy(options, proxy) : ofCaddy(options, proxy)),
    ];
    if (custom.length === 0)
        return;
    throw new errors/* DeployError */.s(`The proxy that setup would make has other settings than yours: ${custom.join(', ')}.`, {
        code: 'setup-custom-proxy',
        hint: `Take these keys out of the config, or make the proxy yourself after examples/docker-${proxy.kind}.`,
    });
}
function ofHaproxy(options, { backends, key, map, shares, socket }) {
    return [
        ...(hasOwnNames(options, backends) ? ['backends'] : []),
        ...(key === `${options.app}-${options.environment}` ? [] : ['key']),
        ...(map === '/maps/active.map' ? [] : ['map (it is /maps/active.map there)']),
        ...(shares === '/maps/shares.map' ? [] : ['shares (it is /maps/shares.map there)']),
        // Its folder is mounted from the host; a colon would end the path of a mount.
        ...(/^(?:\/[^/:]+)+\/admin\.sock$/.test(socket)
            ? []
            : ['socket (it is a path that ends in /admin.sock there)']),
    ];
}
function ofCaddy(options, { flag, flags, admin }) {
    const { protocol, hostname } = new URL(admin ?? 'http://127.0.0.1');
    return [
        ...(flag === `${options.app}-${options.environment}` ? [] : ['flag']),
        ...(flags === '/flags' ? [] : ['flags (they are in /flags there)']),
        ...(protocol === 'http:' && (hostname === '127.0.0.1' || hostname === 'localhost')
            ? []
            : ['admin (it is on http://127.0.0.1 there)']),
    ];
}
const hasOwnNames = ({ app, environment }, given) => release_color/* COLORS */.lm.some((color) => given[color] !== projectName(app, environment, color));

;// CONCATENATED MODULE: ./build/src/target/docker/setup-network.js

/** Between the look and the creation another network may take the subnet. */
const ATTEMPTS = 3;
/**
 * With a subnet of its own, which an alias needs (a container comes back to its address only in such a network). It is
 * one that Docker itself would have taken, so it is free. That is found out under another name: a run that dies
 * half-way must not leave the network without its subnet.
 *
 * @returns whether it was missing
 */
async function makeNetwork(docker, network) {
    if ((await docker.inspect('network', [network])).length > 0)
        return false;
    for (let attempt = 1;; attempt += 1) {
        const subnets = await freeSubnets(docker, `${network}-setup`);
        try {
            await docker.run(['network', 'create', ...subnets.flatMap((subnet) => ['--subnet', subnet]), network]);
            return true;
        }
        catch (error) {
            if (attempt === ATTEMPTS || !(error instanceof DockerError) || !/overlaps/i.test(error.message))
                throw error;
        }
    }
}
async function freeSubnets(docker, probe) {
    await remove(docker, probe);
    await docker.run(['network', 'create', probe]);
    try {
        const [found] = await docker.inspect('network', [probe]);
        return (found?.IPAM.Config ?? []).flatMap(({ Subnet }) => (Subnet === undefined ? [] : [Subnet]));
    }
    finally {
        await remove(docker, probe);
    }
}
const remove = (docker, network) => docker.run(['network', 'rm', network]).catch((error) => {
    if (!isMissing(error))
        throw error;
});

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
;// CONCATENATED MODULE: ./build/src/target/docker/setup-proxy.js









/** Pulling the proxy's image takes as long as the network wants. */
const CREATE_TIMEOUT_MS = 10 * 60_000;
/** From this version on, engines announce a new container by themselves (examples/docker-haproxy). */
const ANNOUNCES = 28;
/** Whether there is no container of that name, or only what a setup left that died half-way or could not start it. */
async function isProxyMissing(docker, container) {
    const [found] = await docker.inspect('container', [container]);
    if (found === undefined)
        return true;
    // Created and never started. Everything else is the user's own.
    return found.State.Status === 'created' && found.Config.Labels?.[COMPOSE_PROJECT] === container;
}
/** Creates the proxy of the example, and starts it. */
async function makeProxy(options, proxy) {
    const { docker, progress, signal } = options;
    const { container } = proxy;
    await checkPlugin(docker);
    progress(`Creating ${container} from examples/docker-${proxy.kind}.`);
    if (proxy.kind === 'haproxy' && options.healthPath === undefined)
        progress('health.path is not set: HAProxy asks the containers for /, which must answer 2xx or 3xx.');
    const folder = (0,external_node_path_.join)(examples(), `docker-${proxy.kind}`);
    const files = [(0,external_node_path_.join)(folder, 'proxy.compose.yml')];
    if (proxy.kind === 'haproxy' && (await engineVersion(docker)) < ANNOUNCES)
        files.push((0,external_node_path_.join)(folder, 'proxy.before-28.compose.yml'));
    const words = ['--project-name', container, ...files.flatMap((file) => ['--file', file])];
    const env = await setup_proxy_variables(options, proxy);
    await docker
        .run(['compose', ...words, 'create'], {
        env,
        signal,
        timeout: CREATE_TIMEOUT_MS,
        onProgress: progress,
    })
        .catch((error) => {
        throw notCreated(error, proxy);
    });
    await configure(options, proxy, folder);
    await docker.run(['container', 'start', container]).catch((error) => {
        throw notStarted(error, container);
    });
}
/** What the examples' Compose files leave open; the rest comes from the job's env. A choice in that comes first. */
async function setup_proxy_variables({ app, environment, settings, healthPath, url, host }, proxy) {
    const common = {
        APP: app,
        ENVIRONMENT: environment,
        PORT: String(settings.port),
        NETWORK: settings.network,
        PROXY: proxy.container,
        HTTP_PORT: process.env['HTTP_PORT'] || portOf(url),
    };
    if (proxy.kind === 'caddy') {
        // Without `admin` nobody asks there: on whatever port is free, as 2019 may be another Caddy's.
        const port = proxy.admin === undefined ? '0' : new URL(proxy.admin).port || '80';
        return { ...common, ADMIN_PORT: port };
    }
    return {
        ...common,
        HEALTH_PATH: healthPath ?? '/',
        SOCKET_DIRECTORY: (0,external_node_path_.dirname)(proxy.socket),
        ADMIN_GID: process.env['ADMIN_GID'] || (await socketGroup(host)),
    };
}
/** With https, somebody else ends TLS, and comes to port 80. */
function portOf(url) {
    const { protocol = '', port = '' } = url === undefined ? {} : new URL(url);
    return protocol === 'http:' && port !== '' ? port : '80';
}
/** Whoever may use the engine may switch the traffic: the group of its socket, where that is on this machine. */
async function socketGroup(host) {
    const address = host.env['DOCKER_HOST'] ?? process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock';
    if (host.description !== 'this machine' || !address.startsWith('unix://'))
        return '0';
    const found = await (0,promises_.stat)(address.slice('unix://'.length)).catch(() => undefined);
    return String(found?.gid ?? 0);
}
/** The files are copied, as the engine may be on another machine than they. */
async function configure({ docker, app, environment }, proxy, folder) {
    const files = new ContainerFiles(docker, proxy.container);
    const write = (path, text) => files.write(path, { text, mode: 0o644, modified: Date.now() });
    if (proxy.kind === 'caddy') {
        await write('/etc/caddy/Caddyfile', await (0,promises_.readFile)((0,external_node_path_.join)(folder, 'Caddyfile'), 'latin1'));
        return;
    }
    await write('/usr/local/etc/haproxy/haproxy.cfg', await (0,promises_.readFile)((0,external_node_path_.join)(folder, 'haproxy.cfg'), 'latin1'));
    // The map outlives its proxy: where it is there, it says which color the users are on.
    if ((await files.read(proxy.map)) === undefined)
        await write(proxy.map, `${proxy.key} ${projectName(app, environment, 'blue')}\n`);
    if ((await files.read(proxy.shares)) === undefined)
        await write(proxy.shares, await (0,promises_.readFile)((0,external_node_path_.join)(folder, 'shares.map'), 'latin1'));
}
async function engineVersion(docker) {
    return Number.parseInt(await docker.run(['version', '--format', '{{.Server.Version}}']), 10) || 0;
}
/** Compose creates networks, volumes and the container without trouble; what it can't do by itself is to have the image. */
function notCreated(error, { kind, container }) {
    if (!(error instanceof DockerError))
        return error;
    const image = `${kind.toUpperCase()}_IMAGE`;
    if (!/pull|manifest|registry|no such image|no such host|unauthorized|denied|not found/i.test(error.output) ||
        /no space left|container name/i.test(error.output))
        return new errors/* DeployError */.s(`Compose could not create the proxy ${container}: ${error.message}`, {
            code: 'setup-proxy-refused',
            hint: 'Mend that, then run setup again; it goes on from what is there.',
            cause: error,
        });
    const defaults = { haproxy: 'haproxy:3.0', caddy: 'caddy:2' };
    const { message, code, details } = pullError({ image: process.env[image] || defaults[kind], services: [container] }, error.output);
    return new errors/* DeployError */.s(message, {
        code,
        hint: `Set ${image} in the \`env:\` of the job to an image that the host has or may pull, and run setup again.`,
        details,
        cause: error,
    });
}
function notStarted(error, container) {
    if (!(error instanceof DockerError))
        return error;
    if (/port is already allocated|address already in use|failed to bind host port/i.test(error.output))
        return new errors/* DeployError */.s(`The proxy ${container} finds its port taken: ${error.message}`, {
            code: 'setup-port-taken',
            hint: 'Free the port, or set HTTP_PORT (for Caddy’s admin endpoint, the port in proxy.caddy.admin) to another one, and run setup again.',
            cause: error,
        });
    return new errors/* DeployError */.s(`The proxy ${container} does not start: ${error.message}`, {
        code: 'setup-proxy-refused',
        hint: 'Mend that, then run setup again; it goes on from what is there.',
        cause: error,
    });
}
/** Beside `dist/` in what GitHub checked out of this action, and beside `src/` in its repository. */
function examples() {
    for (let folder = import.meta.dirname; folder !== (0,external_node_path_.dirname)(folder); folder = (0,external_node_path_.dirname)(folder))
        if ((0,external_node_fs_.existsSync)((0,external_node_path_.join)(folder, 'action.yml')))
            return (0,external_node_path_.join)(folder, 'examples');
    throw new errors/* DeployError */.s('The examples of this action are missing beside it.', { code: 'examples-missing' });
}

;// CONCATENATED MODULE: ./build/src/target/docker/setup.js






/** How long a proxy that was just started may take until it answers. */
const START_MS = 20_000;
const setup_LOOK_MS = 200;
/**
 * Makes the network and the proxy of the examples where they are missing; what is there is left alone. Ends well only
 * when a deployment would take what is there.
 */
async function setupDocker(options) {
    const { proxy, network } = options.settings;
    const made = [];
    const isMissing = proxy.kind !== 'alias' && (await isProxyMissing(options.docker, proxy.container));
    if (isMissing)
        refuseCustom(options, proxy);
    if (await makeNetwork(options.docker, network))
        made.push(`network ${network}`);
    if (proxy.kind === 'alias') {
        refuse(await options.proxy.preflight(), []);
        return made;
    }
    if (isMissing) {
        await makeProxy(options, proxy);
        made.push(`proxy ${proxy.container}`);
    }
    await setup_confirm(options, proxy.container, isMissing ? START_MS : 0);
    return made;
}
/** What has just been started may need a moment. */
async function setup_confirm({ docker, proxy, signal }, container, longestMs) {
    const deadline = Date.now() + longestMs;
    for (;;) {
        const problems = await proxy.preflight().catch((error) => (0,errors/* toDeployError */.p)(error));
        if (!(problems instanceof errors/* DeployError */.s) && problems.length === 0)
            return;
        if (Date.now() >= deadline) {
            const { lines, remark } = await logTail(docker, container);
            const details = [...lines.slice(-10), ...(remark === undefined ? [] : [remark])].map((line) => `${container}: ${line}`);
            if (problems instanceof errors/* DeployError */.s)
                throw explained(problems, details);
            refuse(problems, details);
            return;
        }
        await (0,external_node_timers_promises_.setTimeout)(setup_LOOK_MS, undefined, { signal });
    }
}
function refuse(problems, details) {
    const [first, ...others] = problems.filter(({ forceable }) => !forceable);
    if (first === undefined)
        return;
    throw new errors/* DeployError */.s(first.message, {
        code: 'setup-not-fit',
        hint: first.fix,
        details: [...others.map(({ message, fix }) => `${message} ${fix}`), ...details],
    });
}
const explained = (error, details) => new errors/* DeployError */.s(error.message, {
    code: error.code,
    hint: error.code === 'haproxy-denied'
        ? 'HAProxy gives its socket to the group ADMIN_GID: set it in the `env:` of the job to the number that `getent group docker` tells on the host, remove the proxy’s container and run setup again.'
        : error.hint,
    details: [...error.details, ...details],
    cause: error,
});

;// CONCATENATED MODULE: ./build/src/target/docker/standings.js




/** The standings that are written down; any other is `unknown`. */
const MARKS = ['was-live', 'rolled-back'];
/** `was-live-0123456789ab`, and with the second at which users got it where they still have it. */
const standings_TAG = /^(was-live|rolled-back)-(.+?)(?:-(\d{9,11}))?$/;
/**
 * What became of releases, as tags on their own images: labels of containers can't change, and a tag also keeps the
 * image of a parked release from `docker image prune`, however its repository's tags move on.
 */
class Standings {
    #options;
    constructor(options) {
        this.#options = options;
    }
    /** To be asked for each of the two colors' releases. */
    async read() {
        const marks = await this.#marks();
        return (color, release) => {
            const own = marks.filter((mark) => mark.release === release);
            if (own.some(({ standing }) => standing === 'rolled-back'))
                return { standing: 'rolled-back' };
            const ofColor = own.filter((mark) => mark.color === color);
            if (ofColor.length === 0)
                return { standing: 'unknown' };
            // A run that died between setting a tag and removing the former one leaves both.
            const times = ofColor.flatMap(({ liveSince }) => liveSince ?? []);
            return { standing: 'was-live', ...(times.length === 0 ? {} : { liveSince: Math.max(...times) }) };
        };
    }
    /** Records what became of the release that the color holds, and since when users have it, where they do. */
    async mark(color, standing, liveSince) {
        const { docker, app, environment } = this.#options;
        const colors = await readColors(this.#options);
        const { release } = containers_stateOf(colors[color]);
        const image = colors[color].traffic.find((one) => one.release.id === release?.id)?.inspected.Image;
        const marks = await this.#marks();
        if (release === undefined || image === undefined)
            return;
        const ofRelease = marks.filter((mark) => mark.release === release.id);
        if (standing === 'unknown')
            return this.#remove(ofRelease);
        const time = liveSince === undefined ? '' : `-${Math.floor(liveSince / 1_000)}`;
        const reference = `${projectName(app, environment, color)}:${standing}-${release.id}${time}`;
        await docker.run(['image', 'tag', image, reference]);
        if (standing === 'rolled-back')
            return this.#remove(ofRelease.filter((mark) => mark.color === color && mark.standing === 'was-live'));
        // Users have it again, and are content: it is forgiven. And what this color held before is replaced for good: until
        // now it might have been put back.
        const isForgiven = (mark) => mark.release === release.id && mark.standing === 'rolled-back';
        const isOld = (mark) => mark.color === color && mark.reference !== reference;
        await this.#remove(marks.filter((mark) => isForgiven(mark) || isOld(mark)));
    }
    async #marks() {
        const { docker, app, environment } = this.#options;
        const projects = {
            blue: projectName(app, environment, 'blue'),
            green: projectName(app, environment, 'green'),
        };
        const tags = await docker.tagsOf(release_color/* COLORS */.lm.map((color) => projects[color]));
        return tags.flatMap((reference) => {
            const [repository = '', tag = ''] = reference.split(':');
            const color = release_color/* COLORS */.lm.find((one) => projects[one] === repository);
            const [, standing, release, seconds] = standings_TAG.exec(tag) ?? [];
            const known = MARKS.find((one) => one === standing);
            if (color === undefined || known === undefined || release === undefined)
                return [];
            const since = seconds === undefined ? {} : { liveSince: 1_000 * Number(seconds) };
            return [{ color, standing: known, release, reference, ...since }];
        });
    }
    async #remove(marks) {
        for (const { reference, release } of marks)
            await removeTag(this.#options.docker, reference, `kept-${release}`);
    }
}

;// CONCATENATED MODULE: ./build/src/target/docker/stash-container.js


const stash_container_FOLDER = 'stash';
const FILE = 'parked.json';
/**
 * Where what is about to be replaced is kept while a run is unfinished: a file in a container that never runs, as it
 * has the environment of containers in it, secrets as well.
 */
class StashContainer {
    #scrap;
    constructor(options) {
        this.#scrap = new Scrap({ ...options, purpose: 'stash' });
    }
    /** For people who must look into it, or remove it by hand. */
    get name() {
        return this.#scrap.name;
    }
    /** The JSON text that was kept in this run, or in the one that it goes on from; nothing where it was cut off. */
    async read() {
        const found = await this.#scrap.find();
        if (found === undefined)
            return undefined;
        const text = (await this.#scrap.read(found.id, stash_container_FOLDER)).get(FILE);
        return text !== undefined && isJson(text) ? text : undefined;
    }
    async write(json) {
        const id = (await this.#scrap.find())?.id ?? (await this.#scrap.create({})) ?? (await this.#scrap.find())?.id;
        if (id !== undefined && (await this.#scrap.write(id, { [`${stash_container_FOLDER}/${FILE}`]: json })))
            return;
        throw new target/* TransientError */.N(`the container ${this.name} was removed while it was written to`);
    }
    async remove() {
        const found = await this.#scrap.find();
        if (found !== undefined)
            await this.#scrap.remove(found.id);
    }
}
function isJson(text) {
    try {
        JSON.parse(text);
        return true;
    }
    catch {
        return false;
    }
}

;// CONCATENATED MODULE: ./build/src/target/docker/docker.js



















/** A Docker host: each color is a Compose project, behind a proxy that reads on each request which of them is live. */
class DockerTarget {
    kind = 'docker';
    description;
    propagationMs;
    signals;
    lock;
    journal;
    #options;
    #docker;
    #proxy;
    #arrivals;
    #compose;
    #lifecycle;
    #standings;
    #health;
    constructor(options) {
        const { app, environment, settings, host } = options;
        this.#options = options;
        this.#docker = new DockerCli(host);
        const shared = { ...options, docker: this.#docker, healthTimeoutMs: options.health.timeout };
        const { proxy, network, aliases, port } = settings;
        this.#proxy = openProxy({ docker: this.#docker, host, settings: proxy, network, aliases, port });
        this.propagationMs = this.#proxy.propagationMs;
        this.#arrivals = this.#proxy.arrivals && new RequestsFollow(this.#proxy.arrivals);
        this.signals = this.#proxy.answers === undefined ? {} : { answers: this.#proxy.answers };
        this.description = `Docker on ${host.description}, ${app}-${environment} behind ${this.#proxy.description}`;
        const stash = new StashContainer(shared);
        this.journal = new VolumeJournal({ ...shared, stash });
        this.lock = new LockContainer(shared);
        this.#compose = new Compose(shared);
        this.#lifecycle = new Lifecycle({
            ...shared,
            stash,
            projects: this.#compose,
            beforeStart: async (color, ids) => this.#proxy.beforeStart?.(color, ids),
        });
        this.#standings = new Standings(shared);
        this.#health = new ContainerHealth({ ...shared, path: options.health.path, proxy: this.#proxy });
    }
    async inspect() {
        const [weights, colors, record, standings] = await Promise.all([
            this.#proxy.weights(),
            this.#colors(),
            this.journal.read(),
            this.#standings.read(),
        ]);
        const journal = record === undefined ? undefined : (0,release_journal/* decodeJournal */.MQ)(record);
        const state = (color) => {
            const { release, ...counts } = containers_stateOf(colors[color]);
            const past = release === undefined ? { standing: 'unknown' } : standings(color, release.id);
            return { ...(release && { release }), ...past, ...counts };
        };
        const live = release_color/* COLORS */.lm.find((color) => (0,release_color/* isAllOn */.TF)(weights, color)) ?? journal?.from ?? 'blue';
        return {
            live,
            weights,
            colors: { blue: state('blue'), green: state('green') },
            ...(journal && { journal }),
        };
    }
    async preflight(request, { readOnly }) {
        const { traffic } = (await this.#colors())[request.color === 'blue' ? 'green' : 'blue'];
        const [ofEngine, ofFile, ofProxy] = await Promise.all([
            engineProblems(this.#docker, this.#options.host.description),
            this.#compose.preflight(request, Math.max(1, traffic.length)),
            this.#proxy.preflight(),
        ]);
        const problems = [...ofEngine, ...ofFile, ...ofProxy];
        // A plan has them as notes of its own; and of a file that is refused there is more to say first.
        if (!readOnly && ofFile.every(({ forceable }) => forceable))
            await this.#compose.tellNotes(request);
        return problems;
    }
    async plan(request, course) {
        return planDeployment({
            ...this.#options,
            request,
            course,
            docker: this.#docker,
            compose: this.#compose,
            colors: await this.#colors(),
        });
    }
    /** Both colors stand in the proxy's configuration from the beginning. */
    prepare() {
        return Promise.resolve(undefined);
    }
    createRelease(request) {
        return this.#compose.createRelease(request);
    }
    /** A release is its containers, and there are no others than those of the two colors. */
    async findRelease(imageTag) {
        const { colors } = await this.inspect();
        for (const { release, standing } of release_color/* COLORS */.lm.map((color) => colors[color]))
            if (release !== undefined && (0,release_image/* isImage */.wu)(release.image, imageTag))
                return { ...release, standing };
        return undefined;
    }
    async start(color, release, count, options) {
        await this.#refuseLive(color);
        await this.#lifecycle.start(color, release, count, options);
        await this.#health.started(color, count);
    }
    health(color, since) {
        return this.#health.look(color, since);
    }
    diagnose(color) {
        return this.#health.diagnose(color);
    }
    async splitting() {
        const { shares, description } = this.#proxy;
        if (shares !== undefined)
            return shares.problems();
        return [
            {
                message: `${description} gives all traffic to one color: it can’t shift in steps.`,
                fix: 'Write shift: all-at-once, or put HAProxy in front (docs/docker.md).',
                forceable: false,
            },
        ];
    }
    async shift(weights) {
        const to = release_color/* COLORS */.lm.find((color) => (0,release_color/* isAllOn */.TF)(weights, color));
        // While both have some, a reboot brings back the one that had all.
        if (to === undefined)
            await this.#split(weights);
        else {
            const { blue, green } = await this.#colors();
            const { settings } = this.#options;
            const running = { blue: runningOf(blue, settings), green: runningOf(green, settings) };
            // From the moment at which users may be there, a reboot must bring it back.
            await this.#proxy.shift(to, running, () => this.#lifecycle.live(to));
        }
        await this.#arrivals?.told(weights);
    }
    /** Where the proxy decides at each request and does not count them, its word is all there is; `alias` resolves names. */
    following() {
        if (this.#arrivals !== undefined)
            return this.#arrivals.look();
        return Promise.resolve({ follows: this.propagationMs === 0 ? true : 'unknown' });
    }
    lingerMs() {
        return Promise.resolve(0);
    }
    inFlight(color) {
        return this.#proxy.inFlight(color);
    }
    async park(color, keep) {
        await this.#refuseLive(color);
        await this.#lifecycle.park(color, keep);
        await this.#lifecycle.dropReplaced();
        if (!this.#options.prune)
            return;
        const { app, environment, settings, progress } = this.#options;
        const { removed, waitsFor } = await pruneImages({
            docker: this.#docker,
            app,
            environment,
            image: settings.image,
        });
        if (removed.length > 0)
            progress(`Removed images that nobody needs any more: ${removed.join(', ')}.`);
        if (waitsFor !== undefined)
            progress(`Images stay for now: a run of ${waitsFor} may need them.`);
    }
    async restore(color, releaseId, count) {
        await this.#refuseLive(color);
        await this.#lifecycle.restore(color, releaseId, count);
    }
    async mark(color, standing, liveSince) {
        await this.#standings.mark(color, standing, liveSince);
    }
    async preview() {
        const weights = await this.#proxy.weights();
        const idle = release_color/* COLORS */.lm.find((color) => weights[color] === 0);
        if (idle === undefined)
            return undefined;
        const instance = (await this.#instances())[idle].find(({ address }) => address !== '');
        if (instance === undefined)
            return undefined;
        const { address, port } = instance;
        const lastingUrl = `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
        const url = await this.#options.host.url({ host: address, port });
        // The container's own address: there is nothing on the way that would first have to hear of it.
        return { url, lastingUrl, headers: {}, since: 0 };
    }
    setup() {
        const { health } = this.#options;
        return setupDocker({
            ...this.#options,
            docker: this.#docker,
            proxy: this.#proxy,
            healthPath: health.path,
        });
    }
    async close() {
        this.#docker.close();
        await this.#options.host.close();
    }
    #colors() {
        return readColors({ ...this.#options, docker: this.#docker });
    }
    async #instances() {
        const { blue, green } = await this.#colors();
        const { settings } = this.#options;
        return { blue: instancesOf(blue, settings), green: instancesOf(green, settings) };
    }
    async #split(weights) {
        const { shares } = this.#proxy;
        if (shares === undefined)
            throw new TypeError('no shares here: ask splitting() first');
        for (const color of release_color/* COLORS */.lm)
            if (weights[color] > 0)
                await this.#lifecycle.complete(color);
        await shares.set(weights);
    }
    /** Whoever calls this is about to change the color: no user may be on it. */
    async #refuseLive(color) {
        const weights = await this.#proxy.weights();
        if (weights[color] === 0)
            return;
        throw new errors/* DeployError */.s(`${color} carries ${weights[color]} % of the traffic and is not touched.`, {
            code: 'color-is-live',
            hint: 'Somebody moved the traffic during this run. Run the operation again: it goes on from what it finds.',
        });
    }
}


/***/ }),

/***/ 8184:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Fv: () => (/* binding */ renewed),
/* harmony export */   IC: () => (/* binding */ expiry),
/* harmony export */   K: () => (/* binding */ ownerFrom),
/* harmony export */   a: () => (/* binding */ ownerTexts),
/* harmony export */   wV: () => (/* binding */ lockLost)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7406);

/** What every lock is, whatever a platform writes it on: named texts that tell whose it is and until when. */
const expiry = (ttlMs) => new Date(Date.now() + ttlMs).toISOString();
const ownerTexts = (owner) => ({
    owner: owner.id,
    'run-url': owner.runUrl,
    actor: owner.actor,
    reason: owner.reason,
    operation: owner.operation,
});
const ownerFrom = (text) => ({
    id: text('owner'),
    runUrl: text('run-url'),
    actor: text('actor'),
    reason: text('reason'),
    operation: text('operation'),
});
const lockLost = (hint = 'Look at the run that holds the lock now. If runners lose their connection for minutes, raise lock.ttl.') => new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .DeployError */ .s('This run has lost its lock: another one took over, and goes on from here.', {
    code: 'lock-lost',
    hint,
});
/** The lease, if it is still held. */
async function renewed(lease) {
    try {
        await lease.renew();
    }
    catch (error) {
        if (error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .DeployError */ .s && error.code === 'lock-lost')
            return undefined;
        throw error;
    }
    return lease;
}


/***/ })

};
