import { createRequire as __WEBPACK_EXTERNAL_createRequire } from "module";
/******/ var __webpack_modules__ = ({

/***/ 2613:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("assert");

/***/ }),

/***/ 181:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("buffer");

/***/ }),

/***/ 5317:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("child_process");

/***/ }),

/***/ 6982:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("crypto");

/***/ }),

/***/ 4434:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("events");

/***/ }),

/***/ 9896:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("fs");

/***/ }),

/***/ 8611:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("http");

/***/ }),

/***/ 5692:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("https");

/***/ }),

/***/ 9278:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("net");

/***/ }),

/***/ 4589:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:assert");

/***/ }),

/***/ 6698:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:async_hooks");

/***/ }),

/***/ 4573:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:buffer");

/***/ }),

/***/ 1421:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:child_process");

/***/ }),

/***/ 7540:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:console");

/***/ }),

/***/ 7598:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:crypto");

/***/ }),

/***/ 3053:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:diagnostics_channel");

/***/ }),

/***/ 610:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:dns");

/***/ }),

/***/ 1553:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:dns/promises");

/***/ }),

/***/ 8474:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:events");

/***/ }),

/***/ 3024:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs");

/***/ }),

/***/ 1455:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs/promises");

/***/ }),

/***/ 7067:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:http");

/***/ }),

/***/ 2467:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:http2");

/***/ }),

/***/ 4708:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:https");

/***/ }),

/***/ 7030:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:net");

/***/ }),

/***/ 8161:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:os");

/***/ }),

/***/ 6760:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:path");

/***/ }),

/***/ 3916:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:path/posix");

/***/ }),

/***/ 643:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:perf_hooks");

/***/ }),

/***/ 1708:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:process");

/***/ }),

/***/ 1792:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:querystring");

/***/ }),

/***/ 7075:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:stream");

/***/ }),

/***/ 8321:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:stream/consumers");

/***/ }),

/***/ 6193:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:string_decoder");

/***/ }),

/***/ 8500:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:timers/promises");

/***/ }),

/***/ 1692:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:tls");

/***/ }),

/***/ 3136:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:url");

/***/ }),

/***/ 7975:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:util");

/***/ }),

/***/ 3429:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:util/types");

/***/ }),

/***/ 714:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:vm");

/***/ }),

/***/ 5919:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:worker_threads");

/***/ }),

/***/ 8522:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:zlib");

/***/ }),

/***/ 857:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("os");

/***/ }),

/***/ 6928:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("path");

/***/ }),

/***/ 932:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("process");

/***/ }),

/***/ 3193:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("string_decoder");

/***/ }),

/***/ 3557:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("timers");

/***/ }),

/***/ 4756:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("tls");

/***/ }),

/***/ 9023:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("util");

/***/ }),

/***/ 7406:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   p: () => (/* binding */ toDeployError),
/* harmony export */   s: () => (/* binding */ DeployError)
/* harmony export */ });
class DeployError extends Error {
    name = 'DeployError';
    code;
    hint;
    details;
    constructor(message, { code, hint, details = [], cause }) {
        super(message, cause === undefined ? undefined : { cause });
        this.code = code;
        this.hint = hint;
        this.details = details;
    }
}
/** Any thrown value as a DeployError; what we did not foresee keeps its message and stays visible as the cause. */
function toDeployError(error) {
    if (error instanceof DeployError)
        return error;
    const message = error instanceof Error ? error.message : String(error);
    return new DeployError(message, { code: 'unexpected', cause: error });
}


/***/ }),

