import { DeployError } from '../../errors.ts';

/** Whose cluster is not where it was looked for; most often the region is another one, which AWS does not say. */
export function clusterNotFound(cluster: string, region: string): DeployError {
  const { AWS_REGION: job } = process.env;
  const other =
    job && job !== region
      ? ` This job’s AWS_REGION is ${job}: if the cluster is there, write \`region: ${job}\` under \`ecs:\`.`
      : '';
  return new DeployError(`There is no ECS cluster ${cluster} in ${region}.`, {
    code: 'cluster-not-found',
    hint: `Check ecs.cluster and ecs.region in the config, \`aws-region:\` of the step that gets the credentials, and that these belong to the right account.${other}`,
  });
}
