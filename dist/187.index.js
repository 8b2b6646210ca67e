export const id = 187;
export const ids = [187];
export const modules = {

/***/ 187:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  main: () => (/* binding */ main)
});

// EXTERNAL MODULE: ./build/src/errors.js
var errors = __webpack_require__(7406);
;// CONCATENATED MODULE: ./build/src/cancel.js

/**
 * Aborted when the runner cancels the job. It sends SIGINT to this process only, SIGTERM 7.5 s later, and kills it
 * another 2.5 s after that (actions/runner, ProcessInvoker): enough to give traffic back, not to wait for anything.
 * What needs more time is the post step's, which gets five minutes.
 */
function cancellation() {
    const controller = new AbortController();
    const cancel = () => controller.abort(new errors/* DeployError */.s('The run was cancelled.', {
        code: 'cancelled',
        hint: 'Traffic is, or goes back to, where it was before this run; the post step cleans up.',
    }));
    process.on('SIGINT', cancel);
    process.on('SIGTERM', cancel);
    return controller.signal;
}

// EXTERNAL MODULE: ./build/src/config/load.js + 22 modules
var load = __webpack_require__(7196);
;// CONCATENATED MODULE: ./build/src/forgotten.js
/** A called workflow sees none of its caller's secrets unless it is handed them (actions/runner#4453). */
const INHERIT = 'In a called workflow the secrets of its `environment:` are empty until the job that calls it says `secrets: inherit`';
/**
 * Secrets that arrived empty, which GitHub does without a word. Said before anything is asked, as what follows from it is
 * much harder to read. An input that is not under `with` can't be told from one whose secret is empty.
 */
function emptySecrets({ operation, slackWebhookUrl, sshKey }, { slack, target }, env) {
    const lines = [];
    // A plan tells Slack nothing, and pull requests of forks have no secrets.
    if (slackWebhookUrl === '' && slack.isWritten && operation !== 'plan')
        lines.push(`The config has a section \`slack\`, and nobody is told: slack-webhook-url is empty. Add \`slack-webhook-url: \${{ secrets.SLACK_WEBHOOK_URL }}\` to this step, and that secret to the repository. ${INHERIT}.`);
    if (target.kind !== 'docker' || sshKey !== '')
        return lines;
    const { host = '', 'identity-file': file } = target.docker;
    // A machine of one's own has keys of its own; GitHub's has none, unless a step before started an agent.
    const hasOwn = env['RUNNER_ENVIRONMENT'] !== 'github-hosted' || env['SSH_AUTH_SOCK'];
    if (host.startsWith('ssh://') && file === undefined && !hasOwn)
        lines.push(`There is no key for ${host}: ssh-key is empty. Add \`ssh-key: \${{ secrets.SSH_KEY }}\` to this step, and that secret to the repository. ${INHERIT}.`);
    return lines;
}

// EXTERNAL MODULE: ./build/src/release/procedure.js + 41 modules
var procedure = __webpack_require__(3280);
// EXTERNAL MODULE: ./build/src/report/console.js
var console = __webpack_require__(6621);
// EXTERNAL MODULE: ./build/src/report/context.js
var report_context = __webpack_require__(259);
// EXTERNAL MODULE: ./build/src/text.js
var src_text = __webpack_require__(706);
// EXTERNAL MODULE: ./build/src/version.js + 1 modules
var version = __webpack_require__(990);
// EXTERNAL MODULE: ./build/src/report/redact.js
var redact = __webpack_require__(7615);
;// CONCATENATED MODULE: ./build/src/report/github-deployment.js




/** GitHub refuses longer descriptions. */
const DESCRIPTION = 140;
/** So many of the environment's newest deployments are looked at: for the job's own, and for those to be ended. */
const NEWEST = 20;
const AT_MOST_MS = 30_000;
/** Only these bring something to users; what is staged is no deployment yet. */
const TELLS = ['deploy', 'promote', 'rollback', 'watch'];
/** `watch` is told of only where it rolls back. */
const isRollback = ({ operation }) => operation === 'rollback' || operation === 'watch';
function createGitHubDeployment(options) {
    const { run, token } = options;
    const { repository, runId, sha } = run.context;
    if (token === '' || repository === '' || runId === '' || sha === '' || !TELLS.includes(run.operation))
        return undefined;
    let opened;
    return {
        listener: (event) => {
            if (event.type !== 'intent' || opened !== undefined)
                return;
            opened = github_deployment_open(options, event);
            // Whoever finishes hears of it.
            opened.catch(() => { });
        },
        async finish(timeline) {
            const deployment = await opened;
            if (deployment !== undefined)
                await github_deployment_close({ ...deployment, octokit: await connect(token) }, run, timeline);
        },
    };
}
/** For one burst of calls: its time began long ago when the deployment that lies between two of them has ended. */
async function connect(token) {
    const { getOctokit } = await __webpack_require__.e(/* import() */ 413).then(__webpack_require__.bind(__webpack_require__, 2413));
    return getOctokit(token, { request: { signal: AbortSignal.timeout(AT_MOST_MS) } });
}
async function github_deployment_open({ run, token, secrets = [], note = console.say }, { to, image, release, previousImage }) {
    const octokit = await connect(token);
    const [owner = '', repo = ''] = run.context.repository.split('/');
    const { rest } = octokit;
    try {
        const { data: known } = await rest.repos.listDeployments({
            owner,
            repo,
            environment: run.environment,
            per_page: NEWEST,
        });
        if (await isOfThisJob(octokit, owner, repo, run, known))
            return undefined;
        const mine = known.filter(({ payload }) => payloadOf(payload)?.app === run.app);
        const { former, live } = await standing(octokit, owner, repo, mine);
        if (isRollback(run))
            crossCheck(live, { image, note });
        // What is rolled back to has a commit of its own, which is not the one that the rollback's workflow runs at.
        const source = isRollback(run)
            ? mine.find(({ payload }) => payloadOf(payload)?.image === image)
            : undefined;
        const [, digest = ''] = image.split('@');
        const payload = {
            'blue-green': { version: version/* version */.r, app: run.app, color: to, image, digest, release },
            previous: previousImage,
        };
        const { data } = await rest.repos.createDeployment({
            owner,
            repo,
            ref: source?.sha ?? run.context.sha,
            task: isRollback(run) ? 'rollback' : 'deploy',
            auto_merge: false,
            // Whether the commit may be deployed was decided by whoever started this run.
            required_contexts: [],
            environment: run.environment,
            // Octokit's type takes maps of any kind, and no interface.
            payload: { ...payload },
            description: told(`${run.app} ${image}${run.reason === '' ? '' : `: ${run.reason}`}`, secrets),
        });
        if (!('id' in data))
            throw new Error(`it answered ${(0,src_text/* plain */.pj)(data.message ?? 'without a deployment')}`);
        const opened = { octokit, owner, repo, id: data.id, former, secrets };
        await tell(opened, run, 'in_progress', `To ${to}`);
        return opened;
    }
    catch (error) {
        if (!isForbidden(error))
            throw new Error(`GitHub was not told of the deployment: ${error.message}`);
        note('GitHub is not told of this deployment, as the token may not: add `deployments: write` under `permissions:` of the job (and of the job that calls a reusable workflow). With an `environment:` in the job GitHub knows of it anyway.');
        return undefined;
    }
}
/** GitHub made a deployment for this job by itself when a state of it leads to this very run. */
async function isOfThisJob(octokit, owner, repo, { context }, known) {
    const candidates = known.filter(({ sha, payload }) => sha === context.sha && payloadOf(payload) === undefined);
    for (const { id } of candidates) {
        const { data } = await octokit.rest.repos.listDeploymentStatuses({
            owner,
            repo,
            deployment_id: id,
            per_page: 5,
        });
        if (data.some(({ log_url: url = '', target_url: other }) => [url, other].some((one) => one !== undefined && runIn(one) === context.runId)))
            return true;
    }
    return false;
}
/**
 * Those that are to be ended once this one is a success, and the one that is live as far as GitHub knows. From the newest
 * backwards: what is older than one that has been ended has been ended too. One that is in progress is of a run that died.
 */