/***/ 6857:
/***/ ((__webpack_module__, __unused_webpack___webpack_exports__, __nccwpck_require__) => {

__nccwpck_require__.a(__webpack_module__, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(7406);
/* harmony import */ var _inputs_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(4788);


// The door. What is wrong with the inputs is said before the rest is even loaded: hence the imports below, and an
// `::error::` of our own. @actions/core brings an HTTP stack, which would more than double the time to this answer.
const isPost = process.env['STATE_isPost'] === 'true';
let request;
try {
    // The post step is there for what the main step left behind, and mostly that is nothing.
    if (!isPost || process.env['STATE_pending']) {
        request = (0,_inputs_js__WEBPACK_IMPORTED_MODULE_1__/* .readInputs */ .Ko)(process.env);
        // They are read, and nothing that this process starts is to find them in its environment.
        for (const name of _inputs_js__WEBPACK_IMPORTED_MODULE_1__/* .SECRET_INPUTS */ .pH)
            delete process.env[`INPUT_${name.toUpperCase()}`];
        if (isPost)
            await (await Promise.all(/* import() */[__nccwpck_require__.e(264), __nccwpck_require__.e(825), __nccwpck_require__.e(875), __nccwpck_require__.e(779)]).then(__nccwpck_require__.bind(__nccwpck_require__, 5779))).post(request);
        else
            await (await Promise.all(/* import() */[__nccwpck_require__.e(264), __nccwpck_require__.e(825), __nccwpck_require__.e(875), __nccwpck_require__.e(187)]).then(__nccwpck_require__.bind(__nccwpck_require__, 187))).main(request);
    }
}
catch (thrown) {
    const error = (0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .toDeployError */ .p)(thrown);
    const text = error.hint === undefined ? error.message : `${error.message}\n${error.hint}`;
    const escaped = text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
    process.stdout.write(`::error::${escaped}\n`);
    process.exitCode = 1;
    if (error.details.length > 0) {
        const { say } = await Promise.all(/* import() */[__nccwpck_require__.e(264), __nccwpck_require__.e(621)]).then(__nccwpck_require__.bind(__nccwpck_require__, 6621));
        for (const detail of error.details)
            say(detail);
    }
    // Later failures are reported by main. Outside of a workflow there is nobody to tell more.
    if (process.env['GITHUB_OUTPUT'] && !isPost) {
        // Else the post step would be refused as well, and say so once more.
        (await Promise.all(/* import() */[__nccwpck_require__.e(264), __nccwpck_require__.e(260)]).then(__nccwpck_require__.bind(__nccwpck_require__, 3260))).state.markMain();
        const startedAt = Date.now() - process.uptime() * 1_000;
        const { reportRefusal } = await Promise.all(/* import() */[__nccwpck_require__.e(264), __nccwpck_require__.e(540)]).then(__nccwpck_require__.bind(__nccwpck_require__, 5540));
        await reportRefusal({ error, request, startedAt, env: process.env });
    }
}
// Everything is done and told. What is open still (a command that does not hear us, a connection to a host that is gone)
// must not keep the job running. What was written is out first: to a pipe on Windows, writing takes its time.
process.stdout.write('', () => process.exit());

__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);

/***/ }),

/***/ 4788:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  pH: () => (/* binding */ SECRET_INPUTS),
  Ko: () => (/* binding */ readInputs),
  Fj: () => (/* binding */ secretsOf)
});

// EXTERNAL MODULE: ./build/src/errors.js
var errors = __nccwpck_require__(7406);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __nccwpck_require__(7598);
;// CONCATENATED MODULE: ./build/src/ssh-key.js

const ARMOR = /^-----BEGIN ((?:[A-Z]+ )?PRIVATE KEY)-----\n([\s\S]+?)\n-----END \1-----\n$/;
/** OpenSSH's own format (PROTOCOL.key): this, then cipher, key derivation, its options, how many keys, the keys. */
const MAGIC = 'openssh-key-v1\0';
/**
 * Reads a private key as it comes out of a secret. Line ends are made those that OpenSSH wants: it refuses a key whose
 * last line has none, and inputs lose theirs.
 */
