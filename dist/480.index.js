export const id = 480;
export const ids = [480];
export const modules = {

/***/ 7061:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  M: () => (/* binding */ Anchor)
});

// EXTERNAL MODULE: ./build/src/target/ecs/arn.js
var arn = __webpack_require__(6692);
;// CONCATENATED MODULE: ./build/src/target/ecs/events.js
/** What a failure is told by: the rest is the ordinary coming and going of tasks. */
const TROUBLE = /unable|unhealthy|fail|error|rolling back|throttl|missing|alarm|not (be|been|found|have)/i;
const NO_ROOM = /unable to (place|run) /i;
const STARTED = /has started \d+ tasks/i;
/** The most events in the evidence. */
const MOST_EVENTS = 4;
/**
 * The events of one deployment's time. ECS shows the newest hundred of a service, documents no order, and repeats some
 * (facts/ecs.md 4b): known are those whose id was seen, wherever they stand in the list.
 */
class Events {
    #known = new Set();
    /** Those of our time, the oldest first. */
    #messages = [];
    #fresh;
    #isFirst = true;
    /** @param fresh whether the deployment was started by this run; else all that is there at first is old */
    constructor(fresh) {
        this.#fresh = fresh;
    }
    /**
     * Takes note of a service's events, and returns the new ones, the oldest first.
     * @param since when the deployment was created, by AWS's clock: the runner's may be another
     */
    note({ events = [] }, since) {
        const unknown = events.filter(({ id = '' }) => !this.#known.has(id));
        for (const { id = '' } of unknown)
            this.#known.add(id);
        const ofOurTime = this.#fresh
            ? unknown.filter((event) => timeOf(event) >= (since?.getTime() ?? 0))
            : unknown.slice(this.#isFirst ? unknown.length : 0);
        this.#isFirst = false;
        const news = ofOurTime.sort((a, b) => timeOf(a) - timeOf(b)).map(textOf);
        this.#messages.push(...news);
        return news;
    }
    /** All of our time, one line each. */
    get text() {
        return this.#messages.join('\n');
    }
    /** The newest that says why no task starts. */
    get placement() {
        return this.#messages.findLast((message) => /unable to/i.test(message));
    }
    /** Why ECS can't place a task, where that is its last word about starting any. */
    get noRoom() {
        const last = this.#messages.findLast((message) => NO_ROOM.test(message) || STARTED.test(message));
        return last !== undefined && NO_ROOM.test(last) ? last : undefined;
    }
    /** What a health check of the load balancer found last, where ECS told. */
    get healthReason() {
        const told = /unhealthy in .* due to \(reason (.+?)\)\.?$/;
        return told.exec(this.#messages.findLast((message) => told.test(message)) ?? '')?.[1];
    }
    /** What speaks of trouble, each message once, the newest last. */
    get trouble() {
        const newestFirst = this.#messages.filter((message) => TROUBLE.test(message)).reverse();
        return [...new Set(newestFirst)].slice(0, MOST_EVENTS).reverse();
    }
}
const timeOf = ({ createdAt }) => createdAt?.getTime() ?? 0;
/** Without the service's name, which the reader knows: `(service shop-green) was unable to ...`. */
const textOf = ({ message = '' }) => message
    .replace(/^\(service [^)]*\)\s*/, '')
    .replace(/\s+/g, ' ')
    .trim();

// EXTERNAL MODULE: ./build/src/target/ecs/services.js
var services = __webpack_require__(455);
;// CONCATENATED MODULE: ./build/src/target/ecs/tally.js
/** How many looks in a row must find a target at fault: one answer may be about a moment. */
const LOOKS = 2;
/** How many looks in a row must find that ECS has no room: a task elsewhere may just be making some. */
const PLACEMENT_LOOKS = 20;
/** How long a load balancer may take to begin to use a target group that was attached just now, in ms. */
const ATTACHING_MS = 60_000;
/**
 * What one look can't tell: how long a task has been as it is. Measured by this machine's clock from look to look, as
 * AWS's clock may be another.
 */
class Tally {
    #courses = new Map();
    #tasks = 0;
    #looksWithoutRoom = 0;
    /** Takes note of what a look found. */
    note(running, states) {
        const now = Date.now();
        for (const { taskArn = '', lastStatus } of running) {
            const state = states.get(taskArn);
            if (state === undefined || lastStatus !== 'RUNNING')
                continue;
            const former = this.#courses.get(taskArn);
            const same = former?.kind === state.kind;
            this.#courses.set(taskArn, {
                firstSeen: former?.firstSeen ?? now,
                kind: state.kind,
                looks: same ? former.looks + 1 : 1,
                since: same ? former.since : now,
                trouble: state.kind === 'sick' || state.kind === 'unreachable' ? state : former?.trouble,
            });
        }
    }
    /** Takes note of how many tasks there are, and whether ECS says that it can't place more of those that are wanted. */
    noteRoom(tasks, lacksRoom) {
        this.#looksWithoutRoom = lacksRoom && tasks <= this.#tasks ? this.#looksWithoutRoom + 1 : 0;
        this.#tasks = tasks;
    }
    /** Whether waiting for room has been in vain for long enough. */
    get hasNoRoom() {
        return this.#looksWithoutRoom >= PLACEMENT_LOOKS;
    }
    /** Whether so many looks in a row found the task healthy. */
    healthyFor({ taskArn = '' }, looks) {
        const course = this.#courses.get(taskArn);
        return course?.kind === 'healthy' && course.looks >= looks;
    }
    /**
     * Running tasks whose health checks fail after the grace period: ECS is about to stop them, and the next ones, which
     * are the same, after them. Within it a slow start looks just like a failure.
     */
    sick(running, { healthCheckGracePeriodSeconds = 0 }) {
        return this.#lasting(running, 'sick', (course) => course.looks >= LOOKS ? Date.now() - course.firstSeen >= healthCheckGracePeriodSeconds * 1_000 : false);
    }
    /** Running tasks that the load balancer does not use, although their target group is attached. */
    unreachable(running) {
        return this.#lasting(running, 'unreachable', ({ looks, since, trouble }) => looks >= LOOKS &&
            (/Availability Zone/i.test(trouble?.text ?? '') || Date.now() - since >= ATTACHING_MS));
    }
    /** What the load balancer last held against a task, also after it stopped. */
    trouble({ taskArn = '' }) {
        return this.#courses.get(taskArn)?.trouble;
    }
    #lasting(running, kind, isLasting) {
        return running.filter(({ taskArn = '' }) => {
            const course = this.#courses.get(taskArn);
            return course !== undefined && course.kind === kind && isLasting(course);
        });
    }
}

;// CONCATENATED MODULE: ./build/src/target/ecs/anchor.js




/** How long ECS may take to show what it was told before what it shows is believed, in ms. */
const PATIENCE_MS = 60_000;
/** The deployment whose tasks count; everything else in the service is not our release. */
class Anchor {
    deploymentId;
    /** How many tasks were asked for. */
    wanted;
    events;
    /** What went on from look to look. */
    tally = new Tally();
    /** The newest look, for the diagnosis. */
    last;
    #fresh;
    /** When what was shown was last credible; at first, when ECS was told. */
    #credibleAt = Date.now();
    #isSeen;
    /** When ECS created the deployment, by its own clock: the runner's may be another. */
    createdAt;
    #before;
    #owns;
    /** From when on what stopped counts, ms since the epoch by AWS's clock; absent: from the first look on. */
    #from;
    /**
     * @param deployment as ECS answered the call that started it, or shows it
     * @param state `fresh`: this run started the deployment; `woken`: it changed the count of one that was there;
     *   `found`: it was there as it is
     * @param owns which tasks are ours, where the deployment stands beside the former release, in a target group of its
     *   own, and ECS tells of it elsewhere (a service deployment); absent: those that the deployment started
     */
    constructor(deployment, wanted, state, owns, from) {
        this.deploymentId = deployment?.id ?? '';
        this.createdAt = deployment?.createdAt;
        this.wanted = wanted;
        this.#fresh = state === 'fresh';
        this.#isSeen = state === 'found';
        this.#owns = owns;
        this.#from = from;
        this.events = new Events(this.#fresh);
    }
    /**
     * For who comes later, to a release that users have: whichever deployment started its tasks (somebody may have
     * restarted them since), and with those that stopped since then.
     */
    static ofLive(release, wanted, since) {
        const owns = ({ taskDefinitionArn = '' }) => (0,arn/* releaseId */.Bf)(taskDefinitionArn) === release;
        return new Anchor(undefined, wanted, 'found', owns, since);
    }
    /** Whether the platform may be adding tasks, or replacing some, by itself: those are not missed yet. */
    get isLive() {
        return this.#from !== undefined;
    }
    /** Whether what the service's `deployments` say is not about ours alone. */
    get standsBeside() {
        return this.#owns !== undefined;
    }
    owns(task) {
        return this.#owns === undefined ? task.startedBy === this.deploymentId : this.#owns(task);
    }
    /**
     * Whether ECS shows by now what it was told: its API is eventually consistent, and until then what it shows means
     * nothing. A picture with a deployment in it that this run started, or with one after it, is newer than the call.
     */
    sees(service) {
        if (this.standsBeside)
            return true;
        const deployment = (0,services/* deploymentById */.Gn)(service, this.deploymentId);
        const primary = (0,services/* primaryDeployment */.sg)(service);
        const shown = deployment !== undefined && (this.#fresh || service.desiredCount === this.wanted);
        const overtaken = deployment === undefined && anchor_timeOf(primary) > anchor_timeOf(this);
        // Answers come from many servers, of which one may lag behind though another has shown the deployment already.
        const lags = deployment === undefined &&
            anchor_timeOf(primary) < anchor_timeOf(this) &&
            !/roll(ed|ing) back/i.test(primary?.rolloutStateReason ?? '');
        const isCredible = this.#isSeen ? !lags : shown || overtaken;
        const isBelieved = isCredible || Date.now() - this.#credibleAt > PATIENCE_MS;
        if (isCredible)
            this.#credibleAt = Date.now();
        this.#isSeen ||= isBelieved;
        return isBelieved;
    }
    /**
     * Those that stopped since this run began to look, or since the time that counts: ECS remembers stopped tasks for an hour, and what a release went
     * through before must not stop a rollback to it.
     */
    stoppedSince(stopped) {
        const ours = stopped.filter((task) => this.owns(task));
        const from = this.#from ?? (this.#fresh ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
        this.#before ??= new Set(ours.filter((task) => endOf(task) < from).map(({ taskArn = '' }) => taskArn));
        return ours
            .filter(({ taskArn = '' }) => this.#before?.has(taskArn) === false)
            .sort((a, b) => endOf(a) - endOf(b));
    }
}
const anchor_timeOf = (deployment) => deployment?.createdAt?.getTime() ?? 0;
const endOf = ({ stoppingAt, stoppedAt }) => (stoppingAt ?? stoppedAt)?.getTime() ?? 0;


/***/ }),

/***/ 6692:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Bf: () => (/* binding */ releaseId),
/* harmony export */   UZ: () => (/* binding */ trafficRule),
/* harmony export */   yb: () => (/* binding */ loadBalancerArn)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2544);

/** `shop:12` of `arn:aws:ecs:us-east-1:123456789012:task-definition/shop:12`. */
const releaseId = (taskDefinitionArn) => taskDefinitionArn.slice(taskDefinitionArn.indexOf('/') + 1);
/**
 * Reads the ARN of a listener or a listener rule.
 * `...:listener-rule/app/<lb>/<id>/<listener id>/<rule id>` belongs to `...:listener/app/<lb>/<id>/<listener id>`.
 */
function trafficRule(arn) {
    const listener = /^(arn:[\w-]+:elasticloadbalancing:[\w-]+:\d{12}:)listener\/(app|net)\/[^/]+\/\w+\/\w+$/;
    if (listener.test(arn))
        return { kind: 'listener', arn, listenerArn: arn };
    const rule = /^(?<head>arn:[\w-]+:elasticloadbalancing:[\w-]+:\d{12}:)listener-rule(?<tail>\/(?:app|net)\/[^/]+\/\w+\/\w+)\/\w+$/.exec(arn);
    if (rule?.groups) {
        const { head, tail } = rule.groups;
        return { kind: 'rule', arn, listenerArn: `${head}listener${tail}` };
    }
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .DeployError */ .s(`${arn} is not the ARN of a listener or of a listener rule.`, {
        code: 'config-invalid',
        hint: 'Copy it from the load balancer’s Listeners page; it contains :listener/ or :listener-rule/.',
    });
}
/** The load balancer that a listener belongs to: `...:loadbalancer/app/prod/50dc6c495c0c9188`. */
const loadBalancerArn = (listenerArn) => listenerArn.replace(':listener/', ':loadbalancer/').replace(/\/\w+$/, '');


/***/ }),

/***/ 3550:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Is: () => (/* binding */ errorName),
/* harmony export */   JP: () => (/* binding */ modify),
/* harmony export */   LF: () => (/* binding */ read),
/* harmony export */   Ng: () => (/* binding */ connect),
/* harmony export */   Qq: () => (/* binding */ text),
/* harmony export */   dg: () => (/* binding */ isTransient),
/* harmony export */   s1: () => (/* binding */ clientOptions)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_ecs__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(2241);
/* harmony import */ var _aws_sdk_client_elastic_load_balancing_v2__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(8853);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2544);
/* harmony import */ var _target_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1868);




/** How every client of an AWS service is set up. */
const clientOptions = (region) => ({
    region,
    // Throttles count as attempts (facts/ecs.md 9): three, the default, are gone in about two seconds.
    maxAttempts: 5,
    // The SDK waits for ever by default; `requestTimeout` alone would only log a warning.
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 15_000, throwOnRequestTimeout: true },
    customUserAgent: 'blue-green-deploy',
});
function connect(region, { credentials, signal } = {}) {
    const open = (Client, { region: at = region, ...own } = {}) => {
        const client = new Client({
            ...clientOptions(at),
            ...own,
            ...(credentials && { credentials: credentials.provider }),
        });
        // Around everything else: the SDK chooses the credentials once per call, before its own attempts.
        if (credentials)
            client.middlewareStack.add(renewing(credentials), { step: 'initialize', name: 'renewExpired' });
        if (signal)
            client.middlewareStack.add(leaving(signal), {
                step: 'initialize',
                priority: 'high',
                name: 'leaveReads',
            });
        return client;
    };
    return { ecs: open(_aws_sdk_client_ecs__WEBPACK_IMPORTED_MODULE_2__/* .ECSClient */ .Z), elb: open(_aws_sdk_client_elastic_load_balancing_v2__WEBPACK_IMPORTED_MODULE_3__/* .ElasticLoadBalancingV2Client */ .M), region, open };
}
/** A call that AWS refuses since its credentials have ended did nothing: it is made once more, with new ones. */
const renewing = (credentials) => (next) => async (args) => {
    try {
        return await next(args);
    }
    catch (error) {
        if (!isExpired(error))
            throw error;
        credentials.drop();
        return next(args);
    }
};
/**
 * A cancelled run has seconds left to give traffic back (cancel.ts), and a call that AWS does not answer hangs for more
 * than a minute: a read that is under way then is left, which tells nothing of AWS. What comes after it, the way back,
 * is read as ever. Changes are waited for: nobody may go on without knowing what they did.
 */
const leaving = (signal) => (next, { commandName = '' }) => (args) => signal.aborted || !/^(Describe|List|Get|BatchGet)/.test(commandName)
    ? next(args)
    : new Promise((done, fail) => {
        const leave = () => fail(new _target_js__WEBPACK_IMPORTED_MODULE_1__/* .TransientError */ .N(`${commandName} was left, as the run was cancelled`));
        signal.addEventListener('abort', leave, { once: true });
        next(args)
            .then(done, fail)
            .finally(() => signal.removeEventListener('abort', leave));
    });
/**
 * A call that changes nothing.
 * @param action the IAM action that it needs, e.g. `ecs:DescribeServices`
 * @throws TransientError when AWS could not be asked; DeployError when it refused for good
 */
async function read(action, call) {
    try {
        return await call();
    }
    catch (error) {
        if (error instanceof _target_js__WEBPACK_IMPORTED_MODULE_1__/* .TransientError */ .N)
            throw error;
        if (isTransient(error))
            throw new _target_js__WEBPACK_IMPORTED_MODULE_1__/* .TransientError */ .N(`${action}: ${text(error)}`, { cause: error });
        throw explain(action, error);
    }
}
/**
 * A call that changes something. One that stays without an answer is an error: what it did is found out by whoever
 * reads the target next. One that was throttled did nothing, and may be made again.
 * @throws TransientError when AWS throttled it to the last attempt
 */
async function modify(action, call) {
    try {
        return await call();
    }
    catch (error) {
        // There were no credentials to be had: it was never sent.
        if (error instanceof _target_js__WEBPACK_IMPORTED_MODULE_1__/* .TransientError */ .N)
            throw error;
        if (isThrottle(error))
            throw new _target_js__WEBPACK_IMPORTED_MODULE_1__/* .TransientError */ .N(`${action}: ${text(error)}`, { cause: error });
        if (!isTransient(error))
            throw explain(action, error);
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .DeployError */ .s(`AWS gave no usable answer to ${action}: ${text(error)}`, {
            code: 'no-answer',
            hint: 'Look at the AWS health dashboard and your account’s API limits, then run the operation again: it goes on from what it finds.',
            cause: error,
        });
    }
}
/** The error's name as the service spells it, without the suffix that only some of them have. */
const errorName = (error) => error instanceof Error ? error.name.replace(/Exception$/, '') : '';
// Both spellings of each service, and what the SDK and Node call a dead or HTML-speaking endpoint (facts/ecs.md 9).
const THROTTLE = /^(Throttling|ThrottledException|Throttled|TooManyRequests|RequestLimitExceeded|RequestThrottled)$/;
const TRANSIENT = /^(ServiceUnavailable|Server|InternalFailure|InternalError|InternalServerError|ServiceError|Unknown|SyntaxError|TimeoutError|RequestTimeout)$/;
const TRANSIENT_CODE = /^(ECONN|ETIMEDOUT|EPIPE|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ENOTFOUND|UND_ERR)/;
/** In both spellings; `RequestExpired` is a signature's, of a clock that is wrong. */
const isExpired = (error) => errorName(error) === 'ExpiredToken';
const statusOf = (error) => error.$metadata?.httpStatusCode ?? 0;
const isThrottle = (error) => error instanceof Error &&
    (THROTTLE.test(errorName(error)) || statusOf(error) === 429 || BUSY_FAMILY.test(error.message));
/** A ClientException like a refusal: another run registers a revision of the same family. */
const BUSY_FAMILY = /^Too many concurrent attempts to create a new revision/;
function isTransient(error) {
    if (!(error instanceof Error))
        return false;
    const { code } = error;
    return (isThrottle(error) ||
        TRANSIENT.test(errorName(error)) ||
        (typeof code === 'string' && TRANSIENT_CODE.test(code)) ||
        statusOf(error) >= 500);
}
/** An error's first line. */
const text = (error) => {
    const message = error instanceof Error ? error.message || error.name : String(error);
    return message.split('\n')[0]?.slice(0, 300) ?? '';
};
/** AWS names the missing permission itself, which need not be the call's own: iam:PassRole, ecs:TagResource. */
function denial(error) {
    const [, missing, resource] = /not authorized to perform: ([\w-]+:\w+)(?: on resource: (\S+))?/.exec(text(error)) ?? [];
    return missing === undefined ? undefined : { missing, resource };
}
/** What users can do about a call that AWS refused. */
function explain(action, error) {
    if (error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .DeployError */ .s)
        return error;
    const name = errorName(error);
    const denied = denial(error);
    // ECS checks iam:PassRole itself, and reports it as its own ClientException (facts/ecs.md 4i).
    if (denied !== undefined || /^(AccessDenied|UnauthorizedOperation|AuthorizationError)$/.test(name)) {
        const { missing = action, resource } = denied ?? {};
        const role = missing === 'iam:PassRole' && resource !== undefined;
        return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .DeployError */ .s(`AWS denies ${missing}${role ? ` for ${resource}` : ''}.`, {
            code: 'access-denied',
            hint: role
                ? `The task definition names that role: allow iam:PassRole on it in the policy of the role that this workflow assumes.`
                : `Allow ${missing} in the policy of the role that this workflow assumes.`,
            details: [text(error)],
            cause: error,
        });
    }
    if (isExpired(error))
        return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .DeployError */ .s('The AWS credentials have expired.', {
            code: 'credentials-expired',
            hint: 'This says nothing of the release; what was under way is recorded, and the next run goes on from there. For runs as long as this one set ecs.role, with `permissions: { id-token: write }` on the job: the action then renews its credentials itself.',
            details: [text(error)],
            cause: error,
        });
    if (/^(RequestExpired|InvalidClientTokenId|UnrecognizedClient|InvalidSignature|SignatureDoesNotMatch|MissingAuthenticationToken)$/.test(name))
        return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .DeployError */ .s(`AWS does not accept the credentials: ${text(error)}`, {
            code: 'credentials-refused',
            hint: 'Check that they are complete (access key, secret key, session token), of the right account, and that this machine’s clock is right; run aws-actions/configure-aws-credentials in a step right before this one.',
            cause: error,
        });
    if (/^CredentialsProvider/.test(name))
        return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .DeployError */ .s('There are no AWS credentials.', {
            code: 'no-credentials',
            hint: 'Add `- uses: aws-actions/configure-aws-credentials@v5` with `role-to-assume` and `aws-region` before this step, or `role:` under `ecs:` in the config; both need `permissions: { id-token: write, contents: read }` on the job.',
            cause: error,
        });
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .DeployError */ .s(`${action} was refused: ${name}: ${text(error)}`, {
        code: 'aws-refused',
        cause: error,
    });
}


/***/ }),

/***/ 2546:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   X: () => (/* binding */ ownAddress),
/* harmony export */   p: () => (/* binding */ baseUrl)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_elastic_load_balancing_v2__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4080);
/* harmony import */ var _aws_sdk_client_elastic_load_balancing_v2__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(2466);
/* harmony import */ var _aws_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3550);


/** Where a listener is reached: `url` where the user names it, else the load balancer's own name and the port. */
async function baseUrl(aws, listenerArn, url) {
    return url === undefined ? ownAddress(aws, listenerArn, undefined) : new URL(url).origin;
}
/**
 * The address of a listener that users do not come through.
 * @param host a name that leads to the load balancer, and that its certificate knows; absent: AWS's own name
 */