async function standing(octokit, owner, repo, mine) {
    const former = [];
    let live;
    for (const one of mine) {
        const { data } = await octokit.rest.repos.listDeploymentStatuses({
            ...{ owner, repo, deployment_id: one.id, per_page: 1 },
        });
        const state = data[0]?.state;
        if (state === 'inactive')
            break;
        if (state === 'failure' || state === 'error')
            continue;
        former.push(one.id);
        if (state === 'success')
            live ??= one;
    }
    return { former, live };
}
/** The target is the truth; where GitHub remembers another release than the target leads to, that is worth a line. */
function crossCheck(live, { image, note }) {
    const previous = live === undefined ? undefined : previousOf(live.payload);
    if (previous !== undefined && previous !== '' && previous !== image)
        note(`The target leads back to ${image}; GitHub remembers ${previous} as the release before. The target counts.`);
}
/** What is cut off is no longer known for a secret. */
const told = (text, secrets) => (0,src_text/* excerpt */.Kb)((0,redact/* redact */.E)(text, secrets), DESCRIPTION);
async function github_deployment_close(opened, run, { outcome }) {
    // A `watch` that rolled back has an error, which is why.
    const isDone = (outcome?.error === undefined && outcome?.result === 'deployed') ||
        (outcome?.result === 'rolled-back' && (outcome.error === undefined || run.operation === 'watch'));
    if (!isDone) {
        const state = outcome === undefined ? 'error' : 'failure';
        return tell(opened, run, state, outcome?.summary ?? 'The run ended before it had a result.');
    }
    await tell(opened, run, 'success', outcome.summary);
    // GitHub's own auto_inactive leaves production environments out.
    for (const id of opened.former)
        await tell({ ...opened, id }, run, 'inactive', 'Replaced');
}
async function tell({ octokit, owner, repo, id, secrets }, run, state, description) {
    await octokit.rest.repos.createDeploymentStatus({
        owner,
        repo,
        deployment_id: id,
        state,
        auto_inactive: false,
        description: told(description, secrets),
        ...(run.context.runUrl === '' || state === 'inactive' ? {} : { log_url: run.context.runUrl }),
        ...(run.url === undefined || state === 'inactive' ? {} : { environment_url: run.url }),
    });
}
const runIn = (url) => /\/actions\/runs\/(\d+)/.exec(url)?.[1];
function payloadOf(payload) {
    const own = mapOf(payload)?.['blue-green'];
    return typeof own === 'object' && own !== null ? own : undefined;
}
function previousOf(payload) {
    const previous = mapOf(payload)?.['previous'];
    return typeof previous === 'string' ? previous : undefined;
}
/** GitHub gives back what it was given: an object, or its JSON. */
function mapOf(payload) {
    const value = typeof payload === 'string' ? attempt(payload) : payload;
    return typeof value === 'object' && value !== null ? value : undefined;
}
function attempt(json) {
    try {
        return JSON.parse(json);
    }
    catch {
        return undefined;
    }
}
const isForbidden = (error) => typeof error === 'object' &&
    error !== null &&
    'status' in error &&
    (error.status === 403 || error.status === 404);

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: ./build/src/release/color.js
var color = __webpack_require__(4768);
// EXTERNAL MODULE: ./build/src/release/image.js
var release_image = __webpack_require__(4426);
// EXTERNAL MODULE: ./build/src/release/situation.js
var release_situation = __webpack_require__(459);
;// CONCATENATED MODULE: ./build/src/report/facts.js

/** Sums up a timeline. */
function factsOf({ before, outcome, intent, weights }) {
    const after = outcome?.liveColor && {
        color: outcome.liveColor,
        image: outcome.image,
        release: outcome.image === '' ? '' : outcome.release,
    };
    return {
        before: before && liveIn(before),
        after,
        withheld: intent !== undefined && intent.image !== after?.image ? intent.image : undefined,
        reachedUsers: intent !== undefined && weights.some((one) => one.weights[intent.to] > 0),
    };
}
function liveIn(situation) {
    const image = (0,release_situation/* runningImage */.$)(situation, situation.live);
    const release = image === '' ? '' : (situation.colors[situation.live].release?.id ?? '');
    return { color: situation.live, image, release };
}

;// CONCATENATED MODULE: ./build/src/report/failure.js

/** Lines of evidence that a report shows; a log has more, behind the platform's own door. */
const MOST_LINES = 40;
/**
 * A failure as an annotation: what happened and what to do, each on a line of its own, harmless in every report.
 */
function describeFailure({ message, hint }) {
    const lines = hint === undefined ? [message] : [message, hint];
    return lines.map((line) => (0,src_text/* excerpt */.Kb)(line, 1_000)).join('\n');
}
/** The evidence: the platform's reasons and the last log lines. Of too many, the last ones, as logs end in the cause. */
function evidence({ details }, most = MOST_LINES) {
    const lines = details
        .flatMap((detail) => detail.split(/\r?\n/))
        .map((line) => bounded((0,src_text/* plain */.pj)(line.slice(0, 2_000))))
        .filter((line) => line !== '');
    if (lines.length <= most)
        return lines;
    // The platform's reasons come first, the log after them: keep some of both ends.
    const head = Math.ceil(most / 4);
    const tail = most - head - 1;
    return [
        ...lines.slice(0, head),
        `… ${lines.length - head - tail} more lines …`,
        ...lines.slice(lines.length - tail),
    ];
}
const bounded = (line) => (line.length <= 400 ? line : `${line.slice(0, 399).toWellFormed()}…`);

// EXTERNAL MODULE: ./build/src/report/format.js
var format = __webpack_require__(5845);
// EXTERNAL MODULE: ./build/src/report/timeline.js
var report_timeline = __webpack_require__(6753);
;// CONCATENATED MODULE: ./build/src/report/verdict.js


const FAILED = {
    deploy: 'Not deployed',
    stage: 'Not staged',
    promote: 'Not promoted',
    abort: 'Not aborted',
    rollback: 'Not rolled back',
    plan: 'Not planned',
    status: 'Failed',
    setup: 'Not set up',
    watch: 'Watch failed',
};
/** Judges a finished run. */
function verdictOf(operation, timeline) {
    const { outcome } = timeline;
    const { before, after, withheld } = factsOf(timeline);
    const now = after === undefined || after.image === ''
        ? 'Nothing is live.'
        : `${(0,format/* shortImage */.Uq)(after.image)} is live on ${after.color}.`;
    switch (outcome?.result) {
        case undefined:
            return { kind: 'failed', title: FAILED[operation], sentence: 'The run ended before it had a result.' };
        case 'deployed': {
            const isFirst = before?.image === '';
            const kept = isFirst || outcome.previousImage === '' ? undefined : (0,format/* shortImage */.Uq)(outcome.previousImage);
            const rest = isFirst
                ? ' It is the first release here.'
                : kept
                    ? ` ${kept} is kept for a rollback.`
                    : '';
            return { kind: 'success', title: 'Deployed', sentence: `${now}${rest}` };
        }
        case 'staged':
            return {
                kind: 'neutral',
                title: 'Staged',
                sentence: `${(0,format/* shortImage */.Uq)(withheld ?? '')} waits on ${outcome.idleColor} for promote or abort. ${now}`,
            };
        case 'aborted':
            return { kind: 'neutral', title: 'Aborted', sentence: outcome.summary };
        case 'rolled-back':
            if (outcome.error === undefined)
                return { kind: 'success', title: 'Rolled back', sentence: `${now.slice(0, -1)} again.` };
            return {
                kind: 'taken-back',
                title: 'Taken back',
                sentence: `Users had ${(0,format/* shortImage */.Uq)(withheld ?? before?.image ?? '')}, and it was taken back. ${now}`,
            };
        case 'unchanged':
            return { kind: 'neutral', title: 'Unchanged', sentence: outcome.summary };
        case 'planned':
            return outcome.error === undefined
                ? { kind: 'neutral', title: 'Planned', sentence: outcome.summary }
                : { kind: 'failed', title: 'Would fail', sentence: `A deployment would be refused. ${now}` };
        case '':
            return {
                kind: 'neutral',
                title: operation === 'setup' ? 'Set up' : 'Status',
                sentence: outcome.summary,
            };
        case 'failed':
            return { kind: 'failed', title: FAILED[operation], sentence: failure(timeline, now) };
    }
}
/** What a failure means for users. */
function failure(timeline, now) {
    const { after, withheld, reachedUsers } = factsOf(timeline);
    if (after === undefined)
        return 'What is live could not be read: look at the target, then run status.';
    if (withheld === undefined || reachedUsers)
        return now;
    if (after.image === '')
        return `${(0,format/* shortImage */.Uq)(withheld)} never reached users. Nothing is live.`;
    return `${(0,format/* shortImage */.Uq)(withheld)} never reached users; ${(0,format/* shortImage */.Uq)(after.image)} stays live on ${after.color}.`;
}

