import type { DescribeImagesRequest, DescribeImagesResponse } from '@aws-sdk/client-ecr';
import { ApiError, type ImageBehavior, type Operations } from './contract.ts';

/** ECR of one region: what the registry's private repositories hold. */
export function createEcr(options: {
  readonly region: string;
  readonly account: string;
  readonly images: ReadonlyMap<string, ImageBehavior>;
  /** Whether the caller may ask; most policies that deploy to ECS do not have it. */
  readonly isOpen: boolean;
}): Operations {
  const { region, account, images, isOpen } = options;
  return {
    DescribeImages(input: DescribeImagesRequest): DescribeImagesResponse {
      if (!isOpen)
        throw new ApiError(
          'AccessDeniedException',
          `User: arn:aws:sts::${account}:assumed-role/deploy/session is not authorized to perform: ecr:DescribeImages because no identity-based policy allows the ecr:DescribeImages action`,
        );
      const { registryId = account, repositoryName = '', imageIds = [] } = input;
      const repository = `${registryId}.dkr.ecr.${region}.amazonaws.com/${repositoryName}`;
      if (![...images.keys()].some((reference) => reference.startsWith(`${repository}:`)))
        throw new ApiError(
          'RepositoryNotFoundException',
          `The repository with name '${repositoryName}' does not exist in the registry with id '${registryId}'`,
        );
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
          imageManifestMediaType: 'application/vnd.oci.image.index.v1+json',
        };
      });
      return { imageDetails };
    },
  };
}