async function ownAddress(aws, listenerArn, host) {
    const { Listeners } = await (0,_aws_js__WEBPACK_IMPORTED_MODULE_0__/* .read */ .LF)('elasticloadbalancing:DescribeListeners', () => aws.elb.send(new _aws_sdk_client_elastic_load_balancing_v2__WEBPACK_IMPORTED_MODULE_1__/* .DescribeListenersCommand */ .A({ ListenerArns: [listenerArn] })));
    const listener = Listeners?.[0];
    const scheme = listener?.Protocol === 'HTTPS' ? 'https' : 'http';
    const at = (name) => new URL(`${scheme}://${name}:${listener?.Port}`).origin;
    if (host !== undefined)
        return at(host);
    const { LoadBalancers } = await (0,_aws_js__WEBPACK_IMPORTED_MODULE_0__/* .read */ .LF)('elasticloadbalancing:DescribeLoadBalancers', () => aws.elb.send(new _aws_sdk_client_elastic_load_balancing_v2__WEBPACK_IMPORTED_MODULE_2__/* .DescribeLoadBalancersCommand */ .A({ LoadBalancerArns: [listener?.LoadBalancerArn ?? ''] })));
    return at(LoadBalancers?.[0]?.DNSName);
}


/***/ }),

/***/ 1362:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  m: () => (/* binding */ connectTo)
});

// EXTERNAL MODULE: ./build/src/target/ecs/aws.js
var aws = __webpack_require__(3550);
// EXTERNAL MODULE: ./build/src/errors.js
var errors = __webpack_require__(2544);
// EXTERNAL MODULE: ./build/src/target/target.js
var target = __webpack_require__(1868);
;// CONCATENATED MODULE: ./build/src/target/ecs/role-credentials.js



/** What GitHub's token is for; AWS's trust policies ask for it as `aud`. */
const AUDIENCE = 'sts.amazonaws.com';
/** What every role allows unless somebody lowered it; asking for more may be refused. */
const DURATION_SECONDS = 3_600;
/** New credentials are fetched when so much of the time is over, behind the calls that go on with the old ones... */
const RENEW_AT = 0.8;
/** ...and from here on no call is made with the old ones: it might be under way when they end. */
const TOO_LATE_AT = 0.95;
/**
 * Credentials of a role, for as long as the run lasts: bought with the job's own OIDC token, and renewed before they
 * end. Those that an earlier step put into the environment can't be renewed by anybody (facts/ecs.md 3 row 28, 4i).
 */
class RoleCredentials {
    #options;
    #current;
    #renewal;
    /** @throws DeployError `no-id-token` where the job may not ask GitHub for a token */
    constructor(options) {
        this.#options = options;
        const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = options.env;
        if (url && token)
            return;
        throw new errors/* DeployError */.s('ecs.role is set, and this job may not ask GitHub for the token that it takes.', {
            code: 'no-id-token',
            hint: 'Add `permissions: { id-token: write, contents: read }` to the job (and to the job that calls a reusable workflow).',
            details: ['permissions:', '  id-token: write', '  contents: read'],
        });
    }
    /** For the clients of the SDK. They would keep what they get until its last five minutes; this keeps it better. */
    get provider() {
        return Object.assign(() => this.get(), { memoized: true });
    }
    /**
     * Credentials that hold a while yet. Without an answer the old ones are used while they hold.
     * @throws TransientError when GitHub or AWS could not be asked; DeployError `role-refused`
     */
    async get() {
        const { credentials, since, until } = this.#current ?? { since: 0, until: 0 };
        const share = (Date.now() - since) / Math.max(1, until - since);
        if (credentials === undefined || share >= TOO_LATE_AT)
            return this.#renew();
        // Whoever asks next hears of what went wrong with it, if it still matters by then.
        if (share >= RENEW_AT)
            this.#renew().catch(() => { });
        return credentials;
    }
    /** AWS takes them no longer, whatever this machine's clock says: the next call gets others. */
    drop() {
        this.#current = undefined;
    }
    #renew() {
        this.#renewal ??= this.#assume().finally(() => {
            this.#renewal = undefined;
        });
        return this.#renewal;
    }
    async #assume() {
        const { role, region, env } = this.#options;
        const token = await idToken();
        const { fromWebToken } = await __webpack_require__.e(/* import() */ 579).then(__webpack_require__.bind(__webpack_require__, 3579));
        const since = Date.now();
        try {
            const credentials = await fromWebToken({
                roleArn: role,
                webIdentityToken: token,
                roleSessionName: sessionName(env),
                durationSeconds: DURATION_SECONDS,
                clientConfig: (0,aws/* clientOptions */.s1)(region),
            })();
            const until = credentials.expiration?.getTime() ?? since + DURATION_SECONDS * 1_000;
            this.#current = { credentials, since, until };
            return credentials;
        }
        catch (error) {
            if ((0,aws/* isTransient */.dg)(error) || (0,aws/* errorName */.Is)(error) === 'IDPCommunicationError')
                throw new target/* TransientError */.N(`sts:AssumeRoleWithWebIdentity: ${(0,aws/* text */.Qq)(error)}`, { cause: error });
            throw refused(role, token, error);
        }
    }
}
async function idToken() {
    const { getIDToken } = await Promise.resolve(/* import() */).then(__webpack_require__.bind(__webpack_require__, 8592));
    try {
        // Masks it in the log, too.
        return await getIDToken(AUDIENCE);
    }
    catch (error) {
        throw new target/* TransientError */.N(`GitHub gave no OIDC token: ${(0,aws/* text */.Qq)(error)}`, { cause: error });
    }
}
/** What CloudTrail shows; 2 to 64 characters of a few kinds. */
const sessionName = ({ GITHUB_REPOSITORY = '', GITHUB_RUN_ID = '' }) => {
    const run = `-${GITHUB_RUN_ID}`.slice(0, 30);
    const repository = GITHUB_REPOSITORY.replace(/[^\w+=,.@-]/g, '-');
    return `blue-green-${repository.slice(0, 64 - 11 - run.length)}${run}`;
};
function refused(role, token, error) {
    const { sub, iss } = claimsOf(token);
    const noProvider = (0,aws/* errorName */.Is)(error) === 'InvalidIdentityToken';
    return new errors/* DeployError */.s(`AWS does not let this job assume ${role}: ${(0,aws/* text */.Qq)(error)}`, {
        code: 'role-refused',
        hint: noProvider
            ? `Create an IAM identity provider for ${iss ?? 'https://token.actions.githubusercontent.com'} with the audience ${AUDIENCE} in the account of that role.`
            : `Correct ecs.role, or the role’s trust policy: it must allow sts:AssumeRoleWithWebIdentity to GitHub’s provider with aud ${AUDIENCE} and sub ${sub ?? 'of this job'}.`,
        cause: error,
    });
}
/** What the token says of the job; it is AWS that verifies it. */
function claimsOf(token) {
    try {
        return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    }
    catch {
        return {};
    }
}

;// CONCATENATED MODULE: ./build/src/target/ecs/connection.js


/**
 * To the region, with the credentials of the role where the config names one.
 * @param signal aborted when the run is cancelled
 */
const connectTo = ({ region, role }, signal) => (0,aws/* connect */.Ng)(region, {
    ...(role !== undefined && { credentials: new RoleCredentials({ role, region, env: process.env }) }),
    ...(signal && { signal }),
});


/***/ }),

/***/ 9774:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   x: () => (/* binding */ definitionChanges)
/* harmony export */ });
/** What a task definition has otherwise than another, by JSON path. Pure. */
function definitionChanges(from, to) {
    const [before, after] = [leaves(plainOf(from)), leaves(plainOf(to))];
    return [...new Set([...before.keys(), ...after.keys()])]
        .filter((path) => before.get(path) !== after.get(path))
        .map((what) => ({ what, from: shown(what, before.get(what)), to: shown(what, after.get(what)) }));
}
const plainOf = ({ content, tags }) => ({ ...content, tags });
/** Members of lists that have a name are known by it, wherever in the list they stand. */
function leaves(value, path = '') {
    if (typeof value !== 'object' || value === null)
        return new Map([[path, JSON.stringify(value)]]);
    const entries = Array.isArray(value)
        ? value.map((member, index) => [`${path}[${nameOf(member) ?? index}]`, member])
        : Object.entries(value).map(([key, member]) => [path === '' ? key : `${path}.${key}`, member]);
    return new Map(entries.flatMap(([at, member]) => [...leaves(member, at)]));
}
const nameOf = (member) => {
    const { name, key } = (member ?? {});
    return [name, key].find((one) => typeof one === 'string');
};
/**
 * Only what is known to be no secret is shown: environment variables, commands, labels and the options of log drivers
 * (tokens) may hold any.
 */
const SHOWN = /(?:^|\.)(?:image|cpu|memory|memoryReservation|networkMode)$|^tags\[[^\]]*\]\.value$/;
function shown(path, json) {
    if (json === undefined)
        return '';
    return SHOWN.test(path) ? String(JSON.parse(json)) : '(not shown)';
}


/***/ }),

/***/ 1669:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   V: () => (/* binding */ unchecked),
/* harmony export */   f: () => (/* binding */ join)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2544);

const join = (all) => ({
    problems: all.flatMap(({ problems }) => problems),
    notes: [...new Set(all.flatMap(({ notes }) => notes))],
});
/** A right that only plans need may well be missing: that is worth a line, and stops nothing. */
const unchecked = (what, error) => `Not checked: ${what}, as ${(0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .toDeployError */ .p)(error).message.replace(/\.$/, '')}.`;


/***/ }),

/***/ 2998:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   FF: () => (/* binding */ without),
/* harmony export */   KS: () => (/* binding */ namesBoth),
/* harmony export */   R5: () => (/* binding */ heldSeconds),
/* harmony export */   YL: () => (/* binding */ does),
/* harmony export */   ZT: () => (/* binding */ foreignGroups),
/* harmony export */   aP: () => (/* binding */ percentages),
/* harmony export */   cY: () => (/* binding */ withWeights),
/* harmony export */   eq: () => (/* binding */ countGroups),
/* harmony export */   ev: () => (/* binding */ withForward),
/* harmony export */   i$: () => (/* binding */ namesGroup),
/* harmony export */   mt: () => (/* binding */ isForward),
/* harmony export */   yw: () => (/* binding */ withHold)
/* harmony export */ });
/* harmony import */ var _release_color_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9478);

/** What a list of actions says of the two colors' target groups, and the same list with that changed. Pure. */
const isForward = ({ Type }) => Type === 'forward';
/** A forward to a single group is answered as TargetGroupArn, with or without a ForwardConfig beside it. */
const groupsOf = ({ ForwardConfig, TargetGroupArn }) => ForwardConfig?.TargetGroups?.length ? ForwardConfig.TargetGroups : [{ TargetGroupArn, Weight: 1 }];
const weightOf = (forward, group) => {
    const own = groupsOf(forward).find(({ TargetGroupArn }) => TargetGroupArn === group);
    return own === undefined ? undefined : (own.Weight ?? 1);
};
/** Whether the action may send something to the group, whatever its weight. */
const namesGroup = (action, group) => isForward(action) && weightOf(action, group) !== undefined;
/** Whether both groups are named, so that the idle one is attached, hence health-checked. */
const namesBoth = (forward, groups) => _release_color_js__WEBPACK_IMPORTED_MODULE_0__/* .COLORS */ .lm.every((color) => weightOf(forward, groups[color]) !== undefined);
/** Groups of neither color that get traffic. */
const foreignGroups = (forward, groups) => groupsOf(forward)
    .filter(({ TargetGroupArn, Weight }) => TargetGroupArn !== groups.blue && TargetGroupArn !== groups.green && Weight !== 0)
    .map(({ TargetGroupArn = '' }) => TargetGroupArn);
/** Each color's share of the traffic, in whole percent; 0 and 100 are exact, as users may be on what has a thousandth. */
function percentages(forward, groups) {
    const total = groupsOf(forward).reduce((sum, { Weight }) => sum + (Weight ?? 1), 0);
    const share = (color) => {
        const exact = total === 0 ? 0 : (100 * (weightOf(forward, groups[color]) ?? 0)) / total;
        return exact > 0 && exact < 100 ? Math.min(99, Math.max(1, Math.round(exact))) : exact;
    };
    return { blue: share('blue'), green: share('green') };
}
/** How long a client stays with the group that it got first, in seconds; 0 when it is not held at all. */
function heldSeconds({ ForwardConfig }) {
    const { Enabled = false, DurationSeconds = 0 } = ForwardConfig?.TargetGroupStickinessConfig ?? {};
    return Enabled ? DurationSeconds : 0;
}
/** Whether the forward does what is wanted already: then nothing is sent. */
const does = (forward, wanted, groups) => {
    const [is, should] = [percentages(forward, groups), percentages(wanted, groups)];
    return (_release_color_js__WEBPACK_IMPORTED_MODULE_0__/* .COLORS */ .lm.every((color) => is[color] === should[color] &&
        namesGroup(forward, groups[color]) === namesGroup(wanted, groups[color])) && heldSeconds(forward) === heldSeconds(wanted));
};
/** The forward with other weights for the two groups. Groups of the user's own, which have no traffic, stay. */
function withWeights(forward, groups, weights) {
    const former = groupsOf(forward);
    const added = _release_color_js__WEBPACK_IMPORTED_MODULE_0__/* .COLORS */ .lm.map((color) => groups[color])
        .filter((group) => !former.some(({ TargetGroupArn }) => TargetGroupArn === group))
        .map((TargetGroupArn) => ({ TargetGroupArn }));
    const all = [...former, ...added].map((tuple) => {
        const color = _release_color_js__WEBPACK_IMPORTED_MODULE_0__/* .COLORS */ .lm.find((one) => groups[one] === tuple.TargetGroupArn);
        return color === undefined ? tuple : { ...tuple, Weight: weights[color] };
    });
    // Describe returns both forms for a single target; Modify takes one: the one that can weigh.
    const { TargetGroupArn: _, ...rest } = forward;
    return { ...rest, ForwardConfig: { ...forward.ForwardConfig, TargetGroups: all } };
}
/** The forward without the group, whose cookies then lead nowhere. */
const without = (forward, group) => ({
    ...forward,
    ForwardConfig: {
        ...forward.ForwardConfig,
        TargetGroups: groupsOf(forward).filter(({ TargetGroupArn }) => TargetGroupArn !== group),
    },
});
const countGroups = (forward) => groupsOf(forward).length;
/** The forward with clients held to their group for so many seconds; 0: not at all. */
function withHold(forward, seconds) {
    if (seconds === heldSeconds(forward))
        return forward;
    const former = forward.ForwardConfig?.TargetGroupStickinessConfig;
    const config = seconds === 0 ? { ...former, Enabled: false } : { ...former, Enabled: true, DurationSeconds: seconds };
    return { ...forward, ForwardConfig: { ...forward.ForwardConfig, TargetGroupStickinessConfig: config } };
}
/**
 * The whole list, which Modify* replaces, with another forward in it. An OIDC secret is never returned, so the stored
 * one is asked to be kept (`UseExistingClientSecret`).
 */
const withForward = (actions, former, forward) => actions.map((action) => {
    if (action === former)
        return forward;
    if (action.Type !== 'authenticate-oidc' || action.AuthenticateOidcConfig === undefined)
        return action;
    const { ClientSecret: _, ...config } = action.AuthenticateOidcConfig;
    return { ...action, AuthenticateOidcConfig: { ...config, UseExistingClientSecret: true } };
});


/***/ }),

/***/ 8399:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  W: () => (/* binding */ explain),
  O: () => (/* binding */ look)
});

// EXTERNAL MODULE: ./build/src/target/target.js
var target = __webpack_require__(1868);
;// CONCATENATED MODULE: ./build/src/target/ecs/causes.js
/**
 * The catalog, the surest causes first: the first one that fits is told. docs/ecs.md shows the same (a test compares).
 * The words are those of ECS's scheduler, of the agents of Fargate and EC2, and of ELBv2's reason codes.
 */
const CAUSES = [
    {
        title: 'the network does not let the task reach the registry, or the store of its secrets',
        symptoms: {
            tasks: /(CannotPullContainer|ResourceInitialization).*(i\/o timeout|deadline exceeded|request canceled|dial tcp|no such host|connection (timed out|refused|reset))/i,
        },
        hint: 'Give the task’s subnets a NAT gateway, a public address or the VPC endpoints, and let its security group out on port 443.',
    },
    {
        title: 'the registry limits how often images are pulled',
        symptoms: { tasks: /CannotPullContainer.*(toomanyrequests|rate limit)/i },
        hint: 'Pull through an ECR pull-through cache, or give the container repositoryCredentials.',
    },
    {
        title: 'the image is not in the registry',
        symptoms: {
            tasks: /CannotPullContainer.*(not found|manifest unknown|name unknown|repository with name)/i,
        },
        hint: 'Check image-tag, and that the build pushed it before this step.',
        hopeless: true,
    },
    {
        title: 'the task may not pull the image',
        symptoms: {
            tasks: /CannotPullContainer.*(denied|unauthorized|forbidden|no basic auth|not authorized)|retrieve ecr registry auth.*(AccessDenied|not authorized)/i,
        },
        hint: 'Allow ecr:GetAuthorizationToken, ecr:BatchGetImage and ecr:GetDownloadUrlForLayer to the task’s execution role, and pulls in the repository’s own policy; check that the repository exists.',
        hopeless: true,
    },
    {
        title: 'the image was built for another processor',
        symptoms: {
            tasks: /CannotPullContainer.*(platform|no matching manifest)|exec format error/i,
            log: /exec format error/i,
        },
        hint: 'Build it for the runtimePlatform of the task definition (docker build --platform), or change that.',
        hopeless: true,
    },
    {
        title: 'a secret of the task definition can not be read',
        symptoms: {
            tasks: /ResourceInitialization.*(retrieve secret|fetch secret|secrets? (from|manager)|from ssm|invalid parameters)/i,
        },
        hint: 'Check that it exists in this region under that name, and that the task’s execution role may read (and decrypt) it.',
        hopeless: true,
    },
    {
        title: 'the log group does not exist, or may not be written to',
        symptoms: {
            tasks: /(ResourceInitialization|CannotStartContainer).*(log group|log stream|logger args|logging driver)/i,
        },
        hint: 'Create the log group, or set awslogs-create-group and allow logs:CreateLogGroup to the task’s execution role.',
        hopeless: true,
    },
    {
        title: 'a volume can not be mounted',
        symptoms: { tasks: /CannotCreateVolume|ResourceInitialization.*(EFS|mount|volume)/i },
        hint: 'Check that the file system exists, has a mount target in the task’s zone, and lets the task’s security group in.',
    },
    {
        title: 'the disk of the task is full',
        symptoms: { tasks: /no space left on device/i, log: /no space left on device|ENOSPC/i },
        hint: 'Raise ephemeralStorage in the task definition, or make the image smaller.',
    },
    {
        title: 'the command of the container can not be run',
        symptoms: {
            tasks: /CannotStartContainer.*(executable file not found|no such file or directory|permission denied)|exited with 12[67]\b/i,
        },
        hint: 'Check command and entryPoint of the container against what is in the image.',
    },
    {
        title: 'the container needs more memory than it has',
        symptoms: {
            tasks: /OutOfMemory/i,
            log: /heap out of memory|java\.lang\.OutOfMemoryError|cannot allocate memory/i,
        },
        hint: 'Raise memory in the task definition, or find out what the application needs it for.',
    },
    {
        title: 'the application was killed',
        symptoms: { tasks: /EssentialContainerExited.*exited with 137\b/i },
        hint: 'Most often it took more memory than the task has: raise memory in the task definition.',
    },
    {
        title: 'the application ended by itself',
        symptoms: { tasks: /EssentialContainerExited|Essential container in task exited/i },
        hint: 'Its log says why; run the image with the same environment to see it.',
    },
    {
        title: 'the load balancer does not serve the zone that the task runs in',
        symptoms: { targets: /Target\.NotInUse/ },
        hint: 'Enable that Availability Zone on the load balancer, or take its subnet out of the network configuration of the service.',
    },
    {
        title: 'the container’s own health check fails',
        symptoms: {
            tasks: /failed container health check/i,
            targets: /container health check/i,
        },
        hint: 'Run the healthCheck command of the task definition in the image; allow for a slow start with its startPeriod.',
    },
    {
        title: 'the application does not know the path of the health check',
        symptoms: { targets: /codes: \[404\]/, events: /codes: \[404\]/ },
        hint: 'Set the health-check path of the target group to one that the application answers with 200.',
    },
    {
        title: 'the application answers the health check with another status than the target group expects',
        symptoms: {
            targets: /ResponseCodeMismatch|failed with these codes/,
            events: /failed with these codes/,
        },
        hint: 'With 5xx its log says why; with 3xx, 401 or 403 choose another path, or set the target group’s success codes.',
    },
    {
        title: 'nothing answers on the port that the load balancer asks',
        symptoms: { targets: /Target\.FailedHealthChecks/, events: /\(reason Health checks failed\)/ },
        hint: 'Let the application listen on 0.0.0.0 (not on localhost), on the containerPort that the service registers; check the target group’s health-check port.',
    },
    {
        title: 'the load balancer gets no answer from the task in time',
        symptoms: { targets: /Target\.Timeout/, events: /request timed out/i },
        hint: 'Let the task’s security group accept the load balancer’s on the container port; if it does, the application is too slow for the target group’s time-out.',
    },
    {
        title: 'the load balancer’s health check fails',
        symptoms: { tasks: /failed ELB health check/i, targets: /^unhealthy/m },
        hint: 'Compare path, port and success codes of the target group with the application; allow for its start with healthCheckGracePeriodSeconds.',
    },
    {
        title: 'the container can not be started',
        symptoms: { tasks: /CannotStartContainer|ContainerRuntimeTimeout|DockerTimeout/i },
        hint: 'Compare the container definition (user, devices, mounts, entryPoint) with the image.',
    },
    {
        title: 'the task gets no network interface',
        symptoms: {
            tasks: /network interface|insufficient.*addresses/i,
            events: /network interface|insufficient.*addresses/i,
        },
        hint: 'Look whether the subnets have free addresses, and whether the account’s limit of network interfaces is reached; else try again.',
    },
    {
        title: 'ECS may not assume a role that it needs',
        symptoms: { tasks: /unable to assume/i, events: /unable to assume/i },
        hint: 'Let ecs-tasks.amazonaws.com assume the roles of the task definition (their trust policies).',
    },
    {
        title: 'there is no room for the tasks',
        symptoms: {
            tasks: /capacity is unavailable|RESOURCE:/i,
            events: /unable to (place|start|run).*(capacity|no container instance|container instances were found|RESOURCE:|closest matching|insufficient)/i,
        },
        hint: 'On Fargate try again or add zones; on EC2 add instances (or a capacity provider that does), or ask for less cpu and memory.',
    },
    {
        title: 'an alarm of the service’s deployment configuration went off',
        symptoms: { rollout: /alarm/i },
        hint: 'Look at the alarm, and whether it concerns this color at all.',
    },
];
/** The cause that the symptoms speak for, if any. */
const causeOf = (found) => CAUSES.find(({ symptoms }) => Object.entries(symptoms).some(([place, pattern]) => pattern.test(found[place])));
/** Whether a task that stopped with these words proves that no other one will fare better. */
const isHopeless = (tasks) => CAUSES.find(({ symptoms }) => symptoms.tasks?.test(tasks))?.hopeless === true;

