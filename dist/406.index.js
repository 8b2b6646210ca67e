export const id = 406;
export const ids = [406,983];
export const modules = {

/***/ 7983:
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
/* harmony import */ var _actions_core__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8592);
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2840);


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

/***/ 5029:
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

/***/ 2076:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Y: () => (/* binding */ outputsOf),
/* harmony export */   n: () => (/* binding */ setOutputs)
/* harmony export */ });
/* harmony import */ var _actions_core__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8592);
/* harmony import */ var _timeline_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1503);


/** The action's outputs, as action.yml names them. Each is there after every end; empty where it is not known. */
function outputsOf({ url }, timeline, reportPath) {
    const { outcome } = timeline;
    return {
        // A run that ended without an outcome failed, whatever else it was. `status` has none that one could act upon.
        result: outcome?.result ?? 'failed',
        'live-color': outcome?.liveColor ?? '',
        'idle-color': outcome?.idleColor ?? '',
        image: outcome?.image ?? '',
        'previous-image': outcome?.previousImage ?? '',
        release: outcome?.release ?? '',
        'previous-release': outcome?.previousRelease ?? '',
        url: url ?? '',
        'preview-url': outcome?.previewUrl ?? '',
        'duration-seconds': String(Math.round((0,_timeline_js__WEBPACK_IMPORTED_MODULE_1__/* .runTime */ .F)(timeline) / 1_000)),
        report: reportPath,
    };
}
/** Hands them to the workflow. */
function setOutputs(outputs) {
    for (const [name, value] of Object.entries(outputs))
        _actions_core__WEBPACK_IMPORTED_MODULE_0__/* .setOutput */ .uH(name, value);
}


/***/ }),

/***/ 4857:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $: () => (/* binding */ redactAll),
/* harmony export */   E: () => (/* binding */ redact)
/* harmony export */ });
/** Shorter values would turn half of a report into stars. */
const SHORTEST = 6;
/** Takes secrets out of a text; also as they stand inside of JSON. */
function redact(text, secrets) {
    let clean = text;
    for (const secret of secrets.filter((one) => one.length >= SHORTEST))
        for (const form of new Set([secret, JSON.stringify(secret).slice(1, -1)]))
            clean = clean.replaceAll(form, '***');
    return clean;
}
/** The same in every text of a JSON value. */
const redactAll = (value, secrets) => JSON.parse(JSON.stringify(value, (_, part) => (typeof part === 'string' ? redact(part, secrets) : part)));


/***/ }),

/***/ 8406:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   reportRefusal: () => (/* binding */ reportRefusal)
/* harmony export */ });
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1455);
/* harmony import */ var _inputs_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1942);
/* harmony import */ var _console_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(7983);
/* harmony import */ var _context_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(5029);
/* harmony import */ var _outputs_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(2076);
/* harmony import */ var _report_file_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(3241);
/* harmony import */ var _timeline_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(1503);







/**
 * The outputs and the report of a run that was refused before anything was asked or changed: each output is there as
 * after any other end, but of the target nothing is known. What a run has set already stays. Never fails.
 */
