export const id = 448;
export const ids = [448];
export const modules = {

/***/ 448:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  EcsTarget: () => (/* binding */ EcsTarget)
});

// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/commands/DescribeListenersCommand.js
var DescribeListenersCommand = __webpack_require__(2672);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/commands/DescribeLoadBalancersCommand.js
var DescribeLoadBalancersCommand = __webpack_require__(9506);
// EXTERNAL MODULE: ./build/src/errors.js
var errors = __webpack_require__(7406);
// EXTERNAL MODULE: ./build/src/release/color.js
var release_color = __webpack_require__(4768);
// EXTERNAL MODULE: ./build/src/release/image.js
var release_image = __webpack_require__(4426);
// EXTERNAL MODULE: ./build/src/release/journal.js
var release_journal = __webpack_require__(672);
;// CONCATENATED MODULE: ./build/src/target/ecs/events.js
/** What a failure is told by: the rest is the ordinary coming and going of tasks. */
const TROUBLE = /unable|unhealthy|fail|error|rolling back|throttl|missing|alarm|not (be|been|found|have)/i;
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

// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ecs/dist-es/commands/DescribeServicesCommand.js
var DescribeServicesCommand = __webpack_require__(6987);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ecs/dist-es/commands/UpdateServiceCommand.js
var UpdateServiceCommand = __webpack_require__(7188);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ecs/dist-es/commands/TagResourceCommand.js
var TagResourceCommand = __webpack_require__(2168);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ecs/dist-es/commands/UntagResourceCommand.js
var UntagResourceCommand = __webpack_require__(1247);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ecs/dist-es/ECSClient.js + 8 modules
var ECSClient = __webpack_require__(7777);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/ElasticLoadBalancingV2Client.js + 8 modules
var ElasticLoadBalancingV2Client = __webpack_require__(4677);
// EXTERNAL MODULE: ./build/src/target/target.js
var target = __webpack_require__(9478);
;// CONCATENATED MODULE: ./build/src/target/ecs/aws.js




