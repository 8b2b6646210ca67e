import type {
  BatchGetImageRequest,
  BatchGetImageResponse,
  DescribeImagesRequest,
  DescribeImagesResponse,
} from '@aws-sdk/client-ecr';
import { ApiError, type ImageBehavior, type Operations } from './contract.ts';

const INDEX = 'application/vnd.oci.image.index.v1+json';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/** ECR of one region: what the registry's private repositories hold. */
export function createEcr(options: {
  readonly region: string;
  readonly account: string;
  readonly images: ReadonlyMap<string, ImageBehavior>;
  /** Whether the caller may ask; most policies that deploy to ECS do not have it. */
  readonly isOpen: boolean;
}): Operations {
  const { region, account, images, isOpen } = options;

  /** The repository as references have it; refuses those who may not ask, and repositories that there are not. */
  function open(action: string, { registryId = account, repositoryName = '' }: Place): string {
    if (!isOpen)
      throw new ApiError(
        'AccessDeniedException',
        `User: arn:aws:sts::${account}:assumed-role/deploy/session is not authorized to perform: ${action} because no identity-based policy allows the ${action} action`,
      );
    const repository = `${registryId}.dkr.ecr.${region}.amazonaws.com/${repositoryName}`;
    if (![...images.keys()].some((reference) => reference.startsWith(`${repository}:`)))
      throw new ApiError(
        'RepositoryNotFoundException',
        `The repository with name '${repositoryName}' does not exist in the registry with id '${registryId}'`,
      );
    return repository;
  }

  return {
    DescribeImages(input: DescribeImagesRequest): DescribeImagesResponse {
      const repository = open('ecr:DescribeImages', input);
      const { registryId = account, repositoryName = '', imageIds = [] } = input;
      const imageDetails = imageIds.map(({ imageTag = '' }) => {
        const image = images.get(`${repository}:${imageTag}`);
        if (image === undefined)
          throw new ApiError(
            'ImageNotFoundException',
            `The image with imageId {imageDigest:'null', imageTag:'${imageTag}'} does not exist within the repository with name '${repositoryName}' in the registry with id '${registryId}'`,
          );
        return {
          registryId,
          repositoryName,
          imageDigest: image.digest ?? '',
          imageTags: [imageTag],
          imageManifestMediaType: image.platforms === undefined ? MANIFEST : INDEX,
        };
      });
      return { imageDetails };
    },

    /** Images that there are not are no error of the call, unlike with DescribeImages. */
    BatchGetImage(input: BatchGetImageRequest): BatchGetImageResponse {
      const repository = open('ecr:BatchGetImage', input);
      const { registryId = account, repositoryName = '', imageIds = [], acceptedMediaTypes = [] } = input;
      const found: BatchGetImageResponse = { images: [], failures: [] };
      for (const imageId of imageIds) {
        const image = images.get(
          imageId.imageDigest === undefined
            ? `${repository}:${imageId.imageTag}`
            : `${repository}@${imageId.imageDigest}`,
        );
        const imageManifestMediaType = image?.platforms === undefined ? MANIFEST : INDEX;
        if (image === undefined || !acceptedMediaTypes.includes(imageManifestMediaType))
          found.failures!.push({
            imageId,
            failureCode: 'ImageNotFound',
            failureReason: 'Requested image not found',
          });
        else
          found.images!.push({
            registryId,
            repositoryName,
            imageId: { ...imageId, imageDigest: image.digest ?? '' },
            imageManifest: JSON.stringify(manifestOf(image)),
            imageManifestMediaType,
          });
      }
      return found;
    },
  };
}

type Place = Pick<DescribeImagesRequest, 'registryId' | 'repositoryName'>;

/** As BuildKit pushes it: what it attests of each image stands beside them. */
function manifestOf({ platforms }: ImageBehavior): object {
  const blob = { size: 2, digest: `sha256:${'4'.repeat(64)}` };
  if (platforms === undefined)
    return {
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: { ...blob, mediaType: 'application/vnd.oci.image.config.v1+json' },
      layers: [],
    };
  return {
    schemaVersion: 2,
    mediaType: INDEX,
    manifests: [...platforms, 'unknown/unknown'].map((one) => {
      const [os, architecture] = one.split('/');
      return { ...blob, mediaType: MANIFEST, platform: { os, architecture } };
    }),
  };
}