;// CONCATENATED MODULE: ./build/src/report/end-screen.js








const RULE = '-'.repeat(100);
/** The end of the log: how it ended and, of a failure, why and what to do, on one screen and outside of any group. */
function endScreen(run, timeline) {
    const { title, sentence, kind } = verdictOf(run.operation, timeline);
    const { outcome } = timeline;
    const lines = [RULE, `${title}. ${sentence}`, RULE, ...facts(run, timeline)];
    if (outcome?.error !== undefined)
        lines.push('', ...end_screen_failure(timeline));
    else if (kind === 'success' && run.operation !== 'rollback' && outcome?.previousImage)
        lines.push(row('way back', `operation: rollback (or the rollback workflow) brings ${outcome.previousImage}`));
    if (outcome?.previewUrl)
        lines.push(row('preview', `${outcome.previewUrl}${outcome.result === 'staged' ? ', see above' : ''}`));
    return [...lines, RULE];
}
function facts({ app, environment, url }, timeline) {
    const { before, after, withheld } = factsOf(timeline);
    const weights = timeline.weights.at(-1)?.weights;
    const lines = [row('environment', [`${app} / ${environment}`, url ?? ''].filter(Boolean).join(', '))];
    if (after !== undefined) {
        lines.push(row('live color', change(before?.color, after.color)));
        lines.push(...end_screen_images(before?.image, after.image));
    }
    if (withheld !== undefined)
        lines.push(row(timeline.outcome?.result === 'staged' ? 'staged' : 'not live', withheld));
    if (weights !== undefined)
        lines.push(row('traffic', (0,color/* formatWeights */.V7)(weights)));
    return [...lines, row('duration', (0,format/* span */.Ln)((0,report_timeline/* runTime */.F)(timeline)))];
}
function end_screen_failure({ outcome, steps }) {
    const error = outcome?.error;
    if (error === undefined)
        return [];
    const failed = steps.find((step) => step.ok === false);
    const where = failed === undefined ? '' : ` (${failed.step}, after ${(0,format/* span */.Ln)(failed.ms ?? 0)})`;
    const lines = [row('what failed', `${(0,src_text/* excerpt */.Kb)(error.message, 1_000)}${where}`)];
    const why = evidence(error);
    if (why.length > 0)
        lines.push(row('why', ''), ...why.map((line) => `    | ${line}`));
    const cause = error.cause instanceof Error ? error.cause.message : '';
    if (!error.message.includes(cause))
        lines.push(row('caused by', (0,src_text/* excerpt */.Kb)(cause, 1_000)));
    if (error.hint !== undefined)
        lines.push(row('what to do', (0,src_text/* excerpt */.Kb)(error.hint, 1_000)));
    return lines;
}
/** `blue -> green`, or that nothing changed. */
function change(before, after) {
    if (before === undefined)
        return after || 'nothing';
    if (before === after)
        return `${after || 'nothing'} (as before)`;
    return `${before || 'nothing'} -> ${after || 'nothing'}`;
}
/** Full references are long: each has a line of its own. */
function end_screen_images(before, after) {
    if (before === undefined || before === after)
        return [row('image', change(before && (0,release_image/* readable */.HD)(before), (0,release_image/* readable */.HD)(after)))];
    return [
        row('image', `from ${(0,release_image/* readable */.HD)(before || 'nothing')}`),
        row('', `to   ${(0,release_image/* readable */.HD)(after || 'nothing')}`),
    ];
}
const row = (label, value) => `  ${label.padEnd(12)} ${value}`.trimEnd();

// EXTERNAL MODULE: ./build/src/report/log.js + 1 modules
var report_log = __webpack_require__(9611);
// EXTERNAL MODULE: ./build/src/report/markdown.js
var markdown = __webpack_require__(75);
// EXTERNAL MODULE: ./build/src/report/outputs.js
var outputs = __webpack_require__(3558);
// EXTERNAL MODULE: ./build/src/report/report-file.js
var report_file = __webpack_require__(3531);
;// CONCATENATED MODULE: ./build/src/report/run-info.js
/** Picks it, field by field: what is not named here is in no report. */
const runInfo = ({ request, environment, context, targetDescription }) => ({
    operation: request.operation,
    app: environment.app,
    environment: environment.name,
    url: environment.url,
    reason: request.reason,
    force: request.force,
    imageTag: request.imageTag,
    target: targetDescription,
    context,
});

// EXTERNAL MODULE: ./build/src/inputs.js + 1 modules
var inputs = __webpack_require__(4788);
;// CONCATENATED MODULE: ./build/src/report/secret-variables.js

/** Of GitHub's, the clouds' and most tools' own: `DB_PASSWORD`, `NPM_TOKEN`, `STRIPE_API_KEY`, `AWS_SECRET_ACCESS_KEY`. */
const SECRET = /(?:^|_)(?:SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?|PAT)(?:_|$)|_KEY$/i;
/** What such a name says where or which the secret is, not what. */
const ABOUT = /_(?:FILE|PATH|URL|URI|ID|ARN|NAME|VERSION)$/i;
/** Shorter ones are words and numbers, which reports are full of. */
const SHORTEST = 8;
/**
 * The values of the job's variables that are secrets by their names. A command or a container that fails may have them in
 * its last words; the runner takes them out of the log and the summary, and nobody out of what goes elsewhere.
 */
const secretVariables = (env) => Object.entries(env).flatMap(([name, value = '']) => SECRET.test(name) && !ABOUT.test(name)
    ? // Of a key or a certificate each line is told by itself.
        [...new Set([value, ...value.split('\n')])]
            .map((part) => part.trim())
            .filter((part) => part.length >= SHORTEST && !part.startsWith('-----B') && !part.startsWith('-----E'))
    : []);
/** All that must not be told, whatever it stands in. */
const allSecrets = (request, env) => [...(0,inputs/* secretsOf */.Fj)(request), ...secretVariables(env)];

;// CONCATENATED MODULE: ./build/src/report/slack-text.js


/**
 * Foreign text in Slack's markup: `<!channel>` and links are text and no more, and backticks are gone. At most `limit`
 * characters long once it is escaped, which is what Slack counts; an entity is never cut.
 */
