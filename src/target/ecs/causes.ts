/** What is known of a failure, as the platform's own words by where they were found: one line for each task or event. */
export interface Symptoms {
  /** Stop codes and reasons, exit codes and reasons of containers. */
  readonly tasks: string;
  /** States, reason codes and descriptions of the load balancer's targets. */
  readonly targets: string;
  /** Service events of the deployment's time. */
  readonly events: string;
  /** The last lines of the container's log. */
  readonly log: string;
  /** What ECS says of the deployment itself. */
  readonly rollout: string;
}

/** A cause that can be told from its symptoms. */
export interface Cause {
  /** What is the matter; goes on after "green is not healthy: ". */
  readonly title: string;
  /** Found in any of them. */
  readonly symptoms: Partial<Readonly<Record<keyof Symptoms, RegExp>>>;
  /** What to do: one sentence. */
  readonly hint: string;
  /** No second task can fare better: the first one that stopped for it is enough. */
  readonly hopeless?: true;
}

/**
 * The catalog, the surest causes first: the first one that fits is told. docs/ecs.md shows the same (a test compares).
 * The words are those of ECS's scheduler, of the agents of Fargate and EC2, and of ELBv2's reason codes.
 */
export const CAUSES: readonly Cause[] = [
  {
    title: 'the network does not let the task reach the registry, or the store of its secrets',
    symptoms: {
      tasks:
        /(CannotPullContainer|ResourceInitialization).*(i\/o timeout|deadline exceeded|request canceled|dial tcp|no such host|connection (timed out|refused|reset))/i,
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
      tasks:
        /CannotPullContainer.*(denied|unauthorized|forbidden|no basic auth|not authorized)|retrieve ecr registry auth.*(AccessDenied|not authorized)/i,
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
      tasks:
        /ResourceInitialization.*(retrieve secret|fetch secret|secrets? (from|manager)|from ssm|invalid parameters)/i,
    },
    hint: 'Check that it exists in this region under that name, and that the task’s execution role may read (and decrypt) it.',
    hopeless: true,
  },
  {
    title: 'the log group does not exist, or may not be written to',
    symptoms: {
      tasks:
        /(ResourceInitialization|CannotStartContainer).*(log group|log stream|logger args|logging driver)/i,
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
      tasks:
        /CannotStartContainer.*(executable file not found|no such file or directory|permission denied)|exited with 12[67]\b/i,
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
      events:
        /unable to (place|start|run).*(capacity|no container instance|container instances were found|RESOURCE:|closest matching|insufficient)/i,
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
export const causeOf = (found: Symptoms): Cause | undefined =>
  CAUSES.find(({ symptoms }) =>
    Object.entries(symptoms).some(([place, pattern]) => pattern.test(found[place as keyof Symptoms])),
  );

/** Whether a task that stopped with these words proves that no other one will fare better. */
export const isHopeless = (tasks: string): boolean =>
  CAUSES.find(({ symptoms }) => symptoms.tasks?.test(tasks))?.hopeless === true;