// EXTERNAL MODULE: ./build/src/target/ecs/tasks.js
var ecs_tasks = __webpack_require__(7989);
;// CONCATENATED MODULE: ./build/src/target/ecs/stopped-tasks.js

/** What exit codes mean that no application chooses: 128 and the signal's number, and the shell's own two. */
const EXIT_CODES = {
    126: 'the command can not be executed',
    127: 'the command was not found',
    134: 'SIGABRT: it aborted itself',
    137: 'SIGKILL: out of memory, or still alive after stopTimeout',
    139: 'SIGSEGV: it crashed',
    143: 'SIGTERM: it was asked to stop',
};
/** The most tasks that the evidence lists one by one. */
const MOST_TASKS = 4;
/** Stopped because somebody wanted fewer or others, or because AWS took the machine back: says nothing of the release. */
const isOrdinary = ({ stopCode, stoppedReason = '' }) => stopCode === 'SpotInterruption' ||
    stopCode === 'TerminationNotice' ||
    stopCode === 'InfrastructureHealth' ||
    stopCode === 'UserInitiated' ||
    (stopCode === 'ServiceSchedulerInitiated' && !isHealthStop({ stoppedReason }));
/** ECS got it nowhere: no image, no network, no room. None of its containers began. */
const neverRan = ({ stopCode, startedAt, containers = [] }) => stopCode === 'TaskFailedToStart' &&
    startedAt === undefined &&
    containers.every(({ exitCode }) => exitCode === undefined);
/** ECS stopped it since a health check of the load balancer, or of the container, failed. */
const isHealthStop = ({ stoppedReason = '' }) => /failed (\w+ )?health check/i.test(stoppedReason);
/** Why a task stopped, on one line: ECS's reason, and what its containers say. */
function headline({ stopCode, stoppedReason, containers = [] }) {
    const reason = stoppedReason ?? stopCode ?? 'no reason given';
    const exits = containers.flatMap(({ name, exitCode, reason: own }) => {
        // ECS repeats a failed pull as the container's reason.
        const because = own === undefined || reason.includes(own) ? '' : `: ${own}`;
        if (exitCode !== undefined && exitCode !== 0)
            return [`${name} exited with ${exit(exitCode)}${because}`];
        // An essential container that ends with 0 takes its task down all the same.
        if (exitCode === 0 && stopCode === 'EssentialContainerExited')
            return [`${name} exited with 0${because}`];
        return because === '' ? [] : [`${name}${because}`];
    });
    return [reason, ...exits].join('; ').replace(/\s+/g, ' ').trim();
}
const exit = (code) => EXIT_CODES[code] === undefined ? String(code) : `${code} (${EXIT_CODES[code]})`;
/** One line for each kind of end, the newest last. */
function taskLines(stopped) {
    const kinds = new Map();
    for (const task of stopped) {
        const kind = [
            task.stopCode,
            headline(task),
            task.healthStatus === 'UNHEALTHY' ? 'health check failed' : '',
        ]
            .filter((part) => part)
            .join(': ');
        kinds.set(kind, [...(kinds.get(kind) ?? []), task]);
    }
    return [...kinds].slice(-MOST_TASKS).map(([kind, tasks]) => {
        const last = tasks.at(-1);
        const more = tasks.length === 1 ? '' : ` and ${tasks.length - 1} more`;
        return `task ${(0,ecs_tasks/* taskId */.B)(last)}${more}: ${kind}${ran(last)}`;
    });
}
/** How long it ran, which tells a crash at the start from one under load. */
function ran({ startedAt, stoppedAt, stoppingAt }) {
    const end = stoppedAt ?? stoppingAt;
    if (startedAt === undefined || end === undefined)
        return '';
    return `; it ran for ${Math.max(0, Math.round((end.getTime() - startedAt.getTime()) / 1_000))} s`;
}

;// CONCATENATED MODULE: ./build/src/target/ecs/diagnosis.js


/** The most targets that the evidence lists. */
const MOST_TARGETS = 3;
/**
 * Everything that is known of a failure, as one block: what happened and the most likely cause (`reason`), what to do
 * (`hint`), and the evidence: ends of tasks, answers to health checks, service events, the last lines of the log.
 */
async function diagnose(verdict, sources) {
    const { anchor, sight, logs, container } = sources;
    const { code, what, failed, suspects } = verdict;
    const targets = targetLines(anchor, [...failed, ...suspects]);
    // Of the newest that had a say: a task that never ran wrote nothing.
    const witness = [...failed, ...suspects].findLast(({ startedAt, containers = [] }) => startedAt === undefined ? containers.some(({ exitCode }) => exitCode !== undefined) : true);
    const tail = witness === undefined ? undefined : await logs.read(witness, container);
    // Who took the deployment away, or scaled it down, is no matter of the release.
    const isForeign = code === 'superseded' || code === 'scaled-to-zero';
    const cause = isForeign
        ? undefined
        : causeOf({
            tasks: failed.map((task) => `${task.stopCode}: ${headline(task)}`).join('\n'),
            targets: targets.join('\n'),
            events: anchor.events.text,
            log: tail?.lines.join('\n') ?? '',
            rollout: sight.deployment?.rolloutStateReason ?? '',
        });
    return {
        ...(code === undefined ? {} : { code }),
        reason: cause === undefined ? what : `${cause.title}: ${what}`,
        hint: cause?.hint ?? verdict.hint,
        details: [
            ...taskLines(failed),
            ...targets,
            ...anchor.events.trouble.map((event) => `event: ${event}`),
            ...(tail?.remark === undefined ? [] : [tail.remark]),
            ...(tail === undefined || tail.lines.length === 0
                ? []
                : [`log ${tail.source}, its last lines:`, ...tail.lines.map((line) => `  ${line}`)]),
        ],
    };
}
/** What can be said when nobody gave a verdict and the procedure's patience is over. */
function withoutVerdict({ stopped, running, states }, detail) {
    const suspects = running.filter(({ taskArn = '', lastStatus }) => lastStatus === 'RUNNING' && states.get(taskArn)?.kind !== 'healthy');
    return { what: detail, failed: stopped.filter((task) => !isOrdinary(task)), suspects };
}
/** What the load balancer holds against the tasks: `target 10.0.1.7:8080 unhealthy (...)`, each reason once. */
function targetLines({ tally }, tasks) {
    const reasons = new Map();
    for (const task of tasks) {
        const trouble = tally.trouble(task);
        if (trouble === undefined)
            continue;
        const { address = 'a target', count = 0 } = reasons.get(trouble.text) ?? { address: trouble.address };
        reasons.set(trouble.text, { address, count: count + 1 });
    }
    return [...reasons]
        .slice(0, MOST_TARGETS)
        .map(([text, { address, count }]) => `target ${address}${count > 1 ? ` and ${count - 1} more` : ''}: ${text}`);
}

;// CONCATENATED MODULE: ./build/src/target/ecs/mixed-digests.js
/**
 * Whether tasks of the same deployment run different images, as when a tag was moved while they were started: half of
 * the users would get something else. Compared per processor: the digest may be that of a platform's own manifest.
 * @param containers those that take the deployed image; what others pull is their owner's affair
 */
function mixedDigests(running, containers) {
    for (const container of containers) {
        const byProcessor = new Map();
        for (const task of running) {
            const digest = task.containers?.find(({ name }) => name === container)?.imageDigest;
            if (digest === undefined)
                continue;
            const processor = task.attributes?.find(({ name }) => name === 'ecs.cpu-architecture')?.value ?? '';
            const digests = byProcessor.get(processor) ?? new Map();
            byProcessor.set(processor, digests.set(digest, (digests.get(digest) ?? 0) + 1));
        }
        const digests = [...byProcessor.values()].find(({ size }) => size > 1);
        if (digests !== undefined)
            return { container, digests };
    }
    return undefined;
}
/** As a failure, with what to do. */
function mixedFailure({ container, digests }) {
    const list = [...digests].map(([digest, tasks]) => `${tasks} run ${digest}`);
    return {
        reason: `its tasks run different images: container ${container} was started while the tag was moved`,
        hint: 'Deploy again once nothing pushes to that tag; give each build a tag of its own (immutable tags), or deploy by digest. In ECR, allow ecr:DescribeImages: then the digest is fixed before the start.',
        details: list,
    };
}

// EXTERNAL MODULE: ./build/src/target/ecs/services.js
var services = __webpack_require__(455);
// EXTERNAL MODULE: ../main/node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/commands/DescribeTargetHealthCommand.js
var DescribeTargetHealthCommand = __webpack_require__(1784);
// EXTERNAL MODULE: ./build/src/target/ecs/aws.js
var ecs_aws = __webpack_require__(3550);
;// CONCATENATED MODULE: ./build/src/target/ecs/target-health.js



async function targetHealth(aws, targetGroup) {
    const answer = await (0,ecs_aws/* read */.LF)('elasticloadbalancing:DescribeTargetHealth', () => aws.elb.send(new DescribeTargetHealthCommand/* DescribeTargetHealthCommand */.q({ TargetGroupArn: targetGroup })));
    return answer.TargetHealthDescriptions ?? [];
}
/** The state of one task. Matched by its place: a target group may still hold targets of a former release. */
function stateOf(task, place, targets) {
    if (task.lastStatus !== 'RUNNING')
        return { kind: 'underway', text: (task.lastStatus ?? 'unknown').toLowerCase() };
    const found = targets.find(({ Target }) => Target?.Id === place?.id && place?.ports.includes(Target?.Port ?? 0));
    if (found === undefined)
        return { kind: 'underway', text: `running, not yet a target (${(0,ecs_tasks/* taskId */.B)(task)})` };
    const { State = 'unknown', Reason = '', Description } = found.TargetHealth ?? {};
    const at = { address: `${found.Target?.Id}:${found.Target?.Port}` };
    if (State !== 'healthy') {
        const why = [Reason, Description].filter(Boolean).join(': ');
        const text = why === '' ? State : `${State} (${why})`;
        if (State === 'unhealthy' && !Reason.startsWith('Elb.'))
            return { kind: 'sick', text, ...at };
        if (State === 'unused' && Reason === 'Target.NotInUse')
            return { kind: 'unreachable', text, ...at };
        return { kind: 'underway', text, ...at };
    }
    // A container health check of the task definition counts too.
    return task.healthStatus === 'UNHEALTHY'
        ? { kind: 'sick', text: 'container health check fails', ...at }
        : { kind: 'healthy', text: 'healthy', ...at };
}
/** The state of a task behind no load balancer: that it runs, and what its container health check says, if it has one. */
function ownState({ lastStatus, healthStatus }, isChecked) {
    if (lastStatus !== 'RUNNING')
        return { kind: 'underway', text: (lastStatus ?? 'unknown').toLowerCase() };
    if (healthStatus === 'UNHEALTHY')
        return { kind: 'sick', text: 'container health check fails' };
    return isChecked && healthStatus !== 'HEALTHY'
        ? { kind: 'underway', text: 'running, its container health check has not passed yet' }
        : { kind: 'healthy', text: 'running' };
}

// EXTERNAL MODULE: ./build/src/target/ecs/arn.js
var arn = __webpack_require__(6692);
;// CONCATENATED MODULE: ./build/src/target/ecs/verdict.js




/**
 * How many tasks of a deployment may fail before it has. ECS's own circuit breaker counts from three, does not count
 * crashes after RUNNING at all, and may be off (facts/ecs.md 4b, roadmap #1206 and #1247): so we count for ourselves.
 */
const CRASH_LOOP = 2;
/** And at least this share of the tasks, where it is not seconds that were watched but an hour. */
const CRASH_SHARE = 0.1;
/** Whether what a look found is the end of it. */
function judge(anchor, sight) {
    // That there is no capacity or network for one more task, or the registry does not answer, says nothing of those that
    // serve users, and another release would fare no better; that its image or a secret is gone does.
    const isServing = sight.hasUsers && [...sight.states.values()].some(({ kind }) => kind === 'healthy');
    const isExcused = (task) => isServing && neverRan(task) && !isHopeless(headline(task));
    const failed = sight.stopped.filter((task) => !isOrdinary(task) && !isExcused(task));
    const ofDeployment = anchor.standsBeside ? undefined : judgeDeployment(anchor, sight, failed);
    return ofDeployment ?? judgeTasks(anchor, sight, failed);
}
/** What ECS itself, or somebody else, decided about the deployment. */
function judgeDeployment(anchor, { service, deployment, running }, failed) {
    const primary = (0,services/* primaryDeployment */.sg)(service);
    const other = `${(0,arn/* releaseId */.Bf)(primary?.taskDefinition ?? '')} (deployment ${primary?.id ?? 'unknown'})`;
    const suspects = running;
    const gone = deployment === undefined || deployment.status !== 'PRIMARY';
    const own = deployment?.rolloutState === 'FAILED' ? deployment.rolloutStateReason : undefined;
    if (deployment?.rolloutState === 'FAILED' && !gone)
        return {
            code: 'platform-stalled',
            what: `ECS gave the deployment up and starts no more tasks: ${own ?? 'no reason given'} ${whyStalled(service)}`,
            hint: 'Look at the stopped tasks of the service, mend the release, then deploy again.',
            failed,
            suspects,
        };
    if (gone && (deployment?.rolloutState === 'FAILED' || wasRolledBack(anchor, primary, failed)))
        return {
            code: 'platform-rolled-back',
            what: `ECS rolled the deployment back to ${other}${own === undefined ? '' : `: ${own}`}`,
            hint: 'Look at the stopped tasks of the service, mend the release, then deploy again.',
            failed,
            suspects,
        };
    if (gone)
        return {
            code: 'superseded',
            what: `another deployment took the place of ours: ${other}`,
            hint: 'Find the other pipeline, or the person, that deploys to this service without the lock of this action.',
            failed,
            suspects: [],
        };
    if ((service.desiredCount ?? 0) === 0 && anchor.wanted > 0)
        return {
            code: 'scaled-to-zero',
            what: 'the service was scaled to zero',
            hint: 'Find the scaling policy, the schedule or the person that set its desired count.',
            failed,
            suspects: [],
        };
    return undefined;
}
/** ECS has gone on to another deployment by itself; once that is done, only the events and our tasks tell. */
function wasRolledBack({ deploymentId, events }, primary, failed) {
    return (/roll(ed|ing) back/i.test(primary?.rolloutStateReason ?? '') ||
        events.text.split('\n').some((line) => line.includes(deploymentId) && /deployment failed/i.test(line)) ||
        failed.length >= CRASH_LOOP);
}
const whyStalled = ({ deploymentConfiguration }) => deploymentConfiguration?.deploymentCircuitBreaker?.rollback === true
    ? 'There is no completed deployment that it could go back to.'
    : 'Its circuit breaker is set not to roll back.';
/** What the tasks of the deployment say. */
function judgeTasks(anchor, { service, running }, failed) {
    const { tally, wanted } = anchor;
    const sick = tally.sick(running, service);
    const unreachable = tally.unreachable(running);
    const hopeless = failed.find((task) => isHopeless(headline(task)));
    const enough = anchor.isLive ? Math.max(CRASH_LOOP, Math.ceil(CRASH_SHARE * wanted)) : CRASH_LOOP;
    // One that was stopped a while ago has had its second try by now.
    const unwell = (anchor.isLive ? 0 : failed.filter(isHealthStop).length) + sick.length;
    // The same release behind the same check: where each one fails it, there is no second try to wait for.
    const allUnwell = unwell > 0 && unwell >= Math.min(CRASH_LOOP, Math.max(1, wanted));
    if (hopeless === undefined && unreachable.length === 0 && !allUnwell)
        if (failed.length + sick.length < enough)
            return noRoom(anchor, failed);
    const suspects = [...sick, ...unreachable];
    return { what: describe(anchor, failed, suspects), failed, suspects };
}
/** Capacity may come, hence it is waited for; but not as long as for a release that starts. */
const noRoom = ({ tally, events }, failed) => tally.hasNoRoom && events.noRoom !== undefined
    ? { what: `the service ${events.noRoom.replace(/\.$/, '')}`, failed, suspects: [] }
    : undefined;
function describe({ tally, events }, failed, suspects) {
    const last = failed.at(-1);
    // A stop for health says that, and not what was wrong; the target is gone with the task.
    const answer = last !== undefined && suspects.length === 0 && isHealthStop(last)
        ? (tally.trouble(last)?.text ?? events.healthReason)
        : undefined;
    const parts = [
        ...(last === undefined
            ? []
            : [
                failed.length === 1
                    ? `a task stopped: ${headline(last)}`
                    : `${failed.length} tasks stopped, the last: ${headline(last)}`,
            ]),
        ...(answer === undefined ? [] : [answer]),
        ...(suspects.length === 0
            ? []
            : [
                `${suspects.length === 1 ? 'a task runs and is' : `${suspects.length} tasks run and are`} ${tally.trouble(suspects[0])?.text}`,
            ]),
    ];
    return parts.join('; ');
}

;// CONCATENATED MODULE: ./build/src/target/ecs/health.js








/** One look at the tasks that `anchor` started: proven are those which run and whose own target is healthy. */
async function look(options) {
    const { service, anchor, logs, container } = options;
    if (!anchor.sees(service)) {
        if (anchor.last !== undefined)
            throw new target/* TransientError */.N('ECS shows a picture of the service from before its deployment');
        return { ready: 0, wanted: anchor.wanted, detail: 'ECS does not show the deployment yet' };
    }
    const sight = await see(options);
    const wanted = anchor.isLive ? notUnderway(options.wanted, sight) : options.wanted;
    const news = anchor.events.note(service, anchor.createdAt);
    anchor.last = sight;
    anchor.tally.note(sight.running, sight.states);
    const { length: tasks } = sight.running;
    anchor.tally.noteRoom(tasks, tasks < wanted && anchor.events.noRoom !== undefined);
    const verdict = judge(anchor, sight);
    if (verdict !== undefined) {
        const failure = await diagnose(verdict, { anchor, sight, logs, container });
        return { ready: 0, wanted, detail: failure.reason, news, failure };
    }
    // Users have it, and a task that came later may have found the tag moved: no reason to take it from them.
    const mixed = anchor.isLive ? undefined : mixedDigests(sight.running, options.images);
    if (mixed !== undefined) {
        const failure = mixedFailure(mixed);
        return { ready: 0, wanted, detail: failure.reason, news, failure };
    }
    const { looks = 1 } = options;
    const ready = sight.running.filter((task) => sight.states.get(task.taskArn ?? '')?.kind === 'healthy' && anchor.tally.healthyFor(task, looks)).length;
    const rolling = sight.deployment?.rolloutState === 'IN_PROGRESS';
    // While ECS still rolls, its circuit breaker may yet replace the tasks, with users on them.
    const most = sight.others > 0 || rolling ? Math.max(wanted - 1, 0) : ready;
    return { ready: Math.min(ready, most), wanted, detail: health_describe(anchor, sight), news };
}
/** How many must be healthy of a release that users have: where one ends badly, its end is what counts. */
function notUnderway(wanted, { states }) {
    const underway = [...states.values()].filter(({ kind }) => kind === 'underway').length;
    return wanted === 0 ? 0 : Math.max(1, wanted - underway);
}
/** What `look` saw last, put together for when patience is over. */
async function explain(anchor, logs, container) {
    const sight = anchor.last;
    if (sight === undefined)
        return undefined;
    const verdict = judge(anchor, sight) ?? withoutVerdict(sight, health_describe(anchor, sight));
    return diagnose(verdict, { anchor, sight, logs, container });
}
async function see(options) {
    const { aws, tasks, service, anchor, targetGroup } = options;
    const name = service.serviceName ?? '';
    const ours = (task) => anchor.owns(task);
    const stopped = anchor.stoppedSince(await tasks.stopped(name));
    const all = await tasks.running(name);
    const running = all.filter(ours);
    // Most of the wait goes by before a task runs, when no target can be healthy: ELBv2's budget is spared (4g).
    const started = running.some(({ lastStatus }) => lastStatus === 'RUNNING');
    const found = started && targetGroup !== undefined
        ? await options.places.of(running, service, targetGroup)
        : new Map();
    const targets = started && targetGroup !== undefined ? await targetHealth(aws, targetGroup) : [];
    return {
        service,
        deployment: (0,services/* deploymentById */.Gn)(service, anchor.deploymentId),
        stopped,
        running,
        hasUsers: options.hasUsers,
        // Beside each other, each release has a target group of its own: users get only one of them.
        others: anchor.standsBeside
            ? 0
            : all.filter((task) => !ours(task) && task.lastStatus === 'RUNNING').length,
        states: new Map(running.map((task) => [
            task.taskArn ?? '',
            targetGroup === undefined
                ? ownState(task, options.isChecked ?? false)
                : stateOf(task, found.get(task.taskArn ?? ''), targets),
        ])),
    };
}
/** `1 of 3 healthy; 2 initial (Elb.InitialHealthChecking)`, and whatever else stands in the way. */
function health_describe({ wanted, events }, { deployment, stopped, others, states }) {
    const all = [...states.values()];
    const ready = all.filter(({ kind }) => kind === 'healthy').length;
    const last = stopped.at(-1);
    return [
        `${ready} of ${wanted} healthy`,
        ...summarize(all.filter(({ kind }) => kind !== 'healthy')),
        // The former release's tasks are in the same target group: users would get both.
        ...(others > 0 ? [`${others} of another release still run`] : []),
        ...(deployment?.rolloutState === 'IN_PROGRESS' && others === 0 && ready >= wanted
            ? ['ECS is finishing its deployment']
            : []),
        ...(last === undefined ? [] : [`task ${(0,ecs_tasks/* taskId */.B)(last)} stopped: ${headline(last)}`]),
        ...(events.placement === undefined ? [] : [events.placement]),
    ].join('; ');
}
/** `2 pending`, `1 initial (Elb.InitialHealthChecking)` */
function summarize(states) {
    const counts = new Map();
    for (const { text } of states)
        counts.set(text, (counts.get(text) ?? 0) + 1);
    return [...counts].map(([text, count]) => `${count} ${text}`);
}


/***/ }),