/** How every client of an AWS service is set up. */
const clientOptions = (region) => ({
    region,
    // Throttles count as attempts (facts/ecs.md 9): three, the default, are gone in about two seconds.
    maxAttempts: 5,
    // The SDK waits for ever by default; `requestTimeout` alone would only log a warning.
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 15_000, throwOnRequestTimeout: true },
    customUserAgent: 'blue-green-deploy',
});
function connect(region) {
    const options = clientOptions(region);
    return { ecs: new ECSClient/* ECSClient */.Z(options), elb: new ElasticLoadBalancingV2Client/* ElasticLoadBalancingV2Client */.M(options), region };
}
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
        if (isTransient(error))
            throw new target/* TransientError */.N(`${action}: ${aws_text(error)}`, { cause: error });
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
        if (isThrottle(error))
            throw new target/* TransientError */.N(`${action}: ${aws_text(error)}`, { cause: error });
        if (!isTransient(error))
            throw explain(action, error);
        throw new errors/* DeployError */.s(`AWS gave no usable answer to ${action}: ${aws_text(error)}`, {
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
const statusOf = (error) => error.$metadata?.httpStatusCode ?? 0;
const isThrottle = (error) => error instanceof Error && (THROTTLE.test(errorName(error)) || statusOf(error) === 429);
function isTransient(error) {
    if (!(error instanceof Error))
        return false;
    const { code } = error;
    return (isThrottle(error) ||
        TRANSIENT.test(errorName(error)) ||
        (typeof code === 'string' && TRANSIENT_CODE.test(code)) ||
        statusOf(error) >= 500);
}
const aws_text = (error) => {
    const message = error instanceof Error ? error.message || error.name : String(error);
    return message.split('\n')[0]?.slice(0, 300) ?? '';
};
/** AWS names the missing permission itself, which need not be the call's own: iam:PassRole, ecs:TagResource. */
function denial(error) {
    const [, missing, resource] = /not authorized to perform: ([\w-]+:\w+)(?: on resource: (\S+))?/.exec(aws_text(error)) ?? [];
    return missing === undefined ? undefined : { missing, resource };
}
/** What users can do about a call that AWS refused. */
function explain(action, error) {
    if (error instanceof errors/* DeployError */.s)
        return error;
    const name = errorName(error);
    const denied = denial(error);
    // ECS checks iam:PassRole itself, and reports it as its own ClientException (facts/ecs.md 4i).
    if (denied !== undefined || /^(AccessDenied|UnauthorizedOperation|AuthorizationError)$/.test(name)) {
        const { missing = action, resource } = denied ?? {};
        const role = missing === 'iam:PassRole' && resource !== undefined;
        return new errors/* DeployError */.s(`AWS denies ${missing}${role ? ` for ${resource}` : ''}.`, {
            code: 'access-denied',
            hint: role
                ? `The task definition names that role: allow iam:PassRole on it in the policy of the role that this workflow assumes.`
                : `Allow ${missing} in the policy of the role that this workflow assumes.`,
            details: [aws_text(error)],
            cause: error,
        });
    }
    if (/^(ExpiredToken|RequestExpired|InvalidClientTokenId|UnrecognizedClient|InvalidSignature|SignatureDoesNotMatch|MissingAuthenticationToken)$/.test(name))
        return new errors/* DeployError */.s(`AWS does not accept the credentials: ${aws_text(error)}`, {
            code: 'credentials-refused',
            hint: 'They may have expired: set role-duration-seconds of aws-actions/configure-aws-credentials to the length of the job.',
            cause: error,
        });
    if (/^CredentialsProvider/.test(name))
        return new errors/* DeployError */.s('There are no AWS credentials.', {
            code: 'no-credentials',
            hint: 'Run aws-actions/configure-aws-credentials in a step before this one, with permissions: id-token: write on the job.',
            cause: error,
        });
    return new errors/* DeployError */.s(`${action} was refused: ${name}: ${aws_text(error)}`, {
        code: 'aws-refused',
        cause: error,
    });
}

;// CONCATENATED MODULE: ./build/src/target/ecs/services.js




/** How old a look may be that several steps share, in ms: about as long as ECS's own reads may lag behind it. */
const RECENT_MS = 2_000;
/** The two ECS services, one per color. */
class ServicePair {
    #aws;
    #settings;
    #last;
    constructor(aws, settings) {
        this.#aws = aws;
        this.#settings = settings;
    }
    /**
     * Whatever look there was, for what does not change while a service exists or only by its owner's hand: ARNs and
     * target groups.
     */
    async known() {
        return this.#last?.services ?? this.describe();
    }
    /** The last look, when it was a moment ago and we updated nothing since (tags aside); else a new one. */
    async recent() {
        if (this.#last === undefined || Date.now() - this.#last.at > RECENT_MS)
            return this.describe();
        return this.#last.services;
    }
    /** Both in one call, with their tags. @throws DeployError `cluster-not-found`, `service-not-found` */
    async describe() {
        const at = Date.now();
        const { cluster, services: names, region } = this.#settings;
        const answer = await read('ecs:DescribeServices', async () => {
            try {
                return await this.#aws.ecs.send(new DescribeServicesCommand/* DescribeServicesCommand */.H({ cluster, services: [names.blue, names.green], include: ['TAGS'] }));
            }
            catch (error) {
                if (errorName(error) !== 'ClusterNotFound')
                    throw error;
                throw new errors/* DeployError */.s(`There is no ECS cluster ${cluster} in ${region}.`, {
                    code: 'cluster-not-found',
                    hint: 'Check ecs.cluster and ecs.region, and that the credentials belong to the right account.',
                });
            }
        });
        const find = (color) => answer.services?.find(({ serviceName, serviceArn, status }) => (serviceName === names[color] || serviceArn === names[color]) && status !== 'INACTIVE');
        const missing = release_color/* COLORS */.lm.filter((color) => find(color) === undefined);
        if (missing.length > 0)
            throw new errors/* DeployError */.s(`There is no ECS service ${missing.map((color) => names[color]).join(', nor ')} in cluster ${cluster}.`, {
                code: 'service-not-found',
                hint: `Create it, or correct ${missing.map((color) => `ecs.services.${color}`).join(' and ')}.`,
            });
        const services = { blue: find('blue'), green: find('green') };
        this.#last = { services, at };
        return services;
    }
    /** One UpdateService call; returns the service as AWS answers it, with the new deployment's id. */
    async update(color, change) {
        const { cluster, services } = this.#settings;
        // ARNs and target groups stay true; nothing else of it does.
        if (this.#last !== undefined)
            this.#last = { ...this.#last, at: Number.NEGATIVE_INFINITY };
        const answer = await modify('ecs:UpdateService', () => this.#aws.ecs.send(new UpdateServiceCommand/* UpdateServiceCommand */.k({ cluster, service: services[color], ...change })));
        if (answer.service === undefined)
            throw new errors/* DeployError */.s('ECS answered UpdateService without a service.', { code: 'aws-refused' });
        return answer.service;
    }
    async tag(service, tags) {
        await modify('ecs:TagResource', () => this.#aws.ecs.send(new TagResourceCommand/* TagResourceCommand */.e({
            resourceArn: service.serviceArn,
            tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
        })));
    }
    async untag(service, tagKeys) {
        if (tagKeys.length === 0)
            return;
        await modify('ecs:UntagResource', () => this.#aws.ecs.send(new UntagResourceCommand/* UntagResourceCommand */.R({ resourceArn: service.serviceArn, tagKeys })));
    }
}
/** AWS documents no order of `deployments`: they are found by status or id, never by position. */
const primaryDeployment = (service) => service.deployments?.find(({ status }) => status === 'PRIMARY');
const deploymentById = (service, id) => service.deployments?.find((deployment) => deployment.id === id);

;// CONCATENATED MODULE: ./build/src/target/ecs/tally.js
/** How many looks in a row must find a target at fault: one answer may be about a moment. */
const LOOKS = 2;
/** How long a load balancer may take to begin to use a target group that was attached just now, in ms. */
const ATTACHING_MS = 60_000;
/**
 * What one look can't tell: how long a task has been as it is. Measured by this machine's clock from look to look, as
 * AWS's clock may be another.
 */
class Tally {
    #courses = new Map();
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
    #since = Date.now();
    #isSeen;
    /** When ECS created the deployment, by its own clock: the runner's may be another. */
    createdAt;
    #before;
    /**
     * @param deployment as ECS answered the call that started it, or shows it
     * @param state `fresh`: this run started the deployment; `woken`: it changed the count of one that was there;
     *   `found`: it was there as it is
     */
    constructor(deployment, wanted, state) {
        this.deploymentId = deployment?.id ?? '';
        this.createdAt = deployment?.createdAt;
        this.wanted = wanted;
        this.#fresh = state === 'fresh';
        this.#isSeen = state === 'found';
        this.events = new Events(this.#fresh);
    }
    /**
     * Whether ECS shows by now what it was told: its API is eventually consistent, and until then what it shows means
     * nothing. A picture with a deployment in it that this run started, or with one after it, is newer than the call.
     */
    sees(service) {
        const deployment = deploymentById(service, this.deploymentId);
        const shown = deployment !== undefined && (this.#fresh || service.desiredCount === this.wanted);
        const overtaken = deployment === undefined && anchor_timeOf(primaryDeployment(service)) > anchor_timeOf(this);
        this.#isSeen ||= shown || overtaken || Date.now() - this.#since > PATIENCE_MS;
        return this.#isSeen;
    }
    /**
     * Those that stopped since this run began to look: ECS remembers stopped tasks for an hour, and what a release went
     * through before must not stop a rollback to it.
     */
    stoppedSince(stopped) {
        const ours = stopped.filter(({ startedBy }) => startedBy === this.deploymentId);
        this.#before ??= new Set(this.#fresh ? [] : ours.map(({ taskArn = '' }) => taskArn));
        return ours
            .filter(({ taskArn = '' }) => this.#before?.has(taskArn) === false)
            .sort((a, b) => endOf(a) - endOf(b));
    }
}
const anchor_timeOf = (deployment) => deployment?.createdAt?.getTime() ?? 0;
const endOf = ({ stoppingAt, stoppedAt }) => (stoppingAt ?? stoppedAt)?.getTime() ?? 0;

;// CONCATENATED MODULE: ./build/src/target/ecs/arn.js

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
    throw new errors/* DeployError */.s(`${arn} is not the ARN of a listener or of a listener rule.`, {
        code: 'config-invalid',
        hint: 'Copy it from the load balancer’s Listeners page; it contains :listener/ or :listener-rule/.',
    });
}

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

// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ecs/dist-es/commands/ListTasksCommand.js
var ListTasksCommand = __webpack_require__(4810);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ecs/dist-es/commands/DescribeTasksCommand.js
var DescribeTasksCommand = __webpack_require__(8639);
;// CONCATENATED MODULE: ./build/src/target/ecs/tasks.js


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
            const page = await read('ecs:ListTasks', () => this.#aws.ecs.send(new ListTasksCommand/* ListTasksCommand */.M({ cluster, serviceName, desiredStatus, nextToken })));
            arns.push(...(page.taskArns ?? []));
            nextToken = page.nextToken;
        } while (nextToken !== undefined);
        return arns;
    }
    async #describe(arns) {
        const { cluster } = this.#settings;
        const tasks = [];
        for (let start = 0; start < arns.length; start += BATCH) {
            const answer = await read('ecs:DescribeTasks', () => this.#aws.ecs.send(new DescribeTasksCommand/* DescribeTasksCommand */.z({ cluster, tasks: arns.slice(start, start + BATCH) })));
            tasks.push(...(answer.tasks ?? []));
        }
        return tasks;
    }
}
/** The address under which the load balancer knows a task of network mode awsvpc. */
const addressOf = (task) => task.attachments?.flatMap(({ details }) => details ?? []).find(({ name }) => name === 'privateIPv4Address')
    ?.value;
/** The last part of a task's ARN, as the console shows it. */
const taskId = ({ taskArn = '' }) => taskArn.slice(taskArn.lastIndexOf('/') + 1);

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
        return `task ${taskId(last)}${more}: ${kind}${ran(last)}`;
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

// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/commands/DescribeTargetHealthCommand.js
var DescribeTargetHealthCommand = __webpack_require__(7992);
;// CONCATENATED MODULE: ./build/src/target/ecs/target-health.js



async function targetHealth(aws, targetGroup) {
    const answer = await read('elasticloadbalancing:DescribeTargetHealth', () => aws.elb.send(new DescribeTargetHealthCommand/* DescribeTargetHealthCommand */.q({ TargetGroupArn: targetGroup })));
    return answer.TargetHealthDescriptions ?? [];
}
/** The state of one task. Matched by address and port: a target group may still hold targets of a former release. */
function stateOf(task, service, targets) {
    if (task.lastStatus !== 'RUNNING')
        return { kind: 'underway', text: (task.lastStatus ?? 'unknown').toLowerCase() };
    const address = addressOf(task);
    const ports = new Set(service.loadBalancers?.map(({ containerPort }) => containerPort));
    const found = targets.find(({ Target }) => Target?.Id === address && (ports.size === 0 || ports.has(Target?.Port)));
    if (found === undefined)
        return { kind: 'underway', text: `running, not yet a target (${taskId(task)})` };
    const { State = 'unknown', Reason = '', Description } = found.TargetHealth ?? {};
    const place = { address: `${found.Target?.Id}:${found.Target?.Port}` };
    if (State !== 'healthy') {
        const why = [Reason, Description].filter(Boolean).join(': ');
        const text = why === '' ? State : `${State} (${why})`;
        if (State === 'unhealthy' && !Reason.startsWith('Elb.'))
            return { kind: 'sick', text, ...place };
        if (State === 'unused' && Reason === 'Target.NotInUse')
            return { kind: 'unreachable', text, ...place };
        return { kind: 'underway', text, ...place };
    }
    // A container health check of the task definition counts too.
    return task.healthStatus === 'UNHEALTHY'
        ? { kind: 'sick', text: 'container health check fails', ...place }
        : { kind: 'healthy', text: 'healthy', ...place };
}

;// CONCATENATED MODULE: ./build/src/target/ecs/verdict.js




/**
 * How many tasks of a deployment may fail before it has. ECS's own circuit breaker counts from three, does not count
 * crashes after RUNNING at all, and may be off (facts/ecs.md 4b, roadmap #1206 and #1247): so we count for ourselves.
 */
const CRASH_LOOP = 2;
/** Whether what a look found is the end of it. */
function judge(anchor, sight) {
    const failed = sight.stopped.filter((task) => !isOrdinary(task));
    return judgeDeployment(anchor, sight, failed) ?? judgeTasks(anchor, sight, failed);
}
/** What ECS itself, or somebody else, decided about the deployment. */
function judgeDeployment(anchor, { service, deployment, running }, failed) {
    const primary = primaryDeployment(service);
    const other = `${releaseId(primary?.taskDefinition ?? '')} (deployment ${primary?.id ?? 'unknown'})`;
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
    const unwell = failed.filter(isHealthStop).length + sick.length;
    // The same release behind the same check: where each one fails it, there is no second try to wait for.
    const allUnwell = unwell > 0 && unwell >= Math.min(CRASH_LOOP, Math.max(1, wanted));
    if (hopeless === undefined && unreachable.length === 0 && !allUnwell)
        if (failed.length + sick.length < CRASH_LOOP)
            return undefined;
    const suspects = [...sick, ...unreachable];
    return { what: describe(anchor, failed, suspects), failed, suspects };
}
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
    if (!anchor.sees(service))
        return { ready: 0, wanted: anchor.wanted, detail: 'ECS does not show the deployment yet' };
    const { wanted } = options;
    const sight = await see(options);
    const news = anchor.events.note(service, anchor.createdAt);
    anchor.last = sight;
    anchor.tally.note(sight.running, sight.states);
    const verdict = judge(anchor, sight);
    if (verdict !== undefined) {
        const failure = await diagnose(verdict, { anchor, sight, logs, container });
        return { ready: 0, wanted, detail: failure.reason, news, failure };
    }
    const ready = [...sight.states.values()].filter(({ kind }) => kind === 'healthy').length;
    const rolling = sight.deployment?.rolloutState === 'IN_PROGRESS';
    // While ECS still rolls, its circuit breaker may yet replace the tasks, with users on them.
    const most = sight.others > 0 || rolling ? Math.max(wanted - 1, 0) : ready;
    return { ready: Math.min(ready, most), wanted, detail: health_describe(anchor, sight), news };
}
/** What `look` saw last, put together for when patience is over. */
async function health_explain(anchor, logs, container) {
    const sight = anchor.last;
    if (sight === undefined)
        return undefined;
    const verdict = judge(anchor, sight) ?? withoutVerdict(sight, health_describe(anchor, sight));
    return diagnose(verdict, { anchor, sight, logs, container });
}
async function see({ aws, tasks, service, anchor, targetGroup }) {
    const name = service.serviceName ?? '';
    const ours = ({ startedBy }) => startedBy === anchor.deploymentId;
    const stopped = anchor.stoppedSince(await tasks.stopped(name));
    const all = await tasks.running(name);
    const running = all.filter(ours);
    // Most of the wait goes by before a task runs, when no target can be healthy: ELBv2's budget is spared (4g).
    const started = running.some(({ lastStatus }) => lastStatus === 'RUNNING');
    const targets = started ? await targetHealth(aws, targetGroup) : [];
    return {
        service,
        deployment: deploymentById(service, anchor.deploymentId),
        stopped,
        running,
        others: all.filter((task) => !ours(task) && task.lastStatus === 'RUNNING').length,
        states: new Map(running.map((task) => [task.taskArn ?? '', stateOf(task, service, targets)])),
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
        ...(last === undefined ? [] : [`task ${taskId(last)} stopped: ${headline(last)}`]),
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

// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/pagination/DescribeRulesPaginator.js
var DescribeRulesPaginator = __webpack_require__(1526);
;// CONCATENATED MODULE: ./build/src/target/ecs/forward.js

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
const namesBoth = (forward, groups) => release_color/* COLORS */.lm.every((color) => weightOf(forward, groups[color]) !== undefined);
/** Groups of neither color that get traffic. */
const foreignGroups = (forward, groups) => groupsOf(forward)
    .filter(({ TargetGroupArn, Weight }) => TargetGroupArn !== groups.blue && TargetGroupArn !== groups.green && Weight !== 0)
    .map(({ TargetGroupArn = '' }) => TargetGroupArn);
/** Each color's share of the traffic, in percent. */
function percentages(forward, groups) {
    const total = groupsOf(forward).reduce((sum, { Weight }) => sum + (Weight ?? 1), 0);
    const share = (color) => total === 0 ? 0 : Math.round((100 * (weightOf(forward, groups[color]) ?? 0)) / total);
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
    return (release_color/* COLORS */.lm.every((color) => is[color] === should[color] &&
        namesGroup(forward, groups[color]) === namesGroup(wanted, groups[color])) && heldSeconds(forward) === heldSeconds(wanted));
};
/** The forward with other weights for the two groups. Groups of the user's own, which have no traffic, stay. */
function withWeights(forward, groups, weights) {
    const former = groupsOf(forward);
    const added = release_color/* COLORS */.lm.map((color) => groups[color])
        .filter((group) => !former.some(({ TargetGroupArn }) => TargetGroupArn === group))
        .map((TargetGroupArn) => ({ TargetGroupArn }));
    const all = [...former, ...added].map((tuple) => {
        const color = release_color/* COLORS */.lm.find((one) => groups[one] === tuple.TargetGroupArn);
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

;// CONCATENATED MODULE: ./build/src/target/ecs/listener-problems.js




/** Longer than this, sticky sessions make a deployment so long that the user must have said so. */
const LONG_SECONDS = 15 * 60;
/** What of the listeners would spoil a deployment. The preview rule stands on the first of them. */
async function listenerProblems({ aws, rules, groups, held, priority, url, }) {
    const first = rules[0].listenerArn;
    const listeners = await listenersOf(aws, loadBalancerArn(first));
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
    const carries = Actions.some((action) => release_color/* COLORS */.lm.some((color) => namesGroup(action, groups[color])));
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
const loadBalancerArn = (listenerArn) => listenerArn.replace(':listener/', ':loadbalancer/').replace(/\/\w+$/, '');
async function listenersOf(aws, arn) {
    const answer = await read('elasticloadbalancing:DescribeListeners', () => aws.elb.send(new DescribeListenersCommand/* DescribeListenersCommand */.A({ LoadBalancerArn: arn })));
    return answer.Listeners ?? [];
}
async function rulesOf(aws, listenerArn) {
    return read('elasticloadbalancing:DescribeRules', async () => {
        const rules = [];
        for await (const page of (0,DescribeRulesPaginator/* paginateDescribeRules */.u)({ client: aws.elb }, { ListenerArn: listenerArn }))
            rules.push(...(page.Rules ?? []));
        return rules;
    });
}

// EXTERNAL MODULE: external "node:timers/promises"
var promises_ = __webpack_require__(8500);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ecs/dist-es/commands/RegisterTaskDefinitionCommand.js
var RegisterTaskDefinitionCommand = __webpack_require__(6412);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ecs/dist-es/commands/ListTaskDefinitionsCommand.js
var ListTaskDefinitionsCommand = __webpack_require__(155);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ecs/dist-es/commands/DescribeTaskDefinitionCommand.js
var DescribeTaskDefinitionCommand = __webpack_require__(2511);
;// CONCATENATED MODULE: ./build/src/target/ecs/raw-json.js
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

;// CONCATENATED MODULE: ./build/src/target/ecs/task-definitions.js




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
    async register(base, content, candidates) {
        const wanted = fingerprint({ content, tags: base.tags });
        const known = [...candidates, await this.newest(base.family)];
        const same = known.find((candidate) => fingerprint(candidate) === wanted);
        if (same !== undefined)
            return same;
        const command = new RegisterTaskDefinitionCommand/* RegisterTaskDefinitionCommand */.$({ family: base.family, containerDefinitions: [] });
        // An empty list of tags is refused by some API versions; no list is right for all.
        sendInstead(command, base.tags.length === 0 ? content : { ...content, tags: base.tags });
        const raw = captureAnswer(command);
        const answer = await modify('ecs:RegisterTaskDefinition', () => this.#aws.ecs.send(command));
        if (answer.taskDefinition?.taskDefinitionArn === undefined)
            throw new errors/* DeployError */.s('ECS answered RegisterTaskDefinition without an ARN.', { code: 'aws-refused' });
        const registered = asTaskDefinition(raw());
        this.#known.set(registered.arn, Promise.resolve(registered));
        return registered;
    }
    /** The newest revision that `matches`; looks at the last 50. */
    async find(family, matches) {
        const { taskDefinitionArns = [] } = await read('ecs:ListTaskDefinitions', () => this.#aws.ecs.send(new ListTaskDefinitionsCommand/* ListTaskDefinitionsCommand */.P({ familyPrefix: family, sort: 'DESC', maxResults: SEARCH_DEPTH })));
        for (const arn of taskDefinitionArns) {
            const definition = await this.get(arn);
            // familyPrefix is a prefix: `shop` lists the revisions of `shop-jobs` too.
            if (definition.family === family && matches(definition))
                return definition;
        }
        return undefined;
    }
    async #describe(name) {
        const command = new DescribeTaskDefinitionCommand/* DescribeTaskDefinitionCommand */.Z({ taskDefinition: name, include: ['TAGS'] });
        const raw = captureAnswer(command);
        await read('ecs:DescribeTaskDefinition', () => this.#aws.ecs.send(command));
        return asTaskDefinition(raw());
    }
}
/** Of the raw answer to Describe and to Register, which have the same form. */
function asTaskDefinition(raw) {
    const answer = raw;
    const all = answer.taskDefinition ?? {};
    return {
        arn: String(all['taskDefinitionArn']),
        family: String(all['family']),
        content: Object.fromEntries(Object.entries(all).filter(([key]) => !READ_ONLY.has(key))),
        // `aws:` tags are AWS's own: they can be neither set nor taken along.
        tags: (answer.tags ?? [])
            .filter(({ key }) => !key.startsWith('aws:'))
            .map(({ key, value }) => ({ key, value: value ?? '' })),
    };
}
const containersOf = (definition) => (definition.content['containerDefinitions'] ?? []);
/** The content with other images in the named containers, and nothing else changed. */
const withImages = (definition, images) => ({
    ...definition.content,
    containerDefinitions: containersOf(definition).map((container) => {
        const image = images.get(container.name ?? '');
        return image === undefined ? container : { ...container, image };
    }),
});
/** The same for the same content, whatever the order of its keys and tags. */
function fingerprint({ content, tags }) {
    const sorted = [...tags].sort((a, b) => (a.key < b.key ? -1 : 1));
    return JSON.stringify([content, sorted], (_, value) => value !== null && typeof value === 'object' && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value);
}

;// CONCATENATED MODULE: ./build/src/target/ecs/log-tail.js





/** How many lines are read, and how many of them are shown. */
const READ_LINES = 50;
const SHOWN_LINES = 20;
/** All that a log may cost a verdict, in ms. */
const DEADLINE_MS = 10_000;
/** A log agent hands over the last lines a moment after the end; one more look is worth it. */
const LATE_MS = 1_500;
/** Reads the ends of container logs from CloudWatch, with a client that is loaded once a failure needs it. */
class LogTail {
    #region;
    #definitions;
    #clients = new Map();
    constructor(region, definitions) {
        this.#region = region;
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
            const { message } = (0,errors/* toDeployError */.p)(error);
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
        const { logConfiguration } = containersOf(definition).find((one) => one.name === name) ?? {};
        if (logConfiguration === undefined)
            return remark('the task definition keeps none; with the awslogs driver its last lines would be here');
        const { logDriver, options = {} } = logConfiguration;
        const group = options['awslogs-group'];
        if (logDriver !== 'awslogs' || group === undefined)
            return remark(`it goes to ${logDriver}, which is not read here`);
        const prefix = options['awslogs-stream-prefix'];
        // Without a prefix, as EC2 allows, Docker names the stream by its own id of the container.
        const stream = prefix === undefined ? (container.runtimeId ?? '') : `${prefix}/${name}/${taskId(task)}`;
        const lines = await this.#last(options['awslogs-region'] ?? this.#region, group, stream);
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
        await (0,promises_.setTimeout)(LATE_MS);
        return this.#fetch(region, group, stream, signal);
    }
    async #fetch(region, group, stream, abortSignal) {
        const { CloudWatchLogsClient, GetLogEventsCommand } = await __webpack_require__.e(/* import() */ 286).then(__webpack_require__.bind(__webpack_require__, 1286));
        const client = this.#clients.get(region) ?? new CloudWatchLogsClient({ ...clientOptions(region), maxAttempts: 2 });
        this.#clients.set(region, client);
        const command = new GetLogEventsCommand({
            logGroupName: group,
            logStreamName: stream,
            limit: READ_LINES,
            startFromHead: false,
        });
        return read('logs:GetLogEvents', async () => {
            try {
                const { events = [] } = await client.send(command, { abortSignal });
                return events
                    .flatMap(({ message = '' }) => message.split(/\r?\n/))
                    .filter((line) => line.trim() !== '')
                    .slice(-SHOWN_LINES);
            }
            catch (error) {
                if (errorName(error) === 'ResourceNotFound')
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

// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/commands/DescribeTargetGroupsCommand.js
var DescribeTargetGroupsCommand = __webpack_require__(8358);
;// CONCATENATED MODULE: ./build/src/target/ecs/preflight.js




/** What would make a deployment fail, or hurt users, as far as it can be seen beforehand. */
async function findProblems({ aws, settings, services, groups, definition, container, imageTag, loadBalancer, }) {
    return [
        ...release_color/* COLORS */.lm.flatMap((color) => controllerProblems(services[color])),
        ...containerProblems(settings, definition, container),
        ...digestProblems(settings, imageTag),
        ...networkProblems(definition),
        ...release_color/* COLORS */.lm.flatMap((color) => registrationProblems(services[color], groups[color])),
        ...(await groupProblems(aws, groups, loadBalancer)),
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
            problem(`Service ${service.serviceName} has the deployment strategy ${strategy}, which moves traffic by itself.`, 'Set deploymentConfiguration.strategy to ROLLING on both services.'),
        ];
    return [];
}
function containerProblems(settings, definition, container) {
    const names = containersOf(definition).map(({ name }) => name ?? '');
    return [container, ...Object.keys(settings.images)]
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
function networkProblems(definition) {
    const mode = definition.content['networkMode'];
    if (mode === 'awsvpc')
        return [];
    return [
        problem(`Task definition ${definition.arn} has the network mode ${String(mode ?? 'bridge')}.`, 'Only awsvpc (Fargate, or EC2 with own addresses) is supported: each task is proven by its own address.'),
    ];
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
async function groupProblems(aws, groups, loadBalancer) {
    const described = await read('elasticloadbalancing:DescribeTargetGroups', async () => {
        try {
            const answer = await aws.elb.send(new DescribeTargetGroupsCommand/* DescribeTargetGroupsCommand */.s({ TargetGroupArns: [groups.blue, groups.green] }));
            return answer.TargetGroups ?? [];
        }
        catch (error) {
            if (errorName(error) === 'TargetGroupNotFound')
                return undefined;
            throw error;
        }
    });
    if (described === undefined)
        return [
            problem(`Target group ${groups.blue} or ${groups.green} does not exist.`, 'Correct ecs.target-groups, or leave it out to have them read from the services.'),
        ];
    const pair = Object.fromEntries(release_color/* COLORS */.lm.map((color) => [color, described.find(({ TargetGroupArn }) => TargetGroupArn === groups[color])]));
    return [
        ...described.flatMap((group) => foreignProblems(group, loadBalancer)),
        ...described
            .filter(({ TargetType }) => TargetType !== 'ip')
            .map(({ TargetGroupName, TargetType }) => problem(`Target group ${TargetGroupName} has the target type ${TargetType}.`, 'Tasks of network mode awsvpc need target groups of type ip.')),
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

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/commands/CreateRuleCommand.js
var CreateRuleCommand = __webpack_require__(8232);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/commands/ModifyRuleCommand.js
var ModifyRuleCommand = __webpack_require__(4074);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/commands/AddTagsCommand.js
var AddTagsCommand = __webpack_require__(23);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/commands/DeleteRuleCommand.js
var DeleteRuleCommand = __webpack_require__(5701);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/commands/DescribeTagsCommand.js
var DescribeTagsCommand = __webpack_require__(7374);
;// CONCATENATED MODULE: ./build/src/target/ecs/tags.js
/**
 * What outlives a run is written as tags on the services and on the preview rule. One prefix for all of them; the
 * values are kept to the characters and the length that both ECS and ELBv2 take.
 */
const TAG_PREFIX = 'blue-green:';
const JOURNAL_PREFIX = `${TAG_PREFIX}journal:`;
const VALUE_LIMIT = 256;
/** Free text as a tag value: what AWS refuses becomes a space, what is too long is cut. */
const tagValue = (text) => text.replace(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, ' ').slice(0, VALUE_LIMIT);
const journalTag = (key) => `${JOURNAL_PREFIX}${key}`;
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

;// CONCATENATED MODULE: ./build/src/target/ecs/preview-rule.js





const PREVIEW_HEADER = 'x-blue-green-preview';
const tag = (name) => `${TAG_PREFIX}${name}`;
/**
 * The preview rule, which is the lock: `CreateRule` at a fixed priority is atomic (PriorityInUse), its header value is
 * a nonce that only this run knows, its tags tell who holds it, and `DeleteRule` by ARN can only hit this very rule.
 */
class PreviewRule {
    #aws;
    #options;
    /** One for the process: a rule whose CreateRule was answered too late is known for ours by it. */
    #nonce = (0,external_node_crypto_.randomBytes)(16).toString('hex');
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
        const text = (name) => tags.get(tag(name)) ?? '';
        return {
            owner: {
                id: text('owner'),
                runUrl: text('run-url'),
                actor: text('actor'),
                reason: text('reason'),
                operation: text('operation'),
            },
            expires: Date.parse(text('expires')) || 0,
            handle: rule.RuleArn,
        };
    }
    async acquire(owner, ttlMs) {
        const { app, environment, listenerArn, priority } = this.#options;
        const tags = {
            app,
            environment,
            owner: owner.id,
            'run-url': owner.runUrl,
            actor: owner.actor,
            reason: owner.reason,
            operation: owner.operation,
            expires: expiry(ttlMs),
        };
        const group = await this.#options.idleGroup();
        const arn = await modify('elasticloadbalancing:CreateRule', async () => {
            try {
                const { Rules } = await this.#aws.elb.send(new CreateRuleCommand/* CreateRuleCommand */.O({
                    ListenerArn: listenerArn,
                    Priority: priority,
                    Conditions: [
                        {
                            Field: 'http-header',
                            HttpHeaderConfig: { HttpHeaderName: PREVIEW_HEADER, Values: [this.#nonce] },
                        },
                    ],
                    Actions: [{ Type: 'forward', TargetGroupArn: group }],
                    Tags: Object.entries(tags).map(([key, value]) => ({ Key: tag(key), Value: tagValue(value) })),
                }));
                return Rules?.[0]?.RuleArn;
            }
            catch (error) {
                if (errorName(error) !== 'PriorityInUse')
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
    async resume(handle, ttlMs) {
        const lease = this.#lease(handle, ttlMs);
        try {
            await lease.renew();
        }
        catch (error) {
            if (error instanceof errors/* DeployError */.s && error.code === 'lock-lost')
                return undefined;
            throw error;
        }
        return lease;
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
            await modify('elasticloadbalancing:ModifyRule', () => this.#aws.elb.send(new ModifyRuleCommand/* ModifyRuleCommand */.y({
                RuleArn: rule.RuleArn,
                Actions: [{ Type: 'forward', TargetGroupArn: group }],
            })));
            this.#since = Date.now();
        }
        return { headers: { [PREVIEW_HEADER]: nonce }, since: this.#since };
    }
    #lease(arn, ttlMs) {
        // Without an answer there is no news about the lock, so this counts as a read.
        const set = (expires) => read('elasticloadbalancing:AddTags', async () => {
            try {
                await this.#aws.elb.send(new AddTagsCommand/* AddTagsCommand */.y({ ResourceArns: [arn], Tags: [{ Key: tag('expires'), Value: expires }] }));
            }
            catch (error) {
                if (errorName(error) !== 'RuleNotFound')
                    throw error;
                throw new errors/* DeployError */.s('This run has lost its lock: another one took over, and goes on from here.', {
                    code: 'lock-lost',
                    hint: 'Look at the run that holds the lock now. If runners lose their connection for minutes, raise lock.ttl.',
                });
            }
        });
        return {
            handle: arn,
            renew: () => set(expiry(ttlMs)),
            release: ({ keepPreview }) => (keepPreview ? set(expiry(0)) : this.#delete(arn)),
        };
    }
    async #delete(arn) {
        await modify('elasticloadbalancing:DeleteRule', async () => {
            try {
                await this.#aws.elb.send(new DeleteRuleCommand/* DeleteRuleCommand */.p({ RuleArn: arn }));
            }
            catch (error) {
                if (errorName(error) !== 'RuleNotFound')
                    throw error;
            }
        });
    }
    /** Whatever rule stands at our priority. */
    async #find() {
        const { listenerArn, priority } = this.#options;
        return read('elasticloadbalancing:DescribeRules', async () => {
            const pages = (0,DescribeRulesPaginator/* paginateDescribeRules */.u)({ client: this.#aws.elb }, { ListenerArn: listenerArn });
            for await (const { Rules = [] } of pages) {
                const rule = Rules.find(({ Priority }) => Priority === String(priority));
                if (rule !== undefined)
                    return rule;
            }
            return undefined;
        });
    }
    async #tags(arn) {
        return read('elasticloadbalancing:DescribeTags', async () => {
            try {
                const answer = await this.#aws.elb.send(new DescribeTagsCommand/* DescribeTagsCommand */.y({ ResourceArns: [arn] }));
                return tagMap(answer.TagDescriptions?.[0]?.Tags);
            }
            catch (error) {
                if (errorName(error) === 'RuleNotFound')
                    return undefined;
                throw error;
            }
        });
    }
    #refuseForeign(rule, tags) {
        const { app, environment, listenerArn, priority } = this.#options;
        const owner = { app: tags.get(tag('app')), environment: tags.get(tag('environment')) };
        if (owner.app === tagValue(app) && owner.environment === tagValue(environment))
            return;
        throw new errors/* DeployError */.s(owner.app === undefined
            ? `Priority ${priority} of ${listenerArn} belongs to a rule of your own (${rule.RuleArn}).`
            : `Priority ${priority} of ${listenerArn} is used by ${owner.app} ${owner.environment ?? ''}.`, {
            code: 'preview-priority-taken',
            hint: 'Set ecs.preview-priority to a priority that no other rule of this listener uses, smaller than theirs.',
        });
    }
}
const expiry = (ttlMs) => new Date(Date.now() + ttlMs).toISOString();
const nonceOf = (rule) => rule.Conditions?.find(({ HttpHeaderConfig }) => HttpHeaderConfig?.HttpHeaderName?.toLowerCase() === PREVIEW_HEADER)?.HttpHeaderConfig?.Values?.[0];

;// CONCATENATED MODULE: ./build/src/target/ecs/scalable-targets.js



const DIMENSION = 'ecs:service:DesiredCount';
const ATTEMPTS = 5;
const PAUSE_MS = 1_000;
/** The scalable targets of the two services, where there are any: none is ever made or removed. */
class ScalableTargets {
    #settings;
    #region;
    #opened;
    /** What we have changed ourselves: answers may still be the picture from before it. */
    #changed = new Map();
    #none = false;
    constructor({ region }, settings) {
        this.#settings = settings;
        this.#region = region;
    }
    /** Both in one call; no call once it is known that there are none. */
    async describe() {
        if (this.#none)
            return { blue: undefined, green: undefined };
        const { sdk, client } = await this.#open();
        const ids = release_color/* COLORS */.lm.map((color) => this.#resourceId(color));
        const { ScalableTargets: found = [] } = await read('application-autoscaling:DescribeScalableTargets', () => client.send(new sdk.DescribeScalableTargetsCommand({
            ServiceNamespace: 'ecs',
            ResourceIds: ids,
            ScalableDimension: DIMENSION,
        })));
        this.#none = found.length === 0;
        const stateOf = (color) => {
            const target = found.find(({ ResourceId }) => ResourceId === this.#resourceId(color));
            if (target === undefined)
                return undefined;
            const { MinCapacity: min = 0, MaxCapacity: max = 0, SuspendedState: state } = target;
            return {
                min,
                max,
                suspended: {
                    in: state?.DynamicScalingInSuspended ?? false,
                    out: state?.DynamicScalingOutSuspended ?? false,
                    scheduled: state?.ScheduledScalingSuspended ?? false,
                },
                ...this.#changed.get(color),
            };
        };
        return { blue: stateOf('blue'), green: stateOf('green') };
    }
    /**
     * Changes a scalable target that there is. AWS pulls the desired count into the bounds on *every* such call, "even
     * if you don't include the MinCapacity or MaxCapacity request parameters": never call it for a parked color that is
     * below its minimum.
     */
    async register(color, change) {
        const former = this.#changed.get(color);
        this.#changed.delete(color);
        await this.confirm(color, change);
        this.#changed.set(color, { ...former, ...change });
    }
    /** Like `register`, with what is there already. */
    async confirm(color, { min, max, suspended }) {
        const { sdk, client } = await this.#open();
        await this.#patiently(() => client.send(new sdk.RegisterScalableTargetCommand({
            ServiceNamespace: 'ecs',
            ResourceId: this.#resourceId(color),
            ScalableDimension: DIMENSION,
            MinCapacity: min,
            MaxCapacity: max,
            SuspendedState: {
                DynamicScalingInSuspended: suspended.in,
                DynamicScalingOutSuspended: suspended.out,
                ScheduledScalingSuspended: suspended.scheduled,
            },
        })));
    }
    async close() {
        if (this.#opened !== undefined)
            (await this.#opened).client.destroy();
    }
    /** A target with an update under way, as while a policy strikes, refuses another one; the SDK doesn't try again. */
    #patiently(call) {
        return modify('application-autoscaling:RegisterScalableTarget', async () => {
            for (let attempt = 1;; attempt += 1) {
                try {
                    return await call();
                }
                catch (error) {
                    if (errorName(error) !== 'ConcurrentUpdate' || attempt === ATTEMPTS)
                        throw error;
                    await (0,promises_.setTimeout)(attempt * PAUSE_MS);
                }
            }
        });
    }
    #resourceId(color) {
        return `service/${this.#settings.cluster}/${this.#settings.services[color]}`;
    }
    /** Loaded when it is needed: who leaves scaling alone doesn't pay for its client. */
    #open() {
        this.#opened ??= __webpack_require__.e(/* import() */ 66).then(__webpack_require__.bind(__webpack_require__, 8066)).then((sdk) => ({
            sdk,
            client: new sdk.ApplicationAutoScalingClient(clientOptions(this.#region)),
        }));
        return this.#opened;
    }
}

;// CONCATENATED MODULE: ./build/src/target/ecs/scaling-state.js

const ALL_SUSPENDED = { in: true, out: true, scheduled: true };
const sameSuspended = (a, b) => a.in === b.in && a.out === b.out && a.scheduled === b.scheduled;
/** What the user wants suspended: where all is, and by us, that says nothing. */
const wantedSuspended = ({ suspended, before }) => before !== undefined && sameSuspended(suspended, ALL_SUSPENDED) ? before : suspended;
/** `in+scheduled`, in characters that tags take; `none` where nothing is. */
const encodeSuspended = (suspended) => ['in', 'out', 'scheduled'].filter((process) => suspended[process]).join('+') || 'none';
/** Nothing for a text that `encodeSuspended` did not write. */
function decodeSuspended(text) {
    const named = text.split('+');
    const state = {
        in: named.includes('in'),
        out: named.includes('out'),
        scheduled: named.includes('scheduled'),
    };
    return encodeSuspended(state) === text ? state : undefined;
}
/** `min=2 max=10 suspended=none before=in`, for the journal; empty for a service without a scalable target. */
const encodeScaling = (state) => state === undefined
    ? ''
    : [
        `min=${state.min}`,
        `max=${state.max}`,
        `suspended=${encodeSuspended(state.suspended)}`,
        ...(state.before === undefined ? [] : [`before=${encodeSuspended(state.before)}`]),
    ].join(' ');
/** @throws DeployError `journal-unreadable` for a text that `encodeScaling` did not write: nothing is guessed */
function decodeScaling(text) {
    if (text === '')
        return undefined;
    const { min, max, suspended, before } = /^min=(?<min>\d+) max=(?<max>\d+) suspended=(?<suspended>[a-z+]+)(?: before=(?<before>[a-z+]+))?$/.exec(text)?.groups ?? {};
    const state = {
        min: Number(min),
        max: Number(max),
        suspended: decodeSuspended(suspended ?? ''),
        before: before === undefined ? undefined : decodeSuspended(before),
    };
    if (state.suspended !== undefined && encodeScaling(state) === text)
        return state;
    throw new errors/* DeployError */.s(`The record of an unfinished run can't be read: its scaling is ${JSON.stringify(text)}.`, {
        code: 'journal-unreadable',
        hint: 'It was written by another version of this action, or by hand. Restore or remove its entries (docs/ecs.md), then run again.',
    });
}

;// CONCATENATED MODULE: ./build/src/target/ecs/scaling.js




/**
 * What was suspended on a parked color before we suspended all of it: written before that is done, gone when it is
 * live again. So a color that gets live by other hands, or alone has a scalable target, is not left asleep.
 */
const BEFORE_TAG = `${TAG_PREFIX}suspended-before`;
/** Hands Application Auto Scaling over from one color's service to the other's. */
class EcsScaling {
    #options;
    #targets;
    constructor(options) {
        this.#options = options;
        this.#targets = new ScalableTargets(options.aws, options.settings);
    }
    /**
     * Makes sure beforehand that the hand-over is allowed. IAM has no other way to ask for
     * RegisterScalableTarget than to call it: with what is set already, which changes nothing.
     */
    async check(services, live) {
        if (this.#options.settings.autoscaling === 'ignore')
            return;
        const states = await this.#targets.describe();
        for (const color of [live, (0,release_color/* otherColor */.IP)(live)]) {
            const state = states[color];
            const count = services[color].desiredCount ?? 0;
            if (state === undefined || count < state.min || count > state.max)
                continue;
            await this.#targets.confirm(color, { suspended: state.suspended });
            return;
        }
    }
    async save() {
        if (this.#options.settings.autoscaling === 'ignore')
            return { colors: { blue: '', green: '' } };
        const { services: names } = this.#options.settings;
        const states = await this.#states();
        const [lonely] = release_color/* COLORS */.lm.filter((color) => states[color] && states[(0,release_color/* otherColor */.IP)(color)] === undefined);
        const warning = lonely === undefined
            ? undefined
            : `Service ${names[lonely]} has a scalable target and ${names[(0,release_color/* otherColor */.IP)(lonely)]} has none: while ${(0,release_color/* otherColor */.IP)(lonely)} is live, its count stays as it is. Give both services one, with the same policies.`;
        return { colors: { blue: encodeScaling(states.blue), green: encodeScaling(states.green) }, warning };
    }
    async hold(color) {
        const state = (await this.#states())[color];
        if (state === undefined || sameSuspended(state.suspended, ALL_SUSPENDED))
            return;
        const { services, asked } = this.#options;
        const count = asked(color);
        await this.#suspend(color, state, count ?? (await services.describe())[color].desiredCount ?? 0);
        // A policy may have struck between the start and this.
        if (count !== undefined)
            await services.update(color, { desiredCount: count });
    }
    async handOver(to, saved, { scaleIn }) {
        const from = (0,release_color/* otherColor */.IP)(to);
        const [old, own] = [decodeScaling(saved[from]), decodeScaling(saved[to])];
        const now = await this.#states();
        const { services } = this.#options;
        if (own !== undefined && now[to] !== undefined) {
            // With a single scalable target there is nothing to take over: the color wakes up as it fell asleep.
            const wanted = wantedSuspended(old ?? own);
            const { min, max } = old ?? own;
            const suspended = { ...wanted, in: wanted.in || !scaleIn };
            // The bounds go over once: what somebody sets on the live color from then on is theirs.
            await this.#set(to, now[to], scaleIn ? { ...now[to], suspended } : { min, max, suspended });
        }
        const described = await services.describe();
        if (old !== undefined && now[from] !== undefined && !sameSuspended(now[from].suspended, ALL_SUSPENDED)) {
            await services.tag(described[from], { [BEFORE_TAG]: encodeSuspended(wantedSuspended(old)) });
            await this.#suspend(from, now[from], described[from].desiredCount ?? 0);
        }
        if (scaleIn && tagMap(described[to].tags).has(BEFORE_TAG))
            await services.untag(described[to], [BEFORE_TAG]);
    }
    async restore(color, saved) {
        const state = decodeScaling(saved);
        const now = (await this.#states())[color];
        if (state === undefined || now === undefined)
            return;
        const { services, asked, carriesTraffic } = this.#options;
        const described = (await services.describe())[color];
        const count = asked(color) ?? described.desiredCount ?? 0;
        const within = Math.min(state.max, Math.max(state.min, count));
        // AWS would pull the count into the bounds, in its own time, and perhaps only after we parked the color.
        if (!same(state, now) && within !== count && !(await carriesTraffic(color)))
            await services.update(color, { desiredCount: within });
        await this.#set(color, now, state);
        if (state.before === undefined)
            await services.untag(described, [BEFORE_TAG]);
    }
    close() {
        return this.#targets.close();
    }
    async #states() {
        const targets = await this.#targets.describe();
        if (targets.blue === undefined && targets.green === undefined)
            return { blue: undefined, green: undefined };
        const services = await this.#options.services.describe();
        const stateOf = (color) => {
            const before = decodeSuspended(tagMap(services[color].tags).get(BEFORE_TAG) ?? '');
            return targets[color] === undefined ? undefined : { ...targets[color], before };
        };
        return { blue: stateOf('blue'), green: stateOf('green') };
    }
    async #set(color, now, wanted) {
        if (same(now, wanted))
            return;
        const { min, max, suspended } = wanted;
        await this.#targets.register(color, {
            ...(min === now.min ? {} : { min }),
            ...(max === now.max ? {} : { max }),
            suspended,
        });
    }
    /** Suspends all; bounds that the count is outside of give way, since AWS would pull it into them at once. */
    #suspend(color, now, count) {
        return this.#targets.register(color, {
            ...(count < now.min ? { min: count } : {}),
            ...(count > now.max ? { max: count } : {}),
            suspended: ALL_SUSPENDED,
        });
    }
}
const same = (a, b) => a.min === b.min && a.max === b.max && sameSuspended(a.suspended, b.suspended);

;// CONCATENATED MODULE: ./build/src/target/ecs/standings.js



/** The release that the color had when users last had it: lapses by itself once the service runs another. */
const WAS_LIVE = `${TAG_PREFIX}was-live`;
/** The releases that users were taken away from, the newest last: a tag value holds 256 characters. */
const ROLLED_BACK = `${TAG_PREFIX}rolled-back`;
const REMEMBERED = 8;
/** What is known of a release's past, from the tags of both services. */
function standingOf(services, color, release) {
    if (release_color/* COLORS */.lm.some((one) => rolledBack(services[one]).includes(release)))
        return 'rolled-back';
    return tagMap(services[color].tags).get(WAS_LIVE) === release ? 'was-live' : 'unknown';
}
/** Records what became of the release that the color's service holds. */
async function markRelease(pair, color, standing) {
    const services = await pair.describe();
    const release = releaseId(services[color].taskDefinition ?? '');
    if (standing === 'rolled-back') {
        const others = rolledBack(services[color]).filter((one) => one !== release);
        await pair.tag(services[color], { [ROLLED_BACK]: [...others, release].slice(-REMEMBERED).join(' ') });
        return;
    }
    await pair.tag(services[color], { [WAS_LIVE]: release });
    // Users have it again, and are content: it is forgiven.
    for (const service of release_color/* COLORS */.lm.map((one) => services[one])) {
        const known = rolledBack(service);
        if (known.includes(release))
            await pair.tag(service, { [ROLLED_BACK]: known.filter((one) => one !== release).join(' ') });
    }
}
const rolledBack = (service) => (tagMap(service.tags).get(ROLLED_BACK) ?? '').split(' ').filter((one) => one !== '');

// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/commands/DescribeTargetGroupAttributesCommand.js
var DescribeTargetGroupAttributesCommand = __webpack_require__(291);
;// CONCATENATED MODULE: ./build/src/target/ecs/stickiness.js




const PREFIX = `${TAG_PREFIX}stickiness:`;
/** `...:listener/app/<lb>/<id>/<listener id>` and `...:listener-rule/.../<rule id>`: the ids tell rules apart. */
const keyOf = ({ arn }) => `${PREFIX}${arn.split('/').slice(3).join('/')}`;
/**
 * Group stickiness (the cookie AWSALBTG) holds a client to the target group that it got first. AWS does not say whether
 * weight 0 ends that, nor whether each answer renews the cookie; but a color must not be stopped while users come, and
 * a release that is taken back must be taken from everybody. So while traffic is on one color only, rules hold nobody:
 * group stickiness is off. Where a target group holds clients itself (to a task, AWSALB), AWS insists on group
 * stickiness with several groups (facts/ecs.md 4d): there the color that lost the traffic is left out of the rules, and
 * stays attached, hence health-checked, through the preview rule. Both are put back once every cookie from before has
 * run out, which the drain waits for. With both colors in the traffic it is as the user wrote it: nobody is to go to
 * and fro between releases.
 *
 * What it was is kept in tags of the blue service until it is put back.
 */
class Stickiness {
    #aws;
    #services;
    #traffic;
    constructor(aws, services, traffic) {
        this.#aws = aws;
        this.#services = services;
        this.#traffic = traffic;
    }
    /** How rules must hold clients with these weights. Writes down what it was, before it is changed. */
    async forShift(services, groups, weights) {
        const recorded = recordOf(services);
        const losing = release_color/* COLORS */.lm.find((color) => weights[color] === 0);
        if (losing === undefined)
            return former(recorded);
        const held = [...(await this.#traffic.held())].filter(([, seconds]) => seconds > 0);
        if (held.length === 0 && recorded.size === 0)
            return AS_IT_IS;
        const added = held.filter(([rule]) => !recorded.has(keyOf(rule)));
        if (added.length > 0)
            await this.#services.tag(services.blue, Object.fromEntries(added.map(([rule, seconds]) => [keyOf(rule), String(seconds)])));
        return { seconds: () => 0, without: (await this.#isMandatory(groups)) ? groups[losing] : undefined };
    }
    /** How rules hold clients that get a second target group: AWS insists on it where a group holds clients itself. */
    async forSecondGroup(groups) {
        if (!(await this.#isMandatory(groups)))
            return { hold: AS_IT_IS, said: '' };
        return {
            // The least that AWS takes: as good as none.
            hold: { seconds: (_, now) => Math.max(now, 1) },
            said: ', with a group stickiness of 1 s at least, which AWS demands as the groups have stickiness of their own',
        };
    }
    /** Gives rules back what they had. Only once no cookie can lead to a color that is about to be stopped. */
    async putBack(services, groups) {
        const recorded = recordOf(services);
        if (recorded.size === 0)
            return;
        await this.#traffic.set(groups, await this.#traffic.weights(groups), former(recorded));
        await this.#services.untag(services.blue, [...recorded.keys()]);
    }
    /** How long cookies may lead to the color that lost the traffic, in seconds. */
    async seconds(services) {
        return Math.max(0, ...recordOf(services).values(), ...(await this.#traffic.held()).values());
    }
    /** Whether one of the target groups holds clients itself, to a task. */
    async #isMandatory(groups) {
        for (const color of release_color/* COLORS */.lm) {
            const { Attributes = [] } = await read('elasticloadbalancing:DescribeTargetGroupAttributes', () => this.#aws.elb.send(new DescribeTargetGroupAttributesCommand/* DescribeTargetGroupAttributesCommand */.c({ TargetGroupArn: groups[color] })));
            if (Attributes.some(({ Key, Value }) => Key === 'stickiness.enabled' && Value === 'true'))
                return true;
        }
        return false;
    }
}
const AS_IT_IS = { seconds: (_, now) => now };
/** As the user wrote it. */
const former = (recorded) => ({
    seconds: (rule, now) => recorded.get(keyOf(rule)) ?? now,
});
/** What is written down, by the tag's key. */
const recordOf = (services) => new Map([...tagMap(services.blue.tags)]
    .filter(([key, value]) => key.startsWith(PREFIX) && /^\d+$/.test(value))
    .map(([key, value]) => [key, Number(value)]));

// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/commands/DescribeRulesCommand.js
var DescribeRulesCommand = __webpack_require__(5025);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-es/commands/ModifyListenerCommand.js
var ModifyListenerCommand = __webpack_require__(6888);
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
        const text = captureText(command);
        const { Listeners = [] } = await found(listenerArns, 'elasticloadbalancing:DescribeListeners', () => aws.elb.send(command));
        for (const { ListenerArn = '', DefaultActions = [] } of Listeners)
            actions.set(ListenerArn, DefaultActions);
        for (const node of members(text(), 'DescribeListeners', 'Listeners'))
            written.set(child(node, 'ListenerArn')?.text ?? '', child(node, 'DefaultActions'));
    }
    if (ruleArns.length > 0) {
        const command = new DescribeRulesCommand/* DescribeRulesCommand */.G({ RuleArns: ruleArns });
        const text = captureText(command);
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
        const forward = own.find(isForward);
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
    const actions = withForward(state.actions, state.forward, forward);
    const place = `member.${state.actions.indexOf(state.forward) + 1}`;
    // Left out on purpose: the short form of a single target, which Modify refuses beside several; and the groups where
    // one of them goes.
    const fewer = countGroups(forward) < countGroups(state.forward);
    const known = new Map([...state.written].filter(([path]) => path !== `${place}.TargetGroupArn` &&
        !(fewer && path.startsWith(`${place}.ForwardConfig.TargetGroups.`))));
    if (kind === 'rule') {
        const command = new ModifyRuleCommand/* ModifyRuleCommand */.y({ RuleArn: arn, Actions: actions });
        amendBody(command, (body) => withMissing(body, 'Actions', known));
        const answer = await modify('elasticloadbalancing:ModifyRule', () => aws.elb.send(command));
        return answer.Rules?.[0]?.Actions?.find(isForward);
    }
    const command = new ModifyListenerCommand/* ModifyListenerCommand */.u({ ListenerArn: arn, DefaultActions: actions });
    amendBody(command, (body) => withMissing(body, 'DefaultActions', known));
    const answer = await modify('elasticloadbalancing:ModifyListener', () => aws.elb.send(command));
    return answer.Listeners?.[0]?.DefaultActions?.find(isForward);
}
const members = (xml, operation, list) => child(child(child(parseXml(xml), `${operation}Response`), `${operation}Result`), list)?.children ?? [];
async function found(arns, action, call) {
    return read(action, async () => {
        try {
            return await call();
        }
        catch (error) {
            if (/^(ListenerNotFound|RuleNotFound|LoadBalancerNotFound)$/.test(errorName(error)))
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
const traffic_RECENT_MS = 2_000;
/** The listeners and rules that carry the traffic; they all move together. */
class Traffic {
    #aws;
    rules;
    #last;
    constructor(aws, arns) {
        this.#aws = aws;
        this.rules = arns.map(trafficRule);
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
            .filter(({ forward }) => !namesBoth(forward, groups))
            .map(({ rule }) => rule);
    }
    /** How long each rule holds clients to the target group that they got first, in seconds. */
    async held() {
        return new Map((await this.#recent()).map(({ rule, forward }) => [rule, heldSeconds(forward)]));
    }
    /**
     * Sets the weights on every rule, back to back: the load balancer gathers changes for about ten seconds before its
     * nodes get them (facts/ecs.md 4d). The first that AWS refuses ends it; whoever called puts back what has moved.
     */
    async set(groups, weights, hold) {
        for (const state of await this.#read()) {
            const both = withWeights(state.forward, groups, weights);
            const wanted = hold.without === undefined ? both : without(both, hold.without);
            const seconds = hold.seconds(state.rule, heldSeconds(state.forward));
            // Another group of the user's in the rule makes it several all the same, and AWS insists on a time.
            const least = hold.without !== undefined && countGroups(wanted) > 1 ? 1 : 0;
            await this.#put(state, withHold(wanted, Math.max(seconds, least)), groups);
        }
    }
    /** Sends what differs, and checks that AWS took it. What is right already may be nobody's to change. */
    async #put(state, wanted, groups) {
        this.#last = undefined;
        if (does(state.forward, wanted, groups))
            return;
        const now = await writeForward(this.#aws, state, wanted);
        if (now !== undefined && does(now, wanted, groups))
            return;
        throw new errors/* DeployError */.s(`The load balancer did not take the weights ${(0,release_color/* formatWeights */.V7)(percentages(wanted, groups))}.`, {
            code: 'shift-refused',
            hint: `Look at ${state.rule.arn}: something else changes it too.`,
        });
    }
    /** All actions of ELBv2 share one small bucket of the account: what was just seen is not asked for again. */
    async #recent() {
        if (this.#last !== undefined && Date.now() - this.#last.at <= traffic_RECENT_MS)
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
    const foreign = foreignGroups(forward, groups);
    if (foreign.length === 0)
        return percentages(forward, groups);
    throw new errors/* DeployError */.s(`${rule.arn} forwards to ${foreign.join(', ')}, which is the target group of neither color.`, {
        code: 'foreign-target-group',
        hint: `Blue is ${groups.blue}, green is ${groups.green}: correct ecs.listeners, ecs.services or ecs.target-groups.`,
    });
}

;// CONCATENATED MODULE: ./build/src/target/ecs/ecs.js





















/** Amazon ECS behind an Application Load Balancer: one service and one target group for each color. */
class EcsTarget {
    kind = 'ecs';
    description;
    propagationMs;
    lock;
    journal;
    scaling;
    #options;
    #settings;
    #aws;
    #services;
    #definitions;
    #tasks;
    #logs;
    #traffic;
    #stickiness;
    /** Which deployment of a color's service counts; set by `start`, else the one that is primary at first sight. */
    #anchors = new Map();
    /** The color that got the traffic in this run: from then on its count is for its own scaling to change. */
    #given;
    constructor(options) {
        const { app, environment, settings } = options;
        this.#options = options;
        this.#settings = settings;
        this.#aws = connect(settings.region);
        this.#services = new ServicePair(this.#aws, settings);
        this.#definitions = new TaskDefinitions(this.#aws);
        this.#tasks = new Tasks(this.#aws, settings);
        this.#logs = new LogTail(settings.region, this.#definitions);
        this.#traffic = new Traffic(this.#aws, settings.listeners);
        this.#stickiness = new Stickiness(this.#aws, this.#services, this.#traffic);
        this.propagationMs = settings.propagation;
        this.description = `ECS ${settings.region}/${settings.cluster}, ${settings.services.blue} | ${settings.services.green}`;
        this.lock = new PreviewRule(this.#aws, {
            app,
            environment,
            listenerArn: this.#traffic.rules[0].listenerArn,
            priority: settings['preview-priority'],
            idleGroup: async () => {
                const groups = this.#groups(await this.#services.known());
                return groups[(0,release_color/* otherColor */.IP)(liveColor(await this.#traffic.weights(groups), undefined))];
            },
        });
        this.scaling = new EcsScaling({
            aws: this.#aws,
            settings,
            services: this.#services,
            asked: (color) => this.#anchors.get(color)?.wanted,
            carriesTraffic: async (color) => {
                const groups = this.#groups(await this.#services.describe());
                return (await this.#traffic.weights(groups))[color] > 0;
            },
        });
        this.journal = {
            write: async (color, record) => {
                const services = await this.#services.known();
                const tags = Object.entries(record).map(([key, value]) => [journalTag(key), value]);
                await this.#services.tag(services[color], Object.fromEntries(tags));
            },
            clear: async () => {
                const services = await this.#services.known();
                for (const color of release_color/* COLORS */.lm)
                    await this.#services.untag(services[color], release_journal/* JOURNAL_KEYS */.T3.map(journalTag));
            },
        };
    }
    async inspect() {
        const services = await this.#services.describe();
        const weights = await this.#traffic.weights(this.#groups(services));
        const record = release_color/* COLORS */.lm.map((color) => journalOf(tagMap(services[color].tags))).find((one) => one !== undefined);
        const journal = record === undefined ? undefined : (0,release_journal/* decodeJournal */.MQ)(record);
        const colors = {
            blue: await this.#state(services, 'blue'),
            green: await this.#state(services, 'green'),
        };
        return { live: liveColor(weights, journal?.from), weights, colors, journal };
    }
    async preflight({ color, imageTag }) {
        const services = await this.#services.recent();
        const live = (0,release_color/* otherColor */.IP)(color);
        await this.scaling.check(services, live);
        const definition = await this.#definitions.get(services[live].taskDefinition ?? '');
        const groups = this.#groups(services);
        const found = await findProblems({
            aws: this.#aws,
            settings: this.#settings,
            services,
            groups,
            definition,
            container: this.#container(services, live),
            imageTag,
            loadBalancer: this.#loadBalancer(),
        });
        const ofListeners = await listenerProblems({
            aws: this.#aws,
            rules: this.#traffic.rules,
            groups,
            held: await this.#traffic.held(),
            priority: this.#settings['preview-priority'],
            url: this.#options.url,
        });
        return [...found, ...ofListeners];
    }
    async prepare() {
        const groups = this.#groups(await this.#services.known());
        const detached = await this.#traffic.detached(groups);
        if (detached.length === 0)
            return undefined;
        const weights = await this.#traffic.weights(groups);
        const held = await this.#stickiness.forSecondGroup(groups);
        await this.#traffic.set(groups, weights, held.hold);
        const names = detached.map(({ arn }) => arn).join(', ');
        return `Both target groups are attached now, at blue ${weights.blue} and green ${weights.green}, so that the idle one is health-checked${held.said}: ${names}`;
    }
    async createRelease({ color, image, imageTag }) {
        const services = await this.#services.recent();
        const live = (0,release_color/* otherColor */.IP)(color);
        const base = await this.#definitions.get(services[live].taskDefinition ?? '');
        const parked = await this.#definitions.get(services[color].taskDefinition ?? '');
        const container = this.#container(services, live);
        const images = new Map([
            ...Object.entries(this.#settings.images).map(([name, repository]) => [name, join(repository, imageTag)]),
            [container, image],
        ]);
        const definition = await this.#definitions.register(base, withImages(base, images), [
            base,
            ...(parked.family === base.family ? [parked] : []),
        ]);
        return asRelease(definition, container);
    }
    async findRelease(imageTag) {
        const services = await this.#services.recent();
        for (const color of release_color/* COLORS */.lm) {
            const container = this.#container(services, color);
            const { family } = await this.#definitions.get(services[color].taskDefinition ?? '');
            const found = await this.#definitions.find(family, (definition) => (0,release_image/* isImage */.w)(imageOf(definition, container), imageTag));
            if (found === undefined)
                continue;
            const release = asRelease(found, container);
            return { ...release, standing: standingOf(services, color, release.id) };
        }
        return undefined;
    }
    async start(color, release, count, { warm: keepsTasks }) {
        const service = await this.#idle(color);
        const primary = primaryDeployment(service);
        const same = releaseId(service.taskDefinition ?? '') === release.id;
        const warm = keepsTasks && same && (service.runningCount ?? 0) > 0 && primary?.rolloutState !== 'FAILED';
        // desiredCount alone starts no deployment, and wakes a parked service without a circuit breaker to guard it; so a
        // cold one is deployed anew, in one call. A warm one keeps its tasks: they are what makes a rollback quick.
        const updated = await this.#services.update(color, warm
            ? { desiredCount: count }
            : { taskDefinition: release.id, desiredCount: count, forceNewDeployment: true });
        this.#anchors.set(color, new Anchor(primaryDeployment(updated), count, warm ? 'woken' : 'fresh'));
    }
    async health(color) {
        const services = await this.#services.describe();
        const service = services[color];
        let anchor = this.#anchors.get(color);
        if (anchor === undefined) {
            anchor = new Anchor(primaryDeployment(service), service.desiredCount ?? 0, 'found');
            this.#anchors.set(color, anchor);
        }
        return look({
            aws: this.#aws,
            tasks: this.#tasks,
            logs: this.#logs,
            service,
            anchor,
            // A schedule may want fewer once users are there: no failure. More are wanted when they have had their time.
            wanted: this.#given === color
                ? Math.min(anchor.wanted, Math.max(1, service.desiredCount ?? 0))
                : anchor.wanted,
            targetGroup: this.#groups(services)[color],
            container: this.#container(services, color),
        });
    }
    async diagnose(color) {
        const anchor = this.#anchors.get(color);
        if (anchor?.last === undefined)
            return undefined;
        const [balancer] = anchor.last.service.loadBalancers ?? [];
        return health_explain(anchor, this.#logs, this.#settings.container ?? balancer?.containerName ?? '');
    }
    async shift(weights) {
        const services = await this.#services.describe();
        const groups = this.#groups(services);
        const hold = await this.#stickiness.forShift(services, groups, weights);
        // Attached to nothing, a group is not health-checked, and the way back would lead to targets in `unused`.
        if (hold.without !== undefined)
            await this.lock.way(hold.without);
        await this.#traffic.set(groups, weights, hold);
        this.#given = release_color/* COLORS */.lm.find((one) => weights[one] === 100);
    }
    /** ELBv2 has no call that tells how far its nodes are. */
    settled() {
        return Promise.resolve('unknown');
    }
    /** ALB counts no requests in flight; when tasks stop, their targets are drained by the load balancer itself. */
    inFlight() {
        return Promise.resolve('unknown');
    }
    async lingerMs() {
        return 1000 * (await this.#stickiness.seconds(await this.#services.describe()));
    }
    async park(color, keep) {
        await this.#idle(color);
        await this.#putStickinessBack();
        await this.#services.update(color, { desiredCount: keep });
    }
    async restore(color, release, count) {
        await this.#idle(color);
        await this.#putStickinessBack();
        this.#anchors.delete(color);
        // Always both: what DescribeServices shows right after a change may still be the picture before it.
        await this.#services.update(color, {
            ...(release === '' ? {} : { taskDefinition: release }),
            desiredCount: count,
        });
    }
    mark(color, standing) {
        return markRelease(this.#services, color, standing);
    }
    async preview() {
        const groups = this.#groups(await this.#services.known());
        const live = liveColor(await this.#traffic.weights(groups), undefined);
        const way = await this.lock.way(groups[(0,release_color/* otherColor */.IP)(live)]);
        if (way === undefined)
            return undefined;
        return { url: await this.#baseUrl(), ...way };
    }
    async close() {
        this.#aws.ecs.destroy();
        this.#aws.elb.destroy();
        this.#logs.close();
        await this.scaling.close();
    }
    /** The service, after making sure that no user can reach it: whoever calls this is about to change it. */
    async #idle(color) {
        const services = await this.#services.describe();
        const weights = await this.#traffic.weights(this.#groups(services));
        if (weights[color] === 0)
            return services[color];
        throw new errors/* DeployError */.s(`${color} carries ${weights[color]} % of the traffic and is not touched.`, {
            code: 'color-is-live',
            hint: 'Somebody moved the traffic during this run. Run the operation again: it goes on from what it finds.',
        });
    }
    async #putStickinessBack() {
        const services = await this.#services.describe();
        await this.#stickiness.putBack(services, this.#groups(services));
    }
    async #state(services, color) {
        const service = services[color];
        const definition = await this.#definitions.get(service.taskDefinition ?? '');
        const release = asRelease(definition, this.#container(services, color));
        return {
            release,
            standing: standingOf(services, color, release.id),
            desired: service.desiredCount ?? 0,
            running: service.runningCount ?? 0,
        };
    }
    /** @throws DeployError `no-target-group` */
    #groups(services) {
        const configured = this.#settings['target-groups'];
        if (configured !== undefined)
            return configured;
        const group = (color) => {
            const own = services[color].loadBalancers?.flatMap(({ targetGroupArn }) => targetGroupArn ?? []) ?? [];
            if (own.length === 1)
                return own[0];
            throw new errors/* DeployError */.s(`Service ${this.#settings.services[color]} has ${own.length === 0 ? 'no target group' : `${own.length} target groups`}.`, {
                code: 'no-target-group',
                hint: own.length === 0
                    ? 'Give each of the two services a target group of its own.'
                    : 'Say which one carries the traffic in ecs.target-groups.',
            });
        };
        const groups = { blue: group('blue'), green: group('green') };
        if (groups.blue !== groups.green)
            return groups;
        throw new errors/* DeployError */.s(`Both services register their tasks in ${groups.blue}.`, {
            code: 'no-target-group',
            hint: 'Give each of the two services a target group of its own: traffic is moved between the groups.',
        });
    }
    /** The container that takes the image: the configured one, else the one that the load balancer points at. */
    #container(services, color) {
        const group = this.#groups(services)[color];
        const registered = services[color].loadBalancers?.find(({ targetGroupArn }) => targetGroupArn === group);
        return this.#settings.container ?? registered?.containerName ?? '';
    }
    #loadBalancer() {
        const { listenerArn } = this.#traffic.rules[0];
        return /listener\/((?:app|net)\/[^/]+\/\w+)/.exec(listenerArn)?.[1] ?? '';
    }
    /** Without `url`, the load balancer's own name and the listener's port. */
    async #baseUrl() {
        const { url } = this.#options;
        if (url !== undefined)
            return new URL(url).origin;
        const { listenerArn } = this.#traffic.rules[0];
        const { Listeners } = await read('elasticloadbalancing:DescribeListeners', () => this.#aws.elb.send(new DescribeListenersCommand/* DescribeListenersCommand */.A({ ListenerArns: [listenerArn] })));
        const listener = Listeners?.[0];
        const { LoadBalancers } = await read('elasticloadbalancing:DescribeLoadBalancers', () => this.#aws.elb.send(new DescribeLoadBalancersCommand/* DescribeLoadBalancersCommand */.A({ LoadBalancerArns: [listener?.LoadBalancerArn ?? ''] })));
        const scheme = listener?.Protocol === 'HTTPS' ? 'https' : 'http';
        return new URL(`${scheme}://${LoadBalancers?.[0]?.DNSName}:${listener?.Port}`).origin;
    }
}
/** The color with all the traffic; while it is split, the one that had it before, else the one that has more. */
function liveColor({ blue, green }, before) {
    if (blue > 0 && green === 0)
        return 'blue';
    if (green > 0 && blue === 0)
        return 'green';
    return before ?? (green > blue ? 'green' : 'blue');
}
const imageOf = (definition, container) => containersOf(definition).find(({ name }) => name === container)?.image ?? '';
const asRelease = (definition, container) => ({
    id: releaseId(definition.arn),
    image: imageOf(definition, container),
});
const join = (repository, tag) => tag.startsWith('sha256:') ? `${repository}@${tag}` : `${repository}:${tag}`;


/***/ })

};