async function reportRefusal({ error, request, startedAt, env }) {
    const file = env['GITHUB_OUTPUT'];
    if (!file)
        return;
    try {
        if (/^result<</m.test(await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.readFile)(file, 'utf8')))
            return;
        const run = {
            operation: request?.operation ?? 'deploy',
            app: '',
            environment: request?.environment ?? '',
            reason: request?.reason ?? '',
            force: request?.force ?? false,
            imageTag: request?.imageTag ?? '',
            target: '',
            context: (0,_context_js__WEBPACK_IMPORTED_MODULE_3__/* .readRunContext */ .$p)(env),
        };
        const unknown = { image: '', previousImage: '', release: '', previousRelease: '', previewUrl: '' };
        const timeline = {
            ...(0,_timeline_js__WEBPACK_IMPORTED_MODULE_6__/* .collectTimeline */ .i)().timeline,
            ...{ startedAt, endedAt: Date.now() },
            outcome: { result: 'failed', summary: error.message, error, ...unknown },
        };
        const path = await (0,_report_file_js__WEBPACK_IMPORTED_MODULE_5__/* .writeReport */ .u)((0,_context_js__WEBPACK_IMPORTED_MODULE_3__/* .tempFolder */ .vg)(env), (0,_report_file_js__WEBPACK_IMPORTED_MODULE_5__/* .reportOf */ .E)(run, timeline), (0,_inputs_js__WEBPACK_IMPORTED_MODULE_1__/* .secretsOf */ .Fj)(request ?? {})).catch(() => '');
        (0,_outputs_js__WEBPACK_IMPORTED_MODULE_4__/* .setOutputs */ .n)((0,_outputs_js__WEBPACK_IMPORTED_MODULE_4__/* .outputsOf */ .Y)({}, timeline, path));
    }
    catch (failure) {
        (0,_console_js__WEBPACK_IMPORTED_MODULE_2__/* .warn */ .R8)(`Report (outputs): ${failure.message}`);
    }
}


/***/ }),

/***/ 3241:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   E: () => (/* binding */ reportOf),
/* harmony export */   u: () => (/* binding */ writeReport)
/* harmony export */ });
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1455);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6760);
/* harmony import */ var _version_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(5185);
/* harmony import */ var _redact_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(4857);
/* harmony import */ var _timeline_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(1503);





/** Raised when a field changes its meaning or goes; new fields may come without. */
const SCHEMA_VERSION = 1;
/** The JSON report: everything that is known of the run, for tools. Times are ISO 8601, lengths milliseconds. */
function reportOf({ context, ...run }, timeline) {
    const { outcome, intent, preview } = timeline;
    return {
        schemaVersion: SCHEMA_VERSION,
        version: _version_js__WEBPACK_IMPORTED_MODULE_2__/* .version */ .r,
        run: { ...run, ...context },
        startedAt: iso(timeline.startedAt),
        endedAt: iso(timeline.endedAt),
        durationMs: (0,_timeline_js__WEBPACK_IMPORTED_MODULE_3__/* .runTime */ .F)(timeline),
        result: outcome?.result ?? 'failed',
        summary: outcome?.summary ?? '',
        live: outcome?.liveColor && {
            color: outcome.liveColor,
            image: outcome.image,
            release: outcome.release,
        },
        previous: outcome?.idleColor && {
            color: outcome.idleColor,
            image: outcome.previousImage,
            release: outcome.previousRelease,
        },
        intent,
        plan: timeline.plan,
        // The headers are the way in, and no secret: they name a release that is not live yet.
        preview,
        error: outcome?.error && errorOf(outcome.error),
        before: timeline.before && situationOf(timeline.before),
        latest: timeline.latest && situationOf(timeline.latest),
        steps: timeline.steps.map(timed('startedAt')),
        weights: timeline.weights.map(({ at, weights }) => ({ at: iso(at), ...weights })),
        answers: timeline.answers.map(timed('at')),
        ownTraffic: timeline.ownTraffic.map(timed('at')),
        checks: timeline.checks.map(({ at, purpose, check }) => ({ at: iso(at), purpose, ...check })),
        health: timeline.health.map(timed('at')),
        notes: timeline.notes.map(timed('at')),
        dropped: timeline.dropped,
    };
}
/**
 * Writes the report where later steps of the job find it.
 * @returns its path
 */