/***/ 5829:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   _M: () => (/* binding */ repositoryOf),
/* harmony export */   dT: () => (/* binding */ imageOf),
/* harmony export */   fj: () => (/* binding */ join)
/* harmony export */ });
/* harmony import */ var _task_definitions_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1873);

/** A container's image, as `repository:tag@digest` where the digest is ours; empty where there is no such container. */
function imageOf(definition, container) {
    const image = (0,_task_definitions_js__WEBPACK_IMPORTED_MODULE_0__/* .containersOf */ .Mz)(definition).find(({ name }) => name === container)?.image ?? '';
    const tag = definition.tags.find(({ key }) => key === _task_definitions_js__WEBPACK_IMPORTED_MODULE_0__/* .IMAGE_TAG */ .Ne)?.value;
    const [repository, digest] = image.split('@');
    return digest === undefined || tag === undefined ? image : `${repository}:${tag}@${digest}`;
}
/** `repository:tag`, `repository@sha256:...` */
const join = (repository, tag) => tag.startsWith('sha256:') ? `${repository}@${tag}` : `${repository}:${tag}`;
/** `registry/shop` of `registry/shop:v1@sha256:...`: a colon before the last slash is a port's. */
const repositoryOf = (image) => (image.split('@')[0] ?? '').replace(/:[^/:]*$/, '');


/***/ }),

/***/ 6004:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   F: () => (/* binding */ listenerProblems)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_elastic_load_balancing_v2__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(4080);
/* harmony import */ var _aws_sdk_client_elastic_load_balancing_v2__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(9062);
/* harmony import */ var _config_network_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(9252);
/* harmony import */ var _release_color_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(9478);
/* harmony import */ var _arn_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6692);
/* harmony import */ var _aws_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3550);
/* harmony import */ var _forward_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(2998);






/** Longer than this, sticky sessions make a deployment so long that the user must have said so. */
const LONG_SECONDS = 15 * 60;
/** What of the listeners would spoil a deployment. The preview rule stands on the first of them. */
async function listenerProblems({ aws, rules, groups, held, priority, url, }) {
    const first = rules[0].listenerArn;
    // No rule that could be in the way, and no preview that `url` would have to lead to.
    if ((0,_config_network_js__WEBPACK_IMPORTED_MODULE_2__/* .isNetworkListener */ .J)(first))
        return [];
    const listeners = await listenersOf(aws, (0,_arn_js__WEBPACK_IMPORTED_MODULE_0__/* .loadBalancerArn */ .yb)(first));
    return [
        ...stickyProblems(held),
        ...addressProblems(listeners, first, rules, url),
        ...(await rulesOf(aws, first)).flatMap((rule) => shadowProblems(rule, { groups, priority, url })),
    ];
}
function stickyProblems(held) {
    return [...held]
        .filter(([, seconds]) => seconds > LONG_SECONDS)
        .map(([{ arn }, seconds]) => ({
        message: `${arn} holds clients to their target group for ${seconds} s: after the switch, the old color and the run have to wait that long.`,
        fix: `Set DurationSeconds in the TargetGroupStickinessConfig of its forward action to ${LONG_SECONDS} or less; while all traffic is on one color it has no use.`,
        forceable: true,
    }));
}
/** The preview goes through `url`: it must lead to the listener that the preview rule stands on. */
function addressProblems(listeners, first, rules, url) {
    if (url === undefined)
        return [];
    const { protocol, port } = new URL(url);
    const wanted = {
        protocol: protocol === 'https:' ? 'HTTPS' : 'HTTP',
        port: Number(port) || defaultPort(protocol),
    };
    const own = listeners.find(({ ListenerArn }) => ListenerArn === first);
    const match = listeners.find(({ Protocol, Port }) => Protocol === wanted.protocol && Port === wanted.port);
    // No listener is like `url`: something stands in front of the load balancer, and may well lead to the first one.
    if (own === undefined || match === undefined || match === own)
        return [];
    const listed = rules.find(({ listenerArn }) => listenerArn === match.ListenerArn);
    return [
        {
            message: `url (${url}) leads to the listener on ${wanted.protocol}:${wanted.port}, but the preview rule stands on the first of ecs.listeners, ${own.Protocol}:${own.Port}.`,
            fix: listed === undefined
                ? `Put the listener that carries the traffic of url first in ecs.listeners (it is ${match.ListenerArn}), or correct url.`
                : `Put ${listed.arn} first in ecs.listeners.`,
            forceable: true,
        },
    ];
}
/** A rule before the preview rule which takes the preview's requests: smoke tests would test what users have. */
function shadowProblems({ RuleArn, Priority, IsDefault, Conditions = [], Actions = [] }, { groups, priority, url }) {
    if (IsDefault || Number(Priority) >= priority)
        return [];
    if (Conditions.some((condition) => !mayTake(condition, url)))
        return [];
    const carries = Actions.some((action) => _release_color_js__WEBPACK_IMPORTED_MODULE_3__/* .COLORS */ .lm.some((color) => (0,_forward_js__WEBPACK_IMPORTED_MODULE_4__/* .namesGroup */ .i$)(action, groups[color])));
    const isPartial = Conditions.some(({ Field }) => Field !== 'host-header');
    // Paths that lead elsewhere (`/static/*`) are the user's own affair: no smoke test asks there.
    if (isPartial && !carries)
        return [];
    return [
        {
            message: `Rule ${RuleArn} comes before the preview rule (priority ${Priority}, ecs.preview-priority is ${priority}) and takes ${isPartial ? 'some of its' : 'its'} requests: smoke tests would not reach the new release.`,
            fix: Number(Priority) > 1
                ? `Set ecs.preview-priority to a free priority below ${Priority}.`
                : 'Give that rule a larger priority (SetRulePriorities), and set ecs.preview-priority to 1.',
            forceable: isPartial,
        },
    ];
}
/** Whether a request through `url` with the preview header can meet the condition. */
function mayTake({ Field, HostHeaderConfig, Values = [] }, url) {
    // Headers and query strings are conditions for special requests, which a preview is not.
    if (Field === 'http-header' || Field === 'query-string')
        return false;
    if (Field !== 'host-header' || url === undefined)
        return true;
    const host = new URL(url).hostname;
    const hosts = HostHeaderConfig?.Values ?? Values;
    // Regular expressions (RegexValues) are not judged: they may match.
    return hosts.length === 0 || hosts.some((pattern) => wildcard(pattern).test(host));
}
const wildcard = (pattern) => new RegExp(`^${pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')}$`, 'i');
const defaultPort = (protocol) => (protocol === 'https:' ? 443 : 80);
async function listenersOf(aws, arn) {
    const answer = await (0,_aws_js__WEBPACK_IMPORTED_MODULE_1__/* .read */ .LF)('elasticloadbalancing:DescribeListeners', () => aws.elb.send(new _aws_sdk_client_elastic_load_balancing_v2__WEBPACK_IMPORTED_MODULE_5__/* .DescribeListenersCommand */ .A({ LoadBalancerArn: arn })));
    return answer.Listeners ?? [];
}
async function rulesOf(aws, listenerArn) {
    return (0,_aws_js__WEBPACK_IMPORTED_MODULE_1__/* .read */ .LF)('elasticloadbalancing:DescribeRules', async () => {
        const rules = [];
        for await (const page of (0,_aws_sdk_client_elastic_load_balancing_v2__WEBPACK_IMPORTED_MODULE_6__/* .paginateDescribeRules */ .u)({ client: aws.elb }, { ListenerArn: listenerArn }))
            rules.push(...(page.Rules ?? []));
        return rules;
    });
}


/***/ }),

/***/ 1655:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   K: () => (/* binding */ liveColor)
/* harmony export */ });
/** The color with all the traffic; while it is split, the one that had it before, else the one that has more. */
function liveColor({ blue, green }, before) {
    if (blue > 0 && green === 0)
        return 'blue';
    if (green > 0 && blue === 0)
        return 'green';
    return before ?? (green > blue ? 'green' : 'blue');
}


/***/ }),

/***/ 308:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   BP: () => (/* binding */ lockTags),
/* harmony export */   HE: () => (/* binding */ lockState),
/* harmony export */   KH: () => (/* binding */ lockedBy),
/* harmony export */   Sk: () => (/* binding */ asTags),
/* harmony export */   Uy: () => (/* binding */ lockTag),
/* harmony export */   vw: () => (/* binding */ isLockOf)
/* harmony export */ });
/* harmony import */ var _lock_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3122);
/* harmony import */ var _tags_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5730);


const lockTag = (name) => `${_tags_js__WEBPACK_IMPORTED_MODULE_1__/* .TAG_PREFIX */ .C_}${name}`;
/** The whole lock, by the names of its tags. */
const lockTags = ({ app, environment }, owner, ttlMs) => ({
    app,
    environment,
    ...(0,_lock_js__WEBPACK_IMPORTED_MODULE_0__/* .ownerTexts */ .a)(owner),
    expires: (0,_lock_js__WEBPACK_IMPORTED_MODULE_0__/* .expiry */ .IC)(ttlMs),
});
/** In the form that ELBv2 takes. */
const asTags = (entries) => Object.entries(entries).map(([key, value]) => ({ Key: lockTag(key), Value: (0,_tags_js__WEBPACK_IMPORTED_MODULE_1__/* .tagValue */ .EZ)(value) }));
function lockState(tags, handle) {
    const text = (name) => tags.get(lockTag(name)) ?? '';
    return {
        owner: (0,_lock_js__WEBPACK_IMPORTED_MODULE_0__/* .ownerFrom */ .K)(text),
        expires: Date.parse(text('expires')) || 0,
        handle,
    };
}
/** Whose lock it is; empty where it is nobody's. */
const lockedBy = (tags) => [tags.get(lockTag('app')), tags.get(lockTag('environment'))].filter((one) => one !== undefined).join(' ');
const isLockOf = (tags, { app, environment }) => tags.get(lockTag('app')) === (0,_tags_js__WEBPACK_IMPORTED_MODULE_1__/* .tagValue */ .EZ)(app) && tags.get(lockTag('environment')) === (0,_tags_js__WEBPACK_IMPORTED_MODULE_1__/* .tagValue */ .EZ)(environment);


/***/ }),

/***/ 7952:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   J: () => (/* binding */ LogTail)
/* harmony export */ });
/* harmony import */ var node_timers_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8500);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2544);
/* harmony import */ var _aws_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(3550);
/* harmony import */ var _task_definitions_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(1873);
/* harmony import */ var _tasks_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(7989);





/** How many lines are read, and how many of them are shown. */
const READ_LINES = 50;
const SHOWN_LINES = 20;
/** All that a log may cost a verdict, in ms. */
const DEADLINE_MS = 10_000;
/** A log agent hands over the last lines a moment after the end; one more look is worth it. */
const LATE_MS = 1_500;
/** Reads the ends of container logs from CloudWatch, with a client that is loaded once a failure needs it. */
class LogTail {
    #aws;
    #definitions;
    #clients = new Map();
    constructor(aws, definitions) {
        this.#aws = aws;
        this.#definitions = definitions;
    }
    /** Of the container that ended badly, else of `preferred`. Never throws; nothing for a task that never ran. */
    async read(task, preferred) {
        const container = pick(task, preferred);
        if (container === undefined)
            return undefined;
        try {
            return await this.#read(task, container);
        }
        catch (error) {
            const { message } = (0,_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .toDeployError */ .p)(error);
            return { source: '', lines: [], remark: `log of ${container.name}: not read: ${message}` };
        }
    }
    close() {
        for (const client of this.#clients.values())
            client.destroy();
    }
    async #read(task, container) {
        const name = container.name ?? '';
        const remark = (text) => ({ source: '', lines: [], remark: `log of ${name}: ${text}` });
        const definition = await this.#definitions.get(task.taskDefinitionArn ?? '');
        const { logConfiguration } = (0,_task_definitions_js__WEBPACK_IMPORTED_MODULE_3__/* .containersOf */ .Mz)(definition).find((one) => one.name === name) ?? {};
        if (logConfiguration === undefined)
            return remark('the task definition keeps none; with the awslogs driver its last lines would be here');
        const { logDriver, options = {} } = logConfiguration;
        const group = options['awslogs-group'];
        if (logDriver !== 'awslogs' || group === undefined)
            return remark(`it goes to ${logDriver}, which is not read here`);
        const prefix = options['awslogs-stream-prefix'];
        // Without a prefix, as EC2 allows, Docker names the stream by its own id of the container.
        const stream = prefix === undefined ? (container.runtimeId ?? '') : `${prefix}/${name}/${(0,_tasks_js__WEBPACK_IMPORTED_MODULE_4__/* .taskId */ .B)(task)}`;
        const lines = await this.#last(options['awslogs-region'] ?? this.#aws.region, group, stream);
        if (lines === undefined)
            return remark(`CloudWatch has no stream ${stream} in ${group}`);
        if (lines.length === 0)
            return remark(`${group} ${stream} is empty`);
        return { source: `${group} ${stream}`, lines };
    }
    /** The last lines; undefined where there is no such group or stream. */
    async #last(region, group, stream) {
        const signal = AbortSignal.timeout(DEADLINE_MS);
        const first = await this.#fetch(region, group, stream, signal);
        if (first !== undefined && first.length > 0)
            return first;
        await (0,node_timers_promises__WEBPACK_IMPORTED_MODULE_0__.setTimeout)(LATE_MS);
        return this.#fetch(region, group, stream, signal);
    }
    async #fetch(region, group, stream, abortSignal) {
        const { CloudWatchLogsClient, GetLogEventsCommand } = await __webpack_require__.e(/* import() */ 758).then(__webpack_require__.bind(__webpack_require__, 758));
        const client = this.#clients.get(region) ?? this.#aws.open(CloudWatchLogsClient, { region, maxAttempts: 2 });
        this.#clients.set(region, client);
        const command = new GetLogEventsCommand({
            logGroupName: group,
            logStreamName: stream,
            limit: READ_LINES,
            startFromHead: false,
        });
        return (0,_aws_js__WEBPACK_IMPORTED_MODULE_2__/* .read */ .LF)('logs:GetLogEvents', async () => {
            try {
                const { events = [] } = await client.send(command, { abortSignal });
                return events
                    .flatMap(({ message = '' }) => message.split(/\r?\n/))
                    .filter((line) => line.trim() !== '')
                    .slice(-SHOWN_LINES);
            }
            catch (error) {
                if ((0,_aws_js__WEBPACK_IMPORTED_MODULE_2__/* .errorName */ .Is)(error) === 'ResourceNotFound')
                    return undefined;
                throw error;
            }
        });
    }
}
/** The container whose last words matter. One that never started has none. */
function pick({ containers = [], startedAt }, preferred) {
    const ran = containers.filter(({ exitCode }) => exitCode !== undefined || startedAt !== undefined);
    return (ran.find(({ exitCode }) => (exitCode ?? 0) !== 0) ?? ran.find(({ name }) => name === preferred) ?? ran[0]);
}


/***/ }),

/***/ 750:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  d: () => (/* binding */ LookAhead)
});

// EXTERNAL MODULE: ./build/src/target/ecs/arn.js
var arn = __webpack_require__(6692);
// EXTERNAL MODULE: ./build/src/target/ecs/findings.js
var findings = __webpack_require__(1669);
// EXTERNAL MODULE: ./build/src/target/ecs/platforms.js
var ecs_platforms = __webpack_require__(1028);
// EXTERNAL MODULE: ./build/src/target/ecs/task-definitions.js
var task_definitions = __webpack_require__(1873);
;// CONCATENATED MODULE: ./build/src/target/ecs/secret-references.js

/** The secrets that a task definition refers to, as far as their store can be asked for them. Pure. */
function secretReferences(definition) {
    const account = definition.arn.split(':')[4] ?? '';
    return (0,task_definitions/* containersOf */.Mz)(definition).flatMap((container) => {
        const { name, secrets, logConfiguration, repositoryCredentials } = container;
        const of = (what) => `${what} of container ${name}`;
        const pulled = repositoryCredentials?.credentialsParameter;
        return [
            ...[...(secrets ?? []), ...(logConfiguration?.secretOptions ?? [])].map((one) => ({
                found: byArn(one.valueFrom, account) ?? parameterByName(one.valueFrom),
                use: of(one.name ?? ''),
            })),
            ...(pulled === undefined
                ? []
                : [
                    {
                        found: byArn(pulled, account) ?? secretByName(pulled),
                        use: of('repositoryCredentials'),
                    },
                ]),
        ].flatMap(({ found, use }) => (found === undefined ? [] : [{ ...found, use }]));
    });
}
// ECS takes ARNs of other regions as they are. After the name, Secrets Manager's may go on with a JSON key, a stage and
// a version (`…:secret:shop-AbCdEf:password::`), which its own API takes for no ARN.
const SECRET = /^arn:[\w-]+:secretsmanager:([\w-]+):\d{12}:secret:[^:]+/;
const PARAMETER = /^arn:[\w-]+:ssm:([\w-]+):(\d{12}):parameter\/([^:]+)/;
function byArn(valueFrom = '', account) {
    const [id, region] = SECRET.exec(valueFrom) ?? [];
    if (id !== undefined && region !== undefined)
        return { store: 'secret', region, names: [id] };
    const [, at, owner, name] = PARAMETER.exec(valueFrom) ?? [];
    // Parameters of another account are not in the list of this one's.
    if (at === undefined || name === undefined || owner !== account || isAmazons(`/${name}`))
        return undefined;
    // `parameter/key` is the ARN of `key` and of `/key`; with a slash in it, a name always begins with one.
    return {
        store: 'parameter',
        region: at,
        names: name.includes('/') ? [`/${name}`] : [name, `/${name}`],
    };
}
/** Without an ARN it is a parameter of the service's region; a version or label may follow its name. */
function parameterByName(valueFrom = '') {
    const [name = ''] = valueFrom.split(':');
    if (name === '' || name === 'arn' || isAmazons(name))
        return undefined;
    return { store: 'parameter', names: [name] };
}
const secretByName = (name) => name === '' || name.startsWith('arn:') ? undefined : { store: 'secret', names: [name] };
/** Public parameters, and references to Secrets Manager (`/aws/reference/secretsmanager/…`), stand in no account's list. */
const isAmazons = (name) => name.startsWith('/aws/');

// EXTERNAL MODULE: ./build/src/target/ecs/aws.js
var ecs_aws = __webpack_require__(3550);
// EXTERNAL MODULE: ../main/node_modules/@smithy/signature-v4/dist-es/SignatureV4.js + 1 modules
var SignatureV4 = __webpack_require__(1934);
;// CONCATENATED MODULE: ./build/src/target/ecs/parameter-store.js


/** A filter takes at most so many values, and a page holds at most so many parameters. */
const BATCH = 50;
/**
 * The list of Systems Manager's Parameter Store. The SDK's client would be 300 kB for this one call, so the call is
 * signed here.
 */
class ParameterStore {
    #aws;
    constructor(aws) {
        this.#aws = aws;
    }
    /** Those of the names that there are. */
    async existing(region, names, signal) {
        const there = new Set();
        for (let start = 0; start < names.length; start += BATCH) {
            const Values = names.slice(start, start + BATCH);
            let NextToken;
            // A page may be empty, and not the last one.
            do {
                const input = {
                    ParameterFilters: [{ Key: 'Name', Option: 'Equals', Values }],
                    MaxResults: BATCH,
                    NextToken,
                };
                const page = await (0,ecs_aws/* read */.LF)('ssm:DescribeParameters', () => this.#ask(region, input, signal));
                for (const { Name } of page.Parameters ?? [])
                    there.add(Name);
                NextToken = page.NextToken;
            } while (NextToken !== undefined);
        }
        return there;
    }
    async #ask(region, input, signal) {
        const { credentials, sha256 } = this.#aws.ecs.config;
        const url = endpointIn(region);
        const body = JSON.stringify(input);
        const signer = new SignatureV4/* SignatureV4 */.B({ service: 'ssm', region, credentials, sha256 });
        const { headers } = await signer.sign({
            method: 'POST',
            protocol: url.protocol,
            hostname: url.hostname,
            path: '/',
            headers: {
                host: url.host,
                'content-type': 'application/x-amz-json-1.1',
                'x-amz-target': 'AmazonSSM.DescribeParameters',
                'user-agent': (0,ecs_aws/* clientOptions */.s1)(region).customUserAgent,
            },
            body,
        });
        const answer = await fetch(url, { method: 'POST', headers, body, signal }).catch((error) => {
            // What is the matter is in the cause: `fetch failed` is all that the error says.
            throw error.cause ?? error;
        });
        const text = await answer.text();
        if (!answer.ok)
            throw errorOf(answer.status, text);
        return JSON.parse(text);
    }
}
/** As the SDK finds it. */
function endpointIn(region) {
    const own = process.env['AWS_ENDPOINT_URL_SSM'] || process.env['AWS_ENDPOINT_URL'];
    if (own)
        return new URL(own);
    return new URL(`https://ssm.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}/`);
}
/** As the SDK would throw it. */
function errorOf(httpStatusCode, text) {
    let told = {};
    try {
        told = JSON.parse(text);
    }
    catch {
        // A page of something in between: the status has to do.
    }
    const error = new Error(told.message ?? told.Message ?? `The answer had the status ${httpStatusCode}.`);
    error.name = told.__type?.split('#').at(-1) ?? 'UnknownError';
    return Object.assign(error, { $metadata: { httpStatusCode } });
}

// EXTERNAL MODULE: ./build/src/target/ecs/preflight.js
var preflight = __webpack_require__(3204);
;// CONCATENATED MODULE: ./build/src/target/ecs/secret-store.js




/** All that it may cost to ask, in ms: a runner may have no way to these services at all. */
const DEADLINE_MS = 10_000;
/**
 * Whether the secrets are there that a task can't start without. Asks for what is known of them, never for their
 * values: whoever may plan need not be able to read them. GetParameters would show values, so parameters are listed.
 */
