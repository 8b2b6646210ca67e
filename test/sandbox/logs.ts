import type {
  CreateLogGroupRequest,
  DeleteLogGroupRequest,
  GetLogEventsRequest,
  GetLogEventsResponse,
} from '@aws-sdk/client-cloudwatch-logs';
import { ApiError, type Operations } from './contract.ts';
import type { World } from './ecs/model.ts';
import type { ContainerProcess } from './ecs/process.ts';

/** CloudWatch Logs of one region: what the processes of its tasks really wrote, for containers with `awslogs`. */
export function createLogs(world: World): Operations {
  return {
    CreateLogGroup({ logGroupName = '' }: CreateLogGroupRequest): object {
      if (world.logGroups.has(logGroupName))
        throw new ApiError('ResourceAlreadyExistsException', 'The specified log group already exists');
      world.logGroups.add(logGroupName);
      return {};
    },

    DeleteLogGroup({ logGroupName = '' }: DeleteLogGroupRequest): object {
      if (!world.logGroups.delete(logGroupName)) throw groupNotFound();
      return {};
    },

    GetLogEvents(input: GetLogEventsRequest): GetLogEventsResponse {
      const { logGroupName = '', logStreamName = '', limit = 10_000, startFromHead = false } = input;
      if (!world.logGroups.has(logGroupName)) throw groupNotFound();
      const writer = writerOf(world, logGroupName, logStreamName);
      if (!writer)
        throw new ApiError('ResourceNotFoundException', 'The specified log stream does not exist.');
      const all = writer.log.map((line) => ({ ...line, ingestionTime: line.timestamp }));
      return {
        events: startFromHead ? all.slice(0, limit) : all.slice(-limit),
        nextForwardToken: 'f/1',
        nextBackwardToken: 'b/1',
      };
    },
  };
}

/** The driver names a stream `prefix/container/task`, and the stream is there as soon as the container has run. */
function writerOf(world: World, group: string, stream: string): ContainerProcess | undefined {
  const id = stream.slice(stream.lastIndexOf('/') + 1);
  const task = [...world.tasks.values()].find((one) => one.id === id);
  return task?.containers.find(({ name, definition }) => {
    const { logDriver, options = {} } = definition.logConfiguration ?? {};
    return (
      logDriver === 'awslogs' &&
      options['awslogs-group'] === group &&
      `${options['awslogs-stream-prefix']}/${name}/${id}` === stream
    );
  })?.process;
}

const groupNotFound = () =>
  new ApiError('ResourceNotFoundException', 'The specified log group does not exist.');