function escapeSlack(text, limit) {
    const clean = (0,src_text/* plain */.pj)(text.slice(0, 2 * limit));
    let result = '';
    for (const character of clean) {
        const escaped = ENTITIES[character] ?? character;
        if (result.length + escaped.length > limit - 1)
            return `${result}…`;
        result += escaped;
    }
    return result;
}
/** A backtick has no entity; as a quotation mark it can not begin a block of code that swallows what follows. */
const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '`': "'" };
/** The same in the typeface of code. */
const codeSlack = (text, limit = 200) => text === '' ? '' : `\`${escapeSlack(text, limit - 2)}\``;
/** A block of code with as many of the last lines as there is room for. */
function codeBlockSlack(lines, limit) {
    const room = limit - '```\n\n```'.length;
    const kept = [];
    let length = 0;
    for (const line of lines.toReversed()) {
        const escaped = escapeSlack(line, 300);
        length += escaped.length + 1;
        if (length > room)
            break;
        kept.unshift(escaped);
    }
    return `\`\`\`\n${kept.join('\n')}\n\`\`\``;
}
/** A link with a text of its own. */
const linkSlack = (url, text) => `<${(0,format/* address */.hl)(url).replaceAll('&', '&amp;')}|${escapeSlack(text.replaceAll('|', '/'), 100)}>`;
/**
 * The mention as the config has it: one or more of Slack's own (`<!here>`, `<@U012AB3CD>`, `<!subteam^S012>`). Anything
 * else is shown as text, so that a typing error does not call the whole channel.
 */
const mentionSlack = (mention) => /^(?:<(?:!here|!channel|!everyone|@[A-Z0-9]+|!subteam\^[A-Z0-9]+)>\s*)+$/.test(mention)
    ? mention.trim()
    : escapeSlack(mention, 100);

;// CONCATENATED MODULE: ./build/src/report/slack-blocks.js






/**
 * Slack's limits (docs.slack.dev/reference/block-kit): characters of a header's text and of a button's, of a button's
 * address, fields in a section. A field may have 2000 characters; each of ours has its own, smaller bound.
 */
const HEADER = 150;
const BUTTON = 75;
const URL_LENGTH = 3_000;
/** One message: one colour bar, with all that there is to say beside it. */
function messageOf(parts) {
    const { color, text, title, fields, sections = [], buttons, footer } = parts;
    const filled = fields.filter(([, value]) => value !== '');
    return {
        text,
        link_names: false,
        unfurl_links: false,
        unfurl_media: false,
        attachments: [
            {
                color,
                blocks: [
                    { type: 'header', text: { type: 'plain_text', text: cut(title, HEADER), emoji: false } },
                    { type: 'section', fields: filled.map(([label, value]) => mrkdwn(`*${label}*\n${value}`)) },
                    ...sections.map((section) => ({ type: 'section', text: mrkdwn(section) })),
                    ...actions(buttons),
                    {
                        type: 'context',
                        elements: [mrkdwn(escapeSlack(`Blue/Green Deploy ${version/* version */.r}, ${footer}`, 500))],
                    },
                ],
            },
        ],
    };
}
/**
 * Buttons that lead somewhere. An app without a server gets a small warning beside one that was pressed, which is shown
 * to that person alone, and the page opens all the same (slack-github-action#513; docs/slack.md says what helps).
 */
function actions(buttons) {
    const elements = buttons
        .map(({ text, url }) => ({ text, url: url === '' ? '' : (0,format/* address */.hl)(url) }))
        .filter(({ url }) => url !== '' && url !== '#' && url.length <= URL_LENGTH)
        .map(({ text, url }, index) => ({
        type: 'button',
        action_id: `open-${index}`,
        text: { type: 'plain_text', text: cut(text, BUTTON), emoji: false },
        url,
    }));
    return elements.length === 0 ? [] : [{ type: 'actions', elements }];
}
/** `verbatim`: Slack finds no channels, people and addresses in it by itself. */
const mrkdwn = (text) => ({ type: 'mrkdwn', text, verbatim: true });
/** Nothing is escaped in plain text, so that it can be cut anywhere. */
function cut(text, limit) {
    const line = (0,src_text/* plain */.pj)(text);
    return line.length <= limit ? line : `${line.slice(0, limit - 1).toWellFormed()}…`;
}
/** The environment, as a link where users can open it. */
const environmentSlack = ({ url, environment }) => url === undefined || url.length > 1_000 ? codeSlack(environment) : linkSlack(url, environment);
const commitSlack = ({ context }) => context.sha === '' ? '' : linkSlack((0,report_context/* commitUrl */.Bg)(context), context.sha.slice(0, 7));
/** What is between two images, where both are tagged with their commits. */
const changesButton = ({ context }, from, to) => ({
    text: 'Changes',
    url: from && to ? (0,report_context/* compareUrl */.XH)(context, (0,release_image/* tagOf */.cO)(from), (0,release_image/* tagOf */.cO)(to)) : '',
});

;// CONCATENATED MODULE: ./build/src/report/slack-message.js