function readSshKey(given) {
    const lines = given.trim().split(/\r\n|\r|\n/);
    const key = `${lines.map((line) => line.trim()).join('\n')}\n`;
    if (/^PuTTY-User-Key-File/.test(key))
        return { problem: 'is in PuTTY’s format: export it as an OpenSSH key (PuTTYgen: Conversions)' };
    if (/^(?:ssh|ecdsa|sk)-\S+ /.test(key) || key.includes('BEGIN PUBLIC KEY'))
        return { problem: 'is a public key: give the private one, the file without `.pub`' };
    if (/^-----BEGIN ENCRYPTED |^Proc-Type: 4,ENCRYPTED/m.test(key))
        return { problem: PASSPHRASE };
    const armor = ARMOR.exec(key);
    if (armor === null)
        return {
            problem: /BEGIN [A-Z ]*PRIVATE KEY/.test(key)
                ? 'is a private key that is cut off, or has lost its line breaks: put the whole file into the secret as it is'
                : 'is not a private key: put the whole file into the secret, from `-----BEGIN` to `-----END`',
        };
    const [, kind, body = ''] = armor;
    const problem = kind === 'OPENSSH PRIVATE KEY' ? problemOfOpenSsh(body) : problemOfPem(key);
    return problem === undefined ? { key } : { problem };
}
const PASSPHRASE = 'has a passphrase, which nobody can type in here: make a key of its own for deployments, without one (`ssh-keygen -t ed25519 -N ""`)';
const DAMAGED = 'is a damaged private key: put the whole file into the secret as it is';
function problemOfPem(key) {
    try {
        (0,external_node_crypto_.createPrivateKey)(key);
        return undefined;
    }
    catch {
        // Its message may hold parts of the key.
        return DAMAGED;
    }
}
/** Node knows the other formats, but not this one. */
function problemOfOpenSsh(body) {
    const bytes = Buffer.from(body, 'base64');
    if (bytes.subarray(0, MAGIC.length).toString('latin1') !== MAGIC)
        return DAMAGED;
    let at = MAGIC.length;
    const number = () => {
        at += 4;
        return bytes.readUInt32BE(at - 4);
    };
    const field = () => {
        const length = number();
        at += length;
        if (at > bytes.length)
            throw new RangeError('cut off');
        return bytes.subarray(at - length, at);
    };
    try {
        if (field().toString('latin1') !== 'none')
            return PASSPHRASE;
        field();
        field();
        if (number() !== 1)
            return DAMAGED;
        field();
        const secret = field();
        // The same number twice: how OpenSSH itself sees that it read a key, and not noise.
        return at === bytes.length && secret.readUInt32BE(0) === secret.readUInt32BE(4) ? undefined : DAMAGED;
    }
    catch {
        return DAMAGED;
    }
}

;// CONCATENATED MODULE: ./build/src/inputs.js