class SecretStore {
    #aws;
    #clients = new Map();
    #parameters;
    constructor(aws) {
        this.#aws = aws;
        this.#parameters = new ParameterStore(aws);
    }
    /** @param release the task definition that refers to them */
    async look(references, release) {
        const abortSignal = AbortSignal.timeout(DEADLINE_MS);
        const problems = [];
        const notes = new Set();
        for (const [region, all] of Map.groupBy(references, (one) => one.region ?? this.#aws.region)) {
            const told = { region, release };
            for (const [id, uses] of usesOf(all.filter(({ store }) => store === 'secret')))
                try {
                    const state = await this.#secret(region, id, abortSignal);
                    if (state !== 'there')
                        problems.push(missing(`Secret ${id}`, state, { ...told, uses }));
                }
                catch (error) {
                    notes.add((0,findings/* unchecked */.V)('whether the secrets of Secrets Manager exist', error));
                }
            const parameters = all.filter(({ store }) => store === 'parameter');
            try {
                const names = parameters.flatMap((one) => one.names);
                const there = await this.#parameters.existing(region, names, abortSignal);
                const absent = parameters.filter((one) => !one.names.some((name) => there.has(name)));
                for (const [name, uses] of usesOf(absent))
                    problems.push(missing(`Parameter ${name}`, 'absent', { ...told, uses }));
            }
            catch (error) {
                notes.add((0,findings/* unchecked */.V)('whether the parameters of the Parameter Store exist', error));
            }
        }
        return { problems, notes: [...notes] };
    }
    close() {
        for (const client of this.#clients.values())
            client.destroy();
    }
    async #secret(region, SecretId, abortSignal) {
        const { DescribeSecretCommand, SecretsManagerClient } = await __webpack_require__.e(/* import() */ 854).then(__webpack_require__.bind(__webpack_require__, 9854));
        const client = this.#clients.get(region) ?? this.#aws.open(SecretsManagerClient, { region, maxAttempts: 2 });
        this.#clients.set(region, client);
        return (0,ecs_aws/* read */.LF)('secretsmanager:DescribeSecret', async () => {
            try {
                const { DeletedDate } = await client.send(new DescribeSecretCommand({ SecretId }), { abortSignal });
                return DeletedDate === undefined ? 'there' : 'deleted';
            }
            catch (error) {
                if ((0,ecs_aws/* errorName */.Is)(error) === 'ResourceNotFound')
                    return 'absent';
                throw error;
            }
        });
    }
}
function missing(what, state, { region, release, uses }) {
    const wrong = state === 'absent' ? `does not exist in ${region}` : 'is scheduled for deletion';
    return (0,preflight/* problem */.CC)(`${what} ${wrong}: task definition ${release} takes ${uses.join(', ')} from it, and no task starts without.`, state === 'absent'
        ? 'Create it, or correct the reference: a release is made from the task definition of the live service.'
        : 'Restore it (RestoreSecret), or refer to another one in the task definition of the live service.');
}
/** What each of them is for, by its name. */
const usesOf = (references) => [...Map.groupBy(references, ({ names: [name] }) => name)].map(([name, all]) => [
    name,
    [...new Set(all.map(({ use }) => use))],
]);

// EXTERNAL MODULE: ../main/node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/commands/DescribeLoadBalancersCommand.js
var DescribeLoadBalancersCommand = __webpack_require__(2466);
;// CONCATENATED MODULE: ./build/src/target/ecs/zones.js




/** Looks whether tasks would start where the load balancer does not reach. */
async function lookAtZones({ aws, tasks, service, services, loadBalancer, }) {
    if (subnetsOf(service).length === 0)
        return { problems: [], notes: [] };
    try {
        const { LoadBalancers } = await (0,ecs_aws/* read */.LF)('elasticloadbalancing:DescribeLoadBalancers', () => aws.elb.send(new DescribeLoadBalancersCommand/* DescribeLoadBalancersCommand */.A({ LoadBalancerArns: [loadBalancer] })));
        const balancer = LoadBalancers?.[0] ?? {};
        if (strangers(service, balancer).length === 0)
            return { problems: [], notes: [] };
        const running = [];
        for (const { serviceName = '', runningCount = 0 } of services)
            if (runningCount > 0)
                running.push(...(await tasks.running(serviceName)));
        return { problems: zoneProblems(service, running, balancer), notes: [] };
    }
    catch (error) {
        return { problems: [], notes: [(0,findings/* unchecked */.V)('whether the load balancer reaches the tasks’ zones', error)] };
    }
}
/**
 * Subnets in zones that the load balancer is not enabled in: it sends nothing to targets there (Target.NotInUse). Only
 * what is certain: the zone of a subnet is known from tasks that run in it.
 */
function zoneProblems(service, running, balancer) {
    const { LoadBalancerName, AvailabilityZones = [] } = balancer;
    const enabled = AvailabilityZones.flatMap(({ ZoneName }) => ZoneName ?? []);
    if (enabled.length === 0)
        return [];
    const zones = new Map(running.flatMap(placeOf));
    return strangers(service, balancer).flatMap((subnet) => {
        const zone = zones.get(subnet);
        if (zone === undefined || enabled.includes(zone))
            return [];
        return (0,preflight/* problem */.CC)(`Subnet ${subnet} of service ${service.serviceName} is in ${zone}, and load balancer ${LoadBalancerName} is enabled in ${enabled.join(', ')} only: tasks that start there get no requests.`, `Enable ${zone} on the load balancer, or take the subnet out of the network configuration of the service.`);
    });
}
const subnetsOf = ({ networkConfiguration }) => networkConfiguration?.awsvpcConfiguration?.subnets ?? [];
/** Those in which the load balancer has no node of its own, which may be in its zones all the same. */
const strangers = (service, { AvailabilityZones = [] }) => subnetsOf(service).filter((subnet) => !AvailabilityZones.some(({ SubnetId }) => SubnetId === subnet));
function placeOf({ availabilityZone, attachments = [] }) {
    const subnet = attachments
        .find(({ type }) => type === 'ElasticNetworkInterface')
        ?.details?.find(({ name }) => name === 'subnetId')?.value;
    return subnet === undefined || availabilityZone === undefined ? [] : [[subnet, availabilityZone]];
}

;// CONCATENATED MODULE: ./build/src/target/ecs/look-ahead.js







/** Finds what would show only once tasks start. Looks once: a plan asks what is wrong, and then what it could not see. */
class LookAhead {
    #options;
    #secrets;
    #found;
    constructor(options) {
        this.#options = options;
        this.#secrets = new SecretStore(options.aws);
    }
    async look(prospect, { readOnly }) {
        this.#found ??= this.#look(prospect, readOnly);
        try {
            return await this.#found;
        }
        catch (error) {
            this.#found = undefined;
            throw error;
        }
    }
    close() {
        this.#secrets.close();
    }
    async #look(prospect, readOnly) {
        const { starting, services, loadBalancer } = await prospect();
        const { registry, ...sources } = this.#options;
        const ofImages = await lookAtImages(registry, starting);
        // A deployment should need no right to look at secrets, and sees within seconds what its tasks stop for.
        if (!readOnly)
            return ofImages;
        const ofZones = await lookAtZones({ ...sources, service: starting[0].service, services, loadBalancer });
        return (0,findings/* join */.f)([ofImages, ofZones, await lookAtSecrets(this.#secrets, starting)]);
    }
}
/** Images that can't run where they are going to. */
async function lookAtImages(registry, all) {
    const found = [];
    for (const { service, definition, images } of all) {
        if ((0,ecs_platforms/* platformOf */.tj)(definition, service) === undefined)
            continue;
        const names = (0,task_definitions/* containersOf */.Mz)(definition).map(({ name }) => name ?? '');
        for (const image of new Set(names.flatMap((name) => images.get(name) ?? []))) {
            const { platforms = [], remark } = await registry.platforms(image);
            found.push({
                problems: platforms.length === 0 ? [] : (0,ecs_platforms/* platformProblems */.Sr)(image, platforms, definition, service),
                notes: remark === undefined ? [] : [remark],
            });
        }
    }
    return (0,findings/* join */.f)(found);
}
/** Secrets that tasks would wait for in vain. */
async function lookAtSecrets(store, all) {
    const found = [];
    for (const definition of new Set(all.map((one) => one.definition)))
        found.push(await store.look(secretReferences(definition), (0,arn/* releaseId */.Bf)(definition.arn)));
    return (0,findings/* join */.f)(found);
}


/***/ }),

/***/ 8159:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   N: () => (/* binding */ Places),
/* harmony export */   T: () => (/* binding */ sharesNetwork)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_ecs__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2516);
/* harmony import */ var _aws_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3550);


/** DescribeContainerInstances takes at most so many. */
const BATCH = 100;
/**
 * Finds the targets that are a task's own. With network mode awsvpc a task has an address; with bridge and host, of the
 * launch type EC2, tasks share that of their machine, and the port is what tells them apart (facts/ecs.md 4c).
 */
class Places {
    #aws;
    #settings;
    /** EC2 instance ids by the ARN of the container instance, which never change. */
    #machines = new Map();
    constructor(aws, settings) {
        this.#aws = aws;
        this.#settings = settings;
    }
    /** By the task's ARN; nothing for a task that has no place yet. */
    async of(tasks, service, targetGroup) {
        // With ECS's own blue/green, a service has a second group, in which it registers every other release.
        const balancer = service.loadBalancers?.find(({ targetGroupArn, advancedConfiguration }) => [targetGroupArn, advancedConfiguration?.alternateTargetGroupArn].includes(targetGroup));
        await this.learn(tasks);
        const places = new Map();
        for (const task of tasks) {
            const place = this.#placeOf(task, balancer ?? {});
            if (place !== undefined)
                places.set(task.taskArn ?? '', place);
        }
        return places;
    }
    #placeOf(task, { containerName, containerPort = 0 }) {
        const address = addressOf(task);
        if (address !== undefined)
            return { id: address, ports: [containerPort] };
        const machine = this.#machines.get(task.containerInstanceArn ?? '');
        if (machine === undefined)
            return undefined;
        const container = task.containers?.find(({ name }) => name === containerName);
        const bound = (container?.networkBindings ?? []).filter((binding) => binding.containerPort === containerPort);
        // With host, the container's port is the machine's, and the agent need not report a binding.
        const ports = bound.length === 0 ? [containerPort] : bound.flatMap(({ hostPort }) => hostPort ?? []);
        return { id: machine, ports: [...new Set(ports)] };
    }
    /** Looks up the machines of tasks that have no address of their own. */
    async learn(tasks) {
        const arns = tasks
            .filter((task) => addressOf(task) === undefined && task.lastStatus === 'RUNNING')
            .flatMap(({ containerInstanceArn }) => containerInstanceArn ?? []);
        const unknown = [...new Set(arns)].filter((arn) => !this.#machines.has(arn));
        const { cluster } = this.#settings;
        for (let start = 0; start < unknown.length; start += BATCH) {
            const containerInstances = unknown.slice(start, start + BATCH);
            const answer = await (0,_aws_js__WEBPACK_IMPORTED_MODULE_0__/* .read */ .LF)('ecs:DescribeContainerInstances', () => this.#aws.ecs.send(new _aws_sdk_client_ecs__WEBPACK_IMPORTED_MODULE_1__/* .DescribeContainerInstancesCommand */ .Q({ cluster, containerInstances })));
            for (const { containerInstanceArn, ec2InstanceId } of answer.containerInstances ?? [])
                if (containerInstanceArn !== undefined && ec2InstanceId !== undefined)
                    this.#machines.set(containerInstanceArn, ec2InstanceId);
        }
    }
}
/** Whether tasks are reached by their machine's ports. No mode at all is `bridge`. */
const sharesNetwork = ({ content }) => content['networkMode'] !== 'awsvpc';
/** The address of its own that a task of network mode awsvpc has. */
const addressOf = (task) => task.attachments?.flatMap(({ details }) => details ?? []).find(({ name }) => name === 'privateIPv4Address')
    ?.value;


/***/ }),

/***/ 7196:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   An: () => (/* binding */ registration),
/* harmony export */   N4: () => (/* binding */ note),
/* harmony export */   p9: () => (/* binding */ callsOf),
/* harmony export */   y6: () => (/* binding */ forget)
/* harmony export */ });
/* harmony import */ var _release_color_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(9478);
/* harmony import */ var _arn_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6692);
/* harmony import */ var _standings_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8746);



/** By which calls `EcsTarget` makes a change: kept in step with it by test/e2e/ecs/plan.test.ts. */
function callsOf(move, facts) {
    const { to, from, main, workers, traffic, preview } = facts;
    const all = [main, ...workers];
    switch (move.do) {
        case 'lock':
            return [
                `elasticloadbalancing:CreateRule ${preview}: the lock, kept by elasticloadbalancing:AddTags, and the way to ${to} before users have it`,
            ];
        case 'unlock':
            return [`elasticloadbalancing:DeleteRule ${preview}`];
        case 'check':
            return all.flatMap(({ calls }) => calls.check);
        case 'create-release':
            return all
                .filter(({ same }) => same === undefined)
                .map(({ wanted: { family }, live }) => registration(family, live.definition));
        case 'note':
            return [
                ...workers.flatMap(({ names, scaling }) => [
                    ...(move.phase === 'staging' ? [note(names[to], 'what becomes of it')] : []),
                    ...(move.phase !== 'retiring' && scaling[from] !== undefined
                        ? [note(names[from], 'how it scales')]
                        : []),
                ]),
                note(main.names[to], `the run is ${move.phase}`),
            ];
        case 'prepare':
            return traffic.prepare;
        case 'start':
            return all.map(({ names, wanted, same, count }) => {
                const revision = same === undefined ? `the new revision of ${wanted.family}` : (0,_arn_js__WEBPACK_IMPORTED_MODULE_0__/* .releaseId */ .Bf)(same.arn);
                const anew = count > 0 ? ', forceNewDeployment' : '';
                return `ecs:UpdateService ${names[to]}: taskDefinition ${revision}, desiredCount ${count}${anew}`;
            });
        case 'hold-scaling':
            return all.flatMap(({ calls }) => calls.hold);
        case 'shift':
            return traffic.shift(move.weights);
        case 'share-scaling':
            return all.flatMap(({ calls }) => calls.share);
        case 'hand-scaling-over':
            return all.flatMap(({ calls }) => (move.scaleIn ? calls.complete : calls.handOver));
        case 'mark':
            return marks(move.color, facts);
        case 'park':
            return [
                ...traffic.putBack,
                ...all.map(({ names }, index) => park(names[move.color], index === 0 ? move.keep : 0)),
            ];
        case 'forget':
            return [
                ..._release_color_js__WEBPACK_IMPORTED_MODULE_2__/* .COLORS */ .lm.map((color) => forget(main.names[color])),
                ...workers.flatMap(({ names, scaling }) => _release_color_js__WEBPACK_IMPORTED_MODULE_2__/* .COLORS */ .lm.filter((color) => color === to || scaling[from] !== undefined).map((color) => forget(names[color]))),
            ];
        case 'go-on':
            return [];
    }
}
/** The calls that both ways of deploying to ECS make. */
const registration = (family, base) => `ecs:RegisterTaskDefinition ${family}: as ${(0,_arn_js__WEBPACK_IMPORTED_MODULE_0__/* .releaseId */ .Bf)(base.arn)}, with the new image`;
const note = (service, what) => `ecs:TagResource ${service}: notes ${what}`;
const park = (service, keep) => `ecs:UpdateService ${service}: desiredCount ${keep}`;
const forget = (service) => `ecs:UntagResource ${service}: what was noted`;
/** A release that users were taken from, and have again, is forgiven. */
function marks(color, { to, services, main }) {
    const definition = color === to ? main.same : main.live.definition;
    const release = definition === undefined ? undefined : (0,_arn_js__WEBPACK_IMPORTED_MODULE_0__/* .releaseId */ .Bf)(definition.arn);
    const forgiving = _release_color_js__WEBPACK_IMPORTED_MODULE_2__/* .COLORS */ .lm.filter((one) => release !== undefined && (0,_standings_js__WEBPACK_IMPORTED_MODULE_1__/* .rolledBack */ .EN)(services[one]).includes(release));
    return [color, ...forgiving].map((one) => note(main.names[one], 'that users had this release'));
}


/***/ }),

/***/ 9636:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Jz: () => (/* binding */ newerRevision),
/* harmony export */   XV: () => (/* binding */ differentNetworks),
/* harmony export */   v: () => (/* binding */ differentAttributes),
/* harmony export */   z2: () => (/* binding */ notEmpty)
/* harmony export */ });
/* harmony import */ var _definition_changes_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(9774);
/* harmony import */ var _task_definitions_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1873);


/** What stops no deployment, and users should know of before one. Pure. */
/**
 * Somebody registered a revision since, and deployed it nowhere: what is deployed is made from what is live. Those of
 * this action differ in their images only.
 */
function newerRevision(live, newest) {
    if (revisionOf(newest) <= revisionOf(live))
        return [];
    const images = new Map((0,_task_definitions_js__WEBPACK_IMPORTED_MODULE_0__/* .containersOf */ .Mz)(live).map(({ name = '', image = '' }) => [name, image]));
    const tag = live.tags.find(({ key }) => key === _task_definitions_js__WEBPACK_IMPORTED_MODULE_0__/* .IMAGE_TAG */ .Ne)?.value;
    const changes = (0,_definition_changes_js__WEBPACK_IMPORTED_MODULE_1__/* .definitionChanges */ .x)(live, (0,_task_definitions_js__WEBPACK_IMPORTED_MODULE_0__/* .withImages */ .nS)(newest, images, tag));
    if (changes.length === 0)
        return [];
    const paths = changes.map(({ what }) => what);
    const shown = paths.slice(0, MOST_PATHS).join(', ');
    const more = paths.length > MOST_PATHS ? ` and ${paths.length - MOST_PATHS} more` : '';
    return [
        `${nameOf(newest)} is newer than ${nameOf(live)}, which is live, and differs in ${shown}${more}: a release is made from what is live, and does not have that. Update the live service to it first if it should.`,
    ];
}
const MOST_PATHS = 10;
const nameOf = ({ arn }) => arn.slice(arn.indexOf('/') + 1);
const revisionOf = ({ arn }) => Number(/:(\d+)$/.exec(arn)?.[1] ?? 0);
/** One color would serve users otherwise than the other. */
function differentAttributes(blue, green) {
    const keys = [...new Set([...blue.keys(), ...green.keys()])].filter((key) => blue.get(key) !== green.get(key));
    if (keys.length === 0)
        return [];
    const pairs = keys.map((key) => `${key} (blue ${blue.get(key) ?? 'none'}, green ${green.get(key) ?? 'none'})`);
    return [`The target groups differ in ${pairs.join(', ')}: each color serves users with its own.`];
}
/** A color in another network may be out of reach, or reach less, than the one that users have. */
function differentNetworks({ blue, green }) {
    const [one, other] = [networkOf(blue), networkOf(green)];
    const pairs = Object.keys(one)
        .filter((key) => one[key] !== other[key])
        .map((key) => `${key} (blue ${one[key] || 'none'}, green ${other[key] || 'none'})`);
    if (pairs.length === 0)
        return [];
    return [
        `Services ${blue.serviceName} and ${green.serviceName} differ in ${pairs.join(', ')}: each color runs in its own network.`,
    ];
}
/** In which order a list stands says nothing; services have no public addresses by default. */
function networkOf({ networkConfiguration }) {
    const { subnets, securityGroups, assignPublicIp } = networkConfiguration?.awsvpcConfiguration ?? {};
    const list = (ids = []) => [...ids].sort().join(' ');
    return {
        subnets: list(subnets),
        securityGroups: list(securityGroups),
        assignPublicIp: assignPublicIp ?? 'DISABLED',
    };
}
/** What runs where the new release is going to. */
function notEmpty({ serviceName, desiredCount = 0 }) {
    if (desiredCount === 0)
        return [];
    return [`${serviceName} is not parked: the ${desiredCount} that it runs are replaced.`];
}


/***/ }),

/***/ 1028:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   S2: () => (/* binding */ platformsIn),
/* harmony export */   Sr: () => (/* binding */ platformProblems),
/* harmony export */   tj: () => (/* binding */ platformOf)
/* harmony export */ });
/* harmony import */ var _arn_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6692);
/* harmony import */ var _preflight_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3204);


/**
 * What tasks run on; undefined where that is known to the machines only. Fargate has a default, EC2 and machines of
 * one's own run what they are.
 */
function platformOf({ content }, { launchType, capacityProviderStrategy = [] }) {
    const { cpuArchitecture, operatingSystemFamily = 'LINUX' } = (content['runtimePlatform'] ?? {});
    const isFargate = launchType === 'FARGATE' ||
        (capacityProviderStrategy.length > 0 &&
            capacityProviderStrategy.every(({ capacityProvider }) => /^FARGATE(_SPOT)?$/.test(capacityProvider ?? '')));
    const architecture = ARCHITECTURES[cpuArchitecture ?? (isFargate ? 'X86_64' : '')];
    if (architecture === undefined)
        return undefined;
    return { os: operatingSystemFamily.startsWith('WINDOWS') ? 'windows' : 'linux', architecture };
}
const ARCHITECTURES = { X86_64: 'amd64', ARM64: 'arm64' };
/** containerd takes a processor's 32-bit image where there is no other. */
const TAKEN = {
    amd64: ['amd64', '386'],
    arm64: ['arm64', 'arm'],
};
/** Nothing in the image would run on what the task definition asks for. */
function platformProblems(image, built, definition, service) {
    const wanted = platformOf(definition, service);
    if (wanted === undefined || built.some((one) => runsOn(one, wanted)))
        return [];
    const needed = nameOf(wanted);
    return [
        (0,_preflight_js__WEBPACK_IMPORTED_MODULE_1__/* .problem */ .CC)(`${image} is built for ${[...new Set(built.map(nameOf))].join(', ')}, and task definition ${(0,_arn_js__WEBPACK_IMPORTED_MODULE_0__/* .releaseId */ .Bf)(definition.arn)} runs on ${needed}.`, `Build it for that too (docker buildx build --platform ${needed}), or change runtimePlatform in the task definition of the live service.`),
    ];
}
const runsOn = (one, wanted) => one.os === wanted.os && (TAKEN[wanted.architecture] ?? []).includes(one.architecture);
const nameOf = ({ os, architecture }) => `${os}/${architecture}`;
/**
 * The platforms that a manifest lists; undefined for that of a single image, which keeps them in a layer, and where
 * one of those listed does not say what it is for.
 */
function platformsIn(manifest) {
    const { manifests } = JSON.parse(manifest);
    if (manifests === undefined)
        return undefined;
    const all = manifests.map(({ platform: { os, architecture } = {} }) => ({ os, architecture }));
    // What BuildKit attests of an image stands beside it, for the platform unknown/unknown.
    const images = all.filter(({ architecture }) => architecture !== 'unknown');
    const told = images.filter((one) => one.os !== undefined && one.architecture !== undefined);
    return told.length === 0 || told.length < images.length ? undefined : told;
}


/***/ }),

/***/ 3204:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   CC: () => (/* binding */ problem),
/* harmony export */   Uh: () => (/* binding */ groupProblems),
/* harmony export */   Yx: () => (/* binding */ containerProblems),
/* harmony export */   bv: () => (/* binding */ digestProblems),
/* harmony export */   o6: () => (/* binding */ findProblems),
/* harmony export */   th: () => (/* binding */ schedulingProblems),
/* harmony export */   xg: () => (/* binding */ controllerProblems)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_elastic_load_balancing_v2__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(4854);
/* harmony import */ var _release_color_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(9478);
/* harmony import */ var _aws_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3550);
/* harmony import */ var _task_definitions_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1873);