/** Characters of a section's text (docs.slack.dev/reference/block-kit/blocks). */
const SECTION = 3_000;
const STARTED = '#36c5f0';
const ROLLED_BACK = '#ecb22e';
const COLORS = {
    success: '#2eb67d',
    neutral: '#8d8d8d',
    'taken-back': '#e8702a',
    failed: '#e01e5a',
};
/** Which of the occasions in the config a run is; none where nothing happened that others should know. */
function occasionOf({ operation }, { outcome }) {
    if (['status', 'setup', 'plan'].includes(operation))
        return undefined;
    switch (outcome?.result) {
        case 'deployed':
        case 'staged':
        case 'aborted':
            return 'success';
        case 'rolled-back':
            return 'rollback';
        case 'failed':
        case undefined:
            return 'failure';
        default:
            return undefined;
    }
}
const DOING = {
    deploy: 'Deploying',
    stage: 'Staging',
    promote: 'Promoting',
    rollback: 'Rolling back',
};
/** The message about a run that begins: what it is going to do. Nobody is called: there is nothing to be done. */
function startMessage(run, { from, to, image, previousImage }) {
    const doing = DOING[run.operation] ?? (0,format/* capital */.Nx)(run.operation);
    const place = `${run.app} / ${run.environment}`;
    const sentence = `${(0,format/* shortImage */.Uq)(image)} to ${to}, ${(0,format/* shortImage */.Uq)(previousImage) || 'nothing'} is live on ${from}.`;
    return messageOf({
        color: STARTED,
        text: escapeSlack(`${place}: ${doing} ${sentence}`, 500),
        title: `${doing}: ${place}`,
        fields: [
            ['Environment', environmentSlack(run)],
            ['Image', `${codeSlack((0,format/* shortImage */.Uq)(previousImage)) || 'nothing'} → ${codeSlack((0,format/* shortImage */.Uq)(image))}`],
            ['Color', `${from} → ${to}`],
            ['Reason', escapeSlack(run.reason, 500)],
            ['Commit', commitSlack(run)],
            ['By', escapeSlack(run.context.actor, 100)],
        ],
        buttons: [openRun(run), changesButton(run, previousImage, image)],
        footer: run.target,
    });
}
/** The message about a run that has ended: what happened, why, and where to look. */
function slackMessage(run, timeline, mention) {
    const verdict = verdictOf(run.operation, timeline);
    const isBad = verdict.kind === 'failed' || verdict.kind === 'taken-back';
    const call = isBad && mention ? `${mentionSlack(mention)} ` : '';
    const place = `${run.app} / ${run.environment}`;
    const isRollback = verdict.kind === 'success' && timeline.outcome?.result === 'rolled-back';
    return messageOf({
        color: isRollback ? ROLLED_BACK : COLORS[verdict.kind],
        text: `${call}${escapeSlack(`${place}: ${verdict.sentence}`, 500)}`,
        title: `${verdict.title}: ${place}`,
        fields: fields(run, timeline, verdict),
        sections: slack_message_failure(timeline),
        buttons: buttons(run, timeline, verdict),
        footer: run.target,
    });
}
function fields(run, timeline, verdict) {
    const { before, after } = factsOf(timeline);
    const color = before && after && before.color !== after.color ? `${before.color} → ${after.color}` : after?.color;
    return [
        ['Result', verdict.title],
        ['Environment', environmentSlack(run)],
        ['Image', slack_message_images(timeline, verdict)],
        ['Live color', color ?? 'unknown'],
        ['Duration', (0,format/* span */.Ln)((0,report_timeline/* runTime */.F)(timeline))],
        ['Reason', escapeSlack(run.reason, 500)],
        ['Commit', commitSlack(run)],
        ['By', escapeSlack(run.context.actor, 100)],
    ];
}
/** From what to what; of a failure, what is live and what is not. */
function slack_message_images(timeline, { kind }) {
    const { before, after, withheld } = factsOf(timeline);
    const name = (image) => codeSlack((0,format/* shortImage */.Uq)(image ?? '')) || 'nothing';
    // `watch` brings nothing: it takes back what was live.
    if (kind === 'taken-back')
        return `${name(withheld ?? before?.image)} → ${name(after?.image)}`;
    if (kind === 'neutral' && withheld !== undefined)
        return `${name(withheld)} waits, ${name(after?.image)} stays`;
    if (withheld !== undefined)
        return `${name(after?.image)} stays, ${name(withheld)} is not live`;
    if (before === undefined || before.image === after?.image)
        return name(after?.image);
    return `${name(before.image)} → ${name(after?.image)}`;
}
/** Why, what to do, and the evidence: one section each, as each has its own limit. */
function slack_message_failure({ outcome }) {
    const error = outcome?.error;
    if (error === undefined)
        return [];
    const hint = error.hint === undefined ? '' : `\n*What to do:* ${escapeSlack(error.hint, 1_000)}`;
    const why = evidence(error, 12);
    const text = [`*What happened:* ${escapeSlack(error.message, 1_500)}${hint}`];
    return why.length === 0 ? text : [...text, codeBlockSlack(why, SECTION)];
}
/** To the run, to the commits between the two releases, and to the button that takes it back. */
function buttons(run, timeline, { kind, title }) {
    const { before, after, withheld } = factsOf(timeline);
    const mayRollBack = kind !== 'neutral' && title !== 'Rolled back';
    // Of a rollback: what users had and have no longer.
    const [from, to] = title === 'Rolled back' ? [after, before] : [before, withheld ?? after];
    const image = (one) => (typeof one === 'string' ? one : one?.image);
    return [
        openRun(run),
        changesButton(run, image(from), image(to)),
        ...(mayRollBack ? [{ text: 'Roll back', url: (0,report_context/* rollbackUrl */.MI)(run.context) }] : []),
    ];
}
const openRun = ({ context }) => ({ text: 'Open the run', url: context.runUrl });

;// CONCATENATED MODULE: ./build/src/report/slack.js




/** Slack answers in a fraction of this, or not at all. */
const TIMEOUT_MS = 5_000;
/**
 * Tells Slack how the run ended, if that is one of the occasions.
 * @throws Error that names the cause and never the webhook's address, which is a secret
 */
async function tellSlack({ webhookUrl, on, mention, secrets }, run, timeline, timeout = TIMEOUT_MS) {
    const occasion = occasionOf(run, timeline);
    if (occasion === undefined || !on.includes(occasion))
        return 'not-wanted';
    return send(webhookUrl, without(secrets, slackMessage(run, timeline, mention)), timeout);
}
/**
 * Tells Slack what a run is going to do, if that is wanted.
 * @throws Error as above
 */
async function tellSlackOfStart({ webhookUrl, on, secrets }, run, intent, timeout = TIMEOUT_MS) {
    if (!on.includes('start'))
        return 'not-wanted';
    return send(webhookUrl, without(secrets, startMessage(run, intent)), timeout);
}
/** As they are, and as Slack's markup has them. */
const without = (secrets = [], message) => (0,redact/* redactAll */.$)(message, secrets.flatMap((secret) => [secret, escapeSlack(secret, 10_000)]));
async function send(webhookUrl, message, timeout) {
    // Loaded here, so that a run without Slack does not pay for it.
    const { IncomingWebhook } = await __webpack_require__.e(/* import() */ 443).then(__webpack_require__.t.bind(__webpack_require__, 4443, 19));
    try {
        // No second attempt: Slack may have taken the first, and would show it twice.
        await new IncomingWebhook(webhookUrl, { timeout }).send(message);
        return 'sent';
    }
    catch (error) {
        // No `cause`: the library's errors may hold the address.
        throw new Error(`Slack was not told: ${(0,redact/* redact */.E)(reason(error, timeout), [webhookUrl])}.`);
    }
}
/** Why it failed, from the kinds of errors of @slack/webhook 8 and of fetch beneath it. */
function reason(error, timeout) {
    const chain = causes(error);
    for (const one of chain) {
        if ('statusCode' in one) {
            const body = 'body' in one && typeof one.body === 'string' ? (0,src_text/* excerpt */.Kb)(one.body, 100) : '';
            return `it answered ${one.statusCode}${body === '' ? '' : ` (${body})`}`;
        }
        if (one.name === 'TimeoutError')
            return `it did not answer within ${timeout / 1_000} s`;
    }
    // Only a code: messages name the address.
    const code = chain
        .map((one) => ('code' in one ? String(one.code) : ''))
        .findLast((text) => /^[A-Z_]+$/.test(text));
    return code === undefined ? 'the request failed' : `the connection failed (${code})`;
}
function causes(error) {
    const chain = [];
    for (let one = error; one instanceof Error && chain.length < 5; one = one.cause)
        chain.push(one);
    return chain;
}

;// CONCATENATED MODULE: ./build/src/report/gantt.js


/**
 * The steps as a Mermaid gantt chart. Its axis is the time since the beginning, which needs no time zone.
 *
 * Mermaid's lexer takes the first rule that fits, so a task's text must not begin with one of its keywords, nor hold
 * `:`, `;`, `#` or `%`: hence the duration in front, and letters, digits and a few signs only after it.
 */