/** What must never be shown, nor be in the environment of anything that this action starts. */
const SECRET_INPUTS = ['slack-webhook-url', 'github-token', 'ssh-key'];
const OPERATIONS = [
    'deploy',
    'stage',
    'promote',
    'abort',
    'rollback',
    'plan',
    'status',
    'setup',
    'watch',
];
/** The grammar of image references (github.com/distribution/reference), which has no character that a shell knows. */
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const IMAGE = /^(?<name>[A-Za-z0-9][A-Za-z0-9._-]*(?::\d+)?(?:\/[a-z0-9][a-z0-9._-]*)*)(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/;
/**
 * Reads the action's inputs.
 * @throws DeployError `inputs-invalid` with everything that is wrong, before anything else is loaded or asked
 */
function readInputs(env) {
    // As @actions/core's getInput, which would cost its HTTP stack: a mistake should be told at once.
    const input = (name) => (env[`INPUT_${name.toUpperCase()}`] ?? '').trim();
    const problems = [];
    const operation = readOperation(input('operation') || 'deploy', problems);
    const environment = input('environment');
    if (environment === '')
        problems.push('environment is missing: name one of the environments in your config, e.g. `environment: production`.');
    const { image, imageTag } = readImage(input('image'), input('image-tag'), operation, problems);
    const request = {
        operation,
        environment,
        image,
        imageTag,
        config: input('config') || '.github/blue-green.yml',
        reason: input('reason'),
        force: readBoolean('force', input('force'), problems),
        slackWebhookUrl: readUrl('slack-webhook-url', input('slack-webhook-url'), problems),
        githubToken: input('github-token'),
        sshKey: readKey(input('ssh-key'), problems),
        knownHosts: readKnownHosts(input('known-hosts'), problems),
    };
    if (problems.length === 0)
        return request;
    throw new errors/* DeployError */.s(problems.join('\n'), { code: 'inputs-invalid' });
}
function readOperation(given, problems) {
    const operation = OPERATIONS.find((one) => one === given);
    if (operation === undefined)
        problems.push(`operation is ${quote(given)}: use one of ${OPERATIONS.join(', ')}.`);
    return operation ?? 'deploy';
}
function readImage(image, tag, operation, problems) {
    if (image !== '' && tag !== '') {
        problems.push('image and image-tag are both set: give the full reference in image, or the tag in image-tag.');
    }
    else if (image !== '') {
        const match = IMAGE.exec(image);
        if (match === null)
            problems.push(`image is ${quote(image)}: write a reference such as registry.example.com/shop:v1.4.2.`);
        else if (!match.groups?.['tag'] && !match.groups?.['digest'])
            problems.push(`image is ${quote(image)}: add the tag or digest, so that it is known what is deployed.`);
        return { image, imageTag: match?.groups?.['tag'] ?? match?.groups?.['digest'] ?? '' };
    }
    else if (tag === '' && ['deploy', 'stage', 'plan'].includes(operation)) {
        problems.push(`image-tag is empty: operation ${operation} needs the tag to deploy, e.g. \`image-tag: \${{ github.sha }}\`.`);
    }
    else if (tag !== '' && !TAG.test(tag) && !DIGEST.test(tag)) {
        problems.push(`image-tag is ${quote(tag)}: a tag has letters, digits, _ . and -, at most 128; a digest is sha256: and 64 hex digits.`);
    }
    return { image: '', imageTag: tag };
}
function readBoolean(name, given, problems) {
    if (/^(true|True|TRUE)$/.test(given))
        return true;
    if (!/^(false|False|FALSE|)$/.test(given))
        problems.push(`${name} is ${quote(given)}: write true or false.`);
    return false;
}
/** The value is a secret: it is never quoted. */
function readUrl(name, given, problems) {
    if (given !== '' && !(URL.canParse(given) && /^https?:$/.test(new URL(given).protocol)))
        problems.push(`${name} is not a URL: copy it from your Slack app’s Incoming Webhooks page into a secret.`);
    return given;
}
/** Never quoted either, not even the part that is wrong. */
function readKey(given, problems) {
    if (given === '')
        return '';
    const read = readSshKey(given);
    if ('key' in read)
        return read.key;
    problems.push(`ssh-key ${read.problem}.`);
    return '';
}
/** Public, so no secret; but a key in the wrong place is one. What else may be wrong with it, the config's check says. */
function readKnownHosts(given, problems) {
    if (!/PRIVATE KEY|PuTTY-User-Key/.test(given))
        return given;
    problems.push('known-hosts has a private key in it: give that in ssh-key, and here what `ssh-keyscan` shows.');
    return '';
}
/** All that must be masked: a key's lines too, since logs are masked line by line. */
const secretsOf = ({ slackWebhookUrl = '', githubToken = '', sshKey = '', }) => [slackWebhookUrl, githubToken, sshKey, ...sshKey.split('\n').filter((line) => !line.startsWith('-----'))]
    .map((secret) => secret.trim())
    .filter((secret) => secret !== '');
const quote = (text) => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);


/***/ })