/** What would make a deployment fail, or hurt users, as far as it can be seen beforehand. */
async function findProblems({ aws, settings, services, groups, definition, container, imageTag, loadBalancer, workers, }) {
    return [
        ..._release_color_js__WEBPACK_IMPORTED_MODULE_2__/* .COLORS */ .lm.flatMap((color) => [
            ...controllerProblems(services[color]),
            ...schedulingProblems(services[color]),
        ]),
        ...containerProblems(settings, definition, container, workers),
        ...digestProblems(settings, imageTag),
        ..._release_color_js__WEBPACK_IMPORTED_MODULE_2__/* .COLORS */ .lm.flatMap((color) => registrationProblems(services[color], groups[color])),
        ...(await groupProblems(aws, groups, loadBalancer, definition)),
    ];
}
function controllerProblems(service) {
    const controller = service.deploymentController?.type ?? 'ECS';
    const strategy = service.deploymentConfiguration?.strategy ?? 'ROLLING';
    if (controller !== 'ECS')
        return [
            problem(`Service ${service.serviceName} has the deployment controller ${controller}.`, 'Recreate it with the controller ECS: two plain services take the place of what that controller does.'),
        ];
    if (strategy !== 'ROLLING')
        return [
            problem(`Service ${service.serviceName} has the deployment strategy ${strategy}, which moves traffic by itself.`, 'Set deploymentConfiguration.strategy to ROLLING on both services, or name a single one in ecs.services.native.'),
        ];
    return [];
}
function schedulingProblems({ serviceName, schedulingStrategy }) {
    if (schedulingStrategy !== 'DAEMON')
        return [];
    return [
        problem(`Service ${serviceName} has the scheduling strategy DAEMON: it can not be stopped by its count.`, 'Recreate it with the scheduling strategy REPLICA.'),
    ];
}
function containerProblems(settings, definition, container, workers = []) {
    const namesOf = (one) => (0,_task_definitions_js__WEBPACK_IMPORTED_MODULE_1__/* .containersOf */ .Mz)(one).map(({ name }) => name ?? '');
    const names = namesOf(definition);
    const elsewhere = workers.flatMap(namesOf);
    return [container, ...Object.keys(settings.images).filter((name) => !elsewhere.includes(name))]
        .filter((name) => !names.includes(name))
        .map((name) => problem(`Task definition ${definition.arn} has no container ${name}.`, `Its containers are ${names.join(', ')}: correct ecs.container or ecs.images.`));
}
/** A digest is of one repository: the others have no such image. */
function digestProblems({ images }, imageTag) {
    if (!imageTag.startsWith('sha256:') || Object.keys(images).length === 0)
        return [];
    return [
        problem(`ecs.images can't take the digest ${imageTag}, which is of one repository only.`, 'Deploy by a tag that all of the repositories have.'),
    ];
}
/** How a load balancer knows tasks: each by an address of its own, or by its machine and a port there. */
function networkProblems({ arn, content }, described) {
    const mode = String(content['networkMode'] ?? 'bridge');
    if (mode === 'none')
        return [
            problem(`Task definition ${arn} has the network mode none: no load balancer can reach its tasks.`, 'Use awsvpc, bridge or host.'),
        ];
    const fitting = mode === 'awsvpc' ? 'ip' : 'instance';
    return described
        .filter(({ TargetType }) => TargetType !== fitting)
        .map(({ TargetGroupName, TargetType }) => problem(`Target group ${TargetGroupName} has the target type ${TargetType}.`, `Tasks of network mode ${mode}, as in ${arn}, need target groups of type ${fitting}.`));
}
function registrationProblems(service, group) {
    const own = (service.loadBalancers ?? []).map(({ targetGroupArn }) => targetGroupArn ?? '');
    if (own.includes(group))
        return [];
    return [
        problem(`Service ${service.serviceName} does not register its tasks in ${group}.`, own.length === 0
            ? 'Give the service that target group (UpdateService loadBalancers).'
            : `It registers them in ${own.join(', ')}: correct ecs.target-groups, or leave it out.`),
    ];
}
async function groupProblems(aws, groups, loadBalancer, definition) {
    const described = await (0,_aws_js__WEBPACK_IMPORTED_MODULE_0__/* .read */ .LF)('elasticloadbalancing:DescribeTargetGroups', async () => {
        try {
            const answer = await aws.elb.send(new _aws_sdk_client_elastic_load_balancing_v2__WEBPACK_IMPORTED_MODULE_3__/* .DescribeTargetGroupsCommand */ .s({ TargetGroupArns: [groups.blue, groups.green] }));
            return answer.TargetGroups ?? [];
        }
        catch (error) {
            if ((0,_aws_js__WEBPACK_IMPORTED_MODULE_0__/* .errorName */ .Is)(error) === 'TargetGroupNotFound')
                return undefined;
            throw error;
        }
    });
    if (described === undefined)
        return [
            problem(`Target group ${groups.blue} or ${groups.green} does not exist.`, 'Correct ecs.target-groups, or leave it out to have them read from the services.'),
        ];
    const pair = Object.fromEntries(_release_color_js__WEBPACK_IMPORTED_MODULE_2__/* .COLORS */ .lm.map((color) => [color, described.find(({ TargetGroupArn }) => TargetGroupArn === groups[color])]));
    return [
        ...described.flatMap((group) => foreignProblems(group, loadBalancer)),
        ...networkProblems(definition, described),
        ...differences(pair),
    ];
}
/** A target group can belong to one load balancer only. */
function foreignProblems({ TargetGroupName, LoadBalancerArns = [] }, own) {
    const foreign = LoadBalancerArns.filter((arn) => !arn.endsWith(`loadbalancer/${own}`));
    if (foreign.length === 0)
        return [];
    return [
        problem(`Target group ${TargetGroupName} belongs to another load balancer, ${foreign.join(', ')}.`, 'Each color needs a target group of its own behind the load balancer of ecs.listeners.'),
    ];
}
/** Two groups that judge health differently make one color's health say nothing of the other's. */
function differences({ blue, green }) {
    if (blue === undefined || green === undefined)
        return [];
    const keys = ['Protocol', 'ProtocolVersion', 'VpcId'];
    return keys
        .filter((key) => blue[key] !== green[key])
        .map((key) => problem(`The target groups differ in ${key}: blue ${blue[key]}, green ${green[key]}.`, 'Make them alike: users must not notice which color serves them.'));
}
const problem = (message, fix) => ({ message, fix, forceable: false });


/***/ }),

/***/ 5430:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   L: () => (/* binding */ PreviewRule)
/* harmony export */ });
/* unused harmony export PREVIEW_HEADER */
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7598);
/* harmony import */ var _aws_sdk_client_elastic_load_balancing_v2__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(8088);
/* harmony import */ var _aws_sdk_client_elastic_load_balancing_v2__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(1930);
/* harmony import */ var _aws_sdk_client_elastic_load_balancing_v2__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(7076);
/* harmony import */ var _aws_sdk_client_elastic_load_balancing_v2__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(4869);
/* harmony import */ var _aws_sdk_client_elastic_load_balancing_v2__WEBPACK_IMPORTED_MODULE_9__ = __webpack_require__(9062);
/* harmony import */ var _aws_sdk_client_elastic_load_balancing_v2__WEBPACK_IMPORTED_MODULE_10__ = __webpack_require__(1902);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2544);
/* harmony import */ var _lock_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(3122);
/* harmony import */ var _aws_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(3550);
/* harmony import */ var _lock_tags_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(308);
/* harmony import */ var _tags_js__WEBPACK_IMPORTED_MODULE_11__ = __webpack_require__(5730);







const PREVIEW_HEADER = 'x-blue-green-preview';
/**
 * The preview rule, which is the lock: `CreateRule` at a fixed priority is atomic (PriorityInUse), its header value is
 * a nonce that only this run knows, its tags tell who holds it, and `DeleteRule` by ARN can only hit this very rule.
 */
class PreviewRule {
    #aws;
    #options;
    /** One for the process: a rule whose CreateRule was answered too late is known for ours by it. */
    #nonce = (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.randomBytes)(16).toString('hex');
    /** When this process last opened or redirected the way in, ms since the epoch. */
    #since = 0;
    constructor(aws, options) {
        this.#aws = aws;
        this.#options = options;
    }
    async read() {
        const rule = await this.#find();
        if (rule?.RuleArn === undefined)
            return undefined;
        const tags = await this.#tags(rule.RuleArn);
        if (tags === undefined)
            return undefined; // deleted between the two calls
        this.#refuseForeign(rule, tags);
        return (0,_lock_tags_js__WEBPACK_IMPORTED_MODULE_4__/* .lockState */ .HE)(tags, rule.RuleArn);
    }
    async acquire(owner, ttlMs) {
        const { listenerArn, priority } = this.#options;
        const tags = (0,_lock_tags_js__WEBPACK_IMPORTED_MODULE_4__/* .asTags */ .Sk)((0,_lock_tags_js__WEBPACK_IMPORTED_MODULE_4__/* .lockTags */ .BP)(this.#options, owner, ttlMs));
        const group = await this.#options.idleGroup();
        const arn = await (0,_aws_js__WEBPACK_IMPORTED_MODULE_3__/* .modify */ .JP)('elasticloadbalancing:CreateRule', async () => {
            try {
                const { Rules } = await this.#aws.elb.send(new _aws_sdk_client_elastic_load_balancing_v2__WEBPACK_IMPORTED_MODULE_5__/* .CreateRuleCommand */ .O({
                    ListenerArn: listenerArn,
                    Priority: priority,
                    Conditions: [
                        {
                            Field: 'http-header',
                            HttpHeaderConfig: { HttpHeaderName: PREVIEW_HEADER, Values: [this.#nonce] },
                        },
                    ],
                    Actions: [{ Type: 'forward', TargetGroupArn: group }],
                    Tags: tags,
                }));
                return Rules?.[0]?.RuleArn;
            }
            catch (error) {
                if ((0,_aws_js__WEBPACK_IMPORTED_MODULE_3__/* .errorName */ .Is)(error) !== 'PriorityInUse')
                    throw error;
                // Ours all the same when AWS did create it and the answer was lost: the SDK's second try then gets this error.
                const taken = await this.#find();
                return taken !== undefined && nonceOf(taken) === this.#nonce ? taken.RuleArn : undefined;
            }
        });
        if (arn === undefined)
            return undefined;
        this.#since = Date.now();
        return this.#lease(arn, ttlMs);
    }
    resume(handle, ttlMs) {
        return (0,_lock_js__WEBPACK_IMPORTED_MODULE_2__/* .renewed */ .Fv)(this.#lease(handle, ttlMs));
    }
    async break({ handle }) {
        await this.#delete(handle);
    }
    /** The header that leads to `group`, and since when it does; redirects the rule when it leads elsewhere. */
    async way(group) {
        const rule = await this.#find();
        const nonce = rule === undefined ? undefined : nonceOf(rule);
        if (rule?.RuleArn === undefined || nonce === undefined)
            return undefined;
        const leads = rule.Actions?.[0]?.ForwardConfig?.TargetGroups?.[0]?.TargetGroupArn ??
            rule.Actions?.[0]?.TargetGroupArn;
        if (leads !== group) {
            await (0,_aws_js__WEBPACK_IMPORTED_MODULE_3__/* .modify */ .JP)('elasticloadbalancing:ModifyRule', () => this.#aws.elb.send(new _aws_sdk_client_elastic_load_balancing_v2__WEBPACK_IMPORTED_MODULE_6__/* .ModifyRuleCommand */ .y({
                RuleArn: rule.RuleArn,
                Actions: [{ Type: 'forward', TargetGroupArn: group }],
            })));
            this.#since = Date.now();
        }
        return { headers: { [PREVIEW_HEADER]: nonce }, since: this.#since };
    }
    #lease(arn, ttlMs) {
        // Without an answer there is no news about the lock, so this counts as a read.
        const set = (expires) => (0,_aws_js__WEBPACK_IMPORTED_MODULE_3__/* .read */ .LF)('elasticloadbalancing:AddTags', async () => {
            try {
                await this.#aws.elb.send(new _aws_sdk_client_elastic_load_balancing_v2__WEBPACK_IMPORTED_MODULE_7__/* .AddTagsCommand */ .y({ ResourceArns: [arn], Tags: [{ Key: (0,_lock_tags_js__WEBPACK_IMPORTED_MODULE_4__/* .lockTag */ .Uy)('expires'), Value: expires }] }));
            }
            catch (error) {
                if ((0,_aws_js__WEBPACK_IMPORTED_MODULE_3__/* .errorName */ .Is)(error) !== 'RuleNotFound')
                    throw error;
                throw (0,_lock_js__WEBPACK_IMPORTED_MODULE_2__/* .lockLost */ .wV)();
            }
        });
        return {
            handle: arn,
            renew: () => set((0,_lock_js__WEBPACK_IMPORTED_MODULE_2__/* .expiry */ .IC)(ttlMs)),
            release: ({ keepPreview }) => (keepPreview ? set((0,_lock_js__WEBPACK_IMPORTED_MODULE_2__/* .expiry */ .IC)(0)) : this.#delete(arn)),
        };
    }
    async #delete(arn) {
        await (0,_aws_js__WEBPACK_IMPORTED_MODULE_3__/* .modify */ .JP)('elasticloadbalancing:DeleteRule', async () => {
            try {
                await this.#aws.elb.send(new _aws_sdk_client_elastic_load_balancing_v2__WEBPACK_IMPORTED_MODULE_8__/* .DeleteRuleCommand */ .p({ RuleArn: arn }));
            }
            catch (error) {
                if ((0,_aws_js__WEBPACK_IMPORTED_MODULE_3__/* .errorName */ .Is)(error) !== 'RuleNotFound')
                    throw error;
            }
        });
    }
    /** Whatever rule stands at our priority. */
    async #find() {
        const { listenerArn, priority } = this.#options;
        return (0,_aws_js__WEBPACK_IMPORTED_MODULE_3__/* .read */ .LF)('elasticloadbalancing:DescribeRules', async () => {
            const pages = (0,_aws_sdk_client_elastic_load_balancing_v2__WEBPACK_IMPORTED_MODULE_9__/* .paginateDescribeRules */ .u)({ client: this.#aws.elb }, { ListenerArn: listenerArn });
            for await (const { Rules = [] } of pages) {
                const rule = Rules.find(({ Priority }) => Priority === String(priority));
                if (rule !== undefined)
                    return rule;
            }
            return undefined;
        });
    }
    async #tags(arn) {
        return (0,_aws_js__WEBPACK_IMPORTED_MODULE_3__/* .read */ .LF)('elasticloadbalancing:DescribeTags', async () => {
            try {
                const answer = await this.#aws.elb.send(new _aws_sdk_client_elastic_load_balancing_v2__WEBPACK_IMPORTED_MODULE_10__/* .DescribeTagsCommand */ .y({ ResourceArns: [arn] }));
                return (0,_tags_js__WEBPACK_IMPORTED_MODULE_11__/* .tagMap */ .lD)(answer.TagDescriptions?.[0]?.Tags);
            }
            catch (error) {
                if ((0,_aws_js__WEBPACK_IMPORTED_MODULE_3__/* .errorName */ .Is)(error) === 'RuleNotFound')
                    return undefined;
                throw error;
            }
        });
    }
    #refuseForeign(rule, tags) {
        if ((0,_lock_tags_js__WEBPACK_IMPORTED_MODULE_4__/* .isLockOf */ .vw)(tags, this.#options))
            return;
        const { listenerArn, priority } = this.#options;
        const owner = (0,_lock_tags_js__WEBPACK_IMPORTED_MODULE_4__/* .lockedBy */ .KH)(tags);
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .DeployError */ .s(owner === ''
            ? `Priority ${priority} of ${listenerArn} belongs to a rule of your own (${rule.RuleArn}).`
            : `Priority ${priority} of ${listenerArn} is used by ${owner}.`, {
            code: 'preview-priority-taken',
            hint: 'Set ecs.preview-priority to a priority that no other rule of this listener uses, smaller than theirs.',
        });
    }
}
const nonceOf = (rule) => rule.Conditions?.find(({ HttpHeaderConfig }) => HttpHeaderConfig?.HttpHeaderName?.toLowerCase() === PREVIEW_HEADER)?.HttpHeaderConfig?.Values?.[0];


/***/ }),

/***/ 4252:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   MW: () => (/* binding */ captureText),
/* harmony export */   lL: () => (/* binding */ captureAnswer),
/* harmony export */   sJ: () => (/* binding */ amendBody),
/* harmony export */   xv: () => (/* binding */ sendInstead)
/* harmony export */ });
/**
 * The SDK silently drops every member that it does not know, in requests and in answers (facts/ecs.md 4a, measured):
 * a task definition that passed through it would lose whatever AWS added since this action was built. So what comes
 * and goes is taken from, and put on, the wire itself, by middleware of the single command.
 */
/** Keeps the answer's JSON; the function returned gives it after the command was sent. */
function captureAnswer(command) {
    const text = captureText(command);
    return () => JSON.parse(text() || '{}');
}
/** Keeps the answer as it came; the function returned gives it after the command was sent. */
function captureText(command) {
    let answer = '';
    const capture = (next) => async (args) => {
        const result = await next(args);
        const response = result.response;
        const body = await bytes(response.body);
        if (response.statusCode === 200)
            answer = new TextDecoder().decode(body);
        // The SDK's parser comes after us, and reads a buffer as well as a stream.
        response.body = body;
        return result;
    };
    command.middlewareStack.add(capture, {
        step: 'deserialize',
        priority: 'low',
        name: 'captureText',
    });
    return () => answer;
}
/** Sends this JSON in place of what the SDK made of its own input. */
const sendInstead = (command, body) => amendBody(command, () => JSON.stringify(body));
/** Changes the body that the SDK made of its input. Happens before the request is signed. */
function amendBody(command, amend) {
    const replace = (next) => (args) => {
        const request = args.request;
        request.body = amend(request.body);
        return next(args);
    };
    command.middlewareStack.add(replace, {
        step: 'serialize',
        priority: 'low',
        name: 'amendBody',
    });
}
async function bytes(body) {
    if (body instanceof Uint8Array)
        return body;
    const chunks = [];
    for await (const chunk of body)
        chunks.push(chunk);
    return Buffer.concat(chunks);
}


/***/ }),

/***/ 9308:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   O: () => (/* binding */ Registry)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2544);
/* harmony import */ var _aws_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3550);
/* harmony import */ var _findings_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1669);
/* harmony import */ var _platforms_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(1028);




/** A private registry of Amazon ECR: the account, the region and the repository stand in the reference. */
const ECR = /^(?<account>\d{12})\.dkr[.-]ecr(?:-fips)?\.(?<region>[a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws|on\.amazonwebservices\.com\.cn)\/(?<repository>[^:@]+)(?::(?<tag>[^:@]+))?(?:@(?<digest>sha256:[0-9a-f]+))?$/;
/** Of what lists an image for each platform. */
const LISTS = [
    'application/vnd.oci.image.index.v1+json',
    'application/vnd.docker.distribution.manifest.list.v2+json',
];
/** All that it may cost to ask, in ms: it is a favor, and no deployment waits for it. */
const DEADLINE_MS = 10_000;
/**
 * Asks the registry which image a tag means now, so that this very image is deployed and rolled back to, wherever the
 * tag moves. Only where that can be found out: a registry that can't be asked is a remark and nothing more.
 */
class Registry {
    #aws;
    #clients = new Map();
    /** One answer per reference and run: services that share an image get the same one. */
    #answers = new Map();
    #platforms = new Map();
    constructor(aws) {
        this.#aws = aws;
    }
    /** The same images, with digests in the place of tags where they are known; and why where they could be and are not. */
    async pin(wanted) {
        const references = new Map(wanted);
        const remarks = new Set();
        let tag;
        for (const [container, reference] of wanted) {
            const { pinned, remark } = await this.#answer(reference);
            if (remark !== undefined)
                remarks.add(remark);
            if (pinned === undefined)
                continue;
            references.set(container, pinned);
            tag ??= tagOf(reference);
        }
        return { references, remarks: [...remarks], ...(tag !== undefined && { tag }) };
    }
    /** Only of what lists its platforms: a single image keeps its own in a blob, which would have to be downloaded. */
    platforms(reference) {
        const built = this.#platforms.get(reference) ?? this.#lookInside(reference);
        this.#platforms.set(reference, built);
        return built;
    }
    async close() {
        for (const client of this.#clients.values())
            (await client).destroy();
    }
    #answer(reference) {
        const answer = this.#answers.get(reference) ?? this.#look(reference);
        this.#answers.set(reference, answer);
        return answer;
    }
    async #look(reference) {
        const [named = '', known] = reference.split('@');
        // With both, it is the digest that counts, and ECS documents no form with both.
        if (known !== undefined)
            return tagOf(reference) === undefined ? {} : { pinned: `${withoutTag(named)}@${known}` };
        const { account, region, repository, tag } = ECR.exec(reference)?.groups ?? {};
        if (account === undefined || region === undefined || tag === undefined)
            return {};
        try {
            const { imageDigest, imageManifestMediaType } = (await this.#describe(region, { account, repository, tag })) ?? {};
            if (imageDigest === undefined)
                return { remark: `${reference} is deployed by its tag: ECR does not have it, or not yet.` };
            const isSingle = imageManifestMediaType !== undefined && !LISTS.includes(imageManifestMediaType);
            return { pinned: `${withoutTag(named)}@${imageDigest}`, isSingle };
        }
        catch (error) {
            const why = (0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .toDeployError */ .p)(error).message.replace(/\.$/, '');
            return { remark: `${reference} is deployed by its tag, as its digest could not be found out: ${why}.` };
        }
    }
    async #lookInside(reference) {
        const { pinned, isSingle } = await this.#answer(reference);
        // By the digest that is deployed; of a tag without one, the remark says already that ECR could not be asked.
        const { account, region, repository, digest } = ECR.exec(pinned ?? reference)?.groups ?? {};
        if (region === undefined || digest === undefined || isSingle)
            return {};
        try {
            const manifest = await this.#manifest(region, { account, repository, digest });
            return manifest === undefined ? {} : { platforms: (0,_platforms_js__WEBPACK_IMPORTED_MODULE_3__/* .platformsIn */ .S2)(manifest) };
        }
        catch (error) {
            return { remark: (0,_findings_js__WEBPACK_IMPORTED_MODULE_2__/* .unchecked */ .V)(`for which platforms ${reference} is built`, error) };
        }
    }
    /** Undefined where ECR does not have it, or not in one of the forms that list platforms. */
    async #manifest(region, { account, repository, digest, }) {
        const { BatchGetImageCommand } = await __webpack_require__.e(/* import() */ 622).then(__webpack_require__.bind(__webpack_require__, 4622));
        const client = await this.#open(region);
        const command = new BatchGetImageCommand({
            registryId: account,
            repositoryName: repository,
            imageIds: [{ imageDigest: digest }],
            acceptedMediaTypes: LISTS,
        });
        // What is not there is no error of this call: it stands in `failures`.
        const { images } = await (0,_aws_js__WEBPACK_IMPORTED_MODULE_1__/* .read */ .LF)('ecr:BatchGetImage', () => client.send(command, { abortSignal: AbortSignal.timeout(DEADLINE_MS) }));
        return images?.[0]?.imageManifest;
    }
    async #open(region) {
        const { ECRClient } = await __webpack_require__.e(/* import() */ 622).then(__webpack_require__.bind(__webpack_require__, 4622));
        const opened = this.#clients.get(region) ?? Promise.resolve(this.#aws.open(ECRClient, { region, maxAttempts: 2 }));
        this.#clients.set(region, opened);
        return opened;
    }
    /** What is behind a tag, the whole list where there is one per platform; undefined where there is no such tag. */
    async #describe(region, { account, repository, tag }) {
        const { DescribeImagesCommand } = await __webpack_require__.e(/* import() */ 622).then(__webpack_require__.bind(__webpack_require__, 4622));
        const client = await this.#open(region);
        const command = new DescribeImagesCommand({
            registryId: account,
            repositoryName: repository,
            imageIds: [{ imageTag: tag }],
        });
        return (0,_aws_js__WEBPACK_IMPORTED_MODULE_1__/* .read */ .LF)('ecr:DescribeImages', async () => {
            try {
                const answer = await client.send(command, { abortSignal: AbortSignal.timeout(DEADLINE_MS) });
                return answer.imageDetails?.[0];
            }
            catch (error) {
                // A pull-through cache has an image only once somebody has pulled it.
                if (/^(Image|Repository)NotFound$/.test((0,_aws_js__WEBPACK_IMPORTED_MODULE_1__/* .errorName */ .Is)(error)))
                    return undefined;
                throw error;
            }
        });
    }
}
const tagOf = (reference) => /:([^/:@]+)(?:@.*)?$/.exec(reference.split('@')[0] ?? '')?.[1];
const withoutTag = (named) => named.replace(/:[^/:]*$/, '');