function gantt(steps, end) {
    const begin = steps[0]?.startedAt;
    if (begin === undefined)
        return '';
    const lines = [
        'gantt',
        '  dateFormat YYYY-MM-DD HH:mm:ss.SSS',
        '  axisFormat %H:%M:%S',
        '  todayMarker off',
    ];
    const seen = new Map();
    for (const [index, { step, title, startedAt, ms, ok }] of steps.entries()) {
        // Sections of the same name would be counted as one, and their names stand beside the wrong bars.
        const times = (seen.get(step) ?? 0) + 1;
        seen.set(step, times);
        const length = ms ?? Math.max(0, end - startedAt);
        // A bar without any length is not drawn, and a chart of such has no axis.
        const until = startedAt + Math.max(1, length);
        const mark = ok === true ? 'done' : 'crit';
        const task = `${(0,format/* span */.Ln)(length)} - ${label(title)}`;
        lines.push(`  section ${(0,format/* capital */.Nx)(step)}${times === 1 ? '' : ` ${times}`}`);
        lines.push(`    ${task} :${mark}, s${index}, ${moment(startedAt - begin)}, ${moment(until - begin)}`);
    }
    return ['```mermaid', ...lines, '```'].join('\n');
}
/** Foreign text may be in a title: an image, a tag. Registries go, as they would push the rest out of the picture. */
const label = (title) => (0,src_text/* excerpt */.Kb)((0,src_text/* excerpt */.Kb)(title)
    .replace(/\S+\//g, '')
    .replace(/[^\p{L}\p{N} ._/@()+=-]+/gu, ' '), 60).replace('…', '...') || 'step';
/** A moment of a day that no clock change touches. */
const moment = (ms) => new Date(Date.UTC(2000, 0, 1) + ms).toISOString().replace('T', ' ').replace('Z', '');

// EXTERNAL MODULE: ./build/src/report/plan.js
var plan = __webpack_require__(421);
;// CONCATENATED MODULE: ./build/src/report/summary-checks.js


const MOST_ROWS = 60;
/** The checks as a table: those that were asked again and again while a release was watched in one row. */
function checksTable(checks) {
    if (checks.length === 0)
        return '';
    const groups = [...Map.groupBy(checks, ({ purpose, check }) => `${purpose} ${check.name}`).values()];
    const rows = groups.slice(0, MOST_ROWS).map(summary_checks_row);
    const more = groups.length > MOST_ROWS ? `\n\n${groups.length - MOST_ROWS} more are in the report.` : '';
    return `### Checks\n\n${(0,markdown/* table */.tp)(['Check', 'Purpose', 'Result', 'Detail', 'Attempts', 'Time'], rows)}${more}`;
}
function summary_checks_row(group) {
    const last = group.at(-1);
    const failed = group.filter(({ check }) => !check.ok);
    // The shift is asked after until it has arrived: only the last answer counts. Of a watch, each one does.
    const shown = last.purpose === 'identity' ? last : (failed.at(-1) ?? last);
    const result = group.length === 1 || last.purpose === 'identity'
        ? last.check.ok
            ? 'ok'
            : '**failed**'
        : `${group.length - failed.length} of ${group.length} ok`;
    const slowest = (0,format/* span */.Ln)(Math.max(...group.map(({ check }) => check.ms)));
    return [
        (0,markdown/* inline */.mG)(last.check.name),
        last.purpose,
        result,
        (0,markdown/* inline */.mG)(shown.check.detail),
        String(group.reduce((sum, { check }) => sum + check.attempts, 0)),
        group.length === 1 ? slowest : `up to ${slowest}`,
    ];
}

// EXTERNAL MODULE: ./build/src/release/watch/answers.js
var watch_answers = __webpack_require__(8678);
;// CONCATENATED MODULE: ./build/src/report/charts.js


/** How many points a line has: Mermaid draws them at equal distances. */
const POINTS = 40;
/** Each color's share of the traffic over time, in percent, as a Mermaid chart; empty where it never moved. */
function shareChart(timeline) {
    const { weights } = timeline;
    if (weights.length < 2)
        return '';
    return chart(timeline, {
        title: 'Share of the traffic in percent: blue and green',
        top: 100,
        valueAt: (at, color) => (weights.findLast((one) => one.at <= at) ?? weights[0]).weights[color],
    });
}
/** Each color's share of errors, as the load balancer or proxy counted them so far; empty where nobody counted. */
function errorChart(timeline) {
    const { answers } = timeline;
    if (answers.length === 0)
        return '';
    const worst = Math.max(...answers.flatMap(({ colors }) => color/* COLORS */.lm.map((color) => (0,watch_answers/* errorRate */.zi)(colors[color]))));
    return chart(timeline, {
        title: 'Errors in percent of the answers: blue and green',
        top: Math.max(1, Math.ceil(worst)),
        valueAt: (at, color) => {
            const known = answers.findLast((one) => one.at <= at);
            return known === undefined ? 0 : (0,watch_answers/* errorRate */.zi)(known.colors[color]);
        },
    });
}
function chart({ startedAt = 0, endedAt = 0 }, { title, top, valueAt }) {
    const seconds = Math.max(1, Math.ceil((endedAt - startedAt) / 1000));
    const times = Array.from({ length: POINTS }, (_, n) => startedAt + ((endedAt - startedAt) * n) / (POINTS - 1));
    const line = (color) => `  line [${times.map((at) => Number(valueAt(at, color).toFixed(2))).join(', ')}]`;
    return [
        '```mermaid',
        `%%{init: {"themeVariables": {"xyChart": {"plotColorPalette": "${color/* COLORS */.lm.map((color) => PAINT[color]).join(', ')}"}}}}%%`,
        'xychart-beta',
        `  title "${title}"`,
        `  x-axis "seconds" 0 --> ${seconds}`,
        `  y-axis 0 --> ${top}`,
        ...color/* COLORS */.lm.map(line),
        '```',
    ].join('\n');
}
const PAINT = { blue: '#0969da', green: '#2da44e' };

;// CONCATENATED MODULE: ./build/src/report/summary-traffic.js





const summary_traffic_MOST_ROWS = 60;
/** How the traffic moved, what users were answered meanwhile, and what became of our own requests. */
function trafficOf(timeline) {
    const parts = [...moves(timeline), ...answered(timeline), ...own(timeline)];
    return parts.length === 0 ? '' : ['### Traffic', ...parts].join('\n\n');
}
function moves(timeline) {
    const { weights, startedAt = 0 } = timeline;
    if (weights.length < 2)
        return []; // The traffic never moved, as the summary's first table says already.
    const rows = weights
        .slice(0, summary_traffic_MOST_ROWS)
        .map(({ at, weights: { blue, green } }) => [(0,format/* elapsed */.vk)(at - startedAt), `${blue} %`, `${green} %`]);
    return [shareChart(timeline), (0,markdown/* table */.tp)(['After', 'blue', 'green'], rows)];
}
function answered(timeline) {
    const last = timeline.answers.at(-1);
    if (last === undefined)
        return [];
    const rows = color/* COLORS */.lm.map((color) => {
        const { requests, errors, latencyMs } = last.colors[color];
        const rate = requests === 0 ? '' : (0,watch_answers/* percent */.KN)((0,watch_answers/* errorRate */.zi)(last.colors[color]));
        const latency = latencyMs === undefined ? '' : `${Math.round(latencyMs)} ms`;
        return [color, String(requests), String(errors), rate, latency];
    });
    return [
        errorChart(timeline),
        (0,markdown/* table */.tp)(['Color', 'Answers', 'Errors', 'Share', `Latency (${last.latency})`], rows),
    ];
}
function own({ ownTraffic }) {
    return ownTraffic.map(({ sent, failed, worstMs, lastFailure }) => `Requests of our own while the traffic moved: ${sent} sent, ${failed} failed, the slowest took ${(0,format/* span */.Ln)(worstMs)}.${lastFailure === '' ? '' : ` The last that failed: ${(0,markdown/* code */.aY)(lastFailure, 300)}`}`);
}

;// CONCATENATED MODULE: ./build/src/report/summary.js













/** A run has a dozen steps; more rows than this help nobody. */
const summary_MOST_ROWS = 60;
/** The job summary, in GitHub's Markdown. Its parts are bounded, so that it stays far below GitHub's 1 MiB. */
function summaryOf(run, timeline) {
    // A schedule writes it every few minutes: nobody reads more, where nothing was done.
    if (run.operation === 'watch' && timeline.outcome?.result === 'unchanged')
        return `${[heading(run, timeline), warnings(timeline)].filter((part) => part !== '').join('\n\n')}\n`;
    return `${[
        heading(run, timeline),
        timeline.plan === undefined ? summary_failure(timeline) : (0,plan/* planSection */.l)(timeline.plan),
        changes(run, timeline),
        wayOn(run, timeline),
        steps(timeline),
        trafficOf(timeline),
        checksTable(timeline.checks),
        warnings(timeline),
        `<sub>Blue/Green Deploy ${version/* version */.r}</sub>`,
    ]
        .filter((part) => part !== '')
        .join('\n\n')}\n`;
}
function heading({ app, environment, operation }, timeline) {
    const { title, sentence } = verdictOf(operation, timeline);
    return `## ${title}: ${(0,markdown/* inline */.mG)(app)} / ${(0,markdown/* inline */.mG)(environment)}\n\n**${(0,markdown/* inline */.mG)(sentence)}**`;
}
function summary_failure({ outcome, steps: all }) {
    const error = outcome?.error;
    if (error === undefined)
        return '';
    const failed = all.find((step) => step.ok === false);
    const where = failed === undefined ? '' : ` in step **${failed.step}**, after ${(0,format/* span */.Ln)(failed.ms ?? 0)}`;
    const parts = [`### What happened\n\n${(0,markdown/* code */.aY)(error.message, 1_000)}${where} (${(0,markdown/* code */.aY)(error.code)})`];
    const why = evidence(error);
    if (why.length > 0)
        parts.push((0,markdown/* fence */.EU)(why));
    if (error.hint !== undefined)
        parts.push(`**What to do:** ${(0,markdown/* inline */.mG)(error.hint, 1_000)}`);
    return parts.join('\n\n');
}
function changes(run, timeline) {
    const { before, after, withheld } = factsOf(timeline);
    const { context, reason, url, operation, environment, force, target } = run;
    const last = timeline.weights.at(-1)?.weights;
    const rows = [
        ['Environment', url === undefined ? (0,markdown/* code */.aY)(environment) : `${(0,markdown/* code */.aY)(environment)}, ${(0,markdown/* link */.nf)((0,markdown/* code */.aY)(url), url)}`],
        ['Operation', `${(0,markdown/* code */.aY)(operation)}${force ? ', with <code>force</code>' : ''}`],
        ['Live color', after === undefined ? 'unknown' : summary_change(before?.color, after.color)],
        ['Live image', after === undefined ? 'unknown' : summary_change(before?.image, after.image)],
        ['Release', after === undefined ? 'unknown' : summary_change(before?.release, after.release)],
        [timeline.outcome?.result === 'staged' ? 'Staged' : 'Not live', (0,markdown/* code */.aY)(withheld ?? '')],
        ['Traffic', last === undefined ? '' : (0,color/* formatWeights */.V7)(last)],
        ['Reason', (0,markdown/* code */.aY)(reason)],
        ['By', (0,markdown/* code */.aY)(context.actor)],
        ['Commit', context.sha === '' ? '' : (0,markdown/* link */.nf)((0,markdown/* code */.aY)(context.sha.slice(0, 7)), (0,report_context/* commitUrl */.Bg)(context))],
        ['Run', context.runUrl === '' ? '' : (0,markdown/* link */.nf)((0,markdown/* inline */.mG)(context.workflow) || 'run', context.runUrl)],
        ['Target', (0,markdown/* code */.aY)(target)],
        ['Duration', (0,format/* span */.Ln)((0,report_timeline/* runTime */.F)(timeline))],
    ];
    return (0,markdown/* table */.tp)(['', ''], rows.filter(([, value]) => value !== '').map(([label, value]) => [`**${label}**`, value]));
}
function summary_change(before, after) {
    const shown = (text) => (text === '' ? 'nothing' : (0,markdown/* code */.aY)(text));
    if (before === undefined)
        return shown(after);
    return before === after ? `${shown(after)} (as before)` : `${shown(before)} → ${shown(after)}`;
}
/** What one can do next: where it is told depends on how the run ended. */
function wayOn({ context, operation, environment }, { outcome, preview }) {
    const rollback = (0,report_context/* rollbackUrl */.MI)(context) === '' ? 'rollback workflow' : (0,markdown/* link */.nf)('rollback workflow', (0,report_context/* rollbackUrl */.MI)(context));
    switch (outcome?.result) {
        case 'deployed':
            if (outcome.previousImage === '')
                return '### Way back\n\nNothing was live here before: there is no release to go back to.';
            return `### Way back\n\nStart the ${rollback} for ${(0,markdown/* code */.aY)(environment)} (or run \`operation: rollback\`): it brings back ${(0,markdown/* code */.aY)(outcome.previousImage)}, release ${(0,markdown/* code */.aY)(outcome.previousRelease)}, with the configuration that it had.`;
        case 'staged': {
            const headers = Object.entries(preview?.headers ?? {}).map(([name, value]) => ` -H '${name}: ${value}'`);
            const look = preview === undefined ? '' : `\n\n${(0,markdown/* fence */.EU)([`curl${headers.join('')} ${preview.url}`])}`;
            return `### Way on\n\nRun \`operation: promote\` to give it to the users, or \`operation: abort\` to drop it.${look}`;
        }
        case 'rolled-back':
            if (outcome.error !== undefined || operation !== 'rollback')
                return '';
            return '### Way on\n\nDeploy a release that is mended. The one that was rolled back from is marked, and not gone back to without `force`.';
        default:
            return '';
    }
}
function steps({ steps: all, endedAt }) {
    if (all.length === 0)
        return '';
    const shown = all.slice(0, summary_MOST_ROWS);
    const rows = shown.map(({ step, title, ok, detail, ms }) => [
        (0,format/* capital */.Nx)(step),
        (0,markdown/* inline */.mG)(title),
        ok === undefined ? 'cut off' : ok ? 'done' : '**failed**',
        (0,markdown/* inline */.mG)(detail ?? ''),
        ms === undefined ? '' : (0,format/* span */.Ln)(ms),
    ]);
    const list = `<details><summary>Steps</summary>\n\n${(0,markdown/* table */.tp)(['Step', 'What', 'Result', 'Detail', 'Time'], rows)}\n\n</details>`;
    return `### Timeline\n\n${gantt(shown, endedAt ?? 0)}\n\n${list}`;
}
function warnings({ notes }) {
    const lines = notes.filter((note) => note.kind === 'warning').slice(0, summary_MOST_ROWS);
    if (lines.length === 0)
        return '';
    return `### Warnings\n\n${lines.map(({ message }) => `- ${(0,markdown/* inline */.mG)(message)}`).join('\n')}`;
}

;// CONCATENATED MODULE: ./build/src/report/reporters.js


















/** Slack's own time-out is shorter; this is for what it does not cover, such as a name server that hangs. */
const SLACK_AT_MOST_MS = 10_000;
/** A handful of calls, one after the other. */
const GITHUB_AT_MOST_MS = 20_000;
/**
 * Everything that tells people and tools of a run. Whatever goes wrong here becomes a warning: a deployment does not
 * fail because nobody could be told of it.
 */
function createReport(options) {
    const { request, environment, deployment, temp = (0,report_context/* tempFolder */.vg)(process.env) } = options;
    const { slackWebhookUrl = '' } = request;
    const run = runInfo(options);
    const secrets = allSecrets(request, process.env);
    const warned = new Set();
    const log = (0,report_log/* createLog */.h)();
    const { timeline, listener } = (0,report_timeline/* collectTimeline */.i)();
    const slack = environment.slack &&
        slackWebhookUrl !== '' && { webhookUrl: slackWebhookUrl, secrets, ...environment.slack };
    /** Settled once Slack was told, or not, of the beginning; the end is told after it. */
    let begun;
    const listeners = Object.entries({
        timeline: listener,
        log: log.listener,
        ...(deployment && { 'GitHub deployment': deployment.listener }),
        ...(slack && {
            slack: (event) => {
                if (event.type === 'intent' && begun === undefined)
                    begun = guarded('slack', () => within(SLACK_AT_MOST_MS, tellSlackOfStart(slack, run, event)));
            },
        }),
        ...options.listeners,
    });
    guarded('log', () => (0,console.say)(opening(run)));
    return {
        listener: (event) => {
            for (const [name, listen] of listeners)
                guarded(name, () => listen(event));
        },
        async finish() {
            await guarded('log', () => {
                log.close();
                for (const line of endScreen(run, timeline))
                    (0,console.say)(line);
                const { error } = timeline.outcome ?? {};
                if (error === undefined)
                    return;
                const { title } = verdictOf(run.operation, timeline);
                (0,console/* annotateError */.TF)(`${title} (${error.code})`, describeFailure(error));
                (0,console/* debugStack */.WO)(error.cause ?? error);
            });
            const path = await guarded('report', () => (0,report_file/* writeReport */.u)(temp, (0,report_file/* reportOf */.E)(run, timeline), secrets));
            await guarded('outputs', () => (0,outputs/* setOutputs */.n)((0,outputs/* outputsOf */.Y)(run, timeline, path ?? '')));
            await guarded('summary', async () => {
                // Absent outside of a workflow.
                const file = process.env['GITHUB_STEP_SUMMARY'];
                const forms = secrets.flatMap((secret) => [secret, (0,markdown/* inline */.mG)(secret, 1_000)]);
                if (file)
                    await (0,promises_.appendFile)(file, (0,redact/* redact */.E)(summaryOf(run, timeline), forms));
            });
            if (deployment !== undefined)
                await guarded('GitHub deployment', () => within(GITHUB_AT_MOST_MS, deployment.finish(timeline)));
            if (slack) {
                await begun;
                await guarded('slack', () => within(SLACK_AT_MOST_MS, tellSlack(slack, run, timeline)));
            }
        },
    };
    /** Runs one part of the report. Nothing comes of it but a warning when it throws or rejects. */
    function guarded(name, body) {
        const failed = (error) => {
            // Once: what fails at one event fails at the next.
            if (warned.has(name))
                return undefined;
            warned.add(name);
            (0,console/* warn */.R8)((0,redact/* redact */.E)(`Report (${name}): ${(0,errors/* toDeployError */.p)(error).message}`, secrets));
            return undefined;
        };
        try {
            return Promise.resolve(body()).catch(failed);
        }
        catch (error) {
            return Promise.resolve(failed(error));
        }
    }
}
function opening({ operation, app, environment, imageTag, reason, force, target }) {
    const tag = imageTag === '' ? '' : ` ${imageTag}`;
    const why = reason === '' ? '' : `. Reason: ${reason}`;
    return `Blue/Green Deploy ${version/* version */.r}: ${operation}${tag}, ${app} / ${environment}, on ${target}${force ? ', with force' : ''}${why}`;
}
/** The promise's value, or an error when it takes longer. */
async function within(ms, promise) {
    const late = Promise.withResolvers();
    const timer = setTimeout(() => late.reject(new Error(`no end after ${ms / 1_000} s`)), ms);
    try {
        return await Promise.race([promise, late.promise]);
    }
    finally {
        clearTimeout(timer);
    }
}

// EXTERNAL MODULE: ./build/src/session.js + 15 modules
var src_session = __webpack_require__(3141);
// EXTERNAL MODULE: ./build/src/state.js
var state = __webpack_require__(3260);
// EXTERNAL MODULE: ./build/src/target/open.js
var target_open = __webpack_require__(1307);
// EXTERNAL MODULE: ./build/src/release/clock.js
var clock = __webpack_require__(4925);
;// CONCATENATED MODULE: ./build/src/unreached.js



/**
 * Tells everybody who would have been told of the run that there was no way to its target, an SSH host that is down for
 * one: that is news for a channel as much as a release that failed.
 */
async function tellUnreached(options, thrown) {
    const error = (0,errors/* toDeployError */.p)(thrown);
    const { target } = options.environment;
    const targetDescription = target.kind === 'docker' ? `Docker on ${target.docker.host ?? 'this machine'}` : 'ECS';
    const report = createReport({ ...options, targetDescription });
    report.listener({
        at: clock/* systemClock */.m.now(),
        type: 'outcome',
        outcome: {
            result: 'failed',
            summary: error.message,
            error,
            previewUrl: '',
            image: '',
            previousImage: '',
            release: '',
            previousRelease: '',
        },
    });
    await report.finish();
    process.exitCode = 1;
}

;// CONCATENATED MODULE: ./build/src/main.js














/**
 * The main step: loads the config, runs the operation, reports.
 * @throws DeployError when the config is wrong; whatever goes wrong later is part of the report
 */
async function main(request) {
    state.state.markMain();
    (0,src_session/* maskSecrets */.QU)(request);
    const signal = cancellation();
    const environment = await (0,load/* loadEnvironment */.Y)({
        ...request,
        workspace: (0,src_session/* workspace */.Gl)(),
        region: process.env['AWS_REGION'] ?? '',
        dockerHost: process.env['DOCKER_HOST'] ?? '',
    });
    for (const line of emptySecrets(request, environment, process.env))
        (0,console/* warn */.R8)(line);
    const context = (0,report_context/* readRunContext */.$p)(process.env);
    // Who listens is there only once the target is.
    let tell = (_message) => { };
    const target = await (0,target_open/* openTarget */.A)(environment, {
        workspace: (0,src_session/* workspace */.Gl)(),
        sshKey: request.sshKey,
        progress: (message) => tell(message),
        signal,
    }).catch((error) => tellUnreached({ request, environment, context }, error));
    if (target === undefined)
        return;
    const about = { request, environment, context, targetDescription: target.description };
    const deployment = createGitHubDeployment({
        run: runInfo(about),
        token: request.githubToken,
        secrets: allSecrets(request, process.env),
    });
    const report = createReport({ ...about, deployment });
    try {
        const session = (0,src_session/* openSession */.fA)({ request, environment, context, target, listener: report.listener, signal });
        tell = (message) => session.emit({ type: 'progress', message });
        const outcome = await (0,procedure/* run */.e)(session);
        if (outcome.error !== undefined)
            process.exitCode = 1;
    }
    finally {
        await report.finish();
        await target.close();
    }
}


/***/ }),