async function writeReport(folder, report, secrets) {
    // A folder of its own: the step may run more than once in a job, and the temporary folder may be everybody's.
    const path = (0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.mkdtemp)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(folder, 'blue-green-')), 'report.json');
    await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.writeFile)(path, `${(0,_redact_js__WEBPACK_IMPORTED_MODULE_4__/* .redact */ .E)(JSON.stringify(report, undefined, 2), secrets)}\n`, { mode: 0o600 });
    return path;
}
const iso = (at) => (at === undefined ? undefined : new Date(at).toISOString());
/** The record with one of its times in words. */
const timed = (key) => (record) => ({ ...record, [key]: iso(record[key]) });
/** What made it fail is named too, without a stack: paths of the build machine help nobody. */
const errorOf = ({ code, message, hint, details, cause }) => ({
    code,
    message,
    hint,
    details,
    cause: cause instanceof Error ? `${cause.name}: ${cause.message}` : undefined,
});
const situationOf = ({ live, weights, colors, journal }) => ({ live, weights, colors, journal });


/***/ }),

/***/ 1503:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   F: () => (/* binding */ runTime),
/* harmony export */   i: () => (/* binding */ collectTimeline)
/* harmony export */ });
/** More records of one kind than a run of hours has; a bound for the memory, not a rule. */
const MOST = 5_000;
/** Collects a run's events for the reports that are made at its end. */
function collectTimeline() {
    const timeline = {
        steps: [],
        weights: [],
        answers: [],
        ownTraffic: [],
        checks: [],
        health: [],
        notes: [],
        dropped: 0,
    };
    function keep(list, record) {
        if (list.length < MOST)
            list.push(record);
        else
            timeline.dropped += 1;
    }
    function listener(event) {
        timeline.startedAt ??= event.at;
        timeline.endedAt = event.at;
        const { at } = event;
        switch (event.type) {
            case 'step-started':
                keep(timeline.steps, { step: event.step, title: event.title, startedAt: at });
                break;
            case 'step-finished': {
                const index = timeline.steps.findLastIndex((one) => one.step === event.step && one.ok === undefined);
                const started = timeline.steps[index] ?? {
                    step: event.step,
                    title: event.step,
                    startedAt: at - event.ms,
                };
                const record = { ...started, ok: event.ok, detail: event.detail, ms: event.ms };
                if (index === -1)
                    keep(timeline.steps, record);
                else
                    timeline.steps[index] = record;
                break;
            }
            case 'progress':
            case 'warning':
                keep(timeline.notes, { at, kind: event.type, message: event.message });
                break;
            case 'situation':
                timeline.before ??= event.situation;
                timeline.latest = event.situation;
                keepWeights(at, event.situation.weights);
                break;
            case 'weights':
                keepWeights(at, event.weights);
                break;
            case 'health':
                keep(timeline.health, {
                    at,
                    color: event.color,
                    ready: event.ready,
                    wanted: event.wanted,
                    detail: event.detail,
                });
                break;
            case 'check':
                keep(timeline.checks, { at, purpose: event.purpose, check: event.check });
                break;
            case 'answers':
                keep(timeline.answers, { at, colors: event.colors, latency: event.latency });
                break;
            case 'own-traffic': {
                const { type: _, ...figures } = event;
                keep(timeline.ownTraffic, figures);
                break;
            }
            case 'intent': {
                const { type: _, at: __, ...intent } = event;
                timeline.intent = intent;
                break;
            }
            case 'plan':
                timeline.plan = event.plan;
                break;
            case 'preview':
                timeline.preview = { url: event.url, headers: event.headers };
                break;
            case 'outcome':
                timeline.outcome = event.outcome;
                break;
            case 'output': // A command's output is the log's; its end is part of the check.
                break;
        }
    }
    /** Only what differs from before: a look that finds the same weights is no news. */
    function keepWeights(at, weights) {
        const last = timeline.weights.at(-1)?.weights;
        if (last?.blue !== weights.blue || last.green !== weights.green)
            keep(timeline.weights, { at, weights });
    }
    return { timeline, listener };
}
/** How long the run took so far, in ms. */
const runTime = ({ startedAt, endedAt }) => startedAt === undefined || endedAt === undefined ? 0 : endedAt - startedAt;


/***/ }),

/***/ 2840:
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

/***/ 5185:
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