/***/ }),

/***/ 4285:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   I: () => (/* binding */ imagesOf),
/* harmony export */   M: () => (/* binding */ asRelease)
/* harmony export */ });
/* harmony import */ var _arn_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6692);
/* harmony import */ var _images_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5829);


/** A task definition as a release: what it is called, and the image of the container that counts. */
const asRelease = (definition, container) => ({
    id: (0,_arn_js__WEBPACK_IMPORTED_MODULE_0__/* .releaseId */ .Bf)(definition.arn),
    image: (0,_images_js__WEBPACK_IMPORTED_MODULE_1__/* .imageOf */ .dT)(definition, container),
});
/** The image of each container that a release gives a new one. */
const imagesOf = ({ images }, container, { image, imageTag }) => new Map([
    ...Object.entries(images).map(([name, repository]) => [name, (0,_images_js__WEBPACK_IMPORTED_MODULE_1__/* .join */ .fj)(repository, imageTag)]),
    [container, image],
]);


/***/ }),

/***/ 8304:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  Ge: () => (/* binding */ describeServices),
  Gl: () => (/* binding */ tagService),
  tS: () => (/* binding */ untagService)
});

// EXTERNAL MODULE: ../main/node_modules/@aws-sdk/client-ecs/dist-es/commands/DescribeServicesCommand.js
var DescribeServicesCommand = __webpack_require__(8459);
// EXTERNAL MODULE: ../main/node_modules/@aws-sdk/client-ecs/dist-es/commands/TagResourceCommand.js
var TagResourceCommand = __webpack_require__(232);
// EXTERNAL MODULE: ../main/node_modules/@aws-sdk/client-ecs/dist-es/commands/UntagResourceCommand.js
var UntagResourceCommand = __webpack_require__(1007);
// EXTERNAL MODULE: ./build/src/target/ecs/aws.js
var ecs_aws = __webpack_require__(3550);
// EXTERNAL MODULE: ./build/src/errors.js
var errors = __webpack_require__(2544);
;// CONCATENATED MODULE: ./build/src/target/ecs/cluster.js

/** Whose cluster is not where it was looked for; most often the region is another one, which AWS does not say. */
function clusterNotFound(cluster, region) {
    const { AWS_REGION: job } = process.env;
    const other = job && job !== region
        ? ` This job’s AWS_REGION is ${job}: if the cluster is there, write \`region: ${job}\` under \`ecs:\`.`
        : '';
    return new errors/* DeployError */.s(`There is no ECS cluster ${cluster} in ${region}.`, {
        code: 'cluster-not-found',
        hint: `Check ecs.cluster and ecs.region in the config, \`aws-region:\` of the step that gets the credentials, and that these belong to the right account.${other}`,
    });
}

;// CONCATENATED MODULE: ./build/src/target/ecs/service-calls.js



/** With their tags; at most ten. @throws DeployError `cluster-not-found` */
async function describeServices(aws, { cluster, region }, services) {
    const answer = await (0,ecs_aws/* read */.LF)('ecs:DescribeServices', async () => {
        try {
            return await aws.ecs.send(new DescribeServicesCommand/* DescribeServicesCommand */.H({ cluster, services, include: ['TAGS'] }));
        }
        catch (error) {
            if ((0,ecs_aws/* errorName */.Is)(error) !== 'ClusterNotFound')
                throw error;
            throw clusterNotFound(cluster, region);
        }
    });
    return answer.services ?? [];
}
async function tagService(aws, { serviceArn }, tags) {
    await (0,ecs_aws/* modify */.JP)('ecs:TagResource', () => aws.ecs.send(new TagResourceCommand/* TagResourceCommand */.e({
        resourceArn: serviceArn,
        tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
    })));
}
async function untagService(aws, { serviceArn }, tagKeys) {
    await (0,ecs_aws/* modify */.JP)('ecs:UntagResource', () => aws.ecs.send(new UntagResourceCommand/* UntagResourceCommand */.R({ resourceArn: serviceArn, tagKeys })));
}


/***/ }),

/***/ 1286:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   B5: () => (/* binding */ journalOnOne),
/* harmony export */   P3: () => (/* binding */ journalOn),
/* harmony export */   a0: () => (/* binding */ readJournal)
/* harmony export */ });
/* harmony import */ var _release_color_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(9478);
/* harmony import */ var _release_journal_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7758);
/* harmony import */ var _tags_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5730);



/** What must outlive a run, in tags of the service that it concerns; the workers remember their own part. */
const journalOn = (pair, workers) => ({
    async write(color, record) {
        await workers.note(color, record);
        const services = await pair.known();
        await pair.tag(services[color], (0,_tags_js__WEBPACK_IMPORTED_MODULE_1__/* .journalTags */ .jN)(record));
    },
    async clear() {
        const services = await pair.known();
        for (const color of _release_color_js__WEBPACK_IMPORTED_MODULE_2__/* .COLORS */ .lm)
            await pair.untag(services[color], _release_journal_js__WEBPACK_IMPORTED_MODULE_0__/* .JOURNAL_KEYS */ .T3.map(_tags_js__WEBPACK_IMPORTED_MODULE_1__/* .journalTag */ .cP));
        await workers.forget();
    },
});
/** The same where one service holds both colors, and one journal. */
const journalOnOne = (service) => ({
    write: (_, record) => service.tag((0,_tags_js__WEBPACK_IMPORTED_MODULE_1__/* .journalTags */ .jN)(record)),
    clear: () => service.untag(_release_journal_js__WEBPACK_IMPORTED_MODULE_0__/* .JOURNAL_KEYS */ .T3.map(_tags_js__WEBPACK_IMPORTED_MODULE_1__/* .journalTag */ .cP)),
});
/** What a run that has not ended wrote down on one of the services. */
function readJournal(services) {
    const record = services.map(({ tags }) => (0,_tags_js__WEBPACK_IMPORTED_MODULE_1__/* .journalOf */ .PR)((0,_tags_js__WEBPACK_IMPORTED_MODULE_1__/* .tagMap */ .lD)(tags))).find((one) => one !== undefined);
    return record === undefined ? undefined : (0,_release_journal_js__WEBPACK_IMPORTED_MODULE_0__/* .decodeJournal */ .MQ)(record);
}


/***/ }),

/***/ 455:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Gn: () => (/* binding */ deploymentById),
/* harmony export */   Oq: () => (/* binding */ ServicePair),
/* harmony export */   sg: () => (/* binding */ primaryDeployment)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_ecs__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(9623);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2544);
/* harmony import */ var _release_color_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(9478);
/* harmony import */ var _aws_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3550);
/* harmony import */ var _service_calls_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(8304);





/** How old a look may be that several steps share, in ms: about as long as ECS's own reads may lag behind it. */
const RECENT_MS = 2_000;
/** DescribeServices takes at most so many. */
const BATCH = 10;
/** Two ECS services, one per color. */
class ServicePair {
    names;
    #aws;
    #settings;
    #path;
    #along;
    #last;
    constructor(aws, settings, options = {}) {
        this.#aws = aws;
        this.#settings = settings;
        this.names = options.names ?? settings.services;
        this.#path = options.path ?? 'ecs.services';
        this.#along = options.along ?? [];
    }
    /**
     * Whatever look there was, for what does not change while a service exists or only by its owner's hand: ARNs and
     * target groups.
     */
    async known() {
        return this.#last === undefined ? this.describe() : this.#complete(this.#last.services);
    }
    /** The last look, whatever was missing in it; asks for nothing. */
    get seen() {
        return this.#last?.services ?? {};
    }
    /** The last look, when it was a moment ago and we updated nothing since (tags aside); else a new one. */
    async recent() {
        if (this.#last === undefined || Date.now() - this.#last.at > RECENT_MS)
            return this.describe();
        return this.#complete(this.#last.services);
    }
    /** Both in one call, with their tags. @throws DeployError `cluster-not-found`, `service-not-found` */
    async describe() {
        const at = Date.now();
        const pairs = [this, ...this.#along];
        const names = pairs.flatMap((pair) => [pair.names.blue, pair.names.green]);
        const found = [];
        for (let start = 0; start < names.length; start += BATCH)
            found.push(...(await (0,_service_calls_js__WEBPACK_IMPORTED_MODULE_2__/* .describeServices */ .Ge)(this.#aws, this.#settings, names.slice(start, start + BATCH))));
        for (const pair of pairs)
            pair.#note(found, at);
        return this.#complete(this.seen);
    }
    #note(found, at) {
        const find = (color) => found.find(({ serviceName, serviceArn, status }) => (serviceName === this.names[color] || serviceArn === this.names[color]) && status !== 'INACTIVE');
        this.#last = { services: { blue: find('blue'), green: find('green') }, at };
    }
    /** @throws DeployError `service-not-found` */
    #complete(services) {
        const missing = _release_color_js__WEBPACK_IMPORTED_MODULE_3__/* .COLORS */ .lm.filter((color) => services[color] === undefined);
        if (missing.length === 0)
            return services;
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .DeployError */ .s(`There is no ECS service ${missing.map((color) => this.names[color]).join(', nor ')} in cluster ${this.#settings.cluster}.`, {
            code: 'service-not-found',
            hint: `Create it, or correct ${missing.map((color) => `${this.#path}.${color}`).join(' and ')}.`,
        });
    }
    /** One UpdateService call; returns the service as AWS answers it, with the new deployment's id. */
    async update(color, change) {
        const { cluster } = this.#settings;
        // ARNs and target groups stay true; nothing else of it does.
        if (this.#last !== undefined)
            this.#last = { ...this.#last, at: Number.NEGATIVE_INFINITY };
        const answer = await (0,_aws_js__WEBPACK_IMPORTED_MODULE_1__/* .modify */ .JP)('ecs:UpdateService', () => this.#aws.ecs.send(new _aws_sdk_client_ecs__WEBPACK_IMPORTED_MODULE_4__/* .UpdateServiceCommand */ .k({ cluster, service: this.names[color], ...change })));
        if (answer.service === undefined)
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .DeployError */ .s('ECS answered UpdateService without a service.', { code: 'aws-refused' });
        return answer.service;
    }
    tag(service, tags) {
        return (0,_service_calls_js__WEBPACK_IMPORTED_MODULE_2__/* .tagService */ .Gl)(this.#aws, service, tags);
    }
    async untag(service, tagKeys) {
        if (tagKeys.length > 0)
            await (0,_service_calls_js__WEBPACK_IMPORTED_MODULE_2__/* .untagService */ .tS)(this.#aws, service, tagKeys);
    }
}
/** AWS documents no order of `deployments`: they are found by status or id, never by position. */
const primaryDeployment = (service) => service.deployments?.find(({ status }) => status === 'PRIMARY');
const deploymentById = (service, id) => service.deployments?.find((deployment) => deployment.id === id);


/***/ }),

/***/ 4597:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   a: () => (/* binding */ sinceValue),
/* harmony export */   y: () => (/* binding */ sinceIn)
/* harmony export */ });
/** Since when users have a release, as a tag's value: `<release> <ISO time>`. It lapses by itself with another release. */
const sinceValue = (release, at) => `${release} ${new Date(at).toISOString()}`;
/** ms since the epoch; nothing where the value is of another release, or of an older version of this action. */
function sinceIn(value, release) {
    const [of, time] = (value ?? '').split(' ');
    const at = Date.parse(time ?? '');
    return of === release && !Number.isNaN(at) ? at : undefined;
}


/***/ }),

/***/ 8746:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   EN: () => (/* binding */ rolledBack),
/* harmony export */   QE: () => (/* binding */ withoutRolledBack),
/* harmony export */   YP: () => (/* binding */ standingOf),
/* harmony export */   kl: () => (/* binding */ withRolledBack),
/* harmony export */   mR: () => (/* binding */ liveSinceOf),
/* harmony export */   vJ: () => (/* binding */ markRelease)
/* harmony export */ });
/* harmony import */ var _release_color_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(9478);
/* harmony import */ var _arn_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6692);
/* harmony import */ var _since_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(4597);
/* harmony import */ var _tags_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5730);




/** The release that the color had when users last had it: lapses by itself once the service runs another. */
const WAS_LIVE = `${_tags_js__WEBPACK_IMPORTED_MODULE_1__/* .TAG_PREFIX */ .C_}was-live`;
/** `<release> <ISO time>`: since when users have it. Beside `was-live`, which says nothing of when. */
const LIVE_SINCE = `${_tags_js__WEBPACK_IMPORTED_MODULE_1__/* .TAG_PREFIX */ .C_}live-since`;
/** The releases that users were taken away from, the newest last: a tag value holds 256 characters. */
const ROLLED_BACK = `${_tags_js__WEBPACK_IMPORTED_MODULE_1__/* .TAG_PREFIX */ .C_}rolled-back`;
const REMEMBERED = 8;
/** What is known of a release's past, from the tags of both services. */
function standingOf(services, color, release) {
    if (_release_color_js__WEBPACK_IMPORTED_MODULE_2__/* .COLORS */ .lm.some((one) => rolledBack(services[one]).includes(release)))
        return 'rolled-back';
    return (0,_tags_js__WEBPACK_IMPORTED_MODULE_1__/* .tagMap */ .lD)(services[color].tags).get(WAS_LIVE) === release ? 'was-live' : 'unknown';
}
/** Since when users have the release that the color's service holds, ms since the epoch; where it is known. */
const liveSinceOf = (services, color, release) => (0,_since_js__WEBPACK_IMPORTED_MODULE_3__/* .sinceIn */ .y)((0,_tags_js__WEBPACK_IMPORTED_MODULE_1__/* .tagMap */ .lD)(services[color].tags).get(LIVE_SINCE), release);
/** Records what became of the release that the color's service holds. */
async function markRelease(pair, color, standing, liveSince) {
    const services = await pair.describe();
    const release = (0,_arn_js__WEBPACK_IMPORTED_MODULE_0__/* .releaseId */ .Bf)(services[color].taskDefinition ?? '');
    const since = {};
    if (liveSince !== undefined)
        since[LIVE_SINCE] = (0,_since_js__WEBPACK_IMPORTED_MODULE_3__/* .sinceValue */ .a)(release, liveSince);
    // Users who come back to it by somebody's hand do not have it since then.
    else if ((0,_tags_js__WEBPACK_IMPORTED_MODULE_1__/* .tagMap */ .lD)(services[color].tags).get(LIVE_SINCE))
        since[LIVE_SINCE] = '';
    if (standing === 'rolled-back') {
        await pair.tag(services[color], { ...withRolledBack(services[color], release), ...since });
        return;
    }
    await pair.tag(services[color], { [WAS_LIVE]: release, ...since });
    // Users have it again, and are content: it is forgiven.
    for (const service of _release_color_js__WEBPACK_IMPORTED_MODULE_2__/* .COLORS */ .lm.map((one) => services[one]))
        if (rolledBack(service).includes(release))
            await pair.tag(service, withoutRolledBack(service, release));
}
/** The releases that users were taken away from, as the service's tag says. */
const rolledBack = (service) => ((0,_tags_js__WEBPACK_IMPORTED_MODULE_1__/* .tagMap */ .lD)(service.tags).get(ROLLED_BACK) ?? '').split(' ').filter((one) => one !== '');
/** That tag with the release as the newest. */
function withRolledBack(service, release) {
    const kept = [...otherThan(release, service), release].slice(-REMEMBERED);
    // The oldest go where their names are long: a tag that AWS refuses would stop every run from here on.
    while (kept.length > 1 && kept.join(' ').length > _tags_js__WEBPACK_IMPORTED_MODULE_1__/* .VALUE_LIMIT */ .WL)
        kept.shift();
    return { [ROLLED_BACK]: kept.join(' ') };
}
/** That tag without the release. */
const withoutRolledBack = (service, release) => ({
    [ROLLED_BACK]: otherThan(release, service).join(' '),
});
const otherThan = (release, service) => rolledBack(service).filter((one) => one !== release);


/***/ }),

/***/ 5730:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   C_: () => (/* binding */ TAG_PREFIX),
/* harmony export */   EZ: () => (/* binding */ tagValue),
/* harmony export */   PR: () => (/* binding */ journalOf),
/* harmony export */   WL: () => (/* binding */ VALUE_LIMIT),
/* harmony export */   cP: () => (/* binding */ journalTag),
/* harmony export */   jN: () => (/* binding */ journalTags),
/* harmony export */   lD: () => (/* binding */ tagMap)
/* harmony export */ });
/**
 * What outlives a run is written as tags on the services and on the preview rule. One prefix for all of them; the
 * values are kept to the characters and the length that both ECS and ELBv2 take.
 */
const TAG_PREFIX = 'blue-green:';
const JOURNAL_PREFIX = `${TAG_PREFIX}journal:`;
/** Characters. */
const VALUE_LIMIT = 256;
/** Free text as a tag value: what AWS refuses becomes a space, what is too long is cut. */
const tagValue = (text) => text.replace(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, ' ').slice(0, VALUE_LIMIT);
const journalTag = (key) => `${JOURNAL_PREFIX}${key}`;
/** Entries of a journal, as tags. */
const journalTags = (record) => Object.fromEntries(Object.entries(record).map(([key, value]) => [journalTag(key), fitting(value)]));
/** Only an image may be longer: a digest says which one it is, and its tag has an entry of its own. */
const fitting = (value) => value.length > VALUE_LIMIT ? value.replace(/:[^/:@]+@/, '@') : value;
/** The journal among a service's tags; nothing when there is none. */
function journalOf(tags) {
    const entries = [...tags].filter(([key]) => key.startsWith(JOURNAL_PREFIX));
    if (entries.length === 0)
        return undefined;
    return Object.fromEntries(entries.map(([key, value]) => [key.slice(JOURNAL_PREFIX.length), value]));
}
/** ECS spells them `key` and `value`, ELBv2 `Key` and `Value`. */
function tagMap(tags = []) {
    return new Map(tags.map((tag) => [tag.key ?? tag.Key ?? '', tag.value ?? tag.Value ?? '']));
}


/***/ }),

/***/ 1873:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Mz: () => (/* binding */ containersOf),
/* harmony export */   Ne: () => (/* binding */ IMAGE_TAG),
/* harmony export */   Y_: () => (/* binding */ TaskDefinitions),
/* harmony export */   nS: () => (/* binding */ withImages)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_ecs__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(5759);
/* harmony import */ var _aws_sdk_client_ecs__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(5067);
/* harmony import */ var _aws_sdk_client_ecs__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(527);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2544);
/* harmony import */ var _aws_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3550);
/* harmony import */ var _raw_json_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(4252);
/* harmony import */ var _tags_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(5730);





/**
 * What the digests in it stand for, on the task definition itself. ECS documents two forms of a reference,
 * `repository:tag` and `repository@digest` (RegisterTaskDefinition, `image`), and none with both.
 */