/***/ 3558:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Y: () => (/* binding */ outputsOf),
/* harmony export */   n: () => (/* binding */ setOutputs)
/* harmony export */ });
/* harmony import */ var _actions_core__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7264);
/* harmony import */ var _timeline_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6753);


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

/***/ 7615:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $: () => (/* binding */ redactAll),
/* harmony export */   E: () => (/* binding */ redact)
/* harmony export */ });
/** Shorter values would turn half of a report into stars. */
const SHORTEST = 6;
/** Takes secrets out of a text; also as they stand inside of JSON, and what is left of one where a line was cut. */
function redact(text, secrets) {
    let clean = text;
    for (const secret of secrets.filter((one) => one.length >= SHORTEST))
        for (const form of new Set([secret, JSON.stringify(secret).slice(1, -1)]))
            clean = withoutBeginning(clean.replaceAll(form, '***'), form);
    return clean;
}
/** Long lines end with `…`, wherever that is. */
function withoutBeginning(text, secret) {
    return text.replace(/([^…]+)…/g, (whole, before) => {
        for (let length = Math.min(secret.length - 1, before.length); length >= SHORTEST; length -= 1)
            if (before.endsWith(secret.slice(0, length)))
                return `${before.slice(0, -length)}***…`;
        return whole;
    });
}
/** The same in every text of a JSON value. */
const redactAll = (value, secrets) => JSON.parse(JSON.stringify(value, (_, part) => (typeof part === 'string' ? redact(part, secrets) : part)));


/***/ }),

/***/ 3531:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   E: () => (/* binding */ reportOf),
/* harmony export */   u: () => (/* binding */ writeReport)
/* harmony export */ });
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1455);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6760);
/* harmony import */ var _version_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(990);
/* harmony import */ var _redact_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(7615);
/* harmony import */ var _timeline_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(6753);





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

/***/ 6753:
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


/***/ })

};
