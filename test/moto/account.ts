import { CreateRepositoryCommand, ECRClient, PutImageCommand } from '@aws-sdk/client-ecr';
import { CreateClusterCommand, ECSClient, RegisterContainerInstanceCommand } from '@aws-sdk/client-ecs';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { CLUSTER, clientOptions, type Network, PARAMETER, REPOSITORY, SECRET } from './stage.ts';

const INDEX = 'application/vnd.oci.image.index.v1+json';

// What an account on moto must have before the stage is set; in the sandbox, it is there at once.

/** moto makes every account a default network. */
export async function networkOf(endpoint: string): Promise<Network> {
  const xml = await askEc2(endpoint, { Action: 'DescribeSubnets' });
  const subnets = [...xml.matchAll(/<subnetId>(.*?)<\/subnetId>/g)].map(([, id]) => id!).slice(0, 2);
  return { vpc: /<vpcId>(.*?)<\/vpcId>/.exec(xml)?.[1] ?? '', subnets };
}

/** A secret and a parameter. */
export async function storeSecrets(endpoint: string): Promise<void> {
  const secrets = new SecretsManagerClient(clientOptions(endpoint));
  const parameters = new SSMClient(clientOptions(endpoint));
  try {
    await secrets.send(new CreateSecretCommand({ Name: SECRET, SecretString: 'secret' }));
    await parameters.send(
      new PutParameterCommand({ Name: PARAMETER, Value: 'secret', Type: 'SecureString' }),
    );
  } finally {
    secrets.destroy();
    parameters.destroy();
  }
}

/** The stage's repository with an image per tag, each with a digest of its own. */
export async function pushImages(endpoint: string, tags: readonly string[]): Promise<void> {
  const ecr = new ECRClient(clientOptions(endpoint));
  const repositoryName = REPOSITORY.split('/')[1]!;
  try {
    await ecr.send(new CreateRepositoryCommand({ repositoryName }));
    for (const imageTag of tags)
      await ecr.send(
        new PutImageCommand({
          repositoryName,
          imageTag,
          imageManifest: manifest(imageTag),
          imageManifestMediaType: INDEX,
        }),
      );
  } finally {
    ecr.destroy();
  }
}

/** Images for one processor, which nobody pulls, in a list as BuildKit pushes it: their annotation makes them others. */
function manifest(tag: string): string {
  const image = {
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    size: 2,
    digest: `sha256:${'4'.repeat(64)}`,
    platform: { os: 'linux', architecture: 'amd64' },
  };
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: INDEX,
    manifests: [image],
    annotations: { 'org.opencontainers.image.version': tag },
  });
}

/** A machine in the cluster: without any, moto fails when it is asked for one (KeyError, as HTML). */
export async function registerInstance(endpoint: string): Promise<void> {
  const ecs = new ECSClient(clientOptions(endpoint));
  const machine = { Action: 'RunInstances', ImageId: 'ami-12c6146b', MinCount: '1', MaxCount: '1' };
  const [, instanceId] = /<instanceId>(.*?)<\/instanceId>/.exec(await askEc2(endpoint, machine)) ?? [];
  const instanceIdentityDocument = JSON.stringify({ instanceId });
  try {
    await ecs.send(new CreateClusterCommand({ clusterName: CLUSTER }));
    await ecs.send(new RegisterContainerInstanceCommand({ cluster: CLUSTER, instanceIdentityDocument }));
  } finally {
    ecs.destroy();
  }
}

/** Of EC2, for which there is no client here. */
async function askEc2(endpoint: string, input: Readonly<Record<string, string>>): Promise<string> {
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { authorization: 'AWS4-HMAC-SHA256 Credential=KEY/20260101/us-east-1/ec2/aws4_request' },
    body: new URLSearchParams({ Version: '2016-11-15', ...input }),
  });
  return answer.text();
}