const IMAGE_TAG = `${_tags_js__WEBPACK_IMPORTED_MODULE_2__/* .TAG_PREFIX */ .C_}image-tag`;
/** How many revisions back a release is looked for. */
const SEARCH_DEPTH = 50;
/** What Describe returns and Register refuses (facts/ecs.md 4a). */
const READ_ONLY = new Set([
    'taskDefinitionArn',
    'revision',
    'status',
    'requiresAttributes',
    'compatibilities',
    'registeredAt',
    'deregisteredAt',
    'deleteRequestedAt',
    'registeredBy',
]);
class TaskDefinitions {
    #aws;
    /** Revisions never change: one read each. */
    #known = new Map();
    constructor(aws) {
        this.#aws = aws;
    }
    /** @param name an ARN or `family:revision`; a bare family would mean its newest revision, and is not cached. */
    get(name) {
        const known = this.#known.get(name);
        if (known !== undefined)
            return known;
        const reading = this.#describe(name);
        this.#known.set(name, reading);
        reading.catch(() => this.#known.delete(name));
        return reading;
    }
    /** The family's newest active revision, which need not be the one that a service runs. */
    newest(family) {
        return this.#describe(family);
    }
    /**
     * A revision with this content: the given candidates or the family's newest are reused when they hold the same,
     * since Register has a budget of one call a second for the whole account.
     */
    async register(definition, candidates) {
        const { family, content, tags } = definition;
        const same = await this.same(definition, candidates);
        if (same !== undefined)
            return same;
        const command = new _aws_sdk_client_ecs__WEBPACK_IMPORTED_MODULE_3__/* .RegisterTaskDefinitionCommand */ .$({ family, containerDefinitions: [] });
        // An empty list of tags is refused by some API versions; no list is right for all.
        (0,_raw_json_js__WEBPACK_IMPORTED_MODULE_4__/* .sendInstead */ .xv)(command, tags.length === 0 ? content : { ...content, tags });
        const raw = (0,_raw_json_js__WEBPACK_IMPORTED_MODULE_4__/* .captureAnswer */ .lL)(command);
        const answer = await (0,_aws_js__WEBPACK_IMPORTED_MODULE_1__/* .modify */ .JP)('ecs:RegisterTaskDefinition', () => this.#aws.ecs.send(command));
        if (answer.taskDefinition?.taskDefinitionArn === undefined)
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .DeployError */ .s('ECS answered RegisterTaskDefinition without an ARN.', { code: 'aws-refused' });
        // The tags are those that were sent: AWS documents them in the answer, and moto leaves them out.
        const registered = { ...asTaskDefinition(raw()), tags };
        this.#known.set(registered.arn, Promise.resolve(registered));
        return registered;
    }
    /** The one that `register` would use again; nothing where it would make a new revision. */
    async same(definition, candidates) {
        const wanted = fingerprint(definition);
        const known = [...candidates, await this.newest(definition.family)];
        return known.find((candidate) => candidate.isInactive !== true && fingerprint(candidate) === wanted);
    }
    /** The newest revision that `matches`; looks at the last 50. */
    async find(family, matches) {
        const { taskDefinitionArns = [] } = await (0,_aws_js__WEBPACK_IMPORTED_MODULE_1__/* .read */ .LF)('ecs:ListTaskDefinitions', () => this.#aws.ecs.send(new _aws_sdk_client_ecs__WEBPACK_IMPORTED_MODULE_5__/* .ListTaskDefinitionsCommand */ .P({ familyPrefix: family, sort: 'DESC', maxResults: SEARCH_DEPTH })));
        for (const arn of taskDefinitionArns) {
            const definition = await this.get(arn);
            // familyPrefix is a prefix: `shop` lists the revisions of `shop-jobs` too.
            if (definition.family === family && matches(definition))
                return definition;
        }
        return undefined;
    }
    async #describe(name) {
        const command = new _aws_sdk_client_ecs__WEBPACK_IMPORTED_MODULE_6__/* .DescribeTaskDefinitionCommand */ .Z({ taskDefinition: name, include: ['TAGS'] });
        const raw = (0,_raw_json_js__WEBPACK_IMPORTED_MODULE_4__/* .captureAnswer */ .lL)(command);
        await (0,_aws_js__WEBPACK_IMPORTED_MODULE_1__/* .read */ .LF)('ecs:DescribeTaskDefinition', () => this.#aws.ecs.send(command));
        return asTaskDefinition(raw());
    }
}
/** Of the raw answer to Describe, and to Register, which has the same form. */
function asTaskDefinition(raw) {
    const answer = raw;
    const all = answer.taskDefinition ?? {};
    return {
        arn: String(all['taskDefinitionArn']),
        isInactive: all['status'] === 'INACTIVE',
        family: String(all['family']),
        content: Object.fromEntries(Object.entries(all).filter(([key]) => !READ_ONLY.has(key))),
        // `aws:` tags are AWS's own: they can be neither set nor taken along.
        tags: (answer.tags ?? [])
            .filter(({ key }) => !key.startsWith('aws:'))
            .map(({ key, value }) => ({ key, value: value ?? '' })),
    };
}
const containersOf = (definition) => (definition.content['containerDefinitions'] ?? []);
/**
 * The same with other images in the named containers, and nothing else changed.
 * @param tag what the digests among them stand for
 */
const withImages = (definition, images, tag) => ({
    family: definition.family,
    content: {
        ...definition.content,
        containerDefinitions: containersOf(definition).map((container) => {
            const image = images.get(container.name ?? '');
            return image === undefined ? container : { ...container, image };
        }),
    },
    tags: [
        ...definition.tags.filter(({ key }) => key !== IMAGE_TAG),
        ...(tag === undefined ? [] : [{ key: IMAGE_TAG, value: tag }]),
    ],
});
/** The same for the same content, whatever the order of its keys and tags. */
function fingerprint({ content, tags }) {
    const sorted = [...tags].sort((a, b) => (a.key < b.key ? -1 : 1));
    return JSON.stringify([content, sorted], (_, value) => value !== null && typeof value === 'object' && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value);
}


/***/ }),

/***/ 7989:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   B: () => (/* binding */ taskId),
/* harmony export */   Z: () => (/* binding */ Tasks)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_ecs__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(106);
/* harmony import */ var _aws_sdk_client_ecs__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(6687);
/* harmony import */ var _aws_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3550);


/** DescribeTasks takes at most so many. */
const BATCH = 100;
/** The tasks of one service. `startedBy` names the deployment that started a task. */
class Tasks {
    #aws;
    #settings;
    /** Stopped tasks do not change any more: one read each. */
    #stopped = new Map();
    constructor(aws, settings) {
        this.#aws = aws;
        this.#settings = settings;
    }
    async running(serviceName) {
        return this.#describe(await this.#list(serviceName, 'RUNNING'));
    }
    /** Those that ECS still remembers, for about an hour, and those that it has told to stop, with the reason why. */
    async stopped(serviceName) {
        const arns = await this.#list(serviceName, 'STOPPED');
        const unknown = arns.filter((arn) => !this.#stopped.has(arn));
        const described = await this.#describe(unknown);
        // On its way it may still lack exit codes, and the load balancer can drain it for minutes: only its end is final.
        for (const task of described)
            if (task.lastStatus === 'STOPPED')
                this.#stopped.set(task.taskArn ?? '', task);
        const leaving = described.filter(({ lastStatus, stopCode }) => lastStatus !== 'STOPPED' && stopCode !== undefined);
        return [...arns.flatMap((arn) => this.#stopped.get(arn) ?? []), ...leaving];
    }
    async #list(serviceName, desiredStatus) {
        const { cluster } = this.#settings;
        const arns = [];
        let nextToken;
        do {
            // `startedBy` must be the only filter where it is used, so the deployment is picked out by the caller.
            const page = await (0,_aws_js__WEBPACK_IMPORTED_MODULE_0__/* .read */ .LF)('ecs:ListTasks', () => this.#aws.ecs.send(new _aws_sdk_client_ecs__WEBPACK_IMPORTED_MODULE_1__/* .ListTasksCommand */ .M({ cluster, serviceName, desiredStatus, nextToken })));
            arns.push(...(page.taskArns ?? []));
            nextToken = page.nextToken;
        } while (nextToken !== undefined);
        return arns;
    }
    async #describe(arns) {
        const { cluster } = this.#settings;
        const tasks = [];
        for (let start = 0; start < arns.length; start += BATCH) {
            const answer = await (0,_aws_js__WEBPACK_IMPORTED_MODULE_0__/* .read */ .LF)('ecs:DescribeTasks', () => this.#aws.ecs.send(new _aws_sdk_client_ecs__WEBPACK_IMPORTED_MODULE_2__/* .DescribeTasksCommand */ .z({ cluster, tasks: arns.slice(start, start + BATCH) })));
            tasks.push(...(answer.tasks ?? []));
        }
        return tasks;
    }
}
/** The last part of a task's ARN, as the console shows it. */
const taskId = ({ taskArn = '' }) => taskArn.slice(taskArn.lastIndexOf('/') + 1);


/***/ }),

/***/ 8439:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  e: () => (/* binding */ Traffic)
});

// EXTERNAL MODULE: ./build/src/config/network.js
var network = __webpack_require__(9252);
// EXTERNAL MODULE: ./build/src/errors.js
var errors = __webpack_require__(2544);
// EXTERNAL MODULE: ./build/src/release/color.js
var color = __webpack_require__(9478);
// EXTERNAL MODULE: ./build/src/target/ecs/arn.js
var arn = __webpack_require__(6692);
// EXTERNAL MODULE: ./build/src/target/ecs/forward.js
var ecs_forward = __webpack_require__(2998);
// EXTERNAL MODULE: ../main/node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/commands/DescribeListenersCommand.js
var DescribeListenersCommand = __webpack_require__(4080);
// EXTERNAL MODULE: ../main/node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/commands/DescribeRulesCommand.js
var DescribeRulesCommand = __webpack_require__(1566);
// EXTERNAL MODULE: ../main/node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/commands/ModifyRuleCommand.js
var ModifyRuleCommand = __webpack_require__(1930);
// EXTERNAL MODULE: ../main/node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/commands/ModifyListenerCommand.js
var ModifyListenerCommand = __webpack_require__(3176);
// EXTERNAL MODULE: ./build/src/target/ecs/aws.js
var ecs_aws = __webpack_require__(3550);
// EXTERNAL MODULE: ./build/src/target/ecs/raw-json.js
var raw_json = __webpack_require__(4252);
;// CONCATENATED MODULE: ./build/src/target/ecs/raw-xml.js
/**
 * ELBv2 speaks XML and form-encoded requests, and the SDK drops what it does not know of both (facts/ecs.md 4a). Since
 * Modify* replaces whole lists of actions, a member that AWS added after this action was built would be gone after the
 * first shift. Both forms name things alike (`DefaultActions.member.1.Type`), so what the answer had and the SDK's
 * request has not can be put back into the request.
 */
const TOKEN = /<\?[^>]*\?>|<!--[\s\S]*?-->|<(\/?)([\w:.-]+)[^>]*?(\/?)>|([^<]+)/g;
/** Reads the XML that AWS writes: elements and text; attributes say nothing here. */
function parseXml(xml) {
    const root = { name: '', children: [], text: '' };
    const open = [root];
    for (const [, closes, name, isEmpty, text] of xml.matchAll(TOKEN)) {
        const top = open.at(-1);
        if (text !== undefined)
            top.text += plain(text);
        else if (closes) {
            if (open.length > 1)
                open.pop();
        }
        else if (name !== undefined) {
            const node = { name, children: [], text: '' };
            top.children.push(node);
            if (!isEmpty)
                open.push(node);
        }
    }
    return root;
}
const NAMED = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const plain = (text) => text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (all, hex, decimal, name) => hex || decimal
    ? String.fromCodePoint(Number.parseInt(hex ?? decimal, hex ? 16 : 10))
    : (NAMED[name] ?? all));
const child = (node, name) => node?.children.find((one) => one.name === name);
/** Each text by its path as a request spells it; elements of lists and maps are numbered. Empty elements say nothing. */
function pathsOf(node, prefix = '') {
    const paths = new Map();
    let number = 0;
    for (const one of node.children) {
        const listed = one.name === 'member' || one.name === 'entry';
        if (listed)
            number += 1;
        const path = `${prefix}${one.name}${listed ? `.${number}` : ''}`;
        if (one.children.length === 0) {
            if (one.text !== '')
                paths.set(path, one.text);
        }
        else
            for (const [inner, text] of pathsOf(one, `${path}.`))
                paths.set(inner, text);
    }
    return paths;
}
/** The request's body with those of `known` added, below `list`, that it lacks. */
function withMissing(body, list, known) {
    const form = new URLSearchParams(body);
    const missing = [...known].filter(([path]) => !form.has(`${list}.${path}`));
    const added = missing.map(([path, text]) => `&${encodeURIComponent(`${list}.${path}`)}=${encodeURIComponent(text)}`);
    return body + added.join('');
}

;// CONCATENATED MODULE: ./build/src/target/ecs/rules.js






/** Reads listeners and rules, all of them in at most two calls. @throws DeployError `listener-not-found` */
async function readRules(aws, rules) {
    const arnsOf = (kind) => rules.filter((rule) => rule.kind === kind).map(({ arn }) => arn);
    const [listenerArns, ruleArns] = [arnsOf('listener'), arnsOf('rule')];
    const actions = new Map();
    const written = new Map();
    if (listenerArns.length > 0) {
        const command = new DescribeListenersCommand/* DescribeListenersCommand */.A({ ListenerArns: listenerArns });
        const text = (0,raw_json/* captureText */.MW)(command);
        const { Listeners = [] } = await found(listenerArns, 'elasticloadbalancing:DescribeListeners', () => aws.elb.send(command));
        for (const { ListenerArn = '', DefaultActions = [] } of Listeners)
            actions.set(ListenerArn, DefaultActions);
        for (const node of members(text(), 'DescribeListeners', 'Listeners'))
            written.set(child(node, 'ListenerArn')?.text ?? '', child(node, 'DefaultActions'));
    }
    if (ruleArns.length > 0) {
        const command = new DescribeRulesCommand/* DescribeRulesCommand */.G({ RuleArns: ruleArns });
        const text = (0,raw_json/* captureText */.MW)(command);
        const { Rules = [] } = await found(ruleArns, 'elasticloadbalancing:DescribeRules', () => aws.elb.send(command));
        for (const { RuleArn = '', Actions = [] } of Rules)
            actions.set(RuleArn, Actions);
        for (const node of members(text(), 'DescribeRules', 'Rules'))
            written.set(child(node, 'RuleArn')?.text ?? '', child(node, 'Actions'));
    }
    return rules.map((rule) => {
        const own = actions.get(rule.arn);
        if (own === undefined)
            throw notFound([rule.arn]);
        const forward = own.find(ecs_forward/* isForward */.mt);
        if (forward === undefined)
            throw new errors/* DeployError */.s(`${rule.arn} forwards to no target group (${own.map(({ Type }) => Type).join(', ')}).`, {
                code: 'no-forward',
                hint: 'Name the listener or the rule in ecs.listeners that forwards to the blue or green target group.',
            });
        const node = written.get(rule.arn);
        return { rule, actions: own, forward, written: node === undefined ? new Map() : pathsOf(node) };
    });
}
/**
 * Puts another forward into a listener or rule, and keeps everything else: also members that only AWS knows.
 * @returns the forward as AWS answers it
 */
async function writeForward(aws, state, forward) {
    const { kind, arn } = state.rule;
    const actions = (0,ecs_forward/* withForward */.ev)(state.actions, state.forward, forward);
    const place = `member.${state.actions.indexOf(state.forward) + 1}`;
    // Left out on purpose: the short form of a single target, which Modify refuses beside several; and the groups where
    // one of them goes.
    const fewer = (0,ecs_forward/* countGroups */.eq)(forward) < (0,ecs_forward/* countGroups */.eq)(state.forward);
    const known = new Map([...state.written].filter(([path]) => path !== `${place}.TargetGroupArn` &&
        !(fewer && path.startsWith(`${place}.ForwardConfig.TargetGroups.`))));
    if (kind === 'rule') {
        const command = new ModifyRuleCommand/* ModifyRuleCommand */.y({ RuleArn: arn, Actions: actions });
        (0,raw_json/* amendBody */.sJ)(command, (body) => withMissing(body, 'Actions', known));
        const answer = await (0,ecs_aws/* modify */.JP)('elasticloadbalancing:ModifyRule', () => aws.elb.send(command));
        return answer.Rules?.[0]?.Actions?.find(ecs_forward/* isForward */.mt);
    }
    const command = new ModifyListenerCommand/* ModifyListenerCommand */.u({ ListenerArn: arn, DefaultActions: actions });
    (0,raw_json/* amendBody */.sJ)(command, (body) => withMissing(body, 'DefaultActions', known));
    const answer = await (0,ecs_aws/* modify */.JP)('elasticloadbalancing:ModifyListener', () => aws.elb.send(command));
    return answer.Listeners?.[0]?.DefaultActions?.find(ecs_forward/* isForward */.mt);
}
const members = (xml, operation, list) => child(child(child(parseXml(xml), `${operation}Response`), `${operation}Result`), list)?.children ?? [];
async function found(arns, action, call) {
    return (0,ecs_aws/* read */.LF)(action, async () => {
        try {
            return await call();
        }
        catch (error) {
            if (/^(ListenerNotFound|RuleNotFound|LoadBalancerNotFound)$/.test((0,ecs_aws/* errorName */.Is)(error)))
                throw notFound(arns);
            throw error;
        }
    });
}
const notFound = (arns) => new errors/* DeployError */.s(`There is no listener or rule ${arns.join(', nor ')}.`, {
    code: 'listener-not-found',
    hint: 'Check ecs.listeners, and that ecs.region and the credentials are those of the load balancer.',
});

;// CONCATENATED MODULE: ./build/src/target/ecs/traffic.js






/** How old a look may be where it leads to no change by itself, in ms. */
const RECENT_MS = 2_000;
/** The listeners and rules that carry the traffic; they all move together. */
class Traffic {
    #aws;
    rules;
    #last;
    constructor(aws, arns) {
        this.#aws = aws;
        this.rules = arns.map(arn/* trafficRule */.UZ);
    }
    /** Whether it is connections that are shared out, and not requests. */
    get isNetwork() {
        return this.rules.some(({ listenerArn }) => (0,network/* isNetworkListener */.J)(listenerArn));
    }
    /**
     * How much each color gets, in percent. Where several rules disagree each color gets the most that any rule gives
     * it, so that a sum of over 100 tells.
     * @throws DeployError `foreign-target-group` when a rule forwards to something that is neither color
     */
    async weights(groups) {
        const all = (await this.#read()).map((state) => weightsOf(state, groups));
        return {
            blue: Math.max(...all.map(({ blue }) => blue)),
            green: Math.max(...all.map(({ green }) => green)),
        };
    }
    /** The rules whose forward does not name both groups. */
    async detached(groups) {
        return (await this.#recent())
            .filter(({ forward }) => !(0,ecs_forward/* namesBoth */.KS)(forward, groups))
            .map(({ rule }) => rule);
    }
    /** How long each rule holds clients to the target group that they got first, in seconds. */
    async held() {
        return new Map((await this.#recent()).map(({ rule, forward }) => [rule, (0,ecs_forward/* heldSeconds */.R5)(forward)]));
    }
    /**
     * Sets the weights on every rule, back to back: the load balancer gathers changes for about ten seconds before its
     * nodes get them (facts/ecs.md 4d). The first that AWS refuses ends it; whoever called puts back what has moved.
     */
    async set(groups, weights, hold) {
        for (const state of await this.#read()) {
            const both = (0,ecs_forward/* withWeights */.cY)(state.forward, groups, weights);
            const wanted = hold.without === undefined ? both : (0,ecs_forward/* without */.FF)(both, hold.without);
            const seconds = hold.seconds(state.rule, (0,ecs_forward/* heldSeconds */.R5)(state.forward));
            // Another group of the user's in the rule makes it several all the same, and AWS insists on a time.
            const least = hold.without !== undefined && (0,ecs_forward/* countGroups */.eq)(wanted) > 1 ? 1 : 0;
            await this.#put(state, (0,ecs_forward/* withHold */.yw)(wanted, Math.max(seconds, least)), groups);
        }
    }
    /** Sends what differs, and checks that AWS took it. What is right already may be nobody's to change. */
    async #put(state, wanted, groups) {
        this.#last = undefined;
        if ((0,ecs_forward/* does */.YL)(state.forward, wanted, groups))
            return;
        const now = await writeForward(this.#aws, state, wanted);
        if (now !== undefined && (0,ecs_forward/* does */.YL)(now, wanted, groups))
            return;
        throw new errors/* DeployError */.s(`The load balancer did not take the weights ${(0,color/* formatWeights */.V7)((0,ecs_forward/* percentages */.aP)(wanted, groups))}.`, {
            code: 'shift-refused',
            hint: `Look at ${state.rule.arn}: something else changes it too.`,
        });
    }
    /** All actions of ELBv2 share one small bucket of the account: what was just seen is not asked for again. */
    async #recent() {
        if (this.#last !== undefined && Date.now() - this.#last.at <= RECENT_MS)
            return this.#last.rules;
        return this.#read();
    }
    async #read() {
        const at = Date.now();
        const rules = await readRules(this.#aws, this.rules);
        this.#last = { rules, at };
        return rules;
    }
}
function weightsOf({ rule, forward }, groups) {
    const foreign = (0,ecs_forward/* foreignGroups */.ZT)(forward, groups);
    if (foreign.length === 0)
        return (0,ecs_forward/* percentages */.aP)(forward, groups);
    throw new errors/* DeployError */.s(`${rule.arn} forwards to ${foreign.join(', ')}, which is the target group of neither color.`, {
        code: 'foreign-target-group',
        hint: `Blue is ${groups.blue}, green is ${groups.green}: correct ecs.listeners, ecs.services or ecs.target-groups.`,
    });
}


/***/ }),

/***/ 9873:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   c1: () => (/* binding */ groupsOf),
/* harmony export */   qV: () => (/* binding */ balancerOf),
/* harmony export */   t8: () => (/* binding */ containerOf)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2544);

/** How the two services hang on the load balancer, as the config says or the services themselves. Pure. */
/** @throws DeployError `no-target-group` */
function groupsOf(settings, services) {
    const configured = settings['target-groups'];
    if (configured !== undefined)
        return configured;
    const group = (color) => {
        const own = services[color].loadBalancers?.flatMap(({ targetGroupArn }) => targetGroupArn ?? []) ?? [];
        if (own.length === 1)
            return own[0];
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .DeployError */ .s(`Service ${settings.services[color]} has ${own.length === 0 ? 'no target group' : `${own.length} target groups`}.`, {
            code: 'no-target-group',
            hint: own.length === 0
                ? 'Give each of the two services a target group of its own.'
                : 'Say which one carries the traffic in ecs.target-groups.',
        });
    };
    const groups = { blue: group('blue'), green: group('green') };
    if (groups.blue !== groups.green)
        return groups;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .DeployError */ .s(`Both services register their tasks in ${groups.blue}.`, {
        code: 'no-target-group',
        hint: 'Give each of the two services a target group of its own: traffic is moved between the groups.',
    });
}
/** The container that takes the image: the configured one, else the one that the load balancer points at. */
function containerOf(settings, services, color) {
    const group = groupsOf(settings, services)[color];
    const registered = services[color].loadBalancers?.find(({ targetGroupArn }) => targetGroupArn === group);
    return settings.container ?? registered?.containerName ?? '';
}
/** The part of a listener's ARN that names its load balancer: `app/prod/50dc6c495c0c9188`. */
const balancerOf = (listenerArn) => /listener\/((?:app|net)\/[^/]+\/\w+)/.exec(listenerArn)?.[1] ?? '';


/***/ }),

/***/ 3122:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Fv: () => (/* binding */ renewed),
/* harmony export */   IC: () => (/* binding */ expiry),
/* harmony export */   K: () => (/* binding */ ownerFrom),
/* harmony export */   a: () => (/* binding */ ownerTexts),
/* harmony export */   wV: () => (/* binding */ lockLost)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2544);

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