/******/ });
/************************************************************************/
/******/ // The module cache
/******/ var __webpack_module_cache__ = {};
/******/ 
/******/ // The require function
/******/ function __nccwpck_require__(moduleId) {
/******/ 	// Check if module is in cache
/******/ 	var cachedModule = __webpack_module_cache__[moduleId];
/******/ 	if (cachedModule !== undefined) {
/******/ 		return cachedModule.exports;
/******/ 	}
/******/ 	// Create a new module (and put it into the cache)
/******/ 	var module = __webpack_module_cache__[moduleId] = {
/******/ 		// no module.id needed
/******/ 		// no module.loaded needed
/******/ 		exports: {}
/******/ 	};
/******/ 
/******/ 	// Execute the module function
/******/ 	var threw = true;
/******/ 	try {
/******/ 		__webpack_modules__[moduleId].call(module.exports, module, module.exports, __nccwpck_require__);
/******/ 		threw = false;
/******/ 	} finally {
/******/ 		if(threw) delete __webpack_module_cache__[moduleId];
/******/ 	}
/******/ 
/******/ 	// Return the exports of the module
/******/ 	return module.exports;
/******/ }
/******/ 
/******/ // expose the modules object (__webpack_modules__)
/******/ __nccwpck_require__.m = __webpack_modules__;
/******/ 
/************************************************************************/
/******/ /* webpack/runtime/asset-relocator-loader */
/******/ if (typeof __nccwpck_require__ !== 'undefined') __nccwpck_require__.ab = decodeURIComponent(new URL('.', import.meta.url).pathname).slice(import.meta.url.match(/^file:\/\/\/\w:/) ? 1 : 0, -1) + "/";
/******/ 
/******/ /* webpack/runtime/async module */
/******/ (() => {
/******/ 	var webpackQueues = typeof Symbol === "function" ? Symbol("webpack queues") : "__webpack_queues__";
/******/ 	var webpackExports = typeof Symbol === "function" ? Symbol("webpack exports") : "__webpack_exports__";
/******/ 	var webpackError = typeof Symbol === "function" ? Symbol("webpack error") : "__webpack_error__";
/******/ 	var resolveQueue = (queue) => {
/******/ 		if(queue && queue.d < 1) {
/******/ 			queue.d = 1;
/******/ 			queue.forEach((fn) => (fn.r--));
/******/ 			queue.forEach((fn) => (fn.r-- ? fn.r++ : fn()));
/******/ 		}
/******/ 	}
/******/ 	var wrapDeps = (deps) => (deps.map((dep) => {
/******/ 		if(dep !== null && typeof dep === "object") {
/******/ 			if(dep[webpackQueues]) return dep;
/******/ 			if(dep.then) {
/******/ 				var queue = [];
/******/ 				queue.d = 0;
/******/ 				dep.then((r) => {
/******/ 					obj[webpackExports] = r;
/******/ 					resolveQueue(queue);
/******/ 				}, (e) => {
/******/ 					obj[webpackError] = e;
/******/ 					resolveQueue(queue);
/******/ 				});
/******/ 				var obj = {};
/******/ 				obj[webpackQueues] = (fn) => (fn(queue));
/******/ 				return obj;
/******/ 			}
/******/ 		}
/******/ 		var ret = {};
/******/ 		ret[webpackQueues] = x => {};
/******/ 		ret[webpackExports] = dep;
/******/ 		return ret;
/******/ 	}));
/******/ 	__nccwpck_require__.a = (module, body, hasAwait) => {
/******/ 		var queue;
/******/ 		hasAwait && ((queue = []).d = -1);
/******/ 		var depQueues = new Set();
/******/ 		var exports = module.exports;
/******/ 		var currentDeps;
/******/ 		var outerResolve;
/******/ 		var reject;
/******/ 		var promise = new Promise((resolve, rej) => {
/******/ 			reject = rej;
/******/ 			outerResolve = resolve;
/******/ 		});
/******/ 		promise[webpackExports] = exports;
/******/ 		promise[webpackQueues] = (fn) => (queue && fn(queue), depQueues.forEach(fn), promise["catch"](x => {}));
/******/ 		module.exports = promise;
/******/ 		body((deps) => {
/******/ 			currentDeps = wrapDeps(deps);
/******/ 			var fn;
/******/ 			var getResult = () => (currentDeps.map((d) => {
/******/ 				if(d[webpackError]) throw d[webpackError];
/******/ 				return d[webpackExports];
/******/ 			}))
/******/ 			var promise = new Promise((resolve) => {
/******/ 				fn = () => (resolve(getResult));
/******/ 				fn.r = 0;
/******/ 				var fnQueue = (q) => (q !== queue && !depQueues.has(q) && (depQueues.add(q), q && !q.d && (fn.r++, q.push(fn))));
/******/ 				currentDeps.map((dep) => (dep[webpackQueues](fnQueue)));
/******/ 			});
/******/ 			return fn.r ? promise : getResult();
/******/ 		}, (err) => ((err ? reject(promise[webpackError] = err) : outerResolve(exports)), resolveQueue(queue)));
/******/ 		queue && queue.d < 0 && (queue.d = 0);
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/compat get default export */
/******/ (() => {
/******/ 	// getDefaultExport function for compatibility with non-harmony modules
/******/ 	__nccwpck_require__.n = (module) => {
/******/ 		var getter = module && module.__esModule ?
/******/ 			() => (module['default']) :
/******/ 			() => (module);
/******/ 		__nccwpck_require__.d(getter, { a: getter });
/******/ 		return getter;
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/create fake namespace object */
/******/ (() => {
/******/ 	var getProto = Object.getPrototypeOf ? (obj) => (Object.getPrototypeOf(obj)) : (obj) => (obj.__proto__);
/******/ 	var leafPrototypes;
/******/ 	// create a fake namespace object
/******/ 	// mode & 1: value is a module id, require it
/******/ 	// mode & 2: merge all properties of value into the ns
/******/ 	// mode & 4: return value when already ns object
/******/ 	// mode & 16: return value when it's Promise-like
/******/ 	// mode & 8|1: behave like require
/******/ 	__nccwpck_require__.t = function(value, mode) {
/******/ 		if(mode & 1) value = this(value);
/******/ 		if(mode & 8) return value;
/******/ 		if(typeof value === 'object' && value) {
/******/ 			if((mode & 4) && value.__esModule) return value;
/******/ 			if((mode & 16) && typeof value.then === 'function') return value;
/******/ 		}
/******/ 		var ns = Object.create(null);
/******/ 		__nccwpck_require__.r(ns);
/******/ 		var def = {};
/******/ 		leafPrototypes = leafPrototypes || [null, getProto({}), getProto([]), getProto(getProto)];
/******/ 		for(var current = mode & 2 && value; typeof current == 'object' && !~leafPrototypes.indexOf(current); current = getProto(current)) {
/******/ 			Object.getOwnPropertyNames(current).forEach((key) => (def[key] = () => (value[key])));
/******/ 		}
/******/ 		def['default'] = () => (value);
/******/ 		__nccwpck_require__.d(ns, def);
/******/ 		return ns;
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/define property getters */
/******/ (() => {
/******/ 	// define getter functions for harmony exports
/******/ 	__nccwpck_require__.d = (exports, definition) => {
/******/ 		for(var key in definition) {
/******/ 			if(__nccwpck_require__.o(definition, key) && !__nccwpck_require__.o(exports, key)) {
/******/ 				Object.defineProperty(exports, key, { enumerable: true, get: definition[key] });
/******/ 			}
/******/ 		}
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/ensure chunk */
/******/ (() => {
/******/ 	__nccwpck_require__.f = {};
/******/ 	// This file contains only the entry chunk.
/******/ 	// The chunk loading function for additional chunks
/******/ 	__nccwpck_require__.e = (chunkId) => {
/******/ 		return Promise.all(Object.keys(__nccwpck_require__.f).reduce((promises, key) => {
/******/ 			__nccwpck_require__.f[key](chunkId, promises);
/******/ 			return promises;
/******/ 		}, []));
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/get javascript chunk filename */
/******/ (() => {
/******/ 	// This function allow to reference async chunks
/******/ 	__nccwpck_require__.u = (chunkId) => {
/******/ 		// return url for filenames based on template
/******/ 		return "" + chunkId + ".index.js";
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/hasOwnProperty shorthand */
/******/ (() => {
/******/ 	__nccwpck_require__.o = (obj, prop) => (Object.prototype.hasOwnProperty.call(obj, prop))
/******/ })();
/******/ 
/******/ /* webpack/runtime/make namespace object */
/******/ (() => {
/******/ 	// define __esModule on exports
/******/ 	__nccwpck_require__.r = (exports) => {
/******/ 		if(typeof Symbol !== 'undefined' && Symbol.toStringTag) {
/******/ 			Object.defineProperty(exports, Symbol.toStringTag, { value: 'Module' });
/******/ 		}
/******/ 		Object.defineProperty(exports, '__esModule', { value: true });
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/import chunk loading */
/******/ (() => {
/******/ 	// no baseURI
/******/ 	
/******/ 	// object to store loaded and loading chunks
/******/ 	// undefined = chunk not loaded, null = chunk preloaded/prefetched
/******/ 	// [resolve, Promise] = chunk loading, 0 = chunk loaded
/******/ 	var installedChunks = {
/******/ 		792: 0
/******/ 	};
/******/ 	
/******/ 	var installChunk = (data) => {
/******/ 		var {ids, modules, runtime} = data;
/******/ 		// add "modules" to the modules object,
/******/ 		// then flag all "ids" as loaded and fire callback
/******/ 		var moduleId, chunkId, i = 0;
/******/ 		for(moduleId in modules) {
/******/ 			if(__nccwpck_require__.o(modules, moduleId)) {
/******/ 				__nccwpck_require__.m[moduleId] = modules[moduleId];
/******/ 			}
/******/ 		}
/******/ 		if(runtime) runtime(__nccwpck_require__);
/******/ 		for(;i < ids.length; i++) {
/******/ 			chunkId = ids[i];
/******/ 			if(__nccwpck_require__.o(installedChunks, chunkId) && installedChunks[chunkId]) {
/******/ 				installedChunks[chunkId][0]();
/******/ 			}
/******/ 			installedChunks[ids[i]] = 0;
/******/ 		}
/******/ 	
/******/ 	}
/******/ 	
/******/ 	__nccwpck_require__.f.j = (chunkId, promises) => {
/******/ 			// import() chunk loading for javascript
/******/ 			var installedChunkData = __nccwpck_require__.o(installedChunks, chunkId) ? installedChunks[chunkId] : undefined;
/******/ 			if(installedChunkData !== 0) { // 0 means "already installed".
/******/ 	
/******/ 				// a Promise means "currently loading".
/******/ 				if(installedChunkData) {
/******/ 					promises.push(installedChunkData[1]);
/******/ 				} else {
/******/ 					if(true) { // all chunks have JS
/******/ 						// setup Promise in chunk cache
/******/ 						var promise = import("./" + __nccwpck_require__.u(chunkId)).then(installChunk, (e) => {
/******/ 							if(installedChunks[chunkId] !== 0) installedChunks[chunkId] = undefined;
/******/ 							throw e;
/******/ 						});
/******/ 						var promise = Promise.race([promise, new Promise((resolve) => (installedChunkData = installedChunks[chunkId] = [resolve]))])
/******/ 						promises.push(installedChunkData[1] = promise);
/******/ 					}
/******/ 				}
/******/ 			}
/******/ 	};
/******/ 	
/******/ 	// no prefetching
/******/ 	
/******/ 	// no preloaded
/******/ 	
/******/ 	// no external install chunk
/******/ 	
/******/ 	// no on chunks loaded
/******/ })();
/******/ 
/************************************************************************/
/******/ 
/******/ // startup
/******/ // Load entry module and return exports
/******/ // This entry module used 'module' so it can't be inlined
/******/ var __webpack_exports__ = __nccwpck_require__(6857);
/******/ __webpack_exports__ = await __webpack_exports__;
/******/ 
